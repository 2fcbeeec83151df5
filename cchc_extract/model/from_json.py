"""The contract's JSON object -> Plan: what a program of ours has written, as records again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from cchc_extract.model.outline import Facts
from cchc_extract.model.plan import Plan
from cchc_extract.model.source import Source


def plan_from_dict(value: Mapping[str, Any]) -> Plan:
    """The plan of a JSON object as `to_dict` gives it; its source has no blocks, for the object has none.

    Raises KeyError, TypeError or ValueError for an object that is none of ours.
    """
    lists = {name: _decode(_hints(Plan)[name], value[name]) for name in _hints(Plan) if name not in ("source", "facts")}
    source = _decode(Source, {**value["source"], "blocks": ()})
    return Plan(source=source, facts=_decode(Facts, value["document"]), **lists)


@cache
def _hints(record: type) -> dict[str, Any]:
    return get_type_hints(record)


def _decode(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(hint, UnionType):
        return _decode(next(inner for inner in get_args(hint) if inner is not type(None)), value)
    if get_origin(hint) is tuple:
        inner = get_args(hint)[0]
        return tuple(_decode(inner, item) for item in value)
    if hint is date:
        return date.fromisoformat(value)
    if is_dataclass(hint):
        hints = _hints(hint)  # type: ignore[arg-type]
        known = (field.name for field in fields(hint) if field.name in value)
        return hint(**{name: _decode(hints[name], value[name]) for name in known})  # type: ignore[operator]
    return value
