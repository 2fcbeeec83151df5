"""What the program says to its user, in the user's language.

The code says everything in English; `patterns/output/messages.toml` holds the same in other languages, looked up by the
English words. What has no entry there is said in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

LANGUAGES = ("en", "vi")
# The tables of a language: whole lines, and of an error line the place and the two phrases behind it. They are apart,
# for a file may be called what is said elsewhere.
_LINE, _PLACE, _PHRASE = "line", "place", "phrase"
_SAID = "said"
# What differs from time to time: anything, a number or a list of them, what is said itself, the ending of a plural.
_GAP = re.compile(r"\{(|n|s|said)\}")
_FORMS = {"": "(.+?)", "n": r"(\d[\d.,-]*(?: \d[\d.,-]*)*)", "s": "s?", _SAID: "(.+?)"}


class _Template(NamedTuple):
    """An English sentence with gaps, the kinds of those that it keeps, and the sentence in another language."""

    regex: re.Pattern[str]
    kinds: tuple[str, ...]
    said: str


class _Book(NamedTuple):
    """The sentences of a language by their English ones, and those with gaps, the longest first."""

    exact: Mapping[str, str]
    templates: tuple[_Template, ...]


def translate(line: str, language: str) -> str:
    """One line of the program in that language: `where: what is wrong; what to do`, or any other.

    >>> translate("plan.txt: does not exist; check the name", "vi")
    'plan.txt: không tồn tại; hãy kiểm tra tên'
    >>> translate("3 documents: 2 read, 1 refused", "vi")
    '3 văn bản: 2 đọc được, 1 bị từ chối'
    >>> translate("plan.txt: does not exist; check the name", "en")
    'plan.txt: does not exist; check the name'
    >>> translate("what nobody says", "vi")
    'what nobody says'
    """
    if language not in LANGUAGES[1:]:
        return line
    return next(_error_readings(line, language), None) or _find(line, language, _LINE) or line


def _error_readings(line: str, language: str) -> Iterator[str]:
    """The readings of an error line whose two last parts are both known."""
    for colon in re.finditer(": ", line):
        where, rest = line[: colon.start()], line[colon.end() :]
        for semicolon in re.finditer("; ", rest):
            what, do = (_find(part, language) for part in (rest[: semicolon.start()], rest[semicolon.end() :]))
            if what and do:
                yield f"{_find(where, language, _PLACE) or where}: {what}; {do}"


@lru_cache(maxsize=1024)
def _find(english: str, language: str, table: str = _PHRASE) -> str | None:
    """What is said for these words; None where they have no entry."""
    book = _book(language, table)
    if english in book.exact:
        return book.exact[english]
    for template in book.templates:
        if match := template.regex.fullmatch(english):
            values = zip(match.groups(), template.kinds, strict=True)
            filled = iter([_inner(value, language) if kind == _SAID else value for value, kind in values])
            return _GAP.sub(lambda _, filled=filled: next(filled), template.said)  # type: ignore[misc]
    return None


def _inner(english: str, language: str) -> str:
    """What stands in a gap: known words, a list of such, or a name before such; else as it is."""
    if whole := _find(english, language):
        return whole
    items = [_find(item, language) for item in english.split(", ")]
    if None not in items:
        return ", ".join(filter(None, items))
    for space in re.finditer(" ", english):
        if known := _find(english[space.end() :], language):
            return f"{english[: space.end()]}{known}"
    return english


@cache
def _book(language: str, table: str) -> _Book:
    from cchc_extract.patterns import read_output_words

    entries = read_output_words("messages.toml")[language][table]
    gapped = sorted((english for english in entries if _GAP.search(english)), key=len, reverse=True)
    return _Book(entries, tuple(_to_template(english, entries[english]) for english in gapped))


def _to_template(english: str, said: str) -> _Template:
    pieces = _GAP.split(english)  # words and kinds of gaps by turns
    regex = "".join(_FORMS[piece] if at % 2 else re.escape(piece) for at, piece in enumerate(pieces))
    return _Template(re.compile(regex, re.DOTALL), tuple(kind for kind in pieces[1::2] if kind != "s"), said)
