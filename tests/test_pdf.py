"""The PDF reader, on PDFs written here, and on rendered plans where those are at hand."""

from __future__ import annotations

import json
import unicodedata
from itertools import zip_longest
from pathlib import Path

import pytest

from cchc_extract.errors import UnsupportedInputError
from cchc_extract.model import Block, Paragraph, Source, Table
from cchc_extract.patterns import load_patterns
from cchc_extract.readers.pdf import pages_without_text, plumber, read_pdf
from cchc_extract.readers.pdf.cells import PageTable, grids_to_tables
from cchc_extract.readers.pdf.lines import pieces_to_lines
from cchc_extract.readers.pdf.pdfium import PdfFile
from cchc_extract.readers.pdf.pieces import RawPage
from cchc_extract.readers.pdf.rulings import rules_to_grids

PATTERNS = load_patterns()
RENDERED = Path(__file__).parent.parent.parent / "shared" / "corpus" / "rendered"
WIDTH = 0.5  # of the size: every letter of the test font


class Sheet:
    """One page: text and lines from the top left corner, in points."""

    def __init__(self, width: float = 600, height: float = 800) -> None:
        self.width, self.height = width, height
        self.marks: list[str] = []
        self.used: dict[str, int] = {}
        self.stamps: list[tuple[float, float, str]] = []
        self.picture = False

    def text(self, x: float, y: float, words: str, size: float = 14, bold: bool = False) -> Sheet:
        font = "/B" if bold else "/F"
        self.marks.append(f"BT {font} {size} Tf 1 0 0 1 {x} {self.height - y} Tm <{self.code(words)}> Tj ET")
        return self

    def code(self, words: str) -> str:
        return "".join(f"{self.used.setdefault(c, ord(c)):04x}" for c in words)

    def lines(self, x: float, y: float, *texts: str, step: float = 18) -> Sheet:
        for n, words in enumerate(texts):
            self.text(x, y + n * step, words)
        return self

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> Sheet:
        self.marks.append(f"{x0} {self.height - y0} m {x1} {self.height - y1} l S")
        return self

    def stamp(self, x: float, y: float, words: str) -> Sheet:
        self.code(words)
        self.stamps.append((x, y, words))
        return self


def make_pdf(*sheets: Sheet) -> bytes:
    """A PDF of these pages. The fonts are named only; their letters get their meaning from a ToUnicode table."""
    used = {code for sheet in sheets for code in sheet.used.values()}
    pairs = "\n".join(f"<{code:04x}> <{code:04x}>" for code in sorted(used))
    cmap = (
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(used)} beginbfchar\n{pairs}\nendbfchar endcmap end"
    )
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        _stream(cmap),
        *_font("Times", 5),
        *_font("Times-Bold", 7),
        _stream(
            "\x00", "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray"
        ),
    ]
    kids = []
    for sheet in sheets:
        kids.append(len(bodies) + 1)
        bodies += _page(sheet, len(bodies) + 1)
    bodies[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{n} 0 R' for n in kids)}] >>"
    return _assemble(bodies)


def _font(name: str, number: int) -> tuple[str, str]:
    return (
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /ToUnicode 3 0 R "
        f"/DescendantFonts [{number} 0 R] >>",
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /DW {int(WIDTH * 1000)} "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
    )


def _page(sheet: Sheet, number: int) -> list[str]:
    fonts = "/Resources << /Font << /F 4 0 R /B 6 0 R >> /XObject << /I 8 0 R >> >>"
    content = "\n".join(sheet.marks)
    if sheet.picture:
        content += f"\nq {sheet.width} 0 0 {sheet.height} 0 0 cm /I Do Q"
    annotations, forms = [], []
    for n, (x, y, words) in enumerate(sheet.stamps):
        form, bottom = number + 2 + 2 * n, sheet.height - y
        right = x + 14 * WIDTH * len(words)
        box = f"[{x} {bottom - 4} {right} {bottom + 12}]"
        annotations.append(f"{form + 1} 0 R")
        mark = f"BT /F 14 Tf 1 0 0 1 0 4 Tm <{sheet.code(words)}> Tj ET"
        forms.append(_stream(mark, f"/Type /XObject /Subtype /Form /BBox [0 0 {right - x} 16] {fonts}"))
        forms.append(f"<< /Type /Annot /Subtype /Stamp /F 4 /Rect {box} /AP << /N {form} 0 R >> >>")
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {sheet.width} {sheet.height}] /Contents {number + 1} 0 R {fonts} "
        f"/Annots [{' '.join(annotations)}] >>"
    )
    return [page, _stream(content), *forms]


def _stream(content: str, entries: str = "") -> str:
    return f"<< /Length {len(content)} {entries} >>\nstream\n{content}\nendstream"


def _assemble(bodies: list[str], trailer: str = "") -> bytes:
    out, places = "%PDF-1.7\n", []
    for n, body in enumerate(bodies, 1):
        places.append(len(out))
        out += f"{n} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(bodies) + 1
    end = f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{len(out)}\n%%EOF"
    return f"{out}xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode("latin-1")


def read(*sheets: Sheet) -> Source:
    return read_pdf(make_pdf(*sheets), "plan.pdf", PATTERNS)


def texts(source: Source) -> list[str]:
    return [block.text for block in source.blocks if isinstance(block, Paragraph)]


def table_of(source: Source) -> Table:
    return next(block for block in source.blocks if isinstance(block, Table))


def cell_texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


FULL = "Tổ chức triển khai kế hoạch cải cách hành chính của toàn tỉnh bảo"  # as wide as a line of the page


def body(*firsts: str) -> Sheet:
    """A page of paragraphs of two full lines and a short one, each beginning with one of `firsts`."""
    sheet = Sheet()
    for n, first in enumerate(firsts):
        sheet.text(98, 100 + n * 60, (first + " " + FULL)[:61])
        sheet.text(70, 118 + n * 60, FULL)
        sheet.text(70, 136 + n * 60, "đảm đúng tiến độ.")
    return sheet


# --- paragraphs ---------------------------------------------------------------------------------------------------


def test_lines_become_paragraphs_by_indent_and_room() -> None:
    source = read(body("Thực hiện nhiệm vụ,", "- Rà soát quy trình,", "a) Công bố danh mục,"))
    found = texts(source)
    assert [text.split(",")[0] for text in found] == [
        "Thực hiện nhiệm vụ",
        "- Rà soát quy trình",
        "a) Công bố danh mục",
    ]
    assert all(text.endswith(f"{FULL} đảm đúng tiến độ.") for text in found)
    assert [block.span.lines for block in source.blocks] == [(1, 3), (4, 6), (7, 9)]
    assert all(block.span.page == 1 and block.span.bbox for block in source.blocks)


def test_a_paragraph_goes_on_over_a_page_end_without_the_page_number() -> None:
    first, second = body("Thực hiện"), Sheet().text(300, 40, "2").lines(70, 80, FULL, "đảm chất lượng.")
    first.marks.pop()
    source = read(first, second)
    assert len(texts(source)) == 1
    assert texts(source)[0].endswith(f"{FULL} {FULL} đảm chất lượng.")


def test_decomposed_letters_are_composed_and_line_end_hyphens_glued() -> None:
    decomposed = unicodedata.normalize("NFD", FULL)[:54] + " 12/2020/NĐ-"  # each mark is as wide as a letter here
    sheet = Sheet().lines(70, 100, FULL, decomposed, "CP của Chính phủ.")
    text = texts(read(sheet))[0]
    assert unicodedata.is_normalized("NFC", text)
    assert "12/2020/NĐ-CP của" in text


def test_text_that_is_set_sideways_is_read_the_same() -> None:
    upright, sideways = body("Thực hiện"), body("Thực hiện")
    sideways.marks = [f"q 0 1 -1 0 800 0 cm {mark} Q" for mark in sideways.marks]
    sideways.width, sideways.height = 800, 600
    # the marks were placed on a page 800 high: turned by a quarter they lie on one 800 wide
    assert texts(read(sideways)) == texts(read(upright))


def test_footnotes_are_warnings() -> None:
    sheet = body("Thực hiện")
    sheet.text(70, 700, "1", 6).text(74, 704, "Ban hành theo Quyết định số 5 của tỉnh.", 10)
    source = read(sheet)
    assert len(texts(source)) == 1
    assert [warning.code for warning in source.warnings] == ["footnote"]


# --- the head of a document ---------------------------------------------------------------------------------------


def letterhead() -> Sheet:
    sheet = body()
    sheet.text(80, 60, "ỦY BAN NHÂN DÂN").text(280, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    sheet.text(80, 78, "TỈNH SÔNG LAM").text(320, 78, "Độc lập - Tự do - Hạnh phúc")
    sheet.text(80, 106, "Số:").text(150, 106, "/KH-UBND")
    sheet.text(280, 106, "Sông Lam, ngày").text(405, 106, "tháng").text(465, 106, "năm 2024")
    sheet.text(268, 150, "KẾ HOẠCH", bold=True)
    return sheet.lines(70, 200, FULL, FULL)


def test_a_letterhead_is_read_column_by_column() -> None:
    table = table_of(read(letterhead()))
    assert cell_texts(table)[0] == [
        "ỦY BAN NHÂN DÂN\nTỈNH SÔNG LAM",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
    ]


def test_stamped_number_and_date_stand_in_their_blanks() -> None:
    sheet = letterhead().stamp(112, 106, "12").stamp(385, 106, "05").stamp(448, 106, "7")
    sheet.stamp(300, 400, "Ký bởi: Văn phòng Ủy ban")
    source = read(sheet)
    number, day = cell_texts(table_of(source))[1]
    assert number.replace(" ", "") == "Số:12/KH-UBND"
    assert day == "Sông Lam, ngày 05 tháng 7 năm 2024"
    assert not any("Ký bởi" in text for text in texts(source))


# --- tables -------------------------------------------------------------------------------------------------------

XS = (50.0, 150.0, 350.0, 550.0)


def draw_grid(sheet: Sheet, ys: tuple[float, ...], merged: tuple[int, ...] = ()) -> Sheet:
    """Rules around three columns; the lines named in `merged` leave out the first column."""
    for n, y in enumerate(ys):
        sheet.rule(XS[1] if n in merged else XS[0], y, XS[-1], y)
    for x in XS:
        sheet.rule(x, ys[0], x, ys[-1])
    return sheet


def header(sheet: Sheet, y: float) -> Sheet:
    return sheet.text(55, y, "Lĩnh vực").text(155, y, "Nhiệm vụ").text(355, y, "Chủ trì")


def two_pages() -> tuple[Sheet, Sheet]:
    """A table whose second row a page end cuts, with a merged first column and its header on both pages."""
    first = draw_grid(header(Sheet(), 115), (100, 120, 160, 200), merged=(2,))
    first.text(55, 135, "Thể chế").lines(155, 135, "Rà soát văn bản.").text(355, 135, "Sở Tư pháp")
    first.lines(155, 175, "Tổ chức kiểm tra việc giải", "quyết thủ tục tại cấp xã và").text(355, 175, "Sở Nội vụ")
    second = draw_grid(header(Sheet(), 115), (100, 120, 140, 180), merged=(2,))
    second.text(155, 135, "cấp huyện trong năm.")
    second.text(155, 155, "Công bố kết quả.").text(355, 155, "Văn phòng")
    return first, second


def test_a_table_over_two_pages_is_one_with_whole_rows_and_one_header() -> None:
    source = read(*two_pages())
    table = table_of(source)
    assert len(source.blocks) == 1
    assert cell_texts(table) == [
        ["Lĩnh vực", "Nhiệm vụ", "Chủ trì"],
        ["Thể chế", "Rà soát văn bản.", "Sở Tư pháp"],
        ["Tổ chức kiểm tra việc giải quyết thủ tục tại cấp xã và cấp huyện trong năm.", "Sở Nội vụ"],
        ["Công bố kết quả.", "Văn phòng"],
    ]
    assert table.rows[1].cells[0].row_span == 3


def test_rules_drawn_as_thin_boxes_make_the_same_table() -> None:
    drawn = read(*two_pages())
    sheets = two_pages()
    for sheet in sheets:
        sheet.marks = [_as_box(mark) if mark.endswith(" S") else mark for mark in sheet.marks]
    assert cell_texts(table_of(read(*sheets))) == cell_texts(table_of(drawn))


def _as_box(mark: str) -> str:
    x0, y0, _, x1, y1, *_ = mark.split()
    width, height = max(0.5, float(x1) - float(x0)), max(0.5, abs(float(y1) - float(y0)))
    return f"{x0} {min(float(y0), float(y1))} {width} {height} re f"


def test_a_frame_around_text_is_no_table() -> None:
    sheet = (
        body("Thực hiện").rule(40, 40, 580, 40).rule(40, 760, 580, 760).rule(40, 40, 40, 760).rule(580, 40, 580, 760)
    )
    assert len(texts(read(sheet))) == 1


def test_a_table_without_rules_is_read_by_its_columns() -> None:
    sheet = body("Thực hiện")
    rows = [("Lĩnh vực", "Nhiệm vụ", "Chủ trì"), ("Thể chế", "Rà soát văn bản", "Sở Tư pháp"), ("", "trong năm", "")]
    for n, (area, work, lead) in enumerate([*rows, ("Thủ tục", "Công bố danh mục", "Văn phòng")]):
        sheet.text(75, 300 + 18 * n, area).text(200, 300 + 18 * n, work).text(400, 300 + 18 * n, lead)
    source = read(sheet)
    assert len(texts(source)) == 1
    assert cell_texts(table_of(source)) == [
        ["Lĩnh vực", "Nhiệm vụ", "Chủ trì"],
        ["Thể chế", "Rà soát văn bản trong năm", "Sở Tư pháp"],
        ["Thủ tục", "Công bố danh mục", "Văn phòng"],
    ]


# --- what cannot be read ------------------------------------------------------------------------------------------


def scan() -> Sheet:
    sheet = Sheet()
    sheet.picture = True
    return sheet


def test_a_page_without_text_is_told_or_recognised() -> None:
    data = make_pdf(body("Thực hiện"), scan())
    source = read_pdf(data, "plan.pdf", PATTERNS)
    assert [(w.code, w.span and w.span.page) for w in source.warnings] == [("no-text-layer", 2)]
    assert pages_without_text(data, "plan.pdf", PATTERNS) == [2]

    def recognise(page: int) -> tuple[Block, ...]:
        return (Paragraph(f"Trang {page}.", source.blocks[0].span),)

    assert texts(read_pdf(data, "plan.pdf", PATTERNS, recognise))[-1] == "Trang 2."


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnothing", b"%PDF-", make_pdf(Sheet())[:200]])
def test_damaged_files_are_refused(data: bytes) -> None:
    with pytest.raises(UnsupportedInputError, match=r"plan\.pdf: is a damaged PDF"):
        read_pdf(data, "plan.pdf", PATTERNS)


def test_encrypted_files_are_refused() -> None:
    encrypt = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'00' * 32}> /U <{'11' * 32}> >> /ID [<00> <00>]"
    data = _assemble(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 0 /Kids [] >>"], encrypt)
    with pytest.raises(UnsupportedInputError, match="encrypted"):
        read_pdf(data, "plan.pdf", PATTERNS)


# --- rendered plans -----------------------------------------------------------------------------------------------

rendered = pytest.mark.skipif(not RENDERED.is_dir(), reason="the rendered plans are not at hand")
VARIANTS = sorted(RENDERED.glob("[!b]*.pdf"))


@rendered
@pytest.mark.parametrize("path", VARIANTS, ids=lambda path: path.name)
def test_every_cell_is_as_it_was_written(path: Path) -> None:
    truth = json.loads((RENDERED / f"{path.name.split('.')[0]}.truth.json").read_text("utf-8"))
    source = read_pdf(path.read_bytes(), path.name, PATTERNS)
    tables = [b for b in source.blocks if isinstance(b, Table) and max(len(row.cells) for row in b.rows) > 2]
    assert len(tables) == len(truth["tables"])
    for expected, table in zip(truth["tables"], tables, strict=True):
        written = [expected["header"], *([text for text, kind in row if kind != "v"] for row in expected["rows"])]
        found = [[" ".join(text.split()) for text in row] for row in cell_texts(table)]
        assert found == [[" ".join(text.split()) for text in row] for row in written]


@rendered
@pytest.mark.parametrize("path", VARIANTS, ids=lambda path: path.name)
def test_pdfplumber_sees_the_same_words_and_cells(path: Path) -> None:
    data = path.read_bytes()
    with PdfFile(data, path.name) as file:
        for index in (0, len(file) - 1):
            ours, theirs = file.read_page(index, PATTERNS), plumber.read_page(data, index, PATTERNS)
            assert ours is not None
            assert theirs is not None
            assert _words(ours) == _words(theirs)
            pairs = zip_longest(*([*_cells(page.rules, page.pieces)] for page in (ours, theirs)))
            assert all(a == b for a, b in pairs)


def _words(page: RawPage) -> list[str]:
    return [word for line in pieces_to_lines(page.pieces, page.number) for word in line.text.split()]


def _cells(rules: tuple, pieces: tuple) -> list[tuple[int, int, int, int, str]]:
    tables: list[PageTable] = grids_to_tables(rules_to_grids(rules), pieces, 1)[0]
    return [(cell.c0, cell.c1, cell.r0, cell.r1, cell.text) for table in tables for cell in table.cells]
