"""A file to a Source, by what it contains."""

from __future__ import annotations

from pathlib import Path

from cchc_extract.errors import UnreadableInputError, UnsupportedInputError
from cchc_extract.model import Source
from cchc_extract.patterns import Patterns
from cchc_extract.readers.text import read_text

__all__ = ["read_source"]

_STDIN = "standard input"


def read_source(path: Path | None, data: bytes | None, patterns: Patterns) -> Source:
    """The Source of a file, or of bytes from standard input when `path` is None.

    Raises UnreadableInputError where the file cannot be had, UnsupportedInputError where it holds no document.
    """
    name = str(path) if path is not None else _STDIN
    content = _load(path) if data is None and path is not None else data or b""
    if not content.strip():
        raise UnsupportedInputError(name, "is empty", "give a file that holds the plan")
    return read_text(content, name, patterns)


def _load(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableInputError(str(path), "does not exist", "check the name") from None
    except IsADirectoryError:
        raise UnreadableInputError(str(path), "is a folder", "name the files in it") from None
    except PermissionError:
        raise UnreadableInputError(str(path), "may not be read", "check its permissions") from None
    except OSError as error:
        what = f"cannot be read ({error.strerror or error})"
        raise UnreadableInputError(str(path), what, "check the file") from None
