"""Places in a PDF's own space, which grows upwards and may be turned, to places on a page that reads left to right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]


def combine(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that does `inner` first and `outer` then."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def place_point(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e, b * x + d * y + f)


def place_corners(matrix: Matrix, box: Box) -> Box:
    """The box around a box that was placed by a matrix."""
    x0, y0, x1, y1 = box
    xs, ys = zip(*(place_point(matrix, x, y) for x in (x0, x1) for y in (y0, y1)), strict=True)
    return (min(xs), min(ys), max(xs), max(ys))


class Turn(NamedTuple):
    """How a page is turned: `quarters` anticlockwise quarter turns of its text, and the page's frame."""

    quarters: int
    frame: Box

    @classmethod
    def of(cls, matrices: Sequence[Matrix], frame: Sequence[float]) -> Turn:
        """The turn that most of the text of a page has, whatever the page's own rotation says."""
        counts: Counter[int] = Counter()
        for (a, b), count in Counter([matrix[:2] for matrix in matrices]).items():  # most are the same
            counts[_quarters(a, b)] += count
        left, bottom, right, top = frame
        return cls(counts.most_common(1)[0][0] if counts else 0, (left, bottom, right, top))

    @property
    def width(self) -> float:
        left, bottom, right, top = self.frame
        return top - bottom if self.quarters % 2 else right - left

    @property
    def height(self) -> float:
        left, bottom, right, top = self.frame
        return right - left if self.quarters % 2 else top - bottom

    def place(self, x: float, y: float) -> tuple[float, float]:
        """A point of the file as a point from the top left corner of the page as it is read.

        >>> Turn(0, (0, 0, 600, 800)).place(50, 780), Turn(1, (0, 0, 600, 800)).place(50, 780)
        ((50, 20), (780, 50))
        """
        left, bottom, right, top = self.frame
        if self.quarters == 0:
            return (x - left, top - y)
        if self.quarters == 1:
            return (y - bottom, x - left)
        return (right - x, y - bottom) if self.quarters == 2 else (top - y, right - x)


def _quarters(a: float, b: float) -> int:
    if abs(a) >= abs(b):
        return 0 if a >= 0 else 2
    return 1 if b > 0 else 3


def place_box(turn: Turn, box: Box) -> Box:
    """A box of the file as left, top, right, bottom of the page as it is read."""
    if turn.quarters == 0:  # nearly every page, and every box of it
        left, _, _, upper = turn.frame
        return (box[0] - left, upper - box[3], box[2] - left, upper - box[1])
    (ax, ay), (bx, by) = turn.place(box[0], box[1]), turn.place(box[2], box[3])
    return (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
