"""What the outline gives, the passages read from it, and what is found in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cchc_extract.model.source import Block, Document, Span, Warn


@dataclass(frozen=True, slots=True)
class Successor:
    """A body that has the work of another on some day."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Agency:
    """A body that is named: canonical id and name (null where the registry does not know it), the source's words.

    kind: agency | group | person | unknown; level: central | province | district | commune | null.
    match: how the words were found in the registry: exact | variant | abbreviation | fuzzy (misread or mistyped
    words), local (a registered kind of body of a district or commune); null where the registry does not know them.
    `confidence` goes with it, from 1 down to 0.75; it orders matches and is no probability. `province`: the code of
    the province whose body it is; null for the centre's and unknown ones. Where a person is named, `office` is the
    title and `of` the ids of the bodies that the person heads. `as_of`: who has its work on the day that was asked for;
    null where none was.
    """

    id: str | None
    name: str | None
    text: str
    kind: str = "agency"
    level: str | None = "province"
    match: str | None = None
    confidence: float | None = None
    province: str | None = None
    office: str | None = None
    of: tuple[str, ...] = ()
    as_of: tuple[Successor, ...] | None = None


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
    """What the head, the foot and the captions say of the document itself; null where they do not say it.

    `province` is what it was on the document's day, `province_today` the one it has become a part of.
    """

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
    province_today: Province | None = None


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


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a passage's text and what it is: task, product, lead, coordinating, deadline, max, goal, rank,
    unit. `title` is the title of the column it comes from, where a row has several of a role (a goal for each year).
    """

    role: str
    start: int
    end: int
    title: str = ""


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
    """A legal document named in a text, as words; `relation`: what the words before it make it to the plan."""

    passage: int
    start: int
    end: int
    type: str
    number: str
    issued_on: str | None
    issuer: str | None
    relation: str = "mention"


@dataclass(frozen=True, slots=True)
class Findings:
    passages: Passages
    tasks: tuple[TaskFinding, ...]
    targets: tuple[TargetFinding, ...]
    references: tuple[ReferenceFinding, ...]
    warnings: tuple[Warn, ...] = ()
