"""What the words around a number say of it: bound, change, baseline, year, level."""

from __future__ import annotations

from functools import lru_cache

from cchc_extract.findings.targets.judge import Candidate
from cchc_extract.findings.targets.lead import COMPARATORS, SCOPES
from cchc_extract.patterns import Patterns

_NEAR = 200  # characters after a number in which its bound, baseline or year stands


def bound_of(text: str, candidate: Candidate, patterns: Patterns) -> str | None:
    """The comparator that the number's own words state, or None where they state none."""
    amount, lead = candidate.amount, candidate.lead
    before = lead.first(COMPARATORS)
    if before == ">" and patterns.rule("target.negation").search(
        text[max(candidate.clause.start, lead.start - 80) : lead.start]
    ):
        return "<="
    if before is not None:
        return before
    rest = text[amount.end : min(candidate.clause.end, amount.end + _NEAR)]
    for rule in patterns.group("target.bound_after"):
        if rule.match(rest):
            return rule.value
    if amount.kind == "rank" and patterns.rule("target.rank_group").search(text[amount.cue : amount.start]):
        return "<="
    return ">=" if patterns.rule("target.bound_apart").match(rest) else None


def baseline_of(text: str, start: int, end: int, patterns: Patterns) -> tuple[int, int] | None:
    """Where the baseline stands in the words that follow a number."""
    found = patterns.rule("target.baseline").search(text[start : min(end, start + _NEAR)])
    return (start + found.start("baseline"), start + found.end("baseline")) if found else None


def year_of(text: str, candidate: Candidate, patterns: Patterns) -> int | None:
    """The year that the sentence sets for the number, or None."""
    amount, clause = candidate.amount, candidate.clause
    rest = text[amount.end : min(clause.end, amount.end + _NEAR)]
    after = patterns.rule("target.year_after").match(rest) or patterns.rule("target.year_late").search(rest)
    if after:
        return int(after["year"])
    head = text[max(clause.sentence, amount.start - _NEAR) : amount.start]
    found = list(patterns.rule("target.year_before").finditer(head.lstrip("-+• \t\n")))
    return int(found[-1]["year"]) if found else None


@lru_cache(maxsize=256)  # all passages under a heading ask for the same
def title_year(titles: tuple[str, ...], patterns: Patterns) -> int | None:
    """The year of the nearest heading (folded, nearest last) that sets one for the goals below it."""
    found = (patterns.rule("target.year_title").search(title) for title in reversed(titles))
    return next((int(match["year"]) for match in found if match), None)


def lead_scope(text: str, candidate: Candidate, patterns: Patterns) -> str | None:
    """The level or kind of place that the lead-in names, where it is no part of the words before it."""
    scope = candidate.lead.first(SCOPES)
    if scope is None or candidate.link == "level" or scope in ("rural", "remote"):
        return scope
    lead = candidate.lead.start
    if patterns.rule("target.at_level").search(text[lead : candidate.amount.start]):
        return scope
    return phrase_scope(text[max(candidate.clause.start, lead - _NEAR) : candidate.amount.start], patterns)


def each_scope(text: str, candidate: Candidate, patterns: Patterns) -> str | None:
    """The level where the clause says that each body of it is to reach the number."""
    clause = candidate.clause
    opening = patterns.rule("target.opening").match(text[clause.start : candidate.amount.start])
    start = clause.start + (opening.end() if opening else 0)
    found = patterns.rule("target.each").match(text[start : start + 40])
    return level_name(found["level"], patterns) if found else None


def phrase_scope(phrase: str, patterns: Patterns) -> str | None:
    """The one level of government that a (folded) noun phrase names as that of the thing counted.

    A phrase that begins with several levels is a scope as it is written; otherwise several levels are none.
    """
    levels = list(patterns.rule("target.level").finditer(phrase))
    if levels and levels[0].start() == 0 and levels[0]["list"]:
        return levels[0][0]
    if len(levels) != 1 or levels[0]["list"] or patterns.rule("target.proper_name").search(phrase[: levels[0].start()]):
        return None
    return level_name(levels[0]["level"], patterns)


def head_scope(phrase: str, patterns: Patterns) -> str | None:
    """As `phrase_scope`, of the words before what is said of them."""
    predicate = patterns.rule("target.predicate").search(phrase)
    return phrase_scope(phrase[: predicate.start()] if predicate else phrase, patterns)


def level_name(word: str, patterns: Patterns) -> str | None:
    """The level that a unit or a level's word stands for."""
    lists = (entry for id, entry in patterns.word_lists.items() if id.startswith("target.level."))
    return next((entry.value for entry in lists if " ".join(word.split()) in entry.words), None)


def step_change(text: str, candidate: Candidate, patterns: Patterns) -> str | None:
    """The change that a number of steps is: "lên 02 bậc" is no level, for steps only measure a difference."""
    if candidate.amount.unit not in patterns.words("target.step_units"):
        return None
    lead = text[candidate.lead.start : candidate.amount.start]
    return next((rule.value for rule in patterns.group("target.step") if rule.search(lead)), None)
