"""Names of bodies as canonical agencies: from a whole table cell, or where a sentence names who is to act.

A list of bodies is read from left to right; at each place the longest name the registry knows is taken. What it does
not know but what begins like the name of a body keeps its own words as id; all else is no agency.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from cchc_extract.model import Agency, Province
from cchc_extract.normalise.agency_lines import Line, Name, find_unread
from cchc_extract.normalise.agency_match import known_agency
from cchc_extract.normalise.agency_misread import may_begin
from cchc_extract.normalise.agency_names import TWO_WORDS, match_name
from cchc_extract.normalise.agency_words import Word, index_of, merge, plain, read_words, settle, walk
from cchc_extract.patterns import Patterns

_REACHES = (80, 240, 1500)  # letters that a list of bodies in a sentence may take: mostly, nearly always, at most
_HEADS = (80, 240)  # letters that tell of most texts that they are no list of bodies
_AHEAD = 6  # words behind a list that must be seen to know that it has ended ('và các cơ quan ...')
_LONGEST = 1000  # letters of a heading or a cell that is nothing but a list
_WORD = re.compile(r"\w+")
_CAPITAL = re.compile(r"\b[^\W\d_a-z]\w*")  # words that may begin with a capital: few do not
_MARKER = re.compile(r"\s*(?:[-–+•*]\s*|(?:\w{1,4}[.)]){1,4}\s*)?")
_PROSE_GAPS = frozenset(",/;")
_CELL_GAPS = frozenset(",/;-\n:!")
_ITEM_GAPS = frozenset(";\n:!")
_SPACES = frozenset(" \n")


class Reading(NamedTuple):
    """What a cell says: its agencies in their order, each id once, and its words that name none and are no filler."""

    agencies: tuple[Agency, ...]
    unread: tuple[str, ...]


def read_agencies(text: str, patterns: Patterns) -> Reading:
    """The agencies of a whole cell or label value, and the words of it that could not be told for one.

    >>> from cchc_extract.patterns import load_patterns
    >>> reading = read_agencies("Sở Nội vụ chủ trì; Sông Lam, UBND tỉnh", load_patterns())
    >>> [agency.id for agency in reading.agencies], reading.unread
    (['so-noi-vu', 'ubnd-tinh'], ('Sông Lam',))
    """
    return _read_short(text, patterns) if len(text) <= _LONGEST else _read_cell(text, patterns)


def parse_agencies(text: str, patterns: Patterns) -> tuple[Agency, ...]:
    """The agencies of a whole cell or label value in their order, each id once; () where it names none.

    >>> from cchc_extract.patterns import load_patterns
    >>> ids = lambda text: [agency.id for agency in parse_agencies(text, load_patterns())]
    >>> ids("Các Sở: Nội vụ, Kế hoạch và Đầu tư; VP UBND tỉnh")
    ['so-noi-vu', 'so-ke-hoach-va-dau-tu', 'van-phong-ubnd-tinh']
    >>> ids("Các sở, ban, ngành UBND cấp huyện, cấp xã và các cơ quan, đơn vị có liên quan")
    ['nhom-so-ban-nganh', 'nhom-ubnd-cap-huyen', 'nhom-ubnd-cap-xa', 'nhom-co-quan-don-vi']
    >>> ids("UBND thành phố Hà Nội"), ids("UBND thành phố Thái Nguyên")
    (['ubnd-tinh'], ['ubnd-thanh-pho-thai-nguyen'])
    >>> ids("các phòng Tài chính - Kế hoạch"), ids("Trong năm 2022"), ids("")
    (['phong-tai-chinh-ke-hoach'], [], [])
    """
    return read_agencies(text, patterns).agencies


def find_agencies_at(text: str, start: int, patterns: Patterns) -> tuple[tuple[Agency, ...], int]:
    """The longest list of agencies that begins exactly at `start` in a sentence, and where it ends in the text.

    ((), start) where none begins there.

    >>> from cchc_extract.patterns import load_patterns
    >>> text = "Sở Xây dựng, UBND thành phố Thái Nguyên nghiên cứu, tham mưu UBND tỉnh"
    >>> found, end = find_agencies_at(text, 0, load_patterns())
    >>> [agency.id for agency in found], text[:end]
    (['so-xay-dung', 'ubnd-thanh-pho-thai-nguyen'], 'Sở Xây dựng, UBND thành phố Thái Nguyên')
    >>> find_agencies_at(text, 40, load_patterns())
    ((), 40)
    """
    index = index_of(patterns)
    first = _WORD.match(text, start)
    if first is None or settle(first[0].lower()) not in index.openers:
        return (), start
    for reach in _REACHES:
        piece = plain(text[start : start + reach], index)
        line = Line(piece, merge(read_words(piece), index), index, prose=True)
        names, end = _read_list(line, 0)
        if end < len(line.words) - _AHEAD or len(piece) < reach:
            break
    if not names:
        return (), start
    return _once(names, patterns), start + line.words[end - 1].end


def is_agency_list(text: str, patterns: Patterns) -> bool:
    """Whether the text, but for its enumerator and notes in brackets, says nothing but who.

    >>> from cchc_extract.patterns import load_patterns
    >>> is_agency_list("1. Sở Nội vụ (Cơ quan thường trực)", load_patterns())
    True
    >>> is_agency_list("Sở Nội vụ chủ trì, tham mưu kế hoạch", load_patterns())
    False
    """
    return 1 < len(text) <= _LONGEST and _is_list(text, patterns)


def find_province(text: str, patterns: Patterns) -> Province | None:
    """The one province the text names, or None where it names none or several.

    A name with 'tỉnh' (or 'thành phố' for a city run by the centre) before it counts more than a bare one.

    >>> from cchc_extract.patterns import load_patterns
    >>> find_province("UBND tỉnh Yên Bái", load_patterns())
    Province(code='15', name='Yên Bái')
    >>> find_province("UBND tỉnh", load_patterns()) is None
    True
    """
    index = index_of(patterns)
    marked, bare = set[str](), set[str]()
    for match in _CAPITAL.finditer(text):
        if match[0][0].isupper() and settle(match[0].lower()) in index.provinces.steps:
            words = read_words(text, max(0, match.start() - 12), match.end() + 24)
            at = next(i for i, word in enumerate(words) if word.start == match.start())
            found = walk(index.provinces, words, at, None)
            if found and all(word.capital for word in words[at : found[1]]):
                (marked if _is_marked(words[:at], found[0], patterns) else bare).add(found[0])
    codes = marked or bare
    entry = patterns.provinces[codes.pop()] if len(codes) == 1 else None
    return Province(entry.code, entry.name) if entry else None


def _is_marked(before: list[Word], code: str, patterns: Patterns) -> bool:
    """Whether 'tỉnh', or 'thành phố' for a city run by the centre, is what ends `before`."""
    index = index_of(patterns)
    forms = merge(before, index)
    if not forms:
        return False
    city = forms[-1].form == index.values["city"] and code in index.cities
    return city or forms[-1].form == index.values["province"]


@lru_cache(maxsize=8192)
def _read_short(text: str, patterns: Patterns) -> Reading:
    return _read_cell(text, patterns)


def _read_cell(text: str, patterns: Patterns) -> Reading:
    index = index_of(patterns)
    line = Line(text, merge(read_words(plain(text, index)), index), index)
    names: list[Name] = []
    unread: list[str] = []
    i = open_ = 0  # behind `open_` nothing was read yet
    while i < len(line.words):
        begin = i = _skip_lead(line, i, "label")
        found, end = _read_list(line, i, names[-1].stem if names else ())
        names += found
        i = _next_boundary(line, max(end, i))
        if found:
            unread += find_unread(line, open_, begin)
            open_ = end
        if i < len(line.words) and _begins_item(line.words[i]):
            unread += find_unread(line, open_, i)
            open_ = i
    unread += find_unread(line, open_, len(line.words))
    unread += _of_other_provinces(names, patterns)
    return Reading(_once(names, patterns), tuple(dict.fromkeys(unread)))


def _begins_item(word: Word) -> bool:
    return word.gap in _ITEM_GAPS and (word.gap != "\n" or word.capital)


def _of_other_provinces(names: Iterable[Name], patterns: Patterns) -> Iterator[str]:
    """Bodies of one kind that several provinces have: only the first keeps its place in a list of ids."""
    first: dict[str | None, Agency] = {}
    for agency in (name.agency for name in names):
        before = first.setdefault(agency.id, agency)
        if agency.level == "province" and agency.text != before.text:
            places = [find_province(text, patterns) for text in (before.text, agency.text)]
            if all(places) and places[0] != places[1]:
                yield agency.text


@lru_cache(maxsize=8192)
def _is_list(text: str, patterns: Patterns) -> bool:
    index = index_of(patterns)
    marker = _MARKER.match(text)
    whole = plain(text[marker.end() if marker else 0 :], index)
    if not _may_name(whole, patterns):
        return False
    for reach in (*_HEADS, len(whole)):
        piece = whole[:reach]
        line = Line(piece, merge(read_words(piece), index), index)
        names, end = _read_list(line, _skip_lead(line, 0))
        if len(piece) == len(whole) or end < len(line.words) - _AHEAD:  # what ends before the piece does ends there
            break
    if not names or (len(names) == 1 and names[0].bare) or any(name.agency.kind == "unknown" for name in names):
        return False
    return len(piece) == len(whole) and (line.at("tail", end) or end) == len(line.words)


def _may_name(text: str, patterns: Patterns) -> bool:
    """Whether a list of bodies, or what leads in to it, may begin with the first word of a text: few texts do."""
    begun = TWO_WORDS.match(text)
    if begun is None:
        return False
    index, (first, second) = index_of(patterns), begun.groups()
    word = settle(first.lower())
    return (
        word in index.openers
        or word in index.lists["lead_in"].steps
        or may_begin(first.lower(), second.lower(), patterns)
    )


def _skip_lead(line: Line, i: int, *more: str) -> int:
    """Behind 'Đề nghị' and, in a cell, labels such as 'Chủ trì:'."""
    while i < len(line.words):
        after = next((end for name in ("lead_in", *more) if (end := line.at(name, i))), None)
        if after is None or match_name(line, i) is not None:
            break
        i = after
    return i


def _read_list(line: Line, i: int, stem: tuple[str, ...] = ()) -> tuple[list[Name], int]:
    """The names that follow one another from word `i`, and the word behind them."""
    names: list[Name] = []
    end = i
    while (name := match_name(line, i, stem)) is not None:
        if names and line.words[end].gap == ":":
            names.pop()  # 'Các Sở: Nội vụ, Tài chính' are these two, not all
        names.append(name)
        end = name.end
        following = _next_name(line, name)
        if following is None:
            break
        i, stem = following, name.stem or stem
        if line.words[end].gap == ":":
            stem = stem or line.index.inherit[:1]
    return names, end


def _next_name(line: Line, name: Name) -> int | None:
    """Where in a list the next name would have to begin."""
    end, words = name.end, line.words
    if end >= len(words):
        return None
    joined = line.at("and", end)
    if joined is not None:
        return joined
    gap = words[end].gap
    if gap == ":":
        return end if name.agency.kind == "group" else None
    if gap in (_PROSE_GAPS if line.prose else _CELL_GAPS):
        return end
    # a comma that was lost: 'Các sở, ban, ngành UBND cấp huyện'
    return end if gap in _SPACES and (words[end].capital or line.at("the", end)) else None


def _next_boundary(line: Line, i: int) -> int:
    """The next word from `i` on, but for the first, at which a name may begin."""
    start, i = i, max(i, 0)
    while i < len(line.words):
        joined = line.at("and", i)
        if joined is not None:
            return joined
        if i > start and line.words[i].gap in _CELL_GAPS:
            return i
        i += 1
    return i


def _once(names: Iterable[Name], patterns: Patterns) -> tuple[Agency, ...]:
    found: dict[str | None, Agency] = {}
    for name in names:
        found.setdefault(name.agency.id, name.agency)
    lost = patterns.word_lists["agency.lost_level"]
    bare = found.get(index_of(patterns).values["ubnd"])
    entry = patterns.agencies.get(lost.value or "")
    if bare and entry and any(id in found for id in lost.words):  # 'Sở, ban, ngành, UBND': those of the districts
        restored = known_agency(entry, bare.text, "variant")
        agencies = [restored if agency is bare else agency for agency in found.values()]
        return tuple({agency.id: agency for agency in agencies}.values())
    return tuple(found.values())
