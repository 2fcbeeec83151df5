"""What a command line asks for, how its errors are told, and the names that it gives."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

from cchc_extract import errors
from cchc_extract.errors import CchcError, UnreadableInputError, describe_fault

STDIN = "-"
_GLOB = frozenset("*?[")


class BatchOptions(NamedTuple):
    """How many documents are run. `jobs`, `timeout` (seconds) and `memory` (MB) are None where they are not given;
    `style` is how the run is told of: normal, quiet, verbose or json; `scheduler` is that of a Dask cluster that does
    the work."""

    recursive: bool = False
    from0: str | None = None
    jobs: int | None = None
    timeout: float | None = None
    memory: int | None = None
    force: bool = False
    retry_failed: bool = False
    fail_fast: bool = False
    style: str = "normal"
    scheduler: str | None = None


class TableOptions(NamedTuple):
    """How tables are written. `excel`: CSV that Excel opens rightly; `lang`: of titles and comments, en or vi;
    `select`: the one table that is wanted; `columns`: those of its columns that are; `patterns`: a folder of the user's
    own pattern files, by which spellings of cited documents are brought together."""

    excel: bool = False
    lang: str = "en"
    select: str | None = None
    columns: tuple[str, ...] = ()
    patterns: Path | None = None


class Request(NamedTuple):
    """Plans to be extracted, and to where and how. A plan named '-' is standard input; `as_of` is the day for which it
    is told who has an agency's work."""

    plans: tuple[str, ...]
    output: str | None = None
    format: str | None = None
    patterns: Path | None = None
    tables: TableOptions = TableOptions()
    batch: BatchOptions = BatchOptions()
    as_of: date | None = None

    @property
    def is_one_plan(self) -> bool:
        """Whether one document is named, and nothing that may stand for several."""
        return self.batch.from0 is None and len(self.plans) == 1 and stands_for_itself(self.plans[0])


class Problems:
    """Tells the user of each error as it comes; the first one gives the exit code."""

    def __init__(self, language: str = "en") -> None:
        self.exit_code = errors.DONE
        self._language = language
        self._out: Callable[[str], None] = say

    @contextmanager
    def caught(self, where: str) -> Iterator[None]:
        """A block whose errors are told and then over with; a closed pipe and Ctrl-C pass through."""
        try:
            yield
        except BrokenPipeError:
            raise
        except Exception as error:
            self.tell(where, error)

    def tell(self, where: str, error: Exception) -> None:
        message, exit_code = str(error), errors.INTERNAL_FAULT
        if isinstance(error, CchcError):
            exit_code = error.exit_code
        else:
            message = f"{where}: {'; '.join(describe_fault(error))}"
        self.note(exit_code)
        self.say(" ".join(message.split()))
        if exit_code == errors.INTERNAL_FAULT and os.environ.get("CCHC_EXTRACT_DEBUG") == "1":
            import traceback

            say("".join(traceback.format_exception(error)))

    def say(self, line: str) -> None:
        """One line on standard error, in the user's language."""
        if self._language != "en":  # few need the words of another language
            from cchc_extract.messages import translate

            line = translate(line, self._language)
        self._out(line)

    def say_through(self, out: Callable[[str], None]) -> None:
        """Has lines go there from now on, for instance above a progress bar."""
        self._out = out

    def note(self, exit_code: int) -> None:
        """Takes in the code of an error that has been told in another way."""
        self.exit_code = self.exit_code or exit_code


Action = Callable[[Problems], None]


def say(line: str) -> None:
    """One line on standard error, if there is one."""
    if sys.stderr is not None:
        with suppress(OSError):
            print(line, file=sys.stderr, flush=True)


def readable(name: str) -> str:
    """What a plan is called in a message."""
    return "standard input" if name == STDIN else name


def show_name(name: str) -> str:
    """A name on one line, without what a terminal would obey.

    >>> show_name("kế hoạch.txt"), show_name("two\\nlines\\x1b[1m\\udce9.txt")
    ('kế hoạch.txt', 'two\\\\nlines\\\\x1b[1m\\\\udce9.txt')
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def stands_for_itself(name: str) -> bool:
    """Whether a name is that of one document, and not of a folder, an archive or a glob."""
    return name == STDIN or not (is_address(name) or is_archive(name) or is_glob(name) or os.path.isdir(name))


def is_archive(name: str) -> bool:
    return name.lower().endswith(".zip")


def is_address(name: str) -> bool:
    """Whether a name is that of a place which is no local path: `s3://bucket/plan.pdf`."""
    return "://" in name and not os.path.lexists(name)


def is_glob(name: str) -> bool:
    return not _GLOB.isdisjoint(name) and not os.path.lexists(name)


def read_stdin() -> bytes:
    """All of standard input. Raises UnreadableInputError."""
    if sys.stdin is None:
        raise UnreadableInputError("standard input", "is closed", "name a file")
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise UnreadableInputError("standard input", f"cannot be read ({error.strerror})", "name a file") from None
