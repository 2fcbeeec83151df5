"""Plan -> the same plan, each agency with those who have its work on another day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from cchc_extract.model import Agency, Plan, Successor
from cchc_extract.normalise.registry import agency_as_of
from cchc_extract.patterns import Patterns


def add_successors(plan: Plan, day: date, patterns: Patterns) -> Plan:
    """With `as_of` filled in everywhere: the body itself where it is there on that day, () where nobody is known."""

    def then(agencies: Iterable[Agency]) -> tuple[Agency, ...]:
        return tuple(replace(agency, as_of=_successors(agency, day, patterns)) for agency in agencies)

    tasks = tuple(replace(task, lead=then(task.lead), coordinating=then(task.coordinating)) for task in plan.tasks)
    issuer = then([plan.facts.issuer])[0] if plan.facts.issuer else None
    return replace(plan, facts=replace(plan.facts, issuer=issuer), tasks=tasks)


def _successors(agency: Agency, day: date, patterns: Patterns) -> tuple[Successor, ...]:
    """Of a body that the registry knows; a person's or an unknown one's are not known."""
    if agency.match is None or agency.id is None:
        return ()
    return tuple(Successor(id, patterns.agencies[id].name) for id in agency_as_of(agency.id, day, patterns))
