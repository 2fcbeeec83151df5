"""Texts as sets of phrases, for telling whether two of them say the same in other words."""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import pairwise

from cchc_extract.patterns import Patterns

Phrase = tuple[str, str]  # two neighbouring syllables: most words of the language are two long
Words = Sequence[str]

_EDGES = ".,;:()[]\"'“”‘’…-–+*•!?"
_STOPS = (".", ";", ":", "…")  # a token that ends so ends a clause
_DASHES = frozenset("-–+*•")  # such a token stands between two
_BREAK = "|"


class WordForms(dict[str, str]):
    """Token as written -> what it is compared as: lower case, its short form written out; nothing for numbers and
    signs, but a mark where a clause ends."""

    __slots__ = ("_full",)

    def __init__(self, patterns: Patterns) -> None:
        super().__init__()
        self._full = dict(entry.split("|") for entry in patterns.words("link.short_forms"))

    def __missing__(self, token: str) -> str:
        word = token.strip(_EDGES).lower()
        form = self._full.get(word, word) if word.isalpha() else ""
        if token.rstrip(')]”"').endswith(_STOPS) or token in _DASHES:
            form += f" {_BREAK}"
        self[token] = form
        return form

    def words(self, text: str) -> Words:
        """The words of a text in order, with a mark between clauses.

        >>> from cchc_extract.patterns import load_patterns
        >>> WordForms(load_patterns()).words("Công bố 12 TTHC (cấp xã); theo Quyết định 5/QĐ-UBND.")
        ['công', 'bố', 'thủ', 'tục', 'hành', 'chính', 'cấp', 'xã', '|', 'theo', 'quyết', 'định', '|']
        """
        return " ".join(map(self.__getitem__, text.split())).split()

    def clauses(self, text: str) -> list[str]:
        """The clauses of a text as written, as many as its words have.

        >>> from cchc_extract.patterns import load_patterns
        >>> WordForms(load_patterns()).clauses("Rà soát; công bố 12 TTHC.")
        ['Rà soát;', 'công bố 12 TTHC.', '']
        """
        tokens = text.split()
        ends = [n for n, token in enumerate(tokens, 1) if _BREAK in self[token]]
        return [" ".join(tokens[start:end]) for start, end in pairwise([0, *ends, len(tokens)])]


def split_clauses(words: Words) -> list[Words]:
    """The words of each clause.

    >>> split_clauses("rà soát | công bố |".split())
    [['rà', 'soát'], ['công', 'bố'], []]
    """
    ends = [n for n, word in enumerate(words) if word == _BREAK]
    return [words[start + 1 : end] for start, end in pairwise([-1, *ends, len(words)])]


def phrases(words: Words) -> set[Phrase]:
    """Every two neighbours, over the ends of clauses too.

    >>> sorted(phrases("rà soát thủ tục".split()))
    [('rà', 'soát'), ('soát', 'thủ'), ('thủ', 'tục')]
    """
    return set(pairwise(words))


def overlap(a: Set[str], b: Set[str]) -> float:
    """The share of words that two texts have in common, in any order: 0 to 1.

    >>> overlap({"văn", "bản"}, {"văn", "bản", "giấy"})
    0.8
    """
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0
