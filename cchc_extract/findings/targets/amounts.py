"""Numbers in a text, with the unit that follows each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from cchc_extract.patterns import Patterns

_WORD = re.compile(r"[^\s,;:.()/“”\"]+")
_DIGIT = re.compile(r"[0-9]")
_REACH = 60  # characters after a number in which its unit is looked for
_LONGEST_UNIT = 8  # syllables of a unit that a list knows
_LONGEST_GUESS = 4  # syllables of a noun that no list knows
_PERCENT = "%"


class Amount(NamedTuple):
    """A number and its unit: `start` and `end` hold both, `noun` is where the unit's word begins.

    `cue` is where words begin that make the number what it is ('xếp thứ'), else `start`.

    `kind` is the part of the unit list's id after `unit.` (percent, measure, time, noun, topic, paper), or rank,
    or unknown. `unit` is None only where the words after the number could not be told to be one.
    """

    cue: int
    start: int
    noun: int
    end: int
    text: str
    most: str | None
    out_of: str | None
    unit: str | None
    kind: str


def find_amounts(text: str, patterns: Patterns) -> tuple[Amount, ...]:
    """Every number of a folded text that has a unit, ranks and damaged shares too, in order."""
    if not _DIGIT.search(text):
        return ()
    special = [*_ranks(text, patterns), *_scores(text, patterns), *_bare_hundreds(text, patterns)]
    taken = {amount.start for amount in special}
    counted = (_amount(text, m, patterns) for m in patterns.rule("target.amount").finditer(text))
    plain = [amount for amount in counted if amount is not None and amount.start not in taken]
    return tuple(sorted((*special, *plain), key=lambda amount: amount.start))


def _ranks(text: str, patterns: Patterns) -> Iterator[Amount]:
    unit = patterns.word_lists["unit.measure.rank"].value
    for m in patterns.rule("target.rank").finditer(text):
        yield Amount(m.start(), m.start("amount"), m.end(), m.end(), m["amount"], m["most"], m["out_of"], unit, "rank")


def _scores(text: str, patterns: Patterns) -> Iterator[Amount]:
    unit = patterns.word_lists["unit.measure.score"].value or ""
    for m in patterns.rule("target.score_of").finditer(text):
        end = m.end() + len(unit)
        yield Amount(m.start(), m.start(), m.end(), end, m["amount"], None, m["out_of"], unit, "measure")


def _bare_hundreds(text: str, patterns: Patterns) -> Iterator[Amount]:
    for m in patterns.rule("target.bare_hundred").finditer(text):
        start, end = m.span("whole" if m["whole"] else "all")
        yield Amount(start, start, end, end, text[start:end], None, None, _PERCENT, "percent")


def _amount(text: str, m: re.Match[str], patterns: Patterns) -> Amount | None:
    start, end, most = m.start(), m.end(), m["most"]
    if m["first"] and most and not m["percent"]:  # "50% đến 2 ...": the second number is another matter
        most, end = None, m.end("first")
    number = (m["amount"], most, None)
    if m["first"] or m["percent"]:
        return Amount(start, start, end, end, *number, _PERCENT, "percent")
    noun = end + 1
    if not text[end:noun].isspace() or not text[noun : noun + 1].isalpha():
        return None
    known = _known_unit(text, noun, patterns)
    if known is None:
        stop = _unknown_unit(text, noun, patterns)
        return Amount(start, start, noun, stop or noun, *number, text[noun:stop] if stop else None, "unknown")
    stop, kind = known
    if kind == "percent":
        return Amount(start, start, stop, stop, *number, _PERCENT, kind)
    return Amount(start, start, noun, _denominator_end(text, stop, patterns), *number, text[noun:stop], kind)


def _known_unit(text: str, start: int, patterns: Patterns) -> tuple[int, str] | None:
    """Where the unit that begins at `start` ends, and its kind: with its multiplier, and what a slash adds to it."""
    kinds = _kinds(patterns)
    found = _longest(text, start, kinds)
    if found is not None and found[1] == "magnitude":
        return _longest(text, found[0] + 1, kinds)
    if found is None or text[found[0] : found[0] + 1] != "/":
        return found
    added = _longest(text, found[0] + 1, _pers(patterns))
    if added is None and found[1] == "noun":
        added = _longest(text, found[0] + 1, kinds)
    return (added[0], found[1]) if added is not None else found


def _longest(text: str, start: int, kinds: Mapping[str, str]) -> tuple[int, str] | None:
    ends = [word.end() for word in islice(_WORD.finditer(text, start, start + _REACH), _LONGEST_UNIT)]
    for end in reversed(ends):
        kind = kinds.get(" ".join(text[start:end].split()))
        if kind is not None:
            return end, kind
    return None


def _unknown_unit(text: str, start: int, patterns: Patterns) -> int | None:
    """The end of a short noun that no list knows: it must come to its end by a mark or a word that ends nouns."""
    stops = _noun_ends(patterns)
    end = start
    for count, word in enumerate(_WORD.finditer(text, start, start + _REACH)):
        if word[0] in stops or (end > start and text[end : word.start()].strip()):
            break
        if count == _LONGEST_GUESS or not word[0].isalpha():
            return None
        end = word.end()
    return end if end > start else None


def _denominator_end(text: str, end: int, patterns: Patterns) -> int:
    """The end of what an amount is for ('/01 lần giao dịch'), where it has a number of its own; else `end`."""
    slash = patterns.rule("target.per_so_many").match(text, end)
    if slash is None:
        return end
    found = _longest(text, slash.end(), _kinds(patterns))
    return found[0] if found is not None else slash.end() - 1


@lru_cache(maxsize=4)
def _kinds(patterns: Patterns) -> Mapping[str, str]:
    lists = ((entry.id.split(".")[1], entry) for entry in patterns.word_lists.values() if entry.id.startswith("unit."))
    return {word: kind for kind, entry in lists if kind != "per" for word in entry.words}


@lru_cache(maxsize=4)
def _pers(patterns: Patterns) -> Mapping[str, str]:
    return dict.fromkeys(patterns.words("unit.per"), "per")


@lru_cache(maxsize=4)
def _noun_ends(patterns: Patterns) -> frozenset[str]:
    return frozenset(patterns.words("target.noun_end"))
