"""Document to Outline: the facts of the document and its heading tree, with every block in its place.

Guarantees to later stages: every section has a kind; a heading that the numbering shows to be lost is a section
without marker and title, named in a warning; every block of the body is a node, parents before children.
"""

from __future__ import annotations

from cchc_extract.model import Document, Outline
from cchc_extract.normalise.areas import is_reform_plan
from cchc_extract.outline.facts import read_facts
from cchc_extract.outline.sections import tree_to_sections
from cchc_extract.outline.tree import blocks_to_tree
from cchc_extract.patterns import Patterns

__all__ = ["outline"]


def outline(document: Document, patterns: Patterns) -> Outline:
    """A clean Document to its Outline."""
    facts = read_facts(document, patterns)
    branches, warnings = blocks_to_tree(document.blocks, patterns)
    front = " ".join([facts.title or "", *(b.text for b in branches[:12] if b.kind == "front")])
    sections, nodes = tree_to_sections(branches, patterns, is_reform_plan(front, patterns))
    return Outline(document, facts, sections, nodes, tuple(warnings))
