"""How alike two texts are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from cchc_extract.vietnamese import strip_marks

_MARK = 0.5  # a letter with another mark
_LOOKALIKE = 0.7  # letters that look like the right ones, or one that stands twice


def likeness(a: str, b: str, least: float = 0.0) -> float:
    """0 to 100, letter by letter; 0 where it is below `least`.

    >>> likeness("so noi vu", "so nai vu") > 85, likeness("so noi vu", "uy ban", least=60)
    (True, 0.0)
    """
    from rapidfuzz.fuzz import ratio  # takes long to load, and few documents need it

    return ratio(a, b, score_cutoff=least)


@lru_cache(maxsize=8192)
def slip_cost(written: str, right: str, lookalikes: frozenset[tuple[str, str]]) -> float:
    """How many letters of the word `right` were misread: the least sum of what each slip counts.

    A letter put in, left out or mistaken counts 1, two that changed places 1, one with another mark 0.5, one that
    stands twice or is a lookalike 0.7.

    >>> none = frozenset()
    >>> slip_cost("vu", "vụ", none), slip_cost("bru", "bưu", frozenset({("r", "u")})), slip_cost("tài", "sở", none)
    (0.5, 0.7, 3.0)
    """
    written, right = _without_same_ends(written, right)
    bare, plain = strip_marks(written), strip_marks(right)
    costs = [[0.0] * (len(right) + 1) for _ in range(len(written) + 1)]
    for i in range(len(written) + 1):
        for j in range(len(right) + 1):
            ways = [] if i or j else [0.0]
            if i and j:
                same = written[i - 1] == right[j - 1]
                ways.append(costs[i - 1][j - 1] + (0.0 if same else _MARK if bare[i - 1] == plain[j - 1] else 1.0))
                ways += _exchanges(costs, bare[:i], plain[:j], lookalikes)
            if i:
                ways.append(costs[i - 1][j] + (_LOOKALIKE if bare[i - 1] == bare[i - 2 : i - 1] else 1.0))
            if j:
                ways.append(costs[i][j - 1] + (_LOOKALIKE if plain[j - 1] == plain[j - 2 : j - 1] else 1.0))
            costs[i][j] = min(ways)
    return costs[-1][-1]


def _exchanges(
    costs: list[list[float]], bare: str, plain: str, lookalikes: frozenset[tuple[str, str]]
) -> Iterator[float]:
    """The costs with a lookalike of one or two letters at the end of both, or with two letters that changed places."""
    for a, b in ((1, 1), (1, 2), (2, 1)):
        if (bare[-a:], plain[-b:]) in lookalikes:
            yield costs[len(bare) - a][len(plain) - b] + _LOOKALIKE
    if len(bare) > 1 and bare[-2:] == plain[-2:][::-1]:
        yield costs[len(bare) - 2][len(plain) - 2] + 1.0


def _without_same_ends(a: str, b: str) -> tuple[str, str]:
    """Two words without the letters at both ends in which they agree, but for one before the first that differs."""
    start = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    a, b = a[max(0, start - 1) :], b[max(0, start - 1) :]
    while len(a) > 1 and len(b) > 1 and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    return a, b
