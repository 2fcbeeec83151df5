"""Numbers that share the words of the one before them: a bound, an indicator, a change."""

from __future__ import annotations

from cchc_extract.findings.targets.amounts import Amount
from cchc_extract.findings.targets.judge import Candidate
from cchc_extract.findings.targets.lead import SCOPES
from cchc_extract.patterns import Patterns

_MARKS = " \t\n,;"
_NEAR = 200  # characters between two numbers that share words


def link_of(text: str, candidate: Candidate, last: Candidate | None, patterns: Patterns) -> str | None:
    """How a number hangs on the target before it, or None.

    level: the same for another level ('cấp tỉnh 84%, cấp huyện 68%'); part: so many of the things counted before,
    in one place; and: another thing under the same verb ('giảm 10% số lượng ... và 10% biên chế').
    """
    if last is None or candidate.lead.start - last.amount.end > _NEAR or candidate.lead.start < last.amount.end:
        return None
    between = text[last.amount.end : candidate.lead.start]
    same_unit = candidate.amount.unit == last.amount.unit
    conjunction = patterns.rule("target.conjunction").search(between[-12:])
    bare = not between.strip(_MARKS) or patterns.rule("target.conjunction").match(between)
    if same_unit and bare and candidate.lead.first(SCOPES):
        return "level"
    if same_unit and candidate.amount.kind == "noun" and _place(text, candidate, patterns):
        return "part"
    same_clause = candidate.clause.start <= last.amount.start < candidate.clause.end
    if same_clause and conjunction and not candidate.lead.roles and _like(candidate.amount, last.amount):
        return "and"
    return None


def _like(one: Amount, other: Amount) -> bool:
    return one.kind == other.kind and not (one.kind == "percent" and one.text == "100")


def _place(text: str, candidate: Candidate, patterns: Patterns) -> bool:
    return place_after(text, candidate, patterns) is not None


def place_after(text: str, candidate: Candidate, patterns: Patterns) -> tuple[int, int] | None:
    """Where the part of the territory that the number is for is named, right after it."""
    start = candidate.amount.end
    found = patterns.rule("target.place").match(text[start : candidate.clause.end])
    return (start + found.start("place"), start + found.end("place")) if found else None
