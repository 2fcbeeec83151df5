"""What a style says of words and numbers, with all it inherits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from cchc_extract.readers.docx.package import W
from cchc_extract.readers.element import Element

_VAL = f"{W}val"
_R_FONTS, _B, _VANISH, _VERTICAL = f"{W}rFonts", f"{W}b", f"{W}vanish", f"{W}vertAlign"
_OFF = frozenset({"0", "false", "off", "none"})
_DEPTH = 50  # styles that stand on each other


class Look(NamedTuple):
    """How a run is set, as far as it changes what is read."""

    bold: bool = False
    hidden: bool = False
    font: str = ""
    raised: bool = False


class Style(NamedTuple):
    """A paragraph style: the look of its runs, and the list (numId) and level that it numbers its paragraphs by."""

    look: Look = Look()
    list_id: str | None = None
    level: int | None = None
    is_contents: bool = False


@dataclass(frozen=True, slots=True)
class Styles:
    """All styles of a document by id. `default` is that of a paragraph that names none."""

    elements: Mapping[str, Element] = field(default_factory=dict)
    default: Style = field(default_factory=Style)
    default_id: str = ""
    made: dict[str, Style] = field(default_factory=dict)

    def paragraph(self, id: str | None) -> Style:
        """The style of a paragraph; an unknown id is the default style."""
        id = id or self.default_id
        if id not in self.elements:
            return self.default
        if id not in self.made:
            self.made[id] = self._make(id)
        return self.made[id]

    def with_character(self, id: str, look: Look) -> Look:
        """A look with a character style on it."""
        for element in self._chain(id):
            look = apply_properties(element.find(f"{W}rPr"), look)
        return look

    def list_styles(self) -> dict[str, str]:
        """List styles, with the list (numId) that each stands for."""
        found = ((id, read_list(e.find(f"{W}pPr/{W}numPr"))[0]) for id, e in self.elements.items())
        return {id: list_id for id, list_id in found if list_id is not None}

    def _chain(self, id: str) -> list[Element]:
        """The styles that one stands on, and itself, the lowest first."""
        chain: list[Element] = []
        while id in self.elements and len(chain) < _DEPTH:
            chain.insert(0, self.elements[id])
            id = _value(self.elements[id].find(f"{W}basedOn")) or ""
        return chain

    def _make(self, id: str) -> Style:
        style = self.default
        for element in self._chain(id):
            numbers = element.find(f"{W}pPr/{W}numPr")
            list_id, level = read_list(numbers)
            name = (_value(element.find(f"{W}name")) or "").lower()
            style = style._replace(
                look=apply_properties(element.find(f"{W}rPr"), style.look),
                list_id=list_id if list_id is not None else style.list_id,
                level=level if level is not None else style.level,
                is_contents=name.startswith("toc ") and name[4:].isdigit(),
            )
        return style


def read_styles(part: Element | None) -> Styles:
    """The styles part; None gives styles that say nothing."""
    if part is None:
        return Styles()
    elements = {element.get(f"{W}styleId", ""): element for element in part.iterfind(f"{W}style")}
    base = Style(apply_properties(part.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"), Look()))
    default = next(
        (id for id, e in elements.items() if e.get(f"{W}type") == "paragraph" and is_on(e.get(f"{W}default", "0"))), ""
    )
    return Styles(elements, base, default)


def apply_properties(properties: Element | None, look: Look) -> Look:
    """A look with a run's own properties on it; a character style that they name is left to the caller."""
    if properties is None:
        return look
    for element in properties:
        tag = element.tag
        if tag == _B:
            bold = is_on(element.get(_VAL))
            look = look if bold == look.bold else look._replace(bold=bold)
        elif tag == _VANISH:
            look = look._replace(hidden=is_on(element.get(_VAL)))
        elif tag == _R_FONTS:
            themed = element.get(f"{W}asciiTheme") or element.get(f"{W}hAnsiTheme")
            font = "" if themed else element.get(f"{W}ascii") or element.get(f"{W}hAnsi") or look.font
            look = look if font == look.font else look._replace(font=font)
        elif tag == _VERTICAL:
            look = look._replace(raised=element.get(_VAL) == "superscript")
    return look


def read_list(numbers: Element | None) -> tuple[str | None, int | None]:
    """The list and level that a numPr names."""
    if numbers is None:
        return None, None
    level = _value(numbers.find(f"{W}ilvl"))
    return _value(numbers.find(f"{W}numId")), int(level) if level and level.isdecimal() else None


def is_on(value: str | None) -> bool:
    """A switch: an element without a value is on.

    >>> is_on(None), is_on("1"), is_on("false")
    (True, True, False)
    """
    return value is None or value.lower() not in _OFF


def _value(element: Element | None) -> str | None:
    return None if element is None else element.get(_VAL)
