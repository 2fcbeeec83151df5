"""Deadlines and dates: cases by evidence, and what must hold for any text."""

from __future__ import annotations

import time
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_extract.model import Deadline, Period
from cchc_extract.normalise.dates import find_dates, parse_date, parse_period
from cchc_extract.normalise.deadlines import DeadlineContext, find_deadlines, parse_deadlines
from cchc_extract.patterns import load_patterns

CASES = Path(__file__).parent / "cases"
PATTERNS = load_patterns()
YEAR = Period(date(2022, 1, 1), date(2022, 12, 31))
PLANS = {
    "year": DeadlineContext(YEAR, date(2021, 12, 16)),
    "column": DeadlineContext(YEAR, date(2021, 12, 16), by_column=True),
    "years": DeadlineContext(Period(date(2021, 1, 1), date(2025, 12, 31)), date(2021, 3, 1)),
    "none": DeadlineContext(None, None),
}
WORDS = (
    *(
        "quý",
        "quý I",
        "tháng",
        "tháng 6",
        "năm",
        "năm 2022",
        "ngày",
        "trước",
        "hết",
        "đến",
        "từ",
        "trong",
        "hằng",
        "hàng",
    ),
    *(
        "định kỳ",
        "thường xuyên",
        "theo",
        "sau khi",
        "II",
        "IV",
        "/",
        "-",
        ",",
        ";",
        ".",
        "(",
        ")",
        "+",
        "và",
        "\n",
        "lần",
    ),
    *(
        "2022",
        "2021",
        "6",
        "12",
        "31/12/2022",
        "30/6",
        "báo cáo",
        "hoàn thành",
        "chậm nhất",
        "kể",
        "ban hành",
        "kế hoạch",
    ),
    *(
        "cuối",
        "đầu",
        "một",
        "số",
        "12/QĐ-UBND",
        "6 tháng",
        "trong năm",
        "các năm tiếp theo",
        "30 ngày",
        "trở đi",
        "mỗi",
    ),
)
texts = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
plans = st.sampled_from(list(PLANS.values()))


def cases(file: str) -> list[Any]:
    groups = tomllib.loads((CASES / file).read_text("utf-8"))
    failing = pytest.mark.xfail(strict=True, reason="known failure")
    return [
        pytest.param(case, id=f"{group}: {case['text']}", marks=failing if group == "known_failures" else ())
        for group, listed in groups.items()
        for case in listed
    ]


def written(value: object) -> str:
    return "" if value is None else str(value)


@pytest.mark.parametrize("case", cases("deadlines.toml"))
def test_cell(case: dict[str, Any]) -> None:
    found = parse_deadlines(case["text"], PLANS[case.get("plan", "year")], PATTERNS)
    assert [[d.kind, written(d.start), written(d.end), written(d.every)] for d in found] == case["want"]


@pytest.mark.parametrize("case", cases("deadline_sentences.toml"))
def test_sentence(case: dict[str, Any]) -> None:
    found = find_deadlines(case["text"], PLANS["year"], PATTERNS)
    assert [[d.text, d.kind, written(d.end), written(d.every)] for d in found] == case["want"]


def test_the_words_of_a_part_are_its_own() -> None:
    found = parse_deadlines("- Ban hành trong Quý I/2022;\n- Báo cáo trước ngày 15/12.", PLANS["year"], PATTERNS)
    assert [d.text for d in found] == ["Ban hành trong Quý I/2022", "Báo cáo trước ngày 15/12"]


@pytest.mark.parametrize(
    ("title", "start", "end"),
    [
        ("KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH NĂM 2024", "2024-01-01", "2024-12-31"),
        ("Kế hoạch năm 2022 - 2023", "2022-01-01", "2023-12-31"),
        ("Chương trình giai đoạn 2021-2025, định hướng đến năm 2030", "2021-01-01", "2025-12-31"),
        ("Kế hoạch năm 2022 theo Chương trình giai đoạn 2021-2030", "2022-01-01", "2022-12-31"),
        ("Kế hoạch quý II năm 2024", "2024-04-01", "2024-06-30"),
        ("Nhiệm vụ 6 tháng cuối năm 2023", "2023-07-01", "2023-12-31"),
        ("Phát triển hạ tầng số đến năm 2025, tầm nhìn đến năm 2030", "None", "2025-12-31"),
        ("Kế hoạch năm 2024 (theo Quyết định số 5/2023/QĐ-UBND ngày 5 tháng 12 năm 2023)", "2024-01-01", "2024-12-31"),
        ("Nâng cao Chỉ số năm 2023 so với năm 2022", "2023-01-01", "2023-12-31"),
    ],
)
def test_period(title: str, start: str, end: str) -> None:
    found = parse_period(title, PATTERNS)
    assert found is not None
    assert (str(found.start), str(found.end)) == (start, end)


@pytest.mark.parametrize(
    "title", ["", "Kế hoạch", "Thực hiện Nghị quyết số 76/NQ-CP ngày 15/7/2021", "100 ngày cao điểm"]
)
def test_no_period(title: str) -> None:
    assert parse_period(title, PATTERNS) is None


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_date_comes_back_from_each_way_of_writing_it(day: date) -> None:
    words = f"ngày {day.day:02} tháng {day.month} năm {day.year}"
    for text in (f"{day.day}/{day.month}/{day.year}", f"{day.day:02}-{day.month:02}-{day.year}", words):
        assert parse_date(text, PATTERNS) == day


@given(st.dates(date(2022, 1, 1), date(2023, 12, 31)), plans)
def test_a_planted_last_date_comes_back(day: date, plan: DeadlineContext) -> None:
    words = f"trước ngày {day:%d/%m/%Y}"
    expected = (Deadline(words, "by", end=day),)
    assert parse_deadlines(words, plan, PATTERNS) == expected
    assert find_deadlines(f"Trình ban hành kế hoạch {words}.", plan, PATTERNS) == expected


@given(texts, plans)
def test_every_deadline_is_well_formed(text: str, plan: DeadlineContext) -> None:
    shown = " ".join(text.split())
    for found in (parse_deadlines(text, plan, PATTERNS), find_deadlines(text, plan, PATTERNS)):
        for deadline in found:
            assert deadline.text
            assert deadline.text in shown
            assert deadline.kind in ("during", "by", "ongoing", "recurring", "rule", "event")
            assert deadline.every is None or deadline.kind == "recurring"
            assert deadline.kind not in ("rule", "event") or (deadline.start, deadline.end) == (None, None)
            assert deadline.kind != "by" or deadline.start is None
            assert not deadline.start or not deadline.end or deadline.start <= deadline.end


@given(texts)
def test_a_sentence_gives_no_rule_and_no_event(text: str) -> None:
    assert not {d.kind for d in find_deadlines(text, PLANS["year"], PATTERNS)} & {"rule", "event"}


@given(texts)
def test_dates_do_not_overlap_and_hold_in_the_text(text: str) -> None:
    end = 0
    for found in find_dates(text, PATTERNS):
        assert end <= found.start < found.end <= len(text)
        assert parse_date(text[found.start : found.end], PATTERNS) == found.value
        end = found.end


@given(texts)
def test_a_period_runs_forward(text: str) -> None:
    found = parse_period(text, PATTERNS)
    assert found is None or found.start is None or (found.end is not None and found.start <= found.end)


@pytest.mark.parametrize(
    "unit", ["1", " ", "-", ".", ";", "|", "12/", "quý i, ", "tháng 6 ", "năm 2022, ", "trước ", "số 1", "\n"]
)
def test_hostile_text_takes_no_long_time(unit: str) -> None:
    text = "trước ngày " + unit * (20_000 // len(unit))
    began = time.process_time()
    parse_deadlines(text, PLANS["year"], PATTERNS)
    find_deadlines(text, PLANS["year"], PATTERNS)
    parse_period(text, PATTERNS)
    assert time.process_time() - began < 2


def test_relative_days_count_from_the_issue() -> None:
    plan = PLANS["year"]
    assert plan.issued_on is not None
    (found,) = parse_deadlines("100 ngày kể từ ngày ban hành Kế hoạch", plan, PATTERNS)
    assert (found.start, found.end) == (plan.issued_on, plan.issued_on + timedelta(days=100))
