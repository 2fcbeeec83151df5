"""Plain text and Markdown to a Source: one paragraph a physical line, tables rebuilt."""

from __future__ import annotations

import hashlib
from pathlib import PurePath

from cchc_extract.model import Source
from cchc_extract.patterns import Patterns
from cchc_extract.readers.encodings import decode_text
from cchc_extract.readers.flat_tables import Line, lines_to_blocks
from cchc_extract.readers.markup import clean_line

_MEDIA_TYPES = {".md": "text/markdown", ".markdown": "text/markdown"}


def read_text(data: bytes, name: str, patterns: Patterns) -> Source:
    """A text file's bytes to a Source whose spans are 1-based lines of the file.

    Raises UnsupportedInputError where the bytes are no text.
    """
    text, encoding = decode_text(data, name)
    lines = [_make_line(number, raw) for number, raw in enumerate(text.split("\n"), 1)]
    return Source(
        file=PurePath(name).name,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=_MEDIA_TYPES.get(PurePath(name).suffix.lower(), "text/plain"),
        blocks=lines_to_blocks(lines, patterns),
        encoding=encoding,
    )


def _make_line(number: int, raw: str) -> Line:
    cleaned, bold = clean_line(raw)
    return Line(number, cleaned, cleaned.strip(), bold)
