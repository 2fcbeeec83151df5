"""Tables that lost their shape in plain text, put together again as rows and cells.

Five shapes occur in copies of plans: one cell a line behind a tab; one row a line with tabs between the cells; one
cell a line that ends in a bar; bars alone on lines between the cells; and Markdown pipes. Which one a stretch of
lines has is told from where its tabs and bars stand. Empty cells are kept; rows keep the length they have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from cchc_extract.model import Block, Paragraph, Span, Table
from cchc_extract.patterns import Patterns
from cchc_extract.readers.flat_tables.bars import read_bar_table
from cchc_extract.readers.flat_tables.lines import Line
from cchc_extract.readers.flat_tables.opening import count_first_cell
from cchc_extract.readers.flat_tables.tabs import read_tab_table
from cchc_extract.vietnamese import is_caps

__all__ = ["Line", "lines_to_blocks"]

_LETTERHEAD_ROWS = 2
_LETTERHEAD_WRAP = 40  # characters: a cell of a letterhead broken by hard newlines has lines shorter than this


def lines_to_blocks(lines: Sequence[Line], patterns: Patterns) -> tuple[Block, ...]:
    """Physical lines to paragraphs (one a line) and rebuilt tables, in order; no text is lost."""
    blocks: list[Block] = []
    at, gap = 0, False
    while at < len(lines):
        line = lines[at]
        if not line.text:
            gap, at = True, at + 1
            continue
        first = _take_first_cell(blocks, lines, at, patterns)
        table, end = _read_table(lines, at, first, patterns)
        if table is None:
            blocks += _lines_to_paragraphs(lines[at:end], gap)
        else:
            blocks.append(_take_back_wrapped_letterhead(blocks, table))
        gap, at = end > at + 1 and not lines[end - 1].text, end
    return tuple(blocks)


def _lines_to_paragraphs(lines: Sequence[Line], gap: bool) -> Iterator[Paragraph]:
    for line in lines:
        if line.text:
            yield Paragraph(
                line.text.replace("\t", " ").replace("\\|", "|"), Span((line.number, line.number)), gap, line.bold
            )
        gap = not line.text


def _read_table(lines: Sequence[Line], at: int, first: int, patterns: Patterns) -> tuple[Table | None, int]:
    """The table at this line and the line after it; None where the lines up to there are paragraphs."""
    if "\t" in lines[at].raw:
        return read_tab_table(lines, at, patterns)
    found = read_bar_table(lines, first, at, patterns) if "|" in lines[at].raw else None
    return found or (None, at + 1)


def _take_first_cell(blocks: list[Block], lines: Sequence[Line], at: int, patterns: Patterns) -> int:
    """The line where the table that a bar shows at `at` begins; paragraphs made of its first cell are taken back."""
    count = count_first_cell(lines, at, patterns)
    taken = blocks[len(blocks) - count :] if count else []
    if len(taken) < count or not all(isinstance(block, Paragraph) for block in taken):
        return at
    del blocks[len(blocks) - count :]
    return at - count


def _take_back_wrapped_letterhead(blocks: list[Block], table: Table) -> Table:
    """Give a table's first cell the short capital line before it, which had no bar of its own to show it belongs.

    Hard newlines inside the first cell of a letterhead ("ỦY / BAN NHÂN DÂN |") leave its first line outside.
    """
    before = blocks[-1] if blocks else None
    if not isinstance(before, Paragraph) or not is_caps(before.text) or len(before.text) > _LETTERHEAD_WRAP:
        return table
    cell = table.rows[0].cells[0]
    first, last = before.span.lines, table.span.lines
    is_head = len(table.rows) <= _LETTERHEAD_ROWS and is_caps(cell.text)
    if not is_head or first is None or last is None or first[1] + 1 != last[0]:
        return table
    blocks.pop()
    row = table.rows[0]
    whole = replace(cell, text=f"{before.text}\n{cell.text}", span=before.span.to(cell.span))
    rows = (replace(row, cells=(whole, *row.cells[1:]), span=before.span.to(row.span)), *table.rows[1:])
    return Table(rows, before.span.to(table.span))
