"""Where plans go and in which format: standard output, one file, a file each in a folder, or tables.

Plans come as JSON objects on one line, each with the path that its own file has in a folder.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from cchc_extract.errors import UsageError
from cchc_extract.request import TableOptions, is_address
from cchc_extract.writers.formats import FILE_FORMATS, FOLDER_FORMATS, FORMATS

SUMMARY = "summary"  # what a terminal gets; the caller writes it
_SUFFIXES = {"db": "sqlite", "sqlite3": "sqlite", **{name: name for name in FORMATS}}

PlanLines = Iterable[tuple[str, bytes]]
Write = Callable[[PlanLines], tuple[str, ...]]  # gives back what the user should know, a line each


def choose_format(many: bool, output: str | None, format: str | None, select: str | None) -> str:
    """As told; else as the output's suffix says; else JSON, or JSON Lines where one JSON file would not do.

    >>> choose_format(False, "out/", None, None), choose_format(True, "all.db", None, None)
    ('json', 'sqlite')
    >>> choose_format(True, "all.jsonl", "csv", None), choose_format(True, None, None, "tasks")
    ('csv', 'csv')
    """
    if format or select:
        if select and format in ("json", "jsonl"):
            raise UsageError("--select", f"chooses a table, and {format} has none", "use --format csv")
        return format or "csv"
    if output is None:
        return SUMMARY if sys.stdout is not None and sys.stdout.isatty() else "jsonl" if many else "json"
    if is_folder(output):
        return "json"
    suffix = Path(output).suffix.removeprefix(".").lower()
    return _SUFFIXES.get(suffix, "jsonl" if many else "json")


def choose_destination(many: bool, output: str | None, format: str, tables: TableOptions) -> Write:
    """What writes plans there, all of one run or one alone. Raises UsageError where these do not fit together."""
    if output is None:
        if format in FILE_FORMATS or format == "parquet":
            raise UsageError(f"--format {format}", "is no format for standard output", "name a file or folder with -o")
        return partial(_to_stdout, format, tables)
    if format in FOLDER_FORMATS:
        _check_tables_folder(output, format)
        return partial(_to_tables, format, Path(output), tables)
    if format in FILE_FORMATS:
        path = Path(output, f"plans.{format}") if is_folder(output) else Path(output)
        return partial(_to_tables, format, path, tables)
    if is_folder(output) and format == "jsonl" and many:
        return partial(_to_file, Path(output, "plans.jsonl"), format)
    if is_folder(output):
        return partial(_to_folder, Path(output), format)
    if format == "json" and many:
        raise UsageError(output, "one JSON file holds one plan", "use --format jsonl, or name a folder (out/)")
    return partial(_to_file, Path(output), format)


def is_folder(output: str) -> bool:
    return output.endswith(("/", os.sep)) or os.path.isdir(output)


def writes_folder(output: str, format: str) -> bool:
    """Whether the output is a folder, which may have yet to be made."""
    return format in FOLDER_FORMATS or is_folder(output)


def _check_tables_folder(output: str, format: str) -> None:
    if not is_folder(output) and (os.path.exists(output) or output.lower().endswith(f".{format}")):
        raise UsageError(output, f"{format} is several tables and needs a folder", "name a folder (out/)")


def check_not_an_input(output: str | None, inputs: Iterable[str]) -> None:
    """Raises UsageError where a plan would be overwritten."""
    if output is None or not (is_address(output) or os.path.isfile(output)):
        return
    for name in inputs:
        if name == output or (os.path.exists(name) and os.path.exists(output) and os.path.samefile(name, output)):
            raise UsageError(output, "is the plan itself and would be overwritten", "name another file with -o")


def _to_stdout(format: str, tables: TableOptions, plans: PlanLines) -> tuple[str, ...]:
    from cchc_extract.writers.files import write_stdout

    if format == "csv":
        from cchc_extract.writers.tabular import csv_pieces

        write_stdout(csv_pieces(_values(plans), tables))
    else:
        write_stdout(_shaped(format, line) for _, line in plans)
    return ()


def _shaped(format: str, line: bytes) -> bytes:
    """A plan as it stands in a file: indented, or on its line."""
    from cchc_extract.writers.jsonout import json_to_value, value_to_json

    return value_to_json(json_to_value(line)) if format == "json" else line


def _values(plans: PlanLines) -> Iterator[Any]:
    from cchc_extract.writers.jsonout import json_to_value

    return (json_to_value(line) for _, line in plans)


def _to_file(path: Path, format: str, plans: PlanLines) -> tuple[str, ...]:
    """All plans in one file; no file where there is no plan."""
    from cchc_extract.writers.files import write_file

    pieces = (_shaped(format, line) for _, line in plans)
    for first in pieces:
        write_file(path, chain((first,), pieces))
    return ()


def _to_folder(folder: Path, format: str, plans: PlanLines) -> tuple[str, ...]:
    """One file a plan, written as soon as the plan is there; one that is right is left alone."""
    from cchc_extract.writers.files import flush_files, holds, make_folder, write_file

    written = []
    for place, line in plans:
        path, content = folder / f"{place}.{format}", _shaped(format, line)
        if not holds(path, content):
            make_folder(path.parent)
            write_file(path, [content], flush=False)
            written.append(path)
    if written:
        flush_files(written)
    return ()


def _to_tables(format: str, path: Path, tables: TableOptions, plans: PlanLines) -> tuple[str, ...]:
    """The tables of all plans in a folder or a file; nothing where there is no plan."""
    from cchc_extract.writers.tabular import write_tables

    return write_tables(format, path, _values(plans), tables)
