"""The physical lines that tables are rebuilt from, and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cchc_extract.model import Cell, Row, Span, Table
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file without markup: `raw` keeps its tabs and leading spaces, `text` is stripped."""

    number: int
    raw: str
    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """The words of one cell and the lines they stand on."""

    text: str
    first: int
    last: int


def is_column_title(text: str, patterns: Patterns) -> bool:
    """Whether a cell reads like the title of a column. Titles are short and are no sentences."""
    words = " ".join(text.split())
    return 0 < len(words) <= 80 and any(rule.search(fold(words)) for rule in patterns.group("column"))


def count_titles(texts: Iterable[str], patterns: Patterns) -> int:
    """How many texts from the first on are column titles.

    Three in a row make a header: tasks and products hold the same words, agencies and times do not follow them.
    """
    count = 0
    for text in texts:
        if not is_column_title(text, patterns):
            break
        count += 1
    return count


def chunks_to_table(rows: Sequence[Sequence[Chunk]]) -> Table:
    """Rows of chunks as a table with spans. `rows` holds at least one chunk."""
    built = tuple(
        Row(tuple(Cell(c.text, Span((c.first, c.last))) for c in row), Span((row[0].first, max(c.last for c in row))))
        for row in rows
        if row
    )
    return Table(built, built[0].span.to(built[-1].span))
