"""What holds for every text: no fault, the same plan for the same words, and planted records come back."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from typing import Any

import jsonschema
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from cchc_extract.errors import CchcError
from cchc_extract.model import Plan
from cchc_extract.patterns import load_patterns
from cchc_extract.pipeline import extract_plan
from cchc_extract.writers.jsonout import plan_to_json
from cchc_extract.writers.schema import output_schema

PATTERNS = load_patterns()
VALIDATOR = jsonschema.Draft202012Validator(output_schema())

# --- texts --------------------------------------------------------------------------------------------------------

AGENCIES = ("Sở Nội vụ", "Sở Tư pháp", "Sở Tài chính", "Văn phòng UBND tỉnh", "Sở Y tế", "Sở Xây dựng")
IDS = ("so-noi-vu", "so-tu-phap", "so-tai-chinh", "van-phong-ubnd-tinh", "so-y-te", "so-xay-dung")
WORKS = (
    "Công khai phí bến bãi tại nơi thu",
    "Rà soát mẫu đơn của hộ kinh doanh",
    "Tập huấn kỹ năng tiếp dân cho cấp xã",
    "Kiểm tra giờ làm việc của cơ quan cấp huyện",
    "Đăng tải tài liệu hỏi đáp bằng tiếng dân tộc",
)
TIMES = (
    ("Quý I/2023", "2023-03-31"),
    ("Tháng 8/2023", "2023-08-31"),
    ("Quý II, III/2023", "2023-09-30"),
    ("Năm 2023", "2023-12-31"),
)
PIECES = (
    *WORKS, *AGENCIES, "I. MỤC TIÊU", "II. NHIỆM VỤ", "1. ", "1.1. ", "a) ", "đ) ", "- ", "+ ", "\t", " |", "|",
    "| a | b |",
    "PHỤ LỤC", "(Kèm theo Kế hoạch số 1/KH-UBND ngày 01/02/2023)", "STT\tNhiệm vụ\tCơ quan chủ trì\tThời gian",
    "Nhiệm vụ |", "Cơ quan chủ trì |", "Cơ quan phối hợp |", "Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "đạt 95%",
    "tăng từ 2 đến 5 bậc so với năm 2022", "99,5", "1.600 hồ sơ", "12.46", "10/63", "trước ngày 31/12/2023",
    "Quý I/2023",
    "hằng quý", "Số: 1/KH-UBND", "KẾ HOẠCH", "ngày 31/02/2023", "Các Sở: Nội vụ, Tư pháp", "**đậm**", "---", ".....",
    "\x0c", "³",
)  # fmt: skip

letters = st.characters(codec="utf-8", exclude_characters="\x00")
any_text = st.text(letters, max_size=300)
plan_like = st.lists(
    st.lists(st.sampled_from(PIECES), min_size=0, max_size=4).map("".join), min_size=1, max_size=40
).map("\n".join)


def _extract(text: str) -> Plan:
    return extract_plan(None, text.encode(), PATTERNS)


def _records(plan: Plan) -> dict[str, Any]:
    """All but the source, whose sum of the bytes differs where the bytes do."""
    records: dict[str, Any] = json.loads(plan_to_json(plan))
    del records["source"]
    return records


def _same(one: str, other: str) -> bool:
    return _records(_extract(one)) == _records(_extract(other))


# --- no fault -----------------------------------------------------------------------------------------------------


def _plan_or_error(data: bytes) -> Plan | None:
    try:
        return extract_plan(None, data, PATTERNS)
    except CchcError as error:
        if "\n" in str(error) or error.exit_code <= 1:
            raise  # an error of ours is told in one line and ends with a code of its own
        return None


@given(any_text | plan_like)
@example("\ud7ff")
@example("|")
@example("\t|\t|\n|\n\t\n|a|")
@example("PHỤ LỤC\n|\n")
@example("1.\n1.\n1.1.\n1.1.1.1.1.\n")
@example("I. Đạt 99999999999999999999999999999999999999%\n")
@example("- Đạt 1.2.3.4%, ²%, ½%, ٣%\n")
@example("Thời gian: Quý IX/0000, ngày 99/99/9999\n")
@settings(max_examples=300)
def test_any_text_gives_a_valid_plan_or_an_error_of_ours(text: str) -> None:
    plan = _plan_or_error(text.encode())
    if plan is not None:
        assert [error.message for error in VALIDATOR.iter_errors(json.loads(plan_to_json(plan)))] == []


@given(st.binary(max_size=400))
@example(b"\xff\xfe")
@example(b"\xff\xfea")
@example(b"\xef\xbb\xbf")
@example(b"%PDF-")
@example(b"PK\x03\x04")
@settings(max_examples=200)
def test_any_bytes_give_a_valid_plan_or_an_error_of_ours(data: bytes) -> None:
    plan = _plan_or_error(data)
    if plan is not None:
        assert [error.message for error in VALIDATOR.iter_errors(json.loads(plan_to_json(plan)))] == []


# --- the same words, the same plan --------------------------------------------------------------------------------


@given(plan_like)
@settings(max_examples=60)
def test_the_same_bytes_give_the_same_plan(text: str) -> None:
    assume(text.strip())
    first, second = _extract(text), _extract(text)
    assert first == second
    assert plan_to_json(first) == plan_to_json(second)


@given(plan_like)
@settings(max_examples=100)
def test_decomposed_letters_give_the_same_plan(text: str) -> None:
    assume(text.strip())
    assert _same(unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text))


@given(plan_like)
@settings(max_examples=100)
def test_line_ends_of_windows_give_the_same_plan(text: str) -> None:
    assume(text.strip())
    assert _same(text, text.replace("\n", "\r\n"))


@given(plan_like, st.integers(1, 3))
@settings(max_examples=100)
def test_spaces_at_line_ends_change_nothing(text: str, count: int) -> None:
    assume(text.strip())
    assert _same(text, "\n".join(line + " " * count for line in text.split("\n")))


@given(plan_like)
@settings(max_examples=60)
def test_a_byte_order_mark_changes_nothing(text: str) -> None:
    assume(text.strip())
    assert _same(text, "\ufeff" + text)


@given(plan_like)
@settings(max_examples=60)
def test_blank_lines_around_change_places_only(text: str) -> None:
    assume(text.strip())
    plain, moved = _extract(text), _extract("\n\n" + text + "\n\n")
    assert replace(moved, source=plain.source, warnings=()) == replace(plain, warnings=())


# --- what is planted comes back -----------------------------------------------------------------------------------

HEADER = ("STT", "Nhiệm vụ", "Sản phẩm", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian")
SKELETON = """KẾ HOẠCH
Cải cách hành chính năm 2023 của tỉnh Sông Lam

I. MỤC TIÊU
{targets}
II. NHIỆM VỤ
{works}
PHỤ LỤC
DANH MỤC NHIỆM VỤ
(Kèm theo Kế hoạch số 7/KH-UBND ngày 03/01/2023 của UBND tỉnh)
{table}
"""

rows = st.lists(
    st.tuples(
        st.sampled_from(WORKS), st.integers(0, 5), st.integers(0, 5), st.sampled_from(TIMES),
        st.sampled_from(["Báo cáo", "Kế hoạch"]),
    ),
    min_size=2,
    max_size=7,
)  # fmt: skip


def _tab_rows(cells: list[list[str]]) -> str:
    return "\n".join("\t".join(row) for row in cells)


def _tab_cells(cells: list[list[str]]) -> str:
    return "\n\n".join("\n".join(f"\t{cell}" for cell in row) for row in cells)


def _bar_cells(cells: list[list[str]]) -> str:
    return "\n|\n".join("\n".join(f"{cell} |" for cell in row) for row in cells) + "\n|"


def _markdown(cells: list[list[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    return "\n".join([lines[0], "|---" * len(cells[0]) + "|", *lines[1:]])


shapes = st.sampled_from([_tab_rows, _tab_cells, _bar_cells, _markdown])


@given(rows, shapes)
@settings(max_examples=120)
def test_planted_rows_come_back(planted: list[tuple[Any, ...]], shape: Any) -> None:
    body = [
        [str(n), f"{work} lần {n}", product, AGENCIES[lead], AGENCIES[partner], time[0]]
        for n, (work, lead, partner, time, product) in enumerate(planted, 1)
    ]
    plan = _extract(SKELETON.format(targets="- Tiết kiệm.", works="1. Tiết kiệm.", table=shape([list(HEADER), *body])))
    found = [task for task in plan.tasks if task.origin == "appendix"]
    assert [(task.marker, task.text) for task in found] == [(row[0], row[1]) for row in body]
    for task, (_, lead, partner, time, product) in zip(found, planted, strict=True):
        assert [agency.id for agency in task.lead] == [IDS[lead]]
        assert [agency.id for agency in task.coordinating] == [IDS[partner]]
        assert task.products == (product,)
        assert [(deadline.text, str(deadline.end)) for deadline in task.deadlines] == [time]


@given(st.lists(st.sampled_from(WORKS), min_size=1, max_size=6), st.sampled_from(["{n}. ", "- ", "+ ", "{n}) "]))
@settings(max_examples=60)
def test_planted_works_come_back(works: list[str], marker: str) -> None:
    lines = [f"{marker.format(n=n)}{work} số {n}." for n, work in enumerate(works, 1)]
    plan = _extract(SKELETON.format(targets="- Tiết kiệm.", works="\n".join(lines), table="").split("PHỤ LỤC")[0])
    narrative = [(task.marker, task.text) for task in plan.tasks if task.origin == "narrative"]
    assert narrative == [(marker.format(n=n).strip(), f"{work} số {n}.") for n, work in enumerate(works, 1)]


BOUNDS = (("ít nhất ", ">="), ("tối thiểu ", ">="), ("không quá ", "<="), ("dưới ", "<"), ("trên ", ">"), ("", "="))


@given(st.lists(st.tuples(st.integers(1, 999), st.sampled_from(BOUNDS)), min_size=1, max_size=5))
@settings(max_examples=120)
def test_planted_targets_come_back(planted: list[tuple[int, tuple[str, str]]]) -> None:
    lines = [
        f"- Tỷ lệ hồ sơ loại {chr(64 + n)} trả đúng hạn đạt {words}{tenths // 10},{tenths % 10}%."
        for n, (tenths, (words, _)) in enumerate(planted, 1)
    ]
    plan = _extract(SKELETON.format(targets="\n".join(lines), works="1. Tiết kiệm.", table=""))
    found = [(target.value, target.comparator, target.unit, target.year) for target in plan.targets]
    assert found == [(tenths / 10, comparator, "%", 2023) for tenths, (_, comparator) in planted]
