"""Numbers, ranges, ranks and units as Vietnamese plans write them.

A full stop groups thousands and a comma marks decimals, but scores are often written with a full stop ('12.46'):
exactly three digits after each full stop are thousands, anything else is a decimal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold

Number = int | float

_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_RANGE = re.compile(r"([0-9.,]+)\s?%?\s?[-–÷]\s?([0-9.,]+)\s?%?")
_RANK = re.compile(r"([0-9]{1,4})\s?/\s?([0-9]{1,4})")
_SPACE = re.compile(r"\s+")
_LONGEST = 18  # digits beyond which a run of digits is no quantity


def parse_number(text: str) -> Number | None:
    """The number that the whole text is, or None. Whole numbers come back as int.

    >>> parse_number("1.600"), parse_number("950.000"), parse_number("02")
    (1600, 950000, 2)
    >>> parse_number("99,5"), parse_number("12.46"), parse_number("0.5"), parse_number("1.234,5")
    (99.5, 12.46, 0.5, 1234.5)
    >>> parse_number("5,0"), parse_number("0.500")
    (5, 0.5)
    >>> [parse_number(wrong) for wrong in ("", "100%", "10/63", "1.23.4", "5-7", "ba", "9" * 30)]
    [None, None, None, None, None, None, None]
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    if _GROUPED.fullmatch(text):
        text = text.replace(".", "")
    elif not _PLAIN.fullmatch(text):
        return None
    value = float(text.replace(",", "."))
    return int(value) if value.is_integer() else value


def parse_range(text: str) -> tuple[Number, Number | None] | None:
    """Both ends of a range, or the number alone with None; None where it is neither or runs downwards.

    >>> parse_range("5-7"), parse_range("95% - 98%"), parse_range("03-05"), parse_range("45%")
    ((5, 7), (95, 98), (3, 5), (45, None))
    >>> parse_range("7-5"), parse_range("10/63"), parse_range("")
    (None, None, None)
    """
    text = text.strip()
    both = _RANGE.fullmatch(text) if len(text) <= 3 * _LONGEST else None
    if both is None:
        single = parse_number(text.removesuffix("%"))
        return None if single is None else (single, None)
    low, high = parse_number(both[1]), parse_number(both[2])
    return (low, high) if low is not None and high is not None and low < high else None


def parse_rank(text: str) -> tuple[int, int] | None:
    """A place and the number of places, or None where the one cannot lie among the other.

    >>> parse_rank("10/63"), parse_rank("05 / 34")
    ((10, 63), (5, 34))
    >>> parse_rank("64/63"), parse_rank("0/63"), parse_rank("3/2022/QĐ"), parse_rank("10")
    (None, None, None, None)
    """
    match = _RANK.fullmatch(text.strip())
    if match is None:
        return None
    place, places = int(match[1]), int(match[2])
    return (place, places) if 0 < place <= places else None


def parse_unit(text: str, patterns: Patterns) -> str | None:
    """The unit in its one way of writing; words that the list does not know stand for themselves, in single spaces.

    None where there is no letter and no sign that is known.

    >>> from cchc_extract.patterns import load_patterns
    >>> known = load_patterns()
    >>> [parse_unit(text, known) for text in ("phần trăm", "Thứ hạng", "tỉ đồng", "hồ  sơ", "Sở, ngành")]
    ['%', 'hạng', 'tỷ đồng', 'hồ sơ', 'sở, ngành']
    >>> parse_unit("triệu thửa đất", known), parse_unit("bộ công cụ AI", known), parse_unit("lần/tuần", known)
    ('triệu thửa đất', 'bộ công cụ AI', 'lần/tuần')
    >>> parse_unit("", known), parse_unit("/", known)
    (None, None)
    """
    text = _SPACE.sub(" ", text).strip()
    known = _canonical_units(patterns).get(fold(text))
    if known is not None:
        return known
    return text if any(c.isalpha() for c in text) else None


@lru_cache(maxsize=4)
def _canonical_units(patterns: Patterns) -> Mapping[str, str]:
    lists = (entry for id, entry in patterns.word_lists.items() if id.startswith("unit."))
    return {word: entry.value or word for entry in lists for word in entry.words}
