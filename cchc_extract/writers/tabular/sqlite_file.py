"""Rows -> one SQLite file, with types and keys; the same rows give the same bytes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cchc_extract.request import TableOptions
from cchc_extract.writers.tabular.layout import Table
from cchc_extract.writers.tabular.rows import Batch
from cchc_extract.writers.tabular.sink import to_os_error
from cchc_extract.writers.tabular.sql import create_table, quote

_TYPES = {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "date": "DATE", "boolean": "BOOLEAN"}


class SqliteFile:
    """A Sink: one file with all tables."""

    def __init__(self, path: Path, tables: tuple[Table, ...], options: TableOptions) -> None:
        self.tables = tables
        with _telling():
            self.connection = sqlite3.connect(path, isolation_level=None)
            self.connection.execute("PRAGMA journal_mode = OFF")  # the file is thrown away where anything fails
            self.connection.execute("PRAGMA synchronous = OFF")
            self.connection.execute("BEGIN")
            for table in tables:
                self.connection.execute(create_table(table, tables, _TYPES, options.lang))

    def write(self, batch: Batch) -> None:
        with _telling():
            for table in self.tables:
                places = ", ".join("?" * len(table.columns))
                self.connection.executemany(f"INSERT INTO {quote(table.name)} VALUES ({places})", batch[table.name])

    def finish(self) -> tuple[str, ...]:
        with _telling():
            self.connection.execute("COMMIT")
        self.close()
        return ()

    def close(self) -> None:
        self.connection.close()


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:  # a full disk, for one
        raise to_os_error(error) from error
