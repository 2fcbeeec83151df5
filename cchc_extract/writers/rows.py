"""Plan -> rows: one description of the tables that every tabular format writes.

Each table's first two columns are its key: `document` (first 12 hex digits of the source's SHA-256) and the record's
`id`; records that have none of their own are numbered in order (r1, w1, d1). Values are str, int, float, date or None.
Lists are joined by ' ; ', with an empty place for a null, so that lists of one record stay in step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cchc_extract.model import Agency, Plan, Span
from cchc_extract.writers.jsonout import readable_name

Value = str | int | float | date | None
SEPARATOR = " ; "


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it holds, and how it is read from a record."""

    name: str
    what: str
    read: Callable[[Any], Value]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: `records` gives its records in a plan; `prefix` numbers those that carry no id of their own."""

    name: str
    columns: tuple[Column, ...]
    records: Callable[[Plan], Sequence[Any]]
    prefix: str | None = None

    @property
    def header(self) -> tuple[str, ...]:
        return ("document", *(() if self.name == "documents" else ("id",)), *(column.name for column in self.columns))


def document_key(plan: Plan) -> str:
    """What ties a row to its document."""
    return plan.source.sha256[:12]


def table_rows(table: Table, plan: Plan) -> Iterator[tuple[Value, ...]]:
    """The rows of one plan in a table, each as long as the table's header."""
    document = document_key(plan)
    for count, record in enumerate(table.records(plan), start=1):
        values = tuple(column.read(record) for column in table.columns)
        if table.name == "documents":
            yield (document, *values)
        else:
            yield (document, f"{table.prefix}{count}" if table.prefix else record.id, *values)


def join(values: Iterable[object]) -> str | None:
    """Values in one cell; None where there is nothing to say.

    >>> join(["a", None, "b"])
    'a ;  ; b'
    >>> join([None, None]) is None
    True
    """
    texts = ["" if value is None else str(value) for value in values]
    return SEPARATOR.join(texts) if any(texts) else None


def _names(agencies: Iterable[Agency]) -> str | None:
    return join(agency.name or agency.text for agency in agencies)


def _ids(agencies: Iterable[Agency]) -> str | None:
    return join(agency.id for agency in agencies)


def _of(outer: str, inner: str) -> Callable[[Any], Value]:
    """Reads `record.outer.inner`, None where the outer value is."""

    def read(record: Any) -> Value:
        value: Value = getattr(getattr(record, outer), inner, None)
        return value

    return read


def _own(name: str, what: str) -> Column:
    """A column that is a scalar field of the record."""

    def read(record: Any) -> Value:
        value: Value = getattr(record, name)
        return value

    return Column(name, what, read)


def _fact(name: str, what: str) -> Column:
    return Column(name, what, lambda plan: getattr(plan.facts, name))


def _inner_fact(name: str, what: str, outer: str, inner: str) -> Column:
    read = _of(outer, inner)
    return Column(name, what, lambda plan: read(plan.facts))


def _line(span: Span | None, end: int) -> int | None:
    return span.lines[end] if span and span.lines else None


def _span_columns(find: Callable[[Any], Span | None], prefix: str = "") -> tuple[Column, ...]:
    def page(record: Any) -> Value:
        span = find(record)
        return span.page if span else None

    return (
        Column(f"{prefix}page", "page, 1-based (PDF)", page),
        Column(f"{prefix}line_from", "first line, 1-based", lambda record: _line(find(record), 0)),
        Column(f"{prefix}line_to", "last line", lambda record: _line(find(record), 1)),
    )


_SPAN = _span_columns(lambda record: record.span)
_INFERRED = Column("inferred", "fields concluded, not written in the source", lambda record: join(record.inferred))

DOCUMENTS = Table(
    "documents",
    (
        Column("file", "file name", lambda plan: readable_name(plan.source.file)),
        Column("sha256", "SHA-256 of the file", lambda plan: plan.source.sha256),
        Column("media_type", "kind of file", lambda plan: plan.source.media_type),
        Column("pages", "number of pages (PDF)", lambda plan: plan.source.pages),
        Column("encoding", "text encoding", lambda plan: plan.source.encoding),
        _fact("type", "kind of document"),
        _fact("number", "document number"),
        _fact("title", "title"),
        _fact("issued_on", "date of issue"),
        _fact("effective_on", "date of effect"),
        _inner_fact("issuer_id", "issuing agency, id", "issuer", "id"),
        _inner_fact("issuer_name", "issuing agency, name", "issuer", "name"),
        _inner_fact("province_code", "province, GSO code", "province", "code"),
        _inner_fact("province", "province", "province", "name"),
        _inner_fact("signer", "who signed", "signer", "name"),
        _inner_fact("signer_title", "as what", "signer", "title"),
        _inner_fact("attached_to_type", "kind of the decision it is attached to", "attached_to", "type"),
        _inner_fact("attached_to_number", "number of that decision", "attached_to", "number"),
        _inner_fact("attached_to_issued_on", "date of that decision", "attached_to", "issued_on"),
        _inner_fact("period_start", "first day of the plan's period", "period", "start"),
        _inner_fact("period_end", "last day of the plan's period", "period", "end"),
    ),
    lambda plan: (plan,),
)

SECTIONS = Table(
    "sections",
    (
        _own("parent", "id of the section above"),
        _own("level", "depth, 1 at the top"),
        _own("marker", "its enumerator"),
        _own("title", "its heading"),
        _own("kind", "what kind of section"),
        _own("area", "area of reform"),
        *_SPAN,
        _INFERRED,
    ),
    lambda plan: plan.sections,
)

TASKS = Table(
    "tasks",
    (
        _own("origin", "appendix, narrative or assignment"),
        _own("marker", "its enumerator"),
        _own("text", "what is to be done"),
        _own("area", "area of reform"),
        _own("section", "id of its section"),
        Column("lead_ids", "lead agencies, ids", lambda task: _ids(task.lead)),
        Column("lead_names", "lead agencies, names (the source's words if unknown)", lambda task: _names(task.lead)),
        Column("coordinating_ids", "coordinating agencies, ids", lambda task: _ids(task.coordinating)),
        Column("coordinating_names", "coordinating agencies, names", lambda task: _names(task.coordinating)),
        Column("products", "outputs", lambda task: join(task.products)),
        Column("deadline_texts", "deadlines as written", lambda task: join(d.text for d in task.deadlines)),
        Column("deadline_kinds", "their kinds", lambda task: join(d.kind for d in task.deadlines)),
        Column("deadline_starts", "their first days", lambda task: join(d.start for d in task.deadlines)),
        Column("deadline_ends", "their last days", lambda task: join(d.end for d in task.deadlines)),
        Column("deadline_every", "their rhythms", lambda task: join(d.every for d in task.deadlines)),
        Column("targets", "ids of the targets in it", lambda task: join(task.targets)),
        *_SPAN,
        _INFERRED,
    ),
    lambda plan: plan.tasks,
)

TARGETS = Table(
    "targets",
    (
        _own("quote", "the words that set it"),
        _own("indicator", "what is measured"),
        _own("comparator", ">=, <=, >, < or ="),
        _own("value", "the number"),
        _own("value_max", "upper end of a range"),
        _own("out_of", "what it is out of (rank, score)"),
        _own("unit", "its unit"),
        _own("change", "increase or decrease, if a difference"),
        _own("baseline", "against what"),
        _own("scope", "level or place"),
        _own("year", "by which year"),
        _own("task", "id of the task that holds it"),
        _own("section", "id of its section"),
        *_SPAN,
        _INFERRED,
    ),
    lambda plan: plan.targets,
)

REFERENCES = Table(
    "references",
    (
        _own("type", "kind of document"),
        _own("number", "its number"),
        _own("issued_on", "its date"),
        _own("issuer", "who issued it"),
        Column("mentions", "how often it is named", lambda reference: len(reference.spans)),
        *_span_columns(lambda reference: reference.spans[0] if reference.spans else None),
    ),
    lambda plan: plan.references,
    prefix="r",
)

DUPLICATES = Table(
    "duplicates",
    (*_SPAN, *_span_columns(lambda duplicate: duplicate.of, "of_")),
    lambda plan: plan.duplicates,
    prefix="d",
)

WARNINGS = Table(
    "warnings",
    (_own("code", "stable code"), _own("message", "what the program believes"), *_SPAN),
    lambda plan: plan.warnings,
    prefix="w",
)

TABLES = (DOCUMENTS, SECTIONS, TASKS, TARGETS, REFERENCES, DUPLICATES, WARNINGS)
