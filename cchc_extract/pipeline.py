"""The chain of stages: file -> Source -> Document -> Outline -> Passages -> Findings -> Plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from cchc_extract.assemble import assemble
from cchc_extract.clean import clean
from cchc_extract.findings import passages_to_findings
from cchc_extract.model import Document, Findings, Outline, Passages, Plan, Source
from cchc_extract.outline import outline
from cchc_extract.patterns import Patterns
from cchc_extract.readers import read_source
from cchc_extract.tables import outline_to_passages

Stage = Source | Document | Outline | Passages | Findings | Plan


def run_stages(path: Path | None, data: bytes | None, patterns: Patterns) -> Iterator[tuple[str, Stage]]:
    """Each stage's name and what it made, in order. `path` is None for standard input, whose bytes are `data`."""
    source = read_source(path, data, patterns)
    yield "source", source
    document = clean(source, patterns)
    yield "document", document
    outlined = outline(document, patterns)
    yield "outline", outlined
    passages = outline_to_passages(outlined, patterns)
    yield "passages", passages
    findings = passages_to_findings(passages, patterns)
    yield "findings", findings
    yield "plan", assemble(findings, patterns)


def extract_plan(path: Path | None, data: bytes | None, patterns: Patterns, as_of: date | None = None) -> Plan:
    """The plan of one document; with `as_of` its agencies also say who has their work on that day.

    Raises a CchcError for everything that is expected to go wrong.
    """
    *_, (_, plan) = run_stages(path, data, patterns)
    assert isinstance(plan, Plan)
    if as_of is None:
        return plan
    from cchc_extract.successors import add_successors  # few ask for it

    return add_successors(plan, as_of, patterns)
