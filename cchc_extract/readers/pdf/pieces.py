"""What the pages of a PDF are made of: pieces of text and drawn rules, with their places.

Places are points from the top left corner, turned so that the page's text reads from left to right. These are named
tuples and no data classes, because a page has hundreds and building them is a good part of reading it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

_BELOW = 0.25  # of the size: how far letters reach below the baseline


class Piece(NamedTuple):
    """A run of text in one font. `text` ends with a space where the file sets one behind it; `y` is the baseline.

    `order` is its place in the file; `stamp` numbers the stamp (signature field) that it is part of, 0 for the page.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    order: int
    stamp: int


class Rule(NamedTuple):
    """A drawn straight line; either its width or its height is next to nothing."""

    x0: float
    top: float
    x1: float
    bottom: float


class RawPage(NamedTuple):
    """One page as the file has it. `number` is 1-based; `picture` is the share of it that pictures cover."""

    number: int
    width: float
    height: float
    pieces: tuple[Piece, ...]
    rules: tuple[Rule, ...]
    picture: float


class Line(NamedTuple):
    """Pieces on one baseline, from left to right, as one text without the marks of footnotes that `pieces` holds."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    page: int
    pieces: tuple[Piece, ...]

    @property
    def top(self) -> float:
        return self.y - self.size

    @property
    def bottom(self) -> float:
        return self.y + _BELOW * self.size

    @property
    def first_word_width(self) -> float:
        """How wide the first word is, from its share of the letters."""
        word = self.text.find(" ")
        return (self.x1 - self.x0) * word / len(self.text) if word > 0 else self.x1 - self.x0


Box = tuple[float, float, float, float]


def lines_box(lines: Iterable[Line]) -> Box:
    """The box around some lines of one page."""
    lines = list(lines)
    x0, x1 = min([line.x0 for line in lines]), max([line.x1 for line in lines])
    top = min([line.y - line.size for line in lines])
    bottom = max([line.y + _BELOW * line.size for line in lines])
    return (round(x0, 1), round(top, 1), round(x1, 1), round(bottom, 1))
