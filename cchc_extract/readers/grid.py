"""Cells that know their grid columns -> a Table whose spans count only the columns and rows that anything begins in.

Word and web pages keep grids that are finer than what is seen: columns that no cell begins in, rows wholly covered by
cells from above, spans that reach past the last row.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from cchc_extract.model import Cell, Row, Span, Table


class Placed(NamedTuple):
    """A cell at its grid column; `width` and `height` count the grid columns and rows it covers."""

    text: str
    lines: tuple[int, int]
    column: int
    width: int = 1
    height: int = 1


def placed_to_table(rows: Sequence[Sequence[Placed]]) -> Table | None:
    """Rows of placed cells as a Table; None where no row has a cell.

    >>> a, b, c = Placed("a", (1, 1), 0, 2, 2), Placed("b", (2, 2), 2, 3), Placed("c", (3, 3), 0)
    >>> table = placed_to_table([[a, b], [], [c]])
    >>> [[(cell.text, cell.row_span, cell.col_span) for cell in row.cells] for row in table.rows]
    [[('a', 1, 1), ('b', 1, 1)], [('c', 1, 1)]]
    """
    starts = sorted({cell.column for row in rows for cell in row})
    filled = [n for n, row in enumerate(rows) if row]
    if not filled:
        return None
    made = tuple(_make_row(rows[n], n, starts, filled) for n in filled)
    return Table(made, made[0].span.to(made[-1].span))


def _make_row(cells: Sequence[Placed], at: int, starts: Sequence[int], filled: Sequence[int]) -> Row:
    made = []
    for cell in cells:
        columns = bisect_left(starts, cell.column + cell.width) - bisect_left(starts, cell.column)
        rows = bisect_left(filled, at + cell.height) - bisect_left(filled, at)
        made.append(Cell(cell.text, Span(cell.lines), max(rows, 1), max(columns, 1)))
    return Row(tuple(made), Span((min(c.lines[0] for c in cells), max(c.lines[1] for c in cells))))
