"""Blocks to a tree: the enumerators, and how they follow one another, tell what stands under what.

Continuity decides. A number that follows the last one of its kind is its sibling; a list that begins again without
a heading between has lost one, which becomes a branch without words; a number far out of the count is no enumerator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cchc_extract.model import Block, Paragraph, Span, Table, Warn
from cchc_extract.normalise.markers import KINDS, WIDE_KINDS, Marker, parse_marker
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold, is_caps

_TITLE_CHARS = 300  # a longer paragraph is no title, whatever it ends with
_CAPS_TITLE_CHARS = 160
_SHORT_TITLE = 100
_STRAY = 6  # a number this much ahead of the count is a value
_ALWAYS_TITLES = WIDE_KINDS | {"caption", "caps", "lost", "named"}
_TITLED_BELOW = frozenset({"part", "chapter", "division"})  # whose title may stand on the next line
_LOOK_AHEAD = 400  # blocks searched for the next number of a level
_RANK = {kind: 10 * n for n, kind in enumerate(KINDS)} | {
    "caps": 10 * KINDS.index("roman") + 5,
    "lost": 10 * KINDS.index("roman") + 6,
    "intro": 10 * KINDS.index("star") - 5,
}


@dataclass(slots=True)
class Branch:
    """A block in the tree while it grows. `lost_after`: how many headings the count shows lost behind its own;
    `doubtful`: it stands where such a heading may have been, so that the one above may not be its own."""

    block: Block | None
    kind: str
    text: str
    parent: int | None
    span: Span
    marker: Marker | None = None
    children: list[int] = field(default_factory=list)
    lost_after: int = 0
    doubtful: bool = False


@dataclass(slots=True)
class _Open:
    """A level that is open: the last branch on it and its number."""

    key: tuple[str, int]
    rank: int
    ordinal: int
    branch: int


def blocks_to_tree(blocks: Sequence[Block], patterns: Patterns) -> tuple[list[Branch], list[Warn]]:
    """Every block as a branch, parents before children, with branches of kind "lost" where a heading must have been.

    Branches of kind "front" stand before the first enumerator or caption.
    """
    builder = _Builder(blocks, patterns)
    for at, block in enumerate(blocks):
        builder.add(at, block)
    _mark_doubtful(builder.branches, patterns)
    return builder.branches, builder.warnings


def _mark_doubtful(branches: Sequence[Branch], patterns: Patterns) -> None:
    """Where the count shows that headings are lost behind a section, the works that may stand under those.

    The list of an agency opens with what it leads ("Chủ trì") before what it advises or helps in, and an agency does
    not work "with" itself: where a list begins to lead anew, or names its own heading as a partner, another begins.
    """
    opens = patterns.words("assignment.opening")
    for branch in branches:
        split = False
        for before, child in zip([None, *branch.children], branch.children, strict=False) if branch.lost_after else ():
            leads, led = (fold(branches[c].text).startswith(opens) if c is not None else True for c in (child, before))
            partner = len(branch.text) > 5 and fold(branch.text.rstrip(": ")) in fold(branches[child].text)
            split = split or partner or (leads and not led)
            branches[child].doubtful = split


def is_title(text: str) -> bool:
    """Whether a paragraph reads like a title or opens a list: it is short, and no sentence that ends."""
    return len(text) <= _TITLE_CHARS and not text.rstrip("”\"'’) ").endswith((".", ";", "…"))


class _Builder:
    def __init__(self, blocks: Sequence[Block], patterns: Patterns) -> None:
        self.patterns = patterns
        self.blocks = blocks
        self.markers = [self._read_marker(block) for block in blocks]
        self.branches: list[Branch] = []
        self.warnings: list[Warn] = []
        self.stack: list[_Open] = []
        self.begun = False

    def _read_marker(self, block: Block) -> Marker | None:
        return parse_marker(block.text, self.patterns) if isinstance(block, Paragraph) else None

    def add(self, at: int, block: Block) -> None:
        marker = self.markers[at]
        if isinstance(block, Table):
            self._attach(block, "table", "", self._top())
        elif self._is_note(block):
            self._attach(block, "note", block.text, self._top())
        elif self._is_caption(at, block):
            self._add_caption(block)
        elif marker is not None and not self._is_stray(marker):
            self.begun = True
            self._add_marked(at, block, marker)
        else:
            self._add_unmarked(at, block)

    def _is_note(self, block: Paragraph) -> bool:
        """ "(Kèm theo Kế hoạch số ...)" under the title of an appendix."""
        under_caption = bool(self.branches) and self.branches[-1].kind == "caption"
        return under_caption and self.patterns.rule("caption.attached").match(fold(block.text.lstrip("* "))) is not None

    # --- captions and unmarked paragraphs --------------------------------------------------------------------------

    def _is_caption(self, at: int, block: Paragraph) -> bool:
        """A line that opens an appendix: "PHỤ LỤC", or a title in capitals over "(Kèm theo ...)"."""
        folded = fold(block.text[:80])
        if named := self.patterns.rule("caption.appendix").match(folded):
            return is_caps(block.text) or is_caps(block.text[named.end() :]) or len(block.text) <= 60
        if not self.begun or not is_caps(block.text) or self.markers[at] is not None:
            return False
        after = self.blocks[at + 1] if at + 1 < len(self.blocks) else None
        noted = isinstance(after, Paragraph) and self.patterns.rule("caption.attached").match(fold(after.text))
        return bool(noted) or bool(self.patterns.rule("caption.list").match(folded))

    def _add_caption(self, block: Paragraph) -> None:
        before = self.branches[-1] if self.branches else None
        if before is not None and before.kind == "caption" and is_caps(block.text):
            before.text = f"{before.text} {block.text}"  # "PHỤ LỤC" and the title of the appendix below it
            before.span = before.span.to(block.span)
            return
        self.begun = True
        self.stack.clear()
        index = self._attach(block, "caption", block.text, None)
        self.stack.append(_Open(("caption", 0), _RANK["caption"], 0, index))

    def _add_unmarked(self, at: int, block: Paragraph) -> None:
        before = self.branches[-1] if self.branches else None
        if before is not None and before.kind == "caption" and _is_caption_line(before, block):
            before.text, before.span = f"{before.text} {block.text}", before.span.to(block.span)
            return
        if before is not None and before.kind in _TITLED_BELOW and not before.text.strip() and is_caps(block.text):
            before.text, before.span = block.text, before.span.to(block.span)
        elif not self.begun:
            self._attach(block, "front", block.text, None)
        elif is_caps(block.text) and len(block.text) <= _CAPS_TITLE_CHARS and is_title(block.text):
            self._open("caps", 0, self._attach_under("caps", block))
        elif block.text.endswith(":") and len(block.text) <= _TITLE_CHARS and self._opens_list(at, block):
            self._add_intro(at, block)
        else:
            self._attach(block, "text", block.text, self._title_above())

    def _opens_list(self, at: int, block: Paragraph) -> bool:
        """Whether the line is the title of the list below it. A list of a kind that is open begins again only under a
        title; a sentence over it ("Để thực hiện ... giao:") shows that its heading was lost."""
        following = self.markers[at + 1] if at + 1 < len(self.markers) else None
        if following is None or not (following.is_bullet or following.ordinals[-1:] == (1,)):
            return False
        if following.is_bullet or all(level.key != _key(following) for level in self.stack):
            return True
        sentence = self.patterns.rule("fact.preamble").match(fold(block.text))
        return len(block.text) <= _SHORT_TITLE and not sentence

    def _add_intro(self, at: int, block: Paragraph) -> None:
        """A line that introduces a list. Where that list is one of a kind that is open, the line closes that one."""
        following = self.markers[at + 1]
        key = _key(following) if following else None
        depth = next((n for n, level in enumerate(self.stack) if level.key == key), None)
        if depth is not None and following is not None and not following.is_bullet:
            del self.stack[depth:]
        rank = min(_RANK["intro"], (_rank(following) if following else _RANK["intro"]) - 1)
        while self.stack and self.stack[-1].rank >= rank:
            self.stack.pop()
        index = self._attach(block, "intro", block.text, self._top())
        self.stack.append(_Open(("intro", rank), rank, 0, index))

    def _title_above(self) -> int | None:
        """The nearest open branch that is a title: a sentence that ends has nothing under it."""
        for level in reversed(self.stack):
            branch = self.branches[level.branch]
            if branch.marker is not None and branch.marker.is_bullet:
                if branch.text.endswith(":"):
                    return level.branch
            elif branch.kind in _ALWAYS_TITLES or is_title(branch.text):
                return level.branch
        return None

    # --- enumerated paragraphs -------------------------------------------------------------------------------------

    def _is_stray(self, marker: Marker) -> bool:
        """A number far out of the count: "30. ..." after "6." is a value or a page, not an item."""
        if not marker.ordinals or marker.kind not in ("arabic", "number-bracket"):
            return False
        level = self._find(_key(marker), marker.ordinals[-1])
        last = self.stack[level].ordinal if level is not None else 0
        return marker.ordinals[-1] > last + _STRAY

    def _add_marked(self, at: int, block: Paragraph, marker: Marker) -> None:
        ordinal = marker.ordinals[-1] if marker.ordinals else 0
        level = self._find(_key(marker), ordinal)
        if marker.kind == "dotted":
            self._check_prefix(marker, block)
        elif level is not None and ordinal == 1 and self.stack[level].ordinal >= 1 and not marker.is_bullet:
            if self._is_nested(marker):
                level = None
            else:
                self._add_lost(at, level, block)
                level = None
        if level is not None:
            self._note_gap(self.stack[level], ordinal, block, marker)
            del self.stack[level:]
        text = block.text[marker.end :]
        index = self._attach_under(marker.kind, block, marker, text)
        self._open(marker.kind, ordinal, index, depth=len(marker.ordinals))

    def _find(self, key: tuple[str, int], ordinal: int) -> int | None:
        """The open level that a marker belongs to: the one it continues, else the innermost of its kind."""
        same = [n for n, level in enumerate(self.stack) if level.key == key]
        continued = [n for n in same if self.stack[n].ordinal + 1 == ordinal]
        return continued[-1] if continued else same[-1] if same else None

    def _is_nested(self, marker: Marker) -> bool:
        """A count that begins again under an item which introduces it with a colon."""
        if not self.stack or self.stack[-1].key == _key(marker):
            return False
        return (
            self.branches[self.stack[-1].branch].text.endswith(":")
            and not self.branches[self.stack[-1].branch].children
        )

    def _attach_under(self, kind: str, block: Paragraph, marker: Marker | None = None, text: str | None = None) -> int:
        rank = _rank(marker) if marker else _RANK[kind]
        nested = marker is not None and bool(self.stack) and marker.ordinals[-1:] == (1,) and self._is_nested(marker)
        while self.stack and self.stack[-1].rank >= rank and not nested:
            self.stack.pop()
        index = self._attach(block, kind, block.text if text is None else text, self._top())
        self.branches[index].marker = marker
        return index

    def _open(self, kind: str, ordinal: int, index: int, depth: int = 0) -> None:
        key = (kind, depth if kind == "dotted" else 0)
        self.stack.append(_Open(key, _RANK[kind] + (depth if kind == "dotted" else 0), ordinal, index))

    # --- lost headings ---------------------------------------------------------------------------------------------

    def _check_prefix(self, marker: Marker, block: Paragraph) -> None:
        """ "2.1." under "1." has lost its "2."."""
        level = self._find(("arabic", 0), -1)
        if level is None or len(marker.ordinals) != 2 or marker.ordinals[0] <= self.stack[level].ordinal:
            return
        if marker.ordinals[0] > self.stack[level].ordinal + _STRAY:
            return
        self._push_lost(level, marker.ordinals[0], block)

    def _add_lost(self, at: int, level: int, block: Paragraph) -> None:
        """A list begins again with nothing over it: a heading of one of the levels above was lost."""
        above = [n for n in range(level - 1, -1, -1) if self.stack[n].key[0] not in ("caption", "intro", "caps")]
        chosen = next((n for n in above if self._is_skipped(at, self.stack[n])), above[0] if above else None)
        if chosen is not None:
            self._push_lost(chosen, self.stack[chosen].ordinal + 1, block)
            return
        del self.stack[level:]
        while self.stack and self.stack[-1].key[0] != "caption":
            self.stack.pop()
        index = self._attach(None, "lost", "", self._top(), block.span)
        self._warn_lost(block)
        self.stack.append(_Open(("lost", 0), _RANK["lost"], 0, index))

    def _push_lost(self, level: int, ordinal: int, block: Paragraph) -> None:
        opened = self.stack[level]
        parent = self.branches[opened.branch].parent
        del self.stack[level:]
        index = self._attach(None, "lost", "", parent, block.span)
        self.stack.append(_Open(opened.key, opened.rank, ordinal, index))
        self._warn_lost(block)

    def _is_skipped(self, at: int, level: _Open) -> bool:
        """Whether the next number of a level shows that one before it is missing."""
        for marker in self.markers[at + 1 : at + _LOOK_AHEAD]:
            if marker is None:
                continue
            if _key(marker) == level.key:
                return marker.ordinals[-1] > level.ordinal + 1
            if _rank(marker) < level.rank:
                return False
        return False

    def _warn_lost(self, block: Paragraph) -> None:
        message = f"the enumeration begins again at {block.text[:40]!r}: a heading before it was lost"
        self.warnings.append(Warn("lost-heading", message, block.span))

    def _note_gap(self, level: _Open, ordinal: int, block: Paragraph, marker: Marker) -> None:
        missing = ordinal - level.ordinal - 1
        if not marker.ordinals or missing <= 0 or level.ordinal == 0:
            return
        self.branches[level.branch].lost_after = missing
        what = "heading" if self.branches[level.branch].children else "item"
        message = f"the enumeration goes from {level.ordinal} to {marker.text!r}: {missing} {what}(s) lost"
        self.warnings.append(Warn(f"lost-{what}", message, block.span))

    # --- attaching -------------------------------------------------------------------------------------------------

    def _top(self) -> int | None:
        return self.stack[-1].branch if self.stack else None

    def _attach(self, block: Block | None, kind: str, text: str, parent: int | None, span: Span | None = None) -> int:
        place = span or (block.span if block else Span())
        self.branches.append(Branch(block, kind, text, parent, place))
        index = len(self.branches) - 1
        if parent is not None:
            self.branches[parent].children.append(index)
        return index


def _is_caption_line(caption: Branch, block: Paragraph) -> bool:
    """Whether a line is a further line of an appendix's title."""
    return is_caps(block.text) or (len(caption.text) < 15 and is_title(block.text))


def _key(marker: Marker) -> tuple[str, int]:
    return marker.kind, len(marker.ordinals) if marker.kind == "dotted" else 0


def _rank(marker: Marker) -> int:
    return _RANK[marker.kind] + (len(marker.ordinals) if marker.kind == "dotted" else 0)
