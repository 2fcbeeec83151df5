"""One page image to blocks: ruled tables cell by cell, the rest as lines and paragraphs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from cchc_extract.model import Block, Cell, Paragraph, Row, Span, Table, Warn
from cchc_extract.patterns import Patterns
from cchc_extract.readers.pdf.rendering import DPI
from cchc_extract.readers.scan.grids import Grid, GridCell, rulings_to_grids
from cchc_extract.readers.scan.images import Box, as_grey, cut_out, is_blank, paint_white, straighten, turn, whiten
from cchc_extract.readers.scan.layout import (
    Line,
    cell_text,
    join_lines,
    lines_to_paragraphs,
    mean_confidence,
    part_unreadable,
    without_page_number,
    words_to_lines,
)
from cchc_extract.readers.scan.numbering import find_lost_numbers, mend_numbers
from cchc_extract.readers.scan.numerals import mend_numerals
from cchc_extract.readers.scan.rulings import Ruling, Rulings, find_rulings
from cchc_extract.readers.scan.tesseract import PAGE, REGION, Job, Word, images_to_words

if TYPE_CHECKING:
    from cchc_extract.readers.scan.images import Image

_SURE = 60.0  # a word that Tesseract is less sure of gives a warning
_UPRIGHT = 65.0  # a page whose words are on average less sure may lie on its side
_TURNS = (0, 270, 90, 180)
_SHOWN = 6
_EDGE = 24  # white pixels around a cell's image: Tesseract misses letters at the very edge
_RULE, _ON_GRID = 0.7, 0.05  # inches


# A table's cells and the lines of each.
_TableReading = tuple[Grid, tuple[tuple[Line, ...], ...]]


@dataclass(frozen=True, slots=True)
class Page:
    """A recognised page: `lines` counts its lines of text, which the spans of its blocks number from 1."""

    blocks: tuple[Block, ...]
    warnings: tuple[Warn, ...]
    lines: int


@dataclass(frozen=True, slots=True)
class _Reading:
    """What Tesseract read on a page: lines outside tables, and the lines of each cell."""

    lines: tuple[Line, ...]
    tables: tuple[_TableReading, ...]
    unreadable: tuple[Line, ...] = ()

    @property
    def words(self) -> list[Word]:
        cells = [line for _, table in self.tables for cell in table for line in cell]
        return [word for line in (*self.lines, *cells) for word in line.words]


def recognise_page(image: Image, page: int, where: str, patterns: Patterns, dpi: int = DPI) -> Page:
    """A page's blocks from the top down. Boxes are in points of the straightened page.

    Raises MissingToolError without Tesseract.
    """
    job = Job(where, dpi, patterns.limit("scan.seconds"))
    return _reading_to_page(_read_upright(as_grey(image), job), _Place(page, dpi, patterns))


def _read_upright(image: Image, job: Job) -> _Reading:
    """The page as it lies, and where its words make little sense, turned until they do."""
    best, most = _Reading((), ()), -1.0
    for degrees in _TURNS:
        reading = _read_image(straighten(turn(image, degrees)), job)
        sure = mean_confidence(reading.words)
        if sure > most:
            best, most = reading, sure
        if most >= _UPRIGHT or not reading.words:
            break
    return best


def _read_image(image: Image, job: Job) -> _Reading:
    rulings = find_rulings(image, job.dpi)
    grids = rulings_to_grids(rulings, job.dpi)
    clean = paint_white(whiten(image), _lines_to_hide(rulings, grids, job.dpi))
    cells = _read_cells(clean, grids, job)
    (words,) = images_to_words([paint_white(clean, [grid.box for grid in grids])], PAGE, job)
    lines, unreadable = part_unreadable(words_to_lines(words))
    return _Reading(tuple(without_page_number(lines)), cells, tuple(unreadable))


def _lines_to_hide(rulings: Rulings, grids: Sequence[Grid], dpi: int) -> list[Box]:
    """Lines that Tesseract would take for letters: tables' lines and long ones. Short ones are strokes of letters."""
    level = [(line.start, int(line.at) - line.thick // 2 - 2, line.end, int(line.at) + line.thick // 2 + 3)
             for line in rulings.level if _is_rule(line, 0, grids, dpi)]  # fmt: skip
    upright = [(int(line.at) - line.thick // 2 - 2, line.start, int(line.at) + line.thick // 2 + 3, line.end)
               for line in rulings.upright if _is_rule(line, 1, grids, dpi)]  # fmt: skip
    return level + upright


def _is_rule(line: Ruling, axis: int, grids: Sequence[Grid], dpi: int) -> bool:
    """A long line, or one on the grid of a table. `axis`: 0 for level lines."""
    if line.end - line.start >= _RULE * dpi:
        return True
    sides = {side for grid in grids for cell in grid.cells for side in (cell.box[1 - axis], cell.box[3 - axis])}
    return any(abs(line.at - side) <= _ON_GRID * dpi for side in sides)


def _read_cells(image: Image, grids: Sequence[Grid], job: Job) -> tuple[_TableReading, ...]:
    cells = [cell for grid in grids for cell in grid.cells]
    crops = [cut_out(image, cell.box, _EDGE) for cell in cells]
    inked = [i for i, crop in enumerate(crops) if not is_blank(crop)]
    read = images_to_words([crops[i] for i in inked], REGION, job)
    lines: list[tuple[Line, ...]] = [()] * len(cells)
    for i, words in zip(inked, read, strict=True):
        box = cells[i].box
        moved = words_to_lines(_shifted(word, box[0] - _EDGE, box[1] - _EDGE) for word in words)
        lines[i] = tuple(part_unreadable(moved)[0])
    ends = accumulate(len(grid.cells) for grid in grids)
    return tuple((grid, tuple(lines[end - len(grid.cells) : end])) for grid, end in zip(grids, ends, strict=True))


def _shifted(word: Word, x: int, y: int) -> Word:
    box = (word.left + x, word.top + y, word.right + x, word.bottom + y)
    return Word(word.text, word.confidence, *box, word.line)


# --- blocks -------------------------------------------------------------------------------------------------------


def _reading_to_page(reading: _Reading, place: _Place) -> Page:
    """Paragraphs and tables in reading order, their lines counted through the page."""
    blocks: list[Block] = []
    for part in _in_order(reading):
        blocks += _paragraphs(part, place) if isinstance(part, list) else [_table(part, place)]
    place.warn_of_unreadable(reading.unreadable)
    return Page(tuple(blocks), tuple(place.warnings), place.count)


class _Place:
    """Goes through a page: gives spans out, the lines counted so far, and gathers what is to be warned of."""

    def __init__(self, page: int, dpi: int, patterns: Patterns) -> None:
        self.page, self.dpi, self.patterns = page, dpi, patterns
        self.count = 0
        self.warnings: list[Warn] = []

    def span(self, lines: Sequence[Line]) -> Span:
        """The place of lines that follow those counted so far; they are counted."""
        first = self.count + 1
        self.count += len(lines)
        left, top = min(line.left for line in lines), min(line.top for line in lines)
        right, bottom = max(line.right for line in lines), max(line.bottom for line in lines)
        return Span((first, self.count), self.page, self.points((left, top, right, bottom)))

    def points(self, box: Box) -> tuple[float, float, float, float]:
        left, top, right, bottom = (round(pixels * 72 / self.dpi, 1) for pixels in box)
        return (left, top, right, bottom)

    def tidy(self, text: str, span: Span) -> str:
        """NFC, and Roman numerals read anew."""
        mended, numerals = mend_numerals(unicodedata.normalize("NFC", text), self.patterns)
        for found, numeral in numerals:
            self.warn_of_numeral(found, numeral, span)
        return mended

    def warn_of_numeral(self, found: str, numeral: str, span: Span) -> None:
        self.warnings.append(Warn("misread-numeral", f"'{found}' is taken for the numeral {numeral}", span))

    def warn_of_doubts(self, lines: Sequence[Line], span: Span) -> None:
        """One warning for the words of a paragraph or row that Tesseract is not sure of."""
        words = [word for line in lines for word in line.words]
        doubtful = [word for word in words if word.confidence < _SURE and any(map(str.isalnum, word.text))]
        if doubtful:
            shown = _shown(word.text for word in doubtful)
            message = f"{len(doubtful)} of {len(words)} words were recognised with little confidence: {shown}"
            self.warnings.append(Warn("low-confidence", message, span))

    def warn_of_unreadable(self, lines: Sequence[Line]) -> None:
        if lines:
            message = (
                f"left out what makes no sense (a stamp, a signature, specks): {_shown(line.text for line in lines)}"
            )
            self.warnings.append(Warn("unreadable", message, Span(page=self.page)))


def _shown(texts: Iterable[str]) -> str:
    """
    >>> _shown("abcdefgh")
    "'a', 'b', 'c', 'd', 'e', 'f' and 2 more"
    """
    quoted = [f"'{text}'" for text in texts]
    more = f" and {len(quoted) - _SHOWN} more" if len(quoted) > _SHOWN else ""
    return ", ".join(quoted[:_SHOWN]) + more


def _in_order(reading: _Reading) -> list[list[Line] | _TableReading]:
    """Runs of lines and tables, from the top down."""
    parts: list[list[Line] | _TableReading] = []
    rest = list(reading.lines)
    for table in reading.tables:
        middle = (table[0].box[1] + table[0].box[3]) / 2
        parts += [[line for line in rest if line.middle < middle], table]
        rest = [line for line in rest if line.middle >= middle]
    return [part for part in (*parts, rest) if part]


def _paragraphs(lines: list[Line], place: _Place) -> list[Block]:
    blocks: list[Block] = []
    for paragraph, gap in lines_to_paragraphs(lines):
        span = place.span(paragraph)
        blocks.append(Paragraph(place.tidy(join_lines(line.text for line in paragraph), span), span, gap))
        place.warn_of_doubts(paragraph, span)
    return blocks


def _table(reading: _TableReading, place: _Place) -> Table:
    grid, read = reading
    by_row: dict[int, list[tuple[GridCell, tuple[Line, ...]]]] = {}
    for cell, lines in zip(grid.cells, read, strict=True):
        by_row.setdefault(cell.row, []).append((cell, lines))
    rows = tuple(_row(row, place) for _, row in sorted(by_row.items()))
    in_first = [row[0][0].column == 0 and row[0][0].col_span == 1 for _, row in sorted(by_row.items())]
    rows = _with_numbers(rows, in_first, place)
    return Table(rows, rows[0].span.to(rows[-1].span))


def _with_numbers(rows: tuple[Row, ...], in_first: Sequence[bool], place: _Place) -> tuple[Row, ...]:
    """The rows with the numbers in their first column mended where the others tell, and lost ones told of."""
    at = [n for n, first in enumerate(in_first) if first]
    texts = [rows[n].cells[0].text for n in at]
    made = list(rows)
    for n, found, number in zip(at, texts, numbers := mend_numbers(texts), strict=True):
        if number != found:
            first, *others = rows[n].cells
            made[n] = replace(rows[n], cells=(replace(first, text=number), *others))
            place.warn_of_numeral(found, number, first.span)
    for n, lost in find_lost_numbers(numbers):
        message = f"the cell is empty where the number {lost} must stand"
        place.warnings.append(Warn("lost-number", message, rows[at[n]].span))
    return tuple(made)


def _row(row: list[tuple[GridCell, tuple[Line, ...]]], place: _Place) -> Row:
    """A row's lines are counted cell by cell; an empty cell has the number of the line before it."""
    first = place.count + 1
    cells = []
    for cell, lines in row:
        at = place.span(lines).lines if lines else (max(1, place.count), max(1, place.count))
        span = Span(at, place.page, place.points(cell.box))
        cells.append(Cell(place.tidy(cell_text(lines), span), span, cell.row_span, cell.col_span))
    box = cells[0].span.to(cells[-1].span).bbox
    last = max(1, place.count)
    span = Span((min(first, last), last), place.page, box)
    place.warn_of_doubts([line for _, lines in row for line in lines], span)
    return Row(tuple(cells), span)
