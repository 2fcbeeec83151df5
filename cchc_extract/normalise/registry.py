"""Who is who on a given day: bodies and provinces through their mergers, splits and changes of name.

What the pattern files say of an entry is when it was there and who came after it; here that is followed to any day.
`date.max` asks for the latest that is known, which is what "today" means in a result that must not change by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from cchc_extract.model import Province
from cchc_extract.normalise.agencies import find_province
from cchc_extract.patterns import AgencyEntry, Patterns, ProvinceEntry

_NONE: frozenset[str] = frozenset()


class AgencyHistory(NamedTuple):
    """What the registry knows of a body; `stands_for` are the ids of those that have its work on the day asked for."""

    id: str
    name: str
    variants: tuple[str, ...]
    abbreviations: tuple[str, ...]
    kind: str
    level: str | None
    valid_from: date | None
    valid_to: date | None
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]
    source: str | None
    on: date
    stands_for: tuple[str, ...]

    @property
    def is_there(self) -> bool:
        """Whether the body itself was there on the day."""
        return self.stands_for == (self.id,)


def entry_on(id: str, day: date, patterns: Patterns) -> AgencyEntry | None:
    """The entry of a body that was there on that day; None where it was not, or is not known."""
    entry = patterns.agencies.get(id)
    return entry if entry and _is_there(entry, day) else None


def successors_on(id: str, day: date, patterns: Patterns) -> tuple[str, ...]:
    """The ids of those who have the work of a body on that day, itself while it is there.

    Chains are followed; where a body was split the first has most of its work. () for a body that is not known, has
    not begun, or ended without a successor.

    >>> from cchc_extract.patterns import load_patterns
    >>> successors_on("so-giao-thong-van-tai", date(2026, 1, 1), load_patterns())
    ('so-xay-dung',)
    >>> successors_on("cuc-thue-tinh", date(2025, 4, 1), load_patterns())
    ('chi-cuc-thue-khu-vuc',)
    >>> successors_on("cuc-thue-tinh", date(2026, 1, 1), load_patterns())
    ('thue-tinh',)
    >>> successors_on("so-giao-thong-van-tai", date(2021, 1, 1), load_patterns())
    ('so-giao-thong-van-tai',)
    >>> successors_on("so-nong-nghiep-va-moi-truong", date(2021, 1, 1), load_patterns())
    ()
    """
    return _follow(id, day, lambda entry: entry.successors, patterns)


def predecessors_of(id: str, patterns: Patterns) -> tuple[str, ...]:
    """The ids of those whose work a body took over, all or a part.

    >>> from cchc_extract.patterns import load_patterns
    >>> predecessors_of("so-nong-nghiep-va-moi-truong", load_patterns())
    ('so-tai-nguyen-va-moi-truong', 'so-nong-nghiep-va-phat-trien-nong-thon')
    """
    return _predecessors(patterns).get(id, ())


def agency_as_of(id: str, day: date, patterns: Patterns) -> tuple[str, ...]:
    """The ids that stand for a body on a day after or before it: itself, those who followed, or those it came from.

    >>> from cchc_extract.patterns import load_patterns
    >>> agency_as_of("so-lao-dong-thuong-binh-va-xa-hoi", date(2026, 1, 1), load_patterns())
    ('so-noi-vu', 'so-y-te', 'so-giao-duc-va-dao-tao')
    >>> agency_as_of("so-dan-toc-va-ton-giao", date(2021, 1, 1), load_patterns())
    ('ban-dan-toc',)
    >>> agency_as_of("hoi-dong-song-lam", date(2021, 1, 1), load_patterns())
    ()
    """
    entry = patterns.agencies.get(id)
    if entry and entry.valid_from and day < entry.valid_from:
        return _follow(id, day, lambda entry: predecessors_of(entry.id, patterns), patterns)
    return successors_on(id, day, patterns)


def describe_agency(id: str, day: date, patterns: Patterns) -> AgencyHistory | None:
    """All that the registry knows of a body, seen from a day; None for an id that it does not know."""
    entry = patterns.agencies.get(id)
    if entry is None:
        return None
    return AgencyHistory(
        id=entry.id,
        name=entry.name,
        variants=entry.variants,
        abbreviations=entry.abbreviations,
        kind=entry.kind,
        level=entry.level or None,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        predecessors=predecessors_of(id, patterns),
        successors=entry.successors,
        source=entry.source,
        on=day,
        stands_for=agency_as_of(id, day, patterns),
    )


def province_on(named: str, day: date, patterns: Patterns) -> Province | None:
    """The province that a place with this code or name belonged to on that day; None where none is named.

    >>> from cchc_extract.patterns import load_patterns
    >>> province_on("15", date(2021, 12, 16), load_patterns())
    Province(code='15', name='Yên Bái')
    >>> province_on("15", date(2026, 1, 1), load_patterns())
    Province(code='15', name='Lào Cai')
    >>> province_on("tỉnh Lào Cai", date(2021, 1, 1), load_patterns())
    Province(code='10', name='Lào Cai')
    >>> province_on("Bà Rịa - Vũng Tàu", date.max, load_patterns())
    Province(code='79', name='Hồ Chí Minh')
    """
    entry = _province_entry(named, patterns)
    for _ in patterns.new_provinces:  # a chain cannot be longer
        if entry is None or entry.successor is None or _is_there(entry, day):
            break
        entry = patterns.new_provinces.get(entry.successor)
    return Province(entry.code, entry.name) if entry else None


def _province_entry(named: str, patterns: Patterns) -> ProvinceEntry | None:
    """The first province with this code or name: that of before the mergers, if there was one."""
    code = named
    if named not in patterns.provinces and named not in patterns.new_provinces:
        found = find_province(named, patterns)
        code = found.code if found else ""
    return patterns.provinces.get(code) or patterns.new_provinces.get(code)


def _is_there(entry: AgencyEntry | ProvinceEntry, day: date) -> bool:
    begun = entry.valid_from is None or entry.valid_from <= day
    return begun and (entry.valid_to is None or day <= entry.valid_to)


def _follow(
    id: str, day: date, step: Callable[[AgencyEntry], tuple[str, ...]], patterns: Patterns, seen: frozenset[str] = _NONE
) -> tuple[str, ...]:
    """The ids that are there on the day, found from `id` step by step; a circle in a user's file ends."""
    entry = patterns.agencies.get(id)
    if entry is None or id in seen:
        return ()
    if _is_there(entry, day):
        return (id,)
    found: Iterable[str] = (
        last for following in step(entry) for last in _follow(following, day, step, patterns, seen | {id})
    )
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4)
def _predecessors(patterns: Patterns) -> Mapping[str, tuple[str, ...]]:
    before: dict[str, tuple[str, ...]] = {}
    for entry in patterns.agencies.values():
        for id in entry.successors:
            before[id] = (*before.get(id, ()), entry.id)
    return before
