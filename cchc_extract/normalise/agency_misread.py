"""Names of bodies that differ from a registered one by a misread letter, as recognised scans have them."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from cchc_extract.normalise.agency_words import index_of
from cchc_extract.normalise.likeness import likeness
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import strip_marks

_CLOSE = 90.0  # of 100
_MARGIN = 3.0  # by which the nearest must be nearer than any other body's name
_SHORTEST = 8  # letters: in less than that one letter makes another name


@lru_cache(maxsize=4096)
def nearest_id(words: tuple[str, ...], patterns: Patterns) -> str | None:
    """The id of the one body that these words misspell, or None.

    >>> from cchc_extract.patterns import load_patterns
    >>> nearest_id(("bru", "điện", "tỉnh"), load_patterns())
    'buu-dien-tinh'
    >>> nearest_id(("sở", "nội", "dung"), load_patterns()) is None
    True
    """
    written = " ".join(words)
    if len(words) < 2 or len(written) < _SHORTEST or any(c.isdigit() for c in written):
        return None
    names, having = _names(patterns)
    shared = Counter(n for at, word in enumerate(words) for n in having.get((len(words), at, word), ()))
    alike = [names[n] for n, same in shared.items() if _is_alike(words, names[n][0], same)]
    return _best(written, alike) if alike else None


def _is_alike(words: tuple[str, ...], name: tuple[str, ...], same: int) -> bool:
    """Whether at least half of the words stand in both at the same place."""
    return 2 * same >= len(words) or strip_marks(words[0]) == strip_marks(name[0])


def _best(written: str, alike: list[tuple[tuple[str, ...], str]]) -> str | None:
    plain = strip_marks(written)
    scores: dict[str, float] = {}
    for name, id in alike:
        joined = " ".join(name)
        near = 100.0 if strip_marks(joined) == plain else likeness(written, joined)
        scores[id] = max(near, scores.get(id, 0.0))
    (id, best), *others = sorted(scores.items(), key=lambda item: -item[1])
    return id if best >= _CLOSE and all(best - score >= _MARGIN for _, score in others) else None


@lru_cache(maxsize=4)
def _names(patterns: Patterns) -> tuple[list[tuple[tuple[str, ...], str]], dict[tuple[int, int, str], list[int]]]:
    """The registered names in the form for comparing, and which of them have so many words and, at a place, this one:
    nearly every text is like none, which is told so without a look at each name."""
    names = index_of(patterns).phrases
    having: dict[tuple[int, int, str], list[int]] = {}
    for n, (words, _) in enumerate(names):
        for at, word in enumerate(words):
            having.setdefault((len(words), at, word), []).append(n)
    return names, having
