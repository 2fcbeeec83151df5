"""Pages that are pictures, to blocks, by Tesseract: images of pages, and PDF pages without a text layer.

A ruled table is cut into its cells by the lines found in the picture, so that a scanned appendix gives rows. Tesseract
is looked for only when a page has to be recognised; without it a MissingToolError says what to install.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from cchc_extract.errors import MISSING_TOOL, MissingToolError
from cchc_extract.model import Block, Paragraph, Row, Source, Span, Table, Warn
from cchc_extract.patterns import Patterns
from cchc_extract.readers.kinds import media_type_of
from cchc_extract.readers.pdf.rendering import render_page
from cchc_extract.readers.scan.images import Most, read_frames
from cchc_extract.readers.scan.pages import recognise_page
from cchc_extract.readers.scan.tesseract import require_tesseract, version

__all__ = [
    "PageRecogniser",
    "add_recognition",
    "read_image",
    "recognise_page",
    "shift_lines",
]


class PageRecogniser:
    """The hook of the PDF reader: a page's number to its blocks, whose lines are counted from 1 on the page.

    Keeps how many lines each page had, what there was to warn of, and the pages that could not be recognised because
    Tesseract is `missing`, for `add_recognition`.
    """

    def __init__(self, data: bytes, name: str, patterns: Patterns) -> None:
        self._data, self._name, self._patterns = data, name, patterns
        self.lines: dict[int, int] = {}
        self.warnings: list[Warn] = []
        self.unread: list[int] = []
        self.missing: MissingToolError | None = None

    def __call__(self, page: int) -> tuple[Block, ...]:
        try:
            require_tesseract(self._name)
        except MissingToolError as error:
            self.missing = error
            self.unread.append(page)
            return ()
        most = self._patterns.limit("scan.pages")
        if len(self.lines) >= most:
            message = f"not recognised: more than {most} pages are pictures; split the file"
            self.warnings.append(Warn("no-text-layer", f"page {page} is {message}", Span(page=page)))
            return ()
        image, dpi = render_page(self._data, self._name, page, self._patterns.limit("scan.megapixels"))
        recognised = recognise_page(image, page, f"{self._name}, page {page}", self._patterns, dpi)
        self.lines[page] = recognised.lines
        self.warnings += recognised.warnings
        return recognised.blocks


def add_recognition(source: Source, recogniser: PageRecogniser) -> Source:
    """A PDF's Source with its lines counted through the document, recognised pages and others, and the warnings.

    Pages that need Tesseract where it is missing get a warning; raises MissingToolError where all of them do.
    """
    warnings = (*source.warnings, *_missing(source, recogniser))
    if not recogniser.lines and not recogniser.warnings:
        return replace(source, warnings=warnings)
    blocks: list[Block] = []
    shifts: dict[int, int] = {}
    last = added = 0
    for block in source.blocks:
        page = block.span.page or 0
        if page in recogniser.lines and page not in shifts:
            shifts[page] = last
            added += recogniser.lines[page]
        (shifted,) = shift_lines((block,), shifts.get(page, added))
        blocks.append(shifted)
        last = max(last, shifted.span.lines[1] if shifted.span.lines else 0)
    doubts = (_shifted_warning(warning, shifts) for warning in recogniser.warnings)
    warnings = (*warnings, *_recognised(recogniser.lines), *doubts)
    return replace(source, blocks=tuple(blocks), warnings=warnings)


def _missing(source: Source, recogniser: PageRecogniser) -> tuple[Warn, ...]:
    error = recogniser.missing
    if error is None:
        return ()
    pages = _page_list(recogniser.unread)
    if not source.blocks:
        raise MissingToolError(f"{error.where}, {pages}", error.what, error.do)
    return (Warn(MISSING_TOOL, f"{pages} {error.what}; {error.do}", Span(page=recogniser.unread[0])),)


def _shifted_warning(warning: Warn, shifts: Mapping[int, int]) -> Warn:
    if warning.span is None:
        return warning
    return replace(warning, span=_shifted(warning.span, shifts.get(warning.span.page or 0, 0)))


def read_image(data: bytes, name: str, patterns: Patterns) -> Source:
    """An image of a page, or of several (TIFF), to a Source."""
    require_tesseract(name)
    blocks: list[Block] = []
    warnings: list[Warn] = []
    lines = pages = 0
    most = Most(patterns.limit("scan.megapixels"), patterns.limit("scan.pages"))
    for pages, image in enumerate(read_frames(data, name, most), 1):
        page = recognise_page(image, pages, name, patterns)
        blocks += shift_lines(page.blocks, lines)
        warnings += (_shifted_warning(warning, {pages: lines}) for warning in page.warnings)
        lines += page.lines
    return Source(
        file=PurePath(name).name,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=media_type_of(data, "image"),
        blocks=tuple(blocks),
        pages=pages,
        warnings=(*_recognised(range(1, pages + 1)), *warnings),
    )


def shift_lines(blocks: Iterable[Block], by: int) -> tuple[Block, ...]:
    """The blocks with their lines counted from `by` on: each page is recognised for itself.

    >>> shift_lines((Paragraph("a", Span((1, 2))),), 40)[0].span.lines
    (41, 42)
    """
    return tuple(_shifted_block(block, by) for block in blocks)


def _shifted_block(block: Block, by: int) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, span=_shifted(block.span, by))
    rows = tuple(_shifted_row(row, by) for row in block.rows)
    return Table(rows, _shifted(block.span, by))


def _shifted_row(row: Row, by: int) -> Row:
    return Row(tuple(replace(cell, span=_shifted(cell.span, by)) for cell in row.cells), _shifted(row.span, by))


def _shifted(span: Span, by: int) -> Span:
    return replace(span, lines=(span.lines[0] + by, span.lines[1] + by)) if span.lines else span


def _recognised(pages: Iterable[int]) -> tuple[Warn, ...]:
    numbers = sorted(pages)
    if not numbers:
        return ()
    message = f"{_page_list(numbers)} recognised by {version()}: letters may be wrong; check what matters"
    return (Warn("recognised", message, Span(page=numbers[0])),)


def _page_list(pages: Sequence[int]) -> str:
    """
    >>> _page_list([3]), _page_list([1, 2, 3, 7, 9, 10])
    ('page 3', 'pages 1-3, 7, 9-10')
    """
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    listed = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
    return f"page{'s' if len(pages) > 1 else ''} {listed}"
