"""Finds the legal documents that a text names by number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from re import Match
from typing import NamedTuple

from cchc_extract.model import ReferenceFinding
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold

_WINDOW = 160  # characters before a number in which its type can stand
_LOOK_ALIKES = str.maketrans(
    {"\u2013": "-", "\xd0": "\u0110"}
)  # the dash typed for a hyphen, Eth typed for D with stroke


class _Naming(NamedTuple):
    """What stands before a number: where the mention starts, the type, and numbers that share the ending."""

    start: int
    type: str
    also: tuple[str, ...] = ()


class _Origin(NamedTuple):
    """What stands after a number, as words: date and issuer; `end`: where the mention ends."""

    issued_on: str | None
    issuer: str | None
    end: int


def find_references(index: int, text: str, patterns: Patterns) -> tuple[ReferenceFinding, ...]:
    """Every document named by its number in the passage `index`, in order of place.

    `type` is in lower case, `number` without spaces; date and issuer are the words of the text, None where the text
    does not give them right there. text[start:end] is the whole mention; mentions never overlap, but numbers that share
    one ending ("số 107, 108/2020/NĐ-CP") share one mention. A number whose type is neither written before it nor told
    by its own abbreviation is left out, and so are laws without a number.

    >>> from cchc_extract.patterns import load_patterns
    >>> found = find_references(0, "theo Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ về ...", load_patterns())
    >>> [(f.start, f.end, f.type, f.number, f.issued_on, f.issuer) for f in found]
    [(5, 56, 'nghị quyết', '76/NQ-CP', '15/7/2021', 'Chính phủ')]
    >>> [(f.type, f.number) for f in find_references(0, "Nghị định 107, 108/2020/NĐ- CP", load_patterns())]
    [('nghị định', '107/2020/NĐ-CP'), ('nghị định', '108/2020/NĐ-CP')]
    """
    if "/" not in text:
        return ()
    found: list[ReferenceFinding] = []
    folded = ""
    for match in patterns.rule("reference.number").finditer(text):
        folded = folded or fold(text)
        after = found[-1].end if found else 0
        naming = _find_naming(match, text, folded, after, patterns) if _is_free(match, text, after) else None
        if naming:
            found += _mention(index, naming, match, _find_origin(text, folded, match.end(), patterns))
    return tuple(found)


def find_short_references(
    index: int, text: str, full: Sequence[ReferenceFinding], patterns: Patterns
) -> tuple[ReferenceFinding, ...]:
    """Documents named by type and bare number in the passage, outside of the mentions in `full`.

    Whether such words name a document at all is known only from the whole plan: they count where it names the document
    in full, or where they say who issued it.

    >>> from cchc_extract.patterns import load_patterns
    >>> found = find_short_references(0, "theo Nghị quyết 76 của Chính phủ", (), load_patterns())
    >>> [(f.start, f.end, f.type, f.number, f.issuer) for f in found]
    [(5, 32, 'nghị quyết', '76', 'Chính phủ')]
    """
    folded = fold(text)
    found: list[ReferenceFinding] = []
    for match in patterns.rule("reference.short").finditer(folded):
        if not any(mention.start < match.end() and match.start() < mention.end for mention in full):
            origin = _find_origin(text, folded, match.end(), patterns)
            day, issuer = origin.issued_on, origin.issuer
            found.append(
                ReferenceFinding(index, match.start(), origin.end, match["type"], match["digits"], day, issuer)
            )
    return tuple(found)


def _is_free(match: Match[str], text: str, after: int) -> bool:
    """Whether a number begins here, and not within a longer one or in the mention before."""
    before = text[match.start() - 1 : match.start()]
    return match.start() >= after and not before.isalnum() and before not in ("/", ".", "-", "_")


def _find_naming(match: Match[str], text: str, folded: str, after: int, patterns: Patterns) -> _Naming | None:
    low = max(after, match.start() - _WINDOW)
    before = folded[low : match.start()]
    named = patterns.rule("reference.before").search(before)
    if named:
        return _Naming(low + named.start(), named["type"], _also(named))
    if patterns.rule("reference.form").search(before):
        return None
    law = patterns.rule("reference.law").search(text[low : match.start()])
    if law:
        return _Naming(low + law.start(), fold(law["type"]))
    kind = _kinds(patterns).get(match["kind"].translate(_LOOK_ALIKES))
    if kind is None:
        return None
    listed = patterns.rule("reference.list").search(before)
    return _Naming(low + listed.start(), kind, _also(listed)) if listed else _Naming(match.start(), kind)


@lru_cache(maxsize=4)
def _kinds(patterns: Patterns) -> dict[str, str]:
    lists = patterns.word_lists.values()
    return {w: entry.value or "" for entry in lists if entry.id.startswith("reference.kind.") for w in entry.words}


def _also(match: Match[str]) -> tuple[str, ...]:
    tokens = match["also"].replace(",", " ").replace(";", " ").split()
    return tuple(token for token in tokens if token[0].isdigit())


def _find_origin(text: str, folded: str, at: int, patterns: Patterns) -> _Origin:
    dated = patterns.rule("reference.date").match(folded, at)
    end = dated.end() if dated else at
    issued = patterns.rule("reference.issuer").match(text, end)
    later = patterns.rule("reference.issued_later").match(folded, issued.end()) if issued and not dated else None
    day = dated or later
    return _Origin(
        issued_on=text[slice(*day.span("date"))] if day else None,
        issuer=issued["issuer"] if issued else None,
        end=max((match.end() for match in (dated, issued, later) if match), default=at),
    )


def _mention(index: int, naming: _Naming, match: Match[str], origin: _Origin) -> Iterator[ReferenceFinding]:
    for digits in (*naming.also, match["digits"]):
        number = "".join((digits + match["rest"]).split()).translate(_LOOK_ALIKES)
        yield ReferenceFinding(index, naming.start, origin.end, naming.type, number, origin.issued_on, origin.issuer)
