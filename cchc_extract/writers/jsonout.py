"""Plan -> JSON, the output contract: every key, in its fixed order, built by hand so that nothing slips in or out.

A key whose value the document does not give is there and null; only `inferred` is left out when it is empty, and an
agency's `as_of` when no day was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cchc_extract.model import (
    SCHEMA_VERSION,
    Agency,
    Deadline,
    Duplicate,
    Facts,
    Plan,
    Province,
    Reference,
    Section,
    Source,
    Span,
    Target,
    Task,
    Warn,
)

Json = dict[str, Any]


def plan_to_json(plan: Plan, *, pretty: bool = True) -> bytes:
    """One JSON object in UTF-8 that ends in a newline: indented by two, or on one line when not `pretty`.

    The same plan gives the same bytes.
    """
    return value_to_json(plan_to_dict(plan), pretty=pretty)


def value_to_json(value: object, *, pretty: bool = True) -> bytes:
    """Any value of dicts, lists, dataclasses, dates and scalars as JSON in UTF-8 that ends in a newline."""
    import orjson

    options = orjson.OPT_APPEND_NEWLINE | (orjson.OPT_INDENT_2 if pretty else 0)
    return orjson.dumps(value, default=_plain, option=options)


def json_to_value(data: bytes) -> Any:
    """What `value_to_json` wrote, as dicts, lists and scalars."""
    import orjson

    return orjson.loads(data)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def readable_name(name: str) -> str:
    """A file name as text: bytes in it that are not UTF-8 become U+FFFD, for JSON holds no half characters.

    >>> readable_name("plan-\\udce9.txt")
    'plan-\ufffd.txt'
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def plan_to_dict(plan: Plan) -> Json:
    """The contract's object as plain dicts and lists."""
    return {
        "schema_version": SCHEMA_VERSION,
        "source": _source(plan.source),
        "document": _document(plan.facts),
        "sections": [_section(section) for section in plan.sections],
        "tasks": [_task(task) for task in plan.tasks],
        "targets": [_target(target) for target in plan.targets],
        "references": [_reference(reference) for reference in plan.references],
        "duplicates": [_duplicate(duplicate) for duplicate in plan.duplicates],
        "warnings": [_warning(warning) for warning in plan.warnings],
    }


def _source(source: Source) -> Json:
    return {
        "file": readable_name(source.file),
        "sha256": source.sha256,
        "media_type": source.media_type,
        "pages": source.pages,
        "encoding": source.encoding,
    }


def _document(facts: Facts) -> Json:
    signer, attached, period = facts.signer, facts.attached_to, facts.period
    return {
        "type": facts.type,
        "number": facts.number,
        "title": facts.title,
        "issued_on": _date(facts.issued_on),
        "effective_on": _date(facts.effective_on),
        "issuer": facts.issuer and _agency(facts.issuer),
        "province": facts.province and _province(facts.province),
        "province_today": facts.province_today and _province(facts.province_today),
        "signer": signer and {"name": signer.name, "title": signer.title},
        "attached_to": attached
        and {"type": attached.type, "number": attached.number, "issued_on": _date(attached.issued_on)},
        "period": period and {"start": _date(period.start), "end": _date(period.end)},
    }


def _province(province: Province) -> Json:
    return {"code": province.code, "name": province.name}


def _section(section: Section) -> Json:
    record = {
        "id": section.id,
        "parent": section.parent,
        "level": section.level,
        "marker": section.marker,
        "title": section.title,
        "kind": section.kind,
        "area": section.area,
        "span": _span(section.span),
    }
    return _with_inferred(record, section.inferred)


def _task(task: Task) -> Json:
    record = {
        "id": task.id,
        "origin": task.origin,
        "marker": task.marker,
        "text": task.text,
        "area": task.area,
        "section": task.section,
        "lead": [_agency(agency) for agency in task.lead],
        "coordinating": [_agency(agency) for agency in task.coordinating],
        "products": task.products,
        "deadlines": [_deadline(deadline) for deadline in task.deadlines],
        "targets": task.targets,
        "same_as": task.same_as,
        "span": _span(task.span),
    }
    return _with_inferred(record, task.inferred)


def _target(target: Target) -> Json:
    record = {
        "id": target.id,
        "quote": target.quote,
        "indicator": target.indicator,
        "comparator": target.comparator,
        "value": _number(target.value),
        "value_max": _number(target.value_max),
        "out_of": _number(target.out_of),
        "unit": target.unit,
        "change": target.change,
        "baseline": target.baseline,
        "scope": target.scope,
        "year": target.year,
        "task": target.task,
        "section": target.section,
        "same_as": target.same_as,
        "span": _span(target.span),
    }
    return _with_inferred(record, target.inferred)


def _reference(reference: Reference) -> Json:
    return {
        "type": reference.type,
        "number": reference.number,
        "issued_on": _date(reference.issued_on),
        "issuer": reference.issuer,
        "relation": reference.relation,
        "spans": [_span(span) for span in reference.spans],
    }


def _duplicate(duplicate: Duplicate) -> Json:
    return {"span": _span(duplicate.span), "of": _span(duplicate.of)}


def _warning(warning: Warn) -> Json:
    return {"code": warning.code, "message": warning.message, "span": warning.span and _span(warning.span)}


def _agency(agency: Agency) -> Json:
    record: Json = {
        "id": agency.id,
        "name": agency.name,
        "text": agency.text,
        "kind": agency.kind,
        "level": agency.level,
        "match": agency.match,
        "confidence": agency.confidence,
        "province": agency.province,
        "office": agency.office,
        "of": agency.of,
    }
    if agency.as_of is not None:
        record["as_of"] = [{"id": body.id, "name": body.name} for body in agency.as_of]
    return record


def _deadline(deadline: Deadline) -> Json:
    return {
        "text": deadline.text,
        "kind": deadline.kind,
        "start": _date(deadline.start),
        "end": _date(deadline.end),
        "every": deadline.every,
    }


def _span(span: Span) -> Json:
    return {"page": span.page, "lines": span.lines, "bbox": span.bbox}


def _date(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _number(value: int | float | None) -> int | float | None:
    """A whole number of more than 63 bits, which many JSON readers refuse, as a float."""
    return float(value) if isinstance(value, int) and value.bit_length() > 63 else value


def _with_inferred(record: Json, inferred: tuple[str, ...]) -> Json:
    if inferred:
        record["inferred"] = inferred
    return record
