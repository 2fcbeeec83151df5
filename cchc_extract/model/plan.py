"""The result: everything extracted from one document."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from cchc_extract.model.outline import Agency, Facts, Section
from cchc_extract.model.source import Duplicate, Source, Span, Warn


@dataclass(frozen=True, slots=True)
class Deadline:
    """kind: during | by | ongoing | recurring | rule | event; every: week | month | quarter | half-year | year."""

    text: str
    kind: str
    start: date | None = None
    end: date | None = None
    every: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    id: str
    origin: str
    marker: str | None
    text: str
    area: str | None
    section: str | None
    lead: tuple[Agency, ...]
    coordinating: tuple[Agency, ...]
    products: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    targets: tuple[str, ...]
    span: Span = field(compare=False)
    inferred: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    id: str
    quote: str
    indicator: str
    comparator: str | None
    value: int | float
    value_max: int | float | None
    out_of: int | float | None
    unit: str | None
    change: str | None
    baseline: str | None
    scope: str | None
    year: int | None
    task: str | None
    section: str | None
    span: Span = field(compare=False)
    inferred: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A legal document that the plan names.

    relation: what the plan says it is to the plan itself: implements | based-on | attached-to | amends | replaces, else
    mention.
    """

    type: str
    number: str
    issued_on: date | None
    issuer: str | None
    spans: tuple[Span, ...] = field(compare=False, default=())
    relation: str = "mention"


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything extracted from one document; what the writers write."""

    source: Source
    facts: Facts
    sections: tuple[Section, ...]
    tasks: tuple[Task, ...]
    targets: tuple[Target, ...]
    references: tuple[Reference, ...]
    duplicates: tuple[Duplicate, ...]
    warnings: tuple[Warn, ...]
