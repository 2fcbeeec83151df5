"""Tables told by tabs: one cell a line behind a tab, or one row a line with tabs between the cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from cchc_extract.model import Table
from cchc_extract.patterns import Patterns
from cchc_extract.readers.flat_tables.lines import (
    Chunk,
    Line,
    chunks_to_table,
    count_titles,
    ends_table,
)
from cchc_extract.vietnamese import is_caps

_CELL_LINE = re.compile(r" *\t[^\t]*")
_MARKER_THEN_TAB = re.compile(r"\s*(?:[-+*•]|\(?\w{1,4}[.)]\)?(?:\d{1,2}\.?)*)\s*\t[^\t]+")
_HEADER_WITHIN = 3  # cells: a caption or a number may stand before the titles
_MAX_TITLES = 12
_LOOK_AHEAD = 6  # lines: a cell's further paragraphs are this near to the next cell


def read_tab_table(lines: Sequence[Line], at: int, patterns: Patterns) -> tuple[Table | None, int]:
    """The table that begins at line `at`, and the index of the line after it. None where tabs only indent text: the
    lines up to that index are paragraphs."""
    if _CELL_LINE.fullmatch(lines[at].raw):
        return _read_cell_lines(lines, at, patterns)
    return _read_row_lines(lines, at, patterns)


# --- one row a line -----------------------------------------------------------------------------------------------


def _is_row_line(line: Line) -> bool:
    return "\t" in line.raw and not _CELL_LINE.fullmatch(line.raw) and not _MARKER_THEN_TAB.fullmatch(line.raw)


def _read_row_lines(lines: Sequence[Line], at: int, patterns: Patterns) -> tuple[Table | None, int]:
    rows: list[list[Chunk]] = []
    end = at
    for index in range(at, len(lines)):
        line = lines[index]
        if not line.text and "\t" not in line.raw:
            continue
        if not _is_row_line(line) or (rows and ends_table(line.text, patterns)):
            break
        rows.append([Chunk(cell.strip(), line.number, line.number) for cell in line.raw.split("\t")])
        end = index + 1
    width = _common_width(rows)
    if width < 2 or (width == 2 and len(rows) == 1 and not rows[0][0].text):
        return None, at + 1
    return chunks_to_table([_trim(row, width) for row in rows]), end


def _common_width(rows: Sequence[Sequence[Chunk]]) -> int:
    widths = Counter(len(row) for row in rows)
    return max(widths, key=lambda w: (widths[w], w)) if widths else 0


def _trim(row: list[Chunk], width: int) -> list[Chunk]:
    """Without the empty cells that a stray tab at the line's end makes."""
    while len(row) > width and not row[-1].text:
        row = row[:-1]
    return row


# --- one cell a line ----------------------------------------------------------------------------------------------


def _read_cell_lines(lines: Sequence[Line], at: int, patterns: Patterns) -> tuple[Table | None, int]:
    rows, end = _collect_rows(lines, at)
    cells = [cell for row in rows for cell in row]
    header = _find_header(cells, patterns)
    width = _common_width([row for row in rows if len(row) > 1])
    if header is not None and header >= _HEADER_WITHIN:
        if width < 3:
            return None, max(at + 1, _line_index(lines, at, cells[header].first))  # indented text down to the header
        header = None
    if header is None and (width < 3 or width > 12 or sum(len(row) > 1 for row in rows) < 2):
        return None, max(at + 1, end)  # tabs that indent paragraphs, or a letterhead
    if header is not None and len(rows) == 1:
        width = count_titles((c.text for c in cells[header:]), patterns)
        rows = [cells[n : n + width] for n in range(header, len(cells), width)]
    return chunks_to_table([part for row in rows for part in _split_long(row, width)]), end


def _find_header(cells: Sequence[Chunk], patterns: Patterns) -> int | None:
    """The first cell of the titles."""
    texts = [cell.text for cell in cells]
    return next((n for n in range(len(texts)) if count_titles(texts[n : n + _MAX_TITLES], patterns)), None)


def _line_index(lines: Sequence[Line], at: int, number: int) -> int:
    return at + number - lines[at].number


def _collect_rows(lines: Sequence[Line], at: int) -> tuple[list[list[Chunk]], int]:
    """Cells by their tabs. A blank line, or a space before the tab, begins a row; a line without a tab goes on."""
    rows: list[list[Chunk]] = [[]]
    blank, end = False, at
    for index in range(at, len(lines)):
        line = lines[index]
        if _CELL_LINE.fullmatch(line.raw):
            if rows[-1] and (blank or line.raw[0] == " "):
                rows.append([])
            rows[-1].append(Chunk(line.text, line.number, line.number))
        elif not line.text:
            blank = True
            continue
        elif rows[-1] and _continues(lines, index, blank, rows[-1][-1]):
            cell = rows[-1][-1]
            rows[-1][-1] = Chunk(f"{cell.text}\n{line.text}".strip(), cell.first, line.number)
        else:
            break
        blank, end = False, index + 1
    return [row for row in rows if any(cell.text for cell in row)], end


def _continues(lines: Sequence[Line], index: int, blank: bool, cell: Chunk) -> bool:
    """Whether a line without a tab is a further line of the cell before it and not text after the table."""
    text = lines[index].text
    if "\t" in lines[index].raw or (is_caps(text) and not is_caps(cell.text)):
        return False
    ahead = [line for line in lines[index + 1 : index + 1 + _LOOK_AHEAD] if line.text or line.raw]
    return not blank or any(_CELL_LINE.fullmatch(line.raw) for line in ahead)


def _split_long(row: list[Chunk], width: int) -> list[list[Chunk]]:
    """Rows that ran together because the blank line between them was lost: twice or three times the width."""
    if width < 3 or len(row) < 2 * width or len(row) % width:
        return [row]
    return [row[n : n + width] for n in range(0, len(row), width)]
