"""Lines to paragraphs by how they are set: indents, room left at a line's end, space between lines, list marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from cchc_extract.model import Paragraph, Span
from cchc_extract.patterns import Patterns
from cchc_extract.readers.pdf.cells import begins_item
from cchc_extract.readers.pdf.lines import glue
from cchc_extract.readers.pdf.pieces import Line, lines_box
from cchc_extract.vietnamese import fold, is_caps

_INDENT = 6.0  # points: less is no indent
_CENTRED = 8.0  # points that a centred line's middle may be off
_BLANK = 1.9  # of the size: lines that far apart have a blank line between them
_LOOSE, _LOOSE_SIZE = 1.3, 1.5  # times the usual distance of lines, and their size: more parts paragraphs
_CLOSED = (".", ";", ":", "!", "?", "”", '"')


class Layout(NamedTuple):
    """How the pages of one width are set: where text begins and ends, and the usual distance of its lines."""

    left: float
    right: float
    pitch: float


def measure_layout(lines: Sequence[Line]) -> Layout:
    """The margins that several lines share, and the distance between lines that is most common."""
    if not lines:
        return Layout(0.0, 0.0, 0.0)
    lefts = Counter(round(line.x0) for line in lines)
    rights = Counter(round(line.x1) for line in lines)
    common = min(3, len(lines))
    left = min((x for x, count in lefts.items() if count >= common), default=min(lefts))
    right = max((x for x, count in rights.items() if count >= common), default=max(rights))
    steps = Counter(round(b.y - a.y) for a, b in pairwise(lines) if a.page == b.page and 0 < b.y - a.y < 3 * a.size)
    return Layout(left, right, steps.most_common(1)[0][0] if steps else 0.0)


class ParagraphMaker:
    """Takes lines in reading order and gives whole paragraphs; the lines of a paragraph may be on two pages."""

    def __init__(self, patterns: Patterns) -> None:
        self._patterns = patterns
        self._lines: list[Line] = []
        self._gap = True

    def add(self, line: Line, layout: Layout, number: int) -> Paragraph | None:
        """One more line; the paragraph before it, where it begins a new one. `number` is the line's."""
        if not self._lines or self._goes_on(line, layout):
            self._lines.append(line)
            return None
        done = self.finish(number)
        before = self._before
        self._gap = _has_blank(before, line, layout)
        self._lines = [line]
        return done

    def finish(self, number: int) -> Paragraph | None:
        """The paragraph at hand; `number` is that of the line after it."""
        if not self._lines:
            return None
        lines, self._lines = self._lines, []
        self._before = lines[-1]
        gap, self._gap = self._gap, True
        first = lines[0]
        same_page = [line for line in lines if line.page == first.page]
        span = Span((number - len(lines), number - 1), first.page, lines_box(same_page))
        return Paragraph(_join(lines), span, gap, all(line.bold for line in lines))

    def _goes_on(self, line: Line, layout: Layout) -> bool:
        before = self._lines[-1]
        if _is_centred(before, layout) or (before.bold and _is_middle(before, layout)):
            if _is_centred(line, layout):
                return self._is_title_run(before, line, layout)
            if before.bold != line.bold:
                return False
        if _has_room(before, line, layout):
            return False
        if before.page == line.page and line.y - before.y > max(_LOOSE * layout.pitch, _LOOSE_SIZE * line.size):
            return False
        indented = line.x0 - layout.left > _INDENT
        if begins_item(line.text):
            return not indented and not before.text.endswith(_CLOSED) and not self._is_hanging_list(line)
        return not indented or self._hangs(line)

    def _is_title_run(self, before: Line, line: Line, layout: Layout) -> bool:
        """Whether two centred lines are one title: set alike, close together, the first not whole by itself."""
        alike = before.bold == line.bold and abs(before.size - line.size) < 0.6 and before.page == line.page
        close = line.y - before.y <= max(_LOOSE * layout.pitch, _BLANK * line.size)
        alone = fold(before.text.strip(" :"))
        whole = alone in self._patterns.words("document.types") or bool(
            self._patterns.rule("caption.appendix").fullmatch(alone)
        )
        same_case = is_caps(before.text) == is_caps(line.text)
        return alike and close and same_case and not whole and not line.text.startswith("(")

    def _hangs(self, line: Line) -> bool:
        """Whether an indented line goes on with a paragraph whose lines but the first are all indented."""
        before = self._lines[-1]
        if len(self._lines) > 1 or not begins_item(before.text):
            return abs(line.x0 - before.x0) <= _INDENT / 2
        return line.x0 >= before.x0 - _INDENT / 2

    def _is_hanging_list(self, line: Line) -> bool:
        """Whether a list mark stands where that of the paragraph above does."""
        first = self._lines[0]
        return begins_item(first.text) and abs(first.x0 - line.x0) <= _INDENT / 2


def _is_centred(line: Line, layout: Layout) -> bool:
    inside = line.x0 > layout.left + 2 * _INDENT and line.x1 < layout.right - 2 * _INDENT
    return inside and _is_middle(line, layout)


def _is_middle(line: Line, layout: Layout) -> bool:
    return abs((line.x0 + line.x1) - (layout.left + layout.right)) <= 2 * _CENTRED


def _has_blank(before: Line, line: Line, layout: Layout) -> bool:
    """Whether a blank line stands between two; a title at the top of a page is as far from what was before it."""
    if before.page != line.page:
        return line.bold and _is_centred(line, layout) and not begins_item(line.text)
    return line.y - before.y > _BLANK * line.size


def _has_room(before: Line, line: Line, layout: Layout) -> bool:
    """Whether the first word of a line would have stood in the line before, had the paragraph gone on."""
    return before.x1 + 0.25 * before.size + line.first_word_width < layout.right - 1.0


def _join(lines: Iterable[Line]) -> str:
    text = ""
    for line in lines:
        text = text + glue(text, line.text) + line.text if text else line.text
    return text
