"""Rows -> a folder with a CSV file for each table: UTF-8, quoted as RFC 4180 says, lines ending in a newline.

For Excel the file begins with a byte order mark, without which Excel reads it in the encoding of the country, and a
cell that Excel would take for a formula gets an apostrophe before it. To have the texts back, take one apostrophe off
each cell that GUARDED matches: a cell that began with one itself was given another.
"""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Iterable
from pathlib import Path

from cchc_extract.request import TableOptions
from cchc_extract.writers.tabular.layout import Table
from cchc_extract.writers.tabular.package import tables_to_package
from cchc_extract.writers.tabular.paths import Value
from cchc_extract.writers.tabular.rows import Batch, Row

# What begins a formula, also in full width as East Asian input gives it, behind any white space; and what Excel drops
# before it looks. A sign that stands alone (the comparator =, the marker -) is text for Excel too.
_FORMULA = re.compile(r"[\s']*[=+\-@＝＋－＠](?!\Z)|'*[\t\r]")
GUARDED = re.compile(rf"'(?:{_FORMULA.pattern})")


class CsvFolder:
    """A Sink: one CSV file a table, and the description of them all."""

    def __init__(self, folder: Path, tables: tuple[Table, ...], options: TableOptions) -> None:
        self.excel = options.excel
        package = tables_to_package(tables, "csv")
        (folder / "datapackage.json").write_bytes(package)
        self.files = {table.name: (folder / f"{table.name}.csv").open("wb") for table in tables}
        for table in tables:
            self.files[table.name].write(rows_to_csv([table.header], excel=self.excel, start=True))

    def write(self, batch: Batch) -> None:
        for name, rows in batch.items():
            self.files[name].write(rows_to_csv(rows, excel=self.excel))

    def finish(self) -> tuple[str, ...]:
        self.close()
        return ()

    def close(self) -> None:
        for file in self.files.values():
            file.close()


class _Lines(list[str]):
    """Collects what csv writes. It quotes a carriage return only if lines end in one, so that is taken off here."""

    def write(self, line: str) -> None:
        self.append(f"{line[:-2]}\n")


def rows_to_csv(rows: Iterable[Row], *, excel: bool = False, start: bool = False) -> bytes:
    """Lines of CSV, nothing for None; at the start of a file for Excel with its mark.

    >>> print(rows_to_csv([("a;b", None, 99.5), ("c, d", "", -2)]).decode(), end="")
    a;b,,99.5
    "c, d",,-2
    >>> rows_to_csv([("- Rà soát", "=1+1", -2)], excel=True, start=True).decode("utf-8-sig")
    "'- Rà soát,'=1+1,-2\\n"
    """
    lines = _Lines()
    csv.writer(lines, lineterminator="\r\n").writerows(map(_guard_row, rows) if excel else rows)
    return (BOM_UTF8 if excel and start else b"") + "".join(lines).encode("utf-8", "replace")


def _guard_row(row: Row) -> Row:
    return tuple(map(_guard, row))


def _guard(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
