"""A stream of cells to rows, where the line between two rows is lost or cannot be told from an empty cell.

Every way to cut the stream into rows has a cost: cells that do not suit their column, rows that are short, bars that
stand for nothing. The cheapest way is taken, so that one bar too many or too few costs its own row and no other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cchc_extract.normalise.agencies import is_agency_list
from cchc_extract.normalise.deadlines import DeadlineContext, parse_deadlines
from cchc_extract.patterns import Patterns
from cchc_extract.readers.flat_tables.lines import Chunk, count_titles, title_to_role

_ORDINAL = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[IVXL]{1,6}|[A-Za-zđĐ])[.)]{0,2}|[-+]")
_TITLE = re.compile(r"(?:[IVXL]{1,6}|[A-Z])[.)]\s*[^\W\d]")
_ITEM = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zđ])[.)]\s*[^\W\d]")
_VALUE = re.compile(r"[^\w]*\d[\d.,]*\s*(?:%|/\s*\d+)?\s*")
_AGENCY_CHARS, _TIME_CHARS = 400, 120
_MAX_WIDTH = 14

_KINDS = ("empty", "number", "value", "agency", "time", "title", "item", "words")

# What a cell of a kind costs in a column of a role; 0 where nothing is said. Kinds are those of `_cell_kind`.
_COSTS = {
    "number": {"words": 2.0, "agency": 2.0, "time": 2.0},
    "code": {"words": 1.0, "agency": 1.0, "time": 1.0},
    "area": {"number": 0.5, "agency": 1.0, "time": 1.0, "item": 1.0},
    "task": {"empty": 0.5, "number": 2.0, "agency": 1.5, "time": 1.5},
    "product": {"number": 1.5, "agency": 0.7, "time": 1.0, "title": 1.0},
    "lead": {"number": 2.0, "time": 2.0, "words": 0.6},
    "coordinating": {"number": 2.0, "time": 2.0, "words": 0.5},
    "deadline": {"number": 1.5, "agency": 2.0, "words": 0.4},
    "goal": {"words": 1.0, "agency": 1.0, "time": 1.0},
    "max": {"words": 1.0, "agency": 1.0, "time": 1.0},
    "rank": {"words": 1.0, "agency": 1.0, "time": 1.0},
}
_NO_CLOSER = 0.7  # a row without the bar that closes rows elsewhere in its table
_STRAY_BAR = 0.6
_SHORT, _TITLE_ROW, _LOST_FIRST = 1.0, 0.6, 0.5  # rows short of cells; title rows; rows short of the first cell only
_OPEN_TITLE_ROW = 0.9  # a title row that no bar closes
_LATE_NUMBER = 1.0  # a running number behind the first cell, in a table without titles


class _Shape(NamedTuple):
    """How a table may be laid out: its columns' roles (None where unknown) and what each kind of cell costs there, and
    whether a bar closes each row."""

    roles: tuple[str | None, ...]
    columns: tuple[Mapping[str, float], ...]
    closed: bool

    @property
    def width(self) -> int:
        return len(self.roles)


class _Step(NamedTuple):
    """A stretch of the stream read as one row (`cells` of them) or passed over, and the bars behind it."""

    cells: int
    passed: int
    cost: float


def chunks_to_rows(chunks: Sequence[Chunk], patterns: Patterns) -> list[list[Chunk]]:
    """Rows of the stream in order, a header first where it has one. Empty chunks between rows are dropped."""
    header = _header_length(chunks, patterns)
    body = chunks[header:]
    known = {text: _cell_kind(text, patterns) for text in {chunk.text for chunk in body}}
    kinds = [known[chunk.text] for chunk in body]
    shape, steps = _cheapest(kinds, _shapes(chunks[:header], kinds, patterns))
    rows: list[list[Chunk]] = [list(chunks[:header])] if header else []
    at = 0
    for step in steps:
        if step.cells:
            rows.append(_without_empty_end(list(body[at : at + step.cells]), shape.width))
        at += step.cells + step.passed
    return rows


def _header_length(chunks: Sequence[Chunk], patterns: Patterns) -> int:
    """Cells of the header: up to the bar that closes it where that follows a run of titles, else the titles alone."""
    titles = count_titles((chunk.text for chunk in chunks), patterns)
    if not titles:
        return 0
    run = next((n for n, chunk in enumerate(chunks) if not chunk.text), len(chunks))
    begun = any(_ORDINAL.fullmatch(chunk.text) or _ITEM.match(chunk.text) for chunk in chunks[titles:run])
    return run if titles <= run <= titles + 2 and run <= _MAX_WIDTH and not begun else titles


def _cell_kind(text: str, patterns: Patterns) -> str:
    if not text:
        return "empty"
    if _ORDINAL.fullmatch(text):
        return "number"
    if _VALUE.fullmatch(text):
        return "value"
    if len(text) <= _AGENCY_CHARS and is_agency_list(text, patterns):
        return "agency"
    if _TITLE.match(text) or _ITEM.match(text):
        return "title" if _TITLE.match(text) else "item"
    words = " ".join(text.split())
    if len(words) <= _TIME_CHARS and parse_deadlines(words, DeadlineContext(None, None), patterns):
        return "time"
    return "words"


def _shapes(header: Sequence[Chunk], kinds: Sequence[str], patterns: Patterns) -> Iterator[_Shape]:
    """The layouts to try: the header's width, one less (a lost first column); without a header the commonest runs."""
    roles = tuple(title_to_role(chunk.text, patterns) for chunk in header)
    found = [roles, roles[1:]] if roles else [(None,) * width for width in _common_runs(kinds)]
    for each in found:
        costs = _column_costs(each)
        for closed in (True, False):
            yield _Shape(each, costs, closed)


def _common_runs(kinds: Sequence[str]) -> list[int]:
    """The two commonest lengths of runs of filled cells, the longer first among equals."""
    runs: Counter[int] = Counter()
    length = 0
    for kind in [*kinds, "empty"]:
        if kind != "empty":
            length += 1
        elif length:
            runs[length] += 1
            length = 0
    likely = [n for n in runs if 1 < n <= _MAX_WIDTH] or [min(max(runs, default=1), _MAX_WIDTH)]
    return sorted(likely, key=lambda n: (-runs[n], -n))[:2]


# --- the cheapest way ---------------------------------------------------------------------------------------------


def _cheapest(kinds: Sequence[str], shapes: Iterable[_Shape]) -> tuple[_Shape, list[_Step]]:
    """The shape that the stream is cut into at the least cost, the first among equals, and the cut."""
    ways: list[tuple[float, _Shape, list[_Step]]] = []
    for shape in shapes:
        cost, steps = _cut(kinds, shape)
        ways.append((cost, shape, steps))
        if cost <= _STRAY_BAR:  # all fits, but for the bar that closes the header: no other shape will fit better
            break
    _, shape, steps = min(ways, key=lambda way: way[0])
    return shape, steps


def _cut(kinds: Sequence[str], shape: _Shape) -> tuple[float, list[_Step]]:
    """The cheapest way to cut the stream into rows of this shape, and what it costs."""
    best: list[tuple[float, _Step | None]] = [(0.0, None), *((float("inf"), None) for _ in kinds)]
    for at in range(len(kinds)):
        cost = best[at][0]
        if cost == float("inf"):
            continue
        for step in _steps(kinds, at, shape):
            end = at + step.cells + step.passed
            if cost + step.cost < best[end][0]:
                best[end] = (cost + step.cost, step)
    steps: list[_Step] = []
    at = len(kinds)
    while at and (step_in := best[at][1]) is not None:
        steps.append(step_in)
        at -= step_in.cells + step_in.passed
    return best[-1][0], steps[::-1]


def _steps(kinds: Sequence[str], at: int, shape: _Shape) -> Iterator[_Step]:
    """What may stand at this place: a bar for nothing, a whole row, a row short of cells."""
    empty = kinds[at] == "empty"
    if empty:
        yield _Step(0, 1, _STRAY_BAR)
    left, width = len(kinds) - at, shape.width
    row = kinds[at : at + width]
    if len(row) == width and (not empty or row.count("empty") < width):
        yield from _close(kinds, at, width, shape, _misfit(row, shape.columns))
    if empty:
        return
    for cells in range(1, min(width, left + 1)):
        end = at + cells
        if end == len(kinds) or kinds[end] == "empty":
            if kinds[end - 1] == "empty":
                continue
            yield _Step(cells, int(end < len(kinds)), _short_cost(kinds[at:end], shape))
        elif cells <= 2 and _is_open_title(kinds, at, end, shape):
            yield _Step(cells, 0, _OPEN_TITLE_ROW)


def _is_open_title(kinds: Sequence[str], at: int, end: int, shape: _Shape) -> bool:
    """A title row that no bar closes: "II. ..." before the next number, or "II" and its title in two cells."""
    if end - at == 1:
        return kinds[at] == "title" and kinds[end] in ("number", "item")
    return end - at == 2 and shape.roles[0] == "number" and kinds[at] == kinds[end] == "number"


def _close(kinds: Sequence[str], at: int, width: int, shape: _Shape, cost: float) -> Iterator[_Step]:
    """A whole row with and without the bar that closes it."""
    end = at + width
    last = end == len(kinds)
    yield _Step(width, 0, cost + (_NO_CLOSER if shape.closed and not last else 0.0))
    if shape.closed and not last and kinds[end] == "empty":
        yield _Step(width, 1, cost)


def _misfit(kinds: Sequence[str], columns: Sequence[Mapping[str, float]]) -> float:
    return sum([costs[kind] for kind, costs in zip(kinds, columns, strict=False)])


def _column_costs(roles: Sequence[str | None]) -> tuple[Mapping[str, float], ...]:
    """Per column what each kind costs. Titles and items are words, where nothing else is said of them; where no role
    is known, a running number stands in the first column."""
    if not any(roles):
        return tuple({kind: _LATE_NUMBER * (n > 0 and kind == "number") for kind in _KINDS} for n in range(len(roles)))
    return tuple({kind: _cost(kind, _COSTS.get(role or "", {})) for kind in _KINDS} for role in roles)


def _cost(kind: str, costs: Mapping[str, float]) -> float:
    return costs.get(kind, costs.get("words", 0.0) if kind in ("title", "item") else 0.0)


def _short_cost(kinds: Sequence[str], shape: _Shape) -> float:
    """A row that lost cells costs by how many: title rows have one or two, rows under a merged cell lack the first."""
    if len(kinds) == shape.width - 1 and shape.width > 3:
        return _LOST_FIRST + min(_misfit(kinds, shape.columns[1:]), _misfit(kinds, shape.columns))
    if len(kinds) <= 2:
        return _TITLE_ROW + (_misfit(kinds, shape.columns) if len(kinds) == 2 else 0.0)
    return _SHORT


def _without_empty_end(row: list[Chunk], width: int) -> list[Chunk]:
    """An unfinished row keeps no empty end: what stood there was the line between two rows."""
    if len(row) < width:
        while len(row) > 1 and not row[-1].text:
            row = row[:-1]
    return row
