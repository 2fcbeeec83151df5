"""A Word file's parts as XML. The one place that meets the container: its limits, and all that can be wrong with it.

Only the parts that hold words are unpacked: pictures, macros and embedded files are never touched. A part that says it
is larger than the limit is not unpacked; a document type declaration, which Word never writes, is refused, so that no
entity is ever expanded or fetched.
"""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from cchc_extract.errors import UnsupportedInputError
from cchc_extract.patterns import Patterns
from cchc_extract.readers.element import Element, parse_xml

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
    """The main part, those it names by their kind (styles, numbering, footnotes, endnotes), and by the id of their
    relation the files that are embedded to be shown in the document."""

    document: Element
    parts: Mapping[str, Element]
    chunks: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class _Relation:
    """What a part names: by an id of its own, by the last word of the kind of relation, the target's path."""

    id: str
    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class _Archive:
    """The container: what is in it by name in lower case, whose it is, and how many bytes a part may have."""

    zip: ZipFile
    names: Mapping[str, str]
    file: str
    most: int


def open_package(data: bytes, name: str, patterns: Patterns) -> Package:
    """The parts of a DOCX. Raises UnsupportedInputError for what is no Word document, or is damaged or locked."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise UnsupportedInputError(name, "is locked with a password", "save it without the password")
        raise UnsupportedInputError(name, "is an old Word file (DOC)", "save it as DOCX")
    try:
        with ZipFile(BytesIO(data)) as archive:
            return _read_parts(_open(archive, name, patterns))
    except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, IndexError) as error:
        raise UnsupportedInputError(name, f"is damaged ({error})", _SAVE) from None
    except RuntimeError:  # zipfile's word for an encrypted entry
        raise UnsupportedInputError(name, "is locked with a password", "save it without the password") from None


def _open(archive: ZipFile, name: str, patterns: Patterns) -> _Archive:
    names = {info.filename.lower(): info.filename for info in archive.infolist()}
    most = patterns.limit("word.files")
    if len(names) > most:
        raise UnsupportedInputError(name, f"holds more than {most} files", _SAVE)
    return _Archive(archive, names, name, patterns.limit("word.megabytes") * 2**20)


def _read_parts(archive: _Archive) -> Package:
    name, names = archive.file, archive.names
    main = _first(_relations(archive, ""), "officeDocument") or "word/document.xml"
    if main.lower() not in names:
        raise UnsupportedInputError(name, "is a ZIP file without a Word document in it", "give a DOCX file")
    document = _parse(archive, names[main.lower()])
    if document.tag != f"{W}document":
        raise UnsupportedInputError(name, "is an Office file but no Word document", "give a DOCX file")
    related = _relations(archive, main)
    parts = {kind: _first(related, kind).lower() for kind in ("styles", "numbering", "footnotes", "endnotes")}
    return Package(
        document,
        {kind: _parse(archive, names[part]) for kind, part in parts.items() if part in names},
        _read_chunks(archive, related),
    )


def _first(relations: Iterable[_Relation], kind: str) -> str:
    return next((relation.target for relation in relations if relation.kind == kind), "")


def _relations(archive: _Archive, part: str) -> list[_Relation]:
    """The parts that a part names; those outside of the file are not."""
    folder, file = posixpath.split(part)
    listing = archive.names.get(posixpath.join(folder, "_rels", f"{file}.rels").lower())
    found: list[_Relation] = []
    for relation in _parse(archive, listing) if listing is not None else ():
        if isinstance(relation.tag, str) and relation.get("TargetMode") != "External":
            kind = relation.get("Type", "").rpartition("/")[2]
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
            found.append(_Relation(relation.get("Id", ""), kind, target))
    return found


def _read_chunks(archive: _Archive, related: Iterable[_Relation]) -> dict[str, bytes]:
    """The embedded files, as far as all of them together are no larger than one part may be."""
    found: dict[str, bytes] = {}
    room = archive.most
    for relation in related:
        part = archive.names.get(relation.target.lower()) if relation.kind == "aFChunk" else None
        if part is not None and (size := archive.zip.getinfo(part).file_size) <= room:
            room -= size
            found[relation.id] = archive.zip.read(part)
    return found


def _parse(archive: _Archive, part: str) -> Element:
    name = archive.file
    if archive.zip.getinfo(part).file_size > archive.most:
        what = f"unpacks to more than {archive.most >> 20} MB"
        raise UnsupportedInputError(name, what, "split it, or raise the limit word.megabytes")
    data = archive.zip.read(part)
    if b"<!DOCTYPE" in data or b"<!DOCTYPE".decode().encode("utf-16-le") in data[:8192]:
        raise UnsupportedInputError(name, f"holds a document type declaration in {part}", _SAVE)
    for strict, usual in _STRICT if b"purl.oclc.org" in data[:4096] else ():
        data = data.replace(strict, usual)
    return parse_xml(data, name, part)
