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

from cchc_extract.findings.references import find_references, find_short_references
from cchc_extract.model import ReferenceFinding, Span
from cchc_extract.normalise.references import collect_mentions, merge_references, reference_key, warn_of_dates
from cchc_extract.patterns import load_patterns
from cchc_extract.pipeline import extract_plan

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


# --- spellings ----------------------------------------------------------------------------------------------------

SPELLINGS = [
    ("76/NQ-CP", "76 /NQ-CP", "76/NQCP", "76 / NQ - CP", "076/NQ-CP", "76/NQ/CP"),
    ("1085/QĐ-TTg", "1085/QD-TTg", "1085/QĐ-TTG", "1085-QĐ/TTg"),
    ("57-NQ/TW", "57-NQ/TƯ", "57/NQ-TW", "57 NQ/TW"),
    ("107/2020/NĐ-CP", "107/2020/ND-CP", "107/2020/NĐCP"),
    ("36a/NQ-CP", "36A/NQ-CP"),
]


@pytest.mark.parametrize("spellings", SPELLINGS, ids=lambda spellings: spellings[0])
def test_spellings_of_one_number_have_one_key(spellings: tuple[str, ...]) -> None:
    assert len({reference_key("nghị quyết", number, None, None) for number in spellings}) == 1


def test_other_documents_have_other_keys() -> None:
    numbers = ["76/NQ-CP", "76/NQ-HĐND", "76/QĐ-TTg", "76-NQ/TW", "76-NQ/TU", "67/NQ-CP", "76a/NQ-CP", "76/2021/NĐ-CP"]
    keys = [reference_key("nghị quyết", number, None, None) for number in numbers]
    keys += [reference_key("nghị quyết", "76/NQ-CP", f"{year}-01-01", None) for year in (2021, 2022)]
    keys += [reference_key("quyết định", "76/QĐ-UBND", None, place) for place in ("15", "66")]
    keys += [reference_key(type, "76/2015/QH13", None, None) for type in ("luật", "nghị quyết")]
    assert len(set(keys)) == len(keys)


@given(st.text(max_size=12), st.text(max_size=12))
def test_any_words_have_a_key(type: str, number: str) -> None:
    assert reference_key(type, number, None, None).count("/") >= 2


def test_spellings_are_merged_and_the_fullest_is_kept() -> None:
    found = [
        mention("1/NQCP"),
        mention("01/NQ-CP", "8/1/2022"),
        mention("1/NQ-CP", None, "Chính phủ"),
    ]
    (merged,) = merge_references([(f, Span((n, n))) for n, f in enumerate(found, 1)], PATTERNS)
    assert (merged.number, merged.issued_on, merged.issuer) == ("01/NQ-CP", date(2022, 1, 8), "Chính phủ")
    assert len(merged.spans) == 3


def test_two_days_of_one_year_are_told() -> None:
    found = [mention("1/NQ-CP", "1/1/2021"), mention("1/NQ-CP", "11/1/2021"), mention("2/NQ-CP", "2/1/2021")]
    groups = collect_mentions([(f, Span((n, n))) for n, f in enumerate(found, 1)], PATTERNS)
    (warning,) = warn_of_dates(groups)
    assert (warning.code, warning.span) == ("reference-date", Span((1, 1)))
    assert "2021-01-01, 2021-01-11" in warning.message


# --- bare numbers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("theo Nghị quyết 76 của Chính phủ.", [("nghị quyết", "76", None, "Chính phủ")]),
        ("Nghị quyết số 57 ngày 22/12/2024 của Bộ Chính trị", [("nghị quyết", "57", "22/12/2024", "Bộ Chính trị")]),
        ("mục tiêu Nghị quyết 57, Nghị định 45", [("nghị quyết", "57", None, None), ("nghị định", "45", None, None)]),
        ("Nghị quyết 76/NQ-CP; Nghị định số 15, 16/2021/NĐ-CP; Nghị quyết 18-NQ/TW", []),
        ("các Nghị quyết 18 và 19-NQ/TW; Nghị quyết số 5 /NQ-CP", []),
        ("quyết định 5 năm một lần; quyết định 3.500 hồ sơ; Quyết định 12 nhiệm vụ", []),
    ],
)
def test_bare_numbers(text: str, found: list[tuple[str, ...]]) -> None:
    full = find_references(0, text, PATTERNS)
    short = find_short_references(0, text, full, PATTERNS)
    assert [(f.type, f.number, f.issued_on, f.issuer) for f in short] == found


def bare(number: str, issuer: str | None = None) -> ReferenceFinding:
    return mention(number, None, issuer)


@pytest.mark.parametrize(
    ("found", "want"),
    [
        ([bare("76", "Chính phủ"), mention("76/NQ-CP")], [("76/NQ-CP", 2)]),
        ([mention("76/NQ-CP"), bare("76")], [("76/NQ-CP", 2)]),
        ([mention("76/NQ-CP"), mention("76-NQ/TW"), bare("76")], [("76/NQ-CP", 1), ("76-NQ/TW", 1)]),
        ([mention("76/NQ-CP"), mention("76-NQ/TW"), bare("76", "Bộ Chính trị")], [("76/NQ-CP", 1), ("76-NQ/TW", 2)]),
        ([mention("76/NQ-HĐND"), bare("76", "Chính phủ")], [("76/NQ-HĐND", 1), ("76", 1)]),
        ([bare("76")], []),
        ([bare("76", "Chính phủ"), bare("76", "Chính phủ")], [("76", 2)]),
    ],
)
def test_a_bare_number_is_the_one_document_that_it_can_mean(
    found: list[ReferenceFinding], want: list[tuple[str, int]]
) -> None:
    merged = merge_references([(f, Span((n, n))) for n, f in enumerate(found, 1)], PATTERNS)
    assert [(r.number, len(r.spans)) for r in merged] == want


# --- what they are to the plan ------------------------------------------------------------------------------------

HEAD = """KẾ HOẠCH
Cải cách hành chính năm 2024 tỉnh Sông Lam
"""
TASKS = """
I. NHIỆM VỤ
1. Cải cách thể chế
a) Thực hiện Nghị định số 9/2024/NĐ-CP về phân cấp.
b) Căn cứ Quyết định số 8/QĐ-UBND, sửa đổi, bổ sung Quyết định số 7/QĐ-UBND.
"""
OWN = {"9/2024/NĐ-CP": "mention", "8/QĐ-UBND": "mention", "7/QĐ-UBND": "mention"}


@pytest.mark.parametrize(
    ("opening", "relations"),
    [
        (
            "Thực hiện Nghị quyết số 1/NQ-CP về phân cấp; Quyết định số 2/QĐ-TTg và Kế hoạch số 3/KH-BNV, ban hành:",
            {"1/NQ-CP": "implements", "2/QĐ-TTg": "implements", "3/KH-BNV": "implements"},
        ),
        (
            "Triển khai thực hiện Quyết định số 1/QĐ-TTg ban hành Chương trình thực hiện Nghị quyết số 2-NQ/TW:",
            {"1/QĐ-TTg": "implements", "2-NQ/TW": "mention"},
        ),
        (
            "Căn cứ Luật Tổ chức chính quyền địa phương số 65/2025/QH15;\nCăn cứ các văn bản sau:\n"
            "- Nghị quyết số 1/NQ-CP ngày 2/3/2023 về phân cấp;\n- Quyết định số 2/QĐ-TTg sửa Quyết định số 3/QĐ-TTg;",
            {"65/2025/QH15": "based-on", "1/NQ-CP": "based-on", "2/QĐ-TTg": "based-on", "3/QĐ-TTg": "mention"},
        ),
        (
            "Thực hiện Nghị quyết số 1/NQ-CP; căn cứ các mục tiêu tại Kế hoạch số 2/KH-BNV, tỉnh ban hành kế hoạch.",
            {"1/NQ-CP": "implements", "2/KH-BNV": "based-on"},
        ),
        ("(Ban hành kèm theo Quyết định số 1/QĐ-UBND ngày 5/1/2024 của UBND tỉnh)", {"1/QĐ-UBND": "attached-to"}),
        ("Sửa đổi, bổ sung một số nội dung của Kế hoạch số 1/KH-UBND ngày 5/1/2023", {"1/KH-UBND": "amends"}),
        ("Kế hoạch này thay thế Kế hoạch số 1/KH-UBND ngày 5/1/2023.", {"1/KH-UBND": "replaces"}),
        ("Theo đề nghị của Sở Nội vụ tại Tờ trình số 1/TTr-SNV, tỉnh ban hành kế hoạch.", {"1/TTr-SNV": "mention"}),
        ("Năm 2023 tỉnh thực hiện tốt Nghị quyết số 1/NQ-CP.", {"1/NQ-CP": "mention"}),
    ],
)
def test_relations(opening: str, relations: dict[str, str]) -> None:
    made = extract_plan(None, (HEAD + opening + TASKS).encode(), PATTERNS)
    assert {r.number: r.relation for r in made.references} == {**relations, **OWN}


def test_grounds_under_a_heading_of_their_own() -> None:
    text = f"{HEAD}I. CĂN CỨ PHÁP LÝ\n- Nghị quyết số 1/NQ-CP về phân cấp;\n- Quyết định số 2/QĐ-TTg.\nII. NHIỆM VỤ\n"
    made = extract_plan(None, (text + "1. Thực hiện Nghị quyết số 3/NQ-CP.").encode(), PATTERNS)
    assert {r.number: r.relation for r in made.references} == {
        "1/NQ-CP": "based-on",
        "2/QĐ-TTg": "based-on",
        "3/NQ-CP": "mention",
    }


def test_of_all_mentions_the_closest_relation_counts() -> None:
    text = f"{HEAD}Thực hiện Nghị quyết số 1/NQ-CP, tỉnh ban hành kế hoạch:{TASKS}c) Báo cáo theo Nghị quyết 1.\n"
    made = extract_plan(None, text.encode(), PATTERNS)
    (reference,) = [r for r in made.references if r.number == "1/NQ-CP"]
    assert (reference.relation, [span.lines for span in reference.spans]) == ("implements", [(3, 3), (8, 8)])


def test_a_page_that_tells_of_a_plan_is_nothing_to_its_documents() -> None:
    text = (
        "Tỉnh Sông Lam đổi mới\nThực hiện Nghị quyết số 1/NQ-CP, tỉnh Sông Lam đã họp bàn nhiều việc trong tháng qua.\n"
    )
    made = extract_plan(None, text.encode(), PATTERNS)
    assert [(r.number, r.relation) for r in made.references] == [("1/NQ-CP", "mention")]
