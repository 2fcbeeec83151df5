"""The command that extracts, which has no name of its own."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from cchc_extract import __version__
from cchc_extract.actions import PROGRAM, do_extract
from cchc_extract.arguments.choices import PatternsFolder, check_choice, check_positive, parse_day, path_of
from cchc_extract.errors import UsageError
from cchc_extract.messages import LANGUAGES
from cchc_extract.request import Action, BatchOptions, Request, TableOptions
from cchc_extract.writers.destination import FORMATS

ENGINES = ("local", "dask")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"{PROGRAM} {__version__}", flush=True)
        raise typer.Exit


def extract_command(
    plans: Annotated[list[str] | None, typer.Argument(metavar="PLAN", hidden=True)] = None,
    output: Annotated[str | None, typer.Option("-o", "--output", metavar="OUT", help="File or folder (out/).")] = None,
    format: Annotated[
        str | None, typer.Option("--format", metavar="NAME", help="json jsonl csv xlsx parquet duckdb sqlite.")
    ] = None,
    recursive: Annotated[bool, typer.Option("-r", "--recursive", help="Folders in folders too.")] = False,
    from0: Annotated[str | None, typer.Option("--from0", metavar="FILE", help="Names, NUL after each.")] = None,
    select: Annotated[str | None, typer.Option("--select", metavar="TABLE", help="That table alone, as CSV.")] = None,
    columns: Annotated[str | None, typer.Option("--columns", metavar="A,B", help="Those of its columns.")] = None,
    excel: Annotated[bool, typer.Option("--excel", help="CSV that Excel opens rightly.")] = False,
    lang: Annotated[
        str, typer.Option("--lang", metavar="en|vi", help="Of messages and titles.", show_default=False)
    ] = "en",
    jobs: Annotated[
        int | None, typer.Option("-j", "--jobs", metavar="N", help="Documents at once (else: cores).")
    ] = None,
    timeout: Annotated[
        float | None, typer.Option("--timeout", metavar="SECONDS", help="For a document (else 120).")
    ] = None,
    memory: Annotated[int | None, typer.Option("--memory", metavar="MB", help="For a document (else 2048).")] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Again what failed in OUT.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Again what is done in OUT.")] = False,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first error.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Errors only.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="A line for each document.")] = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="The same as JSON Lines.")] = False,
    patterns: PatternsFolder = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DAY", help="Who has an agency's work on that day (or: today).")
    ] = None,
    engine: Annotated[
        str, typer.Option("--engine", metavar="local|dask", help="Where it runs.", show_default=False)
    ] = ENGINES[0],
    scheduler: Annotated[str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Of Dask.")] = None,
    no_settings: Annotated[
        bool, typer.Option("--no-settings", help="Not those of CCHC_EXTRACT_* and cchc-extract.toml.")
    ] = False,
    wants_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> Action:
    """Tasks and targets of Vietnamese administrative-reform plans, as data. A PLAN is
    a file, folder, ZIP archive, - (standard input), ./schema (a file so called).
    """
    check_choice("--format", format, FORMATS)
    check_choice("--lang", lang, LANGUAGES)
    check_choice("--engine", engine, ENGINES)
    if (engine == "dask") != (scheduler is not None):
        raise UsageError("--engine dask", "goes with --scheduler ADDRESS", "give both, or none of them")
    if not plans and from0 is None:
        raise UsageError(PROGRAM, "missing PLAN", f"see {PROGRAM} --help")
    for option, value in (("--jobs", jobs), ("--timeout", timeout), ("--memory", memory)):
        check_positive(option, value)
    del wants_version, no_settings  # dealt with before
    style = "json" if log_json else "quiet" if quiet else "verbose" if verbose else "normal"
    request = Request(
        tuple(plans or ()),
        output,
        format,
        path_of(patterns),
        TableOptions(excel, lang, select, tuple(columns.split(",")) if columns else ()),
        BatchOptions(recursive, from0, jobs, timeout, memory, force, retry_failed, fail_fast, style, scheduler),
        parse_day("--as-of", as_of),
    )
    return partial(do_extract, request)
