"""Entries to groups: the title rows of a table and the works below each, with what merged cells pass on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cchc_extract.normalise.areas import infer_areas, parse_area
from cchc_extract.normalise.markers import KINDS
from cchc_extract.patterns import Patterns
from cchc_extract.tables.rows import Entry
from cchc_extract.vietnamese import fold, is_caps

_AGENCY_ROLES = ("lead", "coordinating")
_CARRIED = (*_AGENCY_ROLES, "deadline", "product")


class Group(NamedTuple):
    """A stretch of works under one title row. `title` is None where none stands over it; `depth` is 1 for the widest.

    `lost`: the count began again here, so that a title row is missing.
    """

    title: Entry | None
    depth: int
    works: tuple[Entry, ...]
    area: str | None = None
    lost: bool = False
    inferred: bool = False


def entries_to_groups(entries: Sequence[Entry], patterns: Patterns, reform: bool) -> list[Group]:
    """Works under their title rows, in order; empty lead cells filled from above; areas named or concluded."""
    groups = _name_areas(_split(_fill_merged(_fill_dittos(entries, patterns))), patterns, reform)
    return _conclude_areas(groups, patterns) if reform and any(g.lost for g in groups) else groups


# --- merged cells -------------------------------------------------------------------------------------------------


def _fill_dittos(entries: Sequence[Entry], patterns: Patterns) -> list[Entry]:
    """ "-nt-" (as above) in a cell stands for the words of the cell above it."""
    dittos = patterns.words("cell.ditto")
    out: list[Entry] = []
    above: dict[str, str] = {}
    for entry in entries:
        said = tuple(role for role, text in entry.cells.items() if role in above and fold(text.strip(" -.")) in dittos)
        if said:
            entry = entry._replace(cells=entry.cells | {r: above[r] for r in said}, inferred=(*entry.inferred, *said))
        above = above | {role: entry.cells[role] for role in _CARRIED if entry.cells.get(role)}
        out.append(entry)
    return out


def _fill_merged(entries: Sequence[Entry]) -> list[Entry]:
    """An empty lead cell takes the one above in its group, and with it the row's other empty cells do.

    A work has a doer, so an empty lead cell is a merged one; the others may rightly be empty. A wide title row ends
    what was above it, a narrower one does not.
    """
    out: list[Entry] = []
    above: dict[str, str] = {}
    for entry in entries:
        if entry.kind == "group":
            if _rank(entry) <= _WIDE or entry.cells.get("lead") or not any("code" in e.cells for e in entries):
                above = {}
            above |= {role: entry.cells[role] for role in _AGENCY_ROLES if entry.cells.get(role)}
            out.append(entry)
            continue
        missing: list[str] = []
        if "lead" in entry.cells and not entry.cells["lead"] and above.get("lead"):
            empty = [role for role in ("coordinating", "deadline") if role in entry.cells and not entry.cells[role]]
            missing = ["lead", *(r for r in empty if above.get(r) and not entry.cells.get("coordinating"))]
            entry = entry._replace(
                cells=entry.cells | {r: above[r] for r in missing}, inferred=(*entry.inferred, *missing)
            )
        if entry.cells.get("lead") and "lead" not in missing:
            above = {role: entry.cells.get(role, "") for role in (*_AGENCY_ROLES, "deadline")}
        out.append(entry)
    return out


# --- groups -------------------------------------------------------------------------------------------------------

_WIDE = KINDS.index("roman")


def _rank(entry: Entry) -> int:
    """How wide a title row is: Roman numerals and capitals over numbers, numbers over places, those over bullets."""
    if entry.parsed is None:
        return KINDS.index("capital") if is_caps(entry.cells["task"]) else KINDS.index("roman")
    places = len(entry.parsed.ordinals) if entry.parsed.kind == "dotted" else 0
    return KINDS.index(entry.parsed.kind) + places


def _split(entries: Sequence[Entry]) -> list[Group]:
    groups: list[Group] = []
    ranks: list[int] = []  # of the title rows that are open
    title: Entry | None = None
    works: list[Entry] = []
    lost = False

    def close() -> None:
        if works or title is not None:
            groups.append(Group(title, max(1, len(ranks)), tuple(works), lost=lost))

    for entry in entries:
        if entry.kind == "group":
            close()
            while ranks and ranks[-1] >= _rank(entry):
                ranks.pop()
            ranks.append(_rank(entry))
            title, works, lost = entry, [], False
        elif _leaves_group(entry, title, works) or _begins_again(entry, works):
            close()
            lost = _begins_again(entry, works) or _is_one_after(entry, title)
            ranks = ranks[:-1] if title is not None else ranks
            title, works = None, [entry]
        else:
            works.append(entry)
    close()
    return groups


def _leaves_group(entry: Entry, title: Entry | None, works: Sequence[Entry]) -> bool:
    """The work after the bulleted rows of "12. ...": "13. ..." or a new "1." is not one of them."""
    if title is None or title.parsed is None or entry.parsed is None or not works:
        return False
    bulleted = works[0].parsed is not None and works[0].parsed.is_bullet
    return bulleted and title.parsed.kind == entry.parsed.kind


def _is_one_after(entry: Entry, title: Entry | None) -> bool:
    """ "1. ..." after the rows of "12. ...": the count of a new group, not the next of this one."""
    ordinals = title.parsed.ordinals if title is not None and title.parsed is not None else ()
    return entry.parsed is not None and bool(ordinals) and entry.parsed.ordinals <= ordinals


def _begins_again(entry: Entry, works: Sequence[Entry]) -> bool:
    """A count that goes back to one."""
    if entry.parsed is None or entry.parsed.is_bullet or entry.parsed.ordinals != (1,):
        return False
    return any(w.parsed is not None and w.parsed.kind == entry.parsed.kind for w in works)


# --- areas --------------------------------------------------------------------------------------------------------


def _name_areas(groups: Sequence[Group], patterns: Patterns, reform: bool) -> list[Group]:
    """Each group's area by its title; a narrower title stands in the area of the wider one above it."""
    out: list[Group] = []
    open_areas: list[str | None] = []
    for group in groups:
        if group.title is None and not group.lost and out and group.depth < out[-1].depth:
            open_areas = open_areas[: group.depth]
        elif group.title is not None:
            above = open_areas[: group.depth - 1]
            own = next((a for a in above if a), None) or parse_area(group.title.cells["task"], patterns, reform)
            open_areas = [*above, own]
        elif group.lost:
            open_areas = []
        out.append(group._replace(area=next((a for a in open_areas if a), None)))
    return out


def _conclude_areas(groups: Sequence[Group], patterns: Patterns) -> list[Group]:
    """Areas of the groups whose title row was lost, from their works."""
    runs: list[list[int]] = []  # groups that stand in one area: a wide or lost one and the narrower ones after it
    for n, group in enumerate(groups):
        narrower = group.title is not None and _rank(group.title) > _WIDE and group.area is None
        if runs and not group.lost and (narrower or (group.title is None and n > 0)):
            runs[-1].append(n)
        else:
            runs.append([n])
    texts = [[work.cells["task"] for n in run for work in groups[n].works] for run in runs]
    areas = infer_areas(texts, [groups[run[0]].area for run in runs], patterns)
    out = list(groups)
    for run, area in zip(runs, areas, strict=True):
        for n in run:
            if groups[n].area is None and area is not None:
                out[n] = groups[n]._replace(area=area, inferred=True)
    return out
