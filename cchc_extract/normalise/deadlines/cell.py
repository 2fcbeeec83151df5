"""A time cell, or the value of a "Thời gian thực hiện:" line, to deadlines: everything said there is about the work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from re import Match
from typing import NamedTuple

from cchc_extract.model import Deadline, Period
from cchc_extract.normalise.dates import find_stretches
from cchc_extract.normalise.deadlines.times import (
    RHYTHMS,
    DeadlineContext,
    Rhythm,
    Time,
    blank_cited,
    find_rhythms,
    find_times,
    parse_relative,
    unique,
)
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold, join_spaces


class _Said(NamedTuple):
    """What one part of a cell says of time."""

    times: list[Time]
    rhythms: list[Rhythm]
    always: Match[str] | None


def parse_deadlines(text: str, context: DeadlineContext, patterns: Patterns) -> tuple[Deadline, ...]:
    """The deadlines of a whole time cell (or the value of a "Thời gian thực hiện:" line), in order, one for each of
    its parts, lists and rhythms. Words that tell no time give none; a time that cannot be dated has null dates.

    >>> from cchc_extract.patterns import load_patterns
    >>> plan = DeadlineContext(Period(date(2022, 1, 1), date(2022, 12, 31)), issued_on=date(2021, 12, 16))
    >>> def show(text, context=plan):
    ...     for d in parse_deadlines(text, context, load_patterns()):
    ...         print(d.kind, d.start, d.end, d.every)
    >>> show("Quý I, II/2022")
    during 2022-01-01 2022-06-30 None
    >>> show("Quý I, III")
    during 2022-01-01 2022-03-31 None
    during 2022-07-01 2022-09-30 None
    >>> show("Quý IV/2021- Quý II/2022")
    during 2021-10-01 2022-06-30 None
    >>> show("trước tháng 12/2022"), show("31/12/2022"), show("Đến hết tháng 6")
    by None 2022-12-01 None
    by None 2022-12-31 None
    by None 2022-06-30 None
    (None, None, None)
    >>> show("Thường xuyên"), show("Trước ngày 22 của tháng cuối quý"), show("Theo quy định"), show("Sau khi sáp nhập")
    ongoing 2022-01-01 2022-12-31 None
    recurring 2022-01-01 2022-12-31 quarter
    rule None None None
    event None None None
    (None, None, None, None)
    >>> show("30 ngày kể từ ngày ban hành Kế hoạch"), show("30 ngày kể từ ngày ban hành Nghị định")
    during 2021-12-16 2022-01-15 None
    event None None None
    (None, None)
    >>> show("- Ban hành trước 31/01\\n- Báo cáo định kỳ hàng quý, năm")
    by None 2022-01-31 None
    recurring 2022-01-01 2022-12-31 quarter
    recurring 2022-01-01 2022-12-31 year
    >>> show("Tháng 6", DeadlineContext(Period(date(2021, 1, 1), date(2025, 12, 31)), None))  # of which year?
    during None None None
    >>> show("Quyết định công bố"), show("")
    (None, None)
    >>> show("30/6")
    by None 2022-06-30 None
    """
    if patterns.rule("time.bare_day").fullmatch(text):
        (day,) = patterns.words("time.day_word")
        return tuple(replace(d, text=join_spaces(text)) for d in parse_deadlines(f"{day} {text}", context, patterns))
    return _parse_cell(text, context, patterns)


@lru_cache(maxsize=2048)  # the cells of a time column say the same few things over and over
def _parse_cell(text: str, context: DeadlineContext, patterns: Patterns) -> tuple[Deadline, ...]:
    parts = (part.strip(" ;.,") for part in _cell_parts(text, patterns))
    return tuple(d for part in parts if part for d in _part_to_deadlines(part, context, patterns))


def _cell_parts(text: str, patterns: Patterns) -> Iterator[str]:
    """The parts of a cell: its bullets, sentences, and lines that each tell a time; wrapped lines are joined."""
    for part in _join_lines(text, patterns):
        start = 0
        for end in patterns.rule("cell.part_end").finditer(fold(part)):
            yield part[start : end.start()]
            start = end.end()
        yield part[start:]


def _join_lines(text: str, patterns: Patterns) -> Iterator[str]:
    """A line opens a part with a bullet, or if it begins a phrase and both it and what stands before tell a time."""
    lines = [line for line in (" ".join(line.split()) for line in text.split("\n")) if line]
    part: list[str] = []
    told = False
    for line in lines:
        folded = fold(line)
        mark, tells = patterns.rule("cell.bullet").match(folded), len(lines) > 1 and _tells_time(folded, patterns)
        begins = line[0].isupper() and not patterns.rule("cell.year_line").match(folded)
        whole = told and tells and not patterns.rule("cell.unfinished").search(fold(part[-1]))
        if part and (mark or (begins and whole)):
            yield " ".join(part)
            part, told = [], False
        part.append(line[mark.end() :] if mark else line)
        told = told or tells
    yield " ".join(part)


def _tells_time(folded: str, patterns: Patterns) -> bool:
    return bool(
        patterns.rule("kind.ongoing").search(folded)
        or find_stretches(folded, patterns)
        or find_rhythms(folded, patterns, RHYTHMS)
    )


def _part_to_deadlines(text: str, context: DeadlineContext, patterns: Patterns) -> list[Deadline]:
    folded = blank_cited(fold(text), patterns)
    times = find_times(folded, context, patterns)
    rhythms = find_rhythms(folded, patterns, RHYTHMS)
    always = patterns.rule("kind.ongoing").search(folded)
    if always or rhythms:
        return _lasting((text, folded), _Said(times, rhythms, always), context, patterns)
    relative = parse_relative(text, folded, times, context, patterns)
    if relative:
        return [relative]
    if times:
        return [time.deadline(text, context.by_column) for time in times]
    return _undated(text, folded, context, patterns)


def _undated(text: str, folded: str, context: DeadlineContext, patterns: Patterns) -> list[Deadline]:
    """What tells a time without any date: at set times, after an event, by a rule. The first of these is meant."""
    rule = patterns.rule("kind.rule").search(folded)
    if patterns.rule("rhythm.unnamed").search(folded) and not rule:
        plan = context.span()
        return [Deadline(text, "recurring", plan.start, plan.end)]
    if patterns.rule("kind.event").search(folded):
        return [Deadline(text, "event")]
    return [Deadline(text, "rule")] if rule else []


def _lasting(part: tuple[str, str], said: _Said, context: DeadlineContext, patterns: Patterns) -> list[Deadline]:
    """The ongoing and recurring deadlines of a part, and the dated ones that stand beside them, in order of place.

    A stretch right before a rhythm ("quý I hằng năm") only says where in it; a year says how long it lasts.
    """
    text, folded = part
    always, rhythms = said.always, said.rhythms
    if always:  # "thường xuyên hằng năm": all the time, in each year
        rhythms = [r for r in rhythms if folded[always.end() : r.start].strip() or r.start < always.start()]
    free = [t for t in said.times if not any(_is_place_in(t, r, folded, said, patterns) for r in rhythms)]
    lasting = [t for t in free if t.size == "year" or (always and _follows(t, always.end(), folded, " "))]
    span = _lasting_span(lasting, context)
    found = [(always.start(), Deadline(text, "ongoing", span.start, span.end))] if always else []
    units = unique((r.start, every) for r in rhythms for every in r.every)
    found += [(at, Deadline(text, "recurring", span.start, span.end, every)) for at, every in units]
    found += [(t.at, t.deadline(text, context.by_column)) for t in free if t not in lasting]
    return [deadline for _, deadline in sorted(found, key=lambda pair: pair[0])]


def _is_place_in(time: Time, rhythm: Rhythm, folded: str, said: _Said, patterns: Patterns) -> bool:
    """Whether the time only says where in each round of the rhythm: it (or the list it is in) touches the rhythm."""
    if time.end > rhythm.start:
        follows = not time.dated and time.size != "year" and _follows(time, rhythm.end, folded, " ,(:")
        return time.at < rhythm.end or follows
    last = max(t.end for t in said.times if t.end <= rhythm.start)
    return patterns.rule("rhythm.of").fullmatch(folded[last : rhythm.start]) is not None


def _follows(time: Time, end: int, folded: str, between: str) -> bool:
    """Whether the words of the time come right after `end`, nothing but the given marks between."""
    return end <= time.start and not folded[end : time.start].strip(between)


def _lasting_span(times: list[Time], context: DeadlineContext) -> Period:
    """How long ongoing work lasts: as stated, else the plan's own year.

    A stated year before the plan's first is a slip carried over from an older plan: work of this one is not done then.
    """
    for time in times:
        start, end = time.period.start, time.period.end
        if context.period and context.period.start and end and end < date(context.period.start.year, 1, 1):
            break
        if time.bound == "from":
            return Period(start, None)
        return Period(None, end) if time.bound in ("last", "before") else time.period
    return context.span()
