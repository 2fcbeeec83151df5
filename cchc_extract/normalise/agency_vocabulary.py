"""The words of the registered names, which of them follow which, and which look alike: what a name is misread from."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

from cchc_extract.normalise.agency_words import Index, index_of, settle
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import strip_marks

_WORD = re.compile(r"\w+")
_SUFFIX, _LINK = "\0suffix", "\0link"  # tokens for the words behind names

Way = tuple[str, ...]  # the words of one way to write a token, without those that only join
Ways = Mapping[str, Set[Way]]  # by token: a word of a registered name, or the form that several ways of writing share


class Vocabulary(NamedTuple):
    """Words of registered names and of what may follow these.

    `firsts` and `lasts` begin and end names; `openers`: `firsts` and what makes names plural; `joins` only join;
    `bare`: each word without marks; `alike`: the words by what is left of them without marks and at most one letter.
    `begins`, `ends`, `inner` and `then` tell what follows a word: the words that begin a token, the tokens that a word
    ends, its followers inside of tokens, and the tokens behind a token; `followers` keeps what was asked for.
    `lookalikes`: letters that are taken for one another; `wide`: two of them for one.
    """

    firsts: Set[str]
    openers: Set[str]
    lasts: Set[str]
    joins: Set[str]
    bare: Mapping[str, str]
    alike: Mapping[str, Set[str]]
    begins: Mapping[str, Set[str]]
    ends: Mapping[str, Set[str]]
    inner: Mapping[str, Set[str]]
    then: Mapping[str, Set[str]]
    followers: dict[str, Set[str]]
    lookalikes: frozenset[tuple[str, str]]
    wide: tuple[tuple[str, str], ...]

    def follow(self, word: str) -> Set[str]:
        """What may stand behind a word; what may begin a name where there is none."""
        if word not in self.followers:
            tokens = {then for token in self.ends.get(word, ()) for then in self.then.get(token, ())}
            begun = (self.begins[token] for token in tokens)
            self.followers[word] = set(chain(self.inner.get(word, ()), *begun))
        return self.followers[word]

    def joined(self, word: str, behind: str) -> bool:
        """Whether a word may end a name, or stand before `behind`."""
        return not behind or word in self.lasts or behind in self.follow(word)

    def like(self, bare: str) -> Set[str]:
        """The words that differ from this one, written without marks, by no more than a slip."""
        forms = [bare, *(bare.replace(a, b) for a, b in self.wide if a in bare)]
        return {word for form in forms for left in _leave_out(form) if left in self.alike for word in self.alike[left]}


@lru_cache(maxsize=4)
def vocabulary_of(patterns: Patterns) -> Vocabulary:
    """The vocabulary of a set of patterns, built once."""
    index = index_of(patterns)
    names = [words for words, _ in index.phrases]
    ways = _ways_to_write(index)
    begins = {token: {way[0] for way in of_token} for token, of_token in ways.items()}
    firsts = {first for words in names for first in begins[words[0]]}
    used = {token for words in names for token in words} | {_SUFFIX, _LINK}
    lasts = {way[-1] for token in {_SUFFIX, *(words[-1] for words in names)} for way in ways[token]}
    bare = {word: strip_marks(word) for word in {w for token in used for way in ways[token] for w in way} | index.join}
    lookalikes = frozenset(_lookalikes(patterns))
    return Vocabulary(
        firsts=firsts,
        openers=firsts | {word for text in patterns.words("agency.the") for word in text.split()[:1]},
        lasts=lasts,
        joins=index.join,
        bare=bare,
        alike=_group((left, word) for word, plain in bare.items() for left in _leave_out(plain)),
        begins=begins,
        ends=_group((way[-1], token) for token in used for way in ways[token]),
        inner=_group(pair for token in used for way in ways[token] for pair in pairwise(way)),
        then=_group(_pairs(names)),
        followers={"": firsts},
        lookalikes=lookalikes,
        wide=tuple(sorted((a, b) for a, b in lookalikes if len(a) > len(b))),
    )


def _pairs(names: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """All two tokens of which one may stand right behind the other."""
    for words in names:
        yield from pairwise(words)
    for last in {words[-1] for words in names}:
        yield from ((last, _SUFFIX), (last, _LINK))
    yield from ((_LINK, first) for first in {words[0] for words in names})


def _ways_to_write(index: Index) -> Ways:
    """The ways to write each token of the registered names; a province's name is one of 'tỉnh'."""
    patterns, province = index.patterns, index.values["province"]
    ways: dict[str, set[Way]] = defaultdict(set)
    for form in patterns.word_group("agency.form"):
        ways[form.value or ""].update(_way(text, index) for text in form.words)
    ways[province] |= ways[index.values["city"]]
    leads = tuple(ways[province])
    for entry in patterns.provinces.values():
        for name in (entry.name, *entry.variants):
            way = _way(name, index)
            ways[province] |= {way, *((*lead, *way) for lead in leads)}
    for token, name in ((_SUFFIX, "suffix"), (_LINK, "link")):
        ways[token].update(_way(text, index) for text in patterns.words(f"agency.{name}"))
    for token in {token for words, _ in index.phrases for token in words} - ways.keys():
        ways[token].add(_way(token, index))
    return ways


def _way(text: str, index: Index) -> Way:
    words = (settle(word) for word in _WORD.findall(text.lower()))
    return tuple(word for word in words if word not in index.join)


def _group(pairs: Iterable[tuple[str, str]]) -> Mapping[str, Set[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for key, value in pairs:
        groups[key].add(value)
    return dict(groups)


def _leave_out(word: str) -> Iterator[str]:
    """The word, and what is left of it without one of its letters: words that share any of these are a slip apart."""
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]


def _lookalikes(patterns: Patterns) -> Iterator[tuple[str, str]]:
    for pair in patterns.words("agency_matching.lookalike"):
        a, b = pair.split()
        yield from ((a, b), (b, a))
