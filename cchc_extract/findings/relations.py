"""What each document that is named is to the plan: one that it carries out, rests on, belongs to, or a mention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from cchc_extract.model import Passage, Passages, ReferenceFinding
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold

_OPENING = 20  # passages at most
_ANYWHERE = ("relation.attached", "relation.replaces")
_OF_THE_PLAN = (*_ANYWHERE, "relation.amends", "relation.implements", "relation.based_on")


def relate_references(
    found: Sequence[ReferenceFinding], document: Passages, patterns: Patterns
) -> tuple[ReferenceFinding, ...]:
    """The findings, which come in order of place, with their relations.

    Only the opening, before the first heading and the first work, speaks for the whole plan, and what stands below a
    heading such as "Căn cứ pháp lý"; further down the same words say what a single work follows. There a list of
    documents goes on, over paragraphs too, with the relation that its first words give. A text that is no official
    document tells of others and is nothing to them.
    """
    passages = document.passages
    if document.outline.facts.type is None:
        return tuple(found)
    opening = _opening_end(passages)
    by_passage: dict[int, list[ReferenceFinding]] = {index: [] for index in range(opening)}
    for finding in found:
        by_passage.setdefault(finding.passage, []).append(finding)
    related: list[ReferenceFinding] = []
    carried: str | None = None
    for index, mentions in by_passage.items():
        grounds = _is_among_grounds(passages[index], patterns)
        if index >= opening and not grounds:
            relations = _relate(mentions, fold(passages[index].text), None, _ANYWHERE, patterns)
        else:
            listed = grounds or carried
            relations = _relate(mentions, fold(passages[index].text), listed, _OF_THE_PLAN, patterns)
            carried = _carry(relations, fold(passages[index].text), patterns)
        related += [replace(f, relation=r) if r else f for f, r in zip(mentions, relations, strict=True)]
    return tuple(related)


def _opening_end(passages: Sequence[Passage]) -> int:
    """How many passages stand before the first that is a work or has a heading above it."""
    heads = (n for n, passage in enumerate(passages) if passage.section or passage.use == "task")
    return min(next(heads, len(passages)), _OPENING)


def _is_among_grounds(passage: Passage, patterns: Patterns) -> str | None:
    heading = patterns.rule("relation.heading")
    return heading.value if passage.titles and heading.match(fold(passage.titles[-1])) else None


def _relate(
    mentions: Sequence[ReferenceFinding], folded: str, listed: str | None, rules: Sequence[str], patterns: Patterns
) -> list[str | None]:
    """The relation of each mention; None for one within the title of another, or of which nothing is said."""
    relations: list[str | None] = []
    for n, before in enumerate(_words_before(mentions, folded)):
        if before is None:  # it shares its words with the one before
            relations.append(relations[n - 1])
            continue
        said = _said_in(before, rules, patterns)
        listed = said or listed
        goes_on = listed and patterns.rule("relation.next").search(before)
        relations.append(said or (listed if goes_on else None))
    return relations


def _words_before(mentions: Sequence[ReferenceFinding], folded: str) -> Iterator[str | None]:
    start = end = -1
    for mention in mentions:
        yield None if mention.start == start else folded[max(end, 0) : mention.start]
        start, end = mention.start, mention.end


def _said_in(words: str, rules: Sequence[str], patterns: Patterns) -> str | None:
    return next((rule.value for rule in map(patterns.rule, rules) if rule.search(words)), None)


def _carry(relations: Sequence[str | None], folded: str, patterns: Patterns) -> str | None:
    """The relation that the next paragraph goes on with, where the list is not over."""
    if not folded.rstrip().endswith((";", ":", ",")):
        return None
    said = [relation for relation in relations if relation]
    return said[-1] if said else _said_in(folded.rstrip(" ;:,"), _OF_THE_PLAN, patterns)
