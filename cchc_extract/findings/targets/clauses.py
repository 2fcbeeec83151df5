"""Cuts a text into the clauses within which a number and its words belong together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from cchc_extract.patterns import Patterns

_FAR = 1500  # characters that no clause of a plan is longer than, on either side of a number


class Clause(NamedTuple):
    """A stretch of the text. `sentence` is where its sentence begins; `before` the stretch that it completes.

    A bracket is a clause of its own that completes the words before it, and so is what follows a colon.
    """

    start: int
    end: int
    sentence: int
    before: tuple[int, int] | None = None

    def around(self, start: int, end: int) -> Clause:
        """The clause as far as words in it can belong to a number that stands there; itself unless it is very long."""
        low, high = start - _FAR, end + _FAR
        if self.start >= low and self.end <= high:
            return self
        return Clause(max(self.start, low), min(self.end, high), max(self.sentence, low), self.before)


class Clauses(NamedTuple):
    """The clauses of a text: `plain` cover it but for the marks between them, `brackets` lie inside those."""

    plain: tuple[Clause, ...]
    brackets: tuple[Clause, ...]

    def at(self, place: int) -> Clause:
        """The innermost clause that holds the place."""
        i = bisect_right(self.brackets, place, key=lambda clause: clause.start) - 1
        if i >= 0 and place < self.brackets[i].end:
            return self.brackets[i]
        return self.plain[max(0, bisect_right(self.plain, place, key=lambda clause: clause.start) - 1)]


def find_clauses(text: str, patterns: Patterns) -> Clauses:
    """The clauses of a folded text. A mark inside a bracket ends no clause."""
    brackets = [m.span() for m in patterns.rule("target.paren").finditer(text)]
    plain = tuple(_plain_clauses(text, brackets, patterns))
    return Clauses(plain, tuple(_bracket_clauses(brackets, plain)))


def _plain_clauses(text: str, brackets: list[tuple[int, int]], patterns: Patterns) -> Iterator[Clause]:
    begin = sentence = 0
    before: tuple[int, int] | None = None
    for mark in patterns.rule("target.break").finditer(text):
        i = bisect_right(brackets, (mark.start(), len(text))) - 1
        if i >= 0 and mark.start() < brackets[i][1]:
            continue
        yield Clause(begin, mark.start(), sentence, before)
        before = (begin, mark.start()) if mark["colon"] else None
        begin = mark.end()
        sentence = begin if mark["stop"] else sentence
    yield Clause(begin, len(text), sentence, before)


def _bracket_clauses(brackets: list[tuple[int, int]], plain: tuple[Clause, ...]) -> Iterator[Clause]:
    for start, end in brackets:
        outer = plain[bisect_right(plain, start, key=lambda clause: clause.start) - 1]
        yield Clause(start + 1, end - 1, outer.sentence, (outer.start, start))
