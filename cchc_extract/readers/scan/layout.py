"""Words of a page to its lines, and lines to paragraphs, by where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from cchc_extract.readers.pdf.cells import is_broken_word
from cchc_extract.readers.scan.tesseract import Word
from cchc_extract.vietnamese import is_caps

_COLUMN_GAP = 2.2  # line heights between words of two columns; justified text stays well below
_INDENT, _SHORT = 0.8, 2.0  # line heights
_BLANK = 1.75  # times the usual distance between lines
_PAGE_NUMBER = re.compile(r"\W{0,3}(?:\d{1,4}|[^\W\d_])\W{0,3}")  # a digit is easily taken for a letter
_SPLIT_NUMBER = re.compile(r"(/[^\W_]*(?:-[^\W_]+)*-) (?=[^\W\d_a-z])")
_MARKER = re.compile(r"[-+*•–]\s|(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-zđ]|[IVX]{1,4})[.)]\s|\(\d{1,2}\)\s")
_INNER_HYPHEN = re.compile(r"\w[-–/]$")
_NOISE, _NOISE_HEIGHT = 30.0, 2.5
_UNREADABLE = 30.0  # the mean confidence of a line of a stamp, a signature, the edge of a scan
_SPECK = 0.55  # of the usual height


@dataclass(frozen=True, slots=True)
class Line:
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def left(self) -> int:
        return min(word.left for word in self.words)

    @property
    def right(self) -> int:
        return max(word.right for word in self.words)

    @property
    def top(self) -> int:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> int:
        return max(word.bottom for word in self.words)

    @property
    def confidence(self) -> float:
        return mean_confidence(self.words)

    @property
    def middle(self) -> float:
        return median((word.top + word.bottom) / 2 for word in self.words)


def mean_confidence(words: Sequence[Word]) -> float:
    """The mean confidence, a long word counting as much as its letters."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


@dataclass(frozen=True, slots=True)
class Measure:
    """A page's usual line height and line distance, and the edges of its text."""

    height: float
    pitch: float
    left: float
    right: float


def words_to_lines(words: Iterable[Word]) -> list[Line]:
    """Lines from the top down, and of two columns side by side the left one first. Specks are left out."""
    kept = _without_noise(list(words))
    if not kept:
        return []
    height = median(word.bottom - word.top for word in kept)
    by_line: dict[tuple[int, int, int], list[Word]] = {}
    for word in kept:
        by_line.setdefault(word.line, []).append(word)
    rows = _same_level([Line(tuple(line)) for line in by_line.values()], height)
    return _column_by_column([_split_at_gaps(row, _COLUMN_GAP * height) for row in rows])


def _without_noise(words: list[Word]) -> list[Word]:
    """Without what is no writing: signs read from specks, and doubtful words far too high to be type."""
    if not words:
        return []
    height = median(word.bottom - word.top for word in words)
    return [word for word in words if not _is_noise(word, height)]


def _is_noise(word: Word, height: float) -> bool:
    if word.confidence >= _NOISE:
        return False
    return not any(map(str.isalnum, word.text)) or word.bottom - word.top > _NOISE_HEIGHT * height


def _same_level(lines: list[Line], height: float) -> list[Line]:
    """Pieces that Tesseract took for lines of their own, put on the line they stand on."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.middle):
        if rows and line.middle - rows[-1][0].middle < height * 0.5 and not _overlap(line, rows[-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [Line(tuple(sorted((w for line in row for w in line.words), key=lambda w: w.left))) for row in rows]


def _overlap(line: Line, row: Iterable[Line]) -> bool:
    return any(line.left < other.right and other.left < line.right for other in row)


def _split_at_gaps(line: Line, gap: float) -> list[Line]:
    parts: list[list[Word]] = [[line.words[0]]]
    for before, word in pairwise(line.words):
        if word.left - before.right > gap:
            parts.append([])
        parts[-1].append(word)
    return [Line(tuple(part)) for part in parts]


def _column_by_column(rows: list[list[Line]]) -> list[Line]:
    """A run of lines in two columns (a letterhead, a signature beside the recipients): one column, then the other."""
    lines: list[Line] = []
    run: list[list[Line]] = []
    for row in rows:
        if len(row) > 1 or (run and _in_one_column(row[0], run)):
            run.append(row)
            continue
        lines += _columns(run)
        run = []
        lines += row
    return lines + _columns(run)


def _in_one_column(line: Line, run: list[list[Line]]) -> bool:
    """Whether a line keeps to one side of the gap between the columns above it."""
    split = next(row for row in reversed(run) if len(row) > 1)
    gap_start, gap_end = split[0].right, split[1].left
    is_next = line.top - max(part.bottom for part in run[-1]) < 1.5 * (line.bottom - line.top)
    return is_next and (line.right < gap_end or line.left > gap_start)


def _columns(run: list[list[Line]]) -> list[Line]:
    if not run:
        return []
    split = [row for row in run if len(row) > 1]
    edge = median((row[0].right + row[1].left) / 2 for row in split)
    parts = [part for row in run for part in row]
    return [part for part in parts if part.left < edge] + [part for part in parts if part.left >= edge]


# --- paragraphs ---------------------------------------------------------------------------------------------------


def part_unreadable(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines that can be read, and those that make no sense. Specks between lines are in neither."""
    if not lines:
        return [], []
    height = median(line.bottom - line.top for line in lines)
    whole = [line for line in lines if line.bottom - line.top >= _SPECK * height or len(line.text) > 3]
    return [line for line in whole if line.confidence >= _UNREADABLE], [
        line for line in whole if line.confidence < _UNREADABLE
    ]


def without_page_number(lines: list[Line]) -> list[Line]:
    """Without a number (or one letter) that stands alone on the first or last line of a page."""
    alone = [line for line in (lines[:1] + lines[-1:]) if _PAGE_NUMBER.fullmatch(line.text)]
    return [line for line in lines if line not in alone]


def lines_to_paragraphs(lines: Sequence[Line]) -> list[tuple[list[Line], bool]]:
    """The lines of each paragraph, and whether a blank stands before it."""
    if not lines:
        return []
    measure = _measure(lines)
    paragraphs: list[tuple[list[Line], bool]] = [([lines[0]], True)]
    for before, line in pairwise(lines):
        blank = not 0 <= line.top - before.top <= _BLANK * measure.pitch
        if blank or _is_closed_note(paragraphs[-1][0]) or _begins_paragraph(line, before, measure):
            paragraphs.append(([line], blank))
        else:
            paragraphs[-1][0].append(line)
    return paragraphs


def _measure(lines: Sequence[Line]) -> Measure:
    height = median(word.bottom - word.top for line in lines for word in line.words)
    steps = [b.top - a.top for a, b in pairwise(lines) if b.top > a.top]
    widest = max(line.right - line.left for line in lines)
    full = [line for line in lines if line.right - line.left > 0.8 * widest]
    left = sorted(line.left for line in full)[len(full) // 10]
    return Measure(height, median(steps) if steps else height, left, median(line.right for line in full))


def _begins_paragraph(line: Line, before: Line, measure: Measure) -> bool:
    """A line after a short one, or set in; a hanging number's second line is set in as far as its first. A bracket
    below a title in capitals opens the note that says what the title belongs to."""
    if line.text.startswith("(") and is_caps(before.text):
        return True
    if before.right < measure.right - _SHORT * measure.height:
        return True
    if line.left - measure.left <= _INDENT * measure.height:
        return False
    hangs = abs(line.left - before.left) <= _INDENT * measure.height
    return not hangs or before.text.endswith((".", ";", ":")) or bool(_MARKER.match(line.text))


def _is_closed_note(lines: Sequence[Line]) -> bool:
    """A paragraph that one pair of brackets holds: "(Kèm theo ...)" below a title."""
    if not lines[0].text.startswith("(") or not lines[-1].text.endswith(")"):
        return False
    return sum(line.text.count(")") for line in lines) == 1


def join_lines(lines: Iterable[str]) -> str:
    """Lines to one text. Vietnamese breaks no word, so a hyphen or slash at a line's end belongs to a number.

    >>> join_lines(["Kế hoạch số 280/KH-", "BCA và", "Thông tư số 23/TT- BCA- V28"])
    'Kế hoạch số 280/KH-BCA và Thông tư số 23/TT-BCA-V28'
    """
    joined = ""
    for line in lines:
        joined += line if not joined or _INNER_HYPHEN.search(joined) else " " + line
    while (closed := _SPLIT_NUMBER.sub(r"\1", joined)) != joined:
        joined = closed
    return joined


def cell_text(lines: Sequence[Line]) -> str:
    """The text of a table cell: a line that opens an item stays one, wrapped lines are joined.

    >>> at = lambda text, n: Line((Word(text, 90, 0, 60 * n, 100, 60 * n + 40),))
    >>> cell_text([at("- Sở Nội", 0), at("vụ", 1), at("- Sở Tài chính", 2)])
    '- Sở Nội vụ\\n- Sở Tài chính'
    """
    if is_broken_word(whole := "".join(line.text for line in lines)):
        return whole
    items: list[list[str]] = []
    for line in lines:
        if not items or _MARKER.match(line.text):
            items.append([])
        items[-1].append(line.text)
    return "\n".join(map(join_lines, items))
