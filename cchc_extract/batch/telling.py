"""How a batch is told of: a line for each error, a report of every input, and a summary at the end."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from cchc_extract.batch.outcome import STATUSES, Outcome

REPORT = (
    "name", "status", "sha256", "output", "error", "exit_code", "duplicate_of", "near_duplicate_of", "similarity",
    "tasks", "targets", "warnings",
)  # fmt: skip
_MOST_REASONS = 5
_MOST_LIKENESSES = 5


class Report:
    """A table of all inputs in their order, gathered while they come: nothing of it changes from run to run."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile(prefix="cchc-extract-")  # noqa: SIM115 - it lives as long as we do
        self._add(REPORT)

    def add(self, outcome: Outcome, output: str | None) -> None:
        values = {name: getattr(outcome, name, None) for name in REPORT}
        values["output"] = output if outcome.plan is not None else None
        values["sha256"] = outcome.sha256
        self._add(tuple("" if value is None else value for value in values.values()))

    def _add(self, row: tuple[object, ...]) -> None:
        from cchc_extract.writers.tabular.csv_folder import rows_to_csv

        self._file.write(rows_to_csv([row]))  # type: ignore[list-item]

    def write(self, path: Path) -> None:
        """Raises UnwritableOutputError."""
        from cchc_extract.writers.files import write_file

        self._file.seek(0)
        write_file(path, iter(lambda: self._file.read(1 << 16), b""))


class Teller:
    """Says what the style asks for; `say` takes a line. Counts for the summary."""

    def __init__(self, style: str, say: Callable[[str], None]) -> None:
        self._style, self._say = style, say
        self._statuses: Counter[str] = Counter()
        self._reasons: Counter[tuple[str, str]] = Counter()
        self._firsts: dict[tuple[str, str], str] = {}
        self._near: list[str] = []
        self._near_count = 0

    def tell(self, outcome: Outcome) -> None:
        """Of one document: always where there is an error, else as the style asks."""
        self._count(outcome)
        if self._style == "json":
            self._say(_outcome_json(outcome))
        elif outcome.error is not None:
            self._say(outcome.error)
        elif self._style == "verbose":
            self._say(f"{outcome_line(outcome)}, {outcome.seconds:.2f} s")

    def note(self, line: str) -> None:
        """Something that the user should know, of no document in particular."""
        self._say(_json({"event": "note", "text": line}) if self._style == "json" else line)

    def _count(self, outcome: Outcome) -> None:
        self._statuses[outcome.status] += 1
        if outcome.error is not None:
            reason = (outcome.status, _reason(outcome))
            self._reasons[reason] += 1
            self._firsts.setdefault(reason, outcome.name)
        if outcome.near_duplicate_of is not None:
            self._near_count += 1
            if self._near_count <= _MOST_LIKENESSES:
                self._near.append(f"{outcome.name} is like {outcome.near_duplicate_of} ({outcome.similarity})")

    def summarise(self, skipped: int) -> None:
        """What became of all of them."""
        if self._style == "json":
            counts = {status: self._statuses[status] for status in STATUSES}
            self._say(_json({"event": "summary", **counts, "near_duplicates": self._near_count, "skipped": skipped}))
        elif self._style != "quiet":
            for line in self._summary(skipped):
                self._say(line)

    def _summary(self, skipped: int) -> Iterator[str]:
        total = sum(self._statuses.values())
        counts = [f"{self._statuses[status]} {status}" for status in STATUSES if self._statuses[status]]
        passed = f"; {_files(skipped)} of other kinds passed by" if skipped else ""
        yield f"{total} document{'s' * (total != 1)}: {', '.join(counts) or 'none'}{passed}"
        for (status, reason), count in self._reasons.most_common(_MOST_REASONS) if total > 2 else ():
            first = self._firsts[status, reason]
            yield f"  {status}: {first} {reason}" if count == 1 else f"  {status}: {count} {reason} (first: {first})"
        if len(self._reasons) > _MOST_REASONS:
            yield f"  and {len(self._reasons) - _MOST_REASONS} other reasons"
        for line in self._near:
            yield f"  near-duplicate: {line}"
        if self._near_count > len(self._near):
            yield f"  and {self._near_count - len(self._near)} other near-duplicates"


def outcome_line(outcome: Outcome) -> str:
    """
    >>> outcome_line(Outcome(0, "a.txt", "read", tasks=5, targets=1))
    'a.txt: read, 5 tasks, 1 targets'
    >>> outcome_line(Outcome(1, "b.txt", "duplicate", duplicate_of="a.txt"))
    'b.txt: duplicate of a.txt'
    """
    if outcome.status == "duplicate":
        return f"{outcome.name}: duplicate of {outcome.duplicate_of}"
    return f"{outcome.name}: {outcome.status}, {outcome.tasks} tasks, {outcome.targets} targets"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _reason(outcome: Outcome) -> str:
    """What is wrong, without the name and what to do."""
    return (outcome.error or "").removeprefix(f"{outcome.name}: ").partition("; ")[0]


def _outcome_json(outcome: Outcome) -> str:
    fields = ("name", "status", "sha256", "error", "exit_code", "duplicate_of", "near_duplicate_of", "similarity")
    numbers = {"tasks": outcome.tasks, "targets": outcome.targets, "warnings": outcome.warnings}
    known = {name: getattr(outcome, name) for name in fields}
    return _json({"event": "document", **known, **numbers, "seconds": round(outcome.seconds, 3)})


def _json(value: object) -> str:
    from cchc_extract.writers.jsonout import value_to_json

    return value_to_json(value, pretty=False).decode().rstrip("\n")
