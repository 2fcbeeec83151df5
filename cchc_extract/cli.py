"""Arguments in, exit code out."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import partial

from cchc_extract.actions import COMMANDS, PROGRAM, Action, Problems, Request, do_extract
from cchc_extract.errors import UnwritableOutputError


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


def _parse(arguments: list[str]) -> Action | None:
    """The action asked for; None where help or version has been printed instead.

    Names of files alone need no parser, whose import takes longer than the reading of a short plan.
    """
    if arguments and arguments[0] not in COMMANDS and not any(a.startswith("-") and a != "-" for a in arguments):
        return partial(do_extract, Request(tuple(arguments), None, None, None))
    from cchc_extract.arguments import parse

    return parse(arguments)


def _forget_stdout() -> None:
    """What it still holds cannot be written: end without the interpreter's complaint about that."""
    with suppress(OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
