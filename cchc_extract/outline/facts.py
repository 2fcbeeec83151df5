"""What a document says of itself: letterhead, portal table, captions, title, signature."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from cchc_extract.model import Agency, Attached, Document, Facts, Paragraph, Period, Province, Table
from cchc_extract.normalise.agencies import find_province, is_agency_list, parse_agencies
from cchc_extract.normalise.agency_match import how_written, known_agency
from cchc_extract.normalise.dates import parse_date, parse_period
from cchc_extract.normalise.deadlines import DeadlineContext, parse_deadlines
from cchc_extract.normalise.markers import parse_marker
from cchc_extract.normalise.registry import province_on
from cchc_extract.normalise.signatures import find_signer
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold, is_caps, is_name, join_spaces

_HEAD = 12  # paragraphs in which a title is looked for
_MENTIONS = 2  # of a province in a text whose head names none, for the text to be of it
_MIN_TITLE = 25  # characters; shorter lines in a head are menus and names


class _Head(NamedTuple):
    """The head of a document as it was found: portal facts by name, letterhead lines, paragraphs of the body."""

    portal: dict[str, str]
    letterhead: tuple[str, ...]
    front: tuple[str, ...]
    notes: tuple[str, ...]
    signature: tuple[str, ...]
    signer: str  # the name that the portal tells, or that alone is left of the signature


def read_facts(document: Document, patterns: Patterns) -> Facts:
    """The facts of a document; what it does not say is None."""
    head = _read_head(document, patterns)
    kind = _find_type(head, patterns)
    facts = Facts(
        type=kind,
        number=_find_number(head, patterns),
        title=_find_title(head, patterns),
        issued_on=_find_issue_date(head, patterns),
        effective_on=parse_date(head.portal.get("effective_on", ""), patterns),
        signer=find_signer(head.signature, head.signer, patterns),
    )
    facts = _add_notes(facts, head, patterns)
    facts = _enter_attached_plan(facts, document, patterns)
    own = _find_own_issuer(head, patterns)
    central = own is not None and own.level == "central"
    found = None if central else _find_province(head, facts, document, patterns)
    period = next((p for text in _own_words(facts, head, patterns) if (p := parse_period(text, patterns))), None)
    period = period or _find_stated_period(facts, document, patterns)
    province = found and province_on(found.code, facts.issued_on or (period and period.start) or date.min, patterns)
    return replace(
        facts,
        province=province,
        province_today=found and province_on(found.code, date.max, patterns),
        issuer=own or _find_issuer(head, province, facts.type is not None, patterns),
        period=period,
    )


def _own_words(facts: Facts, head: _Head, patterns: Patterns) -> Iterator[str]:
    """The words that speak of the plan itself: its title, and the clause of the preamble that issues it."""
    yield facts.title or ""
    for text in head.front[:4]:
        for match in patterns.rule("fact.plan_clause").finditer(fold(text)):
            yield text[match.start("plan") : match.end("plan")]


def _find_stated_period(facts: Facts, document: Document, patterns: Patterns) -> Period | None:
    """The period of a plan whose title has no year, from its section "Thời gian thực hiện: 60 ngày kể từ ...".

    The line must stand before the first table and task of its own: below them it is the time of one task.
    """
    context = DeadlineContext(None, facts.issued_on)
    found: list[Period] = []
    for block in document.blocks:
        if not isinstance(block, Paragraph):
            break
        marker = parse_marker(block.text, patterns)
        text = block.text[marker.end :] if marker is not None and not marker.is_bullet else ""
        label = patterns.rule("label.deadline").match(fold(text))
        if label:
            times = parse_deadlines(text[label.end() :], context, patterns)
            found += [Period(time.start, time.end) for time in times if time.start and time.end]
    return found[0] if len(found) == 1 else None


# --- the head -----------------------------------------------------------------------------------------------------


def _read_head(document: Document, patterns: Patterns) -> _Head:
    portal: dict[str, str] = {}
    letterhead: list[str] = []
    signature: list[str] = []
    for removed in document.removed:
        if removed.kind == "portal" and isinstance(removed.block, Table):
            portal.update(_read_portal(removed.block, patterns))
        elif removed.kind == "letterhead":
            letterhead += _lines(removed.block)
        elif removed.kind in ("signature", "recipients"):
            signature += _lines(removed.block)
    paragraphs = [b.text for b in document.blocks if isinstance(b, Paragraph)]
    notes = [
        t for t in paragraphs if patterns.rule("caption.attached").match(fold(t)) or _is_bracketed_note(t, patterns)
    ]
    front = tuple(_front(paragraphs, patterns))
    signer = join_spaces(portal.get("signer", "")) or _find_lone_name(document)
    return _Head(portal, tuple(letterhead), front, tuple(notes), tuple(signature), signer)


def _find_lone_name(document: Document) -> str:
    """The one name below the recipients: a stamp often hides the office above it from recognition."""
    left = [removed.block for removed in document.removed if removed.kind == "signature"]
    names = [block.text for block in left if isinstance(block, Paragraph) and is_name(block.text)]
    return names[0] if len(names) == 1 and not is_caps(names[0]) else ""


def _lines(block: Paragraph | Table) -> list[str]:
    if isinstance(block, Paragraph):
        return [block.text]
    return [cell.text for row in block.rows for cell in row.cells if cell.text]


def _is_bracketed_note(text: str, patterns: Patterns) -> bool:
    return text.startswith(("(", "*(")) and patterns.rule("fact.attached").search(fold(text)) is not None


def _read_portal(table: Table, patterns: Patterns) -> Iterator[tuple[str, str]]:
    for row in table.rows:
        for label, value in zip(row.cells, row.cells[1:], strict=False):
            rule = next((r for r in patterns.group("portal") if r.value and r.match(fold(label.text.strip()))), None)
            if rule and rule.value and value.text:
                yield rule.value, value.text


def _front(paragraphs: Sequence[str], patterns: Patterns) -> Iterator[str]:
    """The paragraphs before the first enumerator, at most the first few."""
    for text in paragraphs[:_HEAD]:
        if parse_marker(text, patterns) is not None:
            return
        yield text


# --- the facts ----------------------------------------------------------------------------------------------------


def _find_type(head: _Head, patterns: Patterns) -> str | None:
    if "type" in head.portal:
        return fold(join_spaces(head.portal["type"]))
    types = patterns.words("document.types")
    for text in head.front:
        if fold(text.strip(" :")) in types and is_caps(text):
            return fold(text.strip(" :"))
    return _type_of_number(_find_number(head, patterns), patterns)


def _type_of_number(number: str | None, patterns: Patterns) -> str | None:
    letters = fold(number or "").replace("-", "/").split("/")
    entries = (entry.split("|") for entry in patterns.words("document.types_by_number"))
    return next((kind for short, kind in entries if short in letters), None)


def _find_number(head: _Head, patterns: Patterns) -> str | None:
    for text in (head.portal.get("number", ""), *head.letterhead):
        for line in text.split("\n"):
            if (match := patterns.rule("fact.number").search(fold(line))) and len(line) < 60:
                return "".join(line[match.start("number") : match.end("number")].split()).rstrip("-/")
    return None


def _find_issue_date(head: _Head, patterns: Patterns) -> date | None:
    for text in (head.portal.get("issued_on", ""), *head.letterhead):
        if found := parse_date(join_spaces(text), patterns):
            return found
    return None


def _find_title(head: _Head, patterns: Patterns) -> str | None:
    """The lines under the kind of document, else the first in capitals, else the first long line without an end."""
    types = patterns.words("document.types")
    texts = [t for t in head.front if not patterns.rule("caption.attached").match(fold(t))]
    at = next((n for n, t in enumerate(texts) if fold(t.strip(" :")) in types), None)
    if at is not None and at + 1 < len(texts):
        return _strip(texts[at + 1])
    caps = next((t for t in texts if is_caps(t) and len(t) >= _MIN_TITLE), None)
    if caps:
        return _strip(caps)
    plain = (t for t in texts if len(t) >= _MIN_TITLE and not patterns.rule("fact.preamble").match(fold(t)))
    return next((_strip(t) for t in plain if not t.endswith((".", ":", ";"))), None)


def _strip(title: str) -> str:
    return join_spaces(title).strip("*")


def _add_notes(facts: Facts, head: _Head, patterns: Patterns) -> Facts:
    """Number, date and decision from the notes "(Kèm theo ...)": a note of the plan's own kind names the plan."""
    for note in head.notes:
        match = patterns.rule("fact.attached").search(fold(join_spaces(note)))
        if not match:
            continue
        words = join_spaces(note)
        number = "".join(words[match.start("number") : match.end("number")].split()).rstrip(",.") or None
        when = parse_date(words[match.start("date") : match.end("date")], patterns) if match["date"] else None
        if match["type"] == facts.type or facts.type is None:
            facts = replace(facts, number=facts.number or number, issued_on=facts.issued_on or when)
            facts = replace(facts, type=facts.type or match["type"])
        elif facts.attached_to is None and number != facts.number:
            facts = replace(facts, attached_to=Attached(match["type"], number, when), issued_on=facts.issued_on or when)
    return facts


def _enter_attached_plan(facts: Facts, document: Document, patterns: Patterns) -> Facts:
    """Where a decision stands before the plan that it issues, the plan is the document, attached to the decision."""
    kinds = [kind for kind in patterns.words("document.plan_types") if kind != facts.type]
    texts = [block.text for block in document.blocks if isinstance(block, Paragraph)] if facts.type else []
    for n, text in enumerate(texts):
        kind = fold(text.strip(" :"))
        if kind in kinds and is_caps(text):
            notes = (patterns.rule("fact.attached").search(fold(below)) for below in texts[n + 2 : n + 4])
            if facts.type and any(note and note["type"] == facts.type for note in notes):
                decision = Attached(facts.type, facts.number, facts.issued_on)
                return replace(facts, type=kind, number=None, title=_strip(texts[n + 1]), attached_to=decision)
    return facts


def _find_province(head: _Head, facts: Facts, document: Document, patterns: Patterns) -> Province | None:
    """From the places that name the issuer first; last from the whole text, where one province stands out."""
    places = [head.portal.get("issuer", ""), *head.letterhead, facts.title or "", *head.notes, *head.front]
    for text in places:
        if text and (found := find_province(join_spaces(text), patterns)):
            return found
    counts: dict[Province, int] = {}
    for block in document.blocks:
        if isinstance(block, Paragraph) and (found := find_province(block.text, patterns)):
            counts[found] = counts.get(found, 0) + 1
    ranked = sorted(counts, key=lambda p: -counts[p])
    if not ranked or counts[ranked[0]] < _MENTIONS:
        return None
    clear = len(ranked) == 1 or counts[ranked[0]] >= 2 * counts[ranked[1]]
    return ranked[0] if clear else None


def _find_own_issuer(head: _Head, patterns: Patterns) -> Agency | None:
    """An issuer that is not the people's committee: the department or central body with a line of the letterhead."""
    for line in (line for text in head.letterhead for line in text.split("\n")):
        found = parse_agencies(line, patterns) if is_caps(line) and is_agency_list(line, patterns) else ()
        known = len(found) == 1 and found[0].kind == "agency" and found[0].id in patterns.agencies
        if known and (found[0].level == "central" or fold(line).startswith(patterns.words("issuer.department"))):
            return found[0]
    return None


def _find_issuer(head: _Head, province: Province | None, official: bool, patterns: Patterns) -> Agency | None:
    """The issuing body with the province's name put to it, as the head names it; the first sentences of a text that
    is no official document (`official`) only tell of one."""
    letterhead = [_without_number(text, patterns) for text in head.letterhead]
    named = patterns.rule("fact.issuer")
    broken = [  # the body and its place on two lines
        f"{a} {b}"
        for a, b in pairwise(letterhead)
        if (found := named.search(fold(f"{a} {b}"))) and found.start() < len(a) < found.end()
    ]
    candidates = [head.portal.get("issuer", ""), *broken, *letterhead, *head.notes, *(head.front if official else ())]
    for text in candidates:
        words = join_spaces(text).strip(" -–_*")
        if fold(words).startswith(patterns.words("issuer.province")) and len(words) < 30:
            return _name_issuer("ubnd-tinh", words, words.partition(" ")[2], province, patterns)
        if match := patterns.rule("fact.issuer").search(fold(words)):
            body = "tinh-uy" if match["party"] else "ubnd-tinh"
            place = _place_after(words[match.end() :])
            said = words[match.start() : match.end()] + (f" {place}" if place else "")
            return _name_issuer(body, said, place, province, patterns)
    return None


def _without_number(text: str, patterns: Patterns) -> str:
    lines = text.split("\n")
    return "\n".join(line for line in lines if not patterns.rule("letterhead.number").match(fold(line.strip())))


def _place_after(words: str) -> str:
    """The proper name right after a body: at most four words with capitals."""
    place: list[str] = []
    for word in words.split()[:4]:
        if not word[0].isupper():
            break
        place.append(word.rstrip(",.;:)"))
        if word[-1] in ",.;:)":
            break
    return " ".join(place)


def _name_issuer(id: str, said: str, place: str, province: Province | None, patterns: Patterns) -> Agency:
    """ "UBND tỉnh" of a plan of Yên Bái is "UBND tỉnh Yên Bái"; in a city run by the centre the city's word stands."""
    entry = patterns.agencies[id]
    plain, city = patterns.words("province.city_word")
    name = entry.name.replace(plain, city) if city in fold(said) else entry.name
    place = province.name if province else place.title() if is_caps(place) else place
    return replace(known_agency(entry, said, how_written(said, entry)), name=f"{name} {place}".strip())
