"""What kind of document some bytes are, by what they contain; a name is never looked at.

Portals serve HTML as .pdf and DOCX or RTF as .doc, so the name would be wrong where it matters.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from types import MappingProxyType

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES: Mapping[str, str] = MappingProxyType({
    "pdf": "application/pdf",
    "docx": _OPEN_XML + "wordprocessingml.document",
    "doc": "application/msword",
    "rtf": "application/rtf",
    "odt": "application/vnd.oasis.opendocument.text",
    "wordml": "application/xml",
    "html": "text/html",
    "mhtml": "multipart/related",
    "image": "image/png",
    "text": "text/plain",
    "xlsx": _OPEN_XML + "spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "zip": "application/zip",
})  # fmt: skip

# The kinds that no reader takes: what the file is, and what to do.
UNREAD: Mapping[str, tuple[str, str]] = MappingProxyType({
    "xlsx": ("is an Excel workbook, which is not read", "save the sheet that holds the plan as DOCX or PDF"),
    "xls": ("is an Excel workbook, which is not read", "save the sheet that holds the plan as DOCX or PDF"),
    "sheet": ("is an OpenDocument spreadsheet, which is not read", "save it as DOCX or PDF"),
    "slides": ("is a presentation, which is not read", "save it as PDF"),
    "locked": ("is an Office file locked with a password", "open it in Word and save it without the password"),
    "zip": ("is a ZIP archive, not a document", "unpack it and give the files in it"),
    "archive": ("is a packed archive, not a document", "unpack it and give the files in it"),
    "unknown": ("is of an unknown kind", "give a PDF, DOCX, DOC, RTF, ODT, HTML, text or image file"),
})  # fmt: skip

_SPACE = b" \t\r\n\f\x00"
_HEAD = 4096
_SAMPLE = 65_536
_IMAGES = (
    (rb"\x89PNG\r\n\x1a\n", "image/png"),
    (rb"\xff\xd8\xff", "image/jpeg"),
    (rb"II[*+]\x00|MM\x00[*+]", "image/tiff"),
    (rb"GIF8[79]a", "image/gif"),
    (rb"BM.{4}\x00{4}.{4}[\x0c\x28\x40\x6c\x7c]\x00\x00\x00", "image/bmp"),
    (rb"RIFF.{4}WEBP", "image/webp"),
    (rb"\x00\x00\x00\x0cjP  ", "image/jp2"),
)
_ARCHIVES = (b"\x1f\x8b\x08", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"BZh", b"\xfd7zXZ\x00")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ODF = {b"text": "odt", b"spreadsheet": "sheet", b"presentation": "slides"}
_OLE = (("EncryptedPackage", "locked"), ("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"),
        ("PowerPoint Document", "slides"))  # fmt: skip

_HTML_START = re.compile(
    rb"(?:<!--.{0,4000}?-->\s*|<\?xml[^>]{0,200}\?>\s*){0,9}<(?:!doctype\s+html|html|head|body|meta)\b", re.S
)
_TAG_START = re.compile(rb"<(?:div|p|table|center|span|title|style|h[1-6]|article|section|font)\b[^<>]{0,2000}>")
_CLOSING_TAG = re.compile(rb"</(?:p|div|table|tr|td|span|li|ul|h[1-6]|center|article|section|font)>")
_WORD_XML = re.compile(rb"<(?:\w+:)?worddocument\b|<\?mso-application\s+progid=\"word\.document\"")
_MAIL_HEADS = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
_LOCAL_NAME = re.compile(rb"PK\x03\x04.{26}((?:word|xl|ppt)/[\w./-]{1,80}|mimetypeapplication/[\w.-]{1,80})", re.S)
_PDF_LINE = re.compile(rb"(?:^|[\r\n\x00\xbf])%PDF-\d")  # \xbf ends a byte order mark
_CONTROL = bytes((*range(0x01, 0x09), *range(0x0E, 0x20)))
_TAG_DENSITY = 500  # a fragment of a page closes a block at least once in so many bytes


def kind_of(data: bytes) -> str:
    """pdf, docx, doc, rtf, odt, wordml, html, mhtml, image, text, or a kind of UNREAD.

    A damaged file is of the kind that it begins as: its reader says what is wrong with it.

    >>> kind_of(b"%PDF-1.7 ..."), kind_of(b"{\\\\rtf1 ..."), kind_of(b"<!DOCTYPE html><html>"), kind_of(b"x < 5, y > 3")
    ('pdf', 'rtf', 'html', 'text')
    """
    if any(re.match(magic, data, re.S) for magic, _ in _IMAGES):
        return "image"
    if data.startswith(_ZIP):
        return _kind_of_zip(data)
    if data.startswith(OLE_MAGIC):
        return _kind_of_ole(data)
    if data.startswith(_ARCHIVES):
        return "archive"
    if data.lstrip(_SPACE)[:5] == b"{\\rtf":
        return "rtf"
    return _kind_of_marks(data)


def media_type_of(data: bytes, kind: str) -> str:
    """
    >>> media_type_of(b"\\xff\\xd8\\xff\\xe0", "image"), media_type_of(b"", "unknown")
    ('image/jpeg', 'application/octet-stream')
    """
    if kind == "image":
        return next((media for magic, media in _IMAGES if re.match(magic, data, re.S)), MEDIA_TYPES["image"])
    return MEDIA_TYPES.get(kind, "application/octet-stream")


def _kind_of_marks(data: bytes) -> str:
    """The kinds that are told by what is written in them: PDF behind stray bytes, HTML, Word XML, MHTML, text."""
    head = data[:_HEAD]
    if _PDF_LINE.search(head[:1024]):
        return "pdf"
    sample = _plain(data[:_SAMPLE]).lstrip().lower()
    if sample.startswith(b"<?xml") and _WORD_XML.search(sample[:_HEAD]):
        return "wordml"
    if _is_html(sample):
        return "html"
    heads = _MAIL_HEADS.match(sample)
    if heads and b"mime-version:" in heads[0] and b"multipart/related" in heads[0]:
        return "mhtml"
    return "text" if _is_text(data[:_SAMPLE]) else "unknown"


def _plain(data: bytes) -> bytes:
    """Without a byte order mark, and a UTF-16 text with its NULs off: the tags are ASCII."""
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        data = data.removeprefix(mark)
    return data.replace(b"\x00", b"") if b"\x00" in data else data


def _is_html(sample: bytes) -> bool:
    """A page, or a fragment of one: it opens with a tag and is full of them. Markdown holds a few, for a line break.

    >>> _is_html(b"<!-- saved from url --><html>"), _is_html(b"<p>m\\xe1\\xbb\\xa5c</p><p>a</p>"), _is_html(b"# a<br>")
    (True, True, False)
    """
    if _HTML_START.match(sample):
        return True
    closing = len(_CLOSING_TAG.findall(sample))
    return bool(_TAG_START.match(sample)) and closing > 1 and closing * _TAG_DENSITY > len(sample)


def _is_text(sample: bytes) -> bool:
    """UTF-16, where NULs are high bytes and so every second byte at most; else hardly a control code.

    >>> _is_text("năm 2022".encode("utf-16-le")), _is_text(bytes(range(256))), _is_text("năm".encode())
    (True, False, True)
    """
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    if b"\x00" in sample:
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        return min(even, odd) * 10 <= max(even, odd) and max(even, odd) * 10 > len(sample)
    return (len(sample) - len(sample.translate(None, _CONTROL))) * 20 <= len(sample)


def _kind_of_zip(data: bytes) -> str:
    names, mimetype = _zip_members(data)
    if mimetype.startswith(b"application/vnd.oasis.opendocument."):
        return _ODF.get(mimetype.removeprefix(b"application/vnd.oasis.opendocument.").split(b"-")[0], "zip")
    for folder, kind in (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "slides")):
        if any(name.startswith(folder) for name in names):
            return kind
    return "zip"


def _zip_members(data: bytes) -> tuple[list[str], bytes]:
    """The names in the archive, and its `mimetype`; from the local headers where its directory is damaged."""
    import io
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "mimetype" not in names:
                return names, b""
            with archive.open("mimetype") as member:
                return names, member.read(200).strip()
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError, zlib.error):
        local = _LOCAL_NAME.findall(data)
        mimetype = next((name.removeprefix(b"mimetype") for name in local if name.startswith(b"mimetype")), b"")
        return [name.decode("ascii") for name in local], mimetype


def _kind_of_ole(data: bytes) -> str:
    from cchc_extract.readers.ole import read_ole

    try:
        names = read_ole(data).names
    except ValueError:
        return "unknown"
    return next((kind for name, kind in _OLE if name in names), "unknown")
