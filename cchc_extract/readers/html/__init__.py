"""Web pages to a Source: what their reader sees of the document itself, its tables with their spans."""

from __future__ import annotations

import hashlib
from pathlib import PurePath

from cchc_extract.model import Source
from cchc_extract.patterns import Patterns
from cchc_extract.readers.flow import Flow
from cchc_extract.readers.html.content import find_content, weigh
from cchc_extract.readers.html.fonts import mend_fonts
from cchc_extract.readers.html.page import decode_page, parse_page
from cchc_extract.readers.html.walk import Walker
from cchc_extract.readers.kinds import MEDIA_TYPES

__all__ = ["page_to_flow", "read_html"]

_AS_A_WHOLE = frozenset({"tcvn3", "vni"})  # encodings of which no letter is left when a page's bytes are decoded


def read_html(data: bytes, name: str, patterns: Patterns) -> Source:
    """A web page's bytes to a Source whose spans are 1-based paragraphs of its content, those in table cells counted.

    Menus and what else stands around the document are left out. Raises UnsupportedInputError for what is no page.
    """
    flow = Flow()
    encoding = page_to_flow(data, name, patterns, flow)
    return Source(
        file=PurePath(name).name,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=MEDIA_TYPES["html"],
        blocks=flow.blocks(patterns),
        encoding=encoding,
    )


def page_to_flow(data: bytes, name: str, patterns: Patterns, flow: Flow) -> str:
    """The words of a page's content into a flow, and the encoding they were in."""
    text, encoding = decode_page(data, name)
    body = parse_page(text, name)
    mend_fonts(body, text, encoding in _AS_A_WHOLE)
    masses = weigh(body, patterns)
    content = find_content(body, masses) if masses else body
    walker = Walker(masses, content, flow)
    walker.read(content)
    walker.end_paragraph()
    return encoding
