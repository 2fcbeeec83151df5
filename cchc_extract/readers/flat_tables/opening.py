"""The first cell of a table whose first bar stands behind it: its lines look like paragraphs until the bar comes."""

from __future__ import annotations

from collections.abc import Sequence

from cchc_extract.patterns import Patterns
from cchc_extract.readers.flat_tables.lines import Line, title_to_role
from cchc_extract.vietnamese import fold, is_caps

_SHORT = 40  # characters: lines of a cell in a letterhead or over a running number are shorter
_MAX_LINES = 5
_FIRST_COLUMNS = frozenset({"number", "area"})


def count_first_cell(lines: Sequence[Line], at: int, patterns: Patterns) -> int:
    """How many lines right before the lone bar at `at` are the table's first cell: an issuer's name or the title of a
    first column. Any other text before a bar is a paragraph over a table that a bar opens."""
    if lines[at].text != "|":
        return 0
    start = at
    while start > 0 and at - start < _MAX_LINES and 0 < len(lines[start - 1].text) <= _SHORT:
        start -= 1
    before = [line.text for line in lines[start:at]]
    return _count_title(before, lines, at, patterns) or _count_issuer(before, patterns)


def _count_title(before: Sequence[str], lines: Sequence[Line], at: int, patterns: Patterns) -> int:
    behind: list[str] = []
    for line in lines[at + 1 : at + 1 + _MAX_LINES]:
        if "|" in line.text:
            break
        behind.append(line.text)
    role = title_to_role(" ".join(behind), patterns)
    if role is None or role == "number":
        return 0
    ways = (n for n in (1, 2) if n <= len(before) and title_to_role(" ".join(before[-n:]), patterns) in _FIRST_COLUMNS)
    return next(ways, 0)


def _count_issuer(before: Sequence[str], patterns: Patterns) -> int:
    """The lines from the one on that begins the issuer's name, which may be broken over two."""
    issuer = patterns.rule("letterhead.issuer")
    for n, text in enumerate(before):
        if is_caps(text) and any(issuer.search(fold(" ".join(before[n : n + size]))) for size in (1, 2, 3)):
            return len(before) - n
    return 0
