"""Runs of blocks that stand twice: the second copy is taken out and recorded.

Web copies of plans repeat whole stretches. Lines that rightly recur (times, agencies, a sentence of the body in the
appendix) do not come in long runs of long sentences, and that is what tells the two apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from cchc_extract.model import Block, Duplicate, Paragraph, Span, Table
from cchc_extract.normalise.likeness import likeness
from cchc_extract.vietnamese import strip_marks

_MIN_SENTENCES = 3  # long sentences of its own that a run must hold to be a copy
_MIN_CHARS = 500  # and how much text
_SENTENCE = 70  # characters: shorter units are labels, names or times
_RARE = 4  # a unit that stands more often than this recurs rightly
_SPACED = bytes(code if chr(code).isalnum() else 32 for code in range(128)) + bytes(128)
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())
_SAME = 92.0  # similarity of two units that one slip of recognition apart are the same


class _Unit(NamedTuple):
    """A paragraph or a table row, with what two copies of it have in common."""

    block: int
    row: int | None
    key: str
    span: Span


def remove_repeats(blocks: Sequence[Block]) -> tuple[list[Block], list[Duplicate]]:
    """The blocks without second copies, and a record of each copy and of what it repeats."""
    if not _may_repeat(blocks):
        return list(blocks), []
    units = _blocks_to_units(blocks)
    runs = _find_runs(units)
    drop = {(units[n].block, units[n].row) for _, start, size in runs for n in range(start, start + size)}
    records = [
        Duplicate(units[start].span.to(units[start + size - 1].span), units[of].span.to(units[of + size - 1].span))
        for of, start, size in runs
    ]
    kept = [left for n, block in enumerate(blocks) if (left := _without(block, n, drop)) is not None]
    return kept, records


def _may_repeat(blocks: Sequence[Block]) -> bool:
    """Whether any long unit stands twice, told by its ASCII letters alone: comparing whole units is dear."""
    texts = (text for block in blocks for text in _unit_texts(block) if len(text) >= _SENTENCE)
    seen: set[bytes] = set()
    for text in texts:
        letters = text.lower().encode("ascii", "ignore").translate(None, _NO_LETTERS)
        if letters in seen:
            return True
        seen.add(letters)
    return False


def _unit_texts(block: Block) -> list[str]:
    if isinstance(block, Paragraph):
        return [block.text]
    return [" ".join(cell.text for cell in row.cells) for row in block.rows]


def _blocks_to_units(blocks: Sequence[Block]) -> list[_Unit]:
    units = []
    for n, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            units.append(_Unit(n, None, _key(block.text), block.span))
        else:
            texts = _unit_texts(block)
            units += [_Unit(n, r, _key(texts[r]), row.span) for r, row in enumerate(block.rows)]
    return units


def _key(text: str) -> str:
    """The words of a text as letters without marks and digits.

    >>> _key("1. Các Sở,  ban; ngành!")
    '1 cac so ban nganh'
    """
    return " ".join(strip_marks(text.lower()).encode("ascii", "ignore").translate(_SPACED).decode().split())


def _find_runs(units: Sequence[_Unit]) -> list[tuple[int, int, int]]:
    """(first copy, second copy, length) of every repeated run, in order, none overlapping."""
    seen: dict[str, list[int]] = defaultdict(list)
    for n, unit in enumerate(units):
        if len(unit.key) >= _SENTENCE:
            seen[unit.key].append(n)
    runs: list[tuple[int, int, int]] = []
    done = 0  # units before this are settled
    for n, unit in enumerate(units):
        places = seen.get(unit.key, ())
        if n < done or len(places) < 2 or len(places) > _RARE or places[0] == n:
            continue
        for first in (p for p in places if p < n):
            of, start, size = _grow(units, first, n, done)
            if _is_copy(units[start : start + size], seen):
                runs.append((of, start, size))
                done = start + size
                break
    return runs


def _grow(units: Sequence[_Unit], first: int, second: int, done: int) -> tuple[int, int, int]:
    """The longest run of equal units around one equal pair, forwards and backwards, the copies not overlapping."""
    size = 1
    while first + size < second and second + size < len(units) and _same(units[first + size], units[second + size]):
        size += 1
    while first > 0 and second > max(done, first + size) and _same(units[first - 1], units[second - 1]):
        first, second, size = first - 1, second - 1, size + 1
    return first, second, size


def _same(a: _Unit, b: _Unit) -> bool:
    if a.key == b.key:
        return True
    if len(a.key) < _SENTENCE or abs(len(a.key) - len(b.key)) > 0.1 * len(a.key):
        return False
    return likeness(a.key, b.key, _SAME) > 0


def _is_copy(run: Sequence[_Unit], seen: dict[str, list[int]]) -> bool:
    sentences = {unit.key for unit in run if 2 <= len(seen.get(unit.key, ())) <= _RARE}
    return len(sentences) >= _MIN_SENTENCES and sum(len(key) for key in sentences) >= _MIN_CHARS


def _without(block: Block, number: int, drop: set[tuple[int, int | None]]) -> Block | None:
    if isinstance(block, Paragraph):
        return None if (number, None) in drop else block
    rows = tuple(row for r, row in enumerate(block.rows) if (number, r) not in drop)
    if len(rows) == len(block.rows):
        return block
    return Table(rows, block.span) if rows else None
