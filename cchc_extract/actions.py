"""What the commands do. Data goes to standard output and everything else to standard error.

An action is what a command line asks for, ready to be run; it tells its errors to `Problems`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cchc_extract.errors import MISSING_TOOL, MissingToolError
from cchc_extract.request import STDIN, Problems, Request, TableOptions, is_address, read_stdin, readable

if TYPE_CHECKING:
    from cchc_extract.model import Plan

PROGRAM = "cchc-extract"
COMMANDS = ("schema", "show", "doctor", "agencies", "references", "completion")  # every other first word is a plan
STAGES = ("source", "document", "outline", "passages", "findings", "plan")


def do_schema(_problems: Problems) -> None:
    from cchc_extract.writers.files import write_stdout
    from cchc_extract.writers.jsonout import value_to_json
    from cchc_extract.writers.schema import output_schema

    write_stdout([value_to_json(output_schema())])


def do_doctor(problems: Problems) -> None:
    from cchc_extract.doctor import check_kinds, print_checks

    problems.exit_code = print_checks(check_kinds())


def do_references(results: str, folder: Path | None, _problems: Problems) -> None:
    from cchc_extract.results import read_plans
    from cchc_extract.writers.files import write_stdout
    from cchc_extract.writers.tabular import csv_pieces

    plans = (plan for _, plan in read_plans(Path(results)))
    write_stdout(csv_pieces(plans, TableOptions(select="cited_documents", patterns=folder)))


def do_show(plan: str, stage: str, folder: Path | None, problems: Problems) -> None:
    from cchc_extract.patterns import load_patterns
    from cchc_extract.pipeline import run_stages
    from cchc_extract.writers.files import write_stdout
    from cchc_extract.writers.stages import stage_to_json

    patterns = load_patterns(folder)
    with problems.caught(readable(plan)):
        made = next(value for name, value in run_stages(*_input(plan), patterns) if name == stage)
        write_stdout([stage_to_json(made)])


def do_extract(request: Request, problems: Problems) -> None:
    """One plan here and now, unless it is to be watched or written elsewhere; several in processes of their own."""
    options, is_remote = request.batch, request.output is not None and is_address(request.output)
    is_watched = (options.timeout, options.memory, options.scheduler) != (None, None, None)
    if request.is_one_plan and not is_remote and not is_watched:
        _extract_one(request, problems)
    else:
        from cchc_extract.batch.command import do_batch

        do_batch(request, problems)


def _extract_one(request: Request, problems: Problems) -> None:
    from cchc_extract.writers.destination import SUMMARY, check_not_an_input, choose_format

    (name,) = request.plans
    format = choose_format(False, request.output, request.format, request.tables.select)
    if format != SUMMARY:
        check_not_an_input(request.output, request.plans)
        _write_one(request, name, format, problems)
        return
    plan = _extract(request, name, problems)
    if plan is not None:
        _print_summary(plan, request.tables.lang)
        _tell_missing_tools(name, plan, problems)


def _write_one(request: Request, name: str, format: str, problems: Problems) -> None:
    from cchc_extract.writers.destination import choose_destination, is_folder
    from cchc_extract.writers.files import make_folder
    from cchc_extract.writers.jsonout import plan_to_json

    write = choose_destination(False, request.output, format, request.tables)
    plan = _extract(request, name, problems)
    if plan is None:
        return
    if request.output is not None and is_folder(request.output):
        make_folder(Path(request.output))
    stem = "stdin" if name == STDIN else Path(name).stem
    for note in write([(stem, plan_to_json(plan, pretty=False))]):
        problems.say(note)
    _tell_missing_tools(name, plan, problems)


def _print_summary(plan: Plan, language: str) -> None:
    import sys

    from cchc_extract.writers.files import telling_stdout_failures
    from cchc_extract.writers.summary import print_summary

    with telling_stdout_failures():
        print_summary(plan, sys.stdout, language)


def _extract(request: Request, name: str, problems: Problems) -> Plan | None:
    """The plan; None where it has been told why there is none."""
    from cchc_extract.patterns import load_patterns
    from cchc_extract.pipeline import extract_plan

    patterns = load_patterns(request.patterns)
    with problems.caught(readable(name)):
        return extract_plan(*_input(name), patterns, request.as_of)
    return None


def _tell_missing_tools(name: str, plan: Plan, problems: Problems) -> None:
    """Pages that could not be read for want of a program: the rest is there, but the user must know."""
    for warning in plan.warnings:
        if warning.code == MISSING_TOOL:
            what, _, do = warning.message.partition("; ")
            problems.tell(readable(name), MissingToolError(readable(name), what, do))


def _input(name: str) -> tuple[Path | None, bytes | None]:
    """What the pipeline is given: a path, or bytes that are not in a file of this machine, with their name if any."""
    if is_address(name):
        from cchc_extract.batch.addresses import read_address

        return Path(name), read_address(name)
    return (None, read_stdin()) if name == STDIN else (Path(name), None)
