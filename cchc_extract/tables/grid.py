"""Merged cells spread over the positions they cover, so that every row has a cell for every column."""

from __future__ import annotations

from collections.abc import Sequence

from cchc_extract.model import Cell, Row, Table

_SAID_ONCE = frozenset({"number", "code", "area", "note", "task"})
CONTINUED = 0  # the `row_span` of a position that a cell above covers


def spread_merged(table: Table) -> Table:
    """The table with a cell at every position of its grid.

    A position to the right of a wide cell is empty; one below a tall cell repeats its words and has row_span
    CONTINUED. A table without merged cells comes back as it is: its short rows are short because cells were lost.
    """
    if all(cell.row_span == 1 and cell.col_span == 1 for row in table.rows for cell in row.cells):
        return table
    rows: list[Row] = []
    above: dict[int, tuple[Cell, int]] = {}  # column -> the tall cell that covers it, and for how many rows more
    for row in table.rows:
        cells: list[Cell] = []
        for cell in row.cells:
            _add_covered(cells, above)
            if cell.row_span == cell.col_span == 1:
                cells.append(cell)
                continue
            parts = [Cell(cell.text, cell.span), *[Cell("", cell.span)] * (cell.col_span - 1)]
            if cell.row_span > 1:
                above.update({len(cells) + n: (part, cell.row_span) for n, part in enumerate(parts)})
            cells += parts
        _add_covered(cells, above)
        rows.append(Row(tuple(cells), row.span))
        above = {column: (cell, left - 1) for column, (cell, left) in above.items() if left > 1}
    return Table(tuple(rows), table.span)


def _add_covered(cells: list[Cell], above: dict[int, tuple[Cell, int]]) -> None:
    """The positions from here on that a cell of a row above covers."""
    while (covering := above.get(len(cells))) is not None:
        cells.append(Cell(covering[0].text, covering[0].span, row_span=CONTINUED))


def find_merged(row: Row, roles: Sequence[str | None]) -> frozenset[str]:
    """The roles whose cell in this row is one that stands above and goes on."""
    pairs = zip(row.cells, roles, strict=False) if len(row.cells) == len(roles) else ()
    return frozenset(role for cell, role in pairs if role and cell.row_span == CONTINUED)


def settle_merged(cells: dict[str, str], merged: frozenset[str]) -> dict[str, str]:
    """A row's words without those that a merged cell said once: numbers, titles and the work are not said again;
    agencies, times and products hold for each row they cover."""
    return {role: "" if role in merged and role in _SAID_ONCE else text for role, text in cells.items()}
