"""What a column of a table holds, by its title."""

from __future__ import annotations

from functools import lru_cache

from cchc_extract.patterns import Patterns


@lru_cache(maxsize=1024)  # the tables of a plan have the same titles, and each cell may be one
def column_role(folded: str, patterns: Patterns) -> str | None:
    """The role of the column under this title (folded, with single spaces); None where no rule knows the words.

    >>> from cchc_extract.patterns import load_patterns
    >>> [column_role(title, load_patterns()) for title in ("cơ quan chủ trì", "thời gian hoàn thành", "quy mô")]
    ['lead', 'deadline', None]
    """
    return next((r.value for r in patterns.group("column") if r.value != "last-date" and r.search(folded)), None)
