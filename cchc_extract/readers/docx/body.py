"""The body of a Word document walked once: paragraphs with their numbers, tables, text boxes, notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from cchc_extract.model import Span, Warn
from cchc_extract.readers.docx.numbering import Numbering, read_numbering
from cchc_extract.readers.docx.package import Package, W
from cchc_extract.readers.docx.runs import ALTERNATES, RunReader, Words, choose
from cchc_extract.readers.docx.styles import Style, Styles, is_on, read_list, read_styles
from cchc_extract.readers.docx.tables import TableCell, TableRow, rows_to_placed
from cchc_extract.readers.element import Element
from cchc_extract.readers.flow import Flow, Piece, tidy
from cchc_extract.readers.grid import placed_to_table

_PARAGRAPH, _TABLE, _ROW, _CELL = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc"
_VAL, _PARAGRAPH_PROPERTIES, _CELL_PROPERTIES = f"{W}val", f"{W}pPr", f"{W}tcPr"
_STYLE, _NUMBERS, _MARK = f"{W}pStyle", f"{W}numPr", f"{W}rPr"
_GRID_SPAN, _DOWN, _ACROSS, _CELL_DELETED = f"{W}gridSpan", f"{W}vMerge", f"{W}hMerge", f"{W}cellDel"
_GONE = frozenset((f"{W}del", f"{W}moveFrom"))
_CHUNK, _RELATION = f"{W}altChunk", "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ChunkReading = Callable[[str, Flow], list[Warn]]  # an embedded file, by the id of its relation, into a flow
_Properties = Mapping[str, Element]
_NONE: _Properties = {}
# What only wraps paragraphs, rows or cells.
_WRAPPERS = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))


@dataclass(slots=True)
class _Reader:
    styles: Styles
    numbering: Numbering
    runs: RunReader
    notes: Mapping[tuple[str, str], str]
    read_chunk: ChunkReading
    warnings: list[Warn] = field(default_factory=list)
    carried: list[Piece] = field(default_factory=list)  # words of paragraphs whose end was deleted

    def read_blocks(self, node: Element, flow: Flow, in_cell: bool) -> None:
        for child in unwrap(node):
            if child.tag == _PARAGRAPH:
                self.read_paragraph(child, flow, in_cell)
            elif child.tag == _TABLE:
                self.read_table(child, flow)
            elif child.tag == _CHUNK:
                self.warnings += self.read_chunk(child.get(_RELATION, ""), flow)

    # --- paragraphs ---

    def read_paragraph(self, paragraph: Element, flow: Flow, in_cell: bool) -> None:
        properties = _properties(paragraph, _PARAGRAPH_PROPERTIES)
        style_id = _value(properties.get(_STYLE)) or ""
        style = self.styles.paragraph(style_id)
        words = self.runs.read(paragraph, style.look)
        if style.is_contents:
            flow.add_pieces([])
            return
        pieces = [*self.carried, *words.pieces] if self.carried else words.pieces
        if _is_mark_deleted(properties.get(_MARK)):
            self.carried = pieces
            return
        self.carried = []
        number = self._number(properties, style_id, style)
        if number and (in_cell or any(text.strip() for text, _ in pieces)):
            pieces = [(number, False), *pieces]
        flow.add_pieces(pieces)
        if words.notes or words.boxes:
            self._read_apart(words, flow)

    def _number(self, properties: _Properties, style_id: str, style: Style) -> str:
        list_id, level = read_list(properties.get(_NUMBERS))
        if list_id is None:
            list_id = style.list_id
            at = self.numbering.by_style.get((list_id or "", style_id or self.styles.default_id))
            level = level if level is not None else at if at is not None else style.level
        return self.numbering.next_number(list_id, level or 0) if list_id else ""

    def _read_apart(self, words: Words, flow: Flow) -> None:
        """Notes become warnings; text boxes follow the paragraph they hang on."""
        place = flow.last_number
        for note in words.notes:
            text = self.notes.get(note, "")
            if text:
                self.warnings.append(Warn("footnote", text, Span((place, place))))
        for box in words.boxes:
            self.read_blocks(box, flow, in_cell=False)

    # --- tables ---

    def read_table(self, table: Element, flow: Flow) -> None:
        """A table as a block, and those in its cells after it; one with a single column is only a frame."""
        rows = [self._read_row(row, flow) for row in unwrap(table) if row.tag == _ROW and not _is_row_gone(row)]
        cells = [cell for row in rows for cell in row.cells]
        if all(len(row.cells) <= 1 for row in rows):
            for cell in cells:
                flow.extend(cell.flow)
            return
        made = placed_to_table(rows_to_placed(rows, _grid(table)))
        if made is not None:
            flow.add_table(made)
        for cell in cells:
            for inner in cell.flow.tables():
                flow.add_table(inner)

    def _read_row(self, row: Element, flow: Flow) -> TableRow:
        made = TableRow(_count(_row_properties(row).get(f"{W}gridBefore"), 0))
        for cell in unwrap(row):
            if cell.tag == _CELL:
                properties = _properties(cell, _CELL_PROPERTIES)
                if _CELL_DELETED not in properties:
                    made.cells.append(self._read_cell(cell, properties, flow))
        return made

    def _read_cell(self, cell: Element, properties: _Properties, flow: Flow) -> TableCell:
        inner = flow.inner()
        self.read_blocks(cell, inner, in_cell=True)
        if not inner.first_number:
            inner.add_pieces([])
        width = _count(properties.get(_GRID_SPAN), 1)
        return TableCell(inner, max(width, 1), _merge(properties.get(_DOWN)), _merge(properties.get(_ACROSS)))


def read_body(package: Package, flow: Flow, read_chunk: ChunkReading) -> list[Warn]:
    """The document's words into a flow, in order. Headers and footers are parts of their own and stay out."""
    styles = read_styles(package.parts.get("styles"))
    numbering = read_numbering(package.parts.get("numbering"), styles.list_styles())
    notes: dict[tuple[str, str], str] = {}
    for kind in ("footnotes", "endnotes"):
        part = package.parts.get(kind)
        notes.update(_read_notes(kind, part, styles) if part is not None else {})
    reader = _Reader(styles, numbering, RunReader(styles), notes, read_chunk)
    body = package.document.find(f"{W}body")
    if body is not None:
        reader.read_blocks(body, flow, in_cell=False)
        if reader.carried:
            flow.add_pieces(reader.carried)
    return reader.warnings


def unwrap(node: Element) -> Iterator[Element]:
    """The children of a node, those of mere wrappers among them."""
    for child in node:
        if child.tag in _WRAPPERS:
            yield from unwrap(child)
        elif child.tag == ALTERNATES:
            yield from unwrap(choose(child))
        else:
            yield child


def _read_notes(kind: str, part: Element, styles: Styles) -> dict[tuple[str, str], str]:
    runs = RunReader(styles)
    notes: dict[tuple[str, str], str] = {}
    for note in part:
        paragraphs = [runs.read(p, styles.paragraph(None).look).pieces for p in note.iter(_PARAGRAPH)]
        lines = [tidy("".join(words for words, _ in pieces)) for pieces in paragraphs]
        notes[kind, note.get(f"{W}id", "")] = " ".join(" ".join(lines).split())
    return notes


def _properties(element: Element, tag: str) -> _Properties:
    """What the properties of a paragraph or cell say; they stand first. One look at each, since most are never read."""
    first = element[0] if len(element) else None
    return {child.tag: child for child in first} if first is not None and first.tag == tag else _NONE


def _row_properties(row: Element) -> _Properties:
    """A row's properties: they may come after exceptions to those of its table."""
    found = next((child for child in row if child.tag == f"{W}trPr"), None)
    return _NONE if found is None else {child.tag: child for child in found}


def _is_mark_deleted(mark: Element | None) -> bool:
    return mark is not None and next(mark.iterchildren(*_GONE), None) is not None


def _is_row_gone(row: Element) -> bool:
    """Deleted in a tracked change, or hidden."""
    properties = _row_properties(row)
    hidden = properties.get(f"{W}hidden")
    return f"{W}del" in properties or (hidden is not None and is_on(_value(hidden)))


def _merge(element: Element | None) -> str | None:
    """restart, continue or None: without a value the cell goes on with the one before."""
    return None if element is None else element.get(_VAL, "continue")


def _value(element: Element | None) -> str | None:
    return None if element is None else element.get(_VAL)


def _count(element: Element | None, default: int) -> int:
    value = element.get(f"{W}val", "") if element is not None else ""
    return int(value) if value.isdecimal() and len(value) < 6 else default


def _grid(table: Element) -> list[int]:
    """The widths of the grid's columns; 0 where none is told."""
    columns = [column.get(f"{W}w", "") for column in table.iterfind(f"{W}tblGrid/{W}gridCol")]
    return [int(width) if width.isdecimal() and len(width) < 7 else 0 for width in columns]
