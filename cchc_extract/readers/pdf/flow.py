"""The lines and tables of all pages, in order, to blocks; paragraphs and tables go on over page ends."""

from __future__ import annotations

from cchc_extract.model import Block, Paragraph, Table
from cchc_extract.patterns import Patterns
from cchc_extract.readers.pdf.cells import UNRULED, PageTable
from cchc_extract.readers.pdf.paragraphs import Layout, ParagraphMaker
from cchc_extract.readers.pdf.pieces import Line
from cchc_extract.readers.pdf.stitch import Joined, add_page, finish_table, goes_on, start_table


class Flow:
    """Takes the content of pages in reading order; `finish` gives the blocks. Lines of text are counted from 1."""

    def __init__(self, patterns: Patterns) -> None:
        self._paragraphs = ParagraphMaker(patterns)
        self._table: Joined | None = None
        self._blocks: list[Block] = []
        self._line = 1

    def add(self, item: Line | PageTable | Block, layout: Layout) -> None:
        """One more line or table of the page, or a block that was recognised."""
        if isinstance(item, Line):
            self._end_table()
            self._put(self._paragraphs.add(item, layout, self._line))
            self._line += 1
        elif isinstance(item, PageTable):
            self._add_table(item)
        else:
            self._end_table()
            self._end_paragraph()
            self._blocks.append(item)

    def finish(self) -> tuple[Block, ...]:
        self._end_table()
        self._end_paragraph()
        return tuple(self._blocks)

    def _add_table(self, table: PageTable) -> None:
        self._end_paragraph()
        ruled = table.cells[0].width != UNRULED
        if self._table is not None and ruled and goes_on(self._table, table):
            add_page(self._table, table)
            return
        self._end_table()
        self._table = start_table(table)

    def _end_table(self) -> None:
        if self._table is not None:
            made, self._line = finish_table(self._table, self._line)
            self._put(made)
            self._table = None

    def _end_paragraph(self) -> None:
        self._put(self._paragraphs.finish(self._line))

    def _put(self, block: Paragraph | Table | None) -> None:
        if block is not None:
            self._blocks.append(block)
