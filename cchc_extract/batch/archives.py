"""ZIP archives of plans. Nothing is unpacked to disk, and a member that a careful person would not open is refused."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from functools import lru_cache
from pathlib import PurePosixPath

from cchc_extract.batch.inputs import Found, Input, may_be_plan
from cchc_extract.errors import CchcError, UnreadableInputError, UnsupportedInputError
from cchc_extract.request import is_archive, show_name

_MOST_BYTES = 512 * 1024 * 1024  # of one member, unpacked
_MOST_MEMBERS = 100_000
_UTF_8 = 0x800
_LOCKED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def list_archive(path: str, relative: str) -> Found:
    """The members that may be plans, in the archive's order; an archive that cannot be opened is one problem.

    A Word file that is called .zip is a document, told by what is in it.
    """
    found = Found()
    try:
        _, members = _open(path, os.getpid())
    except CchcError as error:
        found.inputs.append(Input(path, relative, problem=error))
        return found
    if "word/document.xml" in members or "mimetype" in members:
        found.inputs.append(Input(path, relative))
        return found
    for name, info in members.items():
        problem = _problem(f"{path}/{name}", name, info)
        if problem is not None:
            found.inputs.append(Input(path, f"{relative}/{name}", name, problem))
        elif may_be_plan(name) and not _is_hidden(name):
            found.inputs.append(Input(path, f"{relative}/{name}", name))
        else:
            found.skipped += not info.is_dir()
    if not found.inputs:
        problem = UnreadableInputError(show_name(path), "is an archive that holds no plans", "name files")
        found.inputs.append(Input(path, relative, problem=problem))
    return found


def read_member(path: str, member: str) -> bytes:
    """What a member holds. Raises a CchcError."""
    archive, members = _open(path, os.getpid())
    info = members.get(member)
    name = f"{path}/{member}"
    if info is None:
        raise UnreadableInputError(name, "is no longer in the archive", "run it again")
    problem = _problem(name, member, info)
    if problem is not None:
        raise problem
    try:
        with archive.open(info) as file:
            content = file.read(_MOST_BYTES + 1)
    except _BROKEN:
        raise UnsupportedInputError(name, "is damaged in its archive", "get the archive again") from None
    except OSError as error:
        what = f"cannot be read ({error.strerror or error})"
        raise UnreadableInputError(name, what, "check the archive") from None
    if len(content) > _MOST_BYTES:
        raise _too_large(name)
    return content


@lru_cache(maxsize=1)
def _open(path: str, _process: int) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
    """The archive and its members by readable names; of two of one name the later counts. Raises a CchcError.

    It stays open for the next member, but not over a fork: two processes would share its place in the file.
    """
    shown = show_name(path)
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN:
        raise UnsupportedInputError(shown, "is no ZIP archive, or a damaged one", "get it again") from None
    except FileNotFoundError:
        raise UnreadableInputError(shown, "does not exist", "check the name") from None
    except OSError as error:
        what = f"cannot be read ({error.strerror or error})"
        raise UnreadableInputError(shown, what, "check the archive") from None
    infos = archive.infolist()
    if len(infos) > _MOST_MEMBERS:
        what = f"is an archive of {len(infos)} files, more than {_MOST_MEMBERS}"
        raise UnsupportedInputError(shown, what, "unpack it and name the folder")
    return archive, {readable_member(info): info for info in infos}


def readable_member(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: without the UTF-8 mark it is read as the code page of old DOS, which few have used.

    >>> readable_member(zipfile.ZipInfo("kế hoạch.txt".encode().decode("cp437")))
    'kế hoạch.txt'
    """
    if info.flag_bits & _UTF_8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _problem(shown: str, name: str, info: zipfile.ZipInfo) -> CchcError | None:
    """Why the member is not opened; None where it may be."""
    shown = show_name(shown)
    if _leaves(name):
        return UnsupportedInputError(shown, "has a path that leaves its archive", "do not trust the archive")
    if stat.S_ISLNK(info.external_attr >> 16):
        return UnsupportedInputError(shown, "is a link in an archive", "put the file itself into it")
    if is_archive(name):
        return UnsupportedInputError(shown, "is an archive in an archive", "unpack the outer one")
    if not may_be_plan(name):
        return None
    if info.flag_bits & _LOCKED:
        return UnsupportedInputError(shown, "is locked with a password", "unpack it with the password")
    return _too_large(shown) if info.file_size > _MOST_BYTES else None


def _too_large(shown: str) -> UnsupportedInputError:
    return UnsupportedInputError(shown, f"unpacks to more than {_MOST_BYTES >> 20} MB", "check the archive")


def _leaves(name: str) -> bool:
    """
    >>> [_leaves(name) for name in ("a/b.txt", "a..b/c.txt", "../a", "/etc/a", "C:\\\\a", "a\\\\..\\\\b")]
    [False, False, True, True, True, True]
    """
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or name[1:2] == ":" or "\0" in name


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
