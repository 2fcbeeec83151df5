"""Finds the numbers that somebody is to reach, with what they are numbers of.

A passage is searched where goals are written: its whole text, or the task, product and goal of a table row. Each
such region is cut into clauses; each number with a unit is judged by the words around it; and the wording of those
that are targets is taken from between their neighbours.
"""

from __future__ import annotations

from cchc_extract.findings.targets.cells import find_cell_targets
from cchc_extract.findings.targets.fields import title_year
from cchc_extract.findings.targets.regions import find_region_targets, find_regions
from cchc_extract.model import Passage, TargetFinding
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold

__all__ = ["find_targets"]


def find_targets(index: int, passage: Passage, patterns: Patterns, year: int | None) -> tuple[TargetFinding, ...]:
    """The targets of a passage in the order of its text; `index` is the passage's, `year` the plan's last.

    Guarantees: `passage.text[start:end]` is the quote and holds the number (for a score row, the row from its name
    to the cell of the number); amounts are the digits as written; comparator, change and the five levels of scope
    are of fixed words, all else is the passage's own.
    """
    if not any(digit in passage.text for digit in "123456789"):
        return ()
    year = title_year(tuple(fold(title) for title in passage.titles), patterns) or year
    cells = find_cell_targets(index, passage, year, patterns)
    if passage.use == "score" and cells:
        return cells
    texts = (
        finding
        for region in find_regions(passage, patterns)
        for finding in find_region_targets(index, passage, region, year, patterns)
    )
    return (*texts, *cells)
