"""Lines and tables in the order of a document that has markup for both (Word, web pages), gathered to blocks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from cchc_extract.model import Block, Table
from cchc_extract.patterns import Patterns
from cchc_extract.readers.flat_tables import Line, lines_to_blocks
from cchc_extract.readers.markup import CLEANING, ODD_CHARACTER, is_all_bold

Piece = tuple[str, bool]  # words, and whether they are bold

# Two columns set with tabs. A tab after an enumerator or a label ("Thời gian:") only makes room.
_COLUMNS = re.compile(r"(?!\s*(?:[-+*•]|\(?\w{1,4}[.)])\s*\t)[^\t]*[^\t\s:]\s*\t\s*[^\t\s].*")


class Flow:
    """What is read, in order: lines, numbered through the document, and tables."""

    def __init__(self, numbers: Iterator[int] | None = None) -> None:
        self.numbers = numbers or count(1)
        self.items: list[Line | Table] = []

    def inner(self) -> Flow:
        """A flow of its own for a cell, that goes on with the numbers."""
        return Flow(self.numbers)

    def add_pieces(self, pieces: Sequence[Piece]) -> None:
        """One paragraph; its line breaks end lines. A paragraph without words is an empty line."""
        if len(pieces) < 2 and "\n" not in (pieces[0][0] if pieces else ""):
            self._add_line(pieces)
            return
        line: list[Piece] = []
        for words, bold in pieces:
            first, *others = words.split("\n")
            line.append((first, bold))
            for other in others:
                self._add_line(line)
                line = [(other, bold)]
        self._add_line(line)

    def _add_line(self, pieces: Sequence[Piece]) -> None:
        raw = tidy("".join(words for words, _ in pieces))
        self.items.append(Line(next(self.numbers), raw, " ".join(raw.split()), bool(raw) and is_bold(pieces)))

    def add_table(self, table: Table) -> None:
        self.items.append(table)

    def extend(self, other: Flow) -> None:
        self.items += other.items

    @property
    def first_number(self) -> int:
        """The number of the first line, 0 where there is none."""
        return _first_number(self.items)

    @property
    def last_number(self) -> int:
        """The number of the last line, 0 where there is none."""
        return _first_number(reversed(self.items))

    def text(self) -> str:
        """The words of a cell, one line each; its tables are not among them."""
        return "\n".join([item.text for item in self.items if isinstance(item, Line) and item.text])

    def tables(self) -> list[Table]:
        return [item for item in self.items if isinstance(item, Table)]

    def blocks(self, patterns: Patterns) -> tuple[Block, ...]:
        """Paragraphs and tables; tables that are written as text with bars or tabs are rebuilt."""
        blocks: list[Block] = []
        lines: list[Line] = []
        for item in self.items:
            if isinstance(item, Line):
                lines.append(item)
                continue
            blocks += [*lines_to_blocks(_without_odd_tabs(lines), patterns), item]
            lines = []
        return tuple(blocks + list(lines_to_blocks(_without_odd_tabs(lines), patterns)))


def _first_number(items: Iterable[Line | Table]) -> int:
    for item in items:
        if isinstance(item, Line):
            return item.number
    return 0


def tidy(text: str) -> str:
    """NFC, odd spaces a space, characters without width gone; tabs stay.

    >>> tidy("Sở\\u00a0Nội vu\\u0323\\u200b")
    'Sở Nội vụ'
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    text = text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
    return (text.translate(CLEANING) if ODD_CHARACTER.search(text) else text).strip()


def is_bold(pieces: Sequence[Piece]) -> bool:
    """Whether nothing but an enumerator stands outside the bold.

    >>> is_bold([("1. ", False), ("Mục ", True), ("tiêu", True)]), is_bold([("Thời gian:", True), (" Quý I", False)])
    (True, False)
    """
    bold_pieces = [bold for _, bold in pieces]
    if True not in bold_pieces:
        return False
    parts = [""]  # plain and bold words by turns, plain ones first
    for words, bold in pieces:
        if bold == (len(parts) % 2 == 0):
            parts[-1] += words
        else:
            parts.append(words)
    return is_all_bold(parts if len(parts) % 2 else [*parts, ""])


def _without_odd_tabs(lines: Sequence[Line]) -> list[Line]:
    """Tabs stay where neighbouring lines have columns too; elsewhere they indent or make room, and are spaces."""
    if not any("\t" in line.raw for line in lines):
        return [line if line.raw == line.text or "|" in line.raw else _spaced(line) for line in lines]
    columns = [bool(_COLUMNS.fullmatch(line.raw)) for line in lines]
    near = [False, *columns, False]
    return [line if columns[n] and (near[n] or near[n + 2]) else _spaced(line) for n, line in enumerate(lines)]


def _spaced(line: Line) -> Line:
    return Line(line.number, line.text, line.text, line.bold)
