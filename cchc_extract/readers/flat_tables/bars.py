"""Tables told by bars: a bar after each cell, bars alone between the cells, or Markdown pipes.

Apart from Markdown rows all of them are one stream of cells and bars. Two bars with nothing between them part two
rows, or hold an empty cell; which of both is told by how many cells the row has so far.
"""

from __future__ import annotations

from collections.abc import Sequence

from cchc_extract.model import Table
from cchc_extract.patterns import Patterns
from cchc_extract.readers.flat_tables.lines import (
    Chunk,
    Line,
    chunks_to_table,
    ends_table,
)
from cchc_extract.readers.flat_tables.markdown import is_row, read_markdown, split_bars
from cchc_extract.readers.flat_tables.stream import chunks_to_rows
from cchc_extract.vietnamese import fold, is_caps

_MAX_LINES, _MAX_CHARS = 20, 1600  # a cell longer than this is text between two tables


def read_bar_table(lines: Sequence[Line], first: int, at: int, patterns: Patterns) -> tuple[Table, int] | None:
    """The table whose first bar stands on line `at` and whose first cell begins on `first`, and the index of the line
    after it; None where the bar is no cell's."""
    if is_row(lines[at]):
        return read_markdown(lines, at)
    chunks, end = _collect_chunks(lines, first, at, patterns)
    filled = [n for n, chunk in enumerate(chunks) if chunk.text]
    if not chunks:
        return None
    if not filled:  # nothing but bars
        return chunks_to_table([[Chunk("", chunks[0].first, chunks[-1].last)]]), end
    return chunks_to_table(chunks_to_rows(chunks[filled[0] : filled[-1] + 1], patterns)), end


# --- a stream of cells and bars -----------------------------------------------------------------------------------


def _collect_chunks(lines: Sequence[Line], first: int, at: int, patterns: Patterns) -> tuple[list[Chunk], int]:
    """Cells and the empty stretches between bars, up to the last bar that still belongs to this table."""
    chunks: list[Chunk] = []
    held = list(lines[first:at])  # lines of a cell whose bar has not come yet
    index = end = at
    while index < len(lines):
        line = lines[index]
        if chunks and not held and ends_table(line.text, patterns):
            break
        if "|" not in line.text:
            stop = _next_bar(lines, index, patterns)
            if stop is None:
                break
            held += [ln for ln in lines[index:stop] if ln.text]
            index = stop
            continue
        if is_row(line) and not held:
            break
        pieces = split_bars(line.text)
        for piece in pieces[:-1]:
            chunks.append(_make_chunk(held, piece, line.number))
            held = []
        if pieces[-1]:
            held = [Line(line.number, pieces[-1], pieces[-1])]
        index = end = index + 1
    if held:  # words behind the last bar
        chunks.append(_make_chunk(held, "", held[-1].number))
    return chunks, end


def _make_chunk(held: Sequence[Line], last: str, number: int) -> Chunk:
    texts = [line.text for line in held] + ([last] if last else [])
    numbers = [line.number for line in held] + ([number] if last or not held else [])
    return Chunk("\n".join(texts), numbers[0], numbers[-1])


def _next_bar(lines: Sequence[Line], index: int, patterns: Patterns) -> int | None:
    """The line with the bar that closes the cell beginning at `index`; None where the text is no cell."""
    caption = patterns.rule("caption.attached")
    chars, parted = 0, False
    for ahead in range(index, min(index + _MAX_LINES, len(lines))):
        text = lines[ahead].text
        if "|" in text:
            return ahead
        if text and (parted or ends_table(text, patterns)):
            return None  # a second paragraph: cells have blank lines around them and none inside
        parted = not text and chars > 0
        chars += len(text)
        if chars > _MAX_CHARS or caption.match(fold(text)) or (is_caps(text) and not _bar_is_near(lines, ahead)):
            return None
    return None


def _bar_is_near(lines: Sequence[Line], index: int) -> bool:
    """Whether a line in capitals is still a cell's: where bars stand alone, a letterhead's cell has some such lines."""
    before = lines[index - 1].text if index else ""
    reach = 8 if before == "|" or is_caps(before) else 2
    return any("|" in line.text for line in lines[index + 1 : index + 1 + reach])
