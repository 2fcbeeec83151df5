"""Who signed, told from the lines of a signature in the shapes that copies give them."""

from __future__ import annotations

import pytest

from cchc_extract.model import Signer
from cchc_extract.normalise.signatures import find_signer, parse_signature
from cchc_extract.patterns import load_patterns
from cchc_extract.pipeline import extract_plan

DEPUTY = Signer("Lê Thị Hà", "Phó Chủ tịch")
SHAPES = {
    "a line each": (["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "(Đã ký)", "Lê Thị Hà"], DEPUTY),
    "lines of one cell": (["TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n\nLê Thị Hà"], DEPUTY),
    "one line": (["TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH Lê Thị Hà"], DEPUTY),
    "one line behind recipients": (["Nơi nhận: - Lưu: VT, TH. | KT. CHỦ TỊCH PHÓ CHỦ TỊCH Lê Thị Hà"], DEPUTY),
    "no bar between": (["- Như trên; - Lưu: VT, TH. KT. CHỦ TỊCH PHÓ CHỦ TỊCH Lê Thị Hà"], DEPUTY),
    "the stamp's words between": (["KT. CHỦ TỊCH PHÓ CHỦ TỊCH [Đã ký] Lê Thị Hà"], DEPUTY),
    "the stamp's words behind": (["PHÓ CHỦ TỊCH Lê Thị Hà (Đã ký)"], DEPUTY),
    "offices on one line, the name below": (["KT. CHỦ TỊCH PHÓ CHỦ TỊCH", "Lê Thị Hà"], DEPUTY),
    "acting": (["QUYỀN CHỦ TỊCH Lê Thị Hà"], Signer("Lê Thị Hà", "Quyền Chủ tịch")),
    "by order": (["TL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG", "Lê Thị Hà"], Signer("Lê Thị Hà", "Chánh Văn phòng")),
    "the government": (["TM. CHÍNH PHỦ KT. THỦ TƯỚNG PHÓ THỦ TƯỚNG Y Hà"], Signer("Y Hà", "Phó Thủ tướng")),
    "the signer's own office is lost": (["KT. CHỦ TỊCH", "Lê Thị Hà"], None),
    "an office alone": (["CHỦ TỊCH"], None),
    "an office that no one knows": (["NGƯỜI LẬP BIỂU Lê Thị Hà"], None),
    "a task": (["CHỦ TỊCH UBND tỉnh giao Sở Nội vụ"], None),
    "nothing": ([""], None),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_signer(shape: str) -> None:
    texts, expected = SHAPES[shape]
    assert find_signer(texts, "", load_patterns()) == expected


def test_a_name_that_the_portal_tells() -> None:
    assert find_signer(["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"], "Lê Thị Hà", load_patterns()) == DEPUTY
    assert find_signer([], "Lê Thị Hà", load_patterns()) == Signer("Lê Thị Hà", None)


def test_a_name_whose_office_was_lost() -> None:
    lines = ["KẾ HOẠCH", "Cải cách hành chính năm 2024", "1. Sở Nội vụ rà soát thủ tục hành chính.", "Nơi nhận:",
             "- Như trên;", "- Lưu: VT.", "Lê Thị Hà"]  # fmt: skip
    plan = extract_plan(None, "\n".join(lines).encode(), load_patterns())
    assert plan.facts.signer == Signer("Lê Thị Hà", None)


NO_SIGNATURE = ["", " ", "CHỦ TỊCH", "Lê Thị Hà", "GIÁM ĐỐC Sở Nội vụ", "CHỦ TỊCH Lê Thị Hà."]


@pytest.mark.parametrize("text", NO_SIGNATURE)
def test_no_signature(text: str) -> None:
    assert parse_signature(text, load_patterns()) is None


def test_a_signature_on_one_line_is_no_part_of_the_body() -> None:
    lines = [
        "ỦY BAN NHÂN DÂN TỈNH SÔNG LAM", "Số: 12/KH-UBND", "KẾ HOẠCH", "Cải cách hành chính năm 2024",
        "I. NHIỆM VỤ",
        "1. Sở Nội vụ rà soát thủ tục hành chính, hoàn thành trước ngày 30/6/2024.",
        "2. Sở Tài chính bố trí kinh phí thực hiện Kế hoạch.",
        "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH Lê Thị Hà",
    ]  # fmt: skip
    plan = extract_plan(None, "\n".join(lines).encode(), load_patterns())
    assert plan.facts.signer == DEPUTY
    assert [task.marker for task in plan.tasks] == ["1.", "2."]
    assert all("Lê Thị Hà" not in task.text for task in plan.tasks)
