"""Bands: what stands side by side on a page, and the gutters between its parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cchc_extract.readers.pdf.lines import make_line
from cchc_extract.readers.pdf.pieces import Line, Piece

_GAP = 1.3  # of the size: wider gaps part columns
_MIN_GUTTER = 9.0  # points
_SAME_BAND = 0.7  # of the size: lines that overlap by that much stand beside each other


class Band(NamedTuple):
    """Lines side by side, each cut at its wide gaps."""

    parts: tuple[Line, ...]

    @property
    def y(self) -> float:
        return self.parts[0].y

    @property
    def size(self) -> float:
        return max(part.size for part in self.parts)


class Gutter(NamedTuple):
    """Where two columns part: from the end of the left one to the beginning of the right one."""

    left: float
    right: float

    def narrowed(self, band: Band) -> Gutter | None:
        """This gutter with one more band beside it; None where a part of the band lies across it."""
        left, right = self.left, self.right
        for part in band.parts:
            if part.x1 <= right and part.x0 < left:
                left = max(left, part.x1)
            elif part.x0 >= left:
                right = min(right, part.x0)
            else:
                return None
        return Gutter(left, right) if right - left >= _MIN_GUTTER else None


def lines_to_bands(lines: Sequence[Line]) -> list[Band]:
    """Lines that overlap in height as one band, each line cut at its wide gaps."""
    bands: list[list[Line]] = []
    for line in lines:
        before = bands[-1] if bands else None
        if before and line.y - before[0].y < _SAME_BAND * line.size and _is_clear(before, line):
            before.append(line)
        else:
            bands.append([line])
    return [Band(tuple(part for line in sorted(b, key=lambda line: line.x0) for part in _parts(line))) for b in bands]


def _is_clear(band: Sequence[Line], line: Line) -> bool:
    return all(other.x1 < line.x0 or line.x1 < other.x0 for other in band)


def _parts(line: Line) -> list[Line]:
    """A line cut at its wide gaps."""
    if len(line.pieces) == 1:
        return [line]
    groups: list[list[Piece]] = [[line.pieces[0]]]
    for piece in line.pieces[1:]:
        if piece.x0 - groups[-1][-1].x1 > _GAP * line.size and piece.text.strip():
            groups.append([piece])
        else:
            groups[-1].append(piece)
    if len(groups) == 1:
        return [line]
    made = (make_line(group, line.page) for group in groups)
    return [part for part in made if part is not None]


def rejoin_parts(parts: Iterable[Line]) -> list[Line]:
    """Parts of lines that no column parts, as lines again."""
    by_y: dict[float, list[Line]] = {}
    for part in parts:
        by_y.setdefault(part.y, []).append(part)
    made = (
        same[0] if len(same) == 1 else make_line([piece for part in same for piece in part.pieces], same[0].page)
        for _, same in sorted(by_y.items())
    )
    return [line for line in made if line is not None]
