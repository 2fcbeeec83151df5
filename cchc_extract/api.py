"""The program as a library: a plan as records, many of them in parallel, and the contract's JSON object.

>>> import cchc_extract
>>> plan = cchc_extract.extract("samples/clean-plan/plan.txt")
>>> plan.facts.number, len(plan.tasks), plan.tasks[0].area
('18/KH-UBND', 20, 'direction')
>>> [agency.name for agency in plan.tasks[1].lead]
['Sở Nội vụ']
>>> cchc_extract.to_dict(plan)["document"]["issued_on"]
'2023-01-12'
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cchc_extract.model import Plan

Name = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document of many, under its `name`.

    status: read | empty (neither tasks nor targets) | refused (no plan that can be read) | failed (a fault, too slow,
    too large) | duplicate (the content of `duplicate_of`, which has the plan). `error` is one line, `exit_code` that
    of the command line; both also beside a plan of which a part could not be read. `near_duplicate_of` names an
    earlier document that says nearly the same, with a `similarity` from 0 to 1.
    """

    name: str
    status: str
    plan: Plan | None
    error: str | None
    exit_code: int
    sha256: str | None
    duplicate_of: str | None
    near_duplicate_of: str | None
    similarity: float | None


def extract(path: Name, *, patterns: Name | None = None, as_of: date | None = None) -> Plan:
    """The plan of one document of any kind that can be read here.

    `patterns` is a folder of your own pattern files; with `as_of` each agency also says who has its work on that day.
    Raises CchcError, whose text is one line and whose `exit_code` is that of the command line.
    """
    from cchc_extract.patterns import load_patterns
    from cchc_extract.pipeline import extract_plan

    return extract_plan(Path(path), None, load_patterns(_folder(patterns)), as_of)


def extract_many(
    paths: Iterable[Name],
    *,
    recursive: bool = False,
    jobs: int | None = None,
    timeout: float | None = None,
    memory: int | None = None,
    patterns: Name | None = None,
    as_of: date | None = None,
) -> Iterator[Outcome]:
    """What becomes of each document that the paths name (files, folders, ZIP archives), in their order, as they finish.

    Documents are read in `jobs` processes of their own (as many as there are cores); none may take more than `timeout`
    seconds or `memory` MB; the rest is as in `extract`. Nothing that is wrong with a document comes out as an
    exception. The processes end with the iterator: close it where you leave it early. Where processes are not forked
    (not on Linux), the calling script needs the usual `if __name__ == "__main__":`.

    >>> from cchc_extract import extract_many
    >>> for outcome in extract_many(["samples/clean-plan/plan.txt", "samples/no-such-plan.txt"]):
    ...     print(outcome.status, outcome.plan and len(outcome.plan.tasks), outcome.error)
    read 20 None
    refused None samples/no-such-plan.txt: does not exist; check the name
    """
    from cchc_extract.batch import Search, Settings, Work, bounds_of, find_inputs, run_batch

    found = find_inputs([os.fspath(path) for path in paths], Search(recursive))
    settings = Settings(bounds_of(jobs, timeout, memory))
    with closing(run_batch(found.inputs, Work(_folder(patterns), as_of), settings)) as outcomes:
        for outcome in outcomes:
            yield Outcome(
                outcome.name,
                outcome.status,
                _plan(outcome.plan),
                outcome.error,
                outcome.exit_code,
                outcome.sha256,
                outcome.duplicate_of,
                outcome.near_duplicate_of,
                outcome.similarity,
            )


def to_dict(plan: Plan) -> dict[str, Any]:
    """The contract's object, as JSON has it: dicts, lists, strings, numbers and None."""
    from cchc_extract.writers.jsonout import json_to_value, plan_to_json

    value: dict[str, Any] = json_to_value(plan_to_json(plan, pretty=False))
    return value


def from_dict(value: dict[str, Any]) -> Plan:
    """The plan of such an object, for instance of a line of JSON Lines: all of it but the source's blocks.

    Raises KeyError, TypeError or ValueError for an object that is none of ours.
    """
    from cchc_extract.model.from_json import plan_from_dict

    return plan_from_dict(value)


def _plan(line: bytes | None) -> Plan | None:
    from cchc_extract.writers.jsonout import json_to_value

    return None if line is None else from_dict(json_to_value(line))


def _folder(patterns: Name | None) -> Path | None:
    return None if patterns is None else Path(patterns)
