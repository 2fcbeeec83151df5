"""The tree to sections and placed nodes: which branches are headings, of which kind and area the sections are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from cchc_extract.model import Node, Paragraph, Section
from cchc_extract.normalise.agencies import is_agency_list
from cchc_extract.normalise.areas import infer_areas, parse_area
from cchc_extract.normalise.markers import WIDE_KINDS
from cchc_extract.outline.tree import Branch, is_title
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold

_ALWAYS = WIDE_KINDS | {"caption", "caps", "lost"}
_ATTRIBUTES = frozenset({"lead", "coordinating", "implementer", "deadline", "product"})
_NO_AREA = frozenset({"objectives", "requirements", "assignments", "funding"})
_MAX_LABEL = 200  # characters of a run-in label that names agencies
_MAX_HEADING = 90  # characters: a longer paragraph that ends in a stop is a sentence


class Role(NamedTuple):
    """What a branch is: heading | item | text | label | table | front | note, its words, and the label cut off them."""

    name: str
    text: str
    label: str | None = None
    label_text: str | None = None


def tree_to_sections(
    branches: Sequence[Branch], patterns: Patterns, reform: bool
) -> tuple[tuple[Section, ...], tuple[Node, ...]]:
    """Sections in document order and a node for every branch with a block (and one for a run-in sentence)."""
    roles = branches_to_roles(branches, patterns)
    sections = _make_sections(branches, roles, patterns, reform)
    nodes = _make_nodes(branches, roles, sections, patterns)
    return tuple(sections[index] for index in sorted(sections)), nodes


# --- roles --------------------------------------------------------------------------------------------------------


def branches_to_roles(branches: Sequence[Branch], patterns: Patterns) -> list[Role]:
    """A role for each branch; children are decided before parents, for a parent's role hangs on theirs."""
    roles: list[Role] = [Role("text", "")] * len(branches)
    for index in range(len(branches) - 1, -1, -1):
        roles[index] = _branch_to_role(branches[index], [roles[child] for child in branches[index].children], patterns)
    return roles


def _branch_to_role(branch: Branch, children: Sequence[Role], patterns: Patterns) -> Role:
    if branch.kind in ("table", "front", "note"):
        return Role(branch.kind, branch.text)
    if branch.kind in _ALWAYS:
        return Role("heading", _strip_title(branch.text))
    label = find_label(branch.text, patterns)
    if label is not None and not (label.label == "task" and not label.text and not children):
        return _label_role(branch, label)
    if branch.kind == "word":
        return Role("heading", _strip_title(branch.text.partition(".")[0]))
    if any(child.name != "label" and child.name != "note" for child in children) and not _states_work(branch):
        return Role("heading", _strip_title(branch.text))
    if _is_bare_title(branch, bool(children), patterns):
        return Role("heading", _strip_title(branch.text))
    return _run_in_agency(branch, patterns) or Role("text" if branch.kind == "text" else "item", branch.text)


def _states_work(branch: Branch) -> bool:
    """A long sentence that ends: it says a work of its own, whatever stands below it."""
    return branch.marker is not None and len(branch.text) > _MAX_HEADING and not is_title(branch.text)


def _label_role(branch: Branch, label: Role) -> Role:
    if label.label in _ATTRIBUTES and label.text:
        return label
    if label.text:  # "b) Nhiệm vụ, giải pháp: Thực hiện ..."
        return label._replace(name="item")
    return Role("heading", _strip_title(branch.text), label.label, label.label_text)


def find_label(text: str, patterns: Patterns) -> Role | None:
    """The label that opens a paragraph: a `label` role whose text is what follows it."""
    folded = fold(text[:_MAX_LABEL])
    if ":" not in folded and len(text) > 60:
        return None
    for rule in patterns.group("label"):
        if match := rule.match(folded):
            return Role("label", text[match.end() :].strip(), rule.value, text[: match.end()].rstrip(" :"))
    return None


def _is_bare_title(branch: Branch, has_labels: bool, patterns: Patterns) -> bool:
    """A heading that has nothing below it: it ends in a colon or names nothing but agencies."""
    if has_labels or branch.kind in ("text", "intro"):
        return branch.kind == "intro"
    if branch.text.endswith(":") and is_title(branch.text):
        return True
    return len(branch.text) <= _MAX_LABEL and is_title(branch.text) and is_agency_list(branch.text, patterns)


def _run_in_agency(branch: Branch, patterns: Patterns) -> Role | None:
    """ "3. Sở Tư pháp: Chủ trì, ...": an item whose doer stands before a colon."""
    head, colon, rest = branch.text.partition(":")
    if not colon or not rest.strip() or len(head) > _MAX_LABEL or not head[:1].isalpha():
        return None
    return Role("item", rest.strip(), "agency", head.strip()) if is_agency_list(head, patterns) else None


def _strip_title(text: str) -> str:
    return text.strip().rstrip(" :")


# --- sections -----------------------------------------------------------------------------------------------------


def _make_sections(
    branches: Sequence[Branch], roles: Sequence[Role], patterns: Patterns, reform: bool
) -> dict[int, Section]:
    sections: dict[int, Section] = {}
    for index, branch in enumerate(branches):
        if roles[index].name != "heading":
            continue
        above = _section_above(branches, sections, branch.parent)
        sections[index] = Section(
            id=f"s{len(sections) + 1}",
            parent=above.id if above else None,
            level=above.level + 1 if above else 1,
            marker=branch.marker.text if branch.marker else None,
            title=roles[index].text or None,
            kind=_kind(index, branches, roles, above, patterns),
            area=_area(roles[index].text, above, patterns, reform),
            span=branch.span,
        )
    return _infer_lost_areas(branches, roles, _without_areas(sections), patterns)


def _section_above(branches: Sequence[Branch], sections: dict[int, Section], parent: int | None) -> Section | None:
    while parent is not None:
        if parent in sections:
            return sections[parent]
        parent = branches[parent].parent
    return None


def _kind(
    index: int, branches: Sequence[Branch], roles: Sequence[Role], above: Section | None, patterns: Patterns
) -> str:
    branch = branches[index]
    if branch.kind == "caption":
        return "appendix"
    if roles[index].label in ("task", "objective"):
        return "tasks" if roles[index].label == "task" else "objectives"
    named = _named_kind(roles[index].text, patterns) if branch.kind != "lost" else None
    if above is None:
        return named or _kind_of_children(branch, roles, patterns)
    if above.kind in ("assignments", "appendix", "objectives") and named != "assignments":
        return above.kind if above.kind != "objectives" or named in (None, "objectives") else named
    return named or above.kind


def _named_kind(title: str, patterns: Patterns) -> str | None:
    folded = fold(title)
    return next((rule.value for rule in patterns.group("kind") if rule.search(folded)), None)


def _kind_of_children(branch: Branch, roles: Sequence[Role], patterns: Patterns) -> str:
    """A lost or silent heading is known by what stands under it: agencies share work out, areas hold the work."""
    titles = [roles[child].label_text or roles[child].text for child in branch.children[:12]]
    agencies = sum(len(title) <= _MAX_LABEL and is_agency_list(title, patterns) for title in titles)
    if agencies * 3 >= len(titles) > 0:
        return "assignments"
    if any(parse_area(title, patterns) for title in titles if len(title) <= _MAX_LABEL) or (
        branch.kind != "lost" and parse_area(branch.text, patterns)
    ):
        return "tasks"
    return "other"


def _area(title: str, above: Section | None, patterns: Patterns, reform: bool) -> str | None:
    """The widest heading that names an area decides; a title that only names the kind of section names none."""
    if above is not None and above.area is not None:
        return above.area
    return parse_area(title, patterns, reform) if title else None


def _without_areas(sections: dict[int, Section]) -> dict[int, Section]:
    return {
        index: replace(s, area=None) if s.kind in _NO_AREA or (s.kind == "appendix" and s.level == 1) else s
        for index, s in sections.items()
    }


def _infer_lost_areas(
    branches: Sequence[Branch], roles: Sequence[Role], sections: dict[int, Section], patterns: Patterns
) -> dict[int, Section]:
    """Areas for lost headings whose neighbours have areas, from the works below them."""
    parents = {branches[i].parent for i, s in sections.items() if branches[i].kind == "lost" and s.kind == "tasks"}
    for parent in parents:
        row = [i for i, s in sections.items() if branches[i].parent == parent and s.kind == "tasks"]
        known = [sections[i].area for i in row]
        if not any(known):
            continue
        texts = [[roles[child].text for child in branches[i].children] for i in row]
        for i, area in zip(row, infer_areas(texts, known, patterns), strict=True):
            if sections[i].area is None and area is not None:
                sections[i] = replace(sections[i], area=area, inferred=("area",))
    return sections


# --- nodes --------------------------------------------------------------------------------------------------------


def _make_nodes(
    branches: Sequence[Branch], roles: Sequence[Role], sections: dict[int, Section], patterns: Patterns
) -> tuple[Node, ...]:
    nodes: list[Node] = []
    place: dict[int, int] = {}  # branch -> its node
    for index, branch in enumerate(branches):
        role = roles[index]
        above = _section_above(branches, sections, index)
        parent = place.get(branch.parent) if branch.parent is not None else None
        place[index] = len(nodes)
        node = Node(
            block=branch.block or Paragraph("", branch.span),
            marker=branch.marker.text if branch.marker else None,
            text=role.text,
            parent=parent,
            section=above.id if above else None,
            role=role.name,
            label=role.label,
            label_text=role.label_text,
            doubtful=branch.doubtful,
        )
        nodes += _split_labels(node, len(nodes), patterns)
        if branch.kind == "word" and (rest := branch.text.partition(".")[2].strip()):
            nodes.append(Node(node.block, None, rest, place[index], node.section, "text"))
    return tuple(nodes)


def _split_labels(node: Node, index: int, patterns: Patterns) -> list[Node]:
    """A node and the label lines that ran into its paragraph: "... Cơ quan chủ trì: Sở Tư pháp; thời gian: Quý I."

    Behind a work the labels apply to it; behind another label they stand beside it.
    """
    if node.role not in ("item", "text", "label") or ":" not in node.text:
        return [node]
    found = _find_inner_labels(node.text, patterns)
    if not found:
        return [node]
    own = node.text[: found[0][0]].strip(" (;,")
    parent = node.parent if node.role == "label" else index
    nodes = [replace(node, text=own)]
    for (_, label), (end, _) in zip(found, [*found[1:], (len(node.text), None)], strict=True):
        value = node.text[label[1] : end].strip(" ;,.)")
        nodes.append(
            replace(node, marker=None, text=value, parent=parent, role="label", label=label[0], label_text=None)
        )
    return nodes


def _find_inner_labels(text: str, patterns: Patterns) -> list[tuple[int, tuple[str, int]]]:
    """Labels of attributes inside a text: where each begins, what it is, and where its words begin."""
    folded = fold(text)
    found = []
    for place in patterns.rule("label.inner_start").finditer(folded):
        window = folded[place.end() : place.end() + 60]
        if ":" not in window:
            continue
        for rule in patterns.group("label"):
            if rule.value in _ATTRIBUTES and (match := rule.match(window)):
                found.append((place.end(), (str(rule.value), place.end() + match.end())))
                break
    return found
