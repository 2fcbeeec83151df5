"""From the text of a region to its target findings."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from cchc_extract.findings.targets import fields
from cchc_extract.findings.targets.amounts import find_amounts
from cchc_extract.findings.targets.cells import is_value_cell
from cchc_extract.findings.targets.clauses import find_clauses
from cchc_extract.findings.targets.judge import Candidate, is_target
from cchc_extract.findings.targets.lead import read_lead
from cchc_extract.findings.targets.links import link_of, place_after
from cchc_extract.findings.targets.wording import Wording, word_target
from cchc_extract.model import Part, Passage, TargetFinding
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold

_GOALS = ("product", "goal", "rank")


class Region(NamedTuple):
    """A stretch of a passage in a text space of its own: `text` is folded, `goal` as in Candidate."""

    role: str
    start: int
    end: int
    text: str
    goal: bool


def find_regions(passage: Passage, patterns: Patterns) -> tuple[Region, ...]:
    """Where goals are written in words: the whole text, or the task, product and goal cells."""
    parts = passage.parts or (Part("task", 0, len(passage.text)),)
    text = fold(passage.text)
    return tuple(
        Region(p.role, p.start, p.end, text[p.start : p.end], p.role in _GOALS or passage.use == "objective")
        for p in sorted(parts, key=lambda part: part.start)
        if p.role in ("task", *_GOALS) and not is_value_cell(passage, p, patterns)
    )


def find_candidates(region: Region, patterns: Patterns) -> tuple[Candidate, ...]:
    """The numbers of the region that are targets, in order."""
    text = region.text
    found: list[Candidate] = []
    clauses = None
    for amount in find_amounts(text, patterns):
        if amount.unit is None:
            continue
        clauses = clauses or find_clauses(text, patterns)
        clause = clauses.at(amount.start).around(amount.start, amount.end)
        last = found[-1] if found else None
        low = max(clause.start, last.amount.end if last and last.amount.end < amount.start else 0)
        candidate = Candidate(amount, clause, read_lead(text, low, amount.cue, patterns), region.goal)
        if link := link_of(text, candidate, last, patterns):
            candidate = candidate._replace(link=link)
        if amount.start >= low and is_target(text, candidate, patterns):
            found.append(candidate)
    return tuple(found)


def find_region_targets(
    index: int, passage: Passage, region: Region, year: int | None, patterns: Patterns
) -> tuple[TargetFinding, ...]:
    """The region's targets as findings; a number whose words name nothing, here or above, is left out."""
    candidates = find_candidates(region, patterns)
    if not candidates:
        return ()
    found: list[TargetFinding] = []
    last: TargetFinding | None = None
    for i, candidate in enumerate(candidates):
        wording = word_target(region.text, candidate, *_limits(region.text, candidates, i, patterns), patterns)
        shared = last if candidate.link else None
        indicator = _indicator(passage, region, candidate, wording, shared, patterns)
        if wording.indicator is None and i and candidates[i - 1].clause.sentence == candidate.clause.sentence:
            indicator = found[-1].indicator if found else indicator
        last = _finding(region, candidate, wording, shared, patterns)
        last = replace(
            last,
            passage=index,
            start=last.start + region.start,
            end=last.end + region.start,
            indicator=indicator,
            unit=_unit_as_written(passage, region, candidate),
            year=last.year or year,
        )
        if indicator:
            found.append(last)
    return tuple(found)


def _unit_as_written(passage: Passage, region: Region, candidate: Candidate) -> str | None:
    amount = candidate.amount
    if amount.unit is None or region.text[amount.noun : amount.noun + len(amount.unit)] != amount.unit:
        return amount.unit  # "%", or a unit that its rule knows and the text does not spell out
    start = region.start + amount.noun
    return " ".join(passage.text[start : start + len(amount.unit)].split())


def _limits(text: str, candidates: tuple[Candidate, ...], i: int, patterns: Patterns) -> tuple[int, int]:
    """The stretch that holds the words of one target: its clause, as far as the targets beside it leave it."""
    candidate = candidates[i]
    low, high = candidate.clause.start, candidate.clause.end
    if i and low < candidates[i - 1].amount.end <= candidate.lead.start:
        low = candidates[i - 1].amount.end
    for following in candidates[i + 1 : i + 2]:
        if candidate.amount.end <= following.lead.start < high and not _shares_predicate(candidate, following):
            high = _parting(text, candidate, following, high, patterns)
    return low, high


def _parting(text: str, candidate: Candidate, following: Candidate, high: int, patterns: Patterns) -> int:
    """Where the words of a target end before the next one of its clause; `high` where that one is a part of them."""
    start, end = candidate.amount.end, following.lead.start
    if following.clause.start > start:  # it stands in a bracket
        return following.clause.start - 1
    named = patterns.rule("target.new_quantity").search(text[start:end])
    joined = patterns.rule("target.conjunction").search(text[start:end])
    if named or joined:
        return start + min(m.start() for m in (named, joined) if m)
    return high if following.amount.kind in ("noun", "unknown") else end


def _shares_predicate(candidate: Candidate, following: Candidate) -> bool:
    """'03 huyện và 08 sở được kết nối': what is said of the second is said of the first."""
    return following.link == "and" and candidate.amount.kind == "noun"


def _indicator(
    passage: Passage,
    region: Region,
    candidate: Candidate,
    wording: Wording,
    shared: TargetFinding | None,
    patterns: Patterns,
) -> str:
    """The words of the clause, else those shared, else the task of the row, else the heading above; '' where none."""
    if shared is not None and candidate.link in ("level", "part"):
        return shared.indicator
    names_ratio = patterns.rule("target.ratio_of").match(region.text[candidate.lead.start : candidate.amount.start])
    quoted = next((name for title in reversed(passage.titles) if (name := _quoted(title, patterns))), None)
    if names_ratio and quoted and (wording.indicator is None or wording.indicator[0] >= candidate.amount.end):
        return quoted
    if wording.indicator is not None:
        start, end = wording.indicator
        return " ".join(passage.text[region.start + start : region.start + end].split())
    task = passage.part("task") if region.role != "task" else None
    if task:
        return " ".join(task.split())
    return quoted or next((t for t in reversed(passage.titles) if not _is_label(t, patterns)), "")


def _quoted(title: str, patterns: Patterns) -> str | None:
    found = patterns.rule("target.quoted").search(title)
    return found["name"] if found else None


def _is_label(title: str, patterns: Patterns) -> bool:
    return patterns.rule("target.label").match(fold(title)) is not None


def _finding(
    region: Region, candidate: Candidate, wording: Wording, shared: TargetFinding | None, patterns: Patterns
) -> TargetFinding:
    """The finding in the region's own text space, its passage, indicator and the plan's year still to be filled in."""
    text, amount = region.text, candidate.amount
    bound = fields.bound_of(text, candidate, patterns)
    change = candidate.lead.change or fields.step_change(text, candidate, patterns)
    end = candidate.clause.end if change else wording.end
    baseline = fields.baseline_of(text, amount.end, end, patterns)
    return TargetFinding(
        passage=0,
        start=wording.start,
        end=wording.end + (text[wording.end : wording.end + 1] == ")" and "(" in text[wording.start : wording.end]),
        indicator="",
        comparator=bound or (shared.comparator if shared else "="),
        amount=amount.text,
        amount_max=amount.most,
        out_of=amount.out_of,
        unit=amount.unit,
        change=change or (shared.change if shared else None),
        baseline=text[slice(*baseline)] if baseline else None,
        scope=_scope(text, candidate, wording, patterns),
        year=fields.year_of(text, candidate, patterns),
    )


def _scope(text: str, candidate: Candidate, wording: Wording, patterns: Patterns) -> str | None:
    """The level or place that the number is for, from the nearest words that name one."""
    told = fields.lead_scope(text, candidate, patterns) or fields.each_scope(text, candidate, patterns)
    if told:
        return told
    amount = candidate.amount
    if candidate.link == "part" and (place := place_after(text, candidate, patterns)):
        return text[slice(*place)]
    if wording.indicator is None:
        return None
    start, end = wording.indicator
    if start < amount.start:
        return fields.phrase_scope(text[start:end], patterns)
    level = fields.level_name(amount.unit or "", patterns) if amount.kind == "noun" else None
    return level or fields.head_scope(text[start:end], patterns)
