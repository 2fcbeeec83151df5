"""Tables told by bars: a bar after each cell, bars alone between the cells, or Markdown pipes.

Apart from Markdown rows all of them are one stream of cells and bars. Two bars with nothing between them part two
rows, or hold an empty cell; which of both is told by how many cells the row has so far.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from cchc_extract.model import Table
from cchc_extract.patterns import Patterns, Rule
from cchc_extract.readers.flat_tables.lines import Chunk, Line, chunks_to_table, count_titles
from cchc_extract.vietnamese import fold, is_caps

_MARKDOWN_RULE = re.compile(r"[|\s:+-]*-[|\s:+-]*")
_ORDINAL = re.compile(r"\(?(\d{1,3}|[IVXL]{1,6})[.)]?(?:\s|$)|(\d{1,2})\.(?=\D)")
_MAX_LINES, _MAX_CHARS = 20, 1600  # a cell longer than this is text between two tables


def read_bar_table(lines: Sequence[Line], at: int, patterns: Patterns) -> tuple[Table, int] | None:
    """The table that begins at line `at`, and the index of the line after it; None where the bar is no cell's."""
    if _row_cells(lines[at]) is not None:
        return _read_markdown(lines, at)
    chunks, end = _collect_chunks(lines, at, patterns.rule("caption.attached"))
    rows = _chunks_to_rows(chunks, patterns)
    return (chunks_to_table(rows), end) if rows else None


# --- Markdown rows ------------------------------------------------------------------------------------------------


def _row_cells(line: Line) -> list[Chunk] | None:
    """The cells of a line that holds a whole row: bars with words on both sides."""
    inner = line.text.strip("|")
    if "|" not in inner and not (len(line.text) > 2 and line.text[0] == line.text[-1] == "|"):
        return None
    text = line.text[1:] if line.text[0] == "|" else line.text
    text = text[:-1] if text[-1:] == "|" else text
    return [Chunk(cell.strip(), line.number, line.number) for cell in text.split("|")]


def _read_markdown(lines: Sequence[Line], at: int) -> tuple[Table, int] | None:
    rows: list[list[Chunk]] = []
    end = at
    for index in range(at, len(lines)):
        if not lines[index].text:
            break
        cells = _row_cells(lines[index])
        if cells is None:
            break
        if not _MARKDOWN_RULE.fullmatch(lines[index].text):
            rows.append(cells)
        end = index + 1
    boxed = any(lines[at].text[n] == "|" for n in (0, -1))
    return (chunks_to_table(rows), end) if len(rows) > 1 or boxed else None


# --- a stream of cells and bars -----------------------------------------------------------------------------------


def _collect_chunks(lines: Sequence[Line], at: int, caption: Rule) -> tuple[list[Chunk], int]:
    """Cells and the empty stretches between bars, up to the last bar that still belongs to this table."""
    chunks: list[Chunk] = []
    held: list[Line] = []  # lines of a cell whose bar has not come yet
    index = end = at
    while index < len(lines):
        line = lines[index]
        if "|" not in line.text:
            stop = _next_bar(lines, index, caption)
            if stop is None:
                break
            held = [ln for ln in lines[index:stop] if ln.text]
            index = stop
            continue
        if _row_cells(line) is not None and not held:
            break
        pieces = line.text.split("|")
        for piece in pieces[:-1]:
            chunks.append(_make_chunk(held, piece.strip(), line.number))
            held = []
        if pieces[-1].strip():
            held = [Line(line.number, pieces[-1], pieces[-1].strip())]
        index = end = index + 1
    return chunks, end


def _make_chunk(held: Sequence[Line], last: str, number: int) -> Chunk:
    texts = [line.text for line in held] + ([last] if last else [])
    numbers = [line.number for line in held] + ([number] if last or not held else [])
    return Chunk("\n".join(texts), numbers[0], numbers[-1])


def _next_bar(lines: Sequence[Line], index: int, caption: Rule) -> int | None:
    """The line with the bar that closes the cell beginning at `index`; None where the text is no cell."""
    chars, blank_first = 0, not lines[index].text
    for ahead in range(index, min(index + _MAX_LINES, len(lines))):
        text = lines[ahead].text
        if "|" in text:
            return ahead if not blank_first or ahead - index <= 2 else None
        chars += len(text)
        if chars > _MAX_CHARS or caption.match(fold(text)) or (is_caps(text) and not _bar_is_near(lines, ahead)):
            return None
    return None


def _bar_is_near(lines: Sequence[Line], index: int) -> bool:
    """Whether a line in capitals is still a cell's: where bars stand alone, a letterhead's cell has some such lines."""
    alone = index > 0 and lines[index - 1].text == "|"
    reach = 8 if alone or is_caps(lines[index - 1].text) else 2
    return any("|" in line.text for line in lines[index + 1 : index + 1 + reach])


def _chunks_to_rows(chunks: Sequence[Chunk], patterns: Patterns) -> list[list[Chunk]]:
    chunks = list(chunks)
    while chunks and not chunks[0].text:
        chunks.pop(0)
    while chunks and not chunks[-1].text:
        chunks.pop()
    header = count_titles((chunk.text for chunk in chunks), patterns)
    header = header if header >= 3 else 0
    width = _row_width(chunks[header:], header)
    rows: list[list[Chunk]] = [chunks[:header]] if header else []
    return rows + _split_stream(chunks[header:], width)


def _row_width(chunks: Sequence[Chunk], header: int) -> int:
    """Cells a row: the commonest run between empty stretches, unless the header says otherwise.

    A row may be one shorter than the header: the first column's merged cells (the area) are often lost.
    """
    runs: Counter[int] = Counter()
    length = 0
    for chunk in [*chunks, Chunk("", 0, 0)]:
        if chunk.text:
            length += 1
        elif length:
            runs[length] += 1
            length = 0
    common = max((n for n in runs if n > 1), key=lambda n: (runs[n], n), default=max(runs, default=1))
    if header and common not in (header, header - 1):
        return header
    return common


def _split_stream(chunks: Sequence[Chunk], width: int) -> list[list[Chunk]]:
    rows: list[list[Chunk]] = []
    row: list[Chunk] = []
    last_ordinal: int | None = None
    for chunk in chunks:
        if row and (len(row) >= width or _begins_row(chunk, row, last_ordinal)):
            rows.append(row)
            last_ordinal = _ordinal(row[0]) or last_ordinal
            row = []
        if chunk.text or row:
            row.append(chunk)
    if row:
        rows.append(row)
    return [_without_empty_end(row, width) for row in rows]


def _ordinal(chunk: Chunk) -> int | None:
    match = _ORDINAL.match(chunk.text)
    digits = (match[1] or match[2]) if match else None
    return int(digits) if digits and digits.isdigit() else None


def _begins_row(chunk: Chunk, row: Sequence[Chunk], last_ordinal: int | None) -> bool:
    """A numbered cell after an unfinished row: under a group title alone in its row, or the next in the count."""
    ordinal = _ordinal(chunk)
    if ordinal is None:
        return False
    if len(row) == 1:
        return ordinal == 1 and _ORDINAL.match(row[0].text) is not None and _ordinal(row[0]) is None
    return last_ordinal is not None and _ordinal(row[0]) is not None and ordinal == (_ordinal(row[0]) or 0) + 1


def _without_empty_end(row: list[Chunk], width: int) -> list[Chunk]:
    """An unfinished row keeps no empty end: what stood there was the line between two rows."""
    if len(row) < width:
        while len(row) > 1 and not row[-1].text:
            row = row[:-1]
    return row
