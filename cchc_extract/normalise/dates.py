"""Dates, and stretches of time such as quarters, as Vietnamese documents write them.

A `Stretch` is what is written ("quý II", the year perhaps left to the context); a `Period` is two dates.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from operator import attrgetter
from re import Match
from typing import NamedTuple

from cchc_extract.model import Period
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold

_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_STRETCHES = (  # of two that overlap the earlier is the longer
    "date.numeric", "date.words", "time.day", "time.day_listed", "time.quarter", "time.part", "time.month",
    "time.year", "time.this_year",
)  # fmt: skip
_LISTED_YEARS = ("time.year", "time.this_year")  # what stands before the years only binds them
_START = attrgetter("start")
_Run = tuple[int, int, bool]  # first, last, and whether a word or dash says that it is a range
_SMALL_FIRST = ("day", "month", "quarter", "part", "year")


class DateMention(NamedTuple):
    """A date that stands at text[start:end]."""

    start: int
    end: int
    value: date


class Stretch(NamedTuple):
    """A stretch of time that stands at text[start:end]: months first..last of `year` .. `last_year`.

    `size`: day | month | quarter | part | year. A year that is not written is None; `day` is for days alone.
    A last month before the first is one of the next year. `ranged`: both ends are named.
    """

    start: int
    end: int
    size: str
    months: tuple[int, int]
    year: int | None = None
    last_year: int | None = None
    day: int | None = None
    ranged: bool = False

    def period(self, year: int | None) -> Period | None:
        """Its first and last day; `year` where none is written. None where both lack it or no such day exists."""
        first_year = self.year or year
        if first_year is None:
            return None
        if self.day is not None:
            day = _date(first_year, self.months[0], self.day)
            return Period(day, day) if day else None
        last_year = self.last_year or first_year + (self.months[0] > self.months[1])
        return Period(date(first_year, self.months[0], 1), month_end(last_year, self.months[1]))


def month_end(year: int, month: int) -> date:
    """
    >>> month_end(2024, 2)
    datetime.date(2024, 2, 29)
    """
    return date(year, month, monthrange(year, month)[1])


def find_dates(text: str, patterns: Patterns) -> tuple[DateMention, ...]:
    """Every full date (day, month, year) in order of place. Impossible ones are left out; none overlaps another.

    >>> from cchc_extract.patterns import load_patterns
    >>> [str(d.value) for d in find_dates("Nghị quyết số 76/NQ-CP ngày 15/7/2021; ngày 31/02/2022", load_patterns())]
    ['2021-07-15']
    """
    folded = fold(text)
    found = [m for name in ("date.numeric", "date.words") for m in patterns.rule(name).finditer(folded)]
    found.sort(key=lambda m: m.start())
    dates = ((m, _date(int(m["year"]), int(m["month"]), int(m["day"]))) for m in found)
    return tuple(DateMention(m.start(), m.end(), value) for m, value in dates if value)


def parse_date(text: str, patterns: Patterns) -> date | None:
    """The first full date in the text, or None where there is none that can be.

    >>> from cchc_extract.patterns import load_patterns
    >>> patterns = load_patterns()
    >>> str(parse_date("ngày 16 tháng 12 năm 2021", patterns))
    '2021-12-16'
    >>> [str(parse_date(t, patterns)) for t in ("05/6/2018", "16-12-2021", "31/ 8/2018")]
    ['2018-06-05', '2021-12-16', '2018-08-31']
    >>> [parse_date(t, patterns) for t in ("31/02/2021", "tháng 12 năm 2021", "ngày / /2022", "271/KH-UBND")]
    [None, None, None, None]
    """
    found = find_dates(text, patterns)
    return found[0].value if found else None


def find_stretches(folded: str, patterns: Patterns) -> list[Stretch]:
    """Every stretch of time in the folded text, in order of place; a list of parts that do not touch is several.

    >>> from cchc_extract.patterns import load_patterns
    >>> [(s.size, s.months, s.year) for s in find_stretches("quý i, iii/2022", load_patterns())]
    [('quarter', (1, 3), 2022), ('quarter', (7, 9), 2022)]
    >>> [(s.size, s.months, s.year) for s in find_stretches("quý ii, iii", load_patterns())]
    [('quarter', (4, 9), None)]
    """
    found: list[Stretch] = []
    taken = bytearray(len(folded))
    for name in _STRETCHES:
        for match in patterns.rule(name).finditer(folded):
            start, end = match.span()
            if name in _LISTED_YEARS:
                start = match.start("list")
            if taken.find(1, start, end) < 0:
                taken[start:end] = b"\1" * (end - start)
                found += _match_to_stretches(name, match, patterns)
    if len(found) > 1:
        found.sort(key=_START)
    return found


def _match_to_stretches(name: str, match: Match[str], patterns: Patterns) -> Iterator[Stretch]:
    groups = match.re.groupindex
    year = int(match["year"]) if "year" in groups and match["year"] else None
    if "day" in groups:
        month, day = int(match["month"]), int(match["day"])
        if _date(year or 2024, month, day):
            yield Stretch(match.start("day"), match.end(), "day", (month, month), year, day=day)
    elif name == "time.part":
        yield Stretch(match.start(), match.end(), "part", _part_months(match), year)
    elif name == "time.this_year":
        yield Stretch(match.start("list"), match.end(), "year", (1, 12))
    else:
        size = name.partition(".")[2]
        start = match.start("list") if size == "year" else match.start()
        for run in _runs(match["list"], patterns):
            yield _stretch_of_run((start, match.end()), size, run, year)


def _stretch_of_run(place: tuple[int, int], size: str, run: _Run, year: int | None) -> Stretch:
    low, high, ranged = run
    if size == "year":
        return Stretch(*place, size, (1, 12), low, high, ranged=ranged)
    months = (3 * low - 2, 3 * high) if size == "quarter" else (low, high)
    first_year = year - (low > high) if year else None  # the year of "quý IV - quý I/2023" is that of its end
    return Stretch(*place, size, months, first_year, year, ranged=ranged)


def _part_months(match: Match[str]) -> tuple[int, int]:
    count = int(match["count"] or 6)
    return (1, count) if match["first"] else (13 - count, 12)


def _runs(listed: str, patterns: Patterns) -> list[_Run]:
    """The numbers of a list as runs: neighbours and ranges joined ("i, ii" -> 1..2), others apart."""
    runs: list[_Run] = []
    end = 0
    for match in patterns.rule("time.number").finditer(listed):
        number = _QUARTERS.get(match[0]) or int(match[0])
        ranged = bool(runs) and patterns.rule("time.range_mark").search(listed[end : match.start()]) is not None
        if runs and (ranged or number == runs[-1][1] + 1):
            runs[-1] = (runs[-1][0], number, ranged)
        else:
            runs.append((number, number, False))
        end = match.end()
    return [run for run in runs if run[0] <= run[1] or run[1] <= 12]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_period(text: str, patterns: Patterns) -> Period | None:
    """The period that a title or first sentence gives a plan, or None. The smallest named stretch is the plan's own
    (a plan of one year names the programme of ten that it serves); of several years the last.

    >>> from cchc_extract.patterns import load_patterns
    >>> def show(text):
    ...     found = parse_period(text, load_patterns())
    ...     return found and (str(found.start), str(found.end))
    >>> show("Kế hoạch cải cách hành chính năm 2022 theo Chương trình giai đoạn 2021 - 2030")
    ('2022-01-01', '2022-12-31')
    >>> show("Nhiệm vụ 6 tháng cuối năm 2023"), show("Chương trình hành động đến năm 2030")
    (('2023-07-01', '2023-12-31'), ('None', '2030-12-31'))
    >>> show("Kế hoạch thực hiện Quyết định ngày 12 tháng 5 năm 2022"), show("Kế hoạch")
    (None, None)
    """
    folded = fold(" ".join(text.split()))
    stretches = (s for s in find_stretches(folded, patterns) if s.size != "day" and s.year)
    named = [s for s in stretches if _is_named(s, folded, patterns)]
    until = [s for s in named if s.size == "year" and patterns.rule("time.until").search(folded[: s.start][-16:])]
    open_end = min((s for s in until), key=lambda s: s.start, default=None)
    own = [s for s in named if s not in until]
    if own:
        return min(own, key=_narrowness).period(None)
    return Period(None, date(open_end.last_year or 0, 12, 31)) if open_end else None


def _is_named(stretch: Stretch, folded: str, patterns: Patterns) -> bool:
    before = folded[max(0, stretch.start - 32) : stretch.start]
    if patterns.rule("time.not_the_plans").search(before):
        return False
    several = stretch.size == "year" and stretch.year != stretch.last_year
    return stretch.size != "year" or several or patterns.rule("time.of_years").search(before) is not None


def _narrowness(stretch: Stretch) -> tuple[int, int, int]:
    """Sorts first the smallest; of one year the last named, of several years the first."""
    several = stretch.size == "year" and stretch.year != stretch.last_year
    return _SMALL_FIRST.index(stretch.size), int(several), stretch.start if several else -stretch.start
