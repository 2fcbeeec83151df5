"""Arguments in, exit code out. Data goes to standard output and everything else to standard error.

Typer only parses: a command gives back the action to be run, which is run here, outside of it, so that errors,
closed pipes and Ctrl-C are dealt with in one place. Only the command that is asked for is built.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cchc_extract import __version__, errors
from cchc_extract.errors import (
    MISSING_TOOL,
    CchcError,
    MissingToolError,
    UnreadableInputError,
    UnwritableOutputError,
    UsageError,
)
from cchc_extract.writers.destination import FORMATS, choose_destination

if TYPE_CHECKING:
    from cchc_extract.model import Plan

PROGRAM = "cchc-extract"
STAGES = ("source", "document", "outline", "passages", "findings", "plan")

Action = Callable[["Problems"], None]

_EPILOG = """\b
Examples:
  cchc-extract plan.txt                    a summary on the terminal
  cchc-extract plan.txt > plan.json        JSON
  cchc-extract *.txt > plans.jsonl         several plans: JSON Lines
  cchc-extract *.txt --format csv -o out/  tables (to a pipe: tasks only)
  cchc-extract schema                      JSON Schema of the output
  cchc-extract show --stage STAGE PLAN     what one stage made of a plan
  cchc-extract doctor                      what this machine can read
"""


def run(arguments: list[str]) -> int:
    """Does what the arguments say and gives the exit code. Only Ctrl-C comes out as an exception."""
    problems = Problems()
    try:
        with problems.caught(PROGRAM):
            action = _parse(arguments)
            if action is not None:
                action(problems)
    except BrokenPipeError:
        _forget_stdout()
    if problems.exit_code == UnwritableOutputError.exit_code:
        _forget_stdout()
    return problems.exit_code


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


def _forget_stdout() -> None:
    """What it still holds cannot be written: end without the interpreter's complaint about that."""
    with suppress(OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# --- what the arguments say ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Request:
    """Plans to be extracted, and to where. A plan named '-' is standard input."""

    plans: tuple[str, ...]
    output: str | None
    format: str | None
    patterns: Path | None


def _version(wanted: bool) -> None:
    if wanted:
        print(f"{PROGRAM} {__version__}", flush=True)
        raise typer.Exit


_Patterns = Annotated[
    str | None, typer.Option("--patterns", metavar="DIR", help="Folder of your own pattern files, added to ours.")
]


def _extract_command(
    plans: Annotated[list[str], typer.Argument(metavar="PLAN", hidden=True)],
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="OUT", help="File or folder (out/) to write to.")
    ] = None,
    format: Annotated[
        str | None,
        typer.Option("--format", metavar="json|jsonl|csv", help="Without it: json, or jsonl for several plans."),
    ] = None,
    patterns: _Patterns = None,
    _wants_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> Action:
    """Tasks and targets of Vietnamese administrative-reform plans, as data. PLAN is a
    file, - standard input, ./schema a file of a command's name.
    """
    _check_choice("--format", format, FORMATS)
    return partial(_extract, Request(tuple(plans), output, format, Path(patterns) if patterns is not None else None))


def _show_command(
    plan: Annotated[str, typer.Argument(metavar="PLAN", hidden=True)],
    stage: Annotated[str, typer.Option("--stage", metavar="STAGE", help=f"One of: {', '.join(STAGES)}.")],
    patterns: _Patterns = None,
) -> Action:
    """Print what one stage made of a plan, as JSON."""
    _check_choice("--stage", stage, STAGES)
    return partial(_show, plan, stage, Path(patterns) if patterns is not None else None)


def _schema_command() -> Action:
    """Print the JSON Schema of the output."""
    return _schema


def _doctor_command() -> Action:
    """Say which kinds of input can be read on this machine, and what to install for the others."""
    return _doctor


def _check_choice(option: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        raise UsageError(option, f"{value!r} is unknown", f"use one of {', '.join(known)}")


def _parse(arguments: list[str]) -> Action | None:
    """The action that the arguments ask for; None where help or version has been printed instead."""
    commands: dict[str, Callable[..., Action]] = {
        "schema": _schema_command, "show": _show_command, "doctor": _doctor_command,
    }  # fmt: skip
    name = arguments[0] if arguments and arguments[0] in commands else None
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(epilog=None if name else _epilog(), context_settings={"help_option_names": ["-h", "--help"]})(
        commands[name] if name else _extract_command
    )
    program = f"{PROGRAM} {name}" if name else PROGRAM
    with _parser_errors(program):
        action = typer.main.get_command(app).main(
            arguments[1:] if name else arguments, prog_name=program, standalone_mode=False
        )
    return action if callable(action) else None


def _epilog() -> str:
    exit_codes = (errors.__doc__ or "").partition("Exit codes")
    return f"{_EPILOG}\n\n{''.join(exit_codes[1:])}"


@contextmanager
def _parser_errors(program: str) -> Iterator[None]:
    """Makes typer's errors ours."""
    try:
        yield
    except (SystemExit, BrokenPipeError):  # typer ends the process itself where nobody reads its help
        raise BrokenPipeError from None
    except OSError as error:  # help or version that could not be printed
        what = f"cannot be written ({error.strerror})"
        raise UnwritableOutputError("standard output", what, "see where it goes") from None
    except Exception as error:
        # typer's own errors are told by this method: the module that defines them differs between its versions
        message = getattr(error, "format_message", None)
        if message is None:
            raise
        what = " ".join(message().split()).rstrip(".")
        raise UsageError(program, what[:1].lower() + what[1:], f"see {program} --help") from None


# --- doing it -----------------------------------------------------------------------------------------------------


def _schema(_problems: Problems) -> None:
    from cchc_extract.writers.files import write_stdout
    from cchc_extract.writers.jsonout import value_to_json
    from cchc_extract.writers.schema import output_schema

    write_stdout([value_to_json(output_schema())])


def _doctor(problems: Problems) -> None:
    from cchc_extract.doctor import check_kinds, print_checks

    problems.exit_code = print_checks(check_kinds())


def _show(plan: str, stage: str, folder: Path | None, problems: Problems) -> None:
    from cchc_extract.patterns import load_patterns
    from cchc_extract.pipeline import run_stages
    from cchc_extract.writers.files import write_stdout
    from cchc_extract.writers.stages import stage_to_json

    patterns = load_patterns(folder)
    with problems.caught(_readable(plan)):
        made = next(value for name, value in run_stages(*_input(plan), patterns) if name == stage)
        write_stdout([stage_to_json(made)])


def _extract(request: Request, problems: Problems) -> None:
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
