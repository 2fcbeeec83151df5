"""Letterhead, portal tables, recipients, signatures, forms and site chrome, told from the body of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from cchc_extract.model import Block, Paragraph, Removed, Table
from cchc_extract.normalise.markers import parse_marker
from cchc_extract.normalise.signatures import parse_signature
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold, is_caps, is_name

_HEAD = 40  # blocks: a letterhead stands in the first ones of a document or right after an appendix begins
_MIN_BLANKS, _BLANK_SHARE = 3, 0.12  # places to fill in, for a text to be a form


def remove_furniture(blocks: Sequence[Block], patterns: Patterns) -> tuple[list[Block], list[Removed]]:
    """The body, and what is no part of it with its kind, both in order."""
    kinds = _mark_templates(blocks, patterns)
    _mark_recipients(blocks, kinds, patterns)
    for n, block in enumerate(blocks):
        if kinds[n] is None:
            kinds[n] = _table_kind(block, patterns) if isinstance(block, Table) else _line_kind(block, n, patterns)
    _mark_signatures(blocks, kinds, patterns)
    _mark_before_letterhead(blocks, kinds, patterns)
    body = [block for block, kind in zip(blocks, kinds, strict=True) if kind is None]
    removed = [Removed(kind, block) for block, kind in zip(blocks, kinds, strict=True) if kind is not None]
    return body, removed


# --- single lines and tables --------------------------------------------------------------------------------------


def _line_kind(block: Paragraph, number: int, patterns: Patterns) -> str | None:
    folded = fold(block.text)
    if len(folded) > 160:
        return None
    for rule in patterns.group("letterhead"):
        if rule.search(folded) and (number < _HEAD or rule.id != "letterhead.issuer"):
            return None if rule.id == "letterhead.issuer" and not is_caps(block.text) else "letterhead"
    if patterns.rule("chrome.line").match(folded) or (number < 15 and patterns.rule("chrome.menu").match(folded)):
        return "chrome"
    return None


def _table_kind(table: Table, patterns: Patterns) -> str | None:
    words = fold("\n".join(cell.text for row in table.rows for cell in row.cells))
    lines = [line for line in map(str.strip, words.split("\n")) if line]
    if not lines:
        return "chrome"  # nothing but bars or tabs
    if any(patterns.rule("recipients.start").match(line) for line in lines):
        return "recipients"
    labels = sum(bool(row.cells) and _is_portal_row(fold(row.cells[0].text), patterns) for row in table.rows)
    if labels >= 2 and labels >= 0.5 * len(table.rows):
        return "portal"
    if len(table.rows) <= 6 and _count_letterhead(lines, patterns) >= 2:
        return "letterhead"
    texts = [cell.text for row in table.rows for cell in row.cells if cell.text]
    if len(texts) <= 3 and all(_is_signature(text, patterns) for text in texts):
        return "signature"
    return None


def _is_portal_row(first: str, patterns: Patterns) -> bool:
    return bool(patterns.rule("portal.label").match(first.strip()))


def _count_letterhead(lines: Sequence[str], patterns: Patterns) -> int:
    """How many of the rules of a letterhead are met; its names may be broken over lines, so neighbours count too."""
    texts = [*lines, *(f"{a} {b}" for a, b in pairwise(lines))]
    return sum(any(rule.search(text) for text in texts) for rule in patterns.group("letterhead"))


def _mark_before_letterhead(blocks: Sequence[Block], kinds: list[str | None], patterns: Patterns) -> None:
    """What a site writes over a document (related documents, notices), but for a line that names the document. A
    letterhead below a document's own headings is not its own."""
    first = next(
        (n for n, kind in enumerate(kinds[:_HEAD]) if kind == "letterhead" and _is_top(blocks[n], patterns)), 0
    )
    above = [(n, block) for n, block in enumerate(blocks[:first]) if kinds[n] is None]
    if any(isinstance(block, Table) or _is_heading(block, patterns) for _, block in above):
        return
    for n, block in above:
        if isinstance(block, Paragraph) and not fold(block.text).startswith(patterns.words("document.types")):
            kinds[n] = "chrome"


def _is_top(block: Block, patterns: Patterns) -> bool:
    return isinstance(block, Table) or patterns.rule("letterhead.state").search(fold(block.text)) is not None


def _is_heading(block: Paragraph, patterns: Patterns) -> bool:
    marker = parse_marker(block.text, patterns)
    return not marker.is_bullet if marker else fold(block.text) in patterns.words("document.types")


# --- recipients and signatures ------------------------------------------------------------------------------------


def _mark_recipients(blocks: Sequence[Block], kinds: list[str | None], patterns: Patterns) -> None:
    """From "Nơi nhận" on, the list items below it."""
    start = patterns.rule("recipients.start")
    for at, block in enumerate(blocks):
        if kinds[at] is None and isinstance(block, Paragraph) and start.match(fold(block.text)):
            kinds[at] = "recipients"
            _mark_list(blocks, kinds, at + 1, patterns)


def _mark_list(blocks: Sequence[Block], kinds: list[str | None], start: int, patterns: Patterns) -> None:
    for at in range(start, len(blocks)):
        block = blocks[at]
        if not isinstance(block, Paragraph):
            return
        marker = parse_marker(block.text, patterns)
        is_end = bool(patterns.rule("recipients.end").match(fold(block.text)))
        if not is_end and (marker is None or not marker.is_bullet):
            return
        kinds[at] = "recipients"
        if is_end:
            return


def _mark_signatures(blocks: Sequence[Block], kinds: list[str | None], patterns: Patterns) -> None:
    """The office that signs, set in capitals, the place to sign, and the name below them."""
    signed = False
    for n, block in enumerate(blocks):
        if kinds[n] is not None or not isinstance(block, Paragraph):
            signed = kinds[n] == "recipients" or (signed and kinds[n] == "signature")
            continue
        if _is_signature(block.text, patterns) or (
            signed and _is_name(block.text) and not _is_caption(block, patterns)
        ):
            kinds[n] = "signature"
            signed = True
        else:
            signed = False


def _is_signature(text: str, patterns: Patterns) -> bool:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not lines:
        return False
    if patterns.rule("signature.place").match(fold(lines[0])):
        return True
    joined = " ".join(lines) if is_caps(lines[0]) else ""
    if joined and len(joined) < 120 and patterns.rule("signature.office").match(fold(joined)):
        return True
    return parse_signature(text, patterns) is not None


def _is_name(text: str) -> bool:
    return is_name(text) and len(text) < 40


# --- forms --------------------------------------------------------------------------------------------------------


def _mark_templates(blocks: Sequence[Block], patterns: Patterns) -> list[str | None]:
    """Forms to be filled in: from their title to the next appendix or the end, where blanks are thick enough."""
    kinds: list[str | None] = [None] * len(blocks)
    captions = [n for n, b in enumerate(blocks) if _is_caption(b, patterns)]
    for n, block in enumerate(blocks):
        if kinds[n] is not None or not _is_form_title(block, patterns):
            continue
        end = next((c for c in captions if c > n), len(blocks))
        start = n - 1 if n and n - 1 in captions else n
        if _is_form(blocks[n:end], patterns):
            kinds[start:end] = ["template"] * (end - start)
    return kinds


def _is_caption(block: Block, patterns: Patterns) -> bool:
    return isinstance(block, Paragraph) and bool(patterns.rule("caption.appendix").match(fold(block.text[:60])))


def _is_form_title(block: Block, patterns: Patterns) -> bool:
    return (
        isinstance(block, Paragraph)
        and is_caps(block.text)
        and bool(patterns.rule("template.title").match(fold(block.text[:60])))
    )


def _is_form(blocks: Sequence[Block], patterns: Patterns) -> bool:
    blank = patterns.rule("template.blank")
    texts = [
        text
        for b in blocks
        for text in ([b.text] if isinstance(b, Paragraph) else [c.text for r in b.rows for c in r.cells if c.text])
    ]
    blanks = sum(bool(blank.search(text)) for text in texts)
    return blanks >= _MIN_BLANKS and blanks >= _BLANK_SHARE * len(texts)
