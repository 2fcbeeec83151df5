"""Records that say the same work or goal twice are linked, and what they say differently is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from math import log
from typing import NamedTuple

from cchc_extract.model import Deadline, Target, Task, Warn
from cchc_extract.normalise.phrases import Phrases, WordForms, Words, overlap, split_clauses
from cchc_extract.patterns import Patterns

_RARE = range(2, 7)  # tasks that a phrase may stand in and still lead from one to the other
_LEADS = 2  # such phrases that two tasks must share
_SHORTEST = 4  # phrases of a clause that can be compared, and that two texts must share
_MOST, _LEAST = 0.65, 0.4  # shares of the weight of two texts that stand in the other: of the one and the other
_SUM, _SUM_AKIN = 1.3, 1.2  # both shares together; less is enough for tasks of one area or leader
_OTHER = 0.5  # share of a clause that a second row must leave to the first
_FEWEST_WORDS, _RAREST = 5, 3  # of an indicator: to be compared at all, to be found by
_MOST_HOLDERS = 20  # targets of one measure, place and year with the same word, if it is to tell one of them
_SAME_GOAL, _SAME_WORDS = 0.85, 0.95  # overlap of the words of two indicators: for a link, for a contradiction


class _Part(NamedTuple):
    """A task's text, or the clause of that number, as it is compared: its phrases and their weight."""

    clause: int | None
    said: set[int]
    weight: int


class _Work(NamedTuple):
    """A task, the words of its text, their phrases in order, and the whole of them."""

    task: Task
    words: Words
    order: Sequence[int]
    whole: _Part


class _Scale(NamedTuple):
    """What the tasks of one plan are compared with: phrases to drop, and how much one tells, by its rarity.

    Weights are whole numbers, whose sum does not depend on the order in which a set is walked through.
    """

    patterns: Patterns
    empty: set[int]
    weights: Mapping[int, int]
    clauses: dict[str, list[slice]]  # of the tasks that were looked at, by their ids

    def weigh(self, said: Iterable[int]) -> int:
        return sum(map(self.weights.__getitem__, said))


class _Match(NamedTuple):
    """A task of the body and a row of the appendix, and what of the first the second says."""

    score: float
    body: Task
    row: Task
    clause: int | None
    shared: set[int]


def link_records(
    tasks: Sequence[Task], targets: Sequence[Target], patterns: Patterns
) -> tuple[tuple[Task, ...], tuple[Target, ...], list[Warn]]:
    """The records with `same_as` on both sides of every link, and a warning for every pair that contradicts itself.

    Tasks of the body are linked to rows of the appendix, targets to targets of another part of the plan (objectives,
    body, appendix). Nothing is deleted or merged.
    """
    forms = WordForms(patterns)
    matches = _find_same_tasks(tasks, forms, patterns)
    goals, doubts = _compare_targets(targets, tasks, forms)
    of_task = _pairs_to_links((match.body.id, match.row.id) for match in matches)
    of_target = _pairs_to_links(goals)
    return (
        tuple(replace(t, same_as=of_task[t.id]) if t.id in of_task else t for t in tasks),
        tuple(replace(t, same_as=of_target[t.id]) if t.id in of_target else t for t in targets),
        [*(warning for match in matches for warning in _warn_pair(match, forms)), *doubts],
    )


def _pairs_to_links(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Ids in the order of the records, which is that of their numbers."""
    links: dict[str, set[str]] = {}
    for one, other in pairs:
        links.setdefault(one, set()).add(other)
        links.setdefault(other, set()).add(one)
    return {id: tuple(sorted(ids, key=lambda other: int(other[1:]))) for id, ids in links.items()}


# --- tasks --------------------------------------------------------------------------------------------------------


def _find_same_tasks(tasks: Sequence[Task], forms: WordForms, patterns: Patterns) -> list[_Match]:
    """The pairs of a task of the body and a row of the appendix that say the same work, the surest first."""
    if len({task.origin == "appendix" for task in tasks}) < 2:
        return []
    phrases = Phrases()
    empty = _empty_phrases(tasks, forms, phrases, patterns)
    words = [forms.words(task.text) for task in tasks]
    orders = [phrases.of(one) for one in words]
    said = [set(order) - empty for order in orders]
    counts = Counter(chain.from_iterable(said))
    worth = [round(1000 * log((len(tasks) + 1) / max(count, 1))) for count in range(len(tasks) + 1)]
    weights = dict(zip(counts, map(worth.__getitem__, counts.values()), strict=True))
    scale = _Scale(patterns, empty, weights, {})
    works = list(map(_Work, tasks, words, orders, [_Part(None, one, scale.weigh(one)) for one in said]))
    rare = {phrase for phrase, count in counts.items() if count in _RARE}
    found = [_compare(body, row, scale) for body, row in _candidates(works, rare)]
    return list(_choose(match for match in found if match))


def _empty_phrases(tasks: Iterable[Task], forms: WordForms, phrases: Phrases, patterns: Patterns) -> set[int]:
    """Those of the pattern file and the names of the agencies: who does a work is not what the work is."""
    texts = {agency.text for task in tasks for agency in (*task.lead, *task.coordinating)}
    texts.update(patterns.words("link.empty_phrases"))
    return {phrase for text in texts for phrase in phrases.of(forms.words(text))}


def _candidates(works: Iterable[_Work], rare: set[int]) -> Iterator[tuple[_Work, _Work]]:
    """The pairs of a task of the body and a row of the appendix that share enough rare phrases, in order."""
    rows = [work for work in works if work.task.origin == "appendix"]
    index = _index(rows, rare)
    led = set(index)
    for body in works:
        if body.task.origin != "appendix":
            places = sorted(chain.from_iterable([index[phrase] for phrase in body.whole.said & led]))
            shared = dict.fromkeys(p for p, later in zip(places, places[_LEADS - 1 :], strict=False) if p == later)
            yield from ((body, rows[place]) for place in shared)


def _index(rows: Sequence[_Work], rare: set[int]) -> dict[int, list[int]]:
    """Rare phrase -> the places of the rows that say it."""
    index: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        for phrase in row.whole.said & rare:
            index.setdefault(phrase, []).append(place)
    return index


def _compare(body: _Work, row: _Work, scale: _Scale) -> _Match | None:
    """The best match of the whole texts, or of one of them with a clause of the other; None if they differ."""
    one, other = body.whole, row.whole
    common = one.said & other.said
    shared = scale.weigh(common)
    if shared < _LEAST * min(one.weight, other.weight):
        return None
    pairs = [(one, other)]
    if shared >= _LEAST * other.weight:
        pairs += [(part, other) for part in _clauses(body, common, scale)]
    if shared >= _LEAST * one.weight:
        pairs += [(one, part) for part in _clauses(row, common, scale)]
    score, part, said = max(((_likeness(a, b, scale), a, b.said) for a, b in pairs), key=lambda found: found[0])
    akin = body.task.area == row.task.area is not None or not _ids(body.task).isdisjoint(_ids(row.task))
    same = score >= (_SUM_AKIN if akin else _SUM) and _may_be_of_one_year(body.task, row.task, scale.patterns)
    return _Match(score, body.task, row.task, part.clause, part.said & said) if same else None


def _likeness(a: _Part, b: _Part, scale: _Scale) -> float:
    """The shares of the weight of two texts that stand in the other, together: 0 to 2; 0 where they are too small."""
    common = a.said & b.said
    if len(common) < _SHORTEST:
        return 0.0
    shared = scale.weigh(common)
    least, most = shared / max(a.weight, b.weight, 1), shared / max(min(a.weight, b.weight), 1)
    return least + most if most >= _MOST and least >= _LEAST else 0.0


def _clauses(work: _Work, common: set[int], scale: _Scale) -> Iterator[_Part]:
    """The clauses of a task that has several, where they say enough of what it has in common with another."""
    id = work.task.id
    if id not in scale.clauses:
        scale.clauses[id] = split_clauses(work.words)
    for n, clause in enumerate(scale.clauses[id]):
        order = work.order[clause]
        if len(common.intersection(order)) >= _SHORTEST:
            said = set(order) - scale.empty
            if len(said) < len(work.whole.said):
                yield _Part(n, said, scale.weigh(said))


def _may_be_of_one_year(a: Task, b: Task, patterns: Patterns) -> bool:
    one, other = ({match["year"] for match in patterns.rule("link.year").finditer(task.text)} for task in (a, b))
    return not one or not other or not one.isdisjoint(other)


def _ids(task: Task) -> set[str]:
    return {agency.id or agency.text for agency in task.lead}


def _choose(found: Iterable[_Match]) -> Iterator[_Match]:
    """The surest first; what is linked once may be linked again only by other words of it, as where an appendix
    splits a work into rows. A row may be said both in the body and in the assignments to the agencies."""
    taken: dict[tuple[str, str], set[int]] = {}
    for match in sorted(found, key=lambda match: -match.score):
        places = (match.body.id, ""), (match.row.id, match.body.origin)
        if all(len(taken.get(place, set()) & match.shared) <= _OTHER * len(match.shared) for place in places):
            for place in places:
                taken.setdefault(place, set()).update(match.shared)
            yield match


# --- contradictions -----------------------------------------------------------------------------------------------


def _warn_pair(match: _Match, forms: WordForms) -> Iterator[Warn]:
    """One warning for a pair whose leaders have nobody in common, or whose times exclude each other."""
    body, row = match.body, match.row
    said = []
    if _may_differ(body, row) and _ids(body).isdisjoint(_ids(row)):
        said.append(f"lead {_names(body)} and {_names(row)}")
    times = _times_said(match, forms) if row.deadlines else []
    if times and not any(_agree(a, b) for a in times for b in row.deadlines):
        said.append(f"deadline {_times(times)} and {_times(row.deadlines)}")
    if said:
        yield Warn("conflict", f"{body.id} and {row.id} say the same work with {', '.join(said)}", row.span)


def _times_said(match: _Match, forms: WordForms) -> list[Deadline]:
    """The times of the body's task that are said in the clause which the row repeats, or nowhere in its text."""
    body = match.body
    if match.clause is None or not body.deadlines:
        return list(body.deadlines)
    clause = forms.clauses(body.text)[match.clause]
    return [time for time in body.deadlines if time.text in clause or time.text not in body.text]


def _may_differ(a: Task, b: Task) -> bool:
    """Groups of bodies overlap, and a name that is not known may be another's."""
    kinds = [{agency.kind for agency in task.lead} for task in (a, b)]
    return all(kinds) and not any("unknown" in one for one in kinds) and not all("group" in one for one in kinds)


def _names(task: Task) -> str:
    return repr(", ".join(agency.name or agency.text for agency in task.lead))


def _times(deadlines: Iterable[Deadline]) -> str:
    return repr("; ".join(deadline.text for deadline in deadlines))


def _agree(a: Deadline, b: Deadline) -> bool:
    """Whether both can hold: one of them has no last day, or both end alike, or one lies within the other."""
    if a.end is None or b.end is None or a.end == b.end:
        return True
    inner, outer = (a, b) if a.end < b.end else (b, a)
    return outer.start is not None and inner.end is not None and outer.start <= inner.end


# --- targets ------------------------------------------------------------------------------------------------------


class _Goal(NamedTuple):
    """A target, the part of the plan that it stands in, and the words of its indicator."""

    target: Target
    part: str
    words: set[str]


def _compare_targets(
    targets: Sequence[Target], tasks: Sequence[Task], forms: WordForms
) -> tuple[list[tuple[str, str]], list[Warn]]:
    """The ids of targets that set the same goal in two parts of a plan, and warnings where they set it differently."""
    same: list[tuple[str, str]] = []
    doubts: list[tuple[Target, Target]] = []
    for group in _group_goals(targets, tasks, forms):
        for one, other in _alike(group):
            if _amount(one.target) == _amount(other.target):
                same.append((one.target.id, other.target.id))
            elif overlap(one.words, other.words) >= _SAME_WORDS:
                doubts.append((one.target, other.target))
    linked = {id for pair in same for id in pair}
    times = Counter(target.id for pair in doubts for target in pair)
    clear = [pair for pair in doubts if all(t.id not in linked and times[t.id] == 1 for t in pair)]
    return same, [_warn_goal(*pair) for pair in clear]


def _group_goals(targets: Iterable[Target], tasks: Iterable[Task], forms: WordForms) -> Iterator[list[_Goal]]:
    """Targets that measure in the same way, for the same place and year; those with hardly a word are left out."""
    parts = {task.id: "appendix" if task.origin == "appendix" else "body" for task in tasks}
    groups: dict[tuple[object, ...], list[tuple[Target, str]]] = {}
    for target in targets:
        kind = (target.unit, target.scope, target.year, target.change, target.baseline, target.out_of is None)
        groups.setdefault(kind, []).append((target, parts[target.task] if target.task else "objectives"))
    for group in groups.values():
        if len({part for _, part in group}) > 1:
            goals = [_Goal(target, part, set(forms.words(target.indicator))) for target, part in group]
            yield [goal for goal in goals if len(goal.words) >= _FEWEST_WORDS]


def _alike(group: Sequence[_Goal]) -> Iterator[tuple[_Goal, _Goal]]:
    """Pairs of two parts whose indicators have nearly all words in common, found by the rarest of their words."""
    holders: dict[str, list[int]] = {}
    for n, goal in enumerate(group):
        for word in goal.words:
            holders.setdefault(word, []).append(n)
    for n, goal in enumerate(group):
        rarest = sorted(goal.words, key=lambda word: (len(holders[word]), word))[:_RAREST]
        near = {m for word in rarest if len(holders[word]) <= _MOST_HOLDERS for m in holders[word] if m > n}
        for m in sorted(near):
            other = group[m]
            if other.part != goal.part and overlap(goal.words, other.words) >= _SAME_GOAL:
                yield goal, other


def _amount(target: Target) -> tuple[object, ...]:
    return target.value, target.value_max, target.out_of


def _warn_goal(one: Target, other: Target) -> Warn:
    said = f"{one.id} and {other.id} set the same goal with {one.quote!r} and {other.quote!r}"
    return Warn("conflict", said, other.span)
