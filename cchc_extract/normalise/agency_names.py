"""One name of a body at one place: known to the registry, a local body of a known kind, or unknown but like a body.

Everything here looks forward from a word of a line and says what begins there and where it ends, or None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cchc_extract.model import Agency
from cchc_extract.normalise.agency_misread import nearest_id
from cchc_extract.normalise.agency_words import Index, Node, Word, walk
from cchc_extract.patterns import AgencyEntry
from cchc_extract.vietnamese import slug

_LONGEST = 16  # words: what is longer is a sentence, no name
_FIRM = 3  # words of an unknown name that a verb that also stands in names does not end
_WITHIN = " -&\n"


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


def match_name(line: Line, i: int, stem: tuple[str, ...] = (), headed: bool = False) -> Name | None:
    """The longest name that begins at word `i`; `stem` is what the names before it let it leave out.

    `headed`: a title stands before it, so that no other is looked for.
    """
    if i >= len(line.words):
        return None
    inner = line.at("the", i) or i
    plural = inner > i and line.at("plural_head", inner)
    hit = _entry_at(line, inner, stem)
    if hit and hit[0]:
        return _known(line, i, inner, hit) or _other(line, i, inner, line.at("head", inner) or inner + 1)
    if not headed and (title := line.at("title", inner)) and (name := _headed(line, i, title)):
        return name
    head = plural or (line.at("head", inner) if hit is None else None)
    if head:
        return _other(line, i, inner, head)
    return _misread(line, i, inner) if hit is None and not stem else None


def begins_name(line: Line, i: int) -> bool:
    """Whether a name, known or not, begins at word `i`."""
    hit = walk(line.index.names, line.words, i, line.index)
    return bool(hit[0]) if hit else line.at("head", i) is not None or line.at("the", i) is not None


def _entry_at(line: Line, i: int, stem: tuple[str, ...]) -> tuple[str, int] | None:
    """The id and the end of the registered name at `i`; the id is '' where the words are known to be no name."""
    if i >= len(line.words):
        return None
    hit = walk(line.index.names, line.words, i, line.index)
    borrowed = _borrowed(line, i, hit)
    if borrowed or hit or not stem:
        return borrowed or hit
    word = line.words[i]
    if line.prose and not word.capital and word.form not in line.index.levels:
        return None
    node = _follow(line.index.names, stem)
    found = walk(node, line.words, i, line.index) if node else None
    return found if found and found[0] else None


def _follow(node: Node | None, path: Sequence[str]) -> Node | None:
    for step in path:
        node = node.steps.get(step) if node else None
    return node


def _borrowed(line: Line, i: int, hit: tuple[str, int] | None) -> tuple[str, int] | None:
    """'HĐND, UBND cấp huyện': the council is that of the committee's level."""
    k = line.at("borrow", i)
    if k is None or (hit and hit[1] > k) or k >= len(line.words):
        return None
    then = line.at("and", k) or k
    if then + 1 >= len(line.words) or line.words[then].form != line.index.values["ubnd"]:
        return None
    node = _follow(line.index.names, [word.form for word in line.words[i:k]])
    found = walk(node, line.words, then + 1, line.index) if node else None
    return (found[0], k) if found and found[0] else None


def _known(line: Line, i: int, inner: int, hit: tuple[str, int]) -> Name | None:
    """The registered name, unless the words behind it make it another body's."""
    entry, end = line.index.patterns.agencies[hit[0]], hit[1]
    city = line.words[end - 1].form == line.index.values["city"]
    if entry.kind != "group" and (local := _local(line, i, end - city)):
        return local
    after = _skip_suffixes(line, end)
    if _goes_on(line, i, end, after):
        return None
    words = [word.form for word in line.words[inner:end]]
    agency = Agency(entry.id, entry.name, line.written(i, after), entry.kind, entry.level or None)
    return Name(agency, after, _stem(words, line.index), bare=inner == i and after == end and _is_generic(line, i, end))


def _goes_on(line: Line, i: int, end: int, after: int) -> bool:
    """Whether the name is longer than what is known of it."""
    inner = line.at("the", i) or i
    if after >= len(line.words) or line.words[after].gap not in " -" or line.at("and", after):
        return False
    word, generic = line.words[after], after == end and _is_generic(line, inner, end)
    if not (word.capital or word.form.isdigit()):
        return generic and word.gap == " " and not _stops(line, after, _FIRM)
    named = walk(line.index.names, line.words, after, line.index) is not None or begins_name(line, after)
    if named:
        return generic and word.gap == " " and line.at("the", i) is None
    return not line.text.isupper()


def _is_generic(line: Line, i: int, end: int) -> bool:
    return " ".join(word.form for word in line.words[i:end]) in line.index.generic


def _stem(words: Sequence[str], index: Index) -> tuple[str, ...]:
    words = [word for word in words if word not in index.join]
    if len(words) > 1 and words[-1] in index.levels:
        return tuple(words[:-1])
    return (words[0],) if words and words[0] in index.inherit else ()


def _skip_suffixes(line: Line, end: int) -> int:
    """Behind all that may follow a name without changing whom it means."""
    gaps = " \n"
    while end < len(line.words):
        word, after = line.words[end], None
        if word.gap in " \n":
            after = _linked(line, end) or line.at("suffix", end)
        if after is None and word.form in line.index.levels and word.gap in gaps:
            after, gaps = _local_end(line, end), " \n,"  # 'cấp huyện, cấp xã'
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


def _local_end(line: Line, i: int) -> int | None:
    """Behind 'huyện Văn Yên' or 'cấp huyện' at `i`."""
    if i >= len(line.words) or line.words[i].form not in line.index.levels or line.words[i].gap not in " \n,":
        return None
    k = i + 1
    while line.adjoins(k) and (line.words[k].capital or line.words[k].form.isdigit()) and not begins_name(line, k):
        k += 1
    return k if k > i + 1 or line.words[i].form != line.index.values["city"] else None


def _local(line: Line, i: int, k: int) -> Name | None:
    """The body of a district or a commune: what begins at `i` and stands before 'huyện Văn Yên' or 'cấp xã' at `k`."""
    end = _local_end(line, k) if k < len(line.words) and line.words[k].gap in " \n" else None
    if end is None:
        return None
    words, index = line.words, line.index
    text = line.written(i, end)
    inner = line.at("the", i) or i
    named = end > k + 1
    agency = Agency(
        slug(line.written(inner, end)), text if named else None, text, "agency" if named else "group",
        index.levels[words[k].form],
    )  # fmt: skip
    return Name(agency, end, tuple(word.form for word in words[inner:k]))


def _headed(line: Line, i: int, k: int) -> Name | None:
    """The head of a body, or the heads of a group, whose title ends before `k`."""
    name = match_name(line, k, headed=True)
    if name is None or name.agency.kind == "person":
        return None
    index = line.index
    entry = index.patterns.agencies.get(index.values["heads"])
    if name.agency.id not in index.headed or entry is None:
        text = line.written(i, name.end)
        return Name(Agency(slug(text), text, text, "person", name.agency.level), name.end)
    end = name.end
    while end < len(line.words) and line.words[end].gap in " ,/":
        following = match_name(line, line.at("and", end) or end, headed=True)
        if following is None or following.agency.id not in index.headed:
            break
        end = following.end
    return Name(_agency(entry, line.written(i, end)), end)


def _agency(entry: AgencyEntry, text: str) -> Agency:
    return Agency(entry.id, entry.name, text, entry.kind, entry.level or None)


def _other(line: Line, i: int, inner: int, head: int) -> Name | None:
    """What begins like a body, up to `head`, and is not as it stands in the registry."""
    return _local(line, i, head) or _misread(line, i, inner) or _unknown(line, i, inner, head)


def _unknown(line: Line, i: int, inner: int, head: int) -> Name | None:
    """A body that the registry does not know: its words to the end of its name are its id."""
    if line.prose and inner == i and not line.words[inner].capital:
        return None
    end = _name_end(line, head)
    while end > head and line.words[end - 1].form in line.index.join:
        end -= 1
    if end - inner > _LONGEST or (
        end == head and not (inner > i and head == inner + 1) and not _is_generic(line, inner, end)
    ):
        return None
    words, kind = line.words[inner:end], "group" if inner > i else "agency" if line.words[inner].capital else "unknown"
    name = line.written(inner, end) if end > inner + 1 else words[0].form
    agency = Agency(slug(name), None, line.written(i, end), kind, None)
    return Name(agency, end, _stem([words[0].form], line.index) if len(words) == 1 else (), bare=end == head)


def _name_end(line: Line, k: int) -> int:
    """Behind the last word of the unknown name whose first words end before `k`."""
    first, owned = k, False
    while k < len(line.words) and k - first <= _LONGEST:
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


def _misread(line: Line, i: int, inner: int) -> Name | None:
    """A registered name with a letter or two misread ('Bru điện tỉnh')."""
    if line.prose:
        return None
    end = inner
    while end < len(line.words) and end - inner < _LONGEST and (end == inner or line.words[end].gap in _WITHIN):
        end += 1
    words = tuple(word.form for word in line.words[inner:end] if word.form not in line.index.join)
    id = nearest_id(words, line.index.patterns)
    return Name(_agency(line.index.patterns.agencies[id], line.written(i, end)), end) if id else None
