"""Tables without rules: bands of three columns or more whose words keep to the same gutters."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from cchc_extract.readers.pdf.bands import Band, Gutter, rejoin_parts
from cchc_extract.readers.pdf.cells import PageCell, PageTable
from cchc_extract.readers.pdf.pieces import Line, lines_box

_MIN_COLUMNS, _MIN_ROWS = 3, 3
_FAR = 3.0  # of the size: beyond such a gap a row belongs to no table above


def find_aligned(bands: Sequence[Band], start: int) -> tuple[int, list[Gutter]] | None:
    """Where the table that begins with a band ends, and its gutters; None where no table begins there."""
    if len(bands[start].parts) < _MIN_COLUMNS:
        return None
    gutters = [Gutter(a.x1, b.x0) for a, b in pairwise(bands[start].parts)]
    end, whole, kept = start + 1, 1, gutters
    for at in range(start + 1, len(bands)):
        band = bands[at]
        narrowed = [gutter.narrowed(band) for gutter in gutters]
        gutters = [gutter for gutter in narrowed if gutter is not None]
        if len(gutters) < len(narrowed) or band.y - bands[at - 1].y > _FAR * band.size:
            break
        if len(band.parts) > 1:
            end, kept = at + 1, gutters
            whole += len(band.parts) >= _MIN_COLUMNS
    return (end, kept) if whole >= _MIN_ROWS else None


def bands_to_table(bands: Sequence[Band], gutters: Sequence[Gutter]) -> PageTable:
    """One row for each band that has a first cell or half of the cells; other bands go on with the row above."""
    cuts = [(gutter.left + gutter.right) / 2 for gutter in gutters]
    rows: list[list[Band]] = []
    for band in bands:
        columns = {bisect_right(cuts, part.x0) for part in band.parts}
        if not rows or 0 in columns or 2 * len(columns) > len(cuts) + 1:
            rows.append([band])
        else:
            rows[-1].append(band)
    parts = [[_column(row, n, cuts) for n in range(len(cuts) + 1)] for row in rows]
    widths = [max((p.x1 - p.x0 for row in parts for p in row[n]), default=0.0) for n in range(len(cuts) + 1)]
    cells = tuple(
        PageCell(n, n + 1, number, number + 1, tuple(rejoin_parts(found)), widths[n])
        for number, row in enumerate(parts)
        for n, found in enumerate(row)
    )
    box = lines_box(part for band in bands for part in band.parts)
    return PageTable(bands[0].parts[0].page, box, (box[0], *cuts, box[2]), len(rows), cells)


def _column(row: Sequence[Band], column: int, cuts: Sequence[float]) -> list[Line]:
    return [part for band in row for part in band.parts if bisect_right(cuts, part.x0) == column]
