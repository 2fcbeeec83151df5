"""References that were found -> one record for each document, with every place that names it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from cchc_extract.model import Reference, ReferenceFinding, Span, Warn
from cchc_extract.normalise.dates import parse_date
from cchc_extract.patterns import Patterns
from cchc_extract.vietnamese import fold, slug, strip_marks

_NUMBER = re.compile(r"0*(?P<digits>\d+(?:[a-z](?![a-z]))?)(?:/(?P<year>(?:19|20)\d\d)(?=/))?(?P<letters>.*)")
_CENTRE = re.compile(r"t[ư]$")  # the party's centre, "TW" as well; without the horn it would be a province's
_ASSEMBLY = ("qh", "ubtvqh")  # letters of the National Assembly, which say nothing of the type
_RELATIONS = ("attached-to", "replaces", "amends", "implements", "based-on", "mention")  # the closest first


def reference_key(type: str, number: str, issued_on: str | None, place: str | None) -> str:
    """The one form of all spellings of a document: digits, letters, year and, for a province's own numbers, its code.

    `issued_on` begins with the year. Numbers begin anew each year, so that a key without a year may be of any year. The
    letters tell the type; only where they do not, as in those of the National Assembly, its name is in the key.

    >>> reference_key("nghị quyết", "76/NQ-CP", "2021-07-15", None)
    '76/nqcp/2021'
    >>> [reference_key("quyết định", n, None, "15") for n in ("08/QĐ-UBND", "8 /QD- UBND", "8/QĐUBND")]
    ['8/qdubnd//15', '8/qdubnd//15', '8/qdubnd//15']
    >>> reference_key("nghị định", "107/2020/NĐ-CP", None, None), reference_key("kết luận", "3-KL/TƯ", None, None)
    ('107/ndcp/2020', '3/kltw/')
    >>> reference_key("bộ luật", "45/2019/QH14", None, None), reference_key("nghị quyết", "76", None, None)
    ('45/luat-qh14/2019', '76/nghi-quyet/')
    """
    digits, letters, year = _parse_number(type, number)
    year = year or (issued_on or "")[:4]
    return f"{digits}/{letters}/{year}" + (f"/{place}" if place else "")


def _parse_number(type: str, number: str) -> tuple[str, str, str]:
    """Digits without leading zeros, letters without marks and separators, and the year that stands in the number."""
    match = _NUMBER.fullmatch(fold("".join(number.split())))
    if match is None:
        return slug(number), slug(type), ""
    letters = strip_marks("".join(_CENTRE.sub("tw", group) for group in re.split(r"[-–/]", match["letters"])))
    if not letters or letters.startswith(_ASSEMBLY):
        letters = "-".join([slug(type).removeprefix("bo-"), *filter(None, [letters])])
    return match["digits"], letters, match["year"] or ""


@dataclass(slots=True)
class Mentions:
    """The mentions of one document, while they are collected: each with its place in the order of all."""

    type: str
    number: str
    issued_on: date | None = None
    issuer: str | None = None
    relation: str = "mention"
    days: set[date] = field(default_factory=set)
    spans: list[tuple[int, Span]] = field(default_factory=list)

    def may_be(self, issued_on: date | None) -> bool:
        return issued_on is None or self.issued_on is None or issued_on.year == self.issued_on.year

    def add(self, place: int, finding: ReferenceFinding, issued_on: date | None, span: Span) -> None:
        self.number = max(self.number, finding.number, key=_spelling)
        self.issued_on = self.issued_on or issued_on
        self.issuer = self.issuer or finding.issuer
        self.relation = min(self.relation, finding.relation, key=_RELATIONS.index)
        self.days |= {issued_on} if issued_on else set()
        self.spans.append((place, span))


def _spelling(number: str) -> tuple[int, int]:
    """How fully a number is spelt: its separators, and its letters with marks."""
    return sum(number.count(sign) for sign in "/-"), sum(not letter.isascii() for letter in number)


def merge_references(found: Sequence[tuple[ReferenceFinding, Span]], patterns: Patterns) -> tuple[Reference, ...]:
    """One Reference per document in the order of first mention; date and issuer from the first mention that has them.

    The same number is the same document however it is spelt, but numbers begin anew each year: mentions dated in
    different years are different documents. A mention without a date is taken to mean the one last named. A bare number
    is the one document of that type and number that the plan names in full; where there is none, or several, it
    stands for itself if its issuer is told, and is left out otherwise.

    >>> from cchc_extract.patterns import load_patterns
    >>> bare = ReferenceFinding(0, 0, 9, "nghị quyết", "1", None, "Chính phủ")
    >>> full = ReferenceFinding(1, 0, 9, "nghị quyết", "01/NQ-CP", "08/01/2022", None)
    >>> other = ReferenceFinding(2, 0, 9, "nghị quyết", "01/NQ-CP", "01/01/2021", None)
    >>> found = [(f, Span((n, n))) for n, f in enumerate((full, bare, other), 1)]
    >>> [(r.number, str(r.issued_on), r.issuer, len(r.spans)) for r in merge_references(found[:2], load_patterns())]
    [('01/NQ-CP', '2022-01-08', 'Chính phủ', 2)]
    >>> [(r.number, str(r.issued_on), r.issuer, len(r.spans)) for r in merge_references(found, load_patterns())]
    [('01/NQ-CP', '2022-01-08', None, 1), ('1', 'None', 'Chính phủ', 1), ('01/NQ-CP', '2021-01-01', None, 1)]
    """
    return mentions_to_references(collect_mentions(found, patterns))


def collect_mentions(found: Sequence[tuple[ReferenceFinding, Span]], patterns: Patterns) -> list[Mentions]:
    """The mentions of each document, documents in the order of their first."""
    groups: list[Mentions] = []
    by_name: dict[str, list[Mentions]] = {}
    placed = [(place, finding, span) for place, (finding, span) in enumerate(found)]
    for place, finding, span in sorted(placed, key=lambda mention: _is_bare(mention[1].number)):
        issued_on = parse_date(finding.issued_on, patterns) if finding.issued_on else None
        named = by_name.setdefault(reference_key(finding.type, finding.number, None, None), [])
        group = next((g for g in reversed(named) if g.may_be(issued_on)), None)
        if group is None and _is_bare(finding.number):
            group = _only([g for g in groups if _may_mean(finding, g, patterns) and g.may_be(issued_on)])
            if group is None and finding.issuer is None:
                continue
        if group is None:
            group = Mentions(finding.type, finding.number)
            groups.append(group)
        if group in named:
            named.remove(group)
        named.append(group)
        group.add(place, finding, issued_on, span)
    return sorted(groups, key=lambda group: min(place for place, _ in group.spans))


def _is_bare(number: str) -> bool:
    return number.isdigit()


def _only(groups: Sequence[Mentions]) -> Mentions | None:
    return groups[0] if len(groups) == 1 else None


def _may_mean(bare: ReferenceFinding, group: Mentions, patterns: Patterns) -> bool:
    return is_short_for(bare.number, bare.issuer, group.number, patterns) and bare.type == group.type


def is_short_for(bare: str, issuer: str | None, number: str, patterns: Patterns) -> bool:
    """Whether a bare number, with its issuer if told, may be short for a full one.

    >>> from cchc_extract.patterns import load_patterns
    >>> [is_short_for("76", issuer, "76/NQ-CP", load_patterns()) for issuer in ("Chính phủ", "HĐND tỉnh", None)]
    [True, False, True]
    """
    digits, letters, _ = _parse_number("", number)
    begins = [entry.split("|") for entry in patterns.words("reference.issued_by")]
    told = issuer is None or any(
        letters.endswith(strip_marks(code)) and fold(issuer).startswith(name) for code, name in begins
    )
    return digits == bare.lstrip("0") and not _is_bare(number) and told


def mentions_to_references(groups: Iterable[Mentions]) -> tuple[Reference, ...]:
    return tuple(
        Reference(g.type, g.number, g.issued_on, g.issuer, tuple(_places(g.spans)), g.relation) for g in groups
    )


def _places(spans: Iterable[tuple[int, Span]]) -> Iterator[Span]:
    """Each place once, in order."""
    last = None
    for _, span in sorted(spans, key=lambda placed: placed[0]):
        if span != last:
            yield span
        last = span


def warn_of_dates(groups: Iterable[Mentions]) -> Iterator[Warn]:
    """Documents to which the plan gives several days of one year: the first is taken, but one of them is wrong."""
    for group in groups:
        if len(group.days) > 1:
            days = ", ".join(day.isoformat() for day in sorted(group.days))
            yield Warn("reference-date", f"{group.type} {group.number} is dated {days}", group.spans[0][1])
