"""Rows -> a folder with a Parquet file for each table, with types, and the descriptions as metadata of the fields."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_extract.request import TableOptions
from cchc_extract.writers.tabular.layout import Column, Table, keys_of
from cchc_extract.writers.tabular.package import tables_to_package
from cchc_extract.writers.tabular.rows import Batch, Row, typed_value

if TYPE_CHECKING:
    import pyarrow  # type: ignore[import-untyped]

_TYPES = {"string": "string", "integer": "int64", "number": "double", "date": "date32", "boolean": "bool"}


class ParquetFolder:
    """A Sink: one Parquet file a table, and the description of them all."""

    def __init__(self, folder: Path, tables: tuple[Table, ...], options: TableOptions) -> None:
        from pyarrow.parquet import ParquetWriter  # type: ignore[import-untyped]

        (folder / "datapackage.json").write_bytes(tables_to_package(tables, "parquet"))
        self.schemas = {table.name: _schema(table, options.lang) for table in tables}
        self.tables = tables
        self.writers = {
            name: ParquetWriter(str(folder / f"{name}.parquet"), schema, compression="zstd")
            for name, schema in self.schemas.items()
        }

    def write(self, batch: Batch) -> None:
        for table in self.tables:
            if rows := batch[table.name]:
                self.writers[table.name].write_table(_arrow_table(table, self.schemas[table.name], rows))

    def finish(self) -> tuple[str, ...]:
        self.close()
        return ()

    def close(self) -> None:
        for writer in self.writers.values():
            writer.close()


def _schema(table: Table, lang: str) -> pyarrow.Schema:
    import pyarrow

    key = keys_of(table)
    fields = [_field(column, lang, nullable=column.name not in key) for column in table.columns]
    return pyarrow.schema(fields, metadata={"title": table.words[lang].title})


def _field(column: Column, lang: str, *, nullable: bool) -> pyarrow.Field:
    import pyarrow

    words = column.words[lang]
    kind = pyarrow.type_for_alias(_TYPES[column.type])
    return pyarrow.field(column.name, kind, nullable, metadata={"title": words.title, "description": words.description})


def _arrow_table(table: Table, schema: pyarrow.Schema, rows: Sequence[Row]) -> pyarrow.Table:
    import pyarrow

    columns = zip(table.columns, zip(*rows, strict=True), schema, strict=True)
    arrays = [
        pyarrow.array([typed_value(value, column.type) for value in values], field.type)
        for column, values, field in columns
    ]
    return pyarrow.Table.from_arrays(arrays, schema=schema)
