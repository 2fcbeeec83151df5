"""Whether a page's text can be had in whole runs, or must be read letter by letter."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from cchc_extract.readers.pdf.pieces import Piece, Rule

_SAME_BASELINE = 0.2  # of the size
_OVERLAP = 0.25  # of the size, that neighbouring runs may overlap by kerning
_THIN = 2.5  # points: wider is no rule
_INSIDE = 3.0  # points that a run must reach on both sides of a rule


def has_overlaps(pieces: Sequence[Piece]) -> bool:
    """Whether runs of text lie over each other on one baseline, so that no order of whole runs reads right."""
    row: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.y):
        if row and piece.y - row[0].y > _SAME_BASELINE * row[0].size:
            if _overlap(row):
                return True
            row = []
        row.append(piece)
    return _overlap(row)


def _overlap(row: list[Piece]) -> bool:
    if len(row) == 1:
        return False
    row.sort(key=lambda piece: piece.x0)
    return any(a.x1 - b.x0 > _OVERLAP * min(a.size, b.size) for a, b in pairwise(row))


def crosses_rules(pieces: Sequence[Piece], rules: Sequence[Rule]) -> bool:
    """Whether a run of text goes through an upright rule: it holds the words of more than one cell."""
    upright = sorted((rule.x0, rule.top, rule.bottom) for rule in rules if rule.x1 - rule.x0 <= _THIN)
    for piece in pieces if upright else ():
        if piece.x1 - piece.x0 < 2 * piece.size:
            continue
        middle = piece.y - 0.3 * piece.size
        for at in range(bisect_right(upright, (piece.x0 + _INSIDE,)), len(upright)):
            x, top, bottom = upright[at]
            if x >= piece.x1 - _INSIDE:
                break
            if top < middle < bottom:
                return True
    return False
