"""Tells the numbers that somebody is to reach from all the others. In doubt a number is none."""

from __future__ import annotations

from typing import NamedTuple

from cchc_extract.findings.targets.amounts import Amount
from cchc_extract.findings.targets.clauses import Clause
from cchc_extract.findings.targets.lead import Lead
from cchc_extract.patterns import Patterns

_LOOK_BACK = 300  # characters of a sentence before a number that can say what the number is
_BOUNDS = frozenset({">=", "<="})
_REACHED = frozenset({">=", "<=", "aim", "reach", "share", "level", "increase", "decrease"})
_CUT = frozenset({"level", "increase", "decrease"})


class Candidate(NamedTuple):
    """A number in its place. `goal`: it stands where goals and products are listed. `link`: see `links.py`."""

    amount: Amount
    clause: Clause
    lead: Lead
    goal: bool
    link: str | None = None


def is_target(text: str, candidate: Candidate, patterns: Patterns) -> bool:
    """Whether the number is one to be reached, from the words around it in the folded text."""
    if _is_otherwise(text, candidate, patterns):
        return False
    if candidate.link in ("level", "part"):
        return True
    kind = candidate.amount.kind
    if kind in ("percent", "rank"):
        return True
    if _is_bounded(text, candidate, patterns):
        return kind != "time" and not (kind == "unknown" and _is_physical(candidate.amount, patterns))
    roles = frozenset(candidate.lead.roles)
    if kind == "time":
        return bool(roles & _CUT)
    if kind == "measure":
        return bool(roles & _REACHED) or (candidate.goal and _ends_quantity(text, candidate, patterns))
    return kind == "noun" and (candidate.link == "and" or bool(roles & _REACHED) or _is_made(text, candidate, patterns))


def _is_otherwise(text: str, candidate: Candidate, patterns: Patterns) -> bool:
    """A state of things, a condition, a kind of thing, or the value from which a change starts."""
    amount, clause = candidate.amount, candidate.clause
    head = text[max(clause.sentence, amount.start - _LOOK_BACK) : amount.start]
    if patterns.rule("target.kind").search(head[-60:]) or _after(text, amount, "target.kind_after", patterns):
        return True
    if _after(text, amount, "target.start_value", patterns):
        return True
    if patterns.rule("target.condition").search(text[max(clause.start, amount.start - _LOOK_BACK) : amount.start]):
        return True
    state = max((m.start() for m in patterns.rule("target.state").finditer(head)), default=-1)
    return state >= 0 and state > max((m.start() for m in patterns.rule("target.aim").finditer(head)), default=-1)


def _after(text: str, amount: Amount, rule: str, patterns: Patterns) -> bool:
    return patterns.rule(rule).match(text[amount.end : amount.end + 40]) is not None


def _is_bounded(text: str, candidate: Candidate, patterns: Patterns) -> bool:
    after = text[candidate.amount.end : candidate.amount.end + 20]
    return bool(_BOUNDS & set(candidate.lead.roles)) or any(
        rule.match(after) for rule in patterns.group("target.bound_after")
    )


def _is_physical(amount: Amount, patterns: Patterns) -> bool:
    return amount.unit is None or amount.unit.split()[0] in patterns.words("target.physical")


def _ends_quantity(text: str, candidate: Candidate, patterns: Patterns) -> bool:
    """The clause begins as the name of a quantity, or completes one, and ends with the number."""
    clause, amount = candidate.clause, candidate.amount
    head = text[clause.start : candidate.lead.start].lstrip("-+• \t\n")
    if not head and clause.before:
        head = text[slice(*clause.before)].lstrip("-+• \t\n") + " "
    rest = text[amount.end : clause.end].strip()
    if rest or patterns.rule("target.price").search(head):
        return False
    return patterns.rule("target.starts_as_measure").match(head) is not None


def _is_made(text: str, candidate: Candidate, patterns: Patterns) -> bool:
    """So many things are to be made, by each of several bodies, or are the very first words where goals are listed."""
    amount, clause = candidate.amount, candidate.clause
    several = amount.text.lstrip("0") != "1"
    if "make" in candidate.lead.roles:
        return candidate.goal or several
    opening = patterns.rule("target.opening").match(text[clause.start : amount.start])
    start = clause.start + (opening.end() if opening else 0)
    if patterns.rule("target.each").match(text[start : amount.start]):
        return True
    return candidate.goal and start == amount.start and (several or clause.end > amount.end)
