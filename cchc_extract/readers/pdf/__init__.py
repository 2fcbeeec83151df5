"""A PDF to a Source: text and ruled tables from the places of letters and lines on its pages.

pages -> pieces and rules -> tables and lines -> furniture off -> columns -> paragraphs and tables over page ends.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import PurePath
from typing import NamedTuple

from cchc_extract.errors import UnsupportedInputError
from cchc_extract.model import Block, Source, Span, Warn
from cchc_extract.patterns import Patterns
from cchc_extract.readers.kinds import MEDIA_TYPES
from cchc_extract.readers.pdf import plumber
from cchc_extract.readers.pdf.cells import PageTable, grids_to_tables
from cchc_extract.readers.pdf.columns import split_columns
from cchc_extract.readers.pdf.flow import Flow
from cchc_extract.readers.pdf.furniture import (
    find_running_heads,
    remove_footnotes,
    remove_furniture,
    remove_signature_lines,
    remove_stamps,
)
from cchc_extract.readers.pdf.layer import is_unreadable
from cchc_extract.readers.pdf.lines import pieces_to_lines
from cchc_extract.readers.pdf.paragraphs import Layout, measure_layout
from cchc_extract.readers.pdf.pdfium import PdfFile
from cchc_extract.readers.pdf.pieces import Line, RawPage
from cchc_extract.readers.pdf.rulings import rules_to_grids

__all__ = ["pages_without_text", "read_pdf"]

_SECOND_TRIES = 5  # pages that PDFium gives up on and the slow library is asked for
Recognise = Callable[[int], tuple[Block, ...]]


class _Page(NamedTuple):
    """One page: the lines outside of tables and the tables, or the blocks that were recognised in its picture."""

    raw: RawPage
    lines: tuple[Line, ...] = ()
    tables: tuple[PageTable, ...] = ()
    recognised: tuple[Block, ...] = ()
    warnings: tuple[Warn, ...] = ()


def read_pdf(data: bytes, name: str, patterns: Patterns, recognise: Recognise | None = None) -> Source:
    """A PDF's bytes to a Source whose spans have pages and boxes; lines are counted through the document.

    `recognise` gives the blocks of a page (1-based) that has no text that can be read; without it such a page is left
    out with a warning. Raises UnsupportedInputError where the file is encrypted, damaged or empty.
    """
    pages = _clear(list(_read_pages(data, name, patterns, recognise)), patterns)
    count, warnings = len(pages), tuple(warning for page in pages for warning in page.warnings)
    return Source(
        file=PurePath(name).name,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=MEDIA_TYPES["pdf"],
        blocks=_pages_to_blocks(pages, patterns),
        pages=count,
        warnings=warnings,
    )


def _pages_to_blocks(pages: list[_Page], patterns: Patterns) -> tuple[Block, ...]:
    """The blocks of all pages; each page is dropped when its lines have been taken."""
    layouts = _layouts(pages)
    flow = Flow(patterns)
    pages.reverse()
    while pages:
        page = pages.pop()
        layout = layouts[round(page.raw.width)]
        for item in chain(_in_order(page, layout), page.recognised):
            flow.add(item, layout)
    return flow.finish()


def pages_without_text(data: bytes, name: str, patterns: Patterns) -> list[int]:
    """The pages (1-based) whose text can only be had by recognising their picture."""
    with PdfFile(data, name) as file:
        read = ((n + 1, file.read_page(n, patterns)) for n in range(len(file)))
        return [number for number, page in read if page is not None and is_unreadable(page, patterns)]


# --- pages --------------------------------------------------------------------------------------------------------


def _read_pages(data: bytes, name: str, patterns: Patterns, recognise: Recognise | None) -> Iterator[_Page]:
    most = patterns.limit("pdf.pages")
    with PdfFile(data, name) as file:
        if len(file) > most:
            raise UnsupportedInputError(name, f"has more than {most} pages", "split it, or raise the limit pdf.pages")
        damaged = 0
        for index in range(len(file)):
            raw = file.read_page(index, patterns)
            if raw is None and damaged < _SECOND_TRIES:
                raw = plumber.read_page(data, index, patterns)
            if raw is None:
                damaged += 1
                raw = RawPage(index + 1, 0.0, 0.0, (), (), 0.0)
                yield _Page(raw, warnings=(Warn("damaged-page", "the page cannot be read", Span(None, index + 1)),))
            else:
                yield _read_page(raw, patterns, recognise)
        if damaged == len(file):
            raise UnsupportedInputError(name, "is a damaged PDF", "get the file again")


def _read_page(raw: RawPage, patterns: Patterns, recognise: Recognise | None) -> _Page:
    if is_unreadable(raw, patterns):
        bare = raw._replace(pieces=(), rules=())
        if recognise is not None:
            return _Page(bare, recognised=recognise(raw.number))
        message = f"page {raw.number} holds no text that can be read: it is a picture or its letters are garbled"
        return _Page(bare, warnings=(Warn("no-text-layer", message, Span(None, raw.number)),))
    page, warnings = remove_stamps(raw, patterns)
    tables, rest = grids_to_tables(rules_to_grids(page.rules), page.pieces, page.number)
    lines = remove_signature_lines(pieces_to_lines(rest, page.number), patterns)
    return _Page(page._replace(pieces=(), rules=()), tuple(lines), tuple(tables), warnings=warnings)


def _clear(pages: Sequence[_Page], patterns: Patterns) -> list[_Page]:
    """The pages without what stands around their text."""
    heads = find_running_heads((page.raw, page.lines) for page in pages)
    sizes = Counter[float]()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size, 1)] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    return [_clear_page(page, heads, body, patterns) for page in pages]


def _clear_page(page: _Page, heads: frozenset[str], body: float, patterns: Patterns) -> _Page:
    lines = remove_furniture(page.raw, page.lines, heads, patterns)
    cleared = remove_footnotes(page.raw, lines, body, patterns)
    return page._replace(lines=cleared.lines, warnings=(*page.warnings, *cleared.warnings))


def _layouts(pages: Sequence[_Page]) -> dict[int, Layout]:
    """How pages are set, by their width: those of an appendix on its side have margins of their own."""
    lines: dict[int, list[Line]] = {}
    for page in pages:
        lines.setdefault(round(page.raw.width), []).extend(page.lines)
    return {width: measure_layout(found) for width, found in lines.items()}


def _in_order(page: _Page, layout: Layout) -> Iterator[Line | PageTable]:
    """Lines and tables from top to bottom; lines that stand side by side between two tables as a table of columns."""
    at = 0
    margins = (layout.left, layout.right)
    for table in sorted(page.tables, key=lambda table: table.box[1]):
        start = at
        while at < len(page.lines) and page.lines[at].y <= table.box[1] + 1:
            at += 1
        yield from split_columns(page.lines[start:at], margins)
        yield table
    yield from split_columns(page.lines[at:], margins)
