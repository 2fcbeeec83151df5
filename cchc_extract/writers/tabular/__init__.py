"""Plans -> tables in the formats that people and databases open: csv, xlsx, parquet, duckdb, sqlite.

All of them follow one description of the columns (`patterns/output/tables.toml`). Plans are taken as their JSON
objects, one after the other: however many there are, only some thousand rows are held, and what all of them cite.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

from cchc_extract.errors import MissingToolError, UsageError
from cchc_extract.messages import LANGUAGES
from cchc_extract.patterns import load_patterns
from cchc_extract.request import TableOptions
from cchc_extract.writers.citations import CitedDocuments
from cchc_extract.writers.formats import FOLDER_FORMATS, TABLE_FORMATS
from cchc_extract.writers.tabular.layout import ALL_PLANS, Table, choose_tables, load_tables
from cchc_extract.writers.tabular.rows import Batch, Json, document_key, plans_to_rows, rows_to_batches
from cchc_extract.writers.tabular.sink import Sink
from cchc_extract.writers.tabular.staging import check_output, put_in_place, staging_folder, telling_failures

__all__ = ["TableOptions", "check_tables", "csv_pieces", "write_tables"]

DEFAULTS = TableOptions()
_PACKAGES = {"parquet": "pyarrow", "duckdb": "duckdb", "xlsx": "xlsxwriter"}


def write_tables(format: str, output: Path, plans: Iterable[Json], options: TableOptions = DEFAULTS) -> tuple[str, ...]:
    """Writes the tables of all plans to a file, or to a folder of files, and returns what the user should know.

    Nothing is there unless all of it was written, and nothing where there is no plan. A plan whose file has the same
    content as an earlier one is left out: its rows would have the same keys. Raises as `check_tables` does.
    """
    tables = check_tables(format, output, options)
    repeated: list[str] = []
    distinct = _distinct(plans, repeated)
    for first in distinct:
        rows = plans_to_rows(tables, chain((first,), distinct), _cited(tables, options))
        # A link stays one, and the unfinished files are on the disk that it leads to.
        real = Path(os.path.realpath(output))
        goal = real if format in FOLDER_FORMATS else real.parent
        with staging_folder(real) as folder:
            with telling_failures(output):
                sink = _open_sink(format, folder if goal == real else folder / real.name, tables, options)
            notes = _write_batches(sink, output, rows_to_batches(tables, rows))
            with telling_failures(output):
                put_in_place(folder, goal)
        return (*_repeats(repeated), *notes)
    return ()


def check_tables(format: str, output: Path, options: TableOptions = DEFAULTS) -> tuple[Table, ...]:
    """The tables that `write_tables` would write, or what it would raise, before any work is done.

    Raises UsageError for an unknown format, language, table or column; MissingToolError where a package is not
    installed; UnwritableOutputError where something else stands at `output`.
    """
    if format not in TABLE_FORMATS:
        raise UsageError(f"--format {format}", "no such format of tables", f"use one of {', '.join(TABLE_FORMATS)}")
    if options.lang not in LANGUAGES:
        raise UsageError(f"--lang {options.lang}", "no such language", f"use one of {', '.join(LANGUAGES)}")
    package = _PACKAGES.get(format)
    if package and not find_spec(package):
        raise MissingToolError(f"--format {format}", f"needs {package}", f"pip install 'cchc-extract[{format}]'")
    check_output(output, folder=format in FOLDER_FORMATS)
    return choose_tables(load_tables(), options.select, options.columns)


def csv_pieces(plans: Iterable[Json], options: TableOptions = DEFAULTS) -> Iterator[bytes]:
    """One table as CSV, tasks unless another is selected: a piece for each plan, the first with the header.

    The rows of all plans together come in a last piece. Plans are left out as by `write_tables`. Raises UsageError for
    an unknown table or column.
    """
    from cchc_extract.writers.tabular.csv_folder import rows_to_csv

    tables = choose_tables(load_tables(), options.select or "tasks", options.columns)
    header = [table.header for table in tables]
    for batch in plans_to_rows(tables, _distinct(plans, []), _cited(tables, options)):
        (rows,) = batch.values()
        yield rows_to_csv(chain(header, rows), excel=options.excel, start=bool(header))
        header = []


def _cited(tables: tuple[Table, ...], options: TableOptions) -> CitedDocuments | None:
    """What collects the cited documents, if they have a table. Raises PatternError."""
    is_wanted = any(table.records == ALL_PLANS for table in tables)
    return CitedDocuments(load_patterns(options.patterns)) if is_wanted else None


def _distinct(plans: Iterable[Json], repeated: list[str]) -> Iterator[Json]:
    """The plans of distinct documents; the file of each other one is added to `repeated`."""
    seen: set[str] = set()
    for plan in plans:
        key = document_key(plan)
        if key in seen:
            repeated.append(plan["source"]["file"])
        else:
            seen.add(key)
            yield plan


def _repeats(files: list[str]) -> Iterator[str]:
    """One line, however many there are."""
    if files:
        others = f" and {len(files) - 1} more" if len(files) > 1 else ""
        yield f"{files[0]}{others}: the same content as an earlier file, so its rows are written once"


def _open_sink(format: str, path: Path, tables: tuple[Table, ...], options: TableOptions) -> Sink:
    """Begins the file of a format at `path`, or its files in that folder; each loads its library only now."""
    match format:
        case "csv":
            from cchc_extract.writers.tabular.csv_folder import CsvFolder

            return CsvFolder(path, tables, options)
        case "parquet":
            from cchc_extract.writers.tabular.parquet_folder import ParquetFolder

            return ParquetFolder(path, tables, options)
        case "xlsx":
            from cchc_extract.writers.tabular.xlsx_file import XlsxFile

            return XlsxFile(path, tables, options)
        case "duckdb":
            from cchc_extract.writers.tabular.duckdb_file import DuckdbFile

            return DuckdbFile(path, tables, options)
        case _:
            from cchc_extract.writers.tabular.sqlite_file import SqliteFile

            return SqliteFile(path, tables, options)


def _write_batches(sink: Sink, output: Path, batches: Iterable[Batch]) -> tuple[str, ...]:
    """Writes and completes the unfinished files; a failure of the plans themselves passes as it is."""
    try:
        for batch in batches:
            with telling_failures(output):
                sink.write(batch)
        with telling_failures(output):
            return sink.finish()
    finally:
        sink.close()
