"""The commands beside the extraction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated

import typer

from cchc_extract.actions import STAGES, do_doctor, do_references, do_schema, do_show
from cchc_extract.agencies.command import do_normalise, do_show_agency, do_unknown
from cchc_extract.arguments.choices import PatternsFolder, check_choice, parse_day, path_of
from cchc_extract.arguments.completion import SHELLS, print_script
from cchc_extract.request import Action

_Day = Annotated[str | None, typer.Option("--on", metavar="DAY", help="2026-01-31, or today.")]
_Results = Annotated[str, typer.Argument(metavar="OUT", help="Folder or file that a run wrote as JSON.")]


def _show(
    plan: Annotated[str, typer.Argument(metavar="PLAN", hidden=True)],
    stage: Annotated[str, typer.Option("--stage", metavar="STAGE", help=f"{', '.join(STAGES)}.")],
    patterns: PatternsFolder = None,
) -> Action:
    """Print what one stage made of a plan, as JSON."""
    check_choice("--stage", stage, STAGES)
    return partial(do_show, plan, stage, path_of(patterns))


def _schema() -> Action:
    """Print the JSON Schema of the output."""
    return do_schema


def _doctor() -> Action:
    """Say which kinds of input can be read on this machine, and what to install for the others."""
    return do_doctor


def _completion(shell: Annotated[str, typer.Argument(metavar="bash|zsh|fish")]) -> Action:
    """Print what makes a shell complete the options; put it where your shell reads it at its start."""
    check_choice("completion", shell, SHELLS)
    return partial(print_script, shell)


def _references(results: _Results, patterns: PatternsFolder = None) -> Action:
    """One list of the legal documents that the plans in results name, as CSV: how often, where, as what."""
    return partial(do_references, results, path_of(patterns))


def _normalise(
    file: Annotated[str, typer.Argument(metavar="FILE.csv", help="Or - for standard input.")],
    column: Annotated[str, typer.Option("--column", metavar="TITLE", help="The column that names agencies.")],
    on: _Day = None,
    patterns: PatternsFolder = None,
) -> Action:
    """Put ids and names beside a spreadsheet column.

    Prints the CSV; with --on also who has the work of these agencies on that day."""
    return partial(do_normalise, file, column, parse_day("--on", on), path_of(patterns))


def _show_agency(
    agency: Annotated[str, typer.Argument(metavar="AGENCY", help="Its id, or a name of it.")],
    on: _Day = None,
    patterns: PatternsFolder = None,
) -> Action:
    """Print what the registry knows of a body.

    Its names, when it was there, where it came from, what became of it."""
    return partial(do_show_agency, agency, parse_day("--on", on) or date.today(), path_of(patterns))


def _unknown(results: _Results) -> Action:
    """Print the agencies that were not matched.

    Most frequent first, as entries for a pattern file, which may be given with --patterns."""
    return partial(do_unknown, results)


OTHER_COMMANDS: dict[str, Callable[..., Action]] = {
    "schema": _schema,
    "show": _show,
    "doctor": _doctor,
    "references": _references,
    "completion": _completion,
}
AGENCY_COMMANDS: dict[str, Callable[..., Action]] = {
    "normalise": _normalise,
    "show": _show_agency,
    "unknown": _unknown,
}
