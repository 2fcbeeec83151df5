"""Recognising page images: the picture work on drawn pages, Tesseract where it is installed."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from PIL import Image, ImageDraw, ImageFont

from cchc_extract.errors import MISSING_TOOL, MissingToolError, UnsupportedInputError
from cchc_extract.model import Paragraph, Source, Span, Table, Warn
from cchc_extract.patterns import load_patterns
from cchc_extract.readers.scan import PageRecogniser, add_recognition, read_image, shift_lines
from cchc_extract.readers.scan.grids import rulings_to_grids
from cchc_extract.readers.scan.images import find_skew, is_blank, straighten, whiten
from cchc_extract.readers.scan.layout import (
    Line,
    lines_to_paragraphs,
    part_unreadable,
    without_page_number,
    words_to_lines,
)
from cchc_extract.readers.scan.numbering import mend_numbers
from cchc_extract.readers.scan.numerals import mend_numerals
from cchc_extract.readers.scan.rulings import find_rulings
from cchc_extract.readers.scan.tesseract import Word, missing_tool

needs_tesseract = pytest.mark.skipif(missing_tool() is not None, reason="Tesseract with Vietnamese is not installed")
PATTERNS = load_patterns()
A4 = (2480, 3508)
COLUMNS, ROWS = (200, 900, 1700, 2300), (400, 700, 1000, 1300)


def _page(lines: tuple[tuple[int, int, str], ...] = (), size: tuple[int, int] = A4) -> Image.Image:
    image = Image.new("L", size, 255)
    draw = ImageDraw.Draw(image)
    for x, y, text in lines:
        draw.text((x, y), text, fill=0, font=ImageFont.load_default(size=50))
    return image


def _grid(image: Image.Image, without: tuple[tuple[int, int, int, int], ...] = ()) -> Image.Image:
    """A table of three rows and three columns drawn on a page; some sides are left out, so that cells are merged."""
    draw = ImageDraw.Draw(image)
    for y in ROWS:
        for x, end in pairwise(COLUMNS):
            if (x, y, end, y) not in without:
                draw.line((x, y, end, y), fill=0, width=4)
    for x in COLUMNS:
        for y, end in pairwise(ROWS):
            if (x, y, x, end) not in without:
                draw.line((x, y, x, end), fill=0, width=4)
    return image


def _word(text: str, left: int, top: int, line: int = 0, confidence: float = 95, height: int = 40) -> Word:
    return Word(text, confidence, left, top, left + 20 * len(text), top + height, (1, 1, line or top))


def _lines(*rows: tuple[int, str]) -> list[Line]:
    return words_to_lines(_word(text, left, 100 + 60 * n) for n, (left, text) in enumerate(rows))


# --- pictures -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("angle", [0.0, 0.7, -1.3, 3.0])
def test_a_page_is_straightened(angle: float) -> None:
    page = _grid(_page(tuple((200, 1500 + 80 * n, "mot hai ba bon nam sau bay tam chin muoi") for n in range(20))))
    askew = page.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)
    assert find_skew(askew) == pytest.approx(-angle, abs=0.09)
    assert find_skew(straighten(askew)) == pytest.approx(0, abs=0.09)


def test_the_lines_of_a_table_make_its_cells() -> None:
    (grid,) = rulings_to_grids(find_rulings(_grid(_page()), 300), 300)
    assert [(cell.row, cell.column) for cell in grid.cells] == [(r, c) for r in range(3) for c in range(3)]
    assert grid.cells[0].box == pytest.approx((200, 400, 900, 700), abs=4)


def test_a_side_that_is_not_drawn_merges_cells() -> None:
    merged = ((200, 700, 900, 700), (900, 1000, 900, 1300))
    (grid,) = rulings_to_grids(find_rulings(_grid(_page(), merged), 300), 300)
    spans = {(cell.row, cell.column): (cell.row_span, cell.col_span) for cell in grid.cells}
    assert spans == {(0, 0): (2, 1), (0, 1): (1, 1), (0, 2): (1, 1), (1, 1): (1, 1), (1, 2): (1, 1),
                     (2, 0): (1, 2), (2, 2): (1, 1)}  # fmt: skip


def test_a_broken_and_noisy_table_is_still_one() -> None:
    page = _grid(_page())
    for y in range(400, 1300, 97):
        page.paste(255, (190, y, 2310, y + 2))  # breaks in the upright lines
    noisy = Image.blend(page, Image.effect_noise(page.size, 50), 0.1)
    (grid,) = rulings_to_grids(find_rulings(noisy, 300), 300)
    assert len(grid.cells) == 9


def test_text_and_a_frame_are_no_table() -> None:
    page = _page(tuple((200, 300 + 80 * n, "HHHH TTTT EEEE LLLL IIII") for n in range(30)))
    assert rulings_to_grids(find_rulings(page, 300), 300) == []
    ImageDraw.Draw(page).rectangle((100, 200, 2400, 3300), outline=0, width=4)
    assert rulings_to_grids(find_rulings(page, 300), 300) == []


def test_noise_is_blank_and_a_full_stop_is_not() -> None:
    noise = Image.blend(_page(size=(400, 300)), Image.effect_noise((400, 300), 60), 0.15)
    assert is_blank(whiten(noise))
    ImageDraw.Draw(noise).ellipse((200, 200, 208, 208), fill=0)
    assert not is_blank(whiten(noise))


# --- words to text ------------------------------------------------------------------------------------------------


def test_a_letterhead_is_read_column_by_column() -> None:
    words = [_word("ISSUER", 100, 100), _word("STATE", 900, 100), _word("PROVINCE", 100, 160), _word("MOTTO", 900, 160),
             _word("title", 500, 400)]  # fmt: skip
    assert [line.text for line in words_to_lines(words)] == ["ISSUER", "PROVINCE", "STATE", "MOTTO", "title"]


def test_an_indent_or_a_short_line_begins_a_paragraph() -> None:
    full = "x" * 50
    lines = _lines((160, full), (100, full + "yyy"), (100, "short"), (160, full), (100, full + "yyy"))
    assert [len(paragraph) for paragraph, _ in lines_to_paragraphs(lines)] == [3, 2]


def test_the_note_below_an_appendix_title_stands_alone() -> None:
    full = "x" * 50
    note = "(Kèm theo Kế hoạch số 12/KH-UBND ngày 02/3/2023 của", "UBND tỉnh Sông Lam)"
    lines = _lines((100, "DANH MỤC NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH CỦA TỈNH NĂM"), (100, note[0]), (100, note[1]),
                   (100, full), (100, "(trong câu) " + full), (100, full))  # fmt: skip
    assert [len(paragraph) for paragraph, _ in lines_to_paragraphs(lines)] == [1, 2, 3]


def test_page_numbers_and_nonsense_are_left_out() -> None:
    lines = words_to_lines([_word("12", 1200, 50), _word("A sentence.", 100, 200), _word("kệ=⁄", 100, 300, 0, 5)])
    kept, nonsense = part_unreadable(lines)
    assert [line.text for line in nonsense] == ["kệ=⁄"]
    assert [line.text for line in without_page_number(kept)] == ["A sentence."]


@pytest.mark.parametrize(
    ("read", "meant"),
    [("HI. TỔ CHỨC", "III. TỔ CHỨC"), ("Quý H/2022", "Quý II/2022"), ("Quý I, IH/2022", "Quý I, III/2022"),
     ("Quý 1/2022", "Quý 1/2022"), ("TL. CHỦ TỊCH", "TL. CHỦ TỊCH"), ("quý TH", "quý III"), ("Hộ tịch", "Hộ tịch")],
)  # fmt: skip
def test_numerals_are_read_anew(read: str, meant: str) -> None:
    assert mend_numerals(read, PATTERNS)[0] == meant


NUMBERS = [
    ("groups in many shapes", ["I", "1", "2", "Il", "1", "2", "HI", "1", "TV", "1", "2"],
     ["I", "1", "2", "II", "1", "2", "III", "1", "IV", "1", "2"]),
    ("digits taken for letters", ["1", "2", "3", "4", "5", "6", "7", "8", "9", "lO", "1l"],
     ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"]),
    ("a one that follows a group", ["I", "l", "2", "3", "II", "|", "2"], ["I", "1", "2", "3", "II", "1", "2"]),
    ("both would follow", ["I", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "ll"], None),
    ("nothing that follows", ["1", "2", "3", "Il", "5"], None),
    ("a table that goes on", ["14", "15", "l6", "17"], ["14", "15", "16", "17"]),
    ("words", ["TT", "Sở", "H", "l"], None),
    ("empty cells", ["1", "", "2", "", "3"], None),
]  # fmt: skip


@pytest.mark.parametrize(("read", "meant"), [case[1:] for case in NUMBERS], ids=[case[0] for case in NUMBERS])
def test_numbers_of_a_column(read: list[str], meant: list[str] | None) -> None:
    assert mend_numbers(read) == (meant or read)


@needs_tesseract
def test_a_number_that_recognition_lost_is_told_of() -> None:
    image = _page(((300, 200, "Appendix of the plan"),))
    draw = ImageDraw.Draw(image)
    for n in range(6):
        draw.rectangle((200, 400 + 150 * n, 400, 550 + 150 * n), outline=0, width=4)
        draw.rectangle((400, 400 + 150 * n, 2300, 550 + 150 * n), outline=0, width=4)
        number = "" if n == 3 else str(n + 1)
        for x, text in ((280, number), (460, f"review the office number {n + 1} of the province")):
            draw.text((x, 440 + 150 * n), text, fill=0, font=ImageFont.load_default(size=56))
    warnings = read_image(_saved([image], "PNG"), "a.png", PATTERNS).warnings
    assert [warning.message for warning in warnings if warning.code == "lost-number"] == [
        "the cell is empty where the number 4 must stand"
    ]


# --- documents ----------------------------------------------------------------------------------------------------


def _saved(images: list[Image.Image], kind: str) -> bytes:
    buffer = io.BytesIO()
    more = {"save_all": True, "append_images": images[1:]} if len(images) > 1 else {}
    images[0].save(buffer, kind, dpi=(300, 300), **more)
    return buffer.getvalue()


def _pdf(pages: int) -> bytes:
    text = tuple((300, 400 + 100 * n, "page of a scanned plan with some words") for n in range(6))
    return _saved([_page(text) for _ in range(pages)], "PDF")


@needs_tesseract
@pytest.mark.parametrize("turned", [0, 90])
def test_a_scanned_table_gives_its_rows(turned: int) -> None:
    words = [(COLUMNS[c] + 40, ROWS[r] + 60, f"{name} {r + 1}") for r in range(3) for c, name in
             enumerate(("task", "office", "quarter"))]  # fmt: skip
    image = _grid(_page(((300, 200, "Appendix of the plan"), *words))).rotate(turned, expand=True)
    source = read_image(_saved([image], "PNG"), "a.pdf", PATTERNS)
    assert source.media_type == "image/png"
    (title, table) = source.blocks
    assert isinstance(title, Paragraph)
    assert isinstance(table, Table)
    assert title.text == "Appendix of the plan"
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        [f"task {n}", f"office {n}", f"quarter {n}"] for n in (1, 2, 3)
    ]
    assert [row.span.lines for row in table.rows] == [(2, 4), (5, 7), (8, 10)]
    assert source.warnings[0].code == "recognised"


@needs_tesseract
def test_the_pages_of_a_tiff_are_counted_through() -> None:
    pages = [_page(((300, 400, f"words of page {n}"),)) for n in (1, 2)]
    source = read_image(_saved(pages, "TIFF"), "a.tif", PATTERNS)
    assert source.pages == 2
    assert [(block.span.page, block.span.lines) for block in source.blocks] == [(1, (1, 1)), (2, (2, 2))]


@needs_tesseract
def test_a_blank_page_has_no_blocks() -> None:
    assert read_image(_saved([_page()], "PNG"), "a.png", PATTERNS).blocks == ()


@needs_tesseract
def test_pages_of_a_pdf_are_recognised() -> None:
    recogniser = PageRecogniser(_pdf(2), "a.pdf", PATTERNS)
    blocks = (*recogniser(1), *recogniser(2))
    source = add_recognition(Source("a.pdf", "", "application/pdf", blocks, 2), recogniser)
    assert [block.span.lines for block in source.blocks] == [(1, 6), (7, 12)]
    assert source.warnings[0].code == "recognised"
    assert "pages 1-2" in source.warnings[0].message


def test_lines_of_recognised_and_other_pages_are_counted_through() -> None:
    recogniser = PageRecogniser(b"", "a.pdf", PATTERNS)
    recogniser.lines = {2: 3}
    recogniser.warnings = [Warn("low-confidence", "", Span((2, 3), 2))]
    spans = [Span((1, 5), 1), Span((1, 1), 2), Span((2, 3), 2), Span((6, 9), 3)]
    source = Source("a.pdf", "", "application/pdf", tuple(Paragraph("a", span) for span in spans), 3)
    added = add_recognition(source, recogniser)
    assert [block.span.lines for block in added.blocks] == [(1, 5), (6, 6), (7, 8), (9, 12)]
    assert added.warnings[1].span == Span((7, 8), 2)
    assert shift_lines((Paragraph("a", Span()),), 3)[0].span == Span()


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n", b"II*\x00\x08\x00", b"\xff\xd8\xff\xe0"])
@needs_tesseract
def test_a_damaged_image_is_refused(data: bytes) -> None:
    with pytest.raises(UnsupportedInputError, match="cannot be read") as caught:
        read_image(data, "a.png", PATTERNS)
    assert " object at 0x" not in str(caught.value)


@needs_tesseract
def test_a_huge_image_is_refused() -> None:
    with pytest.raises(UnsupportedInputError, match="million pixels"):
        read_image(_saved([Image.new("1", (9000, 9000))], "PNG"), "a.png", PATTERNS)


def test_without_tesseract_the_pages_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    recogniser = PageRecogniser(b"", "a.pdf", PATTERNS)
    assert [recogniser(page) for page in (2, 3, 7)] == [(), (), ()]
    with pytest.raises(MissingToolError, match=r"pages 2-3, 7.*tesseract-ocr-vie"):
        add_recognition(Source("a.pdf", "", "application/pdf", (), 7), recogniser)
    (left_out,) = add_recognition(
        Source("a.pdf", "", "application/pdf", (Paragraph("a", Span()),), 7), recogniser
    ).warnings
    assert (left_out.code, left_out.span) == (MISSING_TOOL, Span(page=2))
    with pytest.raises(MissingToolError):
        read_image(b"", "a.png", PATTERNS)
