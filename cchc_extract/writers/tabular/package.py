"""Tables -> datapackage.json, their description as a Frictionless Data Package (version 2).

Titles and descriptions are English, with the Vietnamese ones beside them as `title_vi` and `description_vi`, whatever
language the user reads: the same tables have the same description, and a program finds each language in one place.

A foreign key is stated as one where every row has it. One of a document and a record that a row may lack (a task
outside of any section) is not: programs that check packages take a key that is filled in part for a wrong one. Its
field says `refersTo` instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cchc_extract.model import SCHEMA_VERSION
from cchc_extract.writers.jsonout import value_to_json
from cchc_extract.writers.tabular.layout import Column, Table, foreign_keys, keys_of

Json = dict[str, Any]

_MEDIA = {
    "csv": {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"},
    "parquet": {"format": "parquet", "mediatype": "application/vnd.apache.parquet"},
}


def tables_to_package(tables: tuple[Table, ...], format: str) -> bytes:
    """The description of a folder with a file for each table, in CSV or Parquet."""
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "cchc-extract",
        "title": "Tasks and targets of Vietnamese administrative-reform plans",
        "version": SCHEMA_VERSION,
        "sources": [{"title": "The files named in the resource documents, each with its SHA-256"}],
        "resources": [_resource(table, tables, format) for table in tables],
    }
    return value_to_json(package)


def _resource(table: Table, tables: tuple[Table, ...], format: str) -> Json:
    return {
        "$schema": "https://datapackage.org/profiles/2.0/dataresource.json",
        "name": _resource_name(table),
        "type": "table",
        "path": f"{table.name}.{format}",
        **_MEDIA[format],
        **_words(table),
        "schema": _schema(table, tables),
    }


def _schema(table: Table, tables: tuple[Table, ...]) -> Json:
    key = keys_of(table)
    references = {columns[-1]: _reference(columns, other) for columns, other in foreign_keys(table, tables)}
    always = [reference for name, reference in references.items() if name in key]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [_field(column, key, references) for column in table.columns],
        **({"primaryKey": list(key)} if key else {}),
        **({"foreignKeys": always} if always else {}),
    }


def _field(column: Column, key: tuple[str, ...], references: Mapping[str, Json]) -> Json:
    field = {"name": column.name, "type": column.type, **_words(column)}
    if column.name in key:
        return {**field, "constraints": {"required": True}}
    return {**field, "refersTo": references[column.name]["reference"]} if column.name in references else field


def _reference(columns: tuple[str, ...], other: Table) -> Json:
    return {"fields": list(columns), "reference": {"resource": _resource_name(other), "fields": list(other.key)}}


def _resource_name(table: Table) -> str:
    """As Data Package has names: without underscores."""
    return table.name.replace("_", "-")


def _words(described: Table | Column) -> Json:
    english, vietnamese = described.words["en"], described.words["vi"]
    return {
        "title": english.title,
        "description": english.description,
        "title_vi": vietnamese.title,
        "description_vi": vietnamese.description,
    }
