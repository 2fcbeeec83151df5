"""What the program says to its user, in the user's language.

The code says everything in English; `patterns/output/messages.toml` holds the same in other languages, looked up by the
English words, in which `{}` stands for what differs from time to time. What has no entry is said in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

LANGUAGES = ("en", "vi")
_GAP = "{}"


def translate(line: str, language: str) -> str:
    """One line of the program in that language: a whole message, or `where: what is wrong; what to do`.

    >>> translate("plan.txt: does not exist; check the name", "vi")
    'plan.txt: không tồn tại; hãy kiểm tra tên'
    >>> translate("plan.txt: does not exist; check the name", "en")
    'plan.txt: does not exist; check the name'
    >>> translate("what nobody says", "vi")
    'what nobody says'
    """
    if language not in LANGUAGES[1:]:
        return line
    whole = _phrase(line, language)
    return whole if whole is not None else next(_parts(line, language), line)


def _parts(line: str, language: str) -> Iterator[str]:
    """The readings of an error line whose two last parts are both known."""
    for colon in re.finditer(r": ", line):
        for semicolon in re.finditer(r"; ", line[colon.end() :]):
            rest = line[colon.end() :]
            what, do = _phrase(rest[: semicolon.start()], language), _phrase(rest[semicolon.end() :], language)
            if what is not None and do is not None:
                yield f"{line[: colon.end()]}{what}; {do}"


@lru_cache(maxsize=1024)
def _phrase(english: str, language: str) -> str | None:
    exact, templates = _book(language)
    if english in exact:
        return exact[english]
    for regex, said in templates:
        if match := regex.fullmatch(english):
            return said.format(*match.groups())
    return None


@cache
def _book(language: str) -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """The entries without a gap, and those with gaps, the most words first."""
    from cchc_extract.patterns import read_output_words

    entries = {entry["en"]: entry[language] for entry in read_output_words("messages.toml")["message"]}
    gapped = sorted((english for english in entries if _GAP in english), key=len, reverse=True)
    return entries, [(_to_regex(english), entries[english]) for english in gapped]


def _to_regex(english: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(re.escape(piece) for piece in english.split(_GAP)), re.DOTALL)
