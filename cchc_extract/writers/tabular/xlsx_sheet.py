"""Rows -> one sheet of a workbook: titles, real dates and numbers, wrapped text, a filter, links between records.

Texts are never read as formulas or addresses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cchc_extract.writers.tabular.layout import Column, Table, keys_of
from cchc_extract.writers.tabular.paths import SEPARATOR
from cchc_extract.writers.tabular.rows import Row, typed_value

if TYPE_CHECKING:
    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

Formats = Mapping[str, "Format"]
Addresses = Mapping[tuple[str, str, str], str]  # (table, document, id) -> the cell, as an address in the workbook

_FIRST_DAY = date(1900, 1, 1)  # of Excel's calendar
_DAY = {"en": "yyyy-mm-dd", "vi": "dd/mm/yyyy"}
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_A4 = 9
_LINE_HEIGHT, _HIGHEST = 15.0, 405.0  # points; the highest that Excel has is 409


@dataclass(frozen=True, slots=True)
class Limits:
    """What one sheet holds, as Excel documents it."""

    rows: int = 1_048_576
    links: int = 65_530
    characters: int = 32_767  # of one cell, in UTF-16


def make_formats(workbook: Workbook, lang: str) -> Formats:
    """The looks of the cells, by what they hold."""
    top = {"valign": "top"}
    return {
        "title": workbook.add_format({"bold": True, "text_wrap": True, "bg_color": "#DDEBF7", "bottom": 1, **top}),
        "text": workbook.add_format({"text_wrap": True, **top}),
        "number": workbook.add_format(top),
        "date": workbook.add_format({"num_format": _DAY[lang], "align": "left", **top}),
        "link": workbook.add_format({"font_color": "#0563C1", "underline": 1, "text_wrap": True, **top}),
    }


class Sheet:
    """One table's sheet, written from the top to the bottom. What does not fit is counted and told by `notes`."""

    def __init__(self, worksheet: Worksheet, table: Table, formats: Formats, limits: Limits | None) -> None:
        self.worksheet, self.table, self.formats = worksheet, table, formats
        self.limits = limits or Limits()
        self.next_row = 0
        self.links = 0
        self.lost: Counter[str] = Counter()

    def write_titles(self, lang: str) -> None:
        for index, column in enumerate(self.table.columns):
            self.worksheet.set_column(index, index, column.width)
            self.worksheet.write_string(0, index, column.words[lang].title, self.formats["title"])
        self.worksheet.freeze_panes(1, 0)
        self.worksheet.repeat_rows(0)
        self.worksheet.set_landscape()
        self.worksheet.set_paper(_A4)
        self.next_row = 1

    def addresses(self, rows: Iterable[Row]) -> Iterator[tuple[tuple[str, str, str], str]]:
        """Where the rows that are to be written next will stand."""
        if keys_of(self.table) != ("document", "id"):
            return
        document, id = self.table.header.index("document"), self.table.header.index("id")
        for number, row in enumerate(rows, start=self.next_row + 1):
            if number <= self.limits.rows:
                yield (self.table.name, str(row[document]), str(row[id])), f"internal:'{self.worksheet.name}'!A{number}"

    def write_row(self, row: Row, addresses: Addresses) -> None:
        if self.next_row >= self.limits.rows:
            self.lost["rows"] += 1
            return
        self.worksheet.set_row(self.next_row, self._height(row))
        for index, (column, value) in enumerate(zip(self.table.columns, row, strict=True)):
            cell = typed_value(value, column.type)
            if isinstance(cell, str):
                self._write_text(index, cell, self._address(column, row, addresses))
            elif isinstance(cell, date):
                self._write_date(index, cell)
            elif cell is not None:
                self.worksheet.write(self.next_row, index, cell, self.formats["number"])
        self.next_row += 1

    def _height(self, row: Row) -> float:
        """In points: LibreOffice does not fit a row to its wrapped text by itself."""
        cells = zip(row, self.table.columns, strict=True)
        lines = max(count_lines(value, column.width) for value, column in cells if column.type == "string")
        return min(lines * _LINE_HEIGHT, _HIGHEST)

    def _address(self, column: Column, row: Row, addresses: Addresses) -> str | None:
        """Of the first record that the cell names: a cell holds one link."""
        if not column.links or "document" not in self.table.header:
            return None
        first = str(row[self.table.header.index(column.name)]).split(SEPARATOR)[0]
        return addresses.get((column.links, str(row[self.table.header.index("document")]), first))

    def _write_text(self, index: int, text: str, address: str | None) -> None:
        fitted = self._fit(text)
        if address and self.links < self.limits.links:
            self.links += 1
            self.worksheet.write_url(self.next_row, index, address, self.formats["link"], fitted)
        else:
            self.lost["links"] += bool(address)
            self.worksheet.write_string(self.next_row, index, fitted, self.formats["text"])

    def _fit(self, text: str) -> str:
        clean = to_cell_text(text)
        short = cut_utf16(clean, self.limits.characters)
        self.lost["control"] += clean.count("\ufffd") > text.count("\ufffd")
        self.lost["long"] += short != clean
        return short

    def _write_date(self, index: int, day: date) -> None:
        if day < _FIRST_DAY:
            self.worksheet.write_string(self.next_row, index, day.isoformat(), self.formats["text"])
        else:
            self.worksheet.write_datetime(self.next_row, index, day, self.formats["date"])

    def add_filter(self) -> None:
        self.worksheet.autofilter(0, 0, max(self.next_row - 1, 0), len(self.table.columns) - 1)

    def notes(self) -> Iterator[str]:
        """What did not fit, a line each."""
        limits, whole = self.limits, "the other formats have it all"
        says = {
            "rows": ("rows left out", f"(a sheet ends at row {limits.rows:,}); {whole}"),
            "long": ("texts cut", f"(a cell ends after {limits.characters:,} characters); {whole}"),
            "control": ("texts with control characters", "(Excel cannot hold them; they are shown as \ufffd)"),
            "links": ("links left out", f"(a sheet has at most {limits.links:,}); the ids are there"),
        }
        for what, (lost, why) in says.items():
            if self.lost[what]:
                yield f"{self.table.name}: {lost}: {self.lost[what]:,} {why}"


def to_cell_text(text: str) -> str:
    r"""A text as XML can hold it: lines end in \n, and U+FFFD stands for what no XML may have.

    A text in the tags of XlsxWriter's own rich text would go into the file as it is; a space before it keeps it text.

    >>> to_cell_text("a\r\nb\x00c"), to_cell_text("<r>x</r>")
    ('a\nb\ufffdc', ' <r>x</r>')
    """
    clean = _NOT_IN_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return f" {clean}" if clean.startswith("<r>") else clean


def count_lines(value: object, width: int) -> int:
    r"""How many lines a text takes when it is wrapped at a width in characters.

    >>> count_lines(None, 10), count_lines("x" * 10, 10), count_lines("x" * 11 + "\nx", 10)
    (1, 1, 3)
    """
    return sum(max(1, -(-len(line) // width)) for line in value.split("\n")) if isinstance(value, str) else 1


def cut_utf16(text: str, longest: int) -> str:
    """A text of at most that many UTF-16 units, with an ellipsis where something was cut.

    >>> cut_utf16("abcd", 4), cut_utf16("abcde", 4), cut_utf16("\U0001f600\U0001f600\U0001f600", 4)
    ('abcd', 'abc…', '😀…')
    """
    if 2 * len(text) <= longest:
        return text
    units = text.encode("utf-16-le")
    return text if len(units) <= 2 * longest else units[: 2 * longest - 2].decode("utf-16-le", "ignore") + "…"
