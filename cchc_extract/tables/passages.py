"""Nodes and rows to passages: one text each, with what stands around it and applies to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cchc_extract.model import Node, Outline, Part, Passage, Section, Span
from cchc_extract.patterns import Patterns
from cchc_extract.tables.rows import Entry
from cchc_extract.vietnamese import fold

_ROW_ROLES = ("task", "product", "unit", "max", "goal", "rank", "lead", "coordinating", "deadline")
_NOTES = ("closing.sentence", "note.pointer", "note.citation")  # sentences that give no work
_USE = {
    "tasks": "task", "assignments": "task", "objectives": "objective", "requirements": "objective",
    "funding": "note", "appendix": "note", "template": "note", "other": "objective",
}  # fmt: skip
_ATTRIBUTES = ("lead", "coordinating", "implementer", "deadline", "product")

Scopes = Mapping[int | str, Mapping[str, str]]  # of a node by its index, of a section by its id


def node_to_passage(
    index: int, outline: Outline, sections: Mapping[str, Section], scopes: Scopes, patterns: Patterns
) -> Passage:
    """A paragraph's passage. `scopes` holds the label lines that apply to a section or to an item."""
    node = outline.nodes[index]
    section = sections.get(node.section or "")
    use = _node_use(node, section, outline, patterns)
    origin = "assignment" if section is not None and section.kind == "assignments" else "narrative"
    given = _given(index, section, sections, scopes) if use == "task" else {}
    if node.label == "agency" and node.label_text:
        given["agency"] = node.label_text
    inferred = ("area",) if section is not None and "area" in section.inferred else ()
    return Passage(
        text=node.text,
        span=node.block.span,
        use=use,
        origin=origin if use == "task" else None,
        marker=node.marker,
        section=node.section,
        area=section.area if section and origin == "narrative" and section.kind == "tasks" else None,
        parts=(Part("task", 0, len(node.text)),),
        given=given,
        titles=() if node.doubtful else _titles(section, sections),
        inferred=inferred,
    )


def _node_use(node: Node, section: Section | None, outline: Outline, patterns: Patterns) -> str:
    folded = fold(node.text)
    if node.role in ("front", "note"):
        return "objective" if node.text.endswith((":", ".")) else "note"
    if any(patterns.rule(name).match(folded) for name in _NOTES):
        return "note"
    if node.role == "text" and node.text.endswith(":"):
        return "note"  # it introduces what follows
    if node.label == "objective":
        return "objective"
    if section is not None and section.kind == "other" and _looks_back(section, patterns):
        return "note"
    is_plan = outline.facts.type in patterns.words("document.plan_types")
    if not is_plan:
        return "objective"
    if node.label == "task":
        return "task"
    use = _USE[section.kind] if section else "objective"
    if section is not None and section.kind == "other" and node.role == "item":
        return "task" if folded.startswith(patterns.words("task.verbs")) else use
    return use


def _looks_back(section: Section, patterns: Patterns) -> bool:
    return patterns.rule("kind.review").match(fold(section.title or "")) is not None


def _given(index: int, section: Section | None, sections: Mapping[str, Section], scopes: Scopes) -> dict[str, str]:
    """The label lines that apply: those of the item itself, then of the sections around it, the nearest first."""
    given = dict(scopes.get(index, {}))
    while section is not None:
        for role, words in scopes.get(section.id, {}).items():
            given.setdefault(role, words)
        section = sections.get(section.parent or "")
    return given


def _titles(section: Section | None, sections: Mapping[str, Section]) -> tuple[str, ...]:
    """Titles of the headings above, the nearest last; nothing is passed on over a heading that was lost."""
    titles: list[str] = []
    while section is not None and section.title is not None:
        titles.insert(0, section.title)
        section = sections.get(section.parent or "")
    return tuple(titles)


def find_scopes(outline: Outline, sections: Mapping[str, Section], patterns: Patterns) -> Scopes:
    """Which label lines apply where: to the item they stand under, else to the section, past titles that only
    introduce such lines ("Phân công trách nhiệm")."""
    scopes: dict[int | str, dict[str, str]] = {}
    heading = patterns.rule("label.heading")
    for node in outline.nodes:
        if node.role != "label" or node.label not in _ATTRIBUTES:
            continue
        if node.parent is not None and outline.nodes[node.parent].role in ("item", "text"):
            scopes.setdefault(node.parent, {}).setdefault(node.label, node.text)
            continue
        section = sections.get(node.section or "")
        while section is not None and section.title and section.parent and heading.match(fold(section.title)):
            section = sections.get(section.parent)
        if section is not None:
            scopes.setdefault(section.id, {}).setdefault(node.label, node.text)
    return scopes


def entry_to_passage(entry: Entry, use: str, place: Passage, titles: Mapping[str, str]) -> Passage:
    """A row's passage; `place` brings what all rows of its group share, `titles` those of the goal columns."""
    texts: list[str] = []
    parts: list[Part] = []
    at = 0
    for role in sorted(entry.cells, key=_row_order):
        words = entry.cells[role]
        if not words or role in entry.inferred or _row_order(role) == len(_ROW_ROLES):
            continue
        parts.append(Part(role.partition(".")[0], at, at + len(words), titles.get(role, "")))
        texts.append(words)
        at += len(words) + 1
    return Passage(
        text="\n".join(texts),
        span=entry.span,
        use=use,
        origin="appendix" if use == "task" else None,
        marker=entry.marker,
        section=place.section,
        area=place.area,
        parts=tuple(parts),
        given={role: entry.cells[role] for role in entry.inferred},
        titles=place.titles,
        inferred=(*entry.inferred, *place.inferred),
        last_dates=place.last_dates,
    )


def _row_order(role: str) -> int:
    kind = role.partition(".")[0]
    return _ROW_ROLES.index(kind) if kind in _ROW_ROLES else len(_ROW_ROLES)


def empty_passage(
    section: str | None, area: str | None, titles: Sequence[str], inferred: Sequence[str], last: bool
) -> Passage:
    """What the rows of a group share, as a passage without words."""
    return Passage("", Span(), "note", None, None, section, area, (), {}, tuple(titles), tuple(inferred), last)
