"""Web pages to a Source: what their reader sees of the document itself, its tables with their spans."""

from __future__ import annotations

import hashlib
from pathlib import PurePath

from cchc_extract.model import Source
from cchc_extract.patterns import Patterns
from cchc_extract.readers.html.content import find_content, weigh
from cchc_extract.readers.html.page import decode_page, parse_page
from cchc_extract.readers.html.walk import Walker
from cchc_extract.readers.kinds import MEDIA_TYPES

__all__ = ["read_html"]


def read_html(data: bytes, name: str, patterns: Patterns) -> Source:
    """A web page's bytes to a Source whose spans are 1-based paragraphs of its content, those in table cells counted.

    Menus and what else stands around the document are left out. Raises UnsupportedInputError for what is no page.
    """
    text, encoding = decode_page(data, name)
    body = parse_page(text, name)
    masses = weigh(body, patterns)
    content = find_content(body, masses) if masses else body
    walker = Walker(masses, content)
    walker.read(content)
    walker.end_paragraph()
    return Source(
        file=PurePath(name).name,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=MEDIA_TYPES["html"],
        blocks=walker.flow.blocks(patterns),
        encoding=encoding,
    )
