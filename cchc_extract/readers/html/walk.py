"""The content of a page in the order it is read -> lines and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cchc_extract.readers.element import Element
from cchc_extract.readers.flow import Flow, Piece
from cchc_extract.readers.grid import Placed, placed_to_table
from cchc_extract.readers.html.content import BLOCKS, Masses, is_chrome, is_data_table, row_cells, table_rows
from cchc_extract.readers.html.page import is_seen
from cchc_extract.readers.markup import NOTE_SIGN
from cchc_extract.readers.numerals import bullet_to_text, format_number

_SPACE = re.compile(r"[ \t\r\n\f]+")
_BOLD_TAGS = frozenset(["b", "strong", "h1", "h2", "h3", "h4", "h5", "h6"])
_WEIGHT = re.compile(r"font-weight\s*:\s*(?:(bold|[6-9]00)|(normal|[1-5]00))", re.IGNORECASE)
_LIST_NUMBERS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_TYPED_MARKER = re.compile(r"\s*(?:[-+*•–]|\(?\w{1,4}[.)])")
_DEEPEST = 150  # elements in each other; what is deeper is read as its words
_MAX_COLUMNS = 200


@dataclass(slots=True)
class _List:
    """A list that is open: how its items are marked, and the number of the next."""

    kind: str
    next: int = 1


@dataclass(slots=True)
class Walker:
    """Reads elements into a flow; words gather in `pieces` until a block begins or ends."""

    masses: Masses
    content: Element
    flow: Flow = field(default_factory=Flow)
    pieces: list[Piece] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    marker: str = ""

    def read(self, element: Element, bold: bool = False, depth: int = 0) -> None:
        if not is_seen(element) or is_chrome(element, self.masses, self.content):
            return
        tag = element.tag
        if tag == "br":
            self.pieces.append(("\n", bold))
        elif tag == "pre":
            self._read_lines(element)
        elif tag == "table" and is_data_table(element, self.masses):
            self._read_table(element, depth)
        elif depth > _DEEPEST:
            self._add(" ".join(t.text or "" for t in element.iter() if is_seen(t)), bold)
        elif tag == "sup":
            self._read_raised(element, bold, depth)
        elif tag in BLOCKS:
            self._read_block(element, bold, depth)
        else:
            self._read_inline(element, bold, depth)

    def _read_inline(self, element: Element, bold: bool, depth: int) -> None:
        bold = _is_bold(element, bold)
        self._add(element.text, bold)
        for child in element:
            self.read(child, bold, depth + 1)
            self._add(child.tail, bold)

    def _read_block(self, element: Element, bold: bool, depth: int) -> None:
        self.end_paragraph()
        before = len(self.flow.items)
        is_list = element.tag in ("ol", "ul")
        if is_list:
            self.lists.append(_open_list(element))
        if element.tag == "li" and self.lists:
            self.marker = _item_marker(element, self.lists)
        self._read_inline(element, bold, depth)
        self.end_paragraph()
        if is_list:
            self.lists.pop()
        if element.tag == "li":
            self.marker = ""
        if element.tag == "p" and len(self.flow.items) == before:
            self.flow.add_pieces([])

    def _read_raised(self, element: Element, bold: bool, depth: int) -> None:
        """A raised number is a note's sign and left out."""
        words = " ".join(part.text or "" for part in element.iter() if is_seen(part))
        last = self.pieces[-1][0][-4:] if self.pieces else ""
        if not NOTE_SIGN.search(f"{last}<sup>{words}</sup>"):
            self._read_inline(element, bold, depth)

    def _read_lines(self, element: Element) -> None:
        """Text that is set as typed: its lines and tabs stay, for tables written in it."""
        self.end_paragraph()
        parts = [element.text or ""]
        for part in element.iter():
            if part is not element:
                parts += ["\n" if part.tag == "br" else (part.text or "") if is_seen(part) else "", part.tail or ""]
        for line in "".join(parts).strip("\r\n").splitlines():
            self.flow.add_pieces([(line, False)])

    def _add(self, text: str | None, bold: bool) -> None:
        if text:
            self.pieces.append((_SPACE.sub(" ", text), bold))

    def end_paragraph(self) -> None:
        """What has gathered becomes a paragraph; a line break at its end ends nothing."""
        pieces, self.pieces = self.pieces, []
        while pieces and not pieces[-1][0].strip(" \n"):
            pieces.pop()
        while pieces and not pieces[0][0].strip(" \n"):
            pieces.pop(0)
        if not any(words.strip() for words, _ in pieces):
            return
        if self.marker and not _TYPED_MARKER.match("".join(words for words, _ in pieces[:3])):
            pieces = [(self.marker, False), *pieces]
        self.marker = ""
        self.flow.add_pieces(pieces)

    # --- tables ---

    def _read_table(self, table: Element, depth: int) -> None:
        self.end_paragraph()
        for caption in table.iterfind("caption"):
            self.read(caption, False, depth + 1)
        inner: list[Flow] = []
        rows: list[list[Placed]] = []
        covered: dict[int, int] = {}  # column -> rows that a cell above still covers
        elements = table_rows(table)
        for n, row in enumerate(elements):
            rows.append(self._read_row(row, covered, len(elements) - n, inner, depth))
        made = placed_to_table(rows)
        if made is not None:
            self.flow.add_table(made)
        for flow in inner:
            for other in flow.tables():
                self.flow.add_table(other)

    def _read_row(
        self, row: Element, covered: dict[int, int], left: int, inner: list[Flow], depth: int
    ) -> list[Placed]:
        made: list[Placed] = []
        free = {column: rows - 1 for column, rows in covered.items() if rows > 1}
        column = 0
        for cell in row_cells(row):
            while covered.get(column):
                column += 1
            width = min(max(_number(cell.get("colspan"), 1), 1), _MAX_COLUMNS)
            height = min(_number(cell.get("rowspan"), 1) or left, left)
            if column + width > 2 * _MAX_COLUMNS:
                width = 1
            flow = self._read_cell(cell, depth)
            inner.append(flow)
            made.append(Placed(flow.text(), (flow.first_number, flow.last_number), column, width, height))
            free.update((n, height - 1) for n in range(column, column + width) if height > 1)
            column += width
        covered.clear()
        covered.update(free)
        return made

    def _read_cell(self, cell: Element, depth: int) -> Flow:
        walker = Walker(self.masses, self.content, self.flow.inner())
        walker._read_inline(cell, False, depth + 3)
        walker.end_paragraph()
        if not walker.flow.last_number:
            walker.flow.add_pieces([])
        return walker.flow


def _is_bold(element: Element, bold: bool) -> bool:
    style = element.get("style")
    weight = _WEIGHT.search(style) if style else None
    if weight:
        return bool(weight[1])
    return bold or element.tag in _BOLD_TAGS


def _open_list(element: Element) -> _List:
    style = (element.get("style") or "").replace(" ", "").lower()
    if "list-style:none" in style or "list-style-type:none" in style:
        return _List("none")
    if element.tag == "ul":
        return _List("bullet")
    return _List(_LIST_NUMBERS.get(element.get("type", ""), "decimal"), _number(element.get("start"), 1))


def _item_marker(item: Element, lists: list[_List]) -> str:
    """What a browser shows before an item, as it would be typed."""
    current = lists[-1]
    if current.kind == "none":
        return ""
    if current.kind == "bullet":
        return bullet_to_text("•", sum(each.kind == "bullet" for each in lists) - 1) + " "
    number = _number(item.get("value"), current.next)
    current.next = number + 1
    sign = ")" if current.kind == "lowerLetter" else "."
    return f"{format_number(number, current.kind)}{sign} "


def _number(value: str | None, default: int) -> int:
    digits = (value or "").strip()
    return int(digits) if digits.isdecimal() and len(digits) < 6 else default
