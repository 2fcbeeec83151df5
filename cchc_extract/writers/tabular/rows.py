"""Plans, as their JSON objects, -> rows of the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from cchc_extract.writers.citations import CitedDocuments
from cchc_extract.writers.tabular.layout import ALL_PLANS, Table
from cchc_extract.writers.tabular.paths import Place, Value

Json = Mapping[str, Any]
Row = tuple[Value, ...]
Batch = Mapping[str, Sequence[Row]]  # the rows of one or more whole plans, by the name of their table

BATCH_ROWS = 5_000  # enough for a column format to be compact; some 5 MB, however many documents there are


def document_key(plan: Json) -> str:
    """What ties a row to its document: short enough to read, long enough for millions of documents."""
    return str(plan["source"]["sha256"][:12])


def table_rows(table: Table, plan: Json) -> Iterator[Row]:
    """The rows of one plan in a table, each as long as the table's header; dates are ISO texts.

    There are none in a table of all plans together.
    """
    return _read(table, _find_records(table, plan))


def _read(table: Table, records: Iterable[tuple[Any, Place]]) -> Iterator[Row]:
    readers = [column.read for column in table.columns]
    for record, place in records:
        yield tuple(read(record, place) for read in readers)


def _find_records(table: Table, plan: Json) -> Iterator[tuple[Any, Place]]:
    document = document_key(plan)
    if table.records == ".":
        yield plan, Place(document, None, table.records, 1)
        return
    for position, record in enumerate(plan.get(table.records) or (), start=1):
        if not table.within:
            yield record, Place(document, None, table.records, position)
        for name in table.within:
            for place, item in enumerate(record.get(name) or (), start=1):
                yield item, Place(document, record, name, place)


def plans_to_rows(
    tables: Sequence[Table], plans: Iterable[Json], cited: CitedDocuments | None = None
) -> Iterator[Batch]:
    """The rows of each plan and, where `cited` collects what is of all plans together, those of that at the end."""
    for plan in plans:
        if cited is not None:
            cited.add(document_key(plan), plan)
        yield {table.name: list(table_rows(table, plan)) for table in tables}
    if cited is not None:
        records = [(record, Place("", None, ALL_PLANS, n)) for n, record in enumerate(cited.rows(), start=1)]
        yield {table.name: list(_read(table, records)) for table in tables if table.records == ALL_PLANS}


def rows_to_batches(tables: Sequence[Table], rows: Iterable[Batch]) -> Iterator[Batch]:
    """Rows together, some thousand at a time; those of one plan are never parted."""
    batch: dict[str, list[Row]] = {table.name: [] for table in tables}
    for some in rows:
        for name, values in some.items():
            batch[name].extend(values)
        if sum(map(len, batch.values())) >= BATCH_ROWS:
            yield batch
            batch = {table.name: [] for table in tables}
    yield batch


def typed_value(value: Value, type: str) -> Value | date:
    """A value as its column's type says: ISO text as a date, any number as a float.

    >>> typed_value("2024-01-31", "date"), typed_value(5, "number"), typed_value(5, "integer"), typed_value(None, "x")
    (datetime.date(2024, 1, 31), 5.0, 5, None)
    """
    if value is None:
        return None
    if type == "date":
        return date.fromisoformat(str(value))
    return float(value) if type == "number" else value
