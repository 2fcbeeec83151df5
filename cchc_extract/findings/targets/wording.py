"""Which words name what a number measures, and which make up its quote."""

from __future__ import annotations

from typing import NamedTuple

from cchc_extract.findings.targets.judge import Candidate
from cchc_extract.findings.targets.lead import COMPARATORS, skip_opening
from cchc_extract.patterns import Patterns, Rule

_LOOK_BACK = 600  # characters in which the subject of a clause is looked for
_VERB = 25  # characters before the lead-in that belong to the quote where a clause begins so near
_NOUNS = frozenset({"noun", "topic", "paper", "unknown"})
_EDGE = " \t\n,;:.-–+•"


class Wording(NamedTuple):
    """The indicator (where it stands in the region, or the words themselves) and the quote's place in the region."""

    indicator: tuple[int, int] | None
    start: int
    end: int


def word_target(text: str, candidate: Candidate, low: int, high: int, patterns: Patterns) -> Wording:
    """The wording of a target whose words lie between `low` and `high` in the folded text of its region.

    The indicator is the thing counted, which follows the number, or the subject, which goes before it; None where
    the clause names neither.
    """
    subject = _subject(text, candidate, low, patterns)
    counted = _counted(text, candidate, high, patterns) if candidate.amount.kind != "rank" else None
    if counted is not None and not _is_measured(text, candidate, subject, counted, patterns):
        end = _with_baseline(text, counted[1], candidate.clause.end, patterns)
        return Wording(counted, _quote_start(text, candidate, low), end)
    end = _skip_bound(text, candidate.amount.end, high, patterns)
    end = _with_baseline(text, end, candidate.clause.end, patterns)
    if subject is None:
        return Wording(None, candidate.lead.start, end)
    before = candidate.clause.before
    inside = subject[0] >= low or (before is not None and before[0] <= subject[0] < before[1])
    return Wording(subject, subject[0] if inside else candidate.lead.start, end)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without space and marks at its ends, and without a bracket that it does not close or open."""
    while start < end and text[start] in _EDGE:
        start += 1
    while start < end and text[end - 1] in _EDGE:
        end -= 1
    piece = text[start:end]
    if piece.endswith(")") and piece.count(")") > piece.count("("):
        return trimmed(text, start, end - 1)
    if piece.rfind("(") > piece.rfind(")"):
        return trimmed(text, start, start + piece.rfind("("))
    return start, end


def _counted(text: str, candidate: Candidate, high: int, patterns: Patterns) -> tuple[int, int] | None:
    """The words after the number that name what it counts; for a counted noun the noun is the first of them."""
    amount = candidate.amount
    if amount.kind in _NOUNS:
        start = amount.noun
    else:
        start = _skip_remark(text, _skip_bound(text, amount.end, high, patterns), high, patterns)
        rest = text[start:high].lstrip()
        if not rest or rest[0] in ",;.:)/" or _is_adjunct(rest, patterns):
            return None
    preposition = patterns.rule("target.preposition").match(text[start:high].lstrip())
    if preposition and start == amount.end:
        start = text.index(preposition[0], start) + preposition.end()
    stop = patterns.rule("target.tail_end").search(text[start:high])
    start, end = trimmed(text, start, start + stop.start() if stop else high)
    for rule in (*patterns.group("target.bound_after"), patterns.rule("target.long_remark")):
        last = rule.search(text[start:end])
        if (
            last
            and last.start()
            and last.end() == end - start
            and _is_spare(text[start:end], rule, candidate, patterns)
        ):
            start, end = trimmed(text, start, start + last.start())
    return (start, end) if start < end else None


def _is_spare(counted: str, rule: Rule, candidate: Candidate, patterns: Patterns) -> bool:
    """Whether the rule's match at the end is no part of the name: a remark, or a bound that is the number's own."""
    if rule.value is None:
        return True
    return candidate.lead.first(COMPARATORS) is not None and not patterns.rule("target.predicate").search(counted)


def _skip_bound(text: str, start: int, high: int, patterns: Patterns) -> int:
    bounds = (rule.match(text[start:high]) for rule in patterns.group("target.bound_after"))
    return next((start + bound.end() for bound in bounds if bound), start)


def _skip_remark(text: str, start: int, high: int, patterns: Patterns) -> int:
    """Past a bracket that stands between a number and its noun: '100% (khoảng 1.200) thôn'."""
    rest = text[start:high].lstrip()
    remark = patterns.rule("target.paren").match(rest)
    return high - len(rest) + remark.end() if remark else start


def _is_adjunct(rest: str, patterns: Patterns) -> bool:
    rest = rest.strip() + " "
    return patterns.rule("target.adjunct").match(rest) is not None


def _is_measured(
    text: str, candidate: Candidate, subject: tuple[int, int] | None, counted: tuple[int, int], patterns: Patterns
) -> bool:
    """The subject is what the number measures, although words follow the number."""
    roles, kind = frozenset(candidate.lead.roles), candidate.amount.kind
    if subject is None:
        return False
    named = patterns.rule("target.starts_as_measure").match(text[subject[0] : subject[1]]) is not None
    if kind in ("measure", "time", "rank"):
        return named or bool(roles)
    if not roles & {"reach", "level", "share"}:
        return False
    if kind == "percent":
        return (
            named or "share" in roles or patterns.rule("target.whole").match(text[counted[0] : counted[1]]) is not None
        )
    rest = text[candidate.amount.end : counted[1]]
    return named and (not rest.strip() or _is_adjunct(rest, patterns))


def _subject(text: str, candidate: Candidate, low: int, patterns: Patterns) -> tuple[int, int] | None:
    """The words before the number that name what it measures: of its clause, else of what the clause completes."""
    end = candidate.lead.start
    start = max(low, end - _LOOK_BACK)
    found = _subject_in(text, start, end, patterns)
    if found is not None and not patterns.rule("target.anaphora").match(text[found[0] : found[1]]):
        return found
    cut = _last_cut(text, start, end, patterns)
    if cut > start:
        found = _subject_in(text, start, cut, patterns)
        if found is not None:
            return found
    before = candidate.clause.before
    return _subject_in(text, max(before[0], before[1] - _LOOK_BACK), before[1], patterns) if before else None


def _subject_in(text: str, start: int, end: int, patterns: Patterns) -> tuple[int, int] | None:
    """The last clause without its opening words, from the name of a quantity on where there is one.

    Where only opening words are left, the last quantity named before them; None where there is none either.
    """
    begin = skip_opening(text, _last_cut(text, start, end, patterns), end, patterns)
    low = begin if begin < end else start
    measures = list(patterns.rule("target.measure").finditer(text[low:end]))
    if measures:
        begin = low + measures[-1].start("measure")
    begin, end = trimmed(text, begin, end)
    for rule in (patterns.rule("target.long_remark"), patterns.rule("target.from_value")):
        if (last := rule.search(text[begin:end])) and last.start():
            begin, end = trimmed(text, begin, begin + last.start())
    if begin >= end or patterns.rule("target.label").match(text[begin:end]):
        return None
    return begin, end


def _last_cut(text: str, start: int, end: int, patterns: Patterns) -> int:
    """Where the last clause of the stretch begins, or its start."""
    cuts = [m.end() for m in patterns.rule("target.new_clause").finditer(text[start:end])]
    return start + cuts[-1] if cuts else start


def _with_baseline(text: str, end: int, high: int, patterns: Patterns) -> int:
    """The end of the baseline that follows at once, else `end`."""
    rest = text[end:high].lstrip()
    baseline = patterns.rule("target.baseline").match(rest)
    return high - len(rest) + baseline.end() if baseline else end


def _quote_start(text: str, candidate: Candidate, low: int) -> int:
    """The lead-in, with the words before it where the clause begins so near."""
    start = candidate.lead.start
    comma = text.rfind(",", low, start)
    near = trimmed(text, max(low, comma + 1), start)[0]
    return near if start - near <= _VERB else start
