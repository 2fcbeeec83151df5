"""Targets: a table of cases by evidence, and what must hold for any passage."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_extract.findings.targets import find_targets
from cchc_extract.model import Part, Passage, Span, TargetFinding
from cchc_extract.patterns import load_patterns

CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "targets.toml").read_text("utf-8")
)
SURE = [case for group in ("in_the_wild", "synthetic", "negative") for case in CASES[group]]
YEAR = 2025


def passage(text: str, use: str = "objective", parts: tuple[Part, ...] = (), titles: tuple[str, ...] = ()) -> Passage:
    return Passage(text, Span(), use, None, None, None, None, parts, {}, titles)


def row(cells: list[list[str]], use: str) -> Passage:
    """The cells one after another, a line each, as the stage before gives them."""
    text, parts = "", []
    for role, words in cells:
        start = len(text) + 1 if parts else 0
        text = f"{text}\n{words}" if parts else words
        parts.append(Part(role, start, len(text)))
    return passage(text, use, tuple(parts))


def case_passage(case: dict[str, Any]) -> Passage:
    if "parts" in case:
        return row(case["parts"], case.get("use", "task"))
    return passage(case["text"], case.get("use", "objective"), titles=tuple(case.get("titles", ())))


def shown(here: Passage, found: TargetFinding, fields: dict[str, Any]) -> dict[str, Any]:
    """The finding in the fields that a case writes down; '' stands for none."""
    values = {name: getattr(found, name) for name in found.__dataclass_fields__}
    values["quote"] = " ".join(here.text[found.start : found.end].split())
    return {name: "" if values[name] is None else values[name] for name in fields}


def check(case: dict[str, Any]) -> None:
    here = case_passage(case)
    found, want = find_targets(0, here, load_patterns(), YEAR), case.get("want", [])
    assert [f.amount for f in found] == [w["amount"] for w in want]
    assert [shown(here, f, w) for f, w in zip(found, want, strict=True)] == want


@pytest.mark.parametrize("case", SURE, ids=lambda case: case["about"])
def test_cases(case: dict[str, Any]) -> None:
    check(case)


@pytest.mark.xfail(strict=True)
@pytest.mark.parametrize("case", CASES["known_failures"], ids=lambda case: case["about"])
def test_known_failures(case: dict[str, Any]) -> None:
    check(case)


WORDS = "đạt|tối thiểu|Tỷ lệ hồ sơ|100%|85 %|1.600 hồ sơ|cấp xã|và|,|;|.|:|(|)|giảm|so với năm 2021|xếp thứ 10/63"
PIECES = st.sampled_from(
    [*WORDS.split("|"), "03 sáng kiến", "- ", "a)", "trở lên", "Hiện nay", "mức độ 3, 4", "“", "\n"]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=25).map(" ".join), st.text(max_size=80))


@given(TEXTS, st.sampled_from(["task", "objective", "score", "note"]), st.booleans())
def test_quotes_hold_their_numbers(text: str, use: str, celled: bool) -> None:
    here = row([["task", "Công việc"], ["product", text], ["goal", text]], use) if celled else passage(text, use)
    found = find_targets(7, here, load_patterns(), YEAR)
    assert found == find_targets(7, here, load_patterns(), YEAR)
    for one in found:
        assert one.passage == 7
        assert 0 <= one.start < one.end <= len(here.text)
        assert one.amount in here.text[one.start : one.end]
        assert one.indicator
        assert one.comparator in {"=", ">=", "<=", ">", "<"}
        assert one.change in {None, "increase", "decrease"}


BOUNDS = st.sampled_from(["tối thiểu", "ít nhất", "không dưới"])


@given(st.integers(1, 99), BOUNDS, st.sampled_from(["objective", "task"]))
def test_a_planted_share_comes_back(number: int, bound: str, use: str) -> None:
    here = passage(f"- Tăng cường công tác tuyên truyền; tỷ lệ phản ánh được trả lời đạt {bound} {number}%.", use)
    (found,) = find_targets(0, here, load_patterns(), YEAR)
    assert (found.comparator, found.amount, found.unit) == (">=", str(number), "%")
    assert found.indicator == "tỷ lệ phản ánh được trả lời"
    assert here.text[found.start : found.end] == f"tỷ lệ phản ánh được trả lời đạt {bound} {number}%"


@given(st.integers(1, 9), st.integers(0, 28))
def test_dates_and_numbers_of_documents_are_never_found(month: int, day: int) -> None:
    text = f"Theo Kế hoạch số {day}/KH-UBND ngày {day}/{month}/2024, báo cáo trước ngày {day} tháng {month}."
    assert find_targets(0, passage(text), load_patterns(), YEAR) == ()


HOSTILE = ("1", "1-", "1,", "1.111", "(1", " 1", "tỷ lệ ", "xếp hạng thứ ", "\n1", "(((", "      ", "đạt 5% số hồ sơ, ")


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    text = piece * (100_000 // len(piece)) + " 5"
    start = time.perf_counter()
    find_targets(0, passage(text), load_patterns(), YEAR)
    assert time.perf_counter() - start < 10
