"""Passages to Findings: tasks, targets and references, each with its exact place in its passage. Words only."""

from __future__ import annotations

from cchc_extract.findings.references import find_references, find_short_references
from cchc_extract.findings.relations import relate_references
from cchc_extract.findings.targets import find_targets
from cchc_extract.findings.tasks import find_task
from cchc_extract.model import Findings, Passages, ReferenceFinding, TargetFinding, TaskFinding
from cchc_extract.patterns import Patterns

__all__ = ["passages_to_findings"]


def passages_to_findings(passages: Passages, patterns: Patterns) -> Findings:
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
        references += _find_all_references(index, passage.text, patterns)
    return Findings(passages, tuple(tasks), tuple(targets), relate_references(references, passages, patterns))


def _find_all_references(index: int, text: str, patterns: Patterns) -> list[ReferenceFinding]:
    full = find_references(index, text, patterns)
    short = find_short_references(index, text, full, patterns)
    return sorted((*full, *short), key=lambda finding: finding.start) if short else list(full)
