"""Tables -> the SQL that makes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cchc_extract.writers.tabular.layout import Table, foreign_keys, keys_of


def create_table(table: Table, tables: tuple[Table, ...], types: Mapping[str, str], lang: str) -> str:
    """The statement that makes a table with its keys, in the types of a database, with comments on the columns.

    A table's reference to itself is left out: DuckDB looks for the other row only among those of earlier statements.
    """
    lines = [*_columns(table, types, lang), *_primary_key(table), *_references(table, tables)]
    inner = ",\n  ".join(lines)
    return f"CREATE TABLE {quote(table.name)} (\n  {inner}\n)"


def _columns(table: Table, types: Mapping[str, str], lang: str) -> Iterator[str]:
    key = keys_of(table)
    for column in table.columns:
        words, null = column.words[lang], " NOT NULL" if column.name in key else ""
        yield f"-- {words.title}: {words.description}\n  {quote(column.name)} {types[column.type]}{null}"


def _primary_key(table: Table) -> Iterator[str]:
    if key := keys_of(table):
        yield f"PRIMARY KEY ({_names(key)})"


def _references(table: Table, tables: tuple[Table, ...]) -> Iterator[str]:
    for columns, other in foreign_keys(table, tables):
        if other.name != table.name:
            yield f"FOREIGN KEY ({_names(columns)}) REFERENCES {quote(other.name)} ({_names(other.key)})"


def quote(name: str) -> str:
    """A name as SQL takes it, whatever word it is: `references` is one of SQL's own."""
    return f'"{name}"'


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(map(quote, names))
