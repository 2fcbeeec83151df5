"""How alike two texts are."""

from __future__ import annotations


def likeness(a: str, b: str, least: float = 0.0) -> float:
    """0 to 100, letter by letter; 0 where it is below `least`.

    >>> likeness("so noi vu", "so nai vu") > 85, likeness("so noi vu", "uy ban", least=60)
    (True, 0.0)
    """
    from rapidfuzz.fuzz import ratio  # takes long to load, and few documents need it

    return ratio(a, b, score_cutoff=least)
