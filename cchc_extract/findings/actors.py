"""Who a sentence or a heading tells to do something, and with whom."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from cchc_extract.normalise.agencies import find_agencies_at, is_agency_list
from cchc_extract.patterns import Patterns, Rule
from cchc_extract.vietnamese import fold


def find_doers(text: str, patterns: Patterns) -> str | None:
    """The agencies that are the subject of a work's first sentence to name one, as written; None where none is.

    >>> from cchc_extract.patterns import load_patterns
    >>> find_doers("Sở Nội vụ chủ trì, phối hợp với Sở Tài chính tham mưu.", load_patterns())
    'Sở Nội vụ'
    >>> find_doers("Rà soát văn bản do Sở Tư pháp ban hành.", load_patterns()) is None
    True
    """
    opening = patterns.rule("actor.opening")
    subjects = (_subject(text, start, end, opening, patterns) for start, end in _sentences(text))
    return next((subject for subject in subjects if subject), None)


def find_named_leads(text: str, patterns: Patterns) -> str | None:
    """Those of whom a work says in passing that they lead it.

    >>> from cchc_extract.patterns import load_patterns
    >>> find_named_leads("Tổ chức tập huấn (Sở Tư pháp chủ trì; hoàn thành trong Quý II).", load_patterns())
    'Sở Tư pháp'
    """
    folded = fold(text)
    leads = patterns.rule("actor.leads")
    if not leads.search(folded):
        return None
    for place in patterns.rule("actor.inner_start").finditer(folded):
        found, stop = find_agencies_at(text, place.end(), patterns)
        if found and leads.match(folded, stop):
            return text[place.end() : stop].strip()
    return None


def find_directed(text: str, patterns: Patterns) -> str | None:
    """Those whom a work that begins "Chỉ đạo ..." has act.

    >>> from cchc_extract.patterns import load_patterns
    >>> find_directed("Chỉ đạo UBND cấp xã rà soát hồ sơ.", load_patterns())
    'UBND cấp xã'
    """
    directed = patterns.rule("actor.directed")
    return _subject(text, 0, len(text), directed, patterns) if directed.match(fold(text[:40])) else None


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        cut = text.find(". ", start)
        end = cut if cut >= 0 else len(text)
        yield start, end
        start = end + 2


def _subject(text: str, start: int, end: int, opening: Rule, patterns: Patterns) -> str | None:
    """The agencies at the head of text[start:end], past words that may open a sentence before its subject."""
    opened = opening.match(fold(text[start:end]))
    begin = start + opened.end() if opened else start
    found, stop = find_agencies_at(text, begin, patterns)
    if not found or stop > end or patterns.rule("actor.not_doer").match(fold(text[stop : stop + 40])):
        return None
    if start and not patterns.rule("actor.must").match(fold(text[stop : stop + 40])):
        return None  # later sentences name agencies for many reasons: only one told to act counts
    return text[begin:stop].strip()


def find_partners(text: str, patterns: Patterns) -> Iterator[str]:
    """The agencies named after "phối hợp với", as written, for every such phrase."""
    for match in patterns.rule("actor.with").finditer(fold(text)):
        found, stop = find_agencies_at(text, match.end(), patterns)
        if found:
            yield text[match.end() : stop].strip()


@lru_cache(maxsize=256)  # all works under a heading ask for the same
def find_heading_doers(titles: tuple[str, ...], patterns: Patterns) -> str | None:
    """The agencies that the nearest heading naming any puts in charge of what stands below it.

    A heading is nothing but agencies ("Sở Nội vụ", "Giao các sở ..."), or ends with those it gives orders to
    ("... chỉ đạo UBND các huyện").
    """
    for title in reversed(titles):
        if is_agency_list(title, patterns):
            return title
        orders = list(patterns.rule("actor.intro_directs").finditer(fold(title)))
        if orders:
            found, stop = find_agencies_at(title, orders[-1].end(), patterns)
            if found and not title[stop:].strip(" .:"):
                return title[orders[-1].end() : stop]
    return None
