"""Where a name ends on a line of words, and what belongs to it.

Everything here looks forward from a word and says where what begins there ends, or None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cchc_extract.model import Agency
from cchc_extract.normalise.agency_match import confidence, known_agency
from cchc_extract.normalise.agency_words import Index, Node, Word, read_words, walk
from cchc_extract.vietnamese import slug

LONGEST = 16  # words: what is longer is a sentence, no name
_FIRM = 3  # words of an unknown name that a verb that also stands in names does not end
_WITHIN = " -&\n"
_FILLERS = ("and", "label", "tail", "suffix", "filler")  # lists of words that may stand beside names


@dataclass(frozen=True, slots=True)
class Line:
    """A text, its words, the index; `prose`: a sentence goes on behind the names."""

    text: str
    words: Sequence[Word]
    index: Index
    prose: bool = False

    def at(self, name: str, i: int) -> int | None:
        return self.index.at(name, self.words, i)

    def adjoins(self, i: int) -> bool:
        """Whether the word at `i` follows the one before with no more than a space."""
        return i < len(self.words) and self.words[i].gap == " "

    def written(self, start: int, end: int) -> str:
        return " ".join(self.text[self.words[start].start : self.words[end - 1].end].split())


class Name(NamedTuple):
    """An agency, the word behind it, and what later names of the list may leave out ('Sở', 'UBND')."""

    agency: Agency
    end: int
    stem: tuple[str, ...] = ()
    bare: bool = False


def begins_name(line: Line, i: int) -> bool:
    """Whether a name, known or not, begins at word `i`."""
    hit = walk(line.index.names, line.words, i, line.index)
    return bool(hit[0]) if hit else line.at("head", i) is not None or line.at("the", i) is not None


def follow(node: Node | None, path: Sequence[str]) -> Node | None:
    for step in path:
        node = node.steps.get(step) if node else None
    return node


def is_generic(line: Line, i: int, end: int) -> bool:
    return " ".join(word.form for word in line.words[i:end]) in line.index.generic


def stem_of(words: Sequence[str], index: Index) -> tuple[str, ...]:
    words = [word for word in words if word not in index.join]
    if len(words) > 1 and words[-1] in index.levels:
        return tuple(words[:-1])
    return (words[0],) if words and words[0] in index.inherit else ()


def skip_suffixes(line: Line, end: int) -> int:
    """Behind all that may follow a name without changing whom it means."""
    gaps = " \n"
    while end < len(line.words):
        word, after = line.words[end], None
        if word.gap in " \n":
            after = _linked(line, end) or line.at("suffix", end)
        if after is None and word.form in line.index.levels and word.gap in gaps:
            after, gaps = local_end(line, end), " \n,"  # 'cấp huyện, cấp xã'
        if after is None:
            break
        end = after
    return end


def _linked(line: Line, i: int) -> int | None:
    """Behind 'thuộc UBND tỉnh' and the like."""
    k = line.at("link", i)
    if k is None or k >= len(line.words):
        return None
    hit = walk(line.index.names, line.words, line.at("the", k) or k, line.index)
    return hit[1] if hit and hit[0] else None


def local_end(line: Line, i: int) -> int | None:
    """Behind 'huyện Văn Yên' or 'cấp huyện' at `i`."""
    if i >= len(line.words) or line.words[i].form not in line.index.levels or line.words[i].gap not in " \n,":
        return None
    k = i + 1
    while line.adjoins(k) and (line.words[k].capital or line.words[k].form.isdigit()) and not begins_name(line, k):
        k += 1
    return k if k > i + 1 or line.words[i].form != line.index.values["city"] else None


def address_end(line: Line, i: int, level: str) -> int:
    """Behind the district and the province in which a place of `level` that is named before `i` lies: 'UBND xã Minh
    Tân, huyện Văn Yên, tỉnh Yên Bái'."""
    words, index, province = line.words, line.index, line.index.values["province"]
    if i < len(words) and words[i].gap == "," and level == "commune":
        after = local_end(line, i)
        i = after if after and after > i + 1 and index.levels[words[i].form] != level else i
    if i < len(words) and words[i].gap == "," and words[i].form == province:
        lead, _, name = line.written(i, i + 1).partition(" ")
        i += bool(name) and lead.lower() == province
    return i


def name_end(line: Line, k: int) -> int:
    """Behind the last word of the unknown name whose first words end before `k`."""
    first, owned = k, False
    while k < len(line.words) and k - first <= LONGEST:
        if line.words[k].gap not in _WITHIN and not _enumerates(line, k):
            break
        joined = line.at("and", k)
        if (joined and begins_name(line, joined)) or (line.words[k].gap in "-\n" and begins_name(line, k)):
            break
        if not (owned and not line.prose) and _stops(line, k, k - first):
            break
        owned = owned or line.at("link", k) is not None
        k += 1
    return k


def _stops(line: Line, k: int, behind: int) -> bool:
    """Whether a verb at `k` ends the name that `behind` words of it stand before."""
    if line.words[k].capital:
        return False
    weak = line.prose and behind >= _FIRM and line.at("weak_stop", k)
    return bool(weak) or line.at("stop", k) is not None


def _enumerates(line: Line, k: int) -> bool:
    """Whether a comma stands inside a name: 'Trung tâm Văn hóa, Thể thao và Truyền thông'."""
    if line.words[k].gap != "," or not line.words[k].capital or begins_name(line, k):
        return False
    for j in range(k + 1, min(k + 5, len(line.words))):
        after = line.at("and", j)
        if after:
            return after < len(line.words) and line.words[after].capital and not begins_name(line, after)
        if line.words[j].gap not in _WITHIN:
            return False
    return False


def goes_on(line: Line, i: int, end: int, after: int) -> bool:
    """Whether the name is longer than what is known of it."""
    inner = line.at("the", i) or i
    if after >= len(line.words) or line.words[after].gap not in " -" or line.at("and", after):
        return False
    word, generic = line.words[after], after == end and is_generic(line, inner, end)
    if not (word.capital or word.form.isdigit()):
        return generic and word.gap == " " and not _stops(line, after, _FIRM)
    named = walk(line.index.names, line.words, after, line.index) is not None or begins_name(line, after)
    if named:
        return generic and word.gap == " " and line.at("the", i) is None
    return not line.text.isupper()


def said(line: Line, i: int, end: int) -> str:
    """The words of a name, a province's own name left out: "UBND tỉnh Yên Bái" is "UBND tỉnh"."""
    province = line.index.values["province"]
    return " ".join(
        word.form if word.form == province else line.text[word.start : word.end] for word in line.words[i:end]
    )


def name_localities(line: Line, i: int, inner: int, stem: tuple[str, ...]) -> Name | None:
    """'các huyện, thị xã' and 'Thành phố Hồ Chí Minh' in a cell: those who govern them are meant.

    Behind a body whose part in each place is meant they are no others.
    """
    index = line.index
    if line.prose or (stem and stem[0] not in index.inherit):
        return None
    first = line.text[line.words[i].start : line.words[i].end].split()[0].lower()
    hit = walk(follow(index.names, [index.values["ubnd"]]) or index.names, line.words, inner, index)
    if hit and hit[0] and (inner > i or first in index.lists["the"].steps) and _is_place(line.words[hit[1] - 1], index):
        end = skip_suffixes(line, hit[1])
        entry = index.patterns.agencies[hit[0]]
        return Name(known_agency(entry, line.written(i, end), "variant"), end, bare=True)
    return _name_province(line, i) if not stem or _is_central(stem, index) else None


def _is_place(word: Word, index: Index) -> bool:
    return word.form in index.levels or word.form == index.values["provinces"]


def _is_central(stem: tuple[str, ...], index: Index) -> bool:
    node = follow(index.names, stem)
    entry = index.patterns.agencies.get(node.value or "") if node else None
    return entry is not None and entry.level == "central"


def _name_province(line: Line, i: int) -> Name | None:
    word = line.words[i]
    if word.form != line.index.values["province"]:
        return None
    index, text = line.index, line.written(i, i + 1)
    words = read_words(text)
    lead = walk(index.forms, words, 0, index)
    hit = walk(index.provinces, words, lead[1], None) if lead else None
    if lead is None or hit is None:
        return None
    name = f"{lead[0]} {index.patterns.provinces[hit[0]].name}"
    agency = Agency(slug(name), text, text, "agency", "province", "local", confidence("local"))
    return Name(agency, i + 1, bare=True)


def find_unread(line: Line, i: int, end: int) -> list[str]:
    """What from `i` to `end`, behind a name or between two, is no filler: a stretch of words, or none.

    A verb, and words in small letters right behind a name, begin what is said of the body: there only what looks like
    the subject of a sentence of its own ("... tại địa bàn Sở Xây dựng triển khai ...") is told.
    """
    k, said_of = i, 0 < i < end and line.adjoins(i) and not line.words[i].capital and not line.at("and", i)
    while k < end:
        after = next((after for name in _FILLERS if (after := line.at(name, k))), None)
        if after is None and not line.words[k].form.isdigit():
            break
        k = after or k + 1
    if k >= end:
        return []
    if said_of or _speaks(line, k):
        return _find_subjects(line, k, end)
    while line.words[end - 1].form in line.index.join:
        end -= 1
    return [line.written(k, end)] if end > k else []


def _speaks(line: Line, k: int) -> bool:
    """Whether a verb stands at `k`: one that also stands in names ('tổ chức, cá nhân') is none before a comma."""
    weak = line.at("weak_stop", k)
    return bool(line.at("stop", k)) or (weak is not None and (weak >= len(line.words) or line.words[weak].gap == " "))


def _find_subjects(line: Line, i: int, end: int) -> list[str]:
    """Registered names between `i` and `end` that a verb stands right behind."""
    found = []
    for k in range(i, end):
        hit = walk(line.index.names, line.words, k, line.index) if line.words[k].capital else None
        if hit and hit[0] and hit[1] < end and line.at("stop", hit[1]):
            found.append(line.written(k, hit[1]))
    return found
