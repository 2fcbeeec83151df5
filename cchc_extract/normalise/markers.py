"""Enumerators at the head of a paragraph: what kind they are and which number they hold."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold

# From the widest to the narrowest: a kind that is new under a heading stands below every kind before it in this list.
KINDS = (
    "caption", "part", "chapter", "division", "capital", "roman", "article", "word", "named", "arabic", "dotted",
    "letter", "number-bracket", "star", "dash", "plus",
)  # fmt: skip
_HEAD = 80  # characters: no marker is longer
WIDE_KINDS = frozenset({"part", "chapter", "division", "capital", "roman"})  # of titles over numbered items
_BULLETS = frozenset({"star", "dash", "plus"})
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}


class Marker(NamedTuple):
    """An enumerator: its kind, its words as written, its number(s), and where the paragraph's own words begin."""

    kind: str
    text: str
    ordinals: tuple[int, ...]
    end: int

    @property
    def is_bullet(self) -> bool:
        return self.kind in _BULLETS


def parse_roman(text: str) -> int | None:
    """A Roman numeral's value, None where the letters make none.

    >>> parse_roman("XIV"), parse_roman("iii"), parse_roman("IIX"), parse_roman("abc")
    (14, 3, None, None)
    """
    digits = [_ROMAN.get(c) for c in text.lower()]
    if not digits or None in digits:
        return None
    values = [d for d in digits if d is not None]
    total = sum(-v if v < max(values[n + 1 :], default=0) else v for n, v in enumerate(values))
    return total if total > 0 and _to_roman(total) == text.lower() else None


def _to_roman(number: int) -> str:
    pairs = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    out = ""
    for value, letters in pairs:
        while number >= value:
            out, number = out + letters, number - value
    return out


def parse_marker(text: str, patterns: Patterns) -> Marker | None:
    """The enumerator that opens `text`, None where it opens with words or with a value.

    >>> from cchc_extract.patterns import load_patterns
    >>> p = load_patterns()
    >>> [parse_marker(t, p).ordinals for t in ("1.1. Công tác", "đ) Đăng tải", "6. 30% cán bộ", "VII. Xây dựng")]
    [(1, 1), (5,), (6,), (7,)]
    >>> [parse_marker(t, p).kind for t in ("- + Rà soát", "* Yêu cầu", "Thứ nhất, về thể chế", "Phần II. Nhiệm vụ")]
    ['plus', 'star', 'word', 'part']
    >>> [parse_marker(t, p) for t in ("30% cán bộ", "1.600 hồ sơ", "15/7/2021", "f) không có", "Sở Nội vụ", "-----")]
    [None, None, None, None, None, None]
    """
    return _parse_head(text[:_HEAD], patterns)


@lru_cache(maxsize=4096)  # every stage asks for the markers of the same lines
def _parse_head(text: str, patterns: Patterns) -> Marker | None:
    first = text[:1]
    if first.isdigit() or first == "(":
        return _parse_numbered(text, patterns)
    if first.isalpha():
        return _parse_lettered(text, patterns)
    match = patterns.rule("marker.bullet").match(text)
    if not match:
        return None
    kind = "plus" if match["plus"] or match["nested"] else "dash" if match["dash"] else "star"
    return Marker(kind, text[: match.end()].strip(), (), match.end())


def _parse_numbered(text: str, patterns: Patterns) -> Marker | None:
    if match := patterns.rule("marker.dotted").match(fold(text[:40])):
        ordinals = tuple(int(n) for n in match["n"].split("."))
        return _whole(Marker("dotted", text[: match.end()].strip(), ordinals, match.end()))
    if match := patterns.rule("marker.arabic").match(text):
        return _whole(Marker("arabic", text[: match.end()].strip(), (int(match["n"]),), match.end()))
    if match := patterns.rule("marker.number_bracket").match(text):
        return _whole(
            Marker("number-bracket", text[: match.end()].strip(), (int(match["n"] or match["m"]),), match.end())
        )
    return _parse_letter(text, patterns)


def _whole(marker: Marker) -> Marker | None:
    return marker if all(marker.ordinals) else None  # nothing is numbered zero


def _parse_lettered(text: str, patterns: Patterns) -> Marker | None:
    if match := patterns.rule("marker.roman").match(text):
        value = parse_roman(match["n"])
        return Marker("roman", text[: match.end()].strip(), (value,), match.end()) if value else None
    if match := patterns.rule("marker.capital").match(text):
        letter = _letters(patterns).get(fold(match["n"]))
        return Marker("capital", text[: match.end()].strip(), (letter,), match.end()) if letter else None
    folded = fold(text[:40])
    for kind in ("part", "chapter", "division", "article", "word", "named"):
        if match := patterns.rule(f"marker.{kind}").match(folded):
            words = match[match.lastgroup or 0]  # the ordinal stands in one of two groups
            return Marker(kind, text[: match.end()].strip(), (_ordinal(words, patterns),), match.end())
    return _parse_letter(text, patterns)


def _parse_letter(text: str, patterns: Patterns) -> Marker | None:
    match = patterns.rule("marker.letter").match(text)
    letter = _letters(patterns).get(match["n"] or match["m"] or match["o"]) if match else None
    if not match or letter is None:
        return None
    return Marker("letter", text[: match.end()].strip(), (letter,), match.end())


@lru_cache(maxsize=4)
def _letters(patterns: Patterns) -> dict[str, int]:
    return {letter: n for n, letter in enumerate(patterns.words("marker.letters"), 1)}


def _ordinal(words: str, patterns: Patterns) -> int:
    """The number of an ordinal in digits, Roman numerals or words; the words were matched by a pattern before."""
    if words.isdigit():
        return int(words)
    known = [n for n, entry in enumerate(patterns.words("marker.word_ordinals"), 1) if words in entry.split("|")]
    return known[0] if known else parse_roman(words) or 0
