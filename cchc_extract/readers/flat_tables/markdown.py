"""Rows that stand whole on a line, their cells parted by bars, with or without bars at both ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cchc_extract.model import Table
from cchc_extract.readers.flat_tables.lines import Chunk, Line, chunks_to_table

_RULE = re.compile(r"[|\s:+-]*-[|\s:+-]*")
_BAR = re.compile(r"(?<!\\)\|")


def split_bars(text: str) -> list[str]:
    """The words between bars; a bar behind a backslash is one of the words.

    >>> split_bars(r"a | b\\|c |")
    ['a', 'b|c', '']
    """
    return [part.strip().replace("\\|", "|") for part in _BAR.split(text)]


def is_row(line: Line) -> bool:
    """Whether a line holds a whole row: bars with words on both sides, or one cell in a box."""
    text = line.text
    return "|" in text.strip("|") or (len(text) > 2 and text[0] == text[-1] == "|")


def read_markdown(lines: Sequence[Line], at: int) -> tuple[Table, int] | None:
    """The rows from line `at` on, and the index of the line after them; None where a lone line has a bar in it."""
    end = at
    while end < len(lines) and lines[end].text and is_row(lines[end]):
        end += 1
    rows = [line for line in lines[at:end] if not _RULE.fullmatch(line.text)]
    if not rows and end > at:  # rules without rows
        return chunks_to_table([[Chunk("", lines[at].number, lines[end - 1].number)]]), end
    boxed = [any(line.text[n] == "|" for line in rows[:1]) for n in (0, -1)]
    if not rows or (len(rows) == 1 and not any(boxed)):
        return None
    width = len(_BAR.split(rows[0].text)) - sum(boxed)
    return chunks_to_table([_row_cells(line, boxed[0], width) for line in rows]), end


def _row_cells(line: Line, opened: bool, width: int) -> list[Chunk]:
    """A row's cells. A bar at an end of the line is the table's edge, or the edge of an empty cell where the table
    has no edge there: the first row tells which at the left, the number of cells at the right."""
    cells = split_bars(line.text)
    if opened and not cells[0]:
        cells = cells[1:]
    if len(cells) > width and not cells[-1]:
        cells = cells[:-1]
    return [Chunk(cell, line.number, line.number) for cell in cells]
