"""Plans, as their JSON objects, -> rows of the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from cchc_extract.writers.tabular.layout import Table
from cchc_extract.writers.tabular.paths import Place, Value

Json = Mapping[str, Any]
Row = tuple[Value, ...]
Batch = Mapping[str, Sequence[Row]]  # the rows of some whole plans, by the name of their table

BATCH_ROWS = 5_000  # enough for a column format to be compact; some 5 MB, however many documents there are


def document_key(plan: Json) -> str:
    """What ties a row to its document: short enough to read, long enough for millions of documents."""
    return str(plan["source"]["sha256"][:12])


def table_rows(table: Table, plan: Json) -> Iterator[Row]:
    """The rows of one plan in a table, each as long as the table's header; dates are ISO texts."""
    readers = [column.read for column in table.columns]
    for record, place in _find_records(table, plan):
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


def plans_to_batches(tables: Sequence[Table], plans: Iterable[Json]) -> Iterator[Batch]:
    """The rows of all plans, some thousand at a time; a plan is never cut."""
    batch: dict[str, list[Row]] = {table.name: [] for table in tables}
    filled = False
    for plan in plans:
        filled = True
        for table in tables:
            batch[table.name].extend(table_rows(table, plan))
        if sum(map(len, batch.values())) >= BATCH_ROWS:
            yield batch
            batch, filled = {table.name: [] for table in tables}, False
    if filled:
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
