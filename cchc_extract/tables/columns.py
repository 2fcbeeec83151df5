"""What the columns of a table hold: told by their titles, or by their cells where the header is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from cchc_extract.model import Cell, Row, Table
from cchc_extract.normalise.agencies import is_agency_list
from cchc_extract.normalise.columns import column_role
from cchc_extract.normalise.deadlines import DeadlineContext, parse_deadlines
from cchc_extract.normalise.markers import WIDE_KINDS, parse_marker
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold, is_caps, join_spaces

_TITLE_CHARS = 90
_DEADLINE_CHARS = 120
_NUMBER = re.compile(r"\s*(?:\d{1,3}(?:\.\d{1,3})*|[IVXL]{1,6}|[a-zđ])[.)]?\s*")
_VALUE = re.compile(r"[^\w]*\d[\d.,]*\s*(?:%|/\s*\d+)?\s*")
_COLUMN_NUMBER = re.compile(r"\(?\s*(?:\d{1,2}|[A-Z])(?:\s*=.*)?\s*\)?")
_SHARE = 0.6  # of a column's filled cells that must agree for it to be of a kind


@dataclass(frozen=True, slots=True)
class Columns:
    """Roles by position, the rows that are header, and whether times in it are last dates.

    Several columns of goals (one a year) are "goal", "goal.2" ...; `titles` holds the title of each of them.
    """

    roles: tuple[str | None, ...]
    header_rows: int
    last_dates: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def holds_scores(self) -> bool:
        return "goal" in self.roles and "deadline" not in self.roles and "product" not in self.roles

    @property
    def holds_tasks(self) -> bool:
        named = ("lead", "coordinating", "deadline", "product", "goal")
        return "task" in self.roles and any(role in self.roles for role in named)


def read_columns(table: Table, patterns: Patterns) -> Columns | None:
    """The columns of a table, None where neither titles nor cells make it one of tasks or targets."""
    titled = _by_titles(table, patterns)
    if titled is not None:
        return titled if titled.holds_scores or titled.holds_tasks else None
    guessed = Columns(_by_cells(table.rows, patterns), 0)
    return guessed if guessed.holds_tasks else None


def title_to_role(text: str, patterns: Patterns) -> str | None:
    folded = fold(join_spaces(text))
    return column_role(folded, patterns) if 0 < len(folded) <= _TITLE_CHARS else None


# --- by titles ----------------------------------------------------------------------------------------------------


def _by_titles(table: Table, patterns: Patterns) -> Columns | None:
    if any(_NUMBER.fullmatch(cell.text) for cell in table.rows[0].cells):
        return None  # a row with its running number: its short cells only sound like titles
    first = [title_to_role(cell.text, patterns) for cell in _spread(table.rows[0])]
    if "task" not in first:
        first = _promote(first)
    if sum(role is not None for role in first) < 2 or "task" not in first:
        return None
    header_rows, roles, titles = 1, first, [join_spaces(cell.text) for cell in _spread(table.rows[0])]
    if len(table.rows) > 1 and _is_second_header(table.rows[1], patterns):
        second = [title_to_role(cell.text, patterns) for cell in _spread(table.rows[1])]
        below = [join_spaces(cell.text) for cell in _spread(table.rows[1])]
        if len(second) == len(first):
            roles = [b or a for a, b in zip(first, second, strict=True)]
            below = [a if a == b else f"{a} {b}".strip() for a, b in zip(titles, below, strict=True)]
        titles = below if len(below) == len(titles) else titles + below
        header_rows = 2
    if len(table.rows) > header_rows and _is_number_row(table.rows[header_rows]):
        header_rows += 1
    last = patterns.rule("column.last_date")
    last_dates = any(last.search(fold(title)) for title in titles)
    once = _name_counts(_once(roles), table.rows[header_rows:])
    goals = {role: title for role, title in zip(once, titles, strict=False) if role and role.startswith("goal")}
    return Columns(_fit(once, table.rows[header_rows:]), header_rows, last_dates, goals)


def _promote(roles: Sequence[str | None]) -> list[str | None]:
    """A header without a title for the work: its column is then the one titled by field or product before agencies."""
    out = list(roles)
    for name in ("area", "product", "goal"):
        if name in out and "task" not in out and any(r in out for r in ("lead", "coordinating", "deadline")):
            out[out.index(name)] = "task"
    return out


def _spread(row: Row) -> list[Cell]:
    """The cells by column: one that covers several stands in each of them."""
    return [cell for cell in row.cells for _ in range(cell.col_span)]


def _is_second_header(row: Row, patterns: Patterns) -> bool:
    filled = [cell for cell in row.cells if cell.text.strip()]
    roles = [title_to_role(cell.text, patterns) for cell in filled]
    return len(filled) >= 2 and sum(r is not None for r in roles) >= 0.8 * len(filled) and "number" not in roles[1:]


def _is_number_row(row: Row) -> bool:
    """The row "(1) (2) (3)" under a header."""
    texts = [cell.text.strip() for cell in row.cells if cell.text.strip()]
    return len(texts) >= 3 and all(_COLUMN_NUMBER.fullmatch(text) for text in texts)


def _once(roles: Sequence[str | None]) -> list[str | None]:
    """Each role for one column: of two lead columns the second coordinates, of two of another kind the first holds."""
    out: list[str | None] = []
    for role in roles:
        out.append("coordinating" if role == "lead" and role in out and "coordinating" not in roles else role)
    for n, role in enumerate(out):
        if role == "goal" and role in out[:n]:
            out[n] = f"goal.{n}"  # a goal for each of several years
        elif role in out[:n] and role != "number":
            out[n] = "code" if role == "task" and out.index("task") == n - 1 else "note"
    return out


def _name_counts(roles: list[str | None], rows: Sequence[Row]) -> list[str | None]:
    """A column without a role between the running numbers and the work, full of enumerators, counts within groups."""
    if "task" not in roles or "code" in roles or "number" not in roles[: roles.index("task")]:
        return roles
    for n in range(roles.index("number") + 1, roles.index("task")):
        texts = [row.cells[n].text.strip() for row in rows if len(row.cells) == len(roles) and row.cells[n].text]
        counts = sum(_NUMBER.fullmatch(text) is not None for text in texts)
        if roles[n] in (None, "number") and texts and counts >= _SHARE * len(texts):
            return [*roles[:n], "code", *roles[n + 1 :]]
    return roles


def _fit(roles: Sequence[str | None], rows: Sequence[Row]) -> tuple[str | None, ...]:
    """Titles to the width that the rows have: a first column of merged cells is often lost below its title."""
    widths = [sum(cell.col_span for cell in row.cells) for row in rows]
    common = max(set(widths), key=widths.count, default=len(roles))
    short = [row for row, width in zip(rows, widths, strict=True) if width == len(roles) - 1]
    if common == len(roles) - 1 and roles[0] in ("area", "number") and not _keep_first(short, roles[0]):
        return tuple(roles[1:])
    return tuple(roles)


def _keep_first(rows: Sequence[Row], role: str | None) -> bool:
    """Whether rows that are short of a cell still begin with their running number, so that it was another one."""
    numbered = sum(_NUMBER.fullmatch(row.cells[0].text) is not None for row in rows if row.cells)
    return role == "number" and numbered > 0.5 * len(rows)


# --- by cells -----------------------------------------------------------------------------------------------------


def _by_cells(rows: Sequence[Row], patterns: Patterns) -> tuple[str | None, ...]:
    widths = [len(row.cells) for row in rows]
    width = max(set(widths), key=lambda w: (widths.count(w), w))
    columns = [[row.cells[n].text for row in rows if len(row.cells) == width] for n in range(width)]
    roles: list[str | None] = [_cells_to_role(column, patterns) for column in columns]
    agencies = [n for n, role in enumerate(roles) if role == "lead"]
    for n in agencies[1:]:
        roles[n] = "coordinating" if n == agencies[1] else "note"
    words = [n for n, role in enumerate(roles) if role is None and any(columns[n])]
    if not words or not agencies:
        return (None,) * width
    first = max(words, key=lambda n: (_numbered_share(columns[n], patterns), -n))
    for n in words:
        roles[n] = "task" if n == first else "product" if n > first and "product" not in roles else "area"
    return tuple(roles)


def _cells_to_role(cells: Sequence[str], patterns: Patterns) -> str | None:
    filled = [cell for cell in cells if cell.strip()]
    if not filled:
        return None
    if _share(filled, lambda cell: _NUMBER.fullmatch(cell) is not None) >= _SHARE:
        return "number"
    if _share(filled, lambda cell: is_agency_list(cell, patterns)) >= _SHARE:
        return "lead"
    if _share(filled, lambda cell: is_deadline(cell, patterns)) >= _SHARE:
        return "deadline"
    if len(filled) < 0.5 * len(cells) and _share(filled, lambda cell: _is_group_title(cell, patterns)) >= _SHARE:
        return "area"
    return None


def _share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(test(cell) for cell in cells) / len(cells)


def is_deadline(text: str, patterns: Patterns) -> bool:
    """Whether a cell holds nothing but times."""
    short = len(text) <= _DEADLINE_CHARS
    return short and bool(parse_deadlines(join_spaces(text), DeadlineContext(None, None), patterns))


def is_value(text: str) -> bool:
    """Whether a cell holds a number and little else.

    >>> [is_value(t) for t in ("8.5", "≥ 90%", "10/63", "Sở Nội vụ", "")]
    [True, True, True, False, False]
    """
    return _VALUE.fullmatch(text.strip()) is not None


def _is_group_title(text: str, patterns: Patterns) -> bool:
    marker = parse_marker(text, patterns)
    return is_caps(text) or (marker is not None and marker.kind in WIDE_KINDS)


def _numbered_share(cells: Sequence[str], patterns: Patterns) -> float:
    filled = [cell for cell in cells if cell.strip()]
    numbered = sum(parse_marker(cell, patterns) is not None for cell in filled)
    return round(numbered / len(filled), 1) if filled else 0.0
