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
from cchc_extract.request import STDIN, Action
from cchc_extract.settings import NO_SETTINGS, Setting, read_settings

_GROUP = "agencies"
_PATTERNS = "patterns"  # the option that most commands have
_NO_SETTING = frozenset({"context", "plans", "no_settings", "wants_version"})
_HELP = {"help_option_names": ["-h", "--help"]}
_EXAMPLES = f"""\b
Examples:
  cchc-extract plan.txt > plan.json                (to a terminal: a summary)
  cchc-extract plans/ more.zip *.pdf -o all.xlsx   plans in one Excel file
  find . -name '*.doc' -print0 | cchc-extract --from0 - --select tasks > a.csv
Others: {", ".join(COMMANDS)} (see --help)
"""


def parse(arguments: list[str]) -> Action | None:
    """The action that the arguments ask for; None where help or version has been printed instead."""
    if VARIABLE in os.environ:
        print_completions(build_command)
        return None
    name = arguments[0] if arguments and arguments[0] in COMMANDS else None
    program = f"{PROGRAM} {name}" if name else PROGRAM
    command = build_command(name)
    settings = {} if NO_SETTINGS in arguments else _settings(name, command)
    rest = [argument for argument in arguments[1:] if argument != NO_SETTINGS] if name else arguments
    with _parser_errors(program):
        action = command.main(rest, prog_name=program, standalone_mode=False, default_map=settings)
    return action if callable(action) else None


def _settings(name: str | None, command: Any) -> dict[str, Any]:
    """What counts in place of the defaults of a command's options: all settings for the extraction, for the others
    only where the pattern files are. Raises UsageError."""
    inner = AGENCY_COMMANDS if name == _GROUP else {name: OTHER_COMMANDS[name]} if name else {}
    if name and not any(_PATTERNS in inspect.signature(function).parameters for function in inner.values()):
        return {}
    settings = read_settings(frozenset(inspect.signature(extract_command).parameters) - _NO_SETTING)
    if name:
        patterns = {_PATTERNS: settings[_PATTERNS].value} if _PATTERNS in settings else {}
        return {**patterns, **dict.fromkeys(inner, patterns)}  # a group hands on what bears its commands' names
    for option, setting in settings.items():
        _check(option, setting, command)
    return {option: setting.value for option, setting in settings.items()}


def _check(option: str, setting: Setting, command: Any) -> None:
    """Tries a setting on its own, so that what is wrong with it is told of the place that it comes from."""
    try:
        with _parser_errors(PROGRAM):
            command.main([STDIN], prog_name=PROGRAM, standalone_mode=False, default_map={option: setting.value})
    except UsageError as error:
        if error.where in (PROGRAM, f"--{option.replace('_', '-')}"):
            raise UsageError(setting.origin, error.what, error.do) from None


def build_command(name: str | None) -> Any:
    """What typer makes of one command; of the extraction where it has no name."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, context_settings=_HELP)
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
    app.command(name, epilog=epilog, context_settings=_HELP)(command)


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
