"""A sentence of work to its deadlines: only what orders a time is taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from cchc_extract.model import Deadline
from cchc_extract.normalise.deadlines.times import (
    REACH,
    SENTENCE_RHYTHMS,
    DeadlineContext,
    Rhythm,
    Time,
    blank_cited,
    find_bound,
    find_rhythms,
    find_times,
    parse_relative,
)
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold


def find_deadlines(text: str, context: DeadlineContext, patterns: Patterns) -> tuple[Deadline, ...]:
    """The deadlines in a sentence of work: only what says when this work must be done, in order of place.

    Dates of cited documents, years of plans and reports, and adverbs are none. Nothing of kind rule or event is given.

    >>> from datetime import date
    >>> from cchc_extract.model import Period
    >>> from cchc_extract.patterns import load_patterns
    >>> plan = DeadlineContext(Period(date(2022, 1, 1), date(2022, 12, 31)), issued_on=date(2021, 12, 16))
    >>> def show(text):
    ...     return [(d.text, str(d.end), d.every) for d in find_deadlines(text, plan, load_patterns())]
    >>> show("Xây dựng kế hoạch của đơn vị (thời gian trước ngày 31/12/2021).")
    [('trước ngày 31/12/2021', '2021-12-31', None)]
    >>> show("Trình UBND tỉnh phê duyệt trong quý III; báo cáo định kỳ hàng quý")
    [('trong quý III', '2022-09-30', None), ('định kỳ hàng quý', '2022-12-31', 'quarter')]
    >>> show("Thường xuyên rà soát theo Quyết định số 42/QĐ-UBND ngày 12/5/2022 và kế hoạch năm 2022")
    []
    """
    text = " ".join(text.split())
    folded = fold(text)
    if not any(hint in folded for hint in patterns.words("sentence.hints")):
        return ()
    folded = blank_cited(folded, patterns)
    bare = context._replace(by_column=False) if context.by_column else context
    found = list(_sentence_rhythms(text, folded, bare, patterns))
    taken = [(start, start + len(d.text)) for start, d in found]
    span = patterns.rule("relative.span").search(folded)
    relative = parse_relative(text, folded, [], bare, patterns) if span else None
    if span and relative:
        start = find_bound(folded, span.start(), patterns)[0]
        taken.append((start, span.end()))
        found.append((start, replace(relative, text=text[start : span.end()])))
    for time in find_times(folded, bare, patterns):
        words = text[time.start : time.end]
        free = not any(time.start < end and start < time.end for start, end in taken)
        if free and _is_due(time, folded, bare, patterns):
            found.append((time.start, time.deadline(words, by_column=False)))
    return tuple(deadline for _, deadline in sorted(found, key=lambda pair: pair[0]))


def _is_due(time: Time, folded: str, context: DeadlineContext, patterns: Patterns) -> bool:
    """Whether the sentence orders its work for this time, and does not only speak of it."""
    before, chain = folded[max(0, time.start - REACH) : time.start], folded[time.start : time.at]
    numbered = (
        time.size != "year" or patterns.rule("time.of_years").search(chain) or folded[time.at : time.end].isalpha()
    )
    if not numbered or time.bound == "from" or patterns.rule("sentence.not_due").search(before):
        return False
    if patterns.rule("sentence.must").search(chain):
        return not _is_past(time, context)
    if patterns.rule("sentence.label").search(before):
        return True
    if time.size not in ("day", "year") and before.endswith("(") and folded[time.end : time.end + 1] == ")":
        return True
    return patterns.rule("bound.within").search(chain) is not None and _is_clause_of_work(time, folded, patterns)


def _is_clause_of_work(time: Time, folded: str, patterns: Patterns) -> bool:
    """Whether "trong quý III" is the time of the work: it belongs to a verb that finishes something, or is the last
    word of the clause. For a whole year only the plainest verb will do."""
    clause = folded[max(0, time.start - 160) : time.start]
    ends = [m.end() for m in patterns.rule("sentence.clause").finditer(clause)]
    clause = clause[ends[-1] if ends else 0 :]
    if patterns.rule("sentence.reported").search(clause):
        return False
    if time.size == "year":
        return patterns.rule("sentence.finished").search(clause) is not None
    ended = patterns.rule("sentence.ended").match(folded[time.end : time.end + 4])
    return ended is not None or patterns.rule("sentence.done").search(clause) is not None


def _is_past(time: Time, context: DeadlineContext) -> bool:
    """Whether the time was over when the plan was made: such a date tells of the past. A plan is issued not more than
    a quarter before its period begins."""
    made = context.issued_on
    if made is None and context.period and context.period.start:
        made = context.period.start - timedelta(days=92)
    last = time.period.start if time.bound == "before" else time.period.end
    return bool(made and last and last < made)


def _sentence_rhythms(
    text: str, folded: str, context: DeadlineContext, patterns: Patterns
) -> Iterator[tuple[int, Deadline]]:
    """The rhythms that the sentence orders, each unit once; else "định kỳ" alone where the sentence is about it."""
    plan, given = context.span(), set()
    for rhythm in find_rhythms(folded, patterns, SENTENCE_RHYTHMS):
        start = _ordered_from(rhythm, folded, patterns)
        if start is None:
            continue
        for every in rhythm.every:
            if every not in given:
                given.add(every)
                yield start, Deadline(text[start : rhythm.end], "recurring", plan.start, plan.end, every)
    unnamed = None if given else patterns.rule("sentence.unnamed").search(folded)
    if unnamed:
        start, end = unnamed.span("words" if unnamed["words"] else "also")
        yield start, Deadline(text[start:end], "recurring", plan.start, plan.end)


def _ordered_from(rhythm: Rhythm, folded: str, patterns: Patterns) -> int | None:
    """Where the words of an ordered rhythm begin; None where it is only an adjective or a measure."""
    offset = max(0, rhythm.start - REACH)
    before = folded[offset : rhythm.start]
    if rhythm.rule in ("place", "day"):
        start = find_bound(folded, rhythm.start, patterns)[0]
        return start if patterns.rule("sentence.must").search(folded[start : rhythm.start]) else None
    periodic = patterns.rule("rhythm.unnamed")
    if rhythm.rule == "list" and periodic.match(folded[rhythm.start : rhythm.end]):
        return rhythm.start
    tied = patterns.rule("sentence.report_before").search(before)
    if tied and (rhythm.rule == "list" or periodic.search(tied[0])):
        return offset + tied.start()
    if rhythm.rule == "list" and len(rhythm.every) > 1:
        return rhythm.start if patterns.rule("sentence.reports").search(before) else None
    opens = not before.strip() or patterns.rule("sentence.clause").search(before[-2:])
    works = patterns.rule("sentence.work_after").match(folded[rhythm.end : rhythm.end + 24])
    return rhythm.start if rhythm.rule == "list" and opens and works else None
