"""A Word file's parts as XML. The one place that meets the container: its limits, and all that can be wrong with it.

Only the parts that hold words are unpacked: pictures, macros and embedded files are never touched. A part that says it
is larger than `MAX_PART` is not unpacked; a document type declaration, which Word never writes, is refused, so that no
entity is ever expanded or fetched.
"""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from cchc_extract.errors import UnsupportedInputError
from cchc_extract.readers.element import Element, parse_xml

MAX_PART = 64 * 2**20  # bytes of one part when unpacked; a plan of 1,000 pages has about 20 MB
MAX_ENTRIES = 20_000

W_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{W_NAMESPACE}}}"

_STRICT = (  # the same vocabulary in the names of ISO 29500 Strict
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W_NAMESPACE.encode()),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE = "open it in Word and save it again as DOCX"


@dataclass(frozen=True, slots=True)
class Package:
    """The main part and those it names by their kind (styles, numbering, footnotes, endnotes)."""

    document: Element
    parts: Mapping[str, Element]


def open_package(data: bytes, name: str) -> Package:
    """The parts of a DOCX. Raises UnsupportedInputError for what is no Word document, or is damaged or locked."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise UnsupportedInputError(name, "is locked with a password", "save it without the password")
        raise UnsupportedInputError(name, "is an old Word file (DOC)", "save it as DOCX")
    try:
        with ZipFile(BytesIO(data)) as archive:
            return _read_parts(archive, name)
    except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, IndexError) as error:
        raise UnsupportedInputError(name, f"is damaged ({error})", _SAVE) from None
    except RuntimeError:  # zipfile's word for an encrypted entry
        raise UnsupportedInputError(name, "is locked with a password", "save it without the password") from None


def _read_parts(archive: ZipFile, name: str) -> Package:
    names = {info.filename.lower(): info.filename for info in archive.infolist()}
    if len(names) > MAX_ENTRIES:
        raise UnsupportedInputError(name, f"holds more than {MAX_ENTRIES} files", _SAVE)
    main = _related(archive, names, "", name).get("officeDocument", "word/document.xml")
    if main.lower() not in names:
        raise UnsupportedInputError(name, "is a ZIP file without a Word document in it", "give a DOCX file")
    document = _parse(archive, names[main.lower()], name)
    if document.tag != f"{W}document":
        raise UnsupportedInputError(name, "is an Office file but no Word document", "give a DOCX file")
    related = _related(archive, names, main, name)
    kinds = ("styles", "numbering", "footnotes", "endnotes")
    found = {kind: names[related[kind].lower()] for kind in kinds if related.get(kind, "").lower() in names}
    return Package(document, {kind: _parse(archive, part, name) for kind, part in found.items()})


def _related(archive: ZipFile, names: Mapping[str, str], part: str, name: str) -> dict[str, str]:
    """The parts that a part names, by the last word of the kind of relation."""
    folder, file = posixpath.split(part)
    listing = names.get(posixpath.join(folder, "_rels", f"{file}.rels").lower())
    if listing is None:
        return {}
    found: dict[str, str] = {}
    for relation in _parse(archive, listing, name):
        if isinstance(relation.tag, str) and relation.get("TargetMode") != "External":
            kind = relation.get("Type", "").rpartition("/")[2]
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
            found.setdefault(kind, target)
    return found


def _parse(archive: ZipFile, part: str, name: str) -> Element:
    if archive.getinfo(part).file_size > MAX_PART:
        raise UnsupportedInputError(name, f"unpacks to more than {MAX_PART >> 20} MB", "split the document")
    data = archive.read(part)
    if b"<!DOCTYPE" in data[:4096] or b"<!DOCTYPE".decode().encode("utf-16-le") in data[:8192]:
        raise UnsupportedInputError(name, f"holds a document type declaration in {part}", _SAVE)
    for strict, usual in _STRICT if b"purl.oclc.org" in data[:4096] else ():
        data = data.replace(strict, usual)
    return parse_xml(data, name, part)
