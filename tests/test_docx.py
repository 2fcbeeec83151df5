"""read_docx: what Word shows is what is read; the documents are made here."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cchc_extract.errors import UnsupportedInputError
from cchc_extract.model import Paragraph, Source, Table
from cchc_extract.patterns import load_patterns
from cchc_extract.readers.docx import read_docx

W_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
# A folder of Word files with NAME.truth.json beside each: every table as rows of [text, kind], kind n | v (goes on
# from above) | hN (covers N columns).
RENDERED = Path(__file__).parent.parent.parent / "shared" / "corpus" / "rendered"

NUMBERING = """
<w:abstractNum w:abstractNumId="0">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2."/></w:lvl>
 <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
 <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xf0b7;"/></w:lvl>
 <w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="2">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Muc"/>
  <w:lvlText w:val="%1."/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="2"/>
 <w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
"""
STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Muc"><w:name w:val="Muc"/><w:basedOn w:val="Normal"/>
 <w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Con"><w:name w:val="Con"/><w:basedOn w:val="Muc"/></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="character" w:styleId="An"><w:name w:val="An"/><w:rPr><w:vanish/></w:rPr></w:style>
"""
FOOTNOTES = '<w:footnote w:id="2"><w:p><w:r><w:t>Theo báo cáo năm 2023.</w:t></w:r></w:p></w:footnote>'


def make_docx(body: str, **parts: str) -> bytes:
    """A DOCX of raw parts; `body` is what stands in w:body."""
    names = {"numbering": NUMBERING, "styles": STYLES, "footnotes": FOOTNOTES} | parts
    spaces = f'xmlns:w="{W_NS}" xmlns:mc="{MC}"'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        links = f'<Relationship Id="r0" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
        archive.writestr("_rels/.rels", f"<Relationships>{links}</Relationships>")
        links = "".join(f'<Relationship Id="r{n}" Type="{OFFICE}/{n}" Target="{n}.xml"/>' for n in names)
        archive.writestr("word/_rels/document.xml.rels", f"<Relationships>{links}</Relationships>")
        archive.writestr("word/document.xml", f"<w:document {spaces}><w:body>{body}</w:body></w:document>")
        for part, content in names.items():
            archive.writestr(f"word/{part}.xml", f"<w:{part} {spaces}>{content}</w:{part}>")
    return stream.getvalue()


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def item(text: str, list_id: int, level: int = 0) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def tc(content: str, properties: str = "") -> str:
    content = content if content.startswith("<") else p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def tbl(*rows: str, grid: str = "") -> str:
    return f"<w:tbl><w:tblGrid>{grid}</w:tblGrid>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def read(body: str, **parts: str) -> Source:
    return read_docx(make_docx(body, **parts), "a.docx", load_patterns())


def texts(source: Source) -> list[str]:
    return [block.text for block in source.blocks if isinstance(block, Paragraph)]


def grids(source: Source) -> list[list[list[tuple[str, int, int]]]]:
    tables = [block for block in source.blocks if isinstance(block, Table)]
    return [[[(c.text, c.row_span, c.col_span) for c in row.cells] for row in table.rows] for table in tables]


# --- numbers ------------------------------------------------------------------------------------------------------


def test_numbers_of_a_list_with_levels() -> None:
    body = (
        item("Mục tiêu", 1) + item("Chung", 1, 1) + item("Một", 1, 2) + item("Hai", 1, 2) + item("Cụ thể", 1, 1)
        + item("Ba", 1, 2) + item("Nhiệm vụ", 1) + item("Bốn", 1, 1)
    )  # fmt: skip
    assert texts(read(body)) == [
        "I. Mục tiêu", "1.1. Chung", "a) Một", "b) Hai", "1.2. Cụ thể", "a) Ba", "II. Nhiệm vụ", "2.1. Bốn",
    ]  # fmt: skip


def test_letters_are_those_word_counts_with() -> None:
    assert texts(read("".join(item("việc", 1, 2) for _ in range(5))))[3:] == ["d) việc", "e) việc"]


def test_bullets_by_level() -> None:
    assert texts(read(item("một", 2) + item("hai", 2, 1))) == ["- một", "+ hai"]


def test_numbers_from_a_style_and_what_is_based_on_it() -> None:
    body = p("A", '<w:pStyle w:val="Muc"/>') + p("B", '<w:pStyle w:val="Con"/>')
    body += p("C", '<w:pStyle w:val="Muc"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    source = read(body)
    assert texts(source) == ["1. A", "2. B", "C"]
    assert [block.bold for block in source.blocks if isinstance(block, Paragraph)] == [True, True, True]


def test_lists_of_one_definition_count_on_unless_told_to_start() -> None:
    assert texts(read(item("a", 3) + item("b", 3) + item("c", 4) + item("d", 4))) == ["1. a", "2. b", "1. c", "2. d"]


def test_a_number_alone_is_shown_in_a_cell_only() -> None:
    source = read(item("", 3) + tbl(tc(item("", 3)) + tc("Việc")) + item("sau", 3))
    assert grids(source) == [[[("2.", 1, 1), ("Việc", 1, 1)]]]
    assert texts(source) == ["3. sau"]


def test_unknown_list_and_damaged_numbering() -> None:
    assert texts(read(item("a", 99) + item("b", 1, 7))) == ["a", "b"]
    assert texts(read(item("a", 1), numbering='<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>')) == ["a"]


# --- embedded files -----------------------------------------------------------------------------------------------

CHUNK = f'<w:altChunk xmlns:r="{OFFICE}" r:id="{{}}"/>'
PAGE = "<html><body><p>2. Sở Nội vụ rà soát</p><table><tr><td>a<td>b<tr><td>c<td>d</table></body></html>"


def with_chunks(body: str, *chunks: bytes | None, mode: str = "") -> bytes:
    """A DOCX whose relations c0, c1, ... name embedded files; None is one that is not there."""
    stream = io.BytesIO(make_docx(body))
    listed = "".join(
        f'<Relationship Id="c{n}" Type="{OFFICE}/aFChunk" Target="part{n}.dat"{mode}/>' for n in range(len(chunks))
    )
    made = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(made, "w") as archive:
        for part in old.namelist():
            content = old.read(part).decode()
            if part == "word/_rels/document.xml.rels":
                content = content.replace("</Relationships>", f"{listed}</Relationships>")
            archive.writestr(part, content)
        for n, chunk in enumerate(chunks):
            if chunk is not None:
                archive.writestr(f"word/part{n}.dat", chunk)
    return made.getvalue()


def read_chunks(body: str, *chunks: bytes | None, mode: str = "") -> Source:
    return read_docx(with_chunks(body, *chunks, mode=mode), "a.docx", load_patterns())


def test_embedded_files_are_read_where_they_stand() -> None:
    body = p("1. Mục tiêu") + CHUNK.format("c0") + p("3. Kinh phí") + CHUNK.format("c1") + CHUNK.format("c2")
    inner = with_chunks(p("4. Trong") + CHUNK.format("c0"), b"5. Sau\n6. Nua")
    source = read_chunks(body, PAGE.encode(), inner, "7. Hết".encode())
    assert texts(source) == [
        "1. Mục tiêu",
        "2. Sở Nội vụ rà soát",
        "3. Kinh phí",
        "4. Trong",
        "5. Sau",
        "6. Nua",
        "7. Hết",
    ]
    assert grids(source) == [[[("a", 1, 1), ("b", 1, 1)], [("c", 1, 1), ("d", 1, 1)]]]
    assert [block.span.lines for block in source.blocks][:4] == [(1, 1), (2, 2), (3, 6), (7, 7)]
    assert source.warnings == ()


UNREAD = [
    ("rich text", (b"{\\rtf1 Muc tieu}",), "", "(rtf)"),
    ("not there", (None,), "", "missing"),
    ("outside of the file", (b"<p>x</p>",), ' TargetMode="External"', "elsewhere"),
    ("empty", (b" ",), "", "missing"),
    ("damaged", (make_docx("")[:200],), "", "damaged"),
]


@pytest.mark.parametrize(("chunks", "mode", "word"), [case[1:] for case in UNREAD], ids=[case[0] for case in UNREAD])
def test_an_embedded_file_that_is_not_read_is_told_of(chunks: tuple[bytes | None], mode: str, word: str) -> None:
    source = read_chunks(p("1. Mục tiêu") + CHUNK.format("c0") + p("2. Kinh phí"), *chunks, mode=mode)
    assert texts(source) == ["1. Mục tiêu", "2. Kinh phí"]
    (warning,) = source.warnings
    assert (warning.code, warning.span and warning.span.lines) == ("embedded-file", (1, 1))
    assert word in warning.message


def test_embedded_files_are_read_once_and_not_without_end() -> None:
    source = read_chunks(CHUNK.format("c0") * 3, b"<p>mot</p>")
    assert texts(source) == ["mot"]
    assert [warning.code for warning in source.warnings] == ["embedded-file"] * 2
    nested = make_docx(p("trong cùng"))
    for n in range(6):
        nested = with_chunks(p(f"lớp {n}") + CHUNK.format("c0"), nested)
    source = read_docx(nested, "a.docx", load_patterns())
    assert texts(source) == ["lớp 5", "lớp 4", "lớp 3", "lớp 2"]
    assert [warning.code for warning in source.warnings] == ["embedded-file"]


# --- words --------------------------------------------------------------------------------------------------------


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


AN, RAISED = '<w:rStyle w:val="An"/>', '<w:vertAlign w:val="superscript"/>'
VN_TIME, VN_TIME_H, VNI = (f'<w:rFonts w:ascii="{name}"/>' for name in (".VnTime", ".VnTimeH", "VNI-Times"))

WORDS = [
    ("inserted", f"<w:p>{run('Rà ')}<w:ins>{run('soát')}</w:ins></w:p>", ["Rà soát"]),
    ("deleted", "<w:p><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del>" + run("mới") + "</w:p>", ["mới"]),
    ("moved", f"<w:p><w:moveFrom>{run('xa')}</w:moveFrom><w:moveTo>{run('gần')}</w:moveTo></w:p>", ["gần"]),
    ("end deleted", p("Sở", "<w:rPr><w:del/></w:rPr>") + p(" Nội vụ"), ["Sở Nội vụ"]),
    ("hidden", f"<w:p>{run('ẩn', '<w:vanish/>')}{run('hiện')}</w:p>", ["hiện"]),
    ("hidden by style", f"<w:p>{run('ẩn', AN)}{run('hiện')}</w:p>", ["hiện"]),
    ("line break", f"<w:p>{run('một')}<w:r><w:br/></w:r>{run('hai')}</w:p>", ["một", "hai"]),
    ("hyphens", f"<w:p>{run('12/KH')}<w:r><w:noBreakHyphen/><w:softHyphen/></w:r>{run('UBND')}</w:p>", ["12/KH-UBND"]),
    ("sign", f"<w:p><w:r><w:sym w:font='Symbol' w:char='F0B3'/></w:r>{run(' 90%')}</w:p>", ["≥ 90%"]),
    ("note sign", f"<w:p>{run('vụ')}{run('(1)', RAISED)}</w:p>", ["vụ"]),
    ("square", f"<w:p>{run('5 m')}{run('2', RAISED)}</w:p>", ["5 m2"]),
    ("link", f"<w:p><w:hyperlink>{run('Luật')}</w:hyperlink></w:p>", ["Luật"]),
    ("nfd and odd spaces", p("Sơ\u0309\u00a0 Nội vụ"), ["Sở Nội vụ"]),
    ("indent by tab", "<w:p><w:r><w:tab/><w:t>Căn cứ</w:t></w:r></w:p>" * 3, ["Căn cứ"] * 3),
    ("label and tab", "<w:p><w:r><w:t>Chủ trì:</w:t><w:tab/><w:t>Sở</w:t></w:r></w:p>" * 2, ["Chủ trì: Sở"] * 2),
    ("content control", f"<w:sdt><w:sdtContent>{p('trong')}</w:sdtContent></w:sdt>", ["trong"]),
    ("contents list", p("I. Mục tiêu 3", '<w:pStyle w:val="TOC1"/>') + p("I. Mục tiêu"), ["I. Mục tiêu"]),
    (".VnTime", f"<w:p>{run('C¶i c¸ch', VN_TIME)}{run(' mới')}</w:p>", ["Cải cách mới"]),
    (".VnTimeH", f"<w:p>{run('kÕ ho¹ch', VN_TIME_H)}</w:p>", ["KẾ HOẠCH"]),
    ("VNI", f"<w:p>{run('Caûi ca', VNI)}"
            f"{run('ùch', VNI)}</w:p>", ["Cải cách"]),
    ("Unicode in .VnTime", f"<w:p>{run('Đà Nẵng', VN_TIME)}</w:p>", ["Đà Nẵng"]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), [case[1:] for case in WORDS], ids=[case[0] for case in WORDS])
def test_words(body: str, expected: list[str]) -> None:
    assert texts(read(body)) == expected


def test_fields_keep_their_result_over_paragraphs() -> None:
    mark = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>"
    code = mark.format("begin") + "<w:r><w:instrText>REF a</w:instrText></w:r>" + run("mã") + mark.format("separate")
    assert texts(read(f"<w:p>{code}{run('một')}</w:p><w:p>{run('hai')}{mark.format('end')}</w:p>")) == ["một", "hai"]


def test_footnotes_are_apart() -> None:
    source = read(f"<w:p>{run('Đạt 90%')}<w:r><w:footnoteReference w:id='2'/></w:r></w:p>")
    assert texts(source) == ["Đạt 90%"]
    assert [(w.code, w.message) for w in source.warnings] == [("footnote", "Theo báo cáo năm 2023.")]


def test_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{p('DỰ THẢO')}</w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    assert texts(read(f"<w:p><w:r>{both}</w:r>{run('KẾ HOẠCH')}</w:p>")) == ["KẾ HOẠCH", "DỰ THẢO"]


def test_spans_count_paragraphs_with_those_of_cells() -> None:
    source = read(p("một") + p("") + tbl(tc("a") + tc(p("b") + p("c"))) + p("cuối"))
    assert [block.span.lines for block in source.blocks] == [(1, 1), (3, 5), (6, 6)]
    assert [c.span.lines for block in source.blocks if isinstance(block, Table) for c in block.rows[0].cells] == [
        (3, 3),
        (4, 5),
    ]


def test_bold_but_for_the_number() -> None:
    body = f"<w:p>{run('1. ')}{run('Mục tiêu', '<w:b/>')}</w:p><w:p>{run('Hạn:', '<w:b/>')}{run(' Quý I')}</w:p>"
    assert [block.bold for block in read(body).blocks if isinstance(block, Paragraph)] == [True, False]


# --- tables -------------------------------------------------------------------------------------------------------


def test_merged_cells() -> None:
    down, on, wide = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
    source = read(tbl(tc("A", wide) + tc("B"), tc("v", down) + tc("1") + tc("2"), tc("", on) + tc("3") + tc("4")))
    assert grids(source) == [
        [[("A", 1, 2), ("B", 1, 1)], [("v", 2, 1), ("1", 1, 1), ("2", 1, 1)], [("3", 1, 1), ("4", 1, 1)]]
    ]


def test_grid_finer_than_what_is_seen() -> None:
    grid = '<w:gridCol w:w="1000"/><w:gridCol w:w="60"/><w:gridCol w:w="3000"/>'
    rows = tc("a") + tc("b", '<w:gridSpan w:val="2"/>'), tc("c", '<w:gridSpan w:val="2"/>') + tc("d")
    assert grids(read(tbl(*rows, grid=grid))) == [[[("a", 1, 1), ("b", 1, 1)], [("c", 1, 1), ("d", 1, 1)]]]


def test_row_that_begins_to_the_right() -> None:
    source = read(tbl(tc("a") + tc("b"), '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc("c")))
    assert grids(source) == [[[("a", 1, 1), ("b", 1, 1)], [("", 1, 1), ("c", 1, 1)]]]


def test_old_merge_to_the_right_and_deleted_row() -> None:
    gone = "<w:trPr><w:del/></w:trPr>" + tc("x") + tc("y")
    source = read(tbl(tc("a", '<w:hMerge w:val="restart"/>') + tc("", "<w:hMerge/>"), gone, tc("b") + tc("c")))
    assert grids(source) == [[[("a", 1, 2)], [("b", 1, 1), ("c", 1, 1)]]]


def test_tables_in_tables() -> None:
    inner = tbl(tc("x") + tc("y"))
    source = read(tbl(tc("a") + tc(inner + p("b")) + tc(tbl(tc("một ô")) + p("c"))))
    assert grids(source) == [[[("a", 1, 1), ("b", 1, 1), ("một ô\nc", 1, 1)]], [[("x", 1, 1), ("y", 1, 1)]]]


def test_a_frame_of_one_column_is_its_content() -> None:
    assert texts(read(tbl(tc("KẾ HOẠCH"), tc(p("một") + p("hai"))))) == ["KẾ HOẠCH", "một", "hai"]


def test_tables_written_with_bars() -> None:
    rows = "| TT | Nhiệm vụ | Cơ quan chủ trì |", "| 1 | Rà soát | Sở Nội vụ |"
    source = read("".join(map(p, rows)))
    assert [[text for text, *_ in row] for row in grids(source)[0]] == [
        ["TT", "Nhiệm vụ", "Cơ quan chủ trì"],
        ["1", "Rà soát", "Sở Nội vụ"],
    ]


def test_agrees_with_python_docx() -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_heading("Kế hoạch", 1)
    document.add_paragraph("Mục một", style="List Number")
    table: Any = document.add_table(rows=4, cols=3)
    for n, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"ô {n}"
    table.cell(1, 0).merge(table.cell(3, 0)).text = "lĩnh vực"
    table.cell(2, 1).merge(table.cell(2, 2)).text = "rộng"
    stream = io.BytesIO()
    document.save(stream)
    source = read_docx(stream.getvalue(), "a.docx", load_patterns())
    assert texts(source) == ["Kế hoạch", "1. Mục một"]
    assert grids(source)[0][1:] == [
        [("lĩnh vực", 3, 1), ("ô 4", 1, 1), ("ô 5", 1, 1)],
        [("rộng", 1, 2)],
        [("ô 10", 1, 1), ("ô 11", 1, 1)],
    ]


# --- what cannot be read ------------------------------------------------------------------------------------------

GOOD = make_docx(p("Kế hoạch"))


def zipped(**files: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


BOMB = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>'
BAD = [
    ("cut", GOOD[: len(GOOD) // 2], "is damaged"),
    ("bytes changed", GOOD.replace(b"PK\x01\x02", b"PK\x01\x03"), "is damaged"),
    ("no document", zipped(**{"a.txt": "a"}), "without a Word document"),
    ("no XML", zipped(**{"word/document.xml": "<w:document"}), "no XML"),
    ("other XML", zipped(**{"word/document.xml": "<workbook/>"}), "no Word document"),
    ("entities", zipped(**{"word/document.xml": f"{BOMB}<a>&c;</a>"}), "document type declaration"),
    ("old", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Word file"),
    ("locked", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"),
]


@pytest.mark.parametrize(("data", "message"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_refused_with_one_clear_line(data: bytes, message: str) -> None:
    with pytest.raises(UnsupportedInputError, match=message):
        read_docx(data, "a.docx", load_patterns())


@pytest.mark.parametrize(
    ("limit", "message"), [("word.megabytes", "unpacks to more"), ("word.files", "more than 0 files")]
)
def test_a_container_beyond_the_limits_is_not_unpacked(limit: str, message: str) -> None:
    patterns = load_patterns()
    bounded = replace(patterns, limits={**patterns.limits, limit: 0})
    with pytest.raises(UnsupportedInputError, match=message):
        read_docx(make_docx(p("a" * 2_000)), "a.docx", bounded)


def test_tables_nested_deep_are_refused_or_read() -> None:
    body = "<w:tbl><w:tr><w:tc>" * 200 + p("a") + "</w:tc></w:tr></w:tbl>" * 200
    with pytest.raises(UnsupportedInputError, match="damaged"):
        read(body)
    assert texts(read("<w:tbl><w:tr><w:tc>" * 60 + p("a") + "</w:tc></w:tr></w:tbl>" * 60)) == ["a"]


def test_a_cell_without_a_paragraph() -> None:
    source = read(tbl("<w:tc/>" + tc(tbl(tc("x") + tc("y")))))
    assert grids(source) == [[[("", 1, 1), ("", 1, 1)]], [[("x", 1, 1), ("y", 1, 1)]]]
    assert all(block.span.lines and block.span.lines[0] > 0 for block in source.blocks)


def test_absurd_spans_stay_small() -> None:
    source = read(tbl(tc("a", '<w:gridSpan w:val="99999"/>') + tc("b"), tc("c") + tc("d")))
    assert max(span for row in grids(source)[0] for _, _, span in row) <= 3


# --- real documents, where they are at hand -----------------------------------------------------------------------


def test_cells_equal_the_truth() -> None:
    files = sorted(RENDERED.glob("*.docx"))
    if not files:
        pytest.skip("no rendered documents here")
    for file in files:
        source = read_docx(file.read_bytes(), file.name, load_patterns())
        truth = json.loads(file.with_suffix(".truth.json").read_text("utf-8"))["tables"]
        tables = [block for block in source.blocks if isinstance(block, Table)][1:]  # the first is the letterhead
        for table, wanted in zip(tables, truth, strict=True):
            rows = [[(text, "n") for text in wanted["header"]], *wanted["rows"]]
            expected = [[(" ".join(t.split()), int(k[1:] or 1)) for t, k in row if k != "v"] for row in rows]
            found = [[(" ".join(c.text.split()), c.col_span) for c in row.cells] for row in table.rows]
            assert found == expected
