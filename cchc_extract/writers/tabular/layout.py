"""The one description of the tables, which every tabular format follows: `patterns/output/tables.toml` as values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cchc_extract.errors import UsageError
from cchc_extract.patterns import read_output_words
from cchc_extract.writers.tabular.paths import Read, path_to_reader

ALL_PLANS = "*"  # stands for the records that are in no plan but are made of all plans together
WIDTHS = {"string": 20, "integer": 9, "number": 11, "date": 12, "boolean": 9}  # of a spreadsheet's column, by type


@dataclass(frozen=True, slots=True)
class Words:
    """What a table or column is called and what it holds, in one language."""

    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `refers`: the table whose key it is a part of; `links`: the table of the ids that it holds."""

    name: str
    type: str
    read: Read
    words: Mapping[str, Words]
    short: str
    refers: str
    links: str
    width: int


@dataclass(frozen=True, slots=True)
class Table:
    """One table: a row for each record of the list `records` of a plan, or for each item of its lists `within`.

    Where `records` is ALL_PLANS, a row for each document that all plans together cite.
    """

    name: str
    records: str
    within: tuple[str, ...]
    key: tuple[str, ...]
    words: Mapping[str, Words]
    columns: tuple[Column, ...]

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def load_tables() -> tuple[Table, ...]:
    """All tables, each after those that it refers to."""
    parsed = read_output_words("tables.toml")
    groups = {group["name"]: group["column"] for group in parsed["group"]}
    return tuple(_table(entry, groups) for entry in parsed["table"])


def _table(entry: Mapping[str, Any], groups: Mapping[str, Any]) -> Table:
    columns = [_column(column) for given in entry["column"] for column in _expand(given, groups)]
    within = tuple(entry.get("within", ()))
    return Table(entry["name"], entry["records"], within, tuple(entry["key"]), _words(entry), tuple(columns))


def _expand(entry: Mapping[str, Any], groups: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The columns of a group that is used, with what the entry says otherwise; else the entry itself."""
    own = {key: value for key, value in entry.items() if key not in ("use", "at")}
    for shared in groups[entry["use"]] if "use" in entry else ({},):
        column = {**shared, **own}
        path = column.get("path", column["name"])
        yield {**column, "path": f"{entry['at']}.{path}" if "at" in entry else path}


def _column(entry: Mapping[str, Any]) -> Column:
    kind = entry.get("type", "string")
    return Column(
        name=entry["name"],
        type=kind,
        read=path_to_reader(entry["path"]),
        words=_words(entry),
        short=entry.get("short", entry["name"]),
        refers=entry.get("refers", ""),
        links=entry.get("links", ""),
        width=entry.get("width", WIDTHS[kind]),
    )


def _words(entry: Mapping[str, Any]) -> dict[str, Words]:
    return {
        "en": Words(entry["title"], entry["description"]),
        "vi": Words(entry["title_vi"], entry["description_vi"]),
    }


def choose_tables(tables: Iterable[Table], select: str | None, columns: tuple[str, ...]) -> tuple[Table, ...]:
    """The table that is asked for, with the columns that are, in their order; all where nothing is.

    Raises UsageError for a table or column that is not there, naming those that are.
    """
    known = {table.name: table for table in tables}
    if select is None and not columns:
        return tuple(known.values())
    if select is None:
        raise UsageError("--columns", "which table they are of is not said", "add --select, such as --select tasks")
    if select not in known:
        raise UsageError(f"--select {select}", "no such table", f"use one of {', '.join(known)}")
    table = known[select]
    return (replace(table, columns=tuple(_find_column(table, name) for name in columns) or table.columns),)


def _find_column(table: Table, name: str) -> Column:
    """By its own name, or else by its short one."""
    named = {column.short: column for column in table.columns} | {column.name: column for column in table.columns}
    if name not in named:
        known = ", ".join(table.header)
        raise UsageError(f"--columns {name}", f"no such column in {table.name}", f"use one of {known}")
    return named[name]


def keys_of(table: Table) -> tuple[str, ...]:
    """The primary key; empty where the chosen columns do not hold all of it."""
    return table.key if set(table.key) <= set(table.header) else ()


def foreign_keys(table: Table, tables: Iterable[Table]) -> Iterator[tuple[tuple[str, ...], Table]]:
    """The columns that hold another table's key, with that table; only where both are whole.

    A reference to another table than documents goes by the document and the record's id.
    """
    known = {other.name: other for other in tables}
    for column in table.columns:
        other = known.get(column.refers)
        if other is None or not keys_of(other):
            continue
        columns = (column.name,) if len(other.key) == 1 else ("document", column.name)
        if set(columns) <= set(table.header):
            yield columns, other
