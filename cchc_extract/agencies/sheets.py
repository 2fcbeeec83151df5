"""A spreadsheet's column of agencies: CSV in, the same CSV with the canonical agencies beside it out, row by row."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from cchc_extract.errors import UnreadableInputError, UnsupportedInputError, UsageError
from cchc_extract.normalise.agencies import read_agencies
from cchc_extract.normalise.registry import agency_as_of
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import join_spaces, slug

if TYPE_CHECKING:
    from cchc_extract.model import Agency

BETWEEN = " ; "  # what parts the agencies of a cell
_DELIMITERS = ",;\t"
_SEPARATOR_LINE = "sep="  # a first line by which Excel is told the delimiter
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UTF_8 = b"\xef\xbb\xbf"
_ADDED = ("id", "name", "match", "unknown")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that is read as it is asked for. `marked`: it began with a byte order mark, as spreadsheets write it."""

    name: str
    header: tuple[str, ...]
    rows: Iterable[Sequence[str]]
    delimiter: str = ","
    marked: bool = False


def read_sheet(name: str, stream: io.BufferedReader) -> Sheet:
    """A CSV file in UTF-8 or UTF-16 whose cells are parted by commas, semicolons or tabs; `name` is for messages.

    Raises UnsupportedInputError, also while the rows are read, where it is none.
    """
    start = stream.peek(4)[:4]
    wide = start.startswith(_UTF_16) or b"\x00" in start[:2]
    encoding = "utf-8-sig" if not wide else "utf-16" if start.startswith(_UTF_16) else _wide_encoding(start)
    text = io.TextIOWrapper(stream, encoding, newline="")
    lines = _lines(name, text)
    first = next(lines, "")
    delimiter = _find_delimiter(first)
    if first.lower().startswith(_SEPARATOR_LINE):
        first = next(lines, "")
    rows = _rows(name, chain([first], lines), delimiter)
    header = next(rows, None)
    if not header or not any(header):
        raise UnsupportedInputError(name, "has no header line", "begin it with the names of its columns")
    return Sheet(name, tuple(header), rows, delimiter, wide or start.startswith(_UTF_8))


def normalise_sheet(sheet: Sheet, column: str, patterns: Patterns, on: date | None = None) -> Sheet:
    """With columns put to it for the agencies that `column` names: their ids, names, and how each was matched, and the
    words that nobody is known by; with `on` also the ids of those who have their work on that day.

    Raises UsageError where there is no such column.
    """
    at = _find_column(sheet, column)
    title = sheet.header[at]
    added = [f"{title} {name}" for name in _ADDED] + ([f"{title} {on.isoformat()}"] if on else [])
    taken = set(sheet.header) & set(added)
    if taken:
        raise UsageError(sheet.name, f"has a column {min(taken)!r} already", "rename it")
    width = len(sheet.header)

    def widen(row: Sequence[str]) -> list[str]:
        cells = [*row, *[""] * (width - len(row))]
        return [*cells[:width], *_describe(cells[at], patterns, on), *cells[width:]]

    return replace(sheet, header=(*sheet.header, *added), rows=map(widen, sheet.rows))


def sheet_to_csv(sheet: Sheet) -> Iterator[bytes]:
    """The sheet as CSV in UTF-8, a piece a row, with its own delimiter and the mark that it came with."""
    if sheet.marked:
        yield _UTF_8
    line = io.StringIO()
    writer = csv.writer(line, delimiter=sheet.delimiter)
    for row in chain([sheet.header], sheet.rows):
        writer.writerow(row)
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()


def _describe(cell: str, patterns: Patterns, on: date | None) -> list[str]:
    """What is put to a row for the agencies of a cell, as told at `normalise_sheet`.

    >>> from cchc_extract.patterns import load_patterns
    >>> _describe("Sở KH&ĐT, Hội Yêu sông; Sông Lam", load_patterns(), None)
    ['so-ke-hoach-va-dau-tu', 'Sở Kế hoạch và Đầu tư', 'abbreviation', 'Hội Yêu sông ; Sông Lam']
    """
    text = unicodedata.normalize("NFC", cell)
    agencies, unread = read_agencies(text, patterns)
    known = [agency for agency in agencies if agency.match]
    unknown = [*(agency.text for agency in agencies if not agency.match), *unread]
    if not agencies and slug(text):
        unknown = [join_spaces(text)]
    columns = [
        [agency.id or "" for agency in known],
        [agency.name or agency.text for agency in known],
        [agency.match or "" for agency in known],
        unknown,
    ]
    if on:
        columns.append(_ids_on(known, on, patterns))
    return [BETWEEN.join(column) for column in columns]


def _ids_on(agencies: Iterable[Agency], on: date, patterns: Patterns) -> list[str]:
    """The ids of those who have the work of these bodies on a day, each once."""
    ids = (id for agency in agencies for id in agency_as_of(agency.id or "", on, patterns))
    return list(dict.fromkeys(ids))


def _find_column(sheet: Sheet, column: str) -> int:
    wanted, titles = _title(column), [_title(title) for title in sheet.header]
    if wanted not in titles:
        there = ", ".join(repr(title) for title in sheet.header)
        raise UsageError(sheet.name, f"has no column {column!r}", f"name one of {there}")
    return titles.index(wanted)


def _title(text: str) -> str:
    return join_spaces(unicodedata.normalize("NFC", text)).casefold()


def _wide_encoding(start: bytes) -> str:
    return "utf-16-be" if start[:1] == b"\x00" else "utf-16-le"


def _find_delimiter(line: str) -> str:
    """The sign that parts most cells of the header; what stands in quotes is no delimiter."""
    if line.lower().startswith(_SEPARATOR_LINE) and line[len(_SEPARATOR_LINE) :][:1] in (*_DELIMITERS,):
        return line[len(_SEPARATOR_LINE)]
    outside = "".join(line.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)


def _lines(name: str, text: io.TextIOWrapper) -> Iterator[str]:
    try:
        yield from text
    except UnicodeDecodeError:
        raise UnsupportedInputError(name, "is no UTF-8 or UTF-16 text", "save it as 'CSV UTF-8'") from None
    except OSError as error:
        raise UnreadableInputError(name, f"cannot be read ({error.strerror})", "check the file") from None


def _rows(name: str, lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        yield from reader
    except csv.Error as error:
        raise UnsupportedInputError(name, f"is no CSV (line {reader.line_num}: {error})", "correct that line") from None
