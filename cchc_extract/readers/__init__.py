"""A file to a Source, by what it contains. The reader of a kind is imported when such a file is met."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import replace
from pathlib import Path

from cchc_extract.errors import UnreadableInputError, UnsupportedInputError
from cchc_extract.model import Source
from cchc_extract.patterns import Patterns
from cchc_extract.readers.kinds import MEDIA_TYPES, UNREAD, kind_of
from cchc_extract.readers.text import read_text

__all__ = ["load_content", "read_source"]

# Kinds whose files are bounded as they are; those of others by what they unpack to.
_LIMITS = {"text": "text.megabytes", "html": "page.megabytes", "mhtml": "page.megabytes", "pdf": "pdf.megabytes"}
_STDIN = "standard input"


def read_source(path: Path | None, data: bytes | None, patterns: Patterns) -> Source:
    """The Source of a file, or of bytes from standard input when `path` is None.

    Raises UnreadableInputError where the file cannot be had, UnsupportedInputError where it holds no document,
    MissingToolError where its kind needs a program that is not installed.
    """
    name = str(path) if path is not None else _STDIN
    content = load_content(path) if data is None and path is not None else data or b""
    if not content.strip():
        raise UnsupportedInputError(name, "is empty", "give a file that holds the plan")
    kind = kind_of(content)
    if kind in UNREAD:
        raise UnsupportedInputError(name, *UNREAD[kind])
    _refuse_large(content, kind, name, patterns)
    if kind == "text":
        return read_text(content, name, patterns)
    if kind == "pdf":
        return _read_pdf(content, name, patterns)
    if kind in ("html", "mhtml"):
        return _read_page(content, kind, name, patterns)
    if kind == "image":
        from cchc_extract.readers.scan import read_image

        return read_image(content, name, patterns)
    return _read_word(content, kind, name, patterns)


def load_content(path: Path) -> bytes:
    """What a file holds. Raises UnreadableInputError, also where another program is writing it just now."""
    try:
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            data = file.read()
            after = os.fstat(file.fileno())
    except FileNotFoundError:
        raise UnreadableInputError(str(path), "does not exist", "check the name") from None
    except IsADirectoryError:
        raise UnreadableInputError(str(path), "is a folder", "name the files in it") from None
    except PermissionError:
        raise UnreadableInputError(str(path), "may not be read", "check its permissions") from None
    except OSError as error:
        what = f"cannot be read ({error.strerror or error})"
        raise UnreadableInputError(str(path), what, "check the file") from None
    if stat.S_ISREG(before.st_mode) and (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, len(data)):
        raise UnreadableInputError(str(path), "changed while it was read", "try again when it is written")
    return data


def _refuse_large(data: bytes, kind: str, name: str, patterns: Patterns) -> None:
    limit = _LIMITS.get(kind)
    if limit is not None and len(data) > patterns.limit(limit) * 2**20:
        what = f"is larger than {patterns.limit(limit)} MB"
        raise UnsupportedInputError(name, what, f"split it, or raise the limit {limit}")


def _read_pdf(data: bytes, name: str, patterns: Patterns) -> Source:
    from cchc_extract.readers.pdf import read_pdf
    from cchc_extract.readers.scan import PageRecogniser, add_recognition

    if data.rfind(b"startxref") < data.rfind(b"endobj"):  # a whole PDF tells behind its last object where all are
        raise UnsupportedInputError(name, "is a PDF that was cut short", "get the file again")
    recogniser = PageRecogniser(data, name, patterns)
    return add_recognition(read_pdf(data, name, patterns, recogniser), recogniser)


def _read_page(data: bytes, kind: str, name: str, patterns: Patterns) -> Source:
    from cchc_extract.readers.html import read_html

    if kind == "html":
        return read_html(data, name, patterns)
    from cchc_extract.readers.mhtml import mhtml_to_html

    return _as_given(read_html(mhtml_to_html(data, name), name, patterns), data, kind)


def _read_word(data: bytes, kind: str, name: str, patterns: Patterns) -> Source:
    from cchc_extract.readers.docx import read_docx

    if kind == "docx":
        return read_docx(data, name, patterns)
    from cchc_extract.readers.office import office_to_docx

    converted = office_to_docx(data, kind, name, patterns)
    source = read_docx(converted.docx, name, patterns)
    return _as_given(replace(source, warnings=(*converted.warnings, *source.warnings)), data, kind)


def _as_given(source: Source, data: bytes, kind: str) -> Source:
    """The Source of a converted file, told as the file that the user gave."""
    return replace(source, sha256=hashlib.sha256(data).hexdigest(), media_type=MEDIA_TYPES[kind])
