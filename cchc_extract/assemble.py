"""Findings to Plan: the words become typed values, and records get their ids and links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cchc_extract.links import link_records
from cchc_extract.model import (
    Agency,
    Deadline,
    Document,
    Facts,
    Findings,
    Passage,
    Plan,
    Target,
    TargetFinding,
    Task,
    TaskFinding,
    Warn,
)
from cchc_extract.normalise.agencies import parse_agencies, read_agencies
from cchc_extract.normalise.agency_places import place_agency
from cchc_extract.normalise.deadlines import DeadlineContext, find_deadlines, parse_deadlines
from cchc_extract.normalise.quantities import parse_number
from cchc_extract.normalise.references import collect_mentions, mentions_to_references, warn_of_dates
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import join_spaces, slug

_SHOWN = 80  # letters of the source that a warning tells


def assemble(findings: Findings, patterns: Patterns) -> Plan:
    """The typed plan of a document; its warnings are those of all stages, in the order of the document."""
    passages = findings.passages
    outline = passages.outline
    targets = _make_targets(findings)
    targets_of: dict[str | None, list[str]] = {}
    for target in targets:
        targets_of.setdefault(target.task, []).append(target.id)
    tasks = tuple(_make_task(n, f, findings, targets_of, patterns) for n, f in enumerate(findings.tasks, 1))
    tasks, targets, doubts = link_records(tasks, targets, patterns)
    own = outline.facts.number  # a plan's mention of itself, in a note below an appendix, cites nothing
    found = [(f, passages.passages[f.passage].span) for f in findings.references if f.number != own]
    cited = collect_mentions(found, patterns)
    document = outline.document
    said = (*document.warnings, *outline.warnings, *passages.warnings, *findings.warnings)
    unread = (*_warn_names(findings, tasks, patterns), *_warn_times(findings, tasks))
    warnings = (*said, *unread, *_warn_nothing(tasks, targets, document), *doubts, *warn_of_dates(cited))
    return Plan(
        source=document.source,
        facts=_place_issuer(outline.facts, patterns),
        sections=passages.sections,
        tasks=tasks,
        targets=targets,
        references=mentions_to_references(cited),
        duplicates=document.duplicates,
        warnings=tuple(sorted(warnings, key=_line)),
    )


def _line(warning: Warn) -> int:
    return warning.span.lines[0] if warning.span and warning.span.lines else 0


def _place_issuer(facts: Facts, patterns: Patterns) -> Facts:
    return replace(facts, issuer=place_agency(facts.issuer, facts, patterns)) if facts.issuer else facts


# --- tasks --------------------------------------------------------------------------------------------------------


def _make_task(
    number: int,
    finding: TaskFinding,
    findings: Findings,
    targets_of: Mapping[str | None, Sequence[str]],
    patterns: Patterns,
) -> Task:
    passage = findings.passages.passages[finding.passage]
    id = f"t{number}"
    in_row = passage.origin == "appendix"
    facts = findings.passages.outline.facts
    lead = _agencies(finding.lead, in_row, facts, patterns)
    leading = {agency.id for agency in lead}
    partners = _agencies(finding.coordinating, in_row, facts, patterns)
    if not in_row:
        partners = tuple(agency for agency in partners if agency.id not in leading)
    return Task(
        id=id,
        origin=passage.origin or "narrative",
        marker=passage.marker,
        text=join_spaces(passage.text[finding.start : finding.end]),
        area=passage.area,
        section=passage.section,
        lead=lead,
        coordinating=partners,
        products=finding.products,
        deadlines=_deadlines(finding, passage, findings, patterns),
        targets=tuple(targets_of.get(id, ())),
        span=passage.span,
        inferred=finding.inferred,
    )


def _agencies(words: Iterable[str], in_row: bool, facts: Facts, patterns: Patterns) -> tuple[Agency, ...]:
    """The agencies of all words, each once. An agency cell holds nothing else: words in it that are no known form
    of a name are kept as a name that is not known."""
    found: dict[str, Agency] = {}
    for text in words:
        named = parse_agencies(text, patterns)
        if not named and in_row and slug(text):
            named = (Agency(slug(text), None, join_spaces(text), "unknown", None),)
        for agency in named:
            found.setdefault(agency.id or agency.text, place_agency(agency, facts, patterns))
    return tuple(found.values())


def _deadlines(finding: TaskFinding, passage: Passage, findings: Findings, patterns: Patterns) -> tuple[Deadline, ...]:
    facts = findings.passages.outline.facts
    context = DeadlineContext(facts.period, facts.issued_on, passage.last_dates)
    found = [d for words in finding.deadlines for d in parse_deadlines(words, context, patterns)]
    if finding.sentence:
        said = {(d.kind, d.start, d.end, d.every) for d in found}
        more = find_deadlines(finding.sentence, context, patterns)
        found += [d for d in more if (d.kind, d.start, d.end, d.every) not in said]
    return tuple(found)


def _warn_nothing(tasks: Sequence[Task], targets: Sequence[Target], document: Document) -> list[Warn]:
    if tasks or targets or not document.blocks:  # an empty document has its own warning
        return []
    return [Warn("no-records", "no task and no target was found: the document may be no plan")]


def _warn_names(findings: Findings, tasks: Sequence[Task], patterns: Patterns) -> list[Warn]:
    """Names of bodies that the registry does not know, and words that stand where only names do and are read as none:
    once each, so that the user sees what is missing."""
    seen: dict[str, Warn] = {}
    for finding, task in zip(findings.tasks, tasks, strict=True):
        named = (*task.lead, *task.coordinating)
        for agency in named:
            if agency.match is None:
                message = f"the agency {agency.text!r} is not in the registry"
                seen.setdefault(agency.id or agency.text, Warn("unknown-agency", message, task.span))
        unknown = {agency.text for agency in named}  # a cell with no name at all is one that is not known
        for words in _unread(finding, patterns):
            if words not in unknown:
                message = f"no agency was read from {words[:_SHOWN]!r}"
                seen.setdefault(words.casefold(), Warn("unread-agency", message, task.span))
    return list(seen.values())


def _unread(finding: TaskFinding, patterns: Patterns) -> Iterator[str]:
    for text in (*finding.lead, *finding.coordinating):
        yield from read_agencies(text, patterns).unread


def _warn_times(findings: Findings, tasks: Iterable[Task]) -> list[Warn]:
    """Time cells and lines whose words tell no time that this program reads."""
    return [
        Warn("unread-deadline", f"no time was read from {join_spaces(finding.deadlines[0])[:_SHOWN]!r}", task.span)
        for finding, task in zip(findings.tasks, tasks, strict=True)
        if finding.deadlines and not task.deadlines
    ]


# --- targets ------------------------------------------------------------------------------------------------------


def _make_targets(findings: Findings) -> tuple[Target, ...]:
    task_of = {finding.passage: f"t{n}" for n, finding in enumerate(findings.tasks, 1)}
    targets: list[Target] = []
    for finding in findings.targets:
        passage = findings.passages.passages[finding.passage]
        value = parse_number(finding.amount)
        if value is not None:
            id = f"g{len(targets) + 1}"
            targets.append(_make_target(id, finding, passage, value, task_of.get(finding.passage)))
    return tuple(targets)


def _make_target(id: str, finding: TargetFinding, passage: Passage, value: int | float, task: str | None) -> Target:
    return Target(
        id=id,
        quote=join_spaces(passage.text[finding.start : finding.end]),
        indicator=join_spaces(finding.indicator),
        comparator=finding.comparator,
        value=value,
        value_max=parse_number(finding.amount_max) if finding.amount_max else None,
        out_of=parse_number(finding.out_of) if finding.out_of else None,
        unit=finding.unit,
        change=finding.change,
        baseline=finding.baseline,
        scope=finding.scope,
        year=finding.year,
        task=task,
        section=passage.section,
        span=passage.span,
    )
