"""One document: its content, and what that gives. The part of a batch that any engine can run anywhere."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_extract.batch.likeness import text_to_sketch
from cchc_extract.batch.outcome import Record
from cchc_extract.errors import MISSING_TOOL, CchcError, MissingToolError, describe_fault
from cchc_extract.request import is_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_extract.batch.inputs import Input
    from cchc_extract.model import Plan
    from cchc_extract.patterns import Patterns


@dataclass(frozen=True, slots=True)
class Work:
    """What is done to every document: extraction, with the user's own pattern files where there are any.

    `as_of` is the day for which it is told who has an agency's work."""

    patterns: Path | None = None
    as_of: date | None = None

    def load(self) -> Patterns:
        """The patterns; read once a process. Raises PatternError."""
        from cchc_extract.patterns import load_patterns

        return load_patterns(self.patterns)


def read_content(item: Input) -> bytes:
    """What the file, or the member of an archive, holds. Raises a CchcError."""
    if is_address(item.path):
        from cchc_extract.batch.addresses import read_address

        return read_address(item.path)
    if item.member is None:
        from cchc_extract.readers import load_content

        return load_content(Path(item.path))
    from cchc_extract.batch.archives import read_member

    return read_member(item.path, item.member)


def content_to_record(item: Input, content: bytes, work: Work) -> Record:
    """What the content gives. Whatever goes wrong is in the record; only MemoryError comes out."""
    from cchc_extract.pipeline import extract_plan

    try:
        path = None if item.is_stdin else Path(item.name)
        return plan_to_record(extract_plan(path, content, work.load(), work.as_of))
    except MemoryError:
        raise
    except Exception as error:
        return error_to_record(item, error)


def plan_to_record(plan: Plan) -> Record:
    from cchc_extract.writers.jsonout import plan_to_json

    unread = next((warning.message for warning in plan.warnings if warning.code == MISSING_TOOL), None)
    what, _, do = (unread or "").partition("; ")
    return Record(
        status="read" if plan.tasks or plan.targets else "empty",
        plan=plan_to_json(plan, pretty=False),
        what=what,
        do=do,
        exit_code=MissingToolError.exit_code if unread else 0,
        tasks=len(plan.tasks),
        targets=len(plan.targets),
        warnings=len(plan.warnings),
        sketch=text_to_sketch(" ".join(_wording(plan))),
    )


def _wording(plan: Plan) -> Iterator[str]:
    """What a plan says, without the letterhead that all plans of a province share."""
    yield from (section.title or "" for section in plan.sections)
    yield from (task.text for task in plan.tasks)
    yield from (target.quote for target in plan.targets)


def error_to_record(item: Input, error: Exception) -> Record:
    """An expected failure is a refusal, any other a failure."""
    if isinstance(error, CchcError):
        where = error.where[len(item.name) :] if error.where.startswith(item.name) else ""
        return Record("refused", where=where, what=error.what, do=error.do, exit_code=error.exit_code)
    if os.environ.get("CCHC_EXTRACT_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    what, do = describe_fault(error)
    return Record("failed", what=what, do=do, exit_code=CchcError.exit_code)
