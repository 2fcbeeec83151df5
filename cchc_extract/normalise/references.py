"""References that were found -> one record for each document, with every place that names it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from cchc_extract.model import Reference, ReferenceFinding, Span
from cchc_extract.normalise.dates import parse_date
from cchc_extract.patterns import Patterns


@dataclass(slots=True)
class _Group:
    """The mentions of one document, while they are collected."""

    type: str
    number: str
    issued_on: date | None = None
    issuer: str | None = None
    spans: list[Span] = field(default_factory=list)

    def may_be(self, issued_on: date | None) -> bool:
        return issued_on is None or self.issued_on is None or issued_on.year == self.issued_on.year


def merge_references(found: Sequence[tuple[ReferenceFinding, Span]], patterns: Patterns) -> tuple[Reference, ...]:
    """One Reference per document in the order of first mention; date and issuer from the first mention that has them.

    The same type and number is the same document, but numbers begin anew each year: mentions dated in different
    years are different documents. A mention without a date is taken to mean the one last named.

    >>> from cchc_extract.patterns import load_patterns
    >>> short = ReferenceFinding(0, 0, 9, "nghị quyết", "01/NQ-CP", None, None)
    >>> full = ReferenceFinding(1, 0, 9, "nghị quyết", "01/NQ-CP", "08/01/2022", "Chính phủ")
    >>> other = ReferenceFinding(2, 0, 9, "nghị quyết", "01/NQ-CP", "01/01/2021", None)
    >>> merged = merge_references([(f, Span((n, n))) for n, f in enumerate((short, full, other), 1)], load_patterns())
    >>> [(r.number, str(r.issued_on), r.issuer, len(r.spans)) for r in merged]
    [('01/NQ-CP', '2022-01-08', 'Chính phủ', 2), ('01/NQ-CP', '2021-01-01', None, 1)]
    """
    groups: list[_Group] = []
    by_name: dict[tuple[str, str], list[_Group]] = {}
    for finding, span in found:
        issued_on = parse_date(finding.issued_on, patterns) if finding.issued_on else None
        named = by_name.setdefault((finding.type, finding.number), [])
        group = next((g for g in reversed(named) if g.may_be(issued_on)), None)
        if group is None:
            group = _Group(finding.type, finding.number)
            groups.append(group)
        else:
            named.remove(group)
        named.append(group)
        group.issued_on = group.issued_on or issued_on
        group.issuer = group.issuer or finding.issuer
        if span not in group.spans[-1:]:
            group.spans.append(span)
    return tuple(Reference(g.type, g.number, g.issued_on, g.issuer, tuple(g.spans)) for g in groups)
