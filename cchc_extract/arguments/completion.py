"""Completion by the shell: a script that asks the program what may come next, and its answers."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import typer.completion

from cchc_extract.actions import COMMANDS, PROGRAM
from cchc_extract.request import Problems

VARIABLE = "_CCHC_EXTRACT_COMPLETE"  # by which the script asks
_LINES, _PLACE = ("_TYPER_COMPLETE_ARGS", "COMP_WORDS"), "COMP_CWORD"  # where the shells put the command line
SHELLS = ("bash", "zsh", "fish")
_typer: Any = typer.completion


def print_script(shell: str, _problems: Problems) -> None:
    """What the user's shell is to read at its start."""
    from cchc_extract.writers.files import write_stdout

    script = _typer.get_completion_script(prog_name=PROGRAM, complete_var=VARIABLE, shell=shell)
    write_stdout([f"{script}\n".encode()])


def print_completions(build_command: Callable[[str | None], Any]) -> None:
    """What may come next on the command line that the shell has put into the environment."""
    name = next((word for word in _line().split()[1:2] if word in COMMANDS), None)
    if name is not None:
        _drop_command(name)
    _typer.completion_init()
    with suppress(SystemExit):
        build_command(name).main([], prog_name=PROGRAM, complete_var=VARIABLE)


def _line() -> str:
    """The command line: all of it in bash, up to the cursor in other shells."""
    return next((os.environ[name] for name in _LINES if name in os.environ), "")


def _drop_command(name: str) -> None:
    """What typer is to answer for is built for the one command, so that its name is no part of the line."""
    for variable in _LINES:
        os.environ[variable] = _line().replace(name, "", 1)
    os.environ[_PLACE] = str(max(1, int(os.environ.get(_PLACE, "1")) - 1))
