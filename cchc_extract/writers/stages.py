"""What one stage made, as JSON for a person who wants to see where a plan went wrong."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from cchc_extract.model import Document, Outline, Passages, Source
from cchc_extract.writers.jsonout import readable_name, value_to_json

_EARLIER = (Source, Document, Outline, Passages)


def stage_to_json(value: Any) -> bytes:
    """The fields of a stage's value, indented. The value of an earlier stage that it carries is left out."""
    shown = {field.name: getattr(value, field.name) for field in fields(value)}
    return value_to_json({name: _shown(part) for name, part in shown.items() if not isinstance(part, _EARLIER)})


def _shown(part: Any) -> Any:
    return readable_name(part) if isinstance(part, str) else part
