"""The words of a text in the form in which names of bodies are compared, and the trees they are looked up in.

A name may be written in many ways: "Ủy ban nhân dân" or "UBND", "Văn hóa, Thể thao và Du lịch" or "VHTT&DL", "tỉnh Yên
Bái" or "tỉnh". Here each of them becomes the same words; what a list of names is made of is said in `agencies`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, chain
from typing import NamedTuple

from cchc_extract.patterns import Patterns, Words
from cchc_extract.vietnamese import fold

_WORD = re.compile(r"(\w+)")
_NOTE = re.compile(r"\([^()]*\)")
_DOT = re.compile(r"\.(?= ?[^\W\d_])")
_BULLET = re.compile(r"\n[ \t]*[-–—]|[;|+•*]|[.…]\s")
_QUOTES = "\"'“”‘’"
_SOFT = frozenset(" ,/-&\n")  # gaps that may stand inside a name
# The two places of a tone mark on the last two letters of a syllable: "hoà" is looked up as "hòa".
_TONED = ("oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ", "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy")
_TONES = {old[i : i + 2]: new[i : i + 2] for old, new in [_TONED] for i in range(0, len(old), 3)}
_PARTED = " ! "  # no phrase goes on behind this
_JOINS = 2  # words that only join, one after another, inside a name

_LISTS = ("and", "borrow", "filler", "head", "label", "lead_in", "link", "plural_head", "stop", "suffix", "tail", "the",
          "title", "weak_stop")  # fmt: skip


@dataclass(slots=True)
class Node:
    """One step of a tree of phrases; `value` is what the phrase that ends here stands for."""

    value: str | None = None
    steps: dict[str, Node] = field(default_factory=dict)

    def add(self, words: Iterable[str], value: str) -> None:
        """Enter a phrase; one that is there keeps its value."""
        node = self
        for word in words:
            step = node.steps.get(word)
            if step is None:
                step = node.steps[word] = Node(None, {})
            node = step
        if node.value is None:
            node.value = value


class Word(NamedTuple):
    """A word in the form for comparing, with its place, its case, and the kind of the gap before it.

    Gaps: ' ' space, ',' '/' '-' ':' themselves, '&' a sign inside a name, newline, ';' a new item, '!' anything else.
    """

    form: str
    start: int
    end: int
    gap: str
    capital: bool


class Index(NamedTuple):
    """The names of a set of patterns as trees (and as `phrases`), with the words that the grammar of lists needs."""

    forms: Node
    provinces: Node
    names: Node
    lists: dict[str, Node]
    patterns: Patterns
    values: Mapping[str, str]
    provincial: frozenset[str]
    levels: Mapping[str, str]
    cities: frozenset[str]
    of_city: frozenset[str]
    leads: frozenset[str]
    join: frozenset[str]
    dotted: frozenset[str]
    dotted_inside: frozenset[str]
    inherit: tuple[str, ...]
    generic: frozenset[str]
    headed: frozenset[str]
    starts: set[str]
    openers: set[str]
    phrases: list[tuple[tuple[str, ...], str]]

    def at(self, name: str, words: Sequence[Word], i: int) -> int | None:
        """Where the longest phrase of the list `name` that begins at `i` ends."""
        tree = self.lists[name]
        if i >= len(words) or (words[i].form not in tree.steps and words[i].form != self.values["city"]):
            return None  # so it is at nearly every word
        found = walk(tree, words, i, self)
        return found[1] if found else None


def settle(word: str) -> str:
    """With the tone mark where the old way of writing has it.

    >>> settle("hoà"), settle("thuỷ"), settle("quý"), settle("hoàn")
    ('hòa', 'thủy', 'quý', 'hoàn')
    """
    tail = _TONES.get(word[-2:])
    return word[:-2] + tail if tail and word[-3:-2] != "q" else word


@lru_cache(maxsize=1024)
def gap_kind(gap: str) -> str:
    """The kind of what stands between two words, as told at `Word`.

    >>> gap_kind(" "), gap_kind(", "), gap_kind(" - "), gap_kind(". - "), gap_kind("\\n+ ")
    (' ', ',', '-', ';', ';')
    """
    if _BULLET.search(gap):
        return ";"
    signs = {sign for sign in gap if not sign.isspace() and sign not in _QUOTES}
    if not signs:
        return "\n" if "\n" in gap else " "
    if not signs <= set(":,/-–—&."):
        return "!"
    kind = next((sign for sign in ":,/-" if sign in signs), None)
    return kind or ("-" if signs & set("–—") else "&")


def blank_notes(text: str) -> str:
    """Without what stands in brackets, at the same length.

    >>> blank_notes("Sở Nội vụ (thường trực), UBND")
    'Sở Nội vụ              , UBND'
    """
    return _NOTE.sub(lambda note: " " * len(note[0]), text) if "(" in text else text


def plain(text: str, index: Index) -> str:
    """Without notes in brackets and the dots of abbreviations ("S. Nội vụ", "TP.HCM"), at the same length."""
    text = blank_notes(text)
    for dot in _DOT.finditer(text):
        start = end = dot.start()
        while start and text[start - 1].isalnum():
            start -= 1
        word = text[start:end].lower()
        if word in index.dotted or (word in index.dotted_inside and text[max(start - 2, 0) : start - 1].isalnum()):
            text = f"{text[:end]} {text[end + 1 :]}"
    return text


def read_words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words of text[start:end], each as it is compared, before phrases are made one."""
    words: list[Word] = []
    new = tuple.__new__  # twice as fast as the call of a class that has names for its parts
    parts = _WORD.split(fold(text)[start:end])  # gaps and words in turn
    b = start
    for gap, form in zip(parts[::2], parts[1::2], strict=False):
        a = b + len(gap)
        b = a + len(form)
        if form[-2:] in _TONES:
            form = settle(form)
        kind = gap_kind(gap) if gap and gap != " " else " "
        words.append(new(Word, (form, a, b, kind, text[a].isupper())))
    return words


def walk(node: Node, words: Sequence[Word], i: int, index: Index | None) -> tuple[str, int] | None:
    """The value and the end of the longest phrase that begins at `i`; words that only join are passed over."""
    best: tuple[str, int] | None = None
    k, passed = i, 0
    while k < len(words):
        word = words[k]
        if k > i and word.gap not in _SOFT:
            break
        step = node.steps.get(word.form)
        if index is not None and word.form in index.provincial:
            step = _step_of_province(node, word, index, k == i)
        if step is not None:
            node, k, passed = step, k + 1, 0
            if node.value is not None:
                best = (node.value, k)
        elif index and k > i and word.form in index.join and passed < _JOINS:
            k, passed = k + 1, passed + 1
        else:
            break
    return best


def _step_of_province(node: Node, word: Word, index: Index, first: bool) -> Node | None:
    """What follows a node by 'tỉnh', or by 'thành phố': in a city run by the centre the same names stand with this
    for that."""
    province = index.values["province"]
    if word.gap == "," and not first and word.form == province:
        return None  # what a comma parts from 'tỉnh' is not the province's
    return node.steps.get(word.form) or node.steps.get(province)


def merge(words: Sequence[Word], index: Index) -> list[Word]:
    """The words with each phrase of the forms and each province's name made one."""
    merged: list[Word] = []
    forms, provinces, leads = index.forms.steps, index.provinces.steps, index.leads
    i = 0
    while i < len(words):
        head = words[i]
        found = _province(words, i, index) if head.form in provinces or head.form in leads else None
        if found is None and head.form in forms:
            found = _form(words, i, index)
        if found is None:  # most words begin no phrase
            merged.append(head)
            i += 1
            continue
        form, j = found
        if j > i + 1 or head.form != form:
            head = Word(form, head.start, words[j - 1].end, head.gap, head.capital)
        merged.append(head)
        i = j
    return merged


def _form(words: Sequence[Word], i: int, index: Index) -> tuple[str, int] | None:
    found = walk(index.forms, words, i, index)
    if found is None or found[0] not in index.levels:
        return found
    written = " ".join(word.form for word in words[i : found[1]])
    named = _is_named(words, found[1], index)
    if found[0] not in index.values.values():  # "TX" is a town only before its name
        return found if named else None
    # "huyện Văn Yên" is one district, "huyện" all of them
    return (written, found[1]) if written in index.levels and named else found


def _is_named(words: Sequence[Word], i: int, index: Index) -> bool:
    if i >= len(words) or not (words[i].capital or words[i].form.isdigit()):
        return False
    return words[i].gap == " " or (words[i].gap == "\n" and words[i].form not in index.starts)


def _province(words: Sequence[Word], i: int, index: Index) -> tuple[str, int] | None:
    """A province's name, with 'tỉnh' or, for a city run by the centre, 'thành phố' before it."""
    value = index.values
    k = i
    lead = walk(index.forms, words, i, index) if words[i].form in index.leads else None
    if lead and lead[0] in (value["province"], value["city"]):
        k = lead[1]
    if (
        k >= len(words)
        or words[k].form not in index.provinces.steps
        or not words[k].capital
        or (k > i and not _is_joined(words, k))
    ):
        return None
    found = walk(index.provinces, words, k, None)
    if found is None or not words[found[1] - 1].capital:
        return None
    of_city = lead[0] == value["city"] if k > i and lead else words[i - 1].form in index.of_city and i > 0
    if of_city and found[0] not in index.cities:
        return None
    return value["province"], found[1]


def _is_joined(words: Sequence[Word], k: int) -> bool:
    return words[k].gap in " \n&" or (words[k].gap == ";" and len(words[k - 1].form) <= 2)  # "TP. Hồ Chí Minh"


def phrase(text: str, index: Index) -> tuple[str, ...]:
    """A phrase of the pattern files as it is entered in a tree."""
    return phrases((text,), index)[0]


def phrases(texts: Sequence[str], index: Index) -> list[tuple[str, ...]]:
    """Phrases of the pattern files as they are entered in a tree."""
    return [tuple(form for form in forms if form not in index.join) for forms in _read_all(texts, index)]


def _read_all(texts: Sequence[str], index: Index | None) -> list[list[str]]:
    """The words of each text, made one where there is an index; read as one text, which is faster."""
    words = read_words(_PARTED.join(texts))
    ends = list(accumulate(len(text) + len(_PARTED) for text in texts))
    found: list[list[str]] = [[] for _ in texts]
    at = 0
    for word in merge(words, index) if index else words:
        while word.start >= ends[at]:
            at += 1
        found[at].append(word.form)
    return found


def _tree(named: Iterable[tuple[str, str]], index: Index | None = None) -> Node:
    """A tree of phrases, each with what it stands for."""
    pairs, tree = list(named), Node()
    for forms, (_, value) in zip(_read_all([text for text, _ in pairs], index), pairs, strict=True):
        tree.add(forms, value)
    return tree


@lru_cache(maxsize=4)
def index_of(patterns: Patterns) -> Index:
    """The trees of a set of patterns, built once."""
    index = _empty_index(patterns)
    for words in phrases(patterns.words("agency.not"), index):
        index.names.add(words, "")
    names = [(name, entry.id) for entry in patterns.agencies.values() for name in entry.names]
    for words, (_, id) in zip(phrases([name for name, _ in names], index), names, strict=True):
        index.phrases.append((words, id))
        index.names.add(words, id)
    for name in _LISTS:
        index.lists[name] = _tree(((text, name) for text in patterns.words(f"agency.{name}")), index)
    index.starts.update(index.names.steps, index.lists["head"].steps)
    index.openers.update(_openers(patterns, index))
    return index


def _openers(patterns: Patterns, index: Index) -> Iterable[str]:
    """The first words, as written, of all that may begin a list of bodies."""
    for form in _forms(patterns):
        if form.value in index.starts:
            yield from (settle(text.split()[0]) for text in form.words)
    for name in ("head", "plural_head", "the", "title"):
        yield from (settle(text.split()[0]) for text in patterns.words(f"agency.{name}"))
    yield from (start.split()[0] for start in index.starts)


def _empty_index(patterns: Patterns) -> Index:
    words = patterns.words
    entries = patterns.provinces.values()
    provinces = _tree((name, entry.code) for entry in entries for name in (entry.name, *entry.variants))
    cities = (walk(provinces, read_words(name), 0, None) for name in words("province.city"))
    values = {form.id.rpartition(".")[2]: form.value or "" for form in _word_lists(patterns, "agency.form.")}
    return Index(
        forms=_tree((text, form.value or "") for form in _forms(patterns) for text in form.words),
        provinces=provinces,
        names=Node(),
        lists={},
        patterns=patterns,
        values={"heads": patterns.word_lists["agency.title"].value or "", **values},
        provincial=frozenset((values["province"], values["city"])),
        levels={word: local.value or "" for local in _word_lists(patterns, "agency.local.") for word in local.words},
        cities=frozenset(found[0] for found in cities if found),
        of_city=frozenset(words("agency.of_city")),
        leads=frozenset(
            settle(text.split()[0].split(".")[0])
            for form in ("province", "city")
            for text in words(f"agency.form.{form}")
        ),
        join=frozenset(words("agency.join")),
        dotted=frozenset(words("agency.dotted")),
        dotted_inside=frozenset(words("agency.dotted_inside")),
        inherit=words("agency.inherit"),
        generic=frozenset(words("agency.generic")),
        headed=frozenset(words("agency.headed")),
        starts=set(),
        openers=set(),
        phrases=[],
    )


def _forms(patterns: Patterns) -> Iterable[Words]:
    return chain(_word_lists(patterns, "agency.form."), _word_lists(patterns, "agency.short."))


def _word_lists(patterns: Patterns, prefix: str) -> Iterable[Words]:
    return (words for id, words in patterns.word_lists.items() if id.startswith(prefix))
