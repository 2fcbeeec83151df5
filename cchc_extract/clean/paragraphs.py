"""Paragraphs broken by hard line ends and page ends put together again, without joining list items."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

from cchc_extract.clean.wording import asks_for_number, is_open
from cchc_extract.model import Block, Paragraph, Removed, Warn
from cchc_extract.normalise.agencies import is_agency_list
from cchc_extract.normalise.markers import Marker, parse_marker
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold, is_caps

_WORD_END = re.compile(r"[^\W\d_]+$")
_LONG_WORD = 24  # characters
_CLOSED = (".", ";", ":", "!", "?", ".”", '."', ";”")
_LONG = 100  # characters: an unfinished line this long is a broken sentence and no title
_FULL_LINE = 0.7  # of the page's width: a line shorter than this ends its paragraph
_WRAPPED_SHARE = 0.4  # of full lines that visibly run on in the next, for a file to count as hard-wrapped
_GAPPED_SHARE = 0.7  # of lines that end a sentence with a blank line after them, for blank lines to part paragraphs
_TITLE_WORDS = 3
_LONGEST = 20_000  # characters: no paragraph is longer
_BRACKET = 300  # characters: a bracket holds fewer
_LONGEST_TITLE = 600  # characters: lines of capitals beyond it are no title
_LETTERHEAD_CHARS = 60
_MIN_FULL = 3  # full lines that are needed to tell
_SLACK = 2  # characters by which a line may miss the width although its next word would have fitted
_MAX_WRAP_WIDTH = 130  # characters: hard-wrapped files are not wider


@dataclass(slots=True)
class Joined:
    """What joining made: the blocks, what was taken out, and a line for every edit inside a paragraph."""

    blocks: list[Block] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    edits: list[Warn] = field(default_factory=list)


class _Layout(NamedTuple):
    """How lines are set: cut at a page's `width`, and whether blank lines part the paragraphs."""

    wrapped: bool
    gapped: bool
    width: int


def join_paragraphs(blocks: Sequence[Block], patterns: Patterns) -> Joined:
    """One paragraph a physical line to whole paragraphs; lone page numbers go to `removed`."""
    layout = _measure(blocks)
    joined = Joined()
    tail = 0  # characters in the last physical line of the paragraph before
    for block in blocks:
        before = joined.blocks[-1] if joined.blocks else None
        titled = _is_after_title(joined.blocks, block, patterns)
        if not isinstance(block, Paragraph):
            joined.blocks.append(block)
        elif patterns.rule("page.number").fullmatch(fold(block.text)):
            joined.removed.append(Removed("page-number", block))
        elif isinstance(before, Paragraph) and _runs_on(before, block, tail, layout, patterns) and not titled:
            joined.blocks[-1] = _join(before, block)
            tail = len(block.text)
        else:
            joined.blocks.append(_without_inner_page_number(block, joined, patterns))
            tail = len(block.text)
    _join_lone_dashes(joined, patterns)
    joined.blocks = [part for block in joined.blocks for part in _part_caption(block, patterns)]
    return joined


def _part_caption(block: Block, patterns: Patterns) -> list[Block]:
    """The title of an appendix, and the note "(Kèm theo ...)" that was set in one paragraph with it."""
    note = block.text.find("(") if isinstance(block, Paragraph) else -1
    if note <= 0 or not isinstance(block, Paragraph):
        return [block]
    title, rest = block.text[:note].rstrip(), block.text[note:]
    is_title = is_caps(title) or patterns.rule("caption.appendix").match(fold(title))
    if not is_title or not patterns.rule("caption.attached").match(fold(rest)):
        return [block]
    return [replace(block, text=title), replace(block, text=rest, gap=False)]


def _is_after_title(before: Sequence[Block], block: Block, patterns: Patterns) -> bool:
    """Whether the line before is the plan's title, alone under the kind of document: it has no stop but is whole."""
    kind = before[-2] if len(before) > 1 else None
    if not isinstance(kind, Paragraph) or not isinstance(block, Paragraph) or not block.gap:
        return False
    return is_caps(kind.text) and fold(kind.text.strip()) in patterns.words("document.types")


def _measure(blocks: Sequence[Block]) -> _Layout:
    """Whether the file's lines are cut at a page's width, and that width."""
    lines = [b for b in blocks if isinstance(b, Paragraph)]
    widths = sorted(len(line.text) for line in lines)
    width = widths[int(len(widths) * 0.9)] if widths else 0
    full = [(a, b) for a, b in pairwise(lines) if not b.gap and len(a.text) >= _FULL_LINE * width]
    running = sum(not a.text.endswith(_CLOSED) and b.text[:1].islower() for a, b in full)
    wrapped = 30 < width <= _MAX_WRAP_WIDTH and len(full) >= _MIN_FULL and running > _WRAPPED_SHARE * len(full)
    ended = [b.gap for a, b in pairwise(lines) if a.text.endswith(_CLOSED)]
    return _Layout(wrapped, sum(ended) > _GAPPED_SHARE * len(ended), width)


def _join(before: Paragraph, after: Paragraph, glue: str = " ") -> Paragraph:
    return replace(before, text=f"{before.text}{glue}{after.text}", span=before.span.to(after.span))


def _runs_on(before: Paragraph, after: Paragraph, tail: int, layout: _Layout, patterns: Patterns) -> bool:
    """Whether `after` goes on with the sentence of `before`."""
    if len(before.text) > _LONGEST or _is_letterhead(before.text, patterns) or _is_letterhead(after.text, patterns):
        return False
    marker = parse_marker(after.text, patterns)
    same_block = layout.wrapped and not after.gap
    full_line = tail >= _FULL_LINE * layout.width
    if is_open(before.text, patterns) and not is_caps(before.text) and (marker is None or not after.gap):
        return marker is None or (not marker.is_bullet and asks_for_number(before.text, patterns))
    if marker is not None:
        open_range = marker.is_bullet and after.text[marker.end : marker.end + 1].isdigit()
        return same_block and full_line and open_range and not before.text.endswith(_CLOSED)
    if not after.gap and _is_in_bracket(before.text):
        return True
    if is_caps(before.text):
        return _is_title_run(before, after, patterns)
    if (before.bold != after.bold and not after.text[:1].islower()) or (is_caps(after.text) and not same_block):
        return False
    unended = layout.gapped and not after.gap and _is_unended_item(before.text, patterns)
    if unended and not _opens_block(after.text, patterns):
        return True
    if same_block:
        whole = before.text.endswith(_CLOSED) and not full_line and not layout.gapped
        return not whole and not _starts_anew(before, after, tail, layout, patterns)
    return not before.text.endswith(_CLOSED) and _is_broken(before, after, patterns)


def _is_unended_item(text: str, patterns: Patterns) -> bool:
    """A list item or a label's value without an end, where blank lines part paragraphs: the line below goes on."""
    if text.endswith((".", ":")):
        return False
    marker = parse_marker(text, patterns)
    return marker is not None and (marker.is_bullet or ":" in text)


def _is_in_bracket(text: str) -> bool:
    """Whether the text ends inside a bracket; one that was opened long ago was never closed."""
    end = text[-_BRACKET:]
    return end.rfind("(") > end.rfind(")")


def _is_letterhead(text: str, patterns: Patterns) -> bool:
    """A line of a letterhead that stands for itself whatever lines follow; an issuer's name may be broken."""
    if len(text) > _LETTERHEAD_CHARS:
        return False
    folded = fold(text)
    return any(rule.search(folded) for rule in patterns.group("letterhead") if rule.id != "letterhead.issuer")


def _starts_anew(before: Paragraph, after: Paragraph, tail: int, layout: _Layout, patterns: Patterns) -> bool:
    """Whether a line that would have had room for the next word ended its paragraph: where no blank lines part
    paragraphs, a capital (or a bracket) after a whole sentence or a title."""
    first = after.text.partition(" ")[0]
    if layout.gapped or not first.lstrip('("“')[:1].isupper() or tail + 1 + len(first) + _SLACK > layout.width:
        return False
    return before.text.endswith(_CLOSED) or _is_whole_title(before.text, tail == len(before.text), patterns)


def _is_whole_title(text: str, unbroken: bool, patterns: Patterns) -> bool:
    """A numbered text that names bodies; on one line also a section, or more words than a broken first line has."""
    marker = parse_marker(text, patterns)
    if marker is None or marker.is_bullet:
        return False
    words = text[marker.end :]
    kinds = patterns.group("kind")
    if unbroken and (len(words.split()) >= _TITLE_WORDS or any(rule.search(fold(words)) for rule in kinds)):
        return True
    return is_agency_list(words, patterns)


def _is_title_run(before: Paragraph, after: Paragraph, patterns: Patterns) -> bool:
    """Two lines of one title in capitals. The kind of document and the word "PHỤ LỤC" stand on lines of their own."""
    if after.gap or not is_caps(after.text) or before.bold != after.bold or len(before.text) > _LONGEST_TITLE:
        return False
    if patterns.rule("authority.line").match(fold(after.text)) and not is_open(before.text, patterns):
        return False
    alone = fold(before.text.strip())
    return not (
        patterns.rule("caption.appendix").fullmatch(alone)
        or alone in patterns.words("document.types")
        or any(r.search(alone) for group in ("letterhead", "signature", "template") for r in patterns.group(group))
    )


def _is_broken(before: Paragraph, after: Paragraph, patterns: Patterns) -> bool:
    """Whether a paragraph without an end, and the next one, are the two halves of one that a page end cut."""
    if after.text[:1].islower() or before.text.endswith(",") or _is_in_bracket(before.text):
        return True
    if not after.text[:1].isupper() or before.bold or after.bold or _opens_block(after.text, patterns):
        return False
    marker = parse_marker(before.text, patterns)
    if marker is None:
        return len(before.text) >= _LONG
    return marker.is_bullet  # a numbered line without an end is a title, however long


def _opens_block(text: str, patterns: Patterns) -> bool:
    """Words that begin something of their own: recipients, labels, captions, closing sentences."""
    folded = fold(text)
    return any(
        rule.search(folded)
        for group in ("recipients", "label", "caption", "chrome", "closing", "signature")
        for rule in patterns.group(group)
    )


def _without_inner_page_number(block: Paragraph, joined: Joined, patterns: Patterns) -> Paragraph:
    """The paragraph without a page number that stands inside its sentence; the edit is recorded."""
    match = patterns.rule("page.number_inside").search(block.text)
    word = _WORD_END.search(block.text[max(0, match.start() - _LONG_WORD) : match.start()]) if match else None
    if not match or not word or not word[0].islower() or word[0] in patterns.words("page.words_with_number"):
        return block
    joined.edits.append(Warn("page-number-inside", f"took out{match[0]} after {word[0]!r}", block.span))
    return replace(block, text=block.text[: match.start()] + block.text[match.end() :])


def _join_lone_dashes(joined: Joined, patterns: Patterns) -> None:
    """A single dash item after an unfinished numbered sentence is that sentence's own dash at a broken line.

    A list is opened by a title or a colon and has two items or more; a sentence that stops without a stop has neither.
    """
    markers = [parse_marker(b.text, patterns) if isinstance(b, Paragraph) else None for b in joined.blocks]
    for at in range(len(joined.blocks) - 1, 0, -1):
        before, after = joined.blocks[at - 1], joined.blocks[at]
        if not isinstance(before, Paragraph) or not isinstance(after, Paragraph):
            continue
        if _is_dash(markers[at]) and not _is_dash(markers[at - 1]) and not _is_dash((*markers, None)[at + 1]):
            if len(before.text) < _LONG or before.text.endswith(_CLOSED) or before.bold or is_caps(before.text):
                continue
            joined.blocks[at - 1 : at + 1] = [_join(before, after)]
            joined.edits.append(Warn("broken-sentence", "joined with the dash line below", before.span))


def _is_dash(marker: Marker | None) -> bool:
    return marker is not None and marker.kind == "dash"
