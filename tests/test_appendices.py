"""Appendices in the shapes that copies give them: titles with their note, long headings, tables of goals."""

from __future__ import annotations

import pytest

from cchc_extract.model import Attached, Plan
from cchc_extract.patterns import load_patterns
from cchc_extract.pipeline import extract_plan

HEAD = "ỦY BAN NHÂN DÂN TỈNH SÔNG LAM\nSố: 12/KH-UBND\nKẾ HOẠCH\nCải cách hành chính năm 2024\n"
NOTE = "(Kèm theo Quyết định số 34/QĐ-UBND ngày 05 tháng 02 năm 2024 của UBND tỉnh Sông Lam)"


def plan(*lines: str) -> Plan:
    return extract_plan(None, (HEAD + "\n".join(lines)).encode(), load_patterns())


@pytest.mark.parametrize(
    "lines",
    [
        ("PHỤ LỤC I", "DANH MỤC NHIỆM VỤ", NOTE),
        ("PHỤ LỤC I", f"DANH MỤC NHIỆM VỤ {NOTE}"),
        (f"PHỤ LỤC I DANH MỤC NHIỆM VỤ {NOTE}",),
    ],
    ids=["lines of their own", "behind the title", "all on one line"],
)
def test_the_note_is_no_part_of_the_title(lines: tuple[str, ...]) -> None:
    read = plan("I. NHIỆM VỤ", "1. Sở Nội vụ rà soát thủ tục hành chính.", *lines)
    assert [section.title for section in read.sections if section.kind == "appendix"] == ["PHỤ LỤC I DANH MỤC NHIỆM VỤ"]
    assert read.facts.attached_to is not None
    assert read.facts.attached_to == Attached("quyết định", "34/QĐ-UBND", read.facts.attached_to.issued_on)


def test_a_long_heading_among_headings() -> None:
    long = "Đẩy mạnh cải cách thủ tục hành chính, " * 6 + "nâng cao chất lượng phục vụ người dân và doanh nghiệp"
    assert 250 < len(long) < 300
    read = plan("I. NHIỆM VỤ", "1. Cải cách thể chế", "Rà soát quy định của tỉnh về phí.", f"2. {long}",
                "Rà soát thủ tục hành chính của các ngành.")  # fmt: skip
    assert [section.marker for section in read.sections] == ["I.", "1.", "2."]
    assert [task.text for task in read.tasks] == [
        "Rà soát quy định của tỉnh về phí.", "Rà soát thủ tục hành chính của các ngành.",
    ]  # fmt: skip


def test_a_column_of_rates_holds_goals_in_the_unit_of_its_title() -> None:
    read = plan(
        "PHỤ LỤC II", "MỤC TIÊU TĂNG TRƯỞNG",
        "| TT | Ngành, lĩnh vực | Tốc độ bình quân 2024 - 2025 (%/năm) | Cơ quan chủ trì |", "|---|---|---|---|",
        "| 1 | Nông nghiệp | 3,6 | Sở Nông nghiệp và Môi trường |", "| 2 | Xây dựng | 8,0 - 9,0 | Sở Xây dựng |",
        "| 3 | Dịch vụ | ≥ 10 | Sở Công Thương |",
    )  # fmt: skip
    assert read.tasks == ()
    assert [(g.indicator, g.comparator, g.value, g.value_max, g.unit) for g in read.targets] == [
        ("Nông nghiệp", "=", 3.6, None, "%"), ("Xây dựng", "=", 8.0, 9.0, "%"), ("Dịch vụ", ">=", 10.0, None, "%"),
    ]  # fmt: skip
