"""What became of one document: as it is kept, whatever the document is called, and as it is given out."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from cchc_extract.errors import DONE

if TYPE_CHECKING:
    from cchc_extract.batch.inputs import Input

# read: tasks or targets were found; empty: none were; refused: the file is no plan that can be read; failed: a fault,
# too slow, or too large; duplicate: the same content as an earlier document.
STATUSES = ("read", "empty", "refused", "failed", "duplicate")

_FILE_NAME = re.compile(rb'"file":"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True, slots=True)
class Record:
    """What a content gave. `plan` is its JSON object on one line, empty where there is none; the error is told as
    the document's name, `where` in it, `what` is wrong and what to `do`. `sketch` is for the finding of likenesses."""

    status: str
    plan: bytes = b""
    where: str = ""
    what: str = ""
    do: str = ""
    exit_code: int = DONE
    tasks: int = 0
    targets: int = 0
    warnings: int = 0
    sketch: str = ""


def pack_record(record: Record) -> bytes:
    """The record in few bytes that carry a checksum."""
    head = {name: value for name, value in asdict(record).items() if name != "plan"}
    return zlib.compress(json.dumps(head).encode() + b"\n" + record.plan, 1)


def unpack_record(data: bytes) -> Record | None:
    """The record; None for bytes that are none, or damaged.

    >>> unpack_record(pack_record(Record("read", b"{}"))) == Record("read", b"{}")
    True
    >>> unpack_record(b"") is unpack_record(zlib.compress(b"[]")) is unpack_record(zlib.compress(b"{}\\n")) is None
    True
    """
    try:
        head, _, plan = zlib.decompress(data).partition(b"\n")
        return Record(plan=plan, **json.loads(head))
    except (zlib.error, ValueError, TypeError):
        return None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the input with this `number`. `plan` is the JSON object on one line, as the contract has it;
    `error` one line, also beside a plan of which a part could not be read. `seconds` are 0 where nothing was done."""

    number: int
    name: str
    status: str
    plan: bytes | None = None
    error: str | None = None
    exit_code: int = DONE
    sha256: str | None = None
    tasks: int = 0
    targets: int = 0
    warnings: int = 0
    duplicate_of: str | None = None
    near_duplicate_of: str | None = None
    similarity: float | None = None
    seconds: float = 0.0


def outcome_of(number: int, item: Input, record: Record, sha256: str | None) -> Outcome:
    """A record under the name of an input."""
    message = f"{item.shown}{record.where}: {record.what}; {record.do}" if record.exit_code else None
    return Outcome(
        number=number,
        name=item.shown,
        status=record.status,
        plan=_named(record.plan, item.file_name) if record.plan else None,
        error=message and " ".join(message.split()),
        exit_code=record.exit_code,
        sha256=sha256,
        tasks=record.tasks,
        targets=record.targets,
        warnings=record.warnings,
    )


def _named(plan: bytes, name: str) -> bytes:
    """The plan with the file name in its `source`, the first key of that name."""
    from cchc_extract.writers.jsonout import readable_name, value_to_json

    written = b'"file":' + value_to_json(readable_name(name), pretty=False).rstrip(b"\n")
    return _FILE_NAME.sub(lambda _: written, plan, count=1)


def without_plan(record: Record) -> Record:
    """What has to be remembered of a content that gave no plan."""
    return replace(record, plan=b"", sketch="")
