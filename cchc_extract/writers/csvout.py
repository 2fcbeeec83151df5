"""Rows -> CSV: UTF-8, quoted as RFC 4180 says, lines ending in a newline, a header row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from cchc_extract.model import Plan
from cchc_extract.writers.rows import TABLES, Value, table_rows


def plans_to_csv(plans: Iterable[Plan]) -> dict[str, bytes]:
    """The content of every CSV file by its name (`tasks.csv`), one row a record."""
    texts = {table: [rows_to_csv([table.header])] for table in TABLES}
    for plan in plans:
        for table, pieces in texts.items():
            pieces.append(rows_to_csv(table_rows(table, plan)))
    return {f"{table.name}.csv": b"".join(pieces) for table, pieces in texts.items()}


def rows_to_csv(rows: Iterable[tuple[Value, ...]]) -> bytes:
    """Lines of CSV: dates in ISO form, nothing for None.

    >>> print(rows_to_csv([("a;b", None, 99.5), ("c, d", "", 2)]).decode(), end="")
    a;b,,99.5
    "c, d",,2
    """
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")
