"""Command lines with options, read by typer: a command gives back the action to be run, which is run outside of it,
so that errors, closed pipes and Ctrl-C are dealt with in one place. Only the command that is asked for is built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from cchc_extract import __version__, errors
from cchc_extract.actions import (
    COMMANDS,
    PROGRAM,
    STAGES,
    Action,
    Request,
    do_doctor,
    do_extract,
    do_schema,
    do_show,
)
from cchc_extract.errors import UnwritableOutputError, UsageError
from cchc_extract.writers.destination import FORMATS

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
    return partial(do_extract, Request(tuple(plans), output, format, Path(patterns) if patterns is not None else None))


def _show_command(
    plan: Annotated[str, typer.Argument(metavar="PLAN", hidden=True)],
    stage: Annotated[str, typer.Option("--stage", metavar="STAGE", help=f"One of: {', '.join(STAGES)}.")],
    patterns: _Patterns = None,
) -> Action:
    """Print what one stage made of a plan, as JSON."""
    _check_choice("--stage", stage, STAGES)
    return partial(do_show, plan, stage, Path(patterns) if patterns is not None else None)


def _schema_command() -> Action:
    """Print the JSON Schema of the output."""
    return do_schema


def _doctor_command() -> Action:
    """Say which kinds of input can be read on this machine, and what to install for the others."""
    return do_doctor


def _check_choice(option: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        raise UsageError(option, f"{value!r} is unknown", f"use one of {', '.join(known)}")


def parse(arguments: list[str]) -> Action | None:
    """The action that the arguments ask for; None where help or version has been printed instead."""
    commands: dict[str, Callable[..., Action]] = dict(
        zip(COMMANDS, (_schema_command, _show_command, _doctor_command), strict=True)
    )
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
