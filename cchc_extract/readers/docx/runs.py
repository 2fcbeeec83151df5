"""A paragraph's runs -> its words, the notes it points to and the text boxes that hang on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from cchc_extract.readers.docx.package import W
from cchc_extract.readers.docx.styles import Look, Styles, apply_properties
from cchc_extract.readers.element import Element
from cchc_extract.readers.flow import Piece
from cchc_extract.readers.fonts import convert_legacy, legacy_encoding, symbol_to_text, with_signs
from cchc_extract.readers.markup import NOTE_SIGN

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
ALTERNATES = f"{_MC}AlternateContent"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_BOX = f"{W}txbxContent"
_RUN, _RUN_PROPERTIES, _TEXT, _SIGN, _FIELD = f"{W}r", f"{W}rPr", f"{W}t", f"{W}sym", f"{W}fldChar"
# Deleted or moved away, properties, field codes, the reading aid over a word, what a placeholder says.
_RUN_STYLE = f"{W}rStyle"
_DROPPED = frozenset(f"{W}{n}" for n in ("pPr", "del", "moveFrom", "sdtPr", "instrText", "delText", "rt", "rPr"))
_WRITTEN = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_HOLDERS = frozenset((f"{W}drawing", f"{W}pict", f"{W}object", ALTERNATES))


@dataclass(slots=True)
class Words:
    """What one paragraph holds. `notes`: part and id of each note; `boxes`: the contents of text boxes."""

    raw: list[tuple[str, bool, str]] = field(default_factory=list)  # words, bold, encoding of the font
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)

    @property
    def pieces(self) -> list[Piece]:
        if any(encoding for _, _, encoding in self.raw):
            return convert_legacy(self.raw)
        return [(words, bold) for words, bold, _ in self.raw]


@dataclass(slots=True)
class RunReader:
    """Reads paragraphs in order: a field may begin in one and end in another, and its code is not read."""

    styles: Styles
    open_fields: list[bool] = field(default_factory=list)  # of each open field, whether its code still goes on

    def read(self, paragraph: Element, look: Look) -> Words:
        words = Words()
        self._read_children(paragraph, look, words)
        return words

    def _read_children(self, node: Element, look: Look, words: Words) -> None:
        for child in node:
            tag = child.tag
            if tag == _RUN:
                self._read_run(child, look, words)
            elif tag == ALTERNATES:
                self._read_children(choose(child), look, words)
            elif tag == _MATH_TEXT:
                self._add(child.text or "", look, words)
            elif tag not in _DROPPED and len(child):
                self._read_children(child, look, words)

    def _read_run(self, run: Element, look: Look, words: Words) -> None:
        for child in run:
            tag = child.tag
            if tag == _RUN_PROPERTIES:
                look = self._look(child, look)
            elif tag == _TEXT:
                self._add(child.text or "", look, words)
            elif tag in _WRITTEN:
                self._add(_WRITTEN[tag], look, words)
            elif tag == _SIGN:
                self._add(_read_sign(child), look, words)
            elif tag == _FIELD:
                self._turn_field(child.get(f"{W}fldCharType"))
            elif tag in _NOTES and not look.hidden:
                words.notes.append((_NOTES[tag], child.get(f"{W}id", "")))
            elif tag in _HOLDERS and not look.hidden:
                words.boxes += _find_boxes(child)

    def _look(self, properties: Element, look: Look) -> Look:
        style = properties[0] if len(properties) else None  # it stands first
        if style is not None and style.tag == _RUN_STYLE:
            look = self.styles.with_character(style.get(f"{W}val", ""), look)
        return apply_properties(properties, look)

    def _add(self, text: str, look: Look, words: Words) -> None:
        if not text or look.hidden or any(self.open_fields):
            return
        if look.raised and _is_note_sign(words.raw, text):
            return
        words.raw.append((with_signs(text, look.font), look.bold, legacy_encoding(look.font)))

    def _turn_field(self, turn: str | None) -> None:
        if turn == "begin":
            self.open_fields.append(True)
        elif turn == "separate" and self.open_fields:
            self.open_fields[-1] = False
        elif turn == "end" and self.open_fields:
            self.open_fields.pop()


def choose(alternates: Element) -> Element:
    """The first of the alternatives of one thing: the others say the same for older programs."""
    return alternates[0] if len(alternates) else alternates


def _find_boxes(holder: Element) -> list[Element]:
    """The contents of the text boxes in a drawing; of alternatives the first that has one."""
    if holder.tag == ALTERNATES:
        return next((boxes for kind in holder if (boxes := _find_boxes(kind))), [])
    found: list[Element] = []
    for child in holder:
        if child.tag == _BOX:
            found.append(child)
        elif len(child):
            found += _find_boxes(child)
    return found


def _read_sign(sign: Element) -> str:
    try:
        return symbol_to_text(sign.get(f"{W}font", ""), int(sign.get(f"{W}char", ""), 16))
    except ValueError:
        return " "


def _is_note_sign(before: list[tuple[str, bool, str]], text: str) -> bool:
    """A raised number is a note's sign, unless it makes a square or cubic metre of what stands before it."""
    last = before[-1][0][-4:] if before else ""
    return bool(NOTE_SIGN.search(f"{last}<sup>{text}</sup>"))
