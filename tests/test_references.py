"""Documents that a text names: found with exact places, and merged to one record each."""

from __future__ import annotations

import time
import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_extract.extract.references import find_references
from cchc_extract.model import ReferenceFinding, Span
from cchc_extract.normalise.references import merge_references
from cchc_extract.patterns import load_patterns

CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "references.toml").read_text("utf-8")
)
PATTERNS = load_patterns()


def rows(text: str) -> list[list[str]]:
    found = find_references(0, text, PATTERNS)
    return [[f.type, f.number, f.issued_on or "", f.issuer or ""] for f in found]


@pytest.mark.parametrize(
    "case", CASES["in_the_wild"] + CASES["synthetic"] + CASES["negative"], ids=lambda c: c["text"][:40]
)
def test_documents_are_found(case: dict[str, Any]) -> None:
    assert rows(case["text"]) == case["found"]


@pytest.mark.xfail(strict=True, reason="known failures")
@pytest.mark.parametrize("case", CASES["known_failures"], ids=lambda c: c["text"][:40])
def test_known_failures(case: dict[str, Any]) -> None:
    assert rows(case["text"]) == case["found"]


def test_a_mention_is_the_text_from_type_to_issuer() -> None:
    text = "Thực hiện Nghị định số 9/2020/NĐ- CP ngày 1/2/2020 của Chính phủ, và số 7/QĐ-TTg."
    found = find_references(3, text, PATTERNS)
    assert [text[f.start : f.end] for f in found] == [
        "Nghị định số 9/2020/NĐ- CP ngày 1/2/2020 của Chính phủ",
        "số 7/QĐ-TTg",
    ]
    assert {f.passage for f in found} == {3}


PIECES = (
    "Nghị quyết|các Quyết định:|số|Số:|12|108,|7/2020/NĐ-CP|5-NQ/TW|9/QĐ- UBND|3/CTr-TU|ngày|15/7/2021"
    "|3 tháng 4 năm 2020|của|Chính phủ|UBND tỉnh Hà Nam|,|;|(|)|và|mẫu|Luật|2/2015/QH13"
)
WORDS = st.sampled_from(PIECES.split("|"))


@given(text=st.lists(WORDS, max_size=30).map(" ".join) | st.text(max_size=60))
def test_places_and_words_hold(text: str) -> None:
    found = find_references(0, text, PATTERNS)
    for f in found:
        mention = text[f.start : f.end]
        assert f.number.rsplit("/", 1)[-1].rsplit("-", 1)[-1] in mention
        assert f.issued_on is None or f.issued_on in mention
        assert f.issuer is None or mention.endswith(f.issuer) or f.issued_on
        assert "".join(f.number.split()) == f.number
    places = sorted({(f.start, f.end) for f in found})
    assert [(f.start, f.end) for f in found] == sorted((f.start, f.end) for f in found)
    assert all(a[1] <= b[0] for a, b in pairwise(places))


@given(
    digits=st.integers(1, 9999),
    year=st.integers(1990, 2030),
    kind=st.sampled_from(["NQ-HĐND", "QĐ-UBND", "KH-UBND", "TT-BNV", "NĐ-CP"]),
    before=st.sampled_from(["theo ", "", "thực hiện đúng "]),
)
def test_a_planted_document_comes_back(digits: int, year: int, kind: str, before: str) -> None:
    text = f"{before}Quyết định số {digits}/{year}/{kind} ngày 02/3/{year} của HĐND tỉnh Bắc Giang về việc khác"
    assert rows(text) == [["quyết định", f"{digits}/{year}/{kind}", f"02/3/{year}", "HĐND tỉnh Bắc Giang"]]


@pytest.mark.parametrize(
    "piece", ["1", "1,", "số ", "1/A", "1/2020", " ", "-", "Nghị quyết số ", "1, 2/NQ-", "/", "Luật A "]
)
def test_hostile_text_is_no_trouble(piece: str) -> None:
    text = piece * (60_000 // len(piece)) + "1/NQ-CP"
    began = time.perf_counter()
    find_references(0, text, PATTERNS)
    assert time.perf_counter() - began < 2


def mention(number: str, issued_on: str | None = None, issuer: str | None = None) -> ReferenceFinding:
    return ReferenceFinding(0, 0, 1, "nghị quyết", number, issued_on, issuer)


def test_merging_keeps_order_and_places_and_fills_what_is_missing() -> None:
    found = [
        mention("2/NQ-CP"),
        mention("1/NQ-CP", "31/02/2022"),
        mention("2/NQ-CP", "3/4/2021"),
        mention("2/NQ-CP", None, "X"),
    ]
    merged = merge_references([(f, Span((n, n))) for n, f in enumerate(found, 1)], PATTERNS)
    assert [(r.number, r.issued_on, r.issuer) for r in merged] == [
        ("2/NQ-CP", date(2021, 4, 3), "X"),
        ("1/NQ-CP", None, None),
    ]
    assert [span.lines for span in merged[0].spans] == [(1, 1), (3, 3), (4, 4)]


def test_the_same_number_of_another_year_is_another_document() -> None:
    found = [
        mention("1/NQ-CP", "1/1/2021"),
        mention("1/NQ-CP", "8/1/2022"),
        mention("1/NQ-CP"),
        mention("1/NQ-CP", "1/1/2021"),
    ]
    merged = merge_references([(f, Span((n, n))) for n, f in enumerate(found, 1)], PATTERNS)
    assert [(r.issued_on, [span.lines for span in r.spans]) for r in merged] == [
        (date(2021, 1, 1), [(1, 1), (4, 4)]),
        (date(2022, 1, 8), [(2, 2), (3, 3)]),
    ]


@given(
    st.lists(st.tuples(st.sampled_from(["1/A", "2/A"]), st.sampled_from([None, "1/1/2020", "2/3/2021"])), max_size=12)
)
def test_merging_loses_no_mention(given_mentions: list[tuple[str, str | None]]) -> None:
    found = [(mention(number, issued_on), Span((n, n))) for n, (number, issued_on) in enumerate(given_mentions)]
    merged = merge_references(found, PATTERNS)
    spans = sorted(span.lines[0] for r in merged for span in r.spans if span.lines)
    assert spans == list(range(len(found)))
    assert len({(r.number, r.issued_on) for r in merged}) == len(merged)
