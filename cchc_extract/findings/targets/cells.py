"""Targets of a table row whose cells are bare values: a score or quantity to reach, a rank to reach."""

from __future__ import annotations

import re
from dataclasses import replace

from cchc_extract.findings.targets.fields import title_year
from cchc_extract.model import Part, Passage, TargetFinding
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold

_BOUNDS = {"≥": ">=", "≤": "<="}


def find_cell_targets(index: int, passage: Passage, year: int | None, patterns: Patterns) -> tuple[TargetFinding, ...]:
    """The goals of the row, one for each column of goals, out of its maximum, then the goal of its rank.

    The quote runs from the name to the cell of the number.
    """
    if passage.use != "score" and not any(part.role in ("goal", "rank") for part in passage.parts):
        return ()  # nearly every passage
    parts = {part.role: part for part in reversed(passage.parts)}
    name = parts.get("task")
    if name is None or not _text(passage, name).strip():
        return ()
    found = []
    best = _value(passage, parts.get("max"), patterns)
    for cell in (part for part in passage.parts if part.role == "goal"):
        if goal := _value(passage, cell, patterns):
            of = best["amount"] if best else None
            finding = _goal_finding(passage, (name, cell), goal, of, patterns)
            found.append(replace(finding, year=title_year((fold(cell.title),), patterns) or year))
    ranks = _ranks(passage, patterns)[:1]
    found += [replace(_rank_finding(passage, name, part, rank, patterns), year=year) for part, rank in ranks]
    return tuple(replace(finding, passage=index) for finding in found)


def is_value_cell(passage: Passage, part: Part, patterns: Patterns) -> bool:
    """Whether the cell is of those that `find_cell_targets` reads."""
    if part.role == "rank":
        return patterns.rule("target.rank_cell").match(_text(passage, part)) is not None
    return part.role == "goal" and _value(passage, part, patterns) is not None


def _text(passage: Passage, part: Part) -> str:
    return passage.text[part.start : part.end]


def _value(passage: Passage, part: Part | None, patterns: Patterns) -> re.Match[str] | None:
    return patterns.rule("target.goal_cell").match(fold(_text(passage, part))) if part else None


def _goal_finding(
    passage: Passage, ends: tuple[Part, Part], goal: re.Match[str], best: str | None, patterns: Patterns
) -> TargetFinding:
    """A value is counted in the unit of its cell; else a score in points, anything else in the bracket of the name or
    of the column's title."""
    name, unit = _text(passage, ends[0]), goal["unit"]
    points = patterns.word_lists["unit.measure.score"].value
    if unit is None and best is not None:
        unit = points
    if unit is None and (written := passage.part("unit")):
        unit = written.strip().lower()
    bracket = patterns.rule("target.name_unit").search(fold(name)) if unit is None else None
    if bracket and _is_unit(name[slice(*bracket.span("unit"))], patterns):
        unit, name = bracket["unit"], name[: bracket.start()]
    unit = unit or _title_unit(ends[1].title, patterns)
    if unit is None and passage.use == "score":
        unit = points
    bound = goal["bound"] or "="
    return _finding(ends, name, (_BOUNDS.get(bound, bound), goal["amount"], goal["most"]), (best, unit))


def _title_unit(title: str, patterns: Patterns) -> str | None:
    """The unit in the bracket that ends a column's title: "Tốc độ tăng trưởng (%/năm)"."""
    bracket = patterns.rule("target.name_unit").search(fold(title))
    return bracket["unit"] if bracket and _is_unit(title[slice(*bracket.span("unit"))], patterns) else None


def _rank_finding(passage: Passage, name: Part, cell: Part, rank: re.Match[str], patterns: Patterns) -> TargetFinding:
    unit = patterns.word_lists["unit.measure.rank"].value
    return _finding((name, cell), _text(passage, name), ("=", rank["rank"], None), (rank["out_of"], unit))


def _is_unit(word: str, patterns: Patterns) -> bool:
    """Whether a bracket holds a unit: 'triệu lượt', '%'; an abbreviation in capitals ('TTHC') is the name's own."""
    kinds = ("unit.percent", "unit.measure.other") if word.isupper() else ("unit.",)
    lists = [entry.words for id, entry in patterns.word_lists.items() if id.startswith(kinds)]
    folded = fold(word).split()
    return any(" ".join(folded) in words or folded[-1] in words for words in lists)


def _ranks(passage: Passage, patterns: Patterns) -> list[tuple[Part, re.Match[str]]]:
    """The rank cell: the part of that role, or in a score table another cell that is a rank and nothing else."""
    other = passage.use == "score"
    cells = [p for p in passage.parts if p.role == "rank" or (other and p.role not in ("task", "max", "goal"))]
    cells.sort(key=lambda part: (part.role != "rank", part.start))
    read = ((part, patterns.rule("target.rank_cell").match(_text(passage, part))) for part in cells)
    return [(part, rank) for part, rank in read if rank]


def _finding(
    ends: tuple[Part, Part], name: str, value: tuple[str, str, str | None], of: tuple[str | None, str | None]
) -> TargetFinding:
    """The finding without passage and year: `value` is comparator, amount and upper end, `of` maximum and unit."""
    first, last = sorted(ends, key=lambda part: part.start)
    return TargetFinding(
        passage=0, start=first.start, end=last.end, indicator=" ".join(name.split()),
        comparator=value[0], amount=value[1], amount_max=value[2], out_of=of[0], unit=of[1],
        change=None, baseline=None, scope=None, year=None,
    )  # fmt: skip
