"""The words that lead in to a number, read backwards from it for as long as the lists know them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from cchc_extract.patterns import Patterns

_WORD = re.compile(r"[^\s(“\"]+")
_LONGEST = 8  # syllables of a phrase
_CLAUSE = 300  # characters in which a clause's first words are looked for
_REACH = 64  # characters of a phrase
COMPARATORS = frozenset({">=", "<=", ">", "<"})
CHANGES = frozenset({"increase", "decrease"})
_REACHED = frozenset({"reach", "level", "share"})
SCOPES = frozenset({"province", "district", "commune", "rural", "remote"})


class _Phrases(NamedTuple):
    """Phrases with what each means, and the first words of all of them: few words of a text are one."""

    phrases: Mapping[str, str]
    firsts: frozenset[str]


class Lead(NamedTuple):
    """Where the words that lead in to a number begin, and what each of them means, nearest to the number first."""

    start: int
    roles: tuple[str, ...]

    def first(self, wanted: frozenset[str]) -> str | None:
        """The wanted role that is nearest to the number."""
        return next((role for role in self.roles if role in wanted), None)

    @property
    def change(self) -> str | None:
        """The change that the number measures; none where a level is named between the verb and the number."""
        for role in self.roles:
            if role in CHANGES:
                return role
            if role in ("level", "reach", "share"):  # "giảm ... xuống còn 15 phút"
                return None
        return None


def read_lead(text: str, start: int, number: int, patterns: Patterns) -> Lead:
    """The lead-in of the number at `number`, not looking further back than `start`."""
    roles: list[str] = []
    while found := _phrase_before(text, start, number, _meanings(patterns)):
        if found[1] == "make" and (_REACHED & set(roles) or _names_quantity(text, start, found[0], patterns)):
            break  # "tỷ lệ cán bộ được đào tạo đạt", "tổng vốn thu hút": part of the name
        number, role = found
        roles.append(role)
    return Lead(number, tuple(roles))


def skip_opening(text: str, start: int, end: int, patterns: Patterns) -> int:
    """Where the words proper of a clause begin: after bullets, enumerators and words that only open a clause."""
    openings = _openings(patterns)
    mark = patterns.rule("target.opening").match(text[start:end])
    start += mark.end() if mark else 0
    while True:
        words = list(islice(_WORD.finditer(text, start, min(end, start + _REACH)), _LONGEST))
        if not words or words[0][0].rstrip(",") not in openings.firsts:
            return start
        ends = (word.end() for word in reversed(words))
        stop = next((e for e in ends if " ".join(text[start:e].rstrip(",").split()) in openings.phrases), None)
        if stop is None:
            return start
        start = stop + len(text[stop:end]) - len(text[stop:end].lstrip())


def _names_quantity(text: str, start: int, end: int, patterns: Patterns) -> bool:
    begin = skip_opening(text, max(start, end - _CLAUSE), end, patterns)
    return patterns.rule("target.starts_as_measure").match(text[begin:end]) is not None


def _phrase_before(text: str, start: int, end: int, meanings: _Phrases) -> tuple[int, str] | None:
    low = max(start, end - _REACH)
    piece = text[low:end].rstrip().removesuffix(":")
    for word in list(_WORD.finditer(piece))[-_LONGEST:]:
        begin = word.start()
        if word[0] not in meanings.firsts or (low + begin > start and text[low + begin - 1].isalnum()):
            continue  # most words; or the window opened inside a word
        role = meanings.phrases.get(" ".join(piece[begin:].split()))
        if role is not None:
            return low + begin, role
    return None


@lru_cache(maxsize=4)
def _meanings(patterns: Patterns) -> _Phrases:
    lists = (entry for id, entry in patterns.word_lists.items() if id.startswith("target.lead."))
    return _to_phrases({word: entry.value or "" for entry in lists for word in entry.words})


@lru_cache(maxsize=4)
def _openings(patterns: Patterns) -> _Phrases:
    return _to_phrases(dict.fromkeys(patterns.words("target.opening_words"), ""))


def _to_phrases(phrases: Mapping[str, str]) -> _Phrases:
    return _Phrases(phrases, frozenset(phrase.split()[0].rstrip(",") for phrase in phrases))
