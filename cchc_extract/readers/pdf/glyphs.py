"""The letters of a PDF as Unicode: composed, with what stands for hyphens and list marks written as such."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from cchc_extract.patterns import Patterns
from cchc_extract.readers.pdf.pieces import Piece

_LINE_END_HYPHENS = "\ufffe\x02"  # what PDFium writes for a hyphen that ends a line
_ODD = re.compile("[\ufffe\x02\u00ad\u00a0\u200b\ufeff\ue000-\uf8ff\ufb00-\ufb06\r\n\t]")
_MARKS = ("\u0300", "\u036f")  # the first and the last mark that combines with a letter
_WORD_GAP = 0.13  # of the size: letters of one word stand closer
_PHRASE_GAP = 0.45  # of the size: words farther apart may stand in two cells
_COLUMN_GAP = 1.0  # of the size: letters of one run that stand so far apart are two words without a space
_OTHER_SIZE = 0.2  # of the size: a raised mark is no part of its word
_SAME_BASELINE = 0.2  # of the size
_STAMP = attrgetter("stamp")


class Glyph(NamedTuple):
    """Letters of one run without a gap between them; `order` and `last` are the first's and last's on the page."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    order: int
    last: int
    run: int
    stamp: int


def clean_glyphs(text: str, patterns: Patterns) -> str:
    """NFC; line-end hyphens, private signs, ligatures and hard spaces as the signs they stand for."""
    if _ODD.search(text):
        text = _ODD.sub(lambda match: _plain(match[0], match.end() == len(text), patterns), text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _plain(sign: str, ends: bool, patterns: Patterns) -> str:
    if sign in _LINE_END_HYPHENS:
        return "-"
    if sign == "\u00ad":
        return "-" if ends else ""
    if sign in "\u200b\ufeff":
        return ""
    if sign in "\u00a0\r\n\t":
        return " "
    if sign >= "\ufb00":
        return unicodedata.normalize("NFKC", sign)
    entries = (entry.split("|", 1) for entry in patterns.words("pdf.private_glyphs"))
    return next((plain for code, plain in entries if int(code, 16) == ord(sign)), "")


def glyphs_to_pieces(glyphs: Iterable[Glyph], patterns: Patterns) -> list[Piece]:
    """Phrases from letters by geometry alone, whatever their order in the file and the fonts they are from."""
    pieces: list[Piece] = []
    for row in _rows(_with_marks(glyphs)):
        row.sort(key=_middle)
        row.sort(key=_STAMP)  # keeps the order within each
        start, words = 0, [row[0].text]
        for at, (a, b) in enumerate(pairwise(row), 1):
            spaced = _has_space(a, b)
            if a.stamp != b.stamp or abs(a.size - b.size) > _OTHER_SIZE * a.size or b.x0 - a.x1 > _PHRASE_GAP * b.size:
                pieces.append(_to_piece(row[start:at], words, spaced, patterns))
                start, words = at, [b.text]
            else:
                words += (" ", b.text) if spaced else (b.text,)
        pieces.append(_to_piece(row[start:], words, False, patterns))
    return pieces


def _middle(glyph: Glyph) -> float:
    return glyph.x0 + glyph.x1


def _with_marks(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Combining marks put to the letter that they follow in the file."""
    out: list[Glyph] = []
    for glyph in glyphs:
        if out and _MARKS[0] <= glyph.text[0] <= _MARKS[1]:
            out[-1] = out[-1]._replace(text=out[-1].text + glyph.text, last=glyph.last)
        else:
            out.append(glyph)
    return out


def _rows(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Glyphs by baseline; those of one run share theirs to the bit."""
    by_y: dict[float, list[Glyph]] = {}
    for glyph in glyphs:
        by_y.setdefault(glyph.y, []).append(glyph)
    rows: list[list[Glyph]] = []
    for y in sorted(by_y):
        if rows and y - rows[-1][0].y <= _SAME_BASELINE * rows[-1][0].size:
            rows[-1] += by_y[y]
        else:
            rows.append(by_y[y])
    return rows


def _has_space(a: Glyph, b: Glyph) -> bool:
    """Whether a space parts two neighbours: by their run, where they follow each other in it, else by their places.

    Letters of one run that are neighbours on the page but not in the run have those of a second font between them.
    """
    if a.run == b.run and 0 < b.order - a.last <= 2:
        return b.order - a.last == 2 or b.x0 - a.x1 > _COLUMN_GAP * b.size
    return b.x0 - a.x1 > _WORD_GAP * b.size


def _to_piece(glyphs: Sequence[Glyph], words: Iterable[str], spaced: bool, patterns: Patterns) -> Piece:
    first = glyphs[0]
    text = clean_glyphs("".join(words), patterns) + (" " if spaced else "")
    x1 = max([g.x1 for g in glyphs])
    bold = first.bold and all(g.bold for g in glyphs)
    return Piece(text, first.x0, x1, first.y, first.size, bold, first.order, first.stamp)
