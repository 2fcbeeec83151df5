"""clean_line: marks go, words and white space that tables are rebuilt from stay."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cchc_extract.readers.markup import clean_line

# line, text, whether all of it was bold
IN_THE_WILD = [
    ("**KẾ HOẠCH**", "KẾ HOẠCH", True),
    ("**ỦY BAN NHÂN", "ỦY BAN NHÂN", True),
    ("DÂN **", "DÂN", True),
    ("** **", "", False),
    ("**1.2. Về", "1.2. Về", True),
    ("cơ chế** của tỉnh", "cơ chế của tỉnh", False),
    ("*Huế, ngày", "Huế, ngày", False),
    ("5 tháng 11 năm 2025*", "5 tháng 11 năm 2025", False),
    ("12/NQ-CP*).", "12/NQ-CP).", False),
    ("**- **Triển khai đồng bộ", "- Triển khai đồng bộ", False),
    ("- **Sở Tư pháp:**", "- Sở Tư pháp:", True),
    ("2. **Yêu cầu**", "2. Yêu cầu", True),
    ("a) *Thời gian:* Quý I", "a) Thời gian: Quý I", False),
    ("***Ghi chú***", "Ghi chú", True),
    ("### 2\\. Mục đích", "2. Mục đích", True),
    ("\\- Rà soát", "- Rà soát", False),
    ("> Trích dẫn", "Trích dẫn", False),
    (">", "", False),
    ("hạn 30/6\\", "hạn 30/6\\", False),
    ("|  **TT**  | **Nhiệm vụ** |", "| TT | Nhiệm vụ |", True),
    ("| a\\|b |", "| a\\|b |", False),
    ("\t100%\t", "\t100%\t", False),
    ("Sở\u00a0Nội vụ\u200b", "Sở Nội vụ", False),
    ("\ufeffKế hoạch", "Kế hoạch", False),
    ("hành\u00adchính", "hànhchính", False),
    ("<b>Mục tiêu</b>", "Mục tiêu", True),
    ("<i>a</i><br/>b", "a b", False),
    ("<p class='x'>R&amp;D &ndash; 5&nbsp;%</p>", " R&D – 5 %", False),
    ("đạt 95%<sup>2</sup> năm 2022[3](#_ftn3)", "đạt 95% năm 2022", False),
    ("100 m<SUP>2</SUP>", "100 m2", False),
    ("[Nghị định](https://a.vn/x_y_z) mới", "Nghị định mới", False),
    ("![ảnh](a.png)", "", False),
    ("* mục thứ nhất", "* mục thứ nhất", False),
    ("  + mục con  ", "  + mục con", False),
    ("__Phụ lục__", "Phụ lục", True),
    ("_nghiêng_ và thẳng", "nghiêng và thẳng", False),
]
NOT_MARKUP = [
    "5 * 3",
    "a_b_c.xlsx",
    "ngày ____ tháng ____",
    "> 90% hồ sơ",
    ">= 90%",
    "x < 5 và y > 3",
    "(*), (**), (***)",
    "#1 và C#",
    "AT&T, Q&A",
    "[…] (xem sau)",
    "|---|:--:|",
    "Sở; ban, ngành: 100%",
    "    thụt vào",
    "a\t b\t",
]


@pytest.mark.parametrize(("line", "text", "bold"), IN_THE_WILD)
def test_marks_are_taken_away(line: str, text: str, bold: bool) -> None:
    assert clean_line(line) == (text, bold)


@pytest.mark.parametrize("line", NOT_MARKUP)
def test_what_is_no_mark_stays(line: str) -> None:
    assert clean_line(line) == (line, False)


def test_inner_spaces_collapse_and_leading_ones_stay() -> None:
    assert clean_line("   a    b \t  c  ") == ("   a b \t  c", False)


@given(line=st.text(alphabet=st.characters(exclude_characters="\n")))
@example("**" * 50 + "(" * 50)
def test_any_line_comes_through(line: str) -> None:
    text, bold = clean_line(line)
    assert "\n" not in text
    assert "\r" not in text
    assert not text.endswith(" ")
    assert bool(text) or not bold


@given(words=st.lists(st.sampled_from(["Sở", "Nội vụ", "100%", "2022,", "-", "|", "\t"]), min_size=1).map(" ".join))
def test_text_without_marks_is_unchanged(words: str) -> None:
    assert clean_line(words) == (words, False)


@given(words=st.lists(st.sampled_from(["Sở", "Nội vụ", "100%", "2022,", "Mục tiêu:"]), min_size=1).map(" ".join))
@pytest.mark.parametrize("mark", ["**", "__", "***"])
def test_emphasis_does_not_change_the_words(mark: str, words: str) -> None:
    assert clean_line(mark + words + mark) == (words, True)
