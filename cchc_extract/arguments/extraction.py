"""The command that extracts, which has no name of its own."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from cchc_extract import __version__
from cchc_extract.actions import PROGRAM, do_extract
from cchc_extract.arguments.choices import PatternsFolder, check_choice, check_positive, local_path, parse_day, path_of
from cchc_extract.errors import UsageError
from cchc_extract.messages import LANGUAGES
from cchc_extract.request import Action, BatchOptions, Request, TableOptions
from cchc_extract.settings import NO_SETTINGS
from cchc_extract.writers.formats import FORMATS

ENGINES = ("local", "dask")
_STYLES = {"log_json": "json", "quiet": "quiet", "verbose": "verbose"}  # the first that is given counts
_FORMATS = "json jsonl csv xlsx parquet duckdb sqlite."


def _version(wanted: bool) -> None:
    if wanted:
        print(f"{PROGRAM} {__version__}", flush=True)
        raise typer.Exit


_Plans = Annotated[list[str] | None, typer.Argument(metavar="PLAN...", hidden=True)]
_Output = Annotated[str | None, typer.Option("-o", "--output", metavar="OUT", help="File or folder (out/).")]
_Format = Annotated[str | None, typer.Option("--format", metavar="NAME", help=_FORMATS)]
_Recursive = Annotated[bool, typer.Option("-r", "--recursive", help="Folders in folders too.")]
_From0 = Annotated[str | None, typer.Option("--from0", metavar="FILE", help="Names, NUL after each.")]
_Select = Annotated[str | None, typer.Option("--select", metavar="TABLE", help="That table alone, as CSV.")]
_Columns = Annotated[str | None, typer.Option("--columns", metavar="A,B", help="Those of its columns.")]
_Excel = Annotated[bool, typer.Option("--excel", help="CSV that Excel opens rightly.")]
_Lang = Annotated[str, typer.Option("--lang", metavar="en|vi", help="Of messages and titles.", show_default=False)]
_Jobs = Annotated[int | None, typer.Option("-j", "--jobs", metavar="N", help="Documents at once (else: cores).")]
_Timeout = Annotated[float | None, typer.Option(metavar="SECONDS", help="For a document (else 120).")]
_Memory = Annotated[int | None, typer.Option(metavar="MB", help="For a document (else 2048).")]
_RetryFailed = Annotated[bool, typer.Option("--retry-failed", help="Again what failed in OUT.")]
_Force = Annotated[bool, typer.Option("--force", help="Again what is done in OUT.")]
_FailFast = Annotated[bool, typer.Option("--fail-fast", help="Stop at the first error.")]
_Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Errors only.")]
_Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="A line for each document.")]
_LogJson = Annotated[bool, typer.Option("--log-json", help="The same as JSON Lines.")]
_AsOf = Annotated[str | None, typer.Option(metavar="DAY", help="Who has an agency's work then (or: today).")]
_Engine = Annotated[str | None, typer.Option(metavar="local|dask", help="Where it runs.")]
_Scheduler = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Of Dask.")]
_NoSettings = Annotated[bool, typer.Option(NO_SETTINGS, help="Not CCHC_EXTRACT_*, cchc-extract.toml.")]
_Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")]


def extract_command(
    context: typer.Context,
    plans: _Plans = None,
    output: _Output = None,
    format: _Format = None,
    recursive: _Recursive = False,
    from0: _From0 = None,
    select: _Select = None,
    columns: _Columns = None,
    excel: _Excel = False,
    lang: _Lang = LANGUAGES[0],
    jobs: _Jobs = None,
    timeout: _Timeout = None,
    memory: _Memory = None,
    retry_failed: _RetryFailed = False,
    force: _Force = False,
    fail_fast: _FailFast = False,
    quiet: _Quiet = False,
    verbose: _Verbose = False,
    log_json: _LogJson = False,
    patterns: PatternsFolder = None,
    as_of: _AsOf = None,
    engine: _Engine = None,
    scheduler: _Scheduler = None,
    no_settings: _NoSettings = False,
    wants_version: _Version = False,
) -> Action:
    """Tasks and targets of Vietnamese administrative-reform plans, as data. PLAN:
    file, folder, ZIP archive, s3://address, - (standard input), ./schema.
    """
    del quiet, verbose, log_json  # found in the context
    del no_settings, wants_version  # dealt with before
    check_choice("--format", format, FORMATS)
    check_choice("--lang", lang, LANGUAGES)
    for option, value in (("--jobs", jobs), ("--timeout", timeout), ("--memory", memory)):
        check_positive(option, value)
    if not plans and from0 is None:
        raise UsageError(PROGRAM, "missing PLAN", f"see {PROGRAM} --help")
    batch = (recursive, from0, jobs, timeout, memory, force, retry_failed, fail_fast)
    tables = TableOptions(excel, lang, select, tuple(columns.split(",")) if columns else (), path_of(patterns))
    options = BatchOptions(*batch, _style(context), _scheduler(engine, scheduler))
    day = parse_day("--as-of", as_of)
    request = Request(tuple(plans or ()), local_path(output), format, path_of(patterns), tables, options, day)
    return partial(do_extract, request)


def _style(context: typer.Context) -> str:
    """How the run is told of; what the command line says counts more than a setting."""
    given = [name for name in _STYLES if context.params[name]]
    said = [name for name in given if str(getattr(context.get_parameter_source(name), "name", "")) == "COMMANDLINE"]
    return next((_STYLES[name] for name in said or given), "normal")


def _scheduler(engine: str | None, scheduler: str | None) -> str | None:
    """The address of the cluster that does the work, if one does."""
    check_choice("--engine", engine, ENGINES)
    if engine == "dask" and scheduler is None:
        raise UsageError("--engine dask", "needs the address of a scheduler", "give it with --scheduler ADDRESS")
    return None if engine == "local" else scheduler
