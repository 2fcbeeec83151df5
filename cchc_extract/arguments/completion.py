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
SHELLS = ("bash", "zsh", "fish")
_typer: Any = typer.completion


def print_script(shell: str, _problems: Problems) -> None:
    """What the user's shell is to read at its start."""
    from cchc_extract.writers.files import write_stdout

    script = _typer.get_completion_script(prog_name=PROGRAM, complete_var=VARIABLE, shell=shell)
    write_stdout([f"{script}\n".encode()])


def print_completions(build_command: Callable[[str | None], Any]) -> None:
    """What may come next on the command line that the shell has put into the environment."""
    words = os.environ.get("_TYPER_COMPLETE_ARGS", os.environ.get("COMP_WORDS", "")).split()
    name = words[1] if len(words) > 1 and words[1] in COMMANDS else None
    _typer.completion_init()
    with suppress(SystemExit):
        build_command(name).main([], prog_name=PROGRAM, complete_var=VARIABLE)
