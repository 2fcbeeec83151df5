"""What a line's words say of whether its sentence ends there."""

from __future__ import annotations

from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold

_STOPS = (".", ";", ":")
_OPEN_CHARS = 24  # of a line's end: the longest words that leave a line open


def is_open(text: str, patterns: Patterns) -> bool:
    """Whether a line ends in a word that asks for another."""
    if text.endswith(_STOPS):  # most lines: no rule matches behind a stop
        return False
    end = text[-_OPEN_CHARS:]
    return bool(patterns.rule("sentence.open").search(fold(end)) or patterns.rule("sentence.open_name").search(end))


def asks_for_number(text: str, patterns: Patterns) -> bool:
    """Whether a line ends in a word that a number follows: "Quyết định số"."""
    return patterns.rule("sentence.open_number").search(fold(text[-_OPEN_CHARS:])) is not None
