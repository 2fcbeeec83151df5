"""Tables of single pages put together over page ends: headers once, rows that a page end cut whole again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cchc_extract.model import Cell, Row, Span, Table
from cchc_extract.readers.pdf.cells import PageCell, PageTable, begins_item, has_room
from cchc_extract.readers.pdf.pieces import Box, Line, lines_box
from cchc_extract.vietnamese import squash

_SAME_SIDE = 8.0  # points that the sides of a table may differ from page to page
_SAME_CUT = 4.0  # points that a column may
_SHARED_CUTS = 0.6  # of the columns of the simpler part
_MAX_HEADER = 4  # rows
_FULL = 2.5  # lines: with more room below its text a cell was not cut by the page's end
_SENTENCE_END = (".", ";", ":", "!", "?")


@dataclass(slots=True)
class Joined:
    """A table as far as it is put together. `line` numbers are given when it is done."""

    xs: list[float]
    rows: int
    cells: list[PageCell]
    first: PageTable
    last: PageTable


def start_table(table: PageTable) -> Joined:
    return Joined(list(table.xs), table.rows, list(table.cells), table, table)


def goes_on(joined: Joined, table: PageTable) -> bool:
    """Whether a table at the top of the next page is the rest of this one: the same sides, the same columns."""
    last = joined.last
    if table.page != last.page + 1:
        return False
    sides = abs(last.xs[0] - table.xs[0]) <= _SAME_SIDE and abs(last.xs[-1] - table.xs[-1]) <= _SAME_SIDE
    if not sides:
        return False
    if _header_rows(joined, table):
        return True
    fewer, more = sorted((joined.xs, list(table.xs)), key=len)
    shared = sum(any(abs(a - b) <= _SAME_CUT for b in more) for a in fewer)
    return shared >= _SHARED_CUTS * len(fewer) and shared > 2


def add_page(joined: Joined, table: PageTable) -> None:
    """The table goes on with the rows of the next page, its repeated header left out."""
    skipped = _header_rows(joined, table)
    joined.last = table
    if skipped >= table.rows:
        return
    _widen(joined, table.xs)
    at = {x: _column(joined.xs, x) for x in table.xs}
    incoming = [
        cell.moved(at[table.xs[cell.c0]], at[table.xs[cell.c1]], max(cell.r0, skipped), cell.r1)
        for cell in table.cells
        if cell.r1 > skipped
    ]
    first = [cell for cell in incoming if cell.r0 == skipped]
    above = {n: _cell_above(joined, cell) for n, cell in enumerate(first)}
    is_cut = _is_cut([(above[n], cell) for n, cell in enumerate(first)], joined)
    offset = joined.rows - skipped - (1 if is_cut else 0)
    merged = {id(cell) for n, cell in enumerate(first) if _merge(joined, above[n], cell, offset, is_cut)}
    joined.cells += [
        cell.moved(cell.c0, cell.c1, cell.r0 + offset, cell.r1 + offset) for cell in incoming if id(cell) not in merged
    ]
    joined.rows = offset + table.rows


# --- columns ------------------------------------------------------------------------------------------------------


def _widen(joined: Joined, xs: Iterable[float]) -> None:
    """The columns of both parts: a merged cell hides a cut on one page that another page shows."""
    new = [x for x in xs if all(abs(x - y) > _SAME_CUT for y in joined.xs)]
    new = [x for x in new if joined.xs[0] < x < joined.xs[-1]]
    if not new:
        return
    wider = sorted((*joined.xs, *new))
    at = {n: wider.index(x) for n, x in enumerate(joined.xs)}
    joined.cells = [cell.moved(at[cell.c0], at[cell.c1], cell.r0, cell.r1) for cell in joined.cells]
    joined.xs = wider


def _column(xs: Sequence[float], x: float) -> int:
    at = bisect_left(xs, x)
    return min((n for n in (at - 1, at) if 0 <= n < len(xs)), key=lambda n: abs(xs[n] - x))


def _cell_above(joined: Joined, cell: PageCell) -> PageCell | None:
    """The cell of the last row that stands over this one, with the same sides."""
    for found in reversed(joined.cells):
        if found.r1 == joined.rows and found.c0 == cell.c0 and found.c1 == cell.c1:
            return found
    return None


# --- headers ------------------------------------------------------------------------------------------------------


def _header_rows(joined: Joined, table: PageTable) -> int:
    """How many rows the page's table begins with that are the first rows of the whole again."""
    first = joined.first
    count = 0
    for row in range(min(_MAX_HEADER, first.rows, table.rows)):
        ours, theirs = _row_key(first, row), _row_key(table, row)
        if ours != theirs:
            break
        count = row + 1 if ours else count
    return count if _is_whole(table, count) else 0


def _row_key(table: PageTable, row: int) -> str:
    return squash(" ".join(line.text for cell in table.cells if cell.r0 == row for line in cell.lines))


def _is_whole(table: PageTable, rows: int) -> bool:
    """Whether no cell of the body reaches up into these rows."""
    return not any(cell.r0 < rows < cell.r1 for cell in table.cells)


# --- cut rows -----------------------------------------------------------------------------------------------------


def _is_cut(pairs: Sequence[tuple[PageCell | None, PageCell]], joined: Joined) -> bool:
    """Whether the first row of a page is the rest of the last row of the page before.

    Each of its words must be able to go on with the cell above; and either a sentence visibly goes on, or the cell
    that opens the row above - its number or its work - has no counterpart.
    """
    filled = [(above, cell) for above, cell in pairs if cell.lines]
    if not filled:
        return True
    if not all(above is not None and above.lines and _may_follow(above, cell) for above, cell in filled):
        return False
    if any(above is not None and _runs_on(above, cell) and not above.spans_rows for above, cell in filled):
        return True
    openers = sorted(
        (cell for cell in joined.cells if cell.r1 == joined.rows and cell.lines and not cell.spans_rows),
        key=lambda cell: cell.c0,
    )
    columns = {cell.c0 for _, cell in filled}
    return bool(openers) and openers[0].c0 not in columns


def _may_follow(above: PageCell, cell: PageCell) -> bool:
    """Whether the words could be the rest: a full cell above, no number of a row, a full line or a paragraph's end."""
    first, last = cell.lines[0], above.lines[-1]
    if above.free > _FULL or (len(cell.lines) == 1 and _is_enumerator(first.text)):
        return False
    if _runs_on(above, cell):
        return True
    return begins_item(first.text) or last.text.endswith(_SENTENCE_END) or not _has_room(above, cell)


def _runs_on(above: PageCell, cell: PageCell) -> bool:
    """Whether a sentence goes on from cell to cell: the line above is full and has no end."""
    first, last = cell.lines[0], above.lines[-1] if above.lines else None
    if last is None or above.free > _FULL or last.text.endswith(_SENTENCE_END) or begins_item(first.text):
        return False
    return not _has_room(above, cell) and (first.text[:1].islower() or not _is_enumerator(last.text))


def _has_room(above: PageCell, cell: PageCell) -> bool:
    return has_room(above.lines[-1], cell.lines[0], max(above.width, cell.width))


def _is_enumerator(text: str) -> bool:
    return len(text) <= 6 and (text.rstrip(".)").replace(".", "").isdigit() or begins_item(text + " "))


def _merge(joined: Joined, above: PageCell | None, cell: PageCell, offset: int, is_cut: bool) -> bool:
    """Puts a cell of a page's first row to the cell above it, where it is its rest; tells whether it did."""
    if above is None:
        return False
    if not is_cut and not _goes_down(above, cell):
        return False
    at = next(n for n, found in enumerate(joined.cells) if found is above)
    joined.cells[at] = above._replace(
        r1=cell.r1 + offset,
        lines=(*above.lines, *cell.lines),
        width=max(above.width, cell.width),
        free=cell.free,
    )
    return True


def _goes_down(above: PageCell, cell: PageCell) -> bool:
    """Whether a merged cell goes on over the page end, though the rows beside it do not."""
    if not (above.spans_rows or cell.spans_rows) or not above.lines:
        return False
    return not cell.lines or _runs_on(above, cell)


# --- the finished table -------------------------------------------------------------------------------------------


def finish_table(joined: Joined, line: int) -> tuple[Table, int]:
    """The table as the model has it, and the number of the next line of text; `line` is that of its first."""
    start = line
    by_row: dict[int, list[PageCell]] = {}
    for cell in joined.cells:
        by_row.setdefault(cell.r0, []).append(cell)
    rows: list[Row] = []
    for _, cells in sorted(by_row.items()):
        made: list[Cell] = []
        for cell in sorted(cells, key=lambda cell: cell.c0):
            made.append(_to_cell(cell, line))
            line += len(cell.lines)
        rows.append(Row(tuple(made), _row_span(made)))
    first = joined.first
    return Table(tuple(rows), Span((start, max(start, line - 1)), first.page, _rounded(first.box))), line


def _to_cell(cell: PageCell, line: int) -> Cell:
    page = cell.lines[0].page if cell.lines else None
    span = Span((line, line + max(0, len(cell.lines) - 1)), page, _box_on(cell.lines, page))
    return Cell(cell.text, span, cell.r1 - cell.r0, cell.c1 - cell.c0)


def _rounded(box: Box) -> Box:
    x0, top, x1, bottom = (round(side, 1) for side in box)
    return (x0, top, x1, bottom)


def _box_on(lines: Sequence[Line], page: int | None) -> tuple[float, float, float, float] | None:
    return lines_box(line for line in lines if line.page == page) if lines else None


def _row_span(cells: Iterable[Cell]) -> Span:
    spans = list(_placed(cells))
    if not spans:
        return next(iter(cells)).span
    whole = spans[0]
    for span in spans[1:]:
        whole = _around(whole, span)
    return whole


def _placed(cells: Iterable[Cell]) -> Iterator[Span]:
    return (cell.span for cell in cells if cell.text)


def _around(a: Span, b: Span) -> Span:
    if a.page == b.page:
        return a.to(b)
    return replace(a, lines=a.to(b).lines)
