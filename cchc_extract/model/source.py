"""Where things stand in a source, what a reader gives, and what cleaning makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """Where something stands in the source: 1-based inclusive lines; page and bbox (points, top-left) for PDF only."""

    lines: tuple[int, int] | None = None
    page: int | None = None
    bbox: tuple[float, float, float, float] | None = None

    def to(self, last: Span) -> Span:
        """From the beginning of this place to the end of `last`; a box is kept only where both are on one page."""
        lines = (self.lines[0], last.lines[1]) if self.lines and last.lines else self.lines
        if self.bbox is None or last.bbox is None or self.page != last.page:
            return Span(lines, self.page, self.bbox)
        (x0, top, x1, bottom), (a0, a_top, a1, a_bottom) = self.bbox, last.bbox
        return Span(lines, self.page, (min(x0, a0), min(top, a_top), max(x1, a1), max(bottom, a_bottom)))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as the source has it: NFC, inner white space single. `gap`: a blank line stands before it.

    `bold`: set in bold (Markdown, Word).
    """

    text: str
    span: Span = field(compare=False)
    gap: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; the lines of its text are joined by a newline. Spans count rows and columns covered."""

    text: str
    span: Span = field(compare=False)
    row_span: int = 1
    col_span: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in order. A row may be shorter than its neighbours where the source lost cells; nothing is padded."""

    rows: tuple[Row, ...]
    span: Span = field(compare=False)


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Warn:
    """Something the user should know: a stable code, a sentence, and the place."""

    code: str
    message: str
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Source:
    """One document as read: blocks in reading order, nothing judged."""

    file: str
    sha256: str
    media_type: str
    blocks: tuple[Block, ...]
    pages: int | None = None
    encoding: str | None = None
    warnings: tuple[Warn, ...] = ()


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A run of blocks (`span`) that repeats an earlier one (`of`) and was removed."""

    span: Span
    of: Span


@dataclass(frozen=True, slots=True)
class Removed:
    """Blocks kept out of the body: letterhead, portal, recipients, signature, template, chrome, page-number."""

    kind: str
    block: Block


@dataclass(frozen=True, slots=True)
class Document:
    """The body of a document: sentences whole, furniture and repeats gone, every removal recorded."""

    source: Source
    blocks: tuple[Block, ...]
    removed: tuple[Removed, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    edits: tuple[Warn, ...] = ()
    warnings: tuple[Warn, ...] = ()
