"""Word documents (DOCX) to a Source: body order, automatic numbers as text, tables with their spans.

The container and its XML are read with lxml alone, each part once; nothing is fetched, no macro is looked at.
"""

from __future__ import annotations

import hashlib
from pathlib import PurePath

from cchc_extract.model import Source
from cchc_extract.patterns import Patterns
from cchc_extract.readers.docx.body import read_body
from cchc_extract.readers.docx.chunks import ChunkReader
from cchc_extract.readers.docx.package import open_package
from cchc_extract.readers.flow import Flow
from cchc_extract.readers.kinds import MEDIA_TYPES

__all__ = ["read_docx"]


def read_docx(data: bytes, name: str, patterns: Patterns) -> Source:
    """A Word document's bytes to a Source whose spans are 1-based paragraphs, those in table cells counted.

    A line break inside a paragraph ends a line, which counts as a paragraph of its own. Raises UnsupportedInputError
    where the bytes are no Word document, or one that is damaged or locked.
    """
    flow = Flow()
    package = open_package(data, name, patterns)
    warnings = read_body(package, flow, ChunkReader(package.chunks, name, patterns))
    return Source(
        file=PurePath(name).name,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=MEDIA_TYPES["docx"],
        blocks=flow.blocks(patterns),
        warnings=tuple(warnings),
    )
