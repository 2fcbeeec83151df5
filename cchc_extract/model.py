"""Every record type that passes between the stages, and nothing else.

The stages are functions from one of these values to the next:
Source -> Document -> Outline -> Passages -> Findings -> Plan. All are frozen; the place of a record (its span) takes
no part in equality, so that the same plan read from two containers compares equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

SCHEMA_VERSION = "1.0"

AREAS = (
    "direction", "institutions", "procedures", "apparatus", "civil-service", "public-finance", "digital", "impact",
)  # fmt: skip
SECTION_KINDS = (
    "objectives", "requirements", "tasks", "assignments", "funding", "appendix", "template", "other",
)  # fmt: skip


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


# --- what a reader gives ------------------------------------------------------------------------------------------


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


# --- what cleaning gives ------------------------------------------------------------------------------------------


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


# --- what the outline gives ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Agency:
    """A body that is named: canonical id and name (null where the registry does not know it), the source's words.

    kind: agency | group | person | unknown; level: central | province | district | commune | null.
    """

    id: str | None
    name: str | None
    text: str
    kind: str = "agency"
    level: str | None = "province"


@dataclass(frozen=True, slots=True)
class Province:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Signer:
    name: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Attached:
    """The decision a plan is attached to."""

    type: str
    number: str | None
    issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class Period:
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the head, the foot and the captions say of the document itself; null where they do not say it."""

    type: str | None = None
    number: str | None = None
    title: str | None = None
    issued_on: date | None = None
    effective_on: date | None = None
    issuer: Agency | None = None
    province: Province | None = None
    signer: Signer | None = None
    attached_to: Attached | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the tree. `marker` and `title` are null where the heading was lost."""

    id: str
    parent: str | None
    level: int
    marker: str | None
    title: str | None
    kind: str
    area: str | None
    span: Span = field(compare=False)
    inferred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A paragraph or table in its place in the tree: `parent` is the index of the node it stands under.

    role: heading | item | text | label | table | front (before the first heading). `label` tells what words opened
    the paragraph and were cut from `text`: lead, coordinating, implementer, deadline, product (the node is a label
    line and `text` its value), task, objective or agency (a run-in label before a work); `label_text` is those words.
    `doubtful`: a heading was lost nearby, so that the heading above may not be this node's.
    """

    block: Block
    marker: str | None
    text: str
    parent: int | None
    section: str | None
    role: str
    label: str | None = None
    label_text: str | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """The facts, the heading tree, and every block of the body placed in it."""

    document: Document
    facts: Facts
    sections: tuple[Section, ...]
    nodes: tuple[Node, ...]
    warnings: tuple[Warn, ...] = ()


# --- one shape for rows and paragraphs ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a passage's text and what it is: task, product, lead, coordinating, deadline, max, goal, rank."""

    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph or a table row: one text space, whose stretches are named by `parts`.

    `use`: task | objective | score | note. `origin`: appendix | narrative | assignment | null.
    `given` holds what stands outside the text and applies to it: role -> the words. The roles are those of parts, and
    implementer (a block's "Cơ quan thực hiện:" line) and agency (a run-in label "Sở Nội vụ: ..."). `titles` are the
    titles of the headings above, the nearest last. Fields named in `inferred` were concluded, not written here.
    `last_dates`: the time column says that its entries are last dates.
    """

    text: str
    span: Span = field(compare=False)
    use: str
    origin: str | None
    marker: str | None
    section: str | None
    area: str | None
    parts: tuple[Part, ...]
    given: Mapping[str, str] = field(default_factory=dict)
    titles: tuple[str, ...] = ()
    inferred: tuple[str, ...] = ()
    last_dates: bool = False

    def part(self, role: str) -> str | None:
        """The text of the first part of that role, or None where the passage has none."""
        for part in self.parts:
            if part.role == role:
                return self.text[part.start : part.end]
        return None


@dataclass(frozen=True, slots=True)
class Passages:
    """The passages of a document, and its sections with those that the group rows of tables make, in order."""

    outline: Outline
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    warnings: tuple[Warn, ...] = ()


# --- what is found in them ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TaskFinding:
    """A task's words: `start`:`end` is its text in the passage's; the rest are the raw words of its fields.

    `deadlines` are the words of a time cell or label line; deadlines inside the task's own sentence are found in
    `sentence` (null for table rows, whose time has a cell of its own).
    """

    passage: int
    start: int
    end: int
    lead: tuple[str, ...]
    coordinating: tuple[str, ...]
    products: tuple[str, ...]
    deadlines: tuple[str, ...]
    sentence: str | None = None
    inferred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetFinding:
    """A number somebody is to reach, as words: `start`:`end` is the quote in the passage's text."""

    passage: int
    start: int
    end: int
    indicator: str
    comparator: str | None
    amount: str
    amount_max: str | None
    out_of: str | None
    unit: str | None
    change: str | None
    baseline: str | None
    scope: str | None
    year: int | None


@dataclass(frozen=True, slots=True)
class ReferenceFinding:
    """A legal document named in a text, as words."""

    passage: int
    start: int
    end: int
    type: str
    number: str
    issued_on: str | None
    issuer: str | None


@dataclass(frozen=True, slots=True)
class Findings:
    passages: Passages
    tasks: tuple[TaskFinding, ...]
    targets: tuple[TargetFinding, ...]
    references: tuple[ReferenceFinding, ...]
    warnings: tuple[Warn, ...] = ()


# --- the result ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deadline:
    """kind: during | by | ongoing | recurring | rule | event; every: week | month | quarter | half-year | year."""

    text: str
    kind: str
    start: date | None = None
    end: date | None = None
    every: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    id: str
    origin: str
    marker: str | None
    text: str
    area: str | None
    section: str | None
    lead: tuple[Agency, ...]
    coordinating: tuple[Agency, ...]
    products: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    targets: tuple[str, ...]
    span: Span = field(compare=False)
    inferred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    id: str
    quote: str
    indicator: str
    comparator: str | None
    value: int | float
    value_max: int | float | None
    out_of: int | float | None
    unit: str | None
    change: str | None
    baseline: str | None
    scope: str | None
    year: int | None
    task: str | None
    section: str | None
    span: Span = field(compare=False)
    inferred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    type: str
    number: str
    issued_on: date | None
    issuer: str | None
    spans: tuple[Span, ...] = field(compare=False, default=())


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything extracted from one document; what the writers write."""

    source: Source
    facts: Facts
    sections: tuple[Section, ...]
    tasks: tuple[Task, ...]
    targets: tuple[Target, ...]
    references: tuple[Reference, ...]
    duplicates: tuple[Duplicate, ...]
    warnings: tuple[Warn, ...]
