"""pdfplumber: the same pages in another library's reading. The only module that knows pdfplumber.

It reads some pages that PDFium gives up on, slowly; and the tests hold the two to the same words and cells.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from cchc_extract.patterns import Patterns
from cchc_extract.readers.pdf.glyphs import Glyph, glyphs_to_pieces
from cchc_extract.readers.pdf.pieces import RawPage, Rule

_THIN = 2.5  # points: a path that is no thicker is a rule


def read_page(data: bytes, index: int, patterns: Patterns) -> RawPage | None:
    """The page as pieces and rules; None where this library cannot read it either."""
    import pdfplumber

    try:
        with pdfplumber.open(io.BytesIO(data)) as file:
            return _to_page(file.pages[index], index, patterns)
    except Exception:  # a damaged file can make pdfminer raise anything; this is the last resort
        return None


def _to_page(page: Any, index: int, patterns: Patterns) -> RawPage:
    width, height = float(page.width), float(page.height)
    pieces = glyphs_to_pieces(_glyphs(page.chars, height), patterns)
    pictures = sum((image["x1"] - image["x0"]) * (image["bottom"] - image["top"]) for image in page.images)
    return RawPage(index + 1, width, height, tuple(pieces), tuple(_rules(page)), pictures / max(1.0, width * height))


def _glyphs(chars: list[dict[str, Any]], height: float) -> Iterator[Glyph]:
    """Letters; each is a run of its own, so that only geometry tells words apart."""
    for n, char in enumerate(chars):
        if not char["text"].isspace():
            y, bold = height - char["matrix"][5], "bold" in char["fontname"].lower()
            yield Glyph(char["text"], char["x0"], char["x1"], y, char["size"], bold, n, n, n, 0)


def _rules(page: Any) -> Iterator[Rule]:
    for edge in page.edges:
        if edge["x1"] - edge["x0"] <= _THIN or edge["bottom"] - edge["top"] <= _THIN:
            yield Rule(edge["x0"], edge["top"], edge["x1"], edge["bottom"])
