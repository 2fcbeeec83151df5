"""Grids and pieces to the tables of one page: which words stand in which cell."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cchc_extract.readers.pdf.lines import glue, pieces_to_lines
from cchc_extract.readers.pdf.pieces import Box, Line, Piece
from cchc_extract.readers.pdf.rulings import Grid, GridCell

_CLOSED = (".", ";", ":", "!", "?", ",")
UNRULED = -1.0  # the width of cells that have no rules
_WORD_CHARS = 4  # of a word that is broken where it has no hyphen: "STT", "VIII"
_BULLETS = "-–—+*•●▪◦·"


class PageCell(NamedTuple):
    """A cell on its page, or on several once it is put together: columns, rows, lines, and how wide its lines get.

    `free` is the room below its last line, in lines: a page end cuts only cells that are full.
    """

    c0: int
    c1: int
    r0: int
    r1: int
    lines: tuple[Line, ...]
    width: float
    free: float = 0.0

    @property
    def spans_rows(self) -> bool:
        return self.r1 - self.r0 > 1

    def moved(self, c0: int, c1: int, r0: int, r1: int) -> PageCell:
        return PageCell(c0, c1, r0, r1, self.lines, self.width, self.free)

    @property
    def text(self) -> str:
        return lines_to_text(self.lines, self.width)


class PageTable(NamedTuple):
    """A table of one page; `xs` are where its columns part. Cells are in reading order."""

    page: int
    box: Box
    xs: tuple[float, ...]
    rows: int
    cells: tuple[PageCell, ...]


def grids_to_tables(grids: Sequence[Grid], pieces: Sequence[Piece], page: int) -> tuple[list[PageTable], list[Piece]]:
    """The tables with their words, and the pieces that stand outside of all."""
    rest: list[Piece] = []
    inside: list[dict[int, list[Piece]]] = [{} for _ in grids]
    places = [_places(grid) for grid in grids]
    for piece in pieces:
        x, y = (piece.x0 + piece.x1) / 2, piece.y - 0.3 * piece.size
        for n, grid in enumerate(grids):
            if grid.xs[0] <= x <= grid.xs[-1] and grid.ys[0] <= y <= grid.ys[-1]:
                column = min(bisect_right(grid.xs, x), len(grid.xs) - 1) - 1
                row = min(bisect_right(grid.ys, y), len(grid.ys) - 1) - 1
                inside[n].setdefault(places[n][row, column], []).append(piece)
                break
        else:
            rest.append(piece)
    tables = [_to_table(grid, found, page) for grid, found in zip(grids, inside, strict=True)]
    return [table for table in tables if any(cell.lines for cell in table.cells)], rest


def _places(grid: Grid) -> dict[tuple[int, int], int]:
    return {
        (row, column): n
        for n, cell in enumerate(grid.cells)
        for row in range(cell.r0, cell.r1)
        for column in range(cell.c0, cell.c1)
    }


def _to_table(grid: Grid, pieces: dict[int, list[Piece]], page: int) -> PageTable:
    lines = [pieces_to_lines(pieces[n], page, keep=False) if n in pieces else [] for n in range(len(grid.cells))]
    widths: dict[tuple[int, int], float] = {}
    for cell, found in zip(grid.cells, lines, strict=True):
        if found:
            widest = max(line.x1 - line.x0 for line in found)
            widths[cell.c0, cell.c1] = max(widths.get((cell.c0, cell.c1), 0.0), widest)
    cells = [
        _to_cell(cell, grid, found, widths.get((cell.c0, cell.c1), 0.0))
        for cell, found in zip(grid.cells, lines, strict=True)
    ]
    box = (grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1])
    return PageTable(page, box, grid.xs, len(grid.ys) - 1, tuple(cells))


def _to_cell(cell: GridCell, grid: Grid, lines: Sequence[Line], width: float) -> PageCell:
    free = (grid.ys[cell.r1] - lines[-1].bottom) / lines[-1].size if lines else 0.0
    return PageCell(cell.c0, cell.c1, cell.r0, cell.r1, tuple(lines), width, free)


# --- the text of a cell -------------------------------------------------------------------------------------------


def lines_to_text(lines: Iterable[Line], width: float) -> str:
    """A cell's words: its wrapped lines joined, and a newline where an item of a list begins.

    No width is known where there are no rules; then every line stands for itself.
    """
    lines = list(lines)
    if width == UNRULED:
        return "\n".join(line.text for line in lines)
    if is_broken_word(whole := "".join(line.text for line in lines)):
        return whole
    out: list[str] = []
    last: Line | None = None
    for line in lines:
        if last is not None:
            new = begins_item(line.text) and (last.text.endswith(_CLOSED) or has_room(last, line, width))
            new = new or (last.text.endswith((".", ";", ":")) and has_room(last, line, width))
            out.append("\n" if new else glue(last.text, line.text))
        out.append(line.text)
        last = line
    return "".join(out)


def is_broken_word(whole: str) -> bool:
    """Whether a cell holds one short word in capitals and nothing else: a column that is too narrow broke it.

    >>> [is_broken_word("".join(lines)) for lines in (("ST", "T"), ("V", "III"), ("Sở", "TP"), ("1", "0"))]
    [True, True, False, False]
    """
    return len(whole) <= _WORD_CHARS and whole.isalpha() and whole.isupper()


def has_room(line: Line, after: Line, width: float) -> bool:
    """Whether the first word of the next line would have found room in this one: the writer began a new line."""
    return (line.x1 - line.x0) + 0.25 * line.size + after.first_word_width < width - 0.5


def begins_item(text: str) -> bool:
    """Whether a list mark or enumerator opens a line.

    >>> [begins_item(t) for t in ("- Rà soát", "2. Tăng", "a) Kế", "2.1. Về", "30% hồ sơ", "Sở Nội vụ", "15/7/2021")]
    [True, True, True, True, False, False, False]
    """
    if text[:1] in _BULLETS:
        return True
    head = text.split(" ", 1)[0]
    return (
        head[-1:] in ".)"
        and len(head) <= 6
        and head[:1].isalnum()
        and head[:-1].replace(".", "").isalnum()
        and (head[:1].isdigit() or len(head) == 2)
    )
