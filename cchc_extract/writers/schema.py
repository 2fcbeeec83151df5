"""The output contract as JSON Schema (draft 2020-12): every key required, none unknown, every vocabulary closed."""

from __future__ import annotations

from typing import Any

from cchc_extract.model import AREAS, SCHEMA_VERSION, SECTION_KINDS

Schema = dict[str, Any]

ORIGINS = ("appendix", "narrative", "assignment")
AGENCY_KINDS = ("agency", "group", "person", "unknown")
AGENCY_LEVELS = ("central", "province", "district", "commune")
AGENCY_MATCHES = ("exact", "variant", "abbreviation", "local", "fuzzy")
DEADLINE_KINDS = ("during", "by", "ongoing", "recurring", "rule", "event")
RHYTHMS = ("week", "month", "quarter", "half-year", "year")
COMPARATORS = (">=", "<=", ">", "<", "=")
CHANGES = ("increase", "decrease")
RELATIONS = ("implements", "based-on", "attached-to", "amends", "replaces", "mention")

_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "number"}
_DATE: Schema = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}


def output_schema() -> Schema:
    """The schema of one plan's object, as a dict ready for JSON."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tasks and targets of one Vietnamese administrative-reform plan",
        **_object(
            schema_version={"const": SCHEMA_VERSION},
            source=_ref("source"),
            document=_ref("document"),
            sections=_list(_ref("section")),
            tasks=_list(_ref("task")),
            targets=_list(_ref("target")),
            references=_list(_ref("reference")),
            duplicates=_list(_ref("duplicate")),
            warnings=_list(_ref("warning")),
        ),
        "$defs": _definitions(),
    }


def _definitions() -> Schema:
    return {
        "span": _span(),
        "source": _source(),
        "document": _document(),
        "agency": _agency(),
        "section": _section(),
        "task": _task(),
        "deadline": _deadline(),
        "target": _target(),
        "reference": _reference(),
        "duplicate": _object(span=_ref("span"), of=_ref("span")),
        "warning": _object(code=_id(r"[a-z0-9]+(-[a-z0-9]+)*"), message=_TEXT, span=_or_null(_ref("span"))),
    }


def _span() -> Schema:
    return _object(
        page=_or_null(_count()),
        lines=_or_null({"type": "array", "items": _count(), "minItems": 2, "maxItems": 2}),
        bbox=_or_null({"type": "array", "items": _NUMBER, "minItems": 4, "maxItems": 4}),
    )


def _source() -> Schema:
    return _object(
        file=_TEXT,
        sha256=_id("[0-9a-f]{64}"),
        media_type=_id("[a-z]+/[a-z0-9.+-]+"),
        pages=_or_null(_count()),
        encoding=_or_null(_TEXT),
    )


def _document() -> Schema:
    return _object(
        type=_or_null(_TEXT),
        number=_or_null(_TEXT),
        title=_or_null(_TEXT),
        issued_on=_or_null(_DATE),
        effective_on=_or_null(_DATE),
        issuer=_or_null(_ref("agency")),
        province=_or_null(_province()),
        province_today=_or_null(_province()),
        signer=_or_null(_object(name=_TEXT, title=_or_null(_TEXT))),
        attached_to=_or_null(_object(type=_TEXT, number=_or_null(_TEXT), issued_on=_or_null(_DATE))),
        period=_or_null(_object(start=_or_null(_DATE), end=_or_null(_DATE))),
    )


def _province() -> Schema:
    return _object(code=_id(r"\d{2}"), name=_TEXT)


def _agency() -> Schema:
    """An object that says who has the work of the body on a day, where one was asked for."""
    id, successors = _id("[a-z0-9]+(-[a-z0-9]+)*"), _list(_object(id=_id("[a-z0-9]+(-[a-z0-9]+)*"), name=_TEXT))
    schema = _object(
        id=_or_null(id),
        name=_or_null(_TEXT),
        text=_TEXT,
        kind=_one_of(AGENCY_KINDS),
        level=_or_null(_one_of(AGENCY_LEVELS)),
        match=_or_null(_one_of(AGENCY_MATCHES)),
        confidence=_or_null({"type": "number", "minimum": 0, "maximum": 1}),
        province=_or_null(_id(r"\d{2}")),
        office=_or_null(_TEXT),
        of=_list(id),
    )
    return {**schema, "properties": {**schema["properties"], "as_of": successors}}


def _section() -> Schema:
    return _record(
        id=_id(r"s\d+"),
        parent=_or_null(_id(r"s\d+")),
        level=_count(),
        marker=_or_null(_TEXT),
        title=_or_null(_TEXT),
        kind=_one_of(SECTION_KINDS),
        area=_or_null(_one_of(AREAS)),
        span=_ref("span"),
    )


def _task() -> Schema:
    return _record(
        id=_id(r"t\d+"),
        origin=_one_of(ORIGINS),
        marker=_or_null(_TEXT),
        text=_TEXT,
        area=_or_null(_one_of(AREAS)),
        section=_or_null(_id(r"s\d+")),
        lead=_list(_ref("agency")),
        coordinating=_list(_ref("agency")),
        products=_list(_TEXT),
        deadlines=_list(_ref("deadline")),
        targets=_list(_id(r"g\d+")),
        same_as=_list(_id(r"t\d+")),
        span=_ref("span"),
    )


def _deadline() -> Schema:
    return _object(
        text=_TEXT,
        kind=_one_of(DEADLINE_KINDS),
        start=_or_null(_DATE),
        end=_or_null(_DATE),
        every=_or_null(_one_of(RHYTHMS)),
    )


def _target() -> Schema:
    return _record(
        id=_id(r"g\d+"),
        quote=_TEXT,
        indicator=_TEXT,
        comparator=_or_null(_one_of(COMPARATORS)),
        value=_NUMBER,
        value_max=_or_null(_NUMBER),
        out_of=_or_null(_NUMBER),
        unit=_or_null(_TEXT),
        change=_or_null(_one_of(CHANGES)),
        baseline=_or_null(_TEXT),
        scope=_or_null(_TEXT),
        year=_or_null({"type": "integer"}),
        task=_or_null(_id(r"t\d+")),
        section=_or_null(_id(r"s\d+")),
        same_as=_list(_id(r"g\d+")),
        span=_ref("span"),
    )


def _reference() -> Schema:
    return _object(
        type=_TEXT,
        number=_TEXT,
        issued_on=_or_null(_DATE),
        issuer=_or_null(_TEXT),
        relation=_one_of(RELATIONS),
        spans=_list(_ref("span")),
    )


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _record(**properties: Schema) -> Schema:
    """An object that may say which of its fields were inferred; only then is the key there."""
    schema = _object(**properties)
    inferred = {"type": "array", "items": _TEXT, "minItems": 1, "uniqueItems": True}
    return {**schema, "properties": {**properties, "inferred": inferred}}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _one_of(values: tuple[str, ...]) -> Schema:
    return {"enum": list(values)}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _id(regex: str) -> Schema:
    return {"type": "string", "pattern": f"^{regex}$"}


def _count() -> Schema:
    return {"type": "integer", "minimum": 1}
