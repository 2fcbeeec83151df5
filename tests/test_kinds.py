"""What a file is, told by its content whatever its name."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_extract.errors import UnsupportedInputError
from cchc_extract.readers.kinds import MEDIA_TYPES, UNREAD, kind_of, media_type_of
from cchc_extract.readers.mhtml import mhtml_to_html
from cchc_extract.readers.ole import OLE_MAGIC, read_ole


def _zip(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/"), text)
    return buffer.getvalue()


def _ole(stream: str, content: bytes = b"x" * 5000) -> bytes:
    """A compound file of one stream: header, table of chains, directory, the stream."""
    sectors = -(-len(content) // 512)
    header = OLE_MAGIC + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 10
    header += struct.pack("<IIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0)
    chains = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    entries = [("Root Entry", 5, 0xFFFFFFFE, 0), (stream, 2, 2, len(content))]
    directory = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HB", 2 * len(name) + 2, kind)
        + b"\0" * 49
        + struct.pack("<IQ", start, size)
        for name, kind, start, size in entries
    )
    table = struct.pack(f"<{len(chains)}I", *chains).ljust(512, b"\xff")
    return header.ljust(512, b"\xff") + table + directory.ljust(512, b"\0") + content.ljust(sectors * 512, b"\0")


KINDS = [
    ("pdf", b"%PDF-1.7\n%\xe2\xe3"),
    ("pdf", b"\r\n\xef\xbb\xbf%PDF-1.4"),
    ("docx", _zip(**{"[Content_Types].xml": "", "word__document.xml": ""})),
    ("docx", _zip(**{"word__document.xml": "x" * 200})[:120]),  # cut off: the DOCX reader says that it is damaged
    ("xlsx", _zip(**{"xl__workbook.xml": ""})),
    ("slides", _zip(**{"ppt__presentation.xml": ""})),
    ("odt", _zip(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": ""})),
    ("sheet", _zip(mimetype="application/vnd.oasis.opendocument.spreadsheet")),
    ("zip", _zip(**{"plan.docx": ""})),
    ("doc", _ole("WordDocument")),
    ("xls", _ole("Workbook")),
    ("locked", _ole("EncryptedPackage")),
    ("unknown", _ole("Something")),
    ("unknown", OLE_MAGIC + b"cut off"),
    ("rtf", b"{\\rtf1\\ansi"),
    ("rtf", b"\n {\\rtf1"),
    ("html", b"<!DOCTYPE html>\n<html>"),
    ("html", b"\xef\xbb\xbf\n<!-- saved from url -->\n<HTML><body>"),
    ("html", "<html><body>Kế hoạch".encode("utf-16")),
    ("html", "<div class='a'><p>Kế hoạch</p><table><tr><td>1</td></tr></table></div>".encode()),
    ("html", b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>"),
    ("wordml", b"<?xml version='1.0'?><?mso-application progid=\"Word.Document\"?><w:wordDocument>"),
    ("mhtml", b'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary="x"\r\n\r\n'),
    ("image", b"\x89PNG\r\n\x1a\n..."),
    ("image", b"\xff\xd8\xff\xe0"),
    ("image", b"II*\x00"),
    ("image", b"MM\x00*"),
    ("archive", b"Rar!\x1a\x07\x01\x00"),
    ("text", "Kế hoạch cải cách hành chính năm 2022".encode()),
    ("text", "Kế hoạch cải cách hành chính năm 2022".encode("utf-16")),
    ("text", "Kế hoạch cải cách hành chính năm 2022".encode("utf-16-le")),
    ("text", "C¶i c¸ch hµnh chÝnh".encode("latin-1")),
    ("text", b"# Title\n\nx < 5<br>and **y** > 3, see <b>this</b>\n| a | b |\n"),
    ("text", b"<center>\n\n# A plan in Markdown\n\n" + b"A sentence of the plan. " * 60),
    ("text", b"as written in %PDF-1.4 of the <b>standard"),
    ("unknown", bytes(range(256)) * 4),
]


@pytest.mark.parametrize(("kind", "data"), KINDS)
def test_a_kind_is_told_by_content(kind: str, data: bytes) -> None:
    assert kind_of(data) == kind


@given(st.binary(max_size=600))
def test_any_bytes_have_a_kind(data: bytes) -> None:
    for prefix in (b"", OLE_MAGIC, b"PK\x03\x04", b"<", b"MIME-Version: 1.0\n"):
        assert kind_of(prefix + data) in {*MEDIA_TYPES, *UNREAD}


@given(st.binary(min_size=512, max_size=3000))
def test_a_damaged_compound_file_ends_in_a_value_error_or_a_result(data: bytes) -> None:
    try:
        ole = read_ole(_ole("WordDocument")[:600] + data)
    except ValueError:
        return
    ole.stream("WordDocument")


def test_a_stream_is_read_whole() -> None:
    content = bytes(range(256)) * 20
    assert read_ole(_ole("WordDocument", content)).stream("WordDocument") == content
    assert read_ole(_ole("WordDocument", content)).stream("missing") == b""


def test_hostile_bytes_are_told_in_linear_time() -> None:
    for piece in (b"<!--", b"<?xml ", b"<div ", b"a: b\n\t", b"</p", b"PK\x03\x04word/"):
        assert kind_of(piece * 100_000)


def test_every_kind_that_is_not_read_says_what_to_do() -> None:
    assert all(what and do for what, do in UNREAD.values())
    assert media_type_of(b"II*\x00", "image") == "image/tiff"


def test_the_page_of_a_web_archive_is_found() -> None:
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n'
    page = (
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+YTwvcD4=\r\n--x--\r\n"
    )
    assert mhtml_to_html(head + page, "a.doc") == b"<p>a</p>"
    with pytest.raises(UnsupportedInputError):
        mhtml_to_html(head + b"\r\n--x--\r\n", "a.doc")
