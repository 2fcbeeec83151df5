"""Where plans go and in which format: standard output, one file, a file each in a folder, or a folder of tables."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_extract.errors import UsageError

if TYPE_CHECKING:
    from cchc_extract.model import Plan

FORMATS = ("json", "jsonl", "csv")

NamedPlans = Iterable[tuple[str, "Plan"]]  # each plan by the name its input was given
Write = Callable[[NamedPlans], None]


def choose_destination(inputs: Sequence[str], output: str | None, format: str | None) -> Write:
    """What writes the plans of those inputs. Raises UsageError where output, format and inputs do not fit together."""
    chosen = choose_format(len(inputs), output, format, on_terminal=sys.stdout is not None and sys.stdout.isatty())
    if output is None:
        return partial(_to_stdout, chosen)
    if chosen == "csv":
        _check_csv_folder(output)
        return partial(_to_tables, Path(output))
    if _is_folder(output):
        _check_names(inputs)
        return partial(_to_folder, Path(output), chosen)
    if chosen == "json" and len(inputs) > 1:
        raise UsageError(output, "one JSON file holds one plan", "use --format jsonl, or name a folder (out/)")
    _check_not_an_input(output, inputs)
    return partial(_to_file, Path(output), chosen)


def choose_format(inputs: int, output: str | None, format: str | None, *, on_terminal: bool) -> str:
    """As told; else as the output's suffix says; else JSON, or JSON Lines where one JSON file would not do.

    >>> choose_format(1, None, None, on_terminal=True), choose_format(1, None, None, on_terminal=False)
    ('summary', 'json')
    >>> choose_format(3, None, None, on_terminal=False), choose_format(3, "all.jsonl", "csv", on_terminal=True)
    ('jsonl', 'csv')
    """
    if format:
        return format
    if output is None:
        return "summary" if on_terminal else "json" if inputs == 1 else "jsonl"
    if _is_folder(output):
        return "json"
    suffix = Path(output).suffix.removeprefix(".").lower()
    return suffix if suffix in FORMATS else "json" if inputs == 1 else "jsonl"


def _is_folder(output: str) -> bool:
    return output.endswith(("/", os.sep)) or os.path.isdir(output)


def _check_csv_folder(output: str) -> None:
    if not _is_folder(output) and (os.path.exists(output) or output.lower().endswith(".csv")):
        raise UsageError(output, "csv is several tables and needs a folder", "name a folder (out/)")


def _check_names(inputs: Sequence[str]) -> None:
    """Two plans must not come to the same file in a folder."""
    seen: dict[str, str] = {}
    for name in inputs:
        stem = _stem(name)
        if stem in seen:
            what = f"would be written to the same file as {seen[stem]}"
            raise UsageError(name, what, "use --format jsonl, or one folder for each")
        seen[stem] = name


def _check_not_an_input(output: str, inputs: Sequence[str]) -> None:
    for name in inputs:
        if os.path.exists(name) and os.path.exists(output) and os.path.samefile(name, output):
            raise UsageError(output, "is the plan itself and would be overwritten", "name another file with -o")


def _stem(name: str) -> str:
    return "stdin" if name == "-" else Path(name).stem


def _to_stdout(format: str, plans: NamedPlans) -> None:
    from cchc_extract.writers.files import telling_stdout_failures, write_stdout

    if format == "summary":
        from cchc_extract.writers.summary import print_summary

        for _, plan in plans:
            with telling_stdout_failures():
                print_summary(plan, sys.stdout)
    elif format == "csv":
        write_stdout(_task_rows(plans))
    else:
        write_stdout(_json_pieces(format, plans))


def _task_rows(plans: NamedPlans) -> Iterator[bytes]:
    """One table fits on standard output; tasks are what most ask for. Nothing, not even a header, without a plan."""
    from cchc_extract.writers.csvout import rows_to_csv
    from cchc_extract.writers.rows import TASKS, table_rows

    header = [TASKS.header]
    for _, plan in plans:
        yield rows_to_csv(chain(header, table_rows(TASKS, plan)))
        header = []


def _json_pieces(format: str, plans: NamedPlans) -> Iterator[bytes]:
    from cchc_extract.writers.jsonout import plan_to_json

    return (plan_to_json(plan, pretty=format == "json") for _, plan in plans)


def _to_file(path: Path, format: str, plans: NamedPlans) -> None:
    """All plans in one file; no file where there is no plan."""
    from cchc_extract.writers.files import write_file

    pieces = _json_pieces(format, plans)
    for first in pieces:
        write_file(path, chain((first,), pieces))


def _to_folder(folder: Path, format: str, plans: NamedPlans) -> None:
    """One file a plan, named after it."""
    from cchc_extract.writers.files import make_folder, write_file
    from cchc_extract.writers.jsonout import plan_to_json

    for name, plan in plans:
        make_folder(folder)
        write_file(folder / f"{_stem(name)}.{format}", [plan_to_json(plan, pretty=format == "json")])


def _to_tables(folder: Path, plans: NamedPlans) -> None:
    """One file a table, which all plans share; none where there is no plan."""
    from cchc_extract.writers.csvout import plans_to_csv
    from cchc_extract.writers.files import make_folder, write_files

    extracted = (plan for _, plan in plans)
    for first in extracted:
        contents = plans_to_csv(chain((first,), extracted))
        make_folder(folder)
        write_files({folder / name: [content] for name, content in contents.items()})
