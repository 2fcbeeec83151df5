"""Text that stands side by side without rules: the letterhead, and recipients beside the signature.

Bands of lines -> the gutter that several bands in a row share -> one table of two columns. A single wide gap in a
line is no gutter: it needs a second line that has it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from cchc_extract.readers.pdf.aligned import bands_to_table, find_aligned
from cchc_extract.readers.pdf.bands import Band, Gutter, lines_to_bands, rejoin_parts
from cchc_extract.readers.pdf.cells import UNRULED, PageCell, PageTable
from cchc_extract.readers.pdf.pieces import Line, lines_box

_ROW_GAP, _ROW_STEP = 1.2, 1.35  # of the size, and of the closest lines: more space between bands parts rows
_NEXT_LINE = 1.75  # of the size: the next line of a list stands no farther below
_MAX_BANDS = 600  # a page: more are no letter
_FAR = 12.0  # of the size: beyond such a gap nothing belongs together
_CENTRED = 6.0  # points
_RIGHT_PART = 0.25  # of the text's width: nearer to its left side begins no right column


def split_columns(lines: Sequence[Line], margins: tuple[float, float]) -> list[Line | PageTable]:
    """The lines of a page, with those that stand in two columns put into tables, from top to bottom."""
    bands = lines_to_bands(lines)
    if len(bands) > _MAX_BANDS or (len(bands) == len(lines) and all(len(band.parts) == 1 for band in bands)):
        return list(lines)
    out: list[Line | PageTable] = []
    at = 0
    while at < len(bands):
        aligned = find_aligned(bands, at)
        end, gutter = _region(bands, at, margins) if aligned is None else (aligned[0], None)
        if aligned is not None:
            out.append(bands_to_table(bands[at:end], aligned[1]))
            at = end
        elif gutter is None:
            out += rejoin_parts(bands[at].parts)
            at += 1
        else:
            out += _to_tables(bands[at:end], gutter)
            at = end
    return out


# --- regions ------------------------------------------------------------------------------------------------------


def _region(bands: Sequence[Band], start: int, margins: tuple[float, float]) -> tuple[int, Gutter | None]:
    """Where the columns that begin with a band end, and their gutter; no gutter where none begin there."""
    best: tuple[int, Gutter | None] = (start + 1, None)
    for gutter in _gutters(bands[start], margins):
        end, narrowed = _grow(bands, start, gutter, (margins[0] + margins[1]) / 2)
        if end - start > 1 and end > best[0]:
            best = (end, narrowed)
    return best


def _gutters(band: Band, margins: tuple[float, float]) -> list[Gutter]:
    least = margins[0] + _RIGHT_PART * (margins[1] - margins[0])
    found = [Gutter(a.x1, b.x0) for a, b in pairwise(band.parts) if b.x0 >= least and b.x0 > a.x1]
    return sorted(found, key=lambda gutter: gutter.left - gutter.right)


def _grow(bands: Sequence[Band], start: int, gutter: Gutter, middle: float) -> tuple[int, Gutter]:
    """The bands on both sides of a gutter, up to the last that has a right part, and the rest of the left list."""
    end, kept, shared = start + 1, gutter, False
    at, current = start + 1, gutter
    while at < len(bands):
        narrowed = current.narrowed(bands[at])
        far = bands[at].y - bands[at - 1].y > _FAR * bands[at].size
        if narrowed is None or far or _is_title(bands[at], middle):
            break
        current = narrowed
        if any(part.x0 >= current.left for part in bands[at].parts):
            end, kept, shared = at + 1, current, True
        at += 1
    if not shared:
        return start, gutter
    while end < at and _continues_left(bands[end - 1 : end + 1], bands[start]):
        end += 1
    return end, kept


def _is_title(band: Band, middle: float) -> bool:
    """Whether a line is centred on the page: it is of no column, though it may lie on one side of the gutter."""
    x0, x1 = band.parts[0].x0, band.parts[0].x1
    return len(band.parts) == 1 and x0 < middle < x1 and abs((x0 + x1) / 2 - middle) <= _CENTRED


def _continues_left(pair: Sequence[Band], first: Band) -> bool:
    """Whether a band is the next line of the left column: its size, and close below."""
    before, band = pair
    same = abs(band.size - min(part.size for part in first.parts)) <= 0.1 * band.size
    return same and band.y - before.y <= _NEXT_LINE * band.size and band.size < first.size * 1.05


# --- the table ----------------------------------------------------------------------------------------------------


def _to_tables(bands: Sequence[Band], gutter: Gutter) -> list[PageTable]:
    rows: list[list[Band]] = [[bands[0]]]
    least = min(band.y - before.y for before, band in pairwise(bands))
    for before, band in pairwise(bands):
        if band.y - before.y > max(_ROW_GAP * max(before.size, band.size), _ROW_STEP * least):
            rows.append([band])
        else:
            rows[-1].append(band)
    cells: list[PageCell] = []
    for number, row in enumerate(rows):
        for column in (0, 1):
            parts = [part for band in row for part in band.parts if (part.x0 >= gutter.left) == bool(column)]
            cells.append(PageCell(column, column + 1, number, number + 1, tuple(rejoin_parts(parts)), UNRULED))
    box = lines_box(part for band in bands for part in band.parts)
    middle = (gutter.left + gutter.right) / 2
    return [PageTable(bands[0].parts[0].page, box, (box[0], middle, box[2]), len(rows), tuple(cells))]
