"""Tables joined over page ends: repeated headers dropped, rows that a page end cut put together again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cchc_extract.clean.wording import is_open
from cchc_extract.model import Block, Cell, Row, Table
from cchc_extract.normalise.markers import parse_marker
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold, squash

_WORD = re.compile(r"\w+")
_ENDED = (".", ";", ":", "!", "?")


def join_tables(blocks: Sequence[Block], patterns: Patterns) -> list[Block]:
    """The blocks with tables that go on in the next table made one, and each table's rows whole."""
    out: list[Block] = []
    for block in blocks:
        before = out[-1] if out else None
        if isinstance(block, Table) and isinstance(before, Table) and _goes_on(before, block, patterns):
            out[-1] = Table((*before.rows, *block.rows), before.span.to(block.span))
        else:
            out.append(block)
    return [_make_whole(_join_cell_lines(b, patterns), patterns) if isinstance(b, Table) else b for b in out]


def _join_cell_lines(table: Table, patterns: Patterns) -> Table:
    """The table with lines of a cell that are one sentence broken at the column's width put together."""
    if not any("\n" in cell.text for row in table.rows for cell in row.cells):
        return table
    rows = (
        replace(
            row,
            cells=tuple(replace(c, text=_join_lines(c.text, patterns)) if "\n" in c.text else c for c in row.cells),
        )
        for row in table.rows
    )
    return replace(table, rows=tuple(rows))


def _join_lines(text: str, patterns: Patterns) -> str:
    first, *rest = text.split("\n")
    lines = [first]
    for line in rest:
        if _line_goes_on(lines[-1], line, patterns):
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
    return "\n".join(lines)


def _line_goes_on(before: str, line: str, patterns: Patterns) -> bool:
    """Whether a cell's line begins in mid-sentence: with a small letter, or after a word that asks for another."""
    if parse_marker(line, patterns) is not None or before.endswith(_ENDED):
        return False
    return line[:1].islower() or is_open(before, patterns)


def _goes_on(before: Table, after: Table, patterns: Patterns) -> bool:
    """Whether a table right after another is its next page: the same header again, or the same width without one."""
    if _row_key(before.rows[0]) == _row_key(after.rows[0]):
        return True
    if any(patterns.rule("recipients.start").match(fold(cell.text)) for cell in after.rows[0].cells):
        return False
    widths = {len(row.cells) for row in before.rows[-3:]}
    return len(before.rows) > 2 and len(after.rows[0].cells) in widths and max(widths) > 2


def _row_key(row: Row) -> str:
    return squash(" ".join(cell.text for cell in row.cells))


def _opens_like(row: Row, word: str) -> bool:
    """Whether a row's first word is this one: its whole key is dear, and nearly every row differs here already."""
    opening = next((match for cell in row.cells if (match := _WORD.search(cell.text))), None)
    return opening is not None and opening[0].lower() == word


def _make_whole(table: Table, patterns: Patterns) -> Table:
    header = _row_key(table.rows[0])
    first = header.partition(" ")[0]
    is_header = sum(_is_title(cell.text, patterns) for cell in table.rows[0].cells) >= 2
    rows: list[Row] = [table.rows[0]]
    cut = False  # a page ended above: the next row may be the rest of the one before
    for row in table.rows[1:]:
        if is_header and _opens_like(row, first) and _row_key(row) == header:
            cut = True
        elif len(rows) > 1 and _is_rest(rows[-1], row, cut):
            rows[-1], cut = _join_rows(rows[-1], row), False
        else:
            rows.append(row)
            cut = False
    return replace(table, rows=tuple(rows))


def _is_title(text: str, patterns: Patterns) -> bool:
    folded = fold(" ".join(text.split()))
    return 0 < len(folded) <= 80 and any(rule.search(folded) for rule in patterns.group("column"))


def _is_rest(before: Row, row: Row, cut: bool) -> bool:
    """Whether a row only holds the rest of the words of the row above: no number, words going on in mid-sentence."""
    filled = [n for n, cell in enumerate(row.cells) if cell.text]
    if not filled or filled[0] == 0 or len(row.cells) != len(before.cells):
        return False
    goes_on = [
        before.cells[n].text and not before.cells[n].text.endswith(_ENDED) and row.cells[n].text[:1].islower()
        for n in filled
    ]
    return all(goes_on) and (cut or len(filled) > 1 or not before.cells[filled[0]].text.endswith(")"))


def _join_rows(before: Row, rest: Row) -> Row:
    cells = tuple(_join_cells(a, b) for a, b in zip(before.cells, rest.cells, strict=True))
    return Row(cells, before.span.to(rest.span))


def _join_cells(a: Cell, b: Cell) -> Cell:
    return replace(a, text=f"{a.text} {b.text}".strip()) if b.text else a
