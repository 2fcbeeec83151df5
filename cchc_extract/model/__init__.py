"""Every record type that passes between the stages, and nothing else.

The stages are functions from one of these values to the next:
Source -> Document -> Outline -> Passages -> Findings -> Plan. All are frozen; the place of a record (its span) takes
no part in equality, so that the same plan read from two containers compares equal.
"""

from __future__ import annotations

from cchc_extract.model.outline import (
    Agency,
    Attached,
    Facts,
    Findings,
    Node,
    Outline,
    Part,
    Passage,
    Passages,
    Period,
    Province,
    ReferenceFinding,
    Section,
    Signer,
    Successor,
    TargetFinding,
    TaskFinding,
)
from cchc_extract.model.plan import (
    Deadline,
    Plan,
    Reference,
    Target,
    Task,
)
from cchc_extract.model.source import (
    Block,
    Cell,
    Document,
    Duplicate,
    Paragraph,
    Removed,
    Row,
    Source,
    Span,
    Table,
    Warn,
)

__all__ = [
    "AREAS",
    "SCHEMA_VERSION",
    "SECTION_KINDS",
    "Agency",
    "Attached",
    "Block",
    "Cell",
    "Deadline",
    "Document",
    "Duplicate",
    "Facts",
    "Findings",
    "Node",
    "Outline",
    "Paragraph",
    "Part",
    "Passage",
    "Passages",
    "Period",
    "Plan",
    "Province",
    "Reference",
    "ReferenceFinding",
    "Removed",
    "Row",
    "Section",
    "Signer",
    "Source",
    "Span",
    "Successor",
    "Table",
    "Target",
    "TargetFinding",
    "Task",
    "TaskFinding",
    "Warn",
]

SCHEMA_VERSION = "1.1"

AREAS = (
    "direction", "institutions", "procedures", "apparatus", "civil-service", "public-finance", "digital", "impact",
)  # fmt: skip
SECTION_KINDS = (
    "objectives", "requirements", "tasks", "assignments", "funding", "appendix", "template", "other",
)  # fmt: skip
