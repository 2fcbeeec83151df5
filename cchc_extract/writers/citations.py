"""Many plans' JSON objects -> one list of the legal documents that they name: the table `cited_documents`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cchc_extract.normalise.references import is_short_for, reference_key
from cchc_extract.normalise.registry import province_on
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold
from cchc_extract.writers.schema import RELATIONS

Json = Mapping[str, Any]
Row = dict[str, str | int | None]

_MOST_PLANS, _MOST_LINES = 10, 8  # places told of a document, and lines of each
_MOST_DATES = 5  # dates told of a document beside the usual one


@dataclass(slots=True)
class _Cited:
    """What all plans say of one document; it grows with the ways to write it, not with the plans."""

    key: str
    province: str | None
    before: int = 9999  # the year of the first plan that names it
    plans: int = 0
    mentions: int = 0
    types: Counter[str] = field(default_factory=Counter)
    numbers: Counter[str] = field(default_factory=Counter)
    dates: Counter[str] = field(default_factory=Counter)
    issuers: Counter[str] = field(default_factory=Counter)
    relations: Counter[str] = field(default_factory=Counter)
    where: list[str] = field(default_factory=list)

    @property
    def digits(self) -> str:
        return self.key.split("/")[0]

    @property
    def letters(self) -> str:
        return self.key.split("/")[1]

    @property
    def year(self) -> str:
        return self.key.split("/")[2]

    def is_bare(self) -> bool:
        return next(iter(self.numbers)).isdigit()

    def add(self, reference: Json, document: str, year: int) -> None:
        self.before = min(self.before, year)
        self.plans += 1
        self.mentions += len(reference["spans"])
        self.types[reference["type"]] += 1
        self.numbers[reference["number"]] += 1
        self.dates.update([reference["issued_on"]] if reference["issued_on"] else [])
        self.issuers.update([reference["issuer"]] if reference["issuer"] else [])
        self.relations[reference.get("relation", "mention")] += 1  # results of before that key tell none
        if len(self.where) < _MOST_PLANS:
            self.where.append(f"{document}:{_lines(reference['spans'])}")

    def join(self, other: _Cited) -> None:
        self.plans += other.plans
        self.mentions += other.mentions
        self.types.update(other.types)
        self.numbers.update({} if other.is_bare() else other.numbers)
        self.dates.update(other.dates)
        self.issuers.update(other.issuers)
        self.relations.update(other.relations)
        self.where = [*self.where, *other.where][:_MOST_PLANS]


class CitedDocuments:
    """Takes plans one by one, which may come from stored JSON, and grows with the documents that they name.

    Spellings of a number are brought together. Numbers of a province's own bodies count for the province that the
    issuer's name, else the plan, is of. A number without a year, or bare, is the one document of the batch that it can
    mean, which is not younger than the plans that name it so; where there are several, or these plans do not say of
    which year they are, it keeps a row of its own.
    """

    def __init__(self, patterns: Patterns) -> None:
        self._patterns = patterns
        self._cited: dict[str, _Cited] = {}

    def add(self, document: str, plan: Json) -> None:
        """Takes in what a plan names; `document` is its key, by which the rows say where."""
        home, day = (plan["document"]["province"] or {}).get("code"), _day(plan)
        for reference in plan["references"]:
            place = _find_place(reference, home, day, self._patterns)
            key = reference_key(reference["type"], reference["number"], reference["issued_on"], place)
            if key not in self._cited:
                self._cited[key] = _Cited(key, place)
            self._cited[key].add(reference, document, day.year)

    def rows(self) -> list[Row]:
        """One row for each document, those that most plans name first. For once, after the last plan."""
        for short, full in list(_find_meant(self._cited.values(), self._patterns)):
            full.join(self._cited.pop(short.key))
        return [_row(one) for one in sorted(self._cited.values(), key=lambda one: (-one.plans, -one.mentions, one.key))]


def _find_place(reference: Json, home: str | None, day: date, patterns: Patterns) -> str | None:
    """The code, on the day of issue or else the plan's, of the province whose number it is; None for a central one."""
    if patterns.rule("reference.central").search(fold(reference["number"])):
        return None
    issuer, issued_on = reference["issuer"], reference["issued_on"]
    named = issuer and province_on(issuer, date.fromisoformat(issued_on) if issued_on else day, patterns)
    return named.code if named else home


def _day(plan: Json) -> date:
    """The day that the plan is from, the earliest there is where it does not say."""
    period = plan["document"]["period"] or {}
    day = plan["document"]["issued_on"] or period.get("start")
    return date.fromisoformat(day) if day else date.min


def _find_meant(cited: Iterable[_Cited], patterns: Patterns) -> Iterator[tuple[_Cited, _Cited]]:
    """Documents without a year or of bare numbers, each with the one whole one of its digits that it can mean."""
    short, whole = [], dict[str, list[_Cited]]()
    for one in cited:
        if one.is_bare() or not one.year:
            short.append(one)
        else:
            whole.setdefault(one.digits, []).append(one)
    for one in short:
        meant = [other for other in whole.get(one.digits, ()) if _may_mean(one, other, patterns)]
        if len(meant) == 1:
            yield one, meant[0]


def _may_mean(short: _Cited, full: _Cited, patterns: Patterns) -> bool:
    """Whether letters, or type and issuer, agree, and the year that is told; untold it is not after the first plan."""
    if full.year != short.year if short.year else int(full.year) > short.before:
        return False
    if not short.is_bare():
        return short.letters == full.letters and short.province == full.province
    issuer = next(iter(short.issuers), None)
    alike = full.province in (None, short.province) and not short.types.keys().isdisjoint(full.types)
    return alike and is_short_for(next(iter(short.numbers)), issuer, next(iter(full.numbers)), patterns)


def _row(one: _Cited) -> Row:
    dates = _ranked(one.dates)
    more = one.plans - len(one.where)
    return {
        "key": one.key,
        "type": _ranked(one.types)[0],
        "number": _ranked(one.numbers)[0],
        "issued_on": dates[0] if dates else None,
        "other_dates": " ; ".join(dates[1 : 1 + _MOST_DATES]) or None,
        "issuer": next(iter(_ranked(one.issuers)), None),
        "province": one.province,
        "plans": one.plans,
        "mentions": one.mentions,
        **{name.replace("-", "_"): one.relations[name] for name in RELATIONS if name != "mention"},
        "where": " ; ".join([*one.where, *([f"+{more}"] if more else [])]),
    }


def _ranked(counts: Counter[str]) -> list[str]:
    """The most frequent first, then by the alphabet: the order of the plans does not matter."""
    return sorted(counts, key=lambda value: (-counts[value], value))


def _lines(spans: Sequence[Json]) -> str:
    """The lines of a document's places: "12,40-41", with "+3" for more."""
    lines = [span["lines"] for span in spans if span["lines"]]
    told = [str(a) if a == b else f"{a}-{b}" for a, b in lines[:_MOST_LINES]]
    return ",".join([*told, *([f"+{len(lines) - _MOST_LINES}"] if len(lines) > _MOST_LINES else [])])
