"""The numbers that Word shows and does not store: numbering.xml, counted through the document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from cchc_extract.readers.docx.package import W
from cchc_extract.readers.docx.styles import is_on
from cchc_extract.readers.element import Element
from cchc_extract.readers.numerals import bullet_to_text, format_number

_VAL = f"{W}val"
_PLACE = re.compile(r"%([1-9])")


class Level(NamedTuple):
    """How one level of a list is numbered. `restart`: the level (1-based) that starts it again, 0 for none."""

    format: str = "decimal"
    text: str = ""
    start: int = 1
    restart: int | None = None
    legal: bool = False
    space: str = " "


class List(NamedTuple):
    """A list as paragraphs name it. Lists with one `root` go on counting from each other."""

    root: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int]


@dataclass(slots=True)
class Numbering:
    """The lists of a document, and how far each has counted."""

    lists: Mapping[str, List] = field(default_factory=dict)
    by_style: Mapping[tuple[str, str], int] = field(default_factory=dict)  # list and style id -> level
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def next_number(self, list_id: str, level: int) -> str:
        """Count a paragraph of a list; what Word shows before it, with the space behind ("1.2. ", "- ").

        An unknown list, or one without numbers, shows nothing.
        """
        found = self.lists.get(list_id)
        if found is None or level not in found.levels:
            return ""
        counts = self.counts.setdefault(found.root, {})
        self._count(list_id, found, level, counts)
        words = level_to_text(level, found.levels, counts)
        return words + found.levels[level].space if words else ""

    def _count(self, list_id: str, found: List, level: int, counts: dict[int, int]) -> None:
        for deeper in [n for n in counts if n > level]:
            restart = found.levels[deeper].restart if deeper in found.levels else None
            if restart is None or level < restart:  # 0: never
                del counts[deeper]
        again = level in found.starts and (list_id, level) not in self.begun
        self.begun.add((list_id, level))
        if again:
            counts[level] = found.starts[level]
        else:
            counts[level] = counts[level] + 1 if level in counts else found.levels[level].start


def level_to_text(level: int, levels: Mapping[int, Level], counts: Mapping[int, int]) -> str:
    """The number of a level with those above it, as the level's own text sets them.

    >>> levels = {0: Level("upperRoman", "%1."), 1: Level("decimal", "%1.%2.", legal=True), 2: Level(text="(%3)")}
    >>> [level_to_text(n, levels, {0: 2, 1: 3, 2: 5}) for n in range(3)]
    ['II.', '2.3.', '(5)']
    """
    own = levels[level]
    if own.format == "bullet":
        return bullet_to_text(own.text, level)

    def put(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        shown = levels.get(at, Level())
        number = counts.get(at, shown.start)
        return format_number(number, "decimal" if own.legal and shown.format != "decimalZero" else shown.format)

    return _PLACE.sub(put, own.text).strip()


# --- numbering.xml ------------------------------------------------------------------------------------------------


def read_numbering(part: Element | None, list_styles: Mapping[str, str]) -> Numbering:
    """The lists of a document. `list_styles`: list style id -> the list (numId) that it stands for."""
    if part is None:
        return Numbering()
    roots = {e.get(f"{W}abstractNumId", ""): e for e in part.iterfind(f"{W}abstractNum")}
    named = {e.get(f"{W}numId", ""): e for e in part.iterfind(f"{W}num")}
    lists: dict[str, List] = {}
    by_style: dict[tuple[str, str], int] = {}
    for id, element in named.items():
        root = _root(element, roots, named, list_styles)
        if root is None:
            continue
        levels, styles = _read_levels(roots[root])
        starts: dict[int, int] = {}
        for override in element.iterfind(f"{W}lvlOverride"):
            _override(override, levels, starts)
        lists[id] = List(root, levels, starts)
        by_style.update({(id, style): level for style, level in styles.items()})
    return Numbering(lists, by_style)


def _root(
    element: Element, roots: Mapping[str, Element], named: Mapping[str, Element], list_styles: Mapping[str, str]
) -> str | None:
    """The id of the definition that a list counts by; one that only points to a list style leads to that style's."""
    for _ in range(10):
        id = _value(element, "abstractNumId") or ""
        if id not in roots:
            return None
        link = _value(roots[id], "numStyleLink")
        target = named.get(list_styles.get(link, "")) if link else None
        if target is None:
            return id
        element = target
    return None


def _read_levels(root: Element) -> tuple[dict[int, Level], dict[str, int]]:
    levels: dict[int, Level] = {}
    styles: dict[str, int] = {}
    for element in root.iterfind(f"{W}lvl"):
        at = _number(element.get(f"{W}ilvl"))
        if at is None or at > 8:
            continue
        levels[at] = _read_level(element)
        style = _value(element, "pStyle")
        if style:
            styles[style] = at
    return levels, styles


def _read_level(element: Element) -> Level:
    legal = element.find(f"{W}isLgl")
    start = _number(_value(element, "start"))
    form = element.find(f".//{W}numFmt")  # may stand inside alternatives
    return Level(
        format=(form.get(_VAL) if form is not None else None) or "decimal",
        text=_value(element, "lvlText") or "",
        start=1 if start is None else start,
        restart=_number(_value(element, "lvlRestart")),
        legal=legal is not None and is_on(legal.get(_VAL)),
        space="" if _value(element, "suff") == "nothing" else " ",
    )


def _override(override: Element, levels: dict[int, Level], starts: dict[int, int]) -> None:
    at = _number(override.get(f"{W}ilvl"))
    if at is None or at > 8:
        return
    own = override.find(f"{W}lvl")
    if own is not None:
        levels[at] = _read_level(own)
    start = _number(_value(override, "startOverride"))
    if start is not None:
        starts[at] = start
        levels[at] = levels.get(at, Level())._replace(start=start)


def _value(element: Element, name: str) -> str | None:
    found = element.find(f"{W}{name}")
    return None if found is None else found.get(_VAL)


def _number(value: str | None) -> int | None:
    return int(value) if value is not None and value.isdecimal() and len(value) < 10 else None
