"""Texts as sets of phrases, for telling whether two of them say the same in other words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set
from itertools import chain, count, pairwise

from cchc_extract.patterns import Patterns

Words = Sequence[str]

_EDGES = ".,;:()[]\"'“”‘’…-–+*•!?"
_STOPS = (".", ";", ":", "…")  # a token that ends so ends a clause
_DASHES = frozenset("-–+*•")  # such a token stands between two
_BREAK = "|"


class WordForms(dict[str, tuple[str, ...]]):
    """Token as written -> the words it is compared as: lower case, short forms written out; none for numbers and
    signs, but a mark where a clause ends."""

    __slots__ = ("_full",)

    def __init__(self, patterns: Patterns) -> None:
        super().__init__()
        pairs = (entry.split("|") for entry in patterns.words("link.short_forms"))
        self._full = {short: tuple(full.split()) for short, full in pairs}

    def __missing__(self, token: str) -> tuple[str, ...]:
        word = token.strip(_EDGES).lower()
        words = self._full.get(word, (word,)) if word.isalpha() else ()
        if token.rstrip(')]”"').endswith(_STOPS) or token in _DASHES:
            words += (_BREAK,)
        self[token] = words
        return words

    def words(self, text: str) -> Words:
        """The words of a text in order, with a mark between clauses.

        >>> from cchc_extract.patterns import load_patterns
        >>> WordForms(load_patterns()).words("Công bố 12 TTHC (cấp xã); theo Quyết định 5/QĐ-UBND.")
        ['công', 'bố', 'thủ', 'tục', 'hành', 'chính', 'cấp', 'xã', '|', 'theo', 'quyết', 'định', '|']
        """
        return list(chain.from_iterable(map(self.__getitem__, text.split())))

    def clauses(self, text: str) -> list[str]:
        """The clauses of a text as written, as many as its words have.

        >>> from cchc_extract.patterns import load_patterns
        >>> WordForms(load_patterns()).clauses("Rà soát; công bố 12 TTHC.")
        ['Rà soát;', 'công bố 12 TTHC.', '']
        """
        tokens = text.split()
        ends = [n for n, token in enumerate(tokens, 1) if _BREAK in self[token]]
        return [" ".join(tokens[start:end]) for start, end in pairwise([0, *ends, len(tokens)])]


class Phrases:
    """Two neighbouring syllables, as most words of the language are, -> the number of that phrase.

    The same phrase has the same number in all texts that are given to one of these: numbers are compared several
    times as fast as pairs.
    """

    __slots__ = ("_numbers",)

    def __init__(self) -> None:
        self._numbers: defaultdict[tuple[str, str], int] = defaultdict(count().__next__)

    def of(self, words: Words) -> Sequence[int]:
        """Every two neighbours in order, over the ends of clauses too.

        >>> Phrases().of("rà soát thủ tục rà soát".split())
        [0, 1, 2, 3, 0]
        """
        return list(map(self._numbers.__getitem__, pairwise(words)))


def split_clauses(words: Words) -> list[slice]:
    """Where the phrases of each clause stand among those of all words.

    >>> phrases = Phrases().of(words := "rà soát thủ tục | công bố |".split())
    >>> [phrases[clause] for clause in split_clauses(words)]
    [[0, 1, 2], [5], []]
    """
    ends = [n for n, word in enumerate(words) if word == _BREAK]
    return [slice(start + 1, max(start + 1, end - 1)) for start, end in pairwise([-1, *ends, len(words)])]


def overlap(a: Set[str], b: Set[str]) -> float:
    """The share of words that two texts have in common, in any order: 0 to 1.

    >>> overlap({"văn", "bản"}, {"văn", "bản", "giấy"})
    0.8
    """
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0
