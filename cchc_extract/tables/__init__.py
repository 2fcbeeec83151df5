"""Outline to Passages: rows and paragraphs become one shape, and title rows become sections.

Guarantees to later stages: no code after this knows that tables exist; a passage's text is the only text that
offsets refer to; every row of a table of tasks or targets is a passage, a section, part of a header, or a warning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cchc_extract.model import Node, Outline, Part, Passage, Passages, Section, Table, Warn
from cchc_extract.normalise.areas import is_reform_plan
from cchc_extract.patterns import Patterns
from cchc_extract.tables.columns import Columns, read_columns
from cchc_extract.tables.grid import spread_merged
from cchc_extract.tables.groups import Group, entries_to_groups
from cchc_extract.tables.passages import empty_passage, entry_to_passage, find_scopes, node_to_passage
from cchc_extract.tables.rows import table_to_entries
from cchc_extract.vietnamese import join_spaces

__all__ = ["outline_to_passages"]


@dataclass(slots=True)
class _Made:
    sections: list[Section] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    warnings: list[Warn] = field(default_factory=list)


def outline_to_passages(outline: Outline, patterns: Patterns) -> Passages:
    """Every node of an Outline as passages, in order; section ids are given anew so that they count in order."""
    given = {section.id: section for section in outline.sections}
    scopes = find_scopes(outline, given, patterns)
    front = " ".join([outline.facts.title or "", *(n.text for n in outline.nodes[:12] if n.role == "front")])
    reform = is_reform_plan(front, patterns)
    made = _Made()
    for index, node in enumerate(outline.nodes):
        if node.role == "heading":
            made.sections.append(given[node.section or ""])
        elif isinstance(node.block, Table):
            _add_table(node, node.block, made, patterns, reform)
        elif node.role != "label" and node.text:
            made.passages.append(node_to_passage(index, outline, given, scopes, patterns))
    return _renumber(outline, made)


def _add_table(node: Node, table: Table, made: _Made, patterns: Patterns, reform: bool) -> None:
    table = spread_merged(table)
    columns = read_columns(table, patterns)
    if columns is None:
        made.passages += [_plain_row(node, index, table) for index in range(len(table.rows))]
        return
    entries, warnings = table_to_entries(table, columns, patterns)
    made.warnings += warnings
    if columns.holds_scores:
        place = empty_passage(node.section, None, (), (), columns.last_dates)
        made.passages += [entry_to_passage(entry, "score", place, columns.titles) for entry in entries]
        return
    _add_groups(node, entries_to_groups(entries, patterns, reform), columns, made)


def _plain_row(node: Node, index: int, table: Table) -> Passage:
    """A row of a table that is none of tasks or targets: kept as a note, so that its references are found."""
    row = table.rows[index]
    text = join_spaces(" ".join(cell.text for cell in row.cells))
    return Passage(text, row.span, "note", None, None, node.section, None, (Part("task", 0, len(text)),))


def _add_groups(node: Node, groups: Sequence[Group], columns: Columns, made: _Made) -> None:
    above = next((s for s in reversed(made.sections) if s.id == node.section), None)
    open_sections: list[Section] = [above] if above else []
    base = len(open_sections)
    for group in groups:
        if group.title is not None:
            del open_sections[base + group.depth - 1 :]
            open_sections.append(
                _title_to_section(group, open_sections[-1] if open_sections else None, len(made.sections))
            )
            made.sections.append(open_sections[-1])
        else:
            del open_sections[base + group.depth - 1 + (0 if group.lost else 1) :]
        if group.lost and group.works:
            message = "the count of the rows begins again: a title row before this was lost"
            made.warnings.append(Warn("lost-heading", message, group.works[0].span))
        section = open_sections[-1] if open_sections else None
        titles = [s.title for s in open_sections if s.title]
        inferred = ("area",) if group.inferred else ()
        place = empty_passage(section.id if section else None, group.area, titles, inferred, columns.last_dates)
        made.passages += [entry_to_passage(work, "task", place, columns.titles) for work in group.works]


def _title_to_section(group: Group, above: Section | None, count: int) -> Section:
    assert group.title is not None
    return Section(
        id=f"row{count}",
        parent=above.id if above else None,
        level=above.level + 1 if above else 1,
        marker=group.title.marker,
        title=join_spaces(group.title.cells["task"]).rstrip(" :") or None,
        kind="appendix",
        area=group.area,
        span=group.title.span,
        inferred=("area",) if group.inferred else (),
    )


def _renumber(outline: Outline, made: _Made) -> Passages:
    names = {section.id: f"s{n}" for n, section in enumerate(made.sections, 1)}
    sections = tuple(
        replace(s, id=names[s.id], parent=names.get(s.parent) if s.parent else None) for s in made.sections
    )
    passages = tuple(
        p if p.section is None or names.get(p.section) == p.section else replace(p, section=names.get(p.section))
        for p in made.passages
    )
    return Passages(outline, sections, passages, tuple(made.warnings))
