"""What the commands do. Data goes to standard output and everything else to standard error.

An action is what a command line asks for, ready to be run; it tells its errors to `Problems`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_extract import errors
from cchc_extract.errors import MISSING_TOOL, CchcError, MissingToolError, UnreadableInputError
from cchc_extract.writers.destination import choose_destination

if TYPE_CHECKING:
    from cchc_extract.model import Plan

PROGRAM = "cchc-extract"
COMMANDS = ("schema", "show", "doctor")  # every other first word is a plan
STAGES = ("source", "document", "outline", "passages", "findings", "plan")


@dataclass(frozen=True, slots=True)
class Request:
    """Plans to be extracted, and to where. A plan named '-' is standard input."""

    plans: tuple[str, ...]
    output: str | None
    format: str | None
    patterns: Path | None


class Problems:
    """Tells the user of each error as it comes; the first one gives the exit code."""

    def __init__(self) -> None:
        self.exit_code = errors.DONE

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
        expected = isinstance(error, CchcError)
        message = str(error)
        if not expected:
            message = f"{where}: internal error ({type(error).__name__}: {error}); please report it with the file"
        self.exit_code = self.exit_code or (error.exit_code if isinstance(error, CchcError) else errors.INTERNAL_FAULT)
        _say(" ".join(message.split()))
        if not expected and os.environ.get("CCHC_EXTRACT_DEBUG") == "1":
            import traceback

            _say("".join(traceback.format_exception(error)))


def _say(line: str) -> None:
    if sys.stderr is not None:
        with suppress(OSError):
            print(line, file=sys.stderr, flush=True)


Action = Callable[[Problems], None]


def do_schema(_problems: Problems) -> None:
    from cchc_extract.writers.files import write_stdout
    from cchc_extract.writers.jsonout import value_to_json
    from cchc_extract.writers.schema import output_schema

    write_stdout([value_to_json(output_schema())])


def do_doctor(problems: Problems) -> None:
    from cchc_extract.doctor import check_kinds, print_checks

    problems.exit_code = print_checks(check_kinds())


def do_show(plan: str, stage: str, folder: Path | None, problems: Problems) -> None:
    from cchc_extract.patterns import load_patterns
    from cchc_extract.pipeline import run_stages
    from cchc_extract.writers.files import write_stdout
    from cchc_extract.writers.stages import stage_to_json

    patterns = load_patterns(folder)
    with problems.caught(_readable(plan)):
        made = next(value for name, value in run_stages(*_input(plan), patterns) if name == stage)
        write_stdout([stage_to_json(made)])


def do_extract(request: Request, problems: Problems) -> None:
    write = choose_destination(request.plans, request.output, request.format)
    write(_plans(request, problems))


def _plans(request: Request, problems: Problems) -> Iterator[tuple[str, Plan]]:
    """Each plan by the name it was given, as soon as it is there. One that fails is told of and left out."""
    from cchc_extract.patterns import load_patterns
    from cchc_extract.pipeline import extract_plan

    patterns = load_patterns(request.patterns)
    for name in request.plans:
        plan = None
        with problems.caught(_readable(name)):
            plan = extract_plan(*_input(name), patterns)
        if plan is not None:
            yield name, plan
            _tell_missing_tools(name, plan, problems)


def _tell_missing_tools(name: str, plan: Plan, problems: Problems) -> None:
    """Pages that could not be read for want of a program: the rest is there, but the user must know."""
    for warning in plan.warnings:
        if warning.code == MISSING_TOOL:
            what, _, do = warning.message.partition("; ")
            problems.tell(_readable(name), MissingToolError(_readable(name), what, do))


def _input(name: str) -> tuple[Path | None, bytes | None]:
    """What the pipeline is given: a path, or the bytes of standard input."""
    if name != "-":
        return Path(name), None
    if sys.stdin is None:
        raise UnreadableInputError("standard input", "is closed", "name a file")
    try:
        return None, sys.stdin.buffer.read()
    except OSError as error:
        raise UnreadableInputError("standard input", f"cannot be read ({error.strerror})", "name a file") from None


def _readable(name: str) -> str:
    """What a plan is called in a message."""
    return "standard input" if name == "-" else name
