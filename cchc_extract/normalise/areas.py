"""Areas of reform: named by a heading, or concluded from the words of the works that stood under a lost heading."""

from __future__ import annotations

from collections.abc import Sequence

from cchc_extract.model import AREAS
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold

_OUT_OF_ORDER = 0.75  # share of its score that a reading loses where plans' usual order of areas is broken
_MIN_SCORE = 0.5  # hits a work: fewer words than this say nothing


def is_reform_plan(text: str, patterns: Patterns) -> bool:
    """Whether a title or preamble speaks of administrative reform.

    >>> from cchc_extract.patterns import load_patterns
    >>> is_reform_plan("Kế hoạch cải cách hành chính năm 2024", load_patterns())
    True
    """
    return patterns.rule("reform.title").search(fold(text)) is not None


def parse_area(title: str, patterns: Patterns, reform: bool = True) -> str | None:
    """The area a heading names, None where it names none; outside reform plans only clear headings count.

    >>> from cchc_extract.patterns import load_patterns
    >>> p = load_patterns()
    >>> [parse_area(t, p) for t in ("Cải cách thể chế", "Chỉ số hài lòng về TTHC", "Yêu cầu")]
    ['institutions', 'impact', None]
    >>> parse_area("Tuyên truyền, nâng cao nhận thức", p, reform=False) is None
    True
    """
    folded = fold(title)
    if not reform and not patterns.rule("clear_area.heading").search(folded):
        return None
    for rule in patterns.group("area"):
        if rule.search(folded):
            return rule.value
    return None


def infer_areas(groups: Sequence[Sequence[str]], known: Sequence[str | None], patterns: Patterns) -> list[str | None]:
    """An area for each group of works, concluded from their words and from the order that plans keep.

    `groups[n]` holds the texts of the works of one group, `known[n]` its area where a heading gives it. The best
    reading of all groups together is taken: an area not twice, and in the order of AREAS where words leave doubt.
    """
    scores = [_score(texts, patterns) for texts in groups]
    best: list[tuple[float, list[str | None]]] = [(0.0, [])]
    for score, given in zip(scores, known, strict=True):
        likely: list[str | None] = [area for area in AREAS if score.get(area, 0) >= _MIN_SCORE]
        options = [given] if given else likely or [None]
        best = _extend(best, score, options)
    return max(best, key=lambda reading: reading[0])[1]


def _extend(
    best: list[tuple[float, list[str | None]]], score: dict[str, float], options: Sequence[str | None]
) -> list[tuple[float, list[str | None]]]:
    """For each option the best reading that ends in it (a Viterbi step; areas are few)."""
    out = []
    for option in options:
        ways = [(total + _gain(read, option, score), [*read, option]) for total, read in best]
        out.append(max(ways, key=lambda way: way[0]))
    return out


def _gain(read: Sequence[str | None], option: str | None, score: dict[str, float]) -> float:
    if option is None:
        return 0.0
    gain = score.get(option, 0.0)
    earlier = [AREAS.index(area) for area in read if area]
    in_order = not earlier or AREAS.index(option) > max(earlier)
    return gain if in_order else gain * (1 - _OUT_OF_ORDER)


def _score(texts: Sequence[str], patterns: Patterns) -> dict[str, float]:
    """Hits a work and area, so that a long group counts no more than a short one."""
    if not texts:
        return {}
    folded = [fold(text) for text in texts]
    return {
        str(area.value): sum(min(2, sum(word in text for word in area.words)) for text in folded) / len(folded)
        for area in patterns.word_group("area_words")
    }
