"""Command lines with options, read by typer: a command gives back the action to be run, which is run outside of it,
so that errors, closed pipes and Ctrl-C are dealt with in one place. Only the command that is asked for is built.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer

from cchc_extract.actions import COMMANDS, PROGRAM
from cchc_extract.arguments.completion import VARIABLE, print_completions
from cchc_extract.arguments.extraction import extract_command
from cchc_extract.arguments.others import AGENCY_COMMANDS, OTHER_COMMANDS
from cchc_extract.errors import UnwritableOutputError, UsageError, exit_code_lines
from cchc_extract.request import Action
from cchc_extract.settings import NO_SETTINGS, read_settings

_GROUP = "agencies"
_NO_SETTING = frozenset({"plans", "no_settings", "wants_version"})
_EXAMPLES = """\b
Examples:
  cchc-extract plan.txt > plan.json          (to a terminal: a summary)
  cchc-extract plans/ -r -o out/             a folder of plans, a JSON file each
  cchc-extract plans.zip *.pdf -o all.xlsx   all of them in one Excel file
  find . -name '*.doc' -print0 | cchc-extract --from0 - --select tasks > a.csv
Other commands, each with a --help of its own:
  schema, show, doctor, agencies, references, completion
"""


def parse(arguments: list[str]) -> Action | None:
    """The action that the arguments ask for; None where help or version has been printed instead."""
    if VARIABLE in os.environ:
        print_completions(build_command)
        return None
    name = arguments[0] if arguments and arguments[0] in COMMANDS else None
    program = f"{PROGRAM} {name}" if name else PROGRAM
    settings = {} if name or NO_SETTINGS in arguments else read_settings(setting_names())
    with _parser_errors(program):
        action = build_command(name).main(
            arguments[1:] if name else arguments, prog_name=program, standalone_mode=False, default_map=settings
        )
    return action if callable(action) else None


def setting_names() -> frozenset[str]:
    """The options that can be settled for all runs."""
    return frozenset(inspect.signature(extract_command).parameters) - _NO_SETTING


def build_command(name: str | None) -> Any:
    """What typer makes of one command; of the extraction where it has no name."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    if name == _GROUP:
        app.callback(help="Agencies by their ids: in a spreadsheet, in the registry, in results.")(lambda: None)
        for inner, command in AGENCY_COMMANDS.items():
            _add(app, command, inner)
    elif name:
        _add(app, OTHER_COMMANDS[name])
    else:
        _add(app, extract_command, epilog=f"{_EXAMPLES}\n\n{exit_code_lines()}")
    return typer.main.get_command(app)


def _add(app: typer.Typer, command: Callable[..., Action], name: str | None = None, epilog: str | None = None) -> None:
    app.command(name, epilog=epilog, context_settings={"help_option_names": ["-h", "--help"]})(command)


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
