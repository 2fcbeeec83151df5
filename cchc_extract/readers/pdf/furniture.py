"""What stands around the text of each page: page numbers, running heads, footnotes, the text of signature stamps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cchc_extract.model import Span, Warn
from cchc_extract.patterns import Patterns
from cchc_extract.readers.pdf.lines import pieces_to_lines
from cchc_extract.readers.pdf.pieces import Line, Piece, RawPage, lines_box
from cchc_extract.vietnamese import fold

_MARGIN = 0.12  # of the page's height: where page numbers and running heads stand
_NOTE_SIZE = 0.9  # of the body's size: footnotes are set smaller
_NOTE_ZONE = 0.5  # of the page's height: they stand below
_MIN_PAGES = 3  # that a running head stands on


class Cleared(NamedTuple):
    """The lines that are left, and what is said of those that are not."""

    lines: tuple[Line, ...]
    warnings: tuple[Warn, ...] = ()


# --- stamps -------------------------------------------------------------------------------------------------------


def remove_stamps(page: RawPage, patterns: Patterns) -> tuple[RawPage, tuple[Warn, ...]]:
    """The page with only those stamps that fill in a number or date: who signed and when is no part of the text."""
    stamps: dict[int, list[Piece]] = {}
    for piece in page.pieces:
        if piece.stamp:
            stamps.setdefault(piece.stamp, []).append(piece)
    if not stamps:
        return page, ()
    out: set[int] = set()
    warnings: list[Warn] = []
    for number, pieces in stamps.items():
        lines = pieces_to_lines(pieces, page.number)
        text = " ".join(line.text for line in lines)
        if not patterns.rule("stamp.fill").match(fold(text.strip())):
            out.add(number)
            if text:
                warnings.append(Warn("stamp", f"left out a stamp: {text}", Span(None, page.number, lines_box(lines))))
    return page._replace(pieces=tuple(p for p in page.pieces if p.stamp not in out)), tuple(warnings)


def remove_signature_lines(lines: Sequence[Line], patterns: Patterns) -> list[Line]:
    """The lines without those of a signature's stamp that was made part of the page."""
    folded = [fold(line.text) for line in lines]
    sure = {n for n, text in enumerate(folded) if patterns.rule("stamp.signature_line").match(text)}
    if not sure:
        return list(lines)
    near = {n + step for n in sure for step in (-2, -1, 1, 2)}
    rest = {n for n in near if 0 <= n < len(lines) and patterns.rule("stamp.signature_rest").match(folded[n])}
    return [line for n, line in enumerate(lines) if n not in sure and n not in rest]


# --- page numbers and running heads -------------------------------------------------------------------------------


def find_running_heads(pages: Iterable[tuple[RawPage, Sequence[Line]]]) -> frozenset[str]:
    """The outermost lines that stand on many pages, but for their digits."""
    counts: Counter[str] = Counter()
    total = 0
    for page, lines in pages:
        total += 1
        counts.update({_digitless(line.text) for line in _outer(page, lines)})
    least = max(_MIN_PAGES, 0.5 * total)
    return frozenset(text for text, count in counts.items() if count >= least and text.strip("0 -–"))


def remove_furniture(page: RawPage, lines: Sequence[Line], heads: frozenset[str], patterns: Patterns) -> list[Line]:
    """The lines without page numbers and running heads, which are the outermost ones of the page."""
    number = patterns.rule("page.number")
    gone = {
        id(line)
        for line in _outer(page, lines)
        if number.fullmatch(fold(line.text)) or (heads and _digitless(line.text) in heads)
    }
    return [line for line in lines if id(line) not in gone] if gone else list(lines)


def _outer(page: RawPage, lines: Sequence[Line]) -> list[Line]:
    """The first two and last two lines of a page, where they stand in its margins."""
    top = [line for line in lines[:2] if line.y < _MARGIN * page.height]
    return top + [line for line in lines[2:][-2:] if line.y > (1 - _MARGIN) * page.height]


def _digitless(text: str) -> str:
    return "".join("0" if c.isdigit() else c for c in fold(text))


# --- footnotes ----------------------------------------------------------------------------------------------------


def remove_footnotes(page: RawPage, lines: Sequence[Line], body_size: float, patterns: Patterns) -> Cleared:
    """The lines without the small ones at the foot of the page that a mark opens; these are told as warnings."""
    start = len(lines)
    while start and _is_small(lines[start - 1], page, body_size):
        start -= 1
    while start < len(lines) and not _opens_note(lines[start], patterns):
        start += 1
    if start == len(lines):
        return Cleared(tuple(lines))
    notes: list[list[Line]] = []
    for line in lines[start:]:
        if notes and not _opens_note(line, patterns):
            notes[-1].append(line)
        else:
            notes.append([line])
    warnings = [
        Warn("footnote", " ".join(line.text for line in note), Span(None, page.number, lines_box(note)))
        for note in notes
    ]
    return Cleared(tuple(lines[:start]), tuple(warnings))


def _is_small(line: Line, page: RawPage, body_size: float) -> bool:
    return line.size <= _NOTE_SIZE * body_size and line.y > _NOTE_ZONE * page.height


def _opens_note(line: Line, patterns: Patterns) -> bool:
    """A footnote opens with its mark set high and small; a list's numbers are not."""
    first = line.pieces[0]
    if first.size < 0.8 * line.size and first.text.strip(" []()*").isdigit():
        return True
    match = patterns.rule("footnote.mark").match(line.text)
    return match is not None and not line.text[match.end("mark") :].startswith((".", ")", "/", "%", ","))
