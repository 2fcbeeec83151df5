"""What the user named -> the documents of a batch: files, folders, globs, ZIP archives, lists of names.

Documents come in the order in which they were named, those of a folder sorted. Nothing is read but folders and the
directories of archives; what cannot be had is an input with a `problem`, so that it is told in its place.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from cchc_extract.errors import CchcError, UnreadableInputError, UnsupportedInputError
from cchc_extract.request import STDIN, is_address, is_archive, is_glob, read_stdin, show_name

# By these a folder's files are chosen; what a file is, is told by its content.
SUFFIXES = frozenset((
    ".txt", ".text", ".md", ".markdown", ".docx", ".docm", ".doc", ".rtf", ".odt", ".pdf", ".html", ".htm", ".xhtml",
    ".mhtml", ".mht", ".png", ".jpg", ".jpeg", ".tif", ".tiff",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """A document: the file at `path`, or the member of the archive there. `relative` is its place below the folder or
    archive that the user named, with its suffix: the place of its output in an output folder."""

    path: str
    relative: str
    member: str | None = None
    problem: CchcError | None = None

    @property
    def is_stdin(self) -> bool:
        return self.path == STDIN and self.member is None

    @property
    def name(self) -> str:
        """What messages call it."""
        if self.is_stdin:
            return "standard input"
        return self.path if self.member is None else str(PurePath(f"{self.path}/{self.member}"))

    @property
    def shown(self) -> str:
        return show_name(self.name)

    @property
    def file_name(self) -> str:
        """What the plan's `source` calls it."""
        return self.name if self.is_stdin else PurePath(self.name).name


@dataclass(frozen=True, slots=True)
class Search:
    """How far to look: also in the folders of a folder, and never in the output's own."""

    recursive: bool = False
    output: str | None = None


@dataclass(slots=True)
class Found:
    """The documents, and how many files of other kinds were passed by."""

    inputs: list[Input] = field(default_factory=list)
    skipped: int = 0


def read_names(source: str) -> list[str]:
    """The names in a file, or in standard input for '-', each ended by a NUL. Raises UnreadableInputError."""
    from cchc_extract.readers import load_content

    data = read_stdin() if source == STDIN else load_content(Path(source))
    return [os.fsdecode(name) for name in data.split(b"\0") if name]


def find_inputs(names: Iterable[str], search: Search) -> Found:
    """Every document that the names stand for."""
    found = Found()
    for name in names:
        if name == STDIN:
            found.inputs.append(Input(STDIN, "stdin"))
        elif is_address(name):
            _add_address(name, search, found)
        elif is_glob(name):
            _add_glob(name, search, found)
        else:
            _add_named(name, search, found)
    return found


def _add_named(name: str, search: Search, found: Found) -> None:
    path = str(Path(name))
    if os.path.isdir(path):
        _add_folder(path, search, found)
    elif is_archive(path):
        _add_archive(path, PurePath(path).name, found)
    else:
        found.inputs.append(Input(path, PurePath(path).name))


def _add_address(address: str, search: Search, found: Found) -> None:
    """As the same kind of local name; but archives must be fetched first."""
    from cchc_extract.batch.addresses import is_remote_folder, list_address

    before, skipped = len(found.inputs), found.skipped
    try:
        if is_archive(address):
            raise UnsupportedInputError(address, "is an archive that is not on this machine", "fetch it, and name that")
        if not is_glob(address) and not is_remote_folder(address):
            found.inputs.append(Input(address, PurePath(address).name))
            return
        for file, relative in list_address(address, recursive=search.recursive):
            if is_glob(address) or may_be_plan(file):
                found.inputs.append(Input(file, relative))
            else:
                found.skipped += 1
        if len(found.inputs) == before:
            raise _no_match(address) if is_glob(address) else _no_plans(address, found.skipped - skipped, search)
    except CchcError as error:
        found.inputs.append(Input(address, PurePath(address).name, problem=error))


def _add_glob(pattern: str, search: Search, found: Found) -> None:
    """A pattern that the shell has left as it is. Folders that match are passed by, unless they are looked into."""
    import glob

    matches = sorted(glob.glob(pattern, recursive=True))
    names = [name for name in matches if search.recursive or not os.path.isdir(name)]
    for name in names:
        _add_named(name, search, found)
    if not names:
        found.inputs.append(Input(pattern, pattern, problem=_no_match(pattern)))


def _no_match(pattern: str) -> UnreadableInputError:
    return UnreadableInputError(pattern, "matches no file", "check the pattern")


def _add_archive(path: str, relative: str, found: Found) -> None:
    from cchc_extract.batch.archives import list_archive

    members = list_archive(path, relative)
    found.inputs += members.inputs
    found.skipped += members.skipped


def _add_folder(folder: str, search: Search, found: Found) -> None:
    before, skipped = len(found.inputs), found.skipped
    for path in _walk(folder, search, found):
        relative = os.path.relpath(path, folder)
        if is_archive(path):
            _add_archive(path, relative, found)
        elif may_be_plan(path):
            found.inputs.append(Input(path, relative))
        else:
            found.skipped += 1
    if len(found.inputs) == before:
        problem = _no_plans(show_name(folder), found.skipped - skipped, search)
        found.inputs.append(Input(folder, PurePath(folder).name, problem=problem))


def _no_plans(folder: str, skipped: int, search: Search) -> UnreadableInputError:
    others = f", only {skipped} files of other kinds" if skipped else ""
    do = "name files" if search.recursive else "name files, or look into its folders with --recursive"
    return UnreadableInputError(folder, f"is a folder that holds no plans{others}", do)


def may_be_plan(name: str) -> bool:
    """
    >>> may_be_plan("Kế hoạch.PDF"), may_be_plan("scores.xlsx"), may_be_plan("~$plan.docx")
    (True, False, False)
    """
    path = PurePath(name)
    return path.suffix.lower() in SUFFIXES and not path.name.startswith("~$")  # Word's mark of an open document


def _walk(folder: str, search: Search, found: Found) -> Iterator[str]:
    """The files of a folder, sorted, hidden ones left out; a folder is entered once, whatever links lead to it."""
    visited = {_identity(folder)}
    if search.output is not None and os.path.isdir(search.output) and _identity(search.output) not in visited:
        visited.add(_identity(search.output))
    open_folders = [iter(_entries(folder, found))]
    while open_folders:
        path = next(open_folders[-1], None)
        if path is None:
            open_folders.pop()
        elif not os.path.isdir(path):
            if os.path.isfile(path) or os.path.islink(path):  # a link that leads nowhere is told of when it is read
                yield path
            else:
                found.skipped += 1
        elif search.recursive and _identity(path) not in visited:
            visited.add(_identity(path))
            open_folders.append(iter(_entries(path, found)))


def _identity(path: str) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_dev, status.st_ino


def _entries(folder: str, found: Found) -> list[str]:
    try:
        names = sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except OSError as error:
        problem = UnreadableInputError(show_name(folder), f"cannot be listed ({error.strerror})", "check the folder")
        found.inputs.append(Input(folder, PurePath(folder).name, problem=problem))
        return []
    return [str(PurePath(folder, name)) for name in names]
