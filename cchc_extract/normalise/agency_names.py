"""One name of a body at one place: known to the registry, a local body of a known kind, or unknown but like a body.

Everything here looks forward from a word of a line and says what begins there and where it ends, or None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from cchc_extract.model import Agency
from cchc_extract.normalise.agency_lines import (
    LONGEST,
    Line,
    Name,
    address_end,
    begins_name,
    follow,
    goes_on,
    is_generic,
    local_end,
    name_end,
    name_localities,
    said,
    skip_suffixes,
    stem_of,
)  # fmt: skip
from cchc_extract.normalise.agency_match import confidence, how_written, known_agency, misread_agency
from cchc_extract.normalise.agency_misread import MOST_SLIPS, Mended, may_begin, mend
from cchc_extract.normalise.agency_words import Index, merge, phrase, plain, walk
from cchc_extract.vietnamese import slug

_LONGEST_CELL = 1000  # letters: a longer one holds more than names, and is not searched for misread ones
_SHORT = 3  # letters of an abbreviation
TWO_WORDS = re.compile(r"\W*(\w+)\W*(\w*)")
_HARD = ";:!"  # gaps that end a name however it is written
_MARGIN = 0.55  # letters by which the nearest body must be nearer than any other
_LEAST_LETTERS = 5  # of a name that may be misread
_LEAST_ALONE = 7  # the same, where the name is a single word


def match_name(line: Line, i: int, stem: tuple[str, ...] = (), headed: bool = False) -> Name | None:
    """The longest name that begins at word `i`; `stem` is what the names before it let it leave out.

    `headed`: a title stands before it, so that no other is looked for.
    """
    if i >= len(line.words):
        return None
    inner = line.at("the", i) or i
    plural = inner > i and line.at("plural_head", inner)
    hit = _entry_at(line, inner, stem)
    title = None if headed else line.at("title", inner)
    if hit and hit[0] and not (title and title > hit[1]):
        name = _known(line, i, inner, hit)
        if name and (not stem or _entry_at(line, inner, ()) == hit):
            name = _longest(line, i, name)
        return name or _other(line, i, inner, line.at("head", inner) or inner + 1)
    if title and (name := _headed(line, i, title)):
        return name
    head = plural or (line.at("head", inner) if hit is None else None)
    if head:
        return _other(line, i, inner, head)
    if hit is None:
        if local := name_localities(line, i, inner, stem):
            return local
        return find_misread(line, i) or (find_misread(line, i, stem) if stem else None)
    return None


def _entry_at(line: Line, i: int, stem: tuple[str, ...]) -> tuple[str, int] | None:
    """The id and the end of the registered name at `i`; the id is '' where the words are known to be no name."""
    if i >= len(line.words):
        return None
    hit = walk(line.index.names, line.words, i, line.index)
    borrowed = _borrowed(line, i, hit)
    if borrowed or hit or not stem:
        return borrowed or (hit and _first_of(line, i, hit, ()))
    return _shortened(line, i, stem)


def _first_of(line: Line, i: int, hit: tuple[str, int], stem: tuple[str, ...]) -> tuple[str, int]:
    """The first of two bodies, where a comma parts them and a third one is called by both names: 'Sở Giao thông vận
    tải, Xây dựng' are two, 'Sở Giao thông vận tải - Xây dựng' is one. `stem` is what the first one leaves out."""
    entry = line.index.patterns.agencies.get(hit[0])
    for comma in range(i + 1, hit[1]):
        if line.words[comma].gap == "," and entry and "," not in entry.name:
            node = follow(line.index.names, stem)
            first = walk(node, line.words[:comma], i, line.index) if node else None
            heads = stem or stem_of([word.form for word in line.words[i:comma]], line.index)
            then = _shortened(line, comma, heads) if heads and first and first[1] == comma else None
            if first and then and then[1] >= hit[1]:
                return first
    return hit


def _shortened(line: Line, i: int, stem: tuple[str, ...]) -> tuple[str, int] | None:
    """The registered name that is `stem` and the words from `i` on."""
    word = line.words[i]
    if line.prose and not word.capital and word.form not in line.index.levels:
        return None
    if word.form == line.index.values["city"] and word.end - word.start > _SHORT:
        return None  # 'các sở, thành phố': no department, as in 'các Sở: NV, TP'
    node = follow(line.index.names, stem)
    found = walk(node, line.words, i, line.index) if node else None
    return _first_of(line, i, found, stem) if found and found[0] else None


def _borrowed(line: Line, i: int, hit: tuple[str, int] | None) -> tuple[str, int] | None:
    """'HĐND, UBND cấp huyện': the council is that of the committee's level."""
    k = line.at("borrow", i)
    if k is None or (hit and hit[1] > k) or k >= len(line.words):
        return None
    then = line.at("and", k) or k
    if then + 1 >= len(line.words) or line.words[then].form != line.index.values["ubnd"]:
        return None
    node = follow(line.index.names, [word.form for word in line.words[i:k]])
    level = line.at("the", then + 1) or then + 1
    found = walk(node, line.words, level, line.index) if node else None
    return (found[0], k) if found and found[0] else None


def _known(line: Line, i: int, inner: int, hit: tuple[str, int]) -> Name | None:
    """The registered name, unless the words behind it make it another body's."""
    entry, end = line.index.patterns.agencies[hit[0]], hit[1]
    city = line.words[end - 1].form == line.index.values["city"]
    if entry.kind != "group" and (local := _local(line, i, end - city)):
        return local
    after = skip_suffixes(line, end)
    if goes_on(line, i, end, after):
        return None
    words = [word.form for word in line.words[inner:end]]
    agency = known_agency(entry, line.written(i, after), how_written(said(line, inner, end), entry))
    if entry.kind == "person" and (title := line.at("title", inner)):
        headed = match_name(line, title, headed=True)
        agency = replace(agency, office=line.written(inner, title), of=_ids(headed.agency) if headed else ())
    return Name(
        agency, after, stem_of(words, line.index), bare=inner == i and after == end and is_generic(line, i, end)
    )


def _local(line: Line, i: int, k: int) -> Name | None:
    """The body of a district or a commune: what begins at `i` and stands before 'huyện Văn Yên' or 'cấp xã' at `k`."""
    end = local_end(line, k) if k < len(line.words) and line.words[k].gap in " \n" else None
    if end is None:
        return None
    words, index = line.words, line.index
    text = line.written(i, end)
    inner = line.at("the", i) or i
    named = end > k + 1
    hit = walk(index.names, words, inner, index)
    whole = k == inner + 1 and words[inner].form in index.values.values()  # 'UBND'
    match = "local" if whole or (hit and hit[0] and hit[1] >= k) else None
    agency = Agency(
        _local_id(line, inner, end, named), text if named else None, text, "agency" if named else "group",
        index.levels[words[k].form], match, confidence(match) if match else None,
    )  # fmt: skip
    if named:
        end = address_end(line, end, index.levels[words[k].form])
    return Name(agency, end, tuple(word.form for word in words[inner:k]))


def _local_id(line: Line, i: int, end: int, named: bool) -> str:
    """The slug of what is written; of one place's body with the committee and the kind of place in full."""
    spelled = {*line.index.levels, line.index.values["ubnd"]} if named else ()
    words = line.words[i:end]
    return slug(" ".join(w.form if w.form in spelled else line.text[w.start : w.end] for w in words))


def _headed(line: Line, i: int, k: int) -> Name | None:
    """The head of a body, or the heads of a group, whose title ends before `k`."""
    inner = line.at("the", i) or i
    name = match_name(line, k, headed=True) if k < len(line.words) and line.words[k].gap in " \n" else None
    if name is None and k > inner + 1:  # a "Trưởng phòng Nội vụ" heads the "Phòng Nội vụ"
        name = match_name(line, inner + 1, headed=True)
    if name is None or name.agency.kind == "person" or name.end <= k:
        return None
    index = line.index
    entry = index.patterns.agencies.get(index.values["heads"])
    office = line.written(inner, k)
    if name.agency.id not in index.headed or entry is None:
        return _head_of(line, i, k, name)
    end, of = name.end, _ids(name.agency)
    while end < len(line.words) and line.words[end].gap in " ,/":
        following = match_name(line, line.at("and", end) or end, headed=True)
        if following is None or following.agency.id not in index.headed:
            break
        end, of = following.end, (*of, *_ids(following.agency))
    heads = known_agency(entry, line.written(i, end), "variant")
    return Name(replace(heads, office=office, of=tuple(dict.fromkeys(of))), end)


def _head_of(line: Line, i: int, k: int, body: Name) -> Name:
    """The one whose title stands from `i` to `k` and who heads `body`."""
    inner = line.at("the", i) or i
    office, text = line.written(inner, k), line.written(i, body.end)
    if body.agency.match == "fuzzy":
        whole = find_misread(line, i)  # a person that the registry has
        if whole and whole.agency.kind == "person":
            return whole._replace(agency=replace(whole.agency, office=office, of=_ids(body.agency)))
    own = match_name(line, inner + 1, headed=True)  # a "Chánh Văn phòng" heads the office, not whose it is
    led, first = body.agency, k
    if own and own.agency.match and own.end == body.end:
        led, first = own.agency, inner + 1
    named = led.name if led.name and led.match in ("fuzzy", "abbreviation") else line.written(first, body.end)
    id = slug(" ".join((*(word.form for word in line.words[inner:first]), named)))
    name = f"{line.written(inner, first)} {named}" if led.match == "fuzzy" else text
    head = replace(body.agency, id=id, name=name, text=text, kind="person", office=office, of=_ids(led))
    return Name(head, body.end)


def _ids(agency: Agency) -> tuple[str, ...]:
    return (agency.id,) if agency.id else ()


def _other(line: Line, i: int, inner: int, head: int) -> Name | None:
    """What begins like a body, up to `head`, and is not as it stands in the registry."""
    return _local(line, i, head) or find_misread(line, i) or _unknown(line, i, inner, head)


def _unknown(line: Line, i: int, inner: int, head: int) -> Name | None:
    """A body that the registry does not know: its words to the end of its name are its id."""
    if line.prose and inner == i and not line.words[inner].capital:
        return None
    end = name_end(line, head)
    while end > head and line.words[end - 1].form in line.index.join:
        end -= 1
    if end - inner > LONGEST or (
        end == head and not (inner > i and head == inner + 1) and not is_generic(line, inner, end)
    ):
        return None
    words, kind = line.words[inner:end], "group" if inner > i else "agency" if line.words[inner].capital else "unknown"
    name = line.written(inner, end) if end > inner + 1 else words[0].form
    agency = Agency(slug(name), None, line.written(i, end), kind, None)
    return Name(agency, end, stem_of([words[0].form], line.index) if len(words) == 1 else (), bare=end == head)


def find_misread(line: Line, i: int, stem: tuple[str, ...] = (), behind: int = 0) -> Name | None:
    """A registered name with a letter or two misread ('Bru điện tỉnh'), unless another body's is nearly as near.

    It must end behind the place `behind` in the text.
    """
    if line.prose or len(line.text) > _LONGEST_CELL:
        return None
    stop = i + 1
    while stop < len(line.words) and stop - i < LONGEST and line.words[stop].gap not in _HARD:
        stop += 1
    start = line.words[i].start
    piece = plain(line.text[start : line.words[stop - 1].end], line.index)
    begun = TWO_WORDS.match(piece)
    if not stem and not (begun and may_begin(begun[1].lower(), begun[2].lower(), line.index.patterns)):
        return None
    nearest: dict[str, tuple[float, int]] = {}  # by id: slips, and the end, less of which is more
    for mended in mend(piece, stem, line.index.patterns):
        id, slips, end = _meant(piece, mended, line.index)
        if id and start + end > behind:
            nearest[id] = min(nearest.get(id, (MOST_SLIPS, 0)), (slips, -start - end))
    return _nearest(line, i, nearest)


def _meant(piece: str, mended: Mended, index: Index) -> tuple[str | None, float, int]:
    """The id of the registered name that mended words begin with, its slips, and where it ends; '' where none does."""
    line = Line(piece, merge([part.word for part in mended], index), index)
    inner = line.at("the", 0) or 0
    hit = walk(index.names, line.words, inner, index)
    name = _known(line, 0, inner, hit) if hit and hit[0] else None
    id = name.agency.id if name else None
    if hit is None or name is None or id not in index.patterns.agencies:
        return "", 0.0, 0
    first, last = line.words[inner].start, line.words[hit[1] - 1].end
    named = [part.word.form for part in mended if first <= part.word.start < last and part.word.end]
    if sum(map(len, named)) < (_LEAST_LETTERS if len(named) > 1 else _LEAST_ALONE):
        return "", 0.0, 0
    if not _may_end(line, name.end):
        return "", 0.0, 0
    end = line.words[name.end - 1].end
    slips = sum(part.slips for part in mended if part.word.start < end)
    return (id, slips, end) if slips else ("", 0.0, 0)


def _may_end(line: Line, i: int) -> bool:
    """Whether a name that was mended may end before word `i`: what goes on with words of its own is another name."""
    if i >= len(line.words) or line.words[i].gap not in " -" or begins_name(line, i):
        return True
    return any(line.at(name, i) for name in ("and", "tail", "stop", "weak_stop"))


def _nearest(line: Line, i: int, nearest: Mapping[str, tuple[float, int]]) -> Name | None:
    """The body that the fewest slips lead to, unless another one that as many words name is nearly as near."""
    if not nearest:
        return None
    id, (slips, stop) = min(nearest.items(), key=lambda item: item[1])
    if any(other != id and end <= stop and more - slips < _MARGIN for other, (more, end) in nearest.items()):
        return None
    end = next((k for k in range(i, len(line.words)) if line.words[k].start >= -stop), len(line.words))
    entry = line.index.patterns.agencies[id]
    stem = stem_of(phrase(entry.name, line.index), line.index)
    return Name(misread_agency(entry, line.written(i, end), slips), end, stem)


def _longest(line: Line, i: int, name: Name) -> Name | None:
    """The name, or a longer one, misread in its later words, that it is the beginning of; None where it is doubtful."""
    end = name.end
    if line.prose or end >= len(line.words) or line.words[end].gap in _HARD:
        return name
    joined = line.at("and", end)
    then = joined or end
    if then >= len(line.words) or line.at("tail", then) or line.at("stop", then):
        return name
    parted = line.words[end].gap != "-" and not any(line.at("link", k) == end for k in range(max(i, end - 3), end))
    if parted and (begins_name(line, then) or _entry_at(line, then, name.stem)):
        return name
    longer = find_misread(line, i, behind=line.words[end].start)
    if longer or not joined or not line.words[joined].capital or find_misread(line, joined):
        return longer or name
    words = [word.form for word in line.words[line.at("the", i) or i : end] if word.form not in line.index.join]
    node = follow(line.index.names, words)
    return None if node and node.steps else name  # 'Sở Văn hóa và Thể thao và D': not the body that ends before 'và'
