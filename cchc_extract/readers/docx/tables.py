"""The rows of a Word table on its grid: merges counted, and column edges that differ by a hair taken as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from cchc_extract.readers.flow import Flow
from cchc_extract.readers.grid import Placed

_HAIR = 150  # twentieths of a point (2.6 mm): edges nearer than this were dragged, not meant
_UNTOLD = 1_000  # the width of a grid column that the file does not tell


class TableCell(NamedTuple):
    """A cell as the file has it. `down`, `across`: restart or continue where it is merged."""

    flow: Flow
    width: int = 1
    down: str | None = None
    across: str | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    before: int = 0  # grid columns left out at its left
    cells: list[TableCell] = field(default_factory=list)


@dataclass(slots=True)
class _Standing:
    """A cell at its column that may still grow downwards."""

    text: str
    lines: tuple[int, int]
    column: int
    width: int
    height: int = 1


def rows_to_placed(rows: Sequence[TableRow], grid: Sequence[int]) -> list[list[Placed]]:
    """Each cell in the row where it begins. A cell that goes on with the one above or to its left is part of that."""
    edges = _find_edges(rows, grid)
    placed: list[list[_Standing]] = []
    open_cells: dict[int, _Standing] = {}
    for row in rows:
        made = _fill_left(row, edges)
        still: dict[int, _Standing] = {}
        for start, end, cell in _positions(row):
            column = edges[start]
            above = open_cells.get(column)
            if cell.down == "continue" and above is not None:
                above.height += 1
                still[column] = above
                continue
            standing = _Standing(cell.flow.text(), _lines(cell.flow), column, edges[end] - column)
            made.append(standing)
            if cell.down is not None:
                still[column] = standing
        placed.append(made)
        open_cells = still
    return [[Placed(c.text, c.lines, c.column, c.width, c.height) for c in row] for row in placed]


def _positions(row: TableRow) -> Iterator[tuple[int, int, TableCell]]:
    """Each cell with the grid edges where it starts and ends; one that goes on to the right takes in the next."""
    at = row.before
    held: tuple[int, int, TableCell] | None = None
    for cell in row.cells:
        end = at + cell.width
        if cell.across == "continue" and held is not None:
            held = (held[0], end, held[2])
        else:
            if held is not None:
                yield held
            held = (at, end, cell)
        at = end
    if held is not None:
        yield held


def _find_edges(rows: Sequence[TableRow], grid: Sequence[int]) -> Mapping[int, int]:
    """Grid edges that cells begin or end at -> columns as they are seen, counted from 0."""
    pairs = {(start, end) for row in rows for start, end, _ in _positions(row)}
    used = sorted({0, *(edge for pair in pairs for edge in pair)})
    columns = {0: 0}
    first = 0  # the leftmost edge of those taken as one
    for before, edge in pairwise(used):
        near = _distance(first, edge, grid) < _HAIR and (before, edge) not in pairs and (first, edge) not in pairs
        columns[edge] = columns[before] if near else columns[before] + 1
        first = first if near else edge
    return columns


def _distance(a: int, b: int, grid: Sequence[int]) -> int:
    widths = grid[a:b]
    return sum(width or _UNTOLD for width in widths) + _UNTOLD * (b - a - len(widths))


def _fill_left(row: TableRow, edges: Mapping[int, int]) -> list[_Standing]:
    """An empty cell where a row begins to the right of the table's edge, so that its columns stay in their places."""
    if not row.before or not row.cells or not edges[row.before]:
        return []
    first = _lines(row.cells[0].flow)[0]
    return [_Standing("", (first, first), 0, edges[row.before])]


def _lines(flow: Flow) -> tuple[int, int]:
    """The first and the last line of a cell. A cell ends with a paragraph, so none is without."""
    return flow.first_number, flow.last_number
