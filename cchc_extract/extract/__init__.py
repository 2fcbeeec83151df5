"""Passages to Findings: tasks, targets and references, each with its exact place in its passage. Words only."""

from __future__ import annotations

from cchc_extract.extract.references import find_references
from cchc_extract.extract.targets import find_targets
from cchc_extract.extract.tasks import find_task
from cchc_extract.model import Findings, Passages, ReferenceFinding, TargetFinding, TaskFinding
from cchc_extract.patterns import Patterns

__all__ = ["extract"]


def extract(passages: Passages, patterns: Patterns) -> Findings:
    """Every finding in the passages, in their order."""
    period = passages.outline.facts.period
    year = period.end.year if period and period.end else None
    tasks: list[TaskFinding] = []
    targets: list[TargetFinding] = []
    references: list[ReferenceFinding] = []
    for index, passage in enumerate(passages.passages):
        if task := find_task(index, passage, patterns):
            tasks.append(task)
        if passage.use != "note":
            targets += find_targets(index, passage, patterns, year)
        references += find_references(index, passage.text, patterns)
    return Findings(passages, tuple(tasks), tuple(targets), tuple(references))
