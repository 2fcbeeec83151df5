"""Rows of a table to entries: cells brought under their columns, cut rows put together, merged cells filled in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from cchc_extract.model import Cell, Row, Span, Table, Warn
from cchc_extract.normalise.agencies import is_agency_list, parse_agencies
from cchc_extract.normalise.markers import KINDS, WIDE_KINDS, Marker, parse_marker
from cchc_extract.patterns import Patterns
from cchc_extract.tables.columns import Columns, is_deadline, is_value
from cchc_extract.tables.grid import find_merged, settle_merged
from cchc_extract.vietnamese import is_caps, join_spaces

_WORK = ("product", "lead", "coordinating", "deadline", "goal", "max", "rank")
_NUMBER_CHARS = 8  # of a running number: longer words under it are a title
_WIDE_NUMBER = re.compile(r"(?:[IVXL]{1,6}|[A-Z])[.)]?")
_ORDINAL = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[IVXLivxl]{1,6}|[A-Za-zđĐ])[.)]{0,2}")


class Entry(NamedTuple):
    """A row read: its cells by role. `kind`: task | group; `marker` is the row's number or its cell's enumerator."""

    kind: str
    cells: dict[str, str]
    marker: str | None
    span: Span
    parsed: Marker | None = None
    inferred: tuple[str, ...] = ()


class _Layout(NamedTuple):
    """What holds for all rows of a table: whether its works have running numbers of their own, and in which column."""

    patterns: Patterns
    numbered: bool
    number_at: int
    code_at: int


def table_to_entries(table: Table, columns: Columns, patterns: Patterns) -> tuple[list[Entry], list[Warn]]:
    """The rows below the header as entries, in order; a row that fits nowhere is a warning."""
    entries: list[Entry] = []
    warnings: list[Warn] = []
    rows = table.rows[columns.header_rows :]
    layout = _Layout(patterns, _is_numbered(rows, columns), _place(columns, "number"), _place(columns, "code"))
    for at, row in enumerate(rows):
        title, row = _take_title(row, columns, patterns)
        if title is not None:
            entries.append(_make_group(title.text.strip(), Row((title,), title.span), patterns))
        merged = find_merged(row, columns.roles)
        cells = settle_merged(_row_to_cells(row, columns, patterns), merged)
        if not any(cells.values()):
            continue
        if "area" in cells and cells.get("task") and cells["area"]:
            entries.append(_make_group(cells.pop("area"), row, patterns))
        following = rows[at + 1] if at + 1 < len(rows) else None
        if "task" in merged or _is_continuation(cells, entries, following, patterns):
            if not _continue(entries, cells, row, "task" in merged):
                what = join_spaces(" | ".join(cell.text for cell in row.cells if cell.text))[:80]
                warnings.append(Warn("row-without-task", f"a row names no work and was left out: {what}", row.span))
        else:
            entry = _cells_to_entry(cells, row, following, layout)
            said_above = tuple(role for role in _WORK if role in merged and cells.get(role))
            entries.append(entry._replace(inferred=said_above) if said_above else entry)
    return _demote_groups(entries), warnings


def _take_title(row: Row, columns: Columns, patterns: Patterns) -> tuple[Cell | None, Row]:
    """A title ("II. ...") that stands in the row's first cell, one cell too many, before a work's own cells."""
    if len(row.cells) != len(columns.roles) + 1 or any(not cell.text.strip() for cell in row.cells[:2]):
        return None, row
    title, work = (parse_marker(cell.text.strip(), patterns) for cell in row.cells[:2])
    if title is None or work is None or title.kind not in WIDE_KINDS or work.kind in WIDE_KINDS:
        return None, row
    return row.cells[0], replace(row, cells=row.cells[1:])


# --- cells under columns ------------------------------------------------------------------------------------------


def _row_to_cells(row: Row, columns: Columns, patterns: Patterns) -> dict[str, str]:
    """Role -> words. A row of the table's width goes by position, any other is brought into line by its contents."""
    texts = [cell.text.strip() for cell in row.cells]
    wide = sum(cell.col_span for cell in row.cells)
    if wide != len(texts) and wide == len(columns.roles):
        texts = [t for cell in row.cells for t in [cell.text.strip(), *[""] * (cell.col_span - 1)]]
    if len(texts) == len(columns.roles):
        return _by_position(texts, columns.roles)
    while len(texts) > len(columns.roles) and "" in texts[2:]:
        texts.pop(len(texts) - 1 - texts[::-1].index(""))
    if len(texts) == len(columns.roles):
        return _by_position(texts, columns.roles)
    return _by_contents([part for text in texts if text for part in _split_mixed(text, patterns)], columns, patterns)


def _by_position(texts: Sequence[str], roles: Sequence[str | None]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for role, text in zip(roles, texts, strict=True):
        if role is not None and not cells.get(role):
            cells[role] = text
    if "rank" in cells and not cells["rank"]:
        _take_stray_rank(cells)
    if not cells.get("task") and len(cells.get("number", "")) > _NUMBER_CHARS:
        cells["task"], cells["number"] = cells["number"], ""  # "TỔNG ĐIỂM" under the running number
    return cells


def _take_stray_rank(cells: dict[str, str]) -> None:
    """A rank that slipped into the next column: an agency's cell does not hold "10/63"."""
    for role in ("lead", "coordinating", "note"):
        if "/" in cells.get(role, "") and is_value(cells[role]):
            cells["rank"], cells[role] = cells[role], ""


def _split_mixed(text: str, patterns: Patterns) -> list[str]:
    """Two cells that ran together: agencies, then a time on a line of its own."""
    head, newline, tail = text.partition("\n")
    if (
        newline
        and is_agency_list(head, patterns)
        and not is_agency_list(tail, patterns)
        and is_deadline(tail, patterns)
    ):
        return [head, tail]
    return [text]


def _by_contents(texts: Sequence[str], columns: Columns, patterns: Patterns) -> dict[str, str]:
    """Cells of a row that lost some, each under the column that suits it, in order (best total, no crossing)."""
    roles = columns.roles
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for at, text in enumerate(texts):
        fits = [_fit(text, role, patterns) for role in roles]
        ways = [
            (total + fits[n] + _after_number(roles, used, n), (*used, n))
            for total, used in best
            for n in range((used[-1] + 1) if used else 0, len(roles) - (len(texts) - at - 1))
        ]
        ends = {n: max((w for w in ways if w[1][-1] == n), key=lambda w: w[0]) for n in {w[1][-1] for w in ways}}
        best = list(ends.values())
        if not best:
            return {"task": "\n".join(texts)}
    chosen = max(best, key=lambda way: way[0])[1]
    cells = {role: "" for role in roles if role}
    for n, text in zip(chosen, texts, strict=True):
        cells[roles[n] or "note"] = text
    return cells


def _after_number(roles: Sequence[str | None], used: Sequence[int], column: int) -> float:
    """What stands behind a running number is the work, or the title over works."""
    return 0.5 if used and roles[used[-1]] == "number" and roles[column] == "task" else 0.0


def _fit(text: str, role: str | None, patterns: Patterns) -> float:
    """How well words suit a column."""
    agency = is_agency_list(text, patterns)
    time = not agency and is_deadline(text, patterns)
    marker = parse_marker(text, patterns)
    if role in ("lead", "coordinating"):
        grouped = agency and role == "coordinating" and _names_groups(text, patterns)
        return (2.0 + 0.5 * grouped) if agency else -2.0
    if role == "deadline":
        return 2.0 if time else -2.0
    if role == "number":
        return 1.5 if _ORDINAL.fullmatch(text) else -2.0
    if role == "area":
        return 1.0 if is_caps(text) or (marker is not None and marker.kind in WIDE_KINDS) else -1.5
    if role is not None and role.partition(".")[0] in ("goal", "max", "rank"):
        return 1.5 if is_value(text) else -1.5
    if agency or time:
        return -1.0
    if role == "task":
        return 1.2 if marker is not None else 0.8
    return 0.9 if role == "product" else -0.5


def _names_groups(text: str, patterns: Patterns) -> bool:
    """Several bodies with a collective among them: those who help, rarely the one who leads."""
    found = parse_agencies(text, patterns)
    return len(found) > 1 and any(agency.kind == "group" for agency in found)


# --- rows that go on ----------------------------------------------------------------------------------------------


def _is_continuation(
    cells: dict[str, str], entries: Sequence[Entry], following: Row | None, patterns: Patterns
) -> bool:
    """Whether a row names no work of its own: its task cell is empty, or all it holds goes on counting products."""
    if not entries or entries[-1].kind != "task":
        return not cells.get("task") and "number" not in {r for r, text in cells.items() if text}
    if not cells.get("task"):
        return any(cells.get(role) for role in _WORK)
    filled = [role for role, text in cells.items() if text]
    if filled != ["task"]:
        return False
    return _counts_on(cells["task"], entries[-1], following, patterns)


def _counts_on(text: str, before: Entry, following: Row | None, patterns: Patterns) -> bool:
    """ "2. ..." alone in a row, where the products above stopped at 1. and the next row is the work number 2."""
    marker = parse_marker(text, patterns)
    products = [m for line in before.cells.get("product", "").split("\n") if (m := parse_marker(line, patterns))]
    if marker is None or not products or products[-1].kind != marker.kind or marker.is_bullet:
        return False
    first = next((cell.text for cell in following.cells if cell.text), "") if following else ""
    again = parse_marker(first, patterns)
    is_next = products[-1].ordinals and marker.ordinals == (products[-1].ordinals[-1] + 1,)
    return bool(is_next) and (again is not None and again.ordinals == marker.ordinals)


def _continue(entries: list[Entry], cells: dict[str, str], row: Row, same_work: bool) -> bool:
    """Put a row's cells to the entry above; False where that has its own already and the work is not the same."""
    if not entries:
        return False
    before = entries[-1]
    cells = {("product" if role == "task" else role): text for role, text in cells.items() if text}
    taken = [role for role in cells if before.cells.get(role) and role not in ("product", "number", "code", "area")]
    if before.kind != "task" or (taken and not same_work):
        return False
    merged = dict(before.cells)
    for role, text in cells.items():
        if text not in merged.get(role, "").split("\n"):
            merged[role] = f"{merged[role]}\n{text}" if merged.get(role) else text
    entries[-1] = before._replace(cells=merged, span=before.span.to(row.span))
    return True


# --- entries ------------------------------------------------------------------------------------------------------


def _is_numbered(rows: Sequence[Row], columns: Columns) -> bool:
    """Whether the works have running numbers in a column of their own."""
    if "number" not in columns.roles:
        return False
    at = columns.roles.index("number")
    filled = sum(len(row.cells) > at and row.cells[at].text.strip().rstrip(".").isdigit() for row in rows)
    return filled >= 0.4 * len(rows)


def _cells_to_entry(cells: dict[str, str], row: Row, following: Row | None, layout: _Layout) -> Entry:
    number = (cells.get("number") or "").strip()
    task = cells.get("task", "") or cells.get("area", "")
    marker = parse_marker(task, layout.patterns)
    code = (cells.get("code") or "").strip()
    kind = "group" if _is_title_row(cells, number, following, layout) else "task"
    words, text = (marker.text, task[marker.end :]) if marker is not None else (number or code, task)
    parsed = marker or _parse_number(words, layout.patterns)
    return Entry(kind, {**cells, "task": text}, words or None, row.span, parsed)


def _is_title_row(cells: dict[str, str], number: str, following: Row | None, layout: _Layout) -> bool:
    """Whether a row is a title over others: nothing but words, or among numbered works one that has no number.

    Where works are numbered, a bare row with a number is a work whose other cells are merged with those above, unless
    the next number goes on from it (1, then 1.1).
    """
    filled = [role for role in _WORK if cells.get(role)]
    if layout.numbered and not number:
        words = cells.get("code") or (is_caps(cells.get("task", "")) and cells["task"])
        counted = _counts_below(cells.get("code", ""), following, layout)
        return not filled or counted or (bool(words) and filled in (["lead"], ["lead", "coordinating"]))
    if layout.numbered and not filled:
        if _WIDE_NUMBER.fullmatch(number):
            return True  # "I", "A": works are counted with figures
        below = _text_at(following, layout.number_at)
        return below.startswith(f"{number.rstrip('.')}.") and below.rstrip(".") != number.rstrip(".")
    return not filled


def _counts_below(code: str, following: Row | None, layout: _Layout) -> bool:
    """Whether the next row opens a count under this row's own: "a)" below "1", where works have running numbers."""
    above = _parse_number(code.strip(), layout.patterns)
    below = parse_marker(f"{_text_at(following, layout.code_at)} a", layout.patterns)
    if above is None or below is None or not _text_at(following, layout.number_at):
        return False
    return below.ordinals[-1:] == (1,) and KINDS.index(below.kind) > KINDS.index(above.kind)


def _text_at(row: Row | None, column: int) -> str:
    return row.cells[column].text.strip() if row is not None and len(row.cells) > column else ""


def _place(columns: Columns, role: str) -> int:
    return columns.roles.index(role) if role in columns.roles else 0


def _parse_number(words: str, patterns: Patterns) -> Marker | None:
    """The enumerator of a number that stands in a cell of its own, without its stop."""
    return parse_marker(f"{words.rstrip('.')}. a", patterns) if words else None


def _make_group(title: str, row: Row, patterns: Patterns) -> Entry:
    marker = parse_marker(title, patterns)
    text = title[marker.end :] if marker else title
    return Entry("group", {"task": text}, marker.text if marker else None, row.span, marker)


def _demote_groups(entries: Sequence[Entry]) -> list[Entry]:
    """A group title without rows below it is a work whose other cells are lost, unless it looks like a title.

    Where most rows hold nothing but the work, they are the works.
    """
    bare = sum(e.kind == "group" for e in entries)
    all_bare = bare > 0.8 * len(entries)
    out = []
    for at, entry in enumerate(entries):
        following = entries[at + 1] if at + 1 < len(entries) else None
        empty = entry.kind == "group" and (
            following is None or (following.kind == "group" and _same_level(entry, following))
        )
        titled = is_caps(entry.cells["task"]) or (entry.parsed is not None and entry.parsed.kind in WIDE_KINDS)
        out.append(
            entry._replace(kind="task") if (empty or all_bare) and not titled and entry.kind == "group" else entry
        )
    return out


def _same_level(a: Entry, b: Entry) -> bool:
    if a.parsed is None or b.parsed is None:
        return a.parsed is b.parsed
    return (a.parsed.kind, len(a.parsed.ordinals)) == (b.parsed.kind, len(b.parsed.ordinals))
