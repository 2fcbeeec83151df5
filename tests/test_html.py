"""read_html: what a reader of the page sees of the document, and nothing of the site around it."""

from __future__ import annotations

import time

import pytest

from cchc_extract.errors import UnsupportedInputError
from cchc_extract.model import Paragraph, Source, Table
from cchc_extract.patterns import load_patterns
from cchc_extract.readers.html import read_html

SENTENCE = "Sở Nội vụ chủ trì, phối hợp với các cơ quan liên quan rà soát quy trình giải quyết hồ sơ số {}."
BODY = "".join(f"<p>{n}. {SENTENCE.format(n)}</p>" for n in range(1, 13))


def read(page: str, charset: str = "utf-8") -> Source:
    return read_html(page.encode(charset), "a.html", load_patterns())


def texts(page: str) -> list[str]:
    return [block.text for block in read(page).blocks if isinstance(block, Paragraph)]


def grids(page: str) -> list[list[list[tuple[str, int, int]]]]:
    tables = [block for block in read(page).blocks if isinstance(block, Table)]
    return [[[(c.text, c.row_span, c.col_span) for c in row.cells] for row in table.rows] for table in tables]


CASES = [
    ("blocks and breaks", "<div>một<br>hai<p>ba</p>bốn</div>", ["một", "hai", "ba", "bốn"]),
    ("inline", "<p>Sở <b>Nội</b>\n vụ<span> tỉnh</span></p>", ["Sở Nội vụ tỉnh"]),
    ("entities", "<p>K&ecirc;́&nbsp;ho&#7841;ch &amp; b&aacute;o c&aacute;o</p>", ["Kế hoạch & báo cáo"]),
    ("never read", "<p>a<script>x</script><style>y</style><!-- z --></p><select><option>q</option></select>", ["a"]),
    ("hidden", "<p style='display : none'>x</p><div hidden>y</div><p aria-hidden='true'>z</p><p>a</p>", ["a"]),
    ("deleted", "<p><del>cũ</del>mới</p>", ["mới"]),
    ("note sign", "<p>nhiệm vụ<sup>[1]</sup>, 5 m<sup>2</sup></p>", ["nhiệm vụ, 5 m2"]),
    ("ordered", "<ol><li>a<li>b<ol type='a'><li>c</ol></ol>", ["1. a", "2. b", "a) c"]),
    ("start and value", "<ol start='4'><li>a<li value='9'>b<li>c</ol>", ["4. a", "9. b", "10. c"]),
    ("bullets", "<ul><li>a<ul><li>b</ul></ul>", ["- a", "+ b"]),
    ("markers typed too", "<ul><li>- a<li>+ b</ul><ul style='list-style:none'><li>c</ul>", ["- a", "+ b", "c"]),
    ("layout table", "<table><tr><td><p>một</p><p>hai</p></td></tr></table>", ["một", "hai"]),
    ("form around the page", f"<form><input value='x'>{BODY}</form>", None),
]


@pytest.mark.parametrize(("page", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_text(page: str, expected: list[str] | None) -> None:
    assert texts(page) == (expected or [f"{n}. {SENTENCE.format(n)}" for n in range(1, 13)])


def test_gap_bold_and_spans() -> None:
    source = read("<p><b>1. Mục tiêu</b></p><p>&nbsp;</p><p>1. <strong>Một</strong></p><p><b>Hạn</b>: Quý I</p>")
    found = [(b.bold, b.gap, b.span.lines) for b in source.blocks if isinstance(b, Paragraph)]
    assert found == [(True, False, (1, 1)), (True, True, (3, 3)), (False, False, (4, 4))]


# --- tables -------------------------------------------------------------------------------------------------------


def test_spans_of_cells() -> None:
    page = "<table><tr><th colspan=2>A<th>B<tr><td rowspan=2>v<td>1<td>2<tr><td>3<br>ba<td>4</table>"
    assert grids(page) == [
        [[("A", 1, 2), ("B", 1, 1)], [("v", 2, 1), ("1", 1, 1), ("2", 1, 1)], [("3\nba", 1, 1), ("4", 1, 1)]]
    ]


def test_spans_that_reach_too_far_or_to_the_end() -> None:
    page = "<table><tr><td rowspan=0>a<td>b<tr><td>c<tr><td rowspan=99 colspan=5000>d</table>"
    assert grids(page) == [[[("a", 3, 1), ("b", 1, 1)], [("c", 1, 1)], [("d", 1, 1)]]]


def test_table_in_a_table_cell_and_table_as_text() -> None:
    page = "<pre>| TT | Nhiệm vụ | Cơ quan chủ trì |\n|---|---|---|\n| 1 | Rà soát | Sở Nội vụ |</pre>"
    assert [[text for text, *_ in row] for row in grids(page)[0]] == [
        ["TT", "Nhiệm vụ", "Cơ quan chủ trì"],
        ["1", "Rà soát", "Sở Nội vụ"],
    ]


# --- the document on its page -------------------------------------------------------------------------------------

MENU = "<ul>" + "".join(f"<li><a href='#'>Chuyên mục số {n} của trang</a></li>" for n in range(9)) + "</ul>"
LATEST = "".join(
    f"<div><a href='#'>Hội nghị triển khai công tác tuần thứ {n} của huyện</a> <i>(0{n}/08)</i></div>" for n in range(9)
)
HEAD = "<table><tr><td>UBND TỈNH SÔNG LAM</td><td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</td></tr></table>"
ROWS = "".join(f"<tr><td>{n}</td><td>{SENTENCE.format(n)} {SENTENCE.format(0)}</td></tr>" for n in range(60))
APPENDIX = f"<table><tr><td>TT</td><td>Nhiệm vụ</td></tr>{ROWS}</table>"
FOOT = "<div>Bản quyền thuộc về cổng thông tin</div>"

PAGES = [
    f"<header>{MENU}</header><nav>{MENU}</nav><div><div><main>{HEAD}{BODY}</main></div></div><aside>{LATEST}</aside>",
    f"<div>{MENU}</div><div><div>{MENU}</div><div id=x>{HEAD}{BODY}</div><div>{LATEST}</div></div><div>{MENU}</div>",
    f"<table><tr><td>{MENU}<td>{HEAD}{BODY}<td>{LATEST}</tr></table>{FOOT}{MENU}",
    f"<form><table><tr><td>{MENU}</td></tr><tr><td><div>{HEAD}{BODY}{MENU}</div></td></tr></table></form>",
]


@pytest.mark.parametrize("page", PAGES)
def test_site_is_left_out_and_the_document_is_whole(page: str) -> None:
    assert texts(page) == texts(BODY)
    assert grids(page) == grids(HEAD)


def test_a_long_appendix_does_not_push_the_body_out() -> None:
    for page in (f"<div>{HEAD}{BODY}{APPENDIX}</div>", f"<div>{HEAD}{BODY}<div>{APPENDIX}</div></div>"):
        assert texts(f"{MENU}{page}{MENU}") == texts(BODY)
        assert [len(table) for table in grids(f"{MENU}{page}")] == [1, 61]
    assert texts(f"{MENU}<div>{BODY}<div>{APPENDIX}</div></div>") == texts(BODY)


def test_title_beside_the_text_stays() -> None:
    page = f"{MENU}<div><h1>Triển khai cải cách hành chính năm 2024</h1><div>{BODY}</div></div><div>{LATEST}</div>"
    assert texts(page)[0] == "Triển khai cải cách hành chính năm 2024"


def test_citations_with_links_are_no_menu() -> None:
    cited = "".join(f"<p>Căn cứ <a href='#'>Luật số {n}/2020/QH14 ngày 18 tháng 6 năm 2020</a>;</p>" for n in range(6))
    assert len(texts(f"<div><div>{cited}</div>{BODY}</div>{MENU}")) == 18


# --- characters ---------------------------------------------------------------------------------------------------


OLD = "KÕ ho¹ch c¶i c¸ch"  # as a .VnTime font stores it
FONTS = [
    ("font element", f"<p>Số 1 <font face='.VnTime'>{OLD} <b>hµnh</b></font> tỉnh", "Số 1 Kế hoạch cải cách hành tỉnh"),
    ("capitals", f"<p><font face=.VnTimeH>{OLD}</font>", "KẾ HOẠCH CẢI CÁCH"),
    ("style", "<p style='margin:0;font-family:\"VNI-Times\",serif'>Keá hoaïch tænh", "Kế hoạch tỉnh"),
    ("entity in a style", f"<p style='font-family:&quot;.VnTime&quot;'>{OLD}", "Kế hoạch cải cách"),
    ("entities", "<p style='font-family:.VnTime'>K&Otilde; ho&sup1;ch", "Kế hoạch"),
    ("a font of its own inside", f"<p style='font-family:.VnTime'>{OLD} <font face=Arial>à b", "Kế hoạch cải cách à b"),
    ("style sheet", f"<style><!-- p.O, li {{font-family:.VnTime}} --></style><p class=O>{OLD}", "Kế hoạch cải cách"),
    ("Unicode in such a font", "<p style='font-family:.VnTime'>Kế <b>hoạch</b> tài chính", "Kế hoạch tài chính"),
    ("only for other scripts", "<p style='mso-hansi-font-family:.VnTime'>tài chính", "tài chính"),
    ("signs", "<p><span style='font-family:Wingdings'>§&nbsp;</span>đạt <font face=Symbol>³</font> 90%", "• đạt ≥ 90%"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "expected"), [case[1:] for case in FONTS], ids=[case[0] for case in FONTS])
def test_legacy_fonts(page: str, expected: str) -> None:
    assert texts(page) == [expected]


def test_a_page_decoded_as_a_whole_is_not_converted_twice() -> None:
    page = f"<p style='font-family:.VnTime'>{OLD} hµnh chÝnh nhµ n­íc n¨m 2024 cña tØnh</p>".encode("latin-1")
    source = read_html(page, "a.html", load_patterns())
    assert [b.text for b in source.blocks if isinstance(b, Paragraph)] == [
        "Kế hoạch cải cách hành chính nhà nước năm 2024 của tỉnh"
    ]


def test_character_sets() -> None:
    page = "<meta http-equiv=Content-Type content='text/html; charset={}'><p>Kế hoạch cải cách hành chính nhà nước</p>"
    expected = ["Kế hoạch cải cách hành chính nhà nước"]
    assert texts(page.format("utf-8")) == expected
    assert texts(page.format("nonsense")) == expected
    assert texts("<?xml version='1.0' encoding='utf-8'?><html><body>" + page.format("utf-8")) == expected
    utf_16 = read_html(page.format("utf-16").encode("utf-16"), "a.html", load_patterns())
    assert [block.text for block in utf_16.blocks if isinstance(block, Paragraph)] == expected
    tcvn3 = "<meta charset=iso-8859-1><p>KÕ ho¹ch c¶i c¸ch hµnh chÝnh nhµ n­íc</p>".encode("latin-1")
    source = read_html(tcvn3, "a.html", load_patterns())
    assert source.encoding == "tcvn3"
    assert [block.text for block in source.blocks if isinstance(block, Paragraph)] == expected


# --- hostile pages ------------------------------------------------------------------------------------------------

HOSTILE = [
    "<div>" * 20_000 + "a",
    "<b>" * 20_000 + "a",
    "<table><tr><td>" * 5_000 + "a",
    "<ul><li>" * 5_000 + "a",
    "<table>" + "<tr><td rowspan=9999 colspan=9999>a" * 3_000,
    "<p" + " a='b'" * 50_000 + ">a",
    "<a>" * 10_000 + "a" + "<p>b" * 10_000,
    "<meta " * 20_000,
    "<!DOCTYPE html [<!ENTITY a 'b'>]><p>&a;&lol;</p>",
]


@pytest.mark.parametrize("page", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_pages_end_soon(page: str) -> None:
    start = time.process_time()
    read(page)
    assert time.process_time() - start < 10


@pytest.mark.parametrize("data", [b"<html>\x00\x01\x02", b"%PDF-1.7"])
def test_what_is_no_page(data: bytes) -> None:
    with pytest.raises(UnsupportedInputError):
        read_html(data, "a.html", load_patterns())


def test_a_page_without_words() -> None:
    assert read("<html><script>a</script></html>").blocks == ()
    with pytest.raises(UnsupportedInputError, match="no web page"):
        read("<!-- a -->")
