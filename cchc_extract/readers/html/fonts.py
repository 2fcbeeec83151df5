"""The words of a page in legacy and symbol fonts (.VnTime, VNI-Times, Wingdings) put in Unicode before it is read.

A page that was typed in such a font stores letters of its 8-bit encoding, often in a page whose other parts are in
Unicode; only the name of the font tells. It is named by <font face>, by a style, or by a rule of the style sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from cchc_extract.readers.element import Element
from cchc_extract.readers.fonts import CAPITALS, is_legacy, legacy_encoding, legacy_to_text, symbol_to_text
from cchc_extract.readers.html.content import BLOCKS

_SIGNS = "symbol|wingdings|webdings"
_NAMED = re.compile(
    rf"(?:face|font-family)\s{{0,9}}[=:][\s\"']{{0,9}}(?:&quot;)?(?:\.vn|vni[- ]|{_SIGNS})", re.IGNORECASE
)
_FAMILY = re.compile(r"(?:^|[;\s])font-family\s{0,9}:[\s\"']{0,9}([^\"',;]{1,60})", re.IGNORECASE)
_SIGN_FONT = re.compile(_SIGNS, re.IGNORECASE)
_SELECTOR = re.compile(r"\w*(?:\.[\w-]+)?")

_Sheet = Mapping[str, str]  # "p", ".MsoNormal", "p.MsoNormal" -> font


@dataclass(frozen=True, slots=True)
class _Place:
    """Where words stand: the text of an element, or what follows it; the paragraph they are part of."""

    element: Element
    is_tail: bool
    font: str
    paragraph: int

    @property
    def words(self) -> str:
        return (self.element.tail if self.is_tail else self.element.text) or ""


def mend_fonts(body: Element, page: str, in_unicode: bool) -> None:
    """Changes the elements' words in place; a page that names no such font is left alone at once.

    `in_unicode`: the page was decoded from such an encoding as a whole; what is left to do is to draw its capitals.
    """
    if not _NAMED.search(page):
        return
    places = _find_places(body, _read_sheets(body))
    for (font, _), group in groupby(places, key=lambda place: (place.font, place.paragraph)):
        if font:
            _mend(list(group), font, in_unicode)


def _mend(run: Sequence[_Place], font: str, in_unicode: bool) -> None:
    """Neighbouring words of a paragraph in one font: what they are is judged together."""
    encoding = legacy_encoding(font)
    stored = not in_unicode and is_legacy("".join(place.words for place in run), encoding)
    for place in run:
        if stored:
            _put(place, legacy_to_text(place.words, encoding))
        elif encoding == CAPITALS:
            _put(place, place.words.upper())
        elif _SIGN_FONT.match(font):
            _put(place, "".join(c if c.isspace() else symbol_to_text(font, ord(c)) for c in place.words))


def _put(place: _Place, words: str) -> None:
    if place.is_tail:
        place.element.tail = words
    else:
        place.element.text = words


def _find_places(body: Element, sheet: _Sheet) -> Iterator[_Place]:
    """All words in the order of the page. A stack of our own: pages may nest deeper than Python's."""
    paragraph = 0
    stack: list[tuple[Element, str, bool]] = [(body, "", False)]
    while stack:
        element, outer, is_tail = stack.pop()
        paragraph += element.tag in BLOCKS
        if is_tail:
            yield _Place(element, True, outer, paragraph)
            continue
        inner = _font(element, outer, sheet) if isinstance(element.tag, str) else ""
        yield _Place(element, False, inner, paragraph)
        for child in reversed(list(element)):
            stack += [(child, inner, True), (child, inner, False)]


def _font(element: Element, outer: str, sheet: _Sheet) -> str:
    """An element's own font, else that of what is around it."""
    style = _FAMILY.search(element.get("style") or "")
    font = style[1] if style else (element.get("face", "").split(",")[0] if element.tag == "font" else "")
    if not font and sheet:
        kind = element.get("class", "").partition(" ")[0]
        font = sheet.get(f"{element.tag}.{kind}") or sheet.get(f".{kind}") or sheet.get(element.tag, "")
    return font.strip(" '\"") or outer


def _read_sheets(body: Element) -> _Sheet:
    """The fonts that the page's style sheets name for kinds of elements and classes; other rules are not looked at."""
    page = body.getparent()
    fonts: dict[str, str] = {}
    for sheet in (body if page is None else page).iter("style"):
        for rule in (sheet.text or "").split("}"):
            selectors, _, style = rule.rpartition("{")
            family = _FAMILY.search(style)
            for selector in selectors.split(",") if family else ():
                if family and _SELECTOR.fullmatch(selector.strip()):
                    fonts[selector.strip()] = family[1]
    return fonts
