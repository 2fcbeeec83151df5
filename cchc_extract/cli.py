"""Arguments in, exit code out."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import partial

from cchc_extract.actions import COMMANDS, PROGRAM, do_extract
from cchc_extract.errors import UnwritableOutputError
from cchc_extract.request import STDIN, Action, Problems, Request
from cchc_extract.settings import NO_SETTINGS, has_settings, settled_language


def run(arguments: list[str]) -> int:
    """Does what the arguments say and gives the exit code. Only Ctrl-C comes out as an exception."""
    is_settled = NO_SETTINGS not in arguments and has_settings()
    problems = Problems(_language(arguments, is_settled))
    try:
        with problems.caught(PROGRAM):
            action = _parse(arguments, is_settled)
            if action is not None:
                action(problems)
    except BrokenPipeError:
        _forget_stdout()
    if problems.exit_code == UnwritableOutputError.exit_code:
        _forget_stdout()
    return problems.exit_code


def _parse(arguments: list[str], is_settled: bool) -> Action | None:
    """The action asked for; None where help, version or completions have been printed instead.

    Names of files alone need no parser, whose import takes longer than the reading of a short plan.
    """
    has_option = any(argument.startswith("-") and argument != STDIN for argument in arguments)
    is_plain = arguments and arguments[0] not in COMMANDS and not has_option
    if is_plain and not is_settled:
        return partial(do_extract, Request(tuple(arguments)))
    from cchc_extract.arguments import parse

    return parse(arguments)


def _language(arguments: list[str], is_settled: bool) -> str:
    """The language of messages, which must be known before the arguments are: they may be wrong."""
    language = settled_language() if is_settled else ""
    for option, value in zip(arguments, [*arguments[1:], ""], strict=False):
        if option == "--lang" or option.startswith("--lang="):
            language = option.partition("=")[2] or value
    return language or "en"


def _forget_stdout() -> None:
    """What it still holds cannot be written: end without the interpreter's complaint about that."""
    with suppress(OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
