"""Where on a page the document stands, told from where its sentences are and where its links are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cchc_extract.patterns import Patterns
from cchc_extract.readers.element import Element
from cchc_extract.readers.html.page import is_seen
from cchc_extract.vietnamese import fold, join_spaces

BLOCKS = frozenset((
    "html", "body", "address", "article", "aside", "blockquote", "caption", "center", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "ul",
))  # fmt: skip
_FRAMING = frozenset({"nav", "aside", "header", "footer"})  # elements that say they are not the content
_SENTENCE = 40  # characters: a block with more is no entry of a menu
_MAIN_SHARE = 0.6  # of the sentences of an element: a child with so many holds the document
_AROUND = 0.2  # of the document's sentences: what else may stand in the same container
_MENU_ENTRIES, _MENU_SHARE = 3, 0.7  # blocks that open with a link, for an element to be a menu
_LINK_SHARE = 0.6  # of a block's characters, for it to be an entry of a menu
_ANCHOR_CHARS = 160
_LONG_CELL, _CELL_SHARE = 2_000, 0.5  # a cell with so much of a table's words is no cell
_ROW_CHARS, _ROW_BLOCKS = 600, 6  # the same for a table of one row


@dataclass(slots=True)
class Mass:
    """What an element holds. `words`, `links`: characters not yet counted to a block; `entries`: menu entries."""

    words: int = 0
    links: int = 0
    all_words: int = 0
    sentences: int = 0
    in_tables: int = 0
    blocks: int = 0
    entries: int = 0
    anchors: int = 0
    holds_block: bool = False
    holds_table: bool = False


Masses = dict[Element, Mass]


def weigh(body: Element, patterns: Patterns) -> Masses:
    """The mass of everything that is seen, in one pass from the last element to the first."""
    seen: list[Element] = []
    stack = [body]
    while stack:
        element = stack.pop()
        if is_seen(element):
            seen.append(element)
            stack.extend(reversed(list(element)))
    masses: Masses = {element: Mass() for element in seen}
    for element in reversed(seen):
        own = _count(element.text) + sum(_count(child.tail) for child in element)
        mass = masses[element]
        mass.words += own
        mass.all_words += own
        if element.tag == "a":
            mass.links = mass.words
        if element.tag in BLOCKS:
            _close_block(element, mass, patterns)
        if element.tag == "table":
            mass.in_tables = mass.sentences if is_data_table(element, masses) else mass.in_tables
            mass.holds_table = True
        parent = element.getparent()
        if element is not body and parent is not None and parent in masses:
            _pass_on(mass, masses[parent], element.tag in BLOCKS)
    return masses


def _count(text: str | None) -> int:
    return len(join_spaces(text)) if text else 0


def _close_block(element: Element, mass: Mass, patterns: Patterns) -> None:
    """Judge the words that stand in a block itself: a sentence, an entry of a menu, or a mark of a document."""
    if mass.words:
        mass.blocks += 1
        is_entry = mass.links >= _LINK_SHARE * mass.words
        mass.entries += is_entry and _opens_with_link(element)
        if mass.words - mass.links >= _SENTENCE or (mass.words >= 2 * _SENTENCE and not _opens_with_link(element)):
            mass.sentences += mass.words
        if not mass.holds_block and mass.words <= _ANCHOR_CHARS and not is_entry:
            mass.anchors += _is_anchor(join_spaces("".join(_texts(element))), patterns)
    mass.words = mass.links = 0
    mass.holds_block = True


def _pass_on(mass: Mass, parent: Mass, is_block: bool) -> None:
    if not is_block:
        parent.words += mass.words
        parent.links += mass.links
    parent.all_words += mass.all_words
    parent.sentences += mass.sentences
    parent.in_tables += mass.in_tables
    parent.blocks += mass.blocks
    parent.entries += mass.entries
    parent.anchors += mass.anchors
    parent.holds_block |= mass.holds_block
    parent.holds_table |= mass.holds_table


def _texts(element: Element) -> list[str]:
    texts = [element.text or ""]
    for inner in element.iter():
        if inner is not element:
            texts += [inner.text or "", inner.tail or ""] if isinstance(inner.tag, str) else [inner.tail or ""]
    return texts


def _is_anchor(text: str, patterns: Patterns) -> bool:
    """Lines that only a document itself has: the state's name and motto at its head, the recipients at its foot."""
    folded = fold(text)
    return any(patterns.rule(id).search(folded) for id in ("letterhead.state", "recipients.start"))


def _opens_with_link(element: Element) -> bool:
    """Whether the first words of a block are a link's."""
    if (element.text or "").strip():
        return False
    for inner in element.iter():
        if inner is element:
            continue
        if inner.tag == "a":
            return True
        if isinstance(inner.tag, str) and (inner.text or "").strip():
            return False
    return False


# --- the document's place -----------------------------------------------------------------------------------------


def find_content(body: Element, masses: Masses) -> Element:
    """The element that holds the document: down to where its paragraphs stand, and up again over what is no menu."""
    path = [body]
    while (inner := _main_child(path[-1], masses)) is not None:
        path.append(inner)
    while len(path) > 1 and _belongs(masses[path[-1]], masses[path[-2]]):
        path.pop()
    return path[-1]


def _main_child(element: Element, masses: Masses) -> Element | None:
    mass = masses[element]
    best = max((c for c in element if c in masses), key=lambda c: masses[c].sentences, default=None)
    if best is None or not mass.sentences:
        return None
    inner = masses[best]
    is_table = inner.in_tables > 0.9 * inner.sentences and inner.blocks < mass.blocks
    if (best.tag == "table" and is_data_table(best, masses)) or is_table or inner.anchors < mass.anchors:
        return None
    return best if best.tag in BLOCKS and inner.sentences >= _MAIN_SHARE * mass.sentences else None


def _belongs(inner: Mass, outer: Mass) -> bool:
    """Whether what stands around the document in its container is part of it: little, and without links."""
    return outer.entries == inner.entries and outer.sentences - inner.sentences <= _AROUND * inner.sentences


def is_chrome(element: Element, masses: Masses, content: Element) -> bool:
    """Whether an element inside the content is a menu, or names itself a frame and holds no sentence to speak of."""
    mass = masses.get(element)
    if mass is None or element is content:
        return False
    if element.tag in _FRAMING:
        return mass.sentences < _AROUND * masses[content].sentences
    if element.tag not in BLOCKS or element.tag in ("td", "th", "tr", "tbody") or mass.anchors:
        return False
    return mass.entries >= _MENU_ENTRIES and mass.entries >= _MENU_SHARE * mass.blocks


# --- tables -------------------------------------------------------------------------------------------------------


def table_rows(table: Element) -> list[Element]:
    """The rows of a table itself, those in its head, bodies and foot among them."""
    rows: list[Element] = []
    for child in table:
        if child.tag == "tr":
            rows.append(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            rows += [row for row in child if row.tag == "tr"]
    return [row for row in rows if is_seen(row)]


def row_cells(row: Element) -> list[Element]:
    return [cell for cell in row if cell.tag in ("td", "th") and is_seen(cell)]


def is_data_table(table: Element, masses: Masses) -> bool:
    """Whether a table is one to its reader; others only lay out the page, and are their content."""
    rows = [row_cells(row) for row in table_rows(table)]
    cells = [masses[cell] for row in rows for cell in row if cell in masses]
    if max(map(len, rows), default=0) < 2 or _has_real_table_inside(cells):
        return False
    longest = max(cells, key=lambda cell: cell.all_words)
    total = sum(cell.all_words for cell in cells)
    if longest.all_words > _LONG_CELL and longest.all_words > _CELL_SHARE * total:
        return False
    return len(rows) > 1 or longest.all_words <= _ROW_CHARS or longest.blocks <= _ROW_BLOCKS


def _has_real_table_inside(cells: Sequence[Mass]) -> bool:
    return any(cell.holds_table and cell.all_words > _ROW_CHARS for cell in cells)
