"""How the words of a text stand for a registered body, and how surely."""

from __future__ import annotations

import re
from functools import lru_cache

from cchc_extract.model import Agency
from cchc_extract.normalise.agency_words import settle
from cchc_extract.patterns import AgencyEntry
from cchc_extract.vietnamese import strip_marks

# How sure each way is: an order to sort and cut by, no probability. For misread words it falls with every slip.
_CONFIDENCE = {"exact": 1.0, "variant": 0.98, "abbreviation": 0.95, "local": 0.9}
_MISREAD = 0.9
_FALL = 0.1  # by a whole letter misread

_WORD = re.compile(r"\w+")
_VOWEL = re.compile(r"[aeiouy\d]")


def known_agency(entry: AgencyEntry, text: str, match: str) -> Agency:
    """A registered body that `text` names, found by one of the sure ways of matching."""
    return Agency(entry.id, entry.name, text, entry.kind, entry.level or None, match, confidence(match))


def misread_agency(entry: AgencyEntry, text: str, slips: float) -> Agency:
    """A registered body whose name `text` misspells by so many letters."""
    sure = round(_MISREAD - _FALL * slips, 2)
    return Agency(entry.id, entry.name, text, entry.kind, entry.level or None, "fuzzy", sure)


def confidence(match: str) -> float:
    return _CONFIDENCE[match]


@lru_cache(maxsize=4096)
def how_written(said: str, entry: AgencyEntry) -> str:
    """exact, variant or abbreviation: `said` is known to stand for the body.

    >>> culture, planning = (AgencyEntry("", name) for name in ("Sở Văn hóa và Thể thao", "Sở Kế hoạch và Đầu tư"))
    >>> how_written("SỞ VĂN HOÁ VÀ THỂ THAO", culture), how_written("Sở Văn hóa, Thể thao", culture)
    ('exact', 'variant')
    >>> how_written("Sở KH&ĐT", planning)
    'abbreviation'
    """
    words, name = _words(said), _words(entry.name)
    if words == name:
        return "exact"
    shouted = said.isupper()
    short = (_is_short(word, shouted) for word in _WORD.findall(said) if settle(word.lower()) not in name)
    return "abbreviation" if any(short) or words in map(_words, entry.abbreviations) else "variant"


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    return tuple(settle(word) for word in _WORD.findall(text.lower()))


def _is_short(word: str, shouted: bool) -> bool:
    """Whether a word is made of first letters: it has several capitals, or nothing that could be spoken."""
    return (len(word) > 1 and word.isupper() and not shouted) or not _VOWEL.search(strip_marks(word).lower())
