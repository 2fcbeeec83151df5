"""One invented plan in every container: writes samples/containers/plan.{txt,docx,html,pdf,doc} and scan.png.

    python samples/make_containers.py

Needs python-docx, pypdfium2 and pillow, and LibreOffice (soffice) for the PDF and the DOC. The plan is described once,
below. The same versions write the same bytes again, but for the PDF, in which LibreOffice writes the time. Fonts decide
where its pages end: look at the table's page end and at scan.png after a run.
"""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt

FOLDER = Path(__file__).parent / "containers"
WRITTEN = datetime(2024, 1, 9, 8, 0, 0)
SCAN_DPI = 170

# --- the plan -----------------------------------------------------------------------------------------------------

AGENCY = ("ỦY BAN NHÂN DÂN", "TỈNH SÔNG LAM")
STATE = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
NUMBER, PLACE = "Số: 27/KH-UBND", "Sông Lam, ngày 09 tháng 01 năm 2024"
TITLE = ("KẾ HOẠCH", "Cải cách hành chính tỉnh Sông Lam năm 2024")

# Levels of the list that Word counts by itself; "" has no number, "đ)" is typed, for Word has no such letter.
PART, HEADING, LETTER, DASH, PLAIN, TYPED = "I.", "1.", "a)", "-", "", "đ)"
LEVELS = {PART: 0, HEADING: 1, LETTER: 2, DASH: 3}
SIGNS = {PART: ("I", "II", "III"), HEADING: "12345", LETTER: "abcdefgh"}  # as Word counts them
BODY = (
    (PLAIN, "Thực hiện Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ về Chương trình tổng thể cải cách hành "
     "chính nhà nước, Ủy ban nhân dân (UBND) tỉnh Sông Lam ban hành Kế hoạch cải cách hành chính (CCHC) năm 2024 "
     "như sau:"),
    (PART, "MỤC TIÊU, YÊU CẦU"),
    (HEADING, "Mục tiêu"),
    (LETTER, "Chỉ số CCHC của tỉnh (PAR INDEX) tăng ít nhất 03 bậc so với năm 2023."),
    (LETTER, "Tỷ lệ người dân hài lòng khi làm thủ tục tại Bộ phận Một cửa đạt từ 91% trở lên."),
    (LETTER, "Tỷ lệ hồ sơ nộp trực tuyến: cấp tỉnh 65%, cấp huyện 50%, cấp xã 40%."),
    (LETTER, "Phấn đấu 12.500 hồ sơ hộ tịch được số hóa."),
    (TYPED, "Mỗi huyện có tối thiểu 02 sáng kiến CCHC được áp dụng."),
    (LETTER, "Thời gian chờ của người dân tại quầy không quá 15 phút."),
    (HEADING, "Yêu cầu"),
    (PLAIN, "Công việc giao cho từng cơ quan phải rõ người, rõ thời hạn và không làm tăng biên chế."),
    (PART, "NHIỆM VỤ, GIẢI PHÁP"),
    (HEADING, "Công tác chỉ đạo, điều hành"),
    (LETTER, "Sở Nội vụ chủ trì, phối hợp với Thanh tra tỉnh kiểm tra việc tiếp công dân tại 05 xã ven sông, hoàn "
     "thành trước ngày 15/9/2024."),
    (LETTER, "Mở chuyên mục hỏi đáp về CCHC trên sóng phát thanh của tỉnh trong quý II năm 2024."),
    (HEADING, "Cải cách thể chế"),
    (LETTER, "Bãi bỏ quy định của tỉnh về đò ngang không còn phù hợp với thực tế."),
    (LETTER, "Lấy ý kiến nhân dân đối với dự thảo văn bản:"),
    (DASH, "Đăng dự thảo trên cổng thông tin của tỉnh."),
    (DASH, "Gửi phiếu hỏi tới các hợp tác xã nuôi cá lồng."),
    (HEADING, "Cải cách thủ tục hành chính"),
    (LETTER, "Cắt giảm tối thiểu 20% thời gian cấp giấy phép khai thác cát."),
    (LETTER, "Niêm yết thủ tục bằng tranh vẽ tại các điểm bưu điện văn hóa xã."),
    (HEADING, "Xây dựng chính quyền số"),
    (LETTER, "Áp dụng hệ thống quản lý chất lượng theo TCVN ISO 9001:2015 tại các phường."),
    (LETTER, "Bảo đảm 98,5% văn bản đi của các sở được ký số."),
    (PART, "TỔ CHỨC THỰC HIỆN"),
    (HEADING, "Sở Nội vụ"),
    (DASH, "Theo dõi, đôn đốc các cơ quan; báo cáo UBND tỉnh định kỳ hằng quý."),
    (DASH, "Tham mưu khen thưởng thôn, bản có cách làm hay."),
    (HEADING, "Sở Tài chính: Cân đối kinh phí trong dự toán năm 2024 của các cơ quan."),
    (HEADING, "Các sở, ban, ngành; UBND các huyện, thị xã, thành phố"),
    (PLAIN, "Xây dựng kế hoạch của đơn vị mình trước ngày 20/02/2024."),
    (PLAIN, "Trên đây là Kế hoạch cải cách hành chính năm 2024 của tỉnh Sông Lam./."),
)  # fmt: skip
RECIPIENTS = ("Nơi nhận:", "- Bộ Nội vụ;", "- Các sở, ban, ngành;", "- Lưu: VT, NC.")
SIGNATURE = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "", "Đặng Thu Bến")
APPENDIX = (
    "PHỤ LỤC",
    "DANH MỤC NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH NĂM 2024",
    "(Kèm theo Kế hoạch số 27/KH-UBND ngày 09/01/2024 của UBND tỉnh Sông Lam)",
)
WIDTHS = (1.3, 8.0, 4.6, 3.8, 4.6, 3.2)  # cm
HEADER = (
    ("STT", "Nhiệm vụ", "Sản phẩm", "Cơ quan thực hiện", ">", "Thời gian hoàn thành"),
    ("^", "^", "^", "Chủ trì", "Phối hợp", "^"),
)
# A row of two cells is a title row; "^" goes on with the cell above, ">" with the one to its left.
ROWS = (
    ("I", "Công tác chỉ đạo, điều hành"),
    ("1", "Ban hành kế hoạch kiểm tra công tác CCHC năm 2024", "Kế hoạch của UBND tỉnh", "Sở Nội vụ",
     "Văn phòng UBND tỉnh", "Tháng 01/2024"),
    ("2", "Tổ chức hội thi tìm hiểu CCHC trên thuyền", "- Kế hoạch tổ chức hội thi;\n- Báo cáo kết quả hội thi", "^",
     "Sở Thông tin và Truyền thông; Tỉnh đoàn", "Quý II/2024"),
    ("3", "Giao ban chuyên đề CCHC với các xã đảo", "Thông báo kết luận", "^",
     "Các sở, ban, ngành;\nUBND các huyện, thị xã, thành phố", "Hằng quý"),
    ("II", "Cải cách thể chế"),
    ("4", "Rà soát văn bản của tỉnh về nghề cá", "Báo cáo rà soát", "Sở Tư pháp", "Các sở, ban, ngành", "Quý III/2024"),
    ("5", "Khảo sát tình hình thi hành quy định về bến bãi:\n- Hỏi ý kiến chủ đò, chủ bến và người bán hàng ở chợ nổi "
     "về các khoản phí phải nộp trong năm;\n- Đối chiếu giấy phép đã cấp với số bến đang mở trên từng đoạn sông, ghi "
     "rõ bến nào chưa có biển báo, phao cứu sinh và đèn đêm;\n- Đề nghị cơ quan có thẩm quyền sửa các điều khoản mà "
     "chủ bến không thể làm theo, kèm lý do và số hộ bị ảnh hưởng;\n- Lập bản đồ các bến đã khảo sát và gửi cho các "
     "xã ven sông để người dân biết", "Báo cáo khảo sát", "Sở Giao thông vận tải",
     "Sở Tư pháp; UBND cấp huyện", "Trước ngày 31/10/2024"),
    ("III", "Cải cách thủ tục hành chính"),
    ("6", "Công bố danh mục thủ tục đăng ký tàu cá", "Quyết định của Chủ tịch UBND tỉnh", "Văn phòng UBND tỉnh",
     "Các sở, ban, ngành", "30/6/2024"),
    ("7", "Đặt máy lấy số bằng giọng nói tại Bộ phận Một cửa", "Máy lấy số", "UBND cấp huyện",
     "Sở Thông tin và Truyền thông", "Quý I, III/2024"),
    ("8", "Trả kết quả tận nhà cho người cao tuổi", "Văn bản hướng dẫn", "Văn phòng UBND tỉnh", "UBND cấp xã",
     "Thường xuyên"),
    ("IV", "Xây dựng chính quyền số"),
    ("9", "Mở lớp kỹ năng số cho công chức cấp xã", "Các lớp tập huấn", "Sở Thông tin và Truyền thông",
     "Sở Nội vụ", "Trong năm 2024"),
    ("10", "Kết nối dữ liệu mực nước sông với cổng dữ liệu của tỉnh", "Báo cáo kết nối", "^",
     "Sở Tài nguyên và Môi trường", "Quý IV/2024"),
)  # fmt: skip

Line = tuple[str, str]  # the level of a paragraph and its words


@dataclass(frozen=True, slots=True)
class Place:
    """A cell that begins in a row: its words, its column, and the columns and rows that it covers."""

    text: str
    column: int
    width: int = 1
    height: int = 1


def table_rows() -> list[list[Place]]:
    """The appendix with its header, each cell in the row where it begins."""
    width = len(WIDTHS)
    rows = [row if len(row) == width else (*row, *">" * (width - len(row))) for row in (*HEADER, *ROWS)]
    return [
        [Place(text, n, _run(row[n + 1 :], ">"), _run([r[n] for r in rows[at + 1 :]], "^"))
         for n, text in enumerate(row) if text not in "^>"]
        for at, row in enumerate(rows)
    ]  # fmt: skip


def _run(cells: Any, sign: str) -> int:
    return 1 + next((n for n, cell in enumerate(cells) if cell != sign), len(cells))


def number_lines() -> Iterator[tuple[str, str]]:
    """The body with the numbers that Word counts: a typed one takes none, deeper levels begin again."""
    counts = [0] * len(LEVELS)
    for level, text in BODY:
        if level in (PLAIN, TYPED):
            yield level, text
            continue
        at = LEVELS[level]
        counts = [*counts[:at], counts[at] + 1, *[0] * (len(LEVELS) - at - 1)]
        n = counts[at]
        yield ("-" if level == DASH else SIGNS[level][n - 1] + level[-1]), text


# --- TXT ----------------------------------------------------------------------------------------------------------


def make_text() -> str:
    """As a person copies it: one row a line, nothing where a cell goes on with the one above."""
    lines = [*AGENCY, *STATE, NUMBER, PLACE, "", *TITLE, ""]
    lines += [f"{marker} {text}".strip() for marker, text in number_lines()]
    lines += ["", *RECIPIENTS, "", *SIGNATURE, "", *APPENDIX, ""]
    for row in table_rows():
        cells = [""] * len(WIDTHS)
        for place in row:
            cells[place.column] = place.text.replace("\n", " ")
        lines.append("\t".join(cells))
    return "\n".join(lines) + "\n"


# --- HTML ---------------------------------------------------------------------------------------------------------

MENU = ("Trang chủ", "Giới thiệu", "Tin tức", "Văn bản", "Dịch vụ công", "Liên hệ")
RELATED = ("Lịch cắt điện tuần này tại phường Bến Đá", "Khai mạc hội đua thuyền trên sông Lam", "Thông báo tuyển sinh")
PAGE = """<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<title>Kế hoạch cải cách hành chính năm 2024 - Cổng thông tin tỉnh Sông Lam</title>
<style>.menu li {{ display: inline; }}</style>
<script>var views = 1520; document.title += " (" + views + ")";</script>
</head>
<body>
<header><a href="/"><img src="logo.png" alt="Cổng thông tin điện tử"></a></header>
<nav><ul class="menu">
{menu}
</ul></nav>
<div class="columns">
<div class="article">
{body}
</div>
<div class="side"><h3>Tin liên quan</h3><ul>
{related}
</ul></div>
</div>
<footer><p>Bản quyền thuộc Cổng thông tin điện tử tỉnh Sông Lam. Điện thoại: 0200 000 000</p></footer>
</body>
</html>
"""


def make_page() -> str:
    """As a portal shows it: numbers typed, the letterhead and the signature in tables without borders."""
    body = [_two_columns([AGENCY, (NUMBER,)], [STATE, (PLACE,)])]
    body += [f'<p style="text-align:center"><strong>{escape(line)}</strong></p>' for line in TITLE]
    for marker, text in number_lines():
        words = escape(f"{marker} {text}".strip())
        is_title = text.isupper() or (marker[:1].isdigit() and _is_title(HEADING, text))
        body.append(f"<p><strong>{words}</strong></p>" if is_title else f"<p>{words}</p>")
    body.append(_two_columns([RECIPIENTS], [SIGNATURE]))
    body += [f'<p style="text-align:center"><b>{escape(line)}</b></p>' for line in APPENDIX[:2]]
    body += [f"<p><i>{escape(APPENDIX[2])}</i></p>", '<table border="1">']
    for row in table_rows():
        body.append("<tr>" + "".join(_make_cell(place) for place in row) + "</tr>")
    links = [f'<li><a href="/tin/{n}">{escape(words)}</a></li>' for n, words in enumerate((*MENU, *RELATED))]
    menu, related = "\n".join(links[: len(MENU)]), "\n".join(links[len(MENU) :])
    return PAGE.format(menu=menu, body="\n".join([*body, "</table>"]), related=related)


def _make_cell(place: Place) -> str:
    spans = f' colspan="{place.width}"' * (place.width > 1) + f' rowspan="{place.height}"' * (place.height > 1)
    return f"<td{spans}><p>{'<br>'.join(escape(line) for line in place.text.split(chr(10)))}</p></td>"


def _two_columns(left: list[tuple[str, ...]], right: list[tuple[str, ...]]) -> str:
    rows = [
        "".join(f"<td>{'<br>'.join(map(escape, lines))}</td>" for lines in pair)
        for pair in zip(left, right, strict=True)
    ]
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


# --- DOCX ---------------------------------------------------------------------------------------------------------

NUMBERING = (
    '<w:abstractNum {spaces} w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
)
NUMBERED = (("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"), ("bullet", "-"))
LIST = 90


def make_docx(to: Path) -> None:
    """As an office writes it: numbers that Word counts, merged cells, an appendix on its side."""
    made = docx.Document()
    _set_page(made)
    _add_numbering(made)
    _add_columns(made, [(AGENCY, STATE), ((NUMBER,), (PLACE,))])
    for line in ("", *TITLE, ""):
        _add_words(made.add_paragraph(), line, centred=True, bold=True)
    for level, text in BODY:
        _add_line(made, level, text)
    _add_columns(made, [(RECIPIENTS, SIGNATURE)])
    section = made.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    for line in APPENDIX:
        _add_words(made.add_paragraph(), line, centred=True, bold=line.isupper())
    _add_table(made)
    made.save(str(to))


def _set_page(made: Any) -> None:
    style = made.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(12)
    style.paragraph_format.space_after = Pt(4)
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    _add_field(section.header.paragraphs[0], "PAGE")
    _add_words(section.footer.paragraphs[0], "Kế hoạch CCHC tỉnh Sông Lam", centred=True)
    core = made.core_properties
    core.author = core.last_modified_by = "UBND tỉnh Sông Lam"
    core.title, core.comments, core.created, core.modified = TITLE[1], "", WRITTEN, WRITTEN


def _add_numbering(made: Any) -> None:
    """One list of four levels. Definitions come before the lists in numbering.xml, so it goes to the front."""
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (kind, text) in enumerate(NUMBERED)
    )
    numbering = made.part.numbering_part.element
    numbering.insert(0, parse_xml(NUMBERING.format(spaces=nsdecls("w"), levels=levels)))
    own = f'<w:num {nsdecls("w")} w:numId="{LIST}"><w:abstractNumId w:val="90"/></w:num>'
    numbering.append(parse_xml(own))


def _add_line(made: Any, level: str, text: str) -> None:
    paragraph = made.add_paragraph()
    _add_words(paragraph, f"{TYPED} {text}" if level == TYPED else text, bold=level == PART or _is_title(level, text))
    if level in LEVELS:
        own = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{LEVELS[level]}"/><w:numId w:val="{LIST}"/></w:numPr>'
        paragraph._p.get_or_add_pPr().append(parse_xml(own))


def _add_words(paragraph: Any, text: str, *, centred: bool = False, bold: bool = False) -> None:
    """A line break stays one in the paragraph."""
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(text).bold = bold or None


def _add_field(paragraph: Any, name: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph._p.append(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{name}"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    )


def _add_columns(made: Any, rows: list[tuple[tuple[str, ...], tuple[str, ...]]]) -> None:
    """Words side by side: a table without borders, one paragraph a line."""
    table = made.add_table(len(rows), 2)
    for cells, row in zip(table.rows, rows, strict=True):
        for cell, lines in zip(cells.cells, row, strict=True):
            for n, line in enumerate(lines):
                _add_words(cell.paragraphs[0] if not n else cell.add_paragraph(), line, centred=True)


def _add_table(made: Any) -> None:
    rows = table_rows()
    table = made.add_table(len(rows), len(WIDTHS), "Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Cm(width)
    for n, row in enumerate(rows):
        if n < len(HEADER):
            table.rows[n]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for place in row:
            cell = table.cell(n, place.column)
            if place.width > 1 or place.height > 1:
                cell = cell.merge(table.cell(n + place.height - 1, place.column + place.width - 1))
            _add_words(cell.paragraphs[0], place.text, bold=n < len(HEADER) or place.width > 1)


def _is_title(level: str, text: str) -> bool:
    return level == HEADING and len(text) < 60


# --- all of them --------------------------------------------------------------------------------------------------


def convert(word: Path, to: str, folder: Path) -> None:
    """Through LibreOffice with a profile of its own, so that an open one does no harm."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise SystemExit("LibreOffice (soffice) is not installed")
    with TemporaryDirectory() as profile:
        command = [program, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--convert-to", to]
        subprocess.run([*command, "--outdir", str(folder), str(word)], check=True, capture_output=True, timeout=180)


def make_scan(pdf: Path, to: Path) -> None:
    """The first landscape page of a PDF as a scanner gives it: black and white, and not quite straight."""
    import pypdfium2
    from PIL import Image

    page = next(page for page in pypdfium2.PdfDocument(pdf) if page.get_width() > page.get_height())
    image = page.render(scale=SCAN_DPI / 72, grayscale=True).to_pil()
    image = image.rotate(0.3, resample=Image.Resampling.BICUBIC, fillcolor=255)
    image.point(lambda grey: 255 if grey > 150 else 0).convert("1").save(to, dpi=(SCAN_DPI, SCAN_DPI), optimize=True)


def freeze(path: Path) -> None:
    """The parts of a DOCX anew with one date, so that two runs give the same bytes."""
    with zipfile.ZipFile(path) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name, WRITTEN.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "plan.txt").write_text(make_text(), "utf-8", newline="\n")
    (FOLDER / "plan.html").write_text(make_page(), "utf-8", newline="\n")
    word = FOLDER / "plan.docx"
    make_docx(word)
    freeze(word)
    convert(word, "pdf", FOLDER)
    convert(word, "doc:MS Word 97", FOLDER)
    make_scan(FOLDER / "plan.pdf", FOLDER / "scan.png")


if __name__ == "__main__":
    main()
