"""What a text says of time: dated stretches with the words that bind them, and rhythms. Offsets are the text's own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from re import Match
from typing import NamedTuple, TypeVar

from cchc_extract.model import Deadline, Period
from cchc_extract.normalise.dates import Stretch, find_stretches, month_end
from cchc_extract.patterns import Patterns

_T = TypeVar("_T")
_DIGIT = re.compile(r"\d")
_BOUNDS = ("before", "last", "from", "part")
RHYTHMS = ("interval", "times", "place", "day", "list", "each", "reports", "bare")
SENTENCE_RHYTHMS = RHYTHMS[:5]
UNDATED = Period(None, None)
REACH = 48  # characters before or after a time in which the words that bind it can stand


class DeadlineContext(NamedTuple):
    """What the document says once for all its deadlines.

    `by_column`: the column is one of last dates, so that a bare period there is a last date.
    """

    period: Period | None
    issued_on: date | None
    by_column: bool = False

    def year(self) -> int | None:
        """The plan's year, where its period lies within one."""
        plan = self.span()
        return plan.start.year if plan.start else None

    def span(self) -> Period:
        """The plan's period where it lies within one year: how long work goes on that is always to be done."""
        plan = self.period
        within = plan and plan.start and plan.end and plan.start.year == plan.end.year
        return plan if plan and within else UNDATED


class Time(NamedTuple):
    """A dated stretch at text[start:end], `at` being where it begins without the words that bind it.

    `bound`: before | last | from | part, or "" where no such word stands there. `dated`: its own year is written.
    """

    start: int
    at: int
    end: int
    size: str
    bound: str
    period: Period
    dated: bool = True

    def deadline(self, text: str, by_column: bool) -> Deadline:
        first, last = self.period.start, self.period.end
        if self.bound == "from":
            return Deadline(text, "ongoing", start=first)
        if self.bound == "before":
            return Deadline(text, "by", end=first)
        if self.bound == "last" or self.size == "day" or by_column:
            return Deadline(text, "by", end=last)
        if self.bound == "part" and self.size == "year":  # the start or the middle of a year has no dates
            return Deadline(text, "during")
        return Deadline(text, "during", first, last)


class Rhythm(NamedTuple):
    """How often, at text[start:end]: one or several of week .. year; None for an interval that has no name."""

    rule: str
    start: int
    end: int
    every: tuple[str | None, ...]


def blank_cited(folded: str, patterns: Patterns) -> str:
    """The text with cited documents, their dates and years, blanked out; its length is kept."""
    if not _DIGIT.search(folded):
        return folded
    pieces, done = [], 0
    for match in patterns.rule("cell.cited").finditer(folded):
        start, end = match.span("year" if match["year"] else 0)
        pieces += [folded[done:start], " " * (end - start)]
        done = end
    return "".join(pieces) + folded[done:]


def find_times(folded: str, context: DeadlineContext, patterns: Patterns) -> list[Time]:
    """The stretches as dated times: ranges joined to one, neighbours in a list too, missing years filled in."""
    stretches = find_stretches(folded, patterns)
    joins = [_join(folded[a.end : b.start], patterns) for a, b in pairwise(stretches)]
    times: list[Time] = []
    for i, stretch in enumerate(_lend_years(stretches, joins)):
        after = folded[stretch.end : stretch.end + REACH]
        elsewhere = patterns.rule("time.other_year").match(after)
        period = UNDATED if elsewhere else stretch.period(context.year()) or UNDATED
        joined = joins[i - 1] if i else ""
        start, bound = find_bound(folded, stretch.start, patterns)
        if times and _is_continued(times[-1], joined, stretch, period):
            times[-1] = _prolong(times[-1], joined, stretch, period)
            continue
        if times and joined and not bound and times[-1].bound in ("before", "last"):
            bound = times[-1].bound
        if bound == "from" and stretch.ranged:  # "từ .. đến ..": both ends are said
            bound = ""
        if patterns.rule("bound.onward").match(after):
            bound = "from"
        times.append(Time(start, stretch.start, stretch.end, stretch.size, bound, period, stretch.year is not None))
    return times


def _prolong(time: Time, joined: str, stretch: Stretch, period: Period) -> Time:
    whole = Period(time.period.start, period.end)
    if joined == "to":  # "từ .. đến ..": both ends are said, neither is a bound any more
        bound = time.bound if time.bound in ("before", "last") and time.size != "day" else ""
        return time._replace(end=stretch.end, size="range", bound=bound, period=whole)
    return time._replace(end=stretch.end, period=whole)


def _is_continued(time: Time, joined: str, stretch: Stretch, period: Period) -> bool:
    if joined == "to":
        return bool(period.end and time.period.start and time.period.start <= period.end)
    if joined != "and" or stretch.size in ("day", "part") or time.size != stretch.size or not time.period.end:
        return False
    return period.start == time.period.end + timedelta(days=1)


def _join(gap: str, patterns: Patterns) -> str:
    """How two stretches hang together: to (a range), and (a list, or what one list was split in), apart; "" not."""
    ways = (way for way in ("to", "and", "apart") if patterns.rule(f"time.{way}").fullmatch(gap))
    return next(ways, "") if gap else "and"


def _lend_years(stretches: list[Stretch], joins: list[str]) -> list[Stretch]:
    """A year said once in a list or range is that of all its members, the one before it in "quý IV - quý I/2023"."""
    lent = list(stretches)
    for i in range(len(lent) - 2, -1, -1):
        year = lent[i + 1].year
        if joins[i] and not lent[i].year and year:
            turned = joins[i] == "to" and lent[i].months > lent[i + 1].months
            lent[i] = lent[i]._replace(year=year - turned)
    for i in range(1, len(lent)):
        if joins[i - 1] and not lent[i].year:
            lent[i] = lent[i]._replace(year=lent[i - 1].last_year or lent[i - 1].year)
    return lent


def find_bound(folded: str, at: int, patterns: Patterns) -> tuple[int, str]:
    """Where the words that bind a time at `at` begin, and what they say."""
    offset = max(0, at - REACH)
    chain = patterns.rule("bound.chain").search(folded[offset:at])
    if not chain:
        return at, ""
    said = (bound for bound in _BOUNDS if patterns.rule(f"bound.{bound}").search(chain[0]))
    return offset + chain.start(), next(said, "")


def find_rhythms(folded: str, patterns: Patterns, rules: Iterable[str]) -> list[Rhythm]:
    found: list[Rhythm] = []
    taken = bytearray(len(folded))
    for name in rules:
        for match in patterns.rule(f"rhythm.{name}").finditer(folded):
            start, end = match.span()
            if taken.find(1, start, end) < 0:
                taken[start:end] = b"\1" * (end - start)
                found.append(Rhythm(name, start, end, _every(name, match, patterns)))
    return sorted(found, key=lambda r: r.start)


def _every(name: str, match: Match[str], patterns: Patterns) -> tuple[str | None, ...]:
    groups = match.groupdict()
    if "units" in groups:
        units = [m[0] for m in patterns.rule("rhythm.unit").finditer(match["units"])]
        named = [unit for unit in (_unit(unit, patterns) for unit in units) if unit]
        return unique(named) or (None,)
    count = groups.get("count")
    if name == "times" and not patterns.rule("rhythm.once").fullmatch(count or ""):
        return (None,)
    return (_unit(f"{count} {match['unit']}" if name == "interval" else match["unit"], patterns),)


def _unit(words: str, patterns: Patterns) -> str | None:
    value = next((rule.value for rule in patterns.group("every") if rule.fullmatch(words)), None)
    return None if value == "none" else value


def unique(values: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(values))


def parse_relative(
    text: str, folded: str, times: list[Time], context: DeadlineContext, patterns: Patterns
) -> Deadline | None:
    """A time counted from the issue of the plan: "30 ngày kể từ ngày ban hành", "từ ngày ban hành (đến ...)"."""
    issued = context.issued_on
    span = patterns.rule("relative.span").search(folded) or patterns.rule("relative.bare").fullmatch(folded)
    if span:
        end = issued and _later(issued, int(span["count"]), span["unit"], patterns)
        if "working" in span.groupdict() and span["working"]:  # holidays are not known here
            end = None
        by = context.by_column or find_bound(folded, span.start(), patterns)[1] in ("before", "last")
        return Deadline(text, "by", end=end) if by else Deadline(text, "during", issued, end)
    if not patterns.rule("relative.from").search(folded):
        return None
    last = next((t.period.end for t in times if t.bound == "last"), None)
    return Deadline(text, "during", issued, last) if last else Deadline(text, "ongoing", issued)


def _later(day: date, count: int, unit: str, patterns: Patterns) -> date:
    """`count` days, weeks or months after the day.

    >>> from cchc_extract.patterns import load_patterns
    >>> str(_later(date(2022, 1, 31), 1, "tháng", load_patterns()))
    '2022-02-28'
    """
    every = _unit(unit, patterns)
    if every != "month":
        return day + timedelta(days=count * (7 if every == "week" else 1))
    years, month = divmod(day.month - 1 + count, 12)
    return min(
        month_end(day.year + years, month + 1), date(day.year + years, month + 1, 1) + timedelta(days=day.day - 1)
    )
