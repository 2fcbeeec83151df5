"""The physical lines that tables are rebuilt from, and what is asked of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cchc_extract.model import Cell, Row, Span, Table
from cchc_extract.normalise.columns import column_role
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold


class Line(NamedTuple):
    """A line of the file without markup: `raw` keeps its tabs and leading spaces, `text` is stripped."""

    number: int
    raw: str
    text: str
    bold: bool = False


class Chunk(NamedTuple):
    """The words of one cell and the lines they stand on."""

    text: str
    first: int
    last: int


_TITLE_CHARS = 80
_COUNTED = re.compile(r"\(?(?:\d{1,2}|[IVX]{1,4}|[A-Za-zđ])[.)]")


def title_to_role(text: str, patterns: Patterns) -> str | None:
    """What a column under this title holds; None where the words are no title. Titles are short and have no number."""
    words = " ".join(text.split())
    if not 0 < len(words) <= _TITLE_CHARS or _COUNTED.match(words):
        return None
    return column_role(fold(words), patterns)


def is_column_title(text: str, patterns: Patterns) -> bool:
    """Whether a cell reads like the title of a column."""
    return title_to_role(text, patterns) is not None


def count_titles(texts: Iterable[str], patterns: Patterns) -> int:
    """How many texts from the first on are column titles; one that no rule knows may stand between two others.

    Three in a row make a header: tasks and products hold the same words, agencies and times do not follow them.
    """
    count = known = 0
    for at, text in enumerate(texts):
        if is_column_title(text, patterns):
            count, known = at + 1, known + 1
        elif at > count or not 0 < len(text) <= _TITLE_CHARS or _COUNTED.match(text):
            break
    return count if known >= 3 else 0


def ends_table(text: str, patterns: Patterns) -> bool:
    """Whether a line begins what comes after a plan's last table: the recipients, set as a table of their own."""
    return patterns.rule("recipients.start").match(fold(text)) is not None


def chunks_to_table(rows: Sequence[Sequence[Chunk]]) -> Table:
    """Rows of chunks as a table with spans. `rows` holds at least one chunk."""
    built = tuple(
        Row(tuple(Cell(c.text, Span((c.first, c.last))) for c in row), Span((row[0].first, max(c.last for c in row))))
        for row in rows
        if row
    )
    return Table(built, built[0].span.to(built[-1].span))
