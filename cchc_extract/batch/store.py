"""Where records are kept: in an output's own folder for the next run, or for this run alone.

A record is known by its content's digest and by a fingerprint of all that made it, so that a changed program or
pattern file has it made again. It is written whole under a name of its own, and carries a checksum: one that a power
cut has spoilt is made again as well.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Protocol

from cchc_extract import __version__
from cchc_extract.batch.documents import Work
from cchc_extract.batch.limits import end_programs
from cchc_extract.batch.outcome import Record, unpack_record
from cchc_extract.errors import UnwritableOutputError
from cchc_extract.model import SCHEMA_VERSION
from cchc_extract.writers.files import TEMPORARY, make_folder, unwritable

FOLDER = ".cchc-extract"
RECORD = ".z"
_LOCK = "lock"
_READERS = ("lxml", "pdfplumber", "pypdfium2", "rapidfuzz")  # a new version of these may read otherwise


class Keeper(Protocol):
    """Keeps packed records by the digest of their content."""

    def put(self, digest: bytes, packed: bytes) -> None: ...

    def get(self, digest: bytes) -> Record | None:
        """The record; None where it was never put, or is damaged."""
        ...

    def drop(self, digest: bytes) -> None:
        """The record has been given out."""
        ...


class Parking:
    """For one run: records that wait for their turn, in a file without a name, which goes with the process."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile(prefix="cchc-extract-")  # noqa: SIM115 - it lives as long as we do
        self._places: dict[bytes, tuple[int, int]] = {}

    def put(self, digest: bytes, packed: bytes) -> None:
        try:
            place = self._file.seek(0, os.SEEK_END)
            self._file.write(packed)
            self._file.flush()
        except OSError as error:
            raise UnwritableOutputError(tempfile.gettempdir(), f"is full ({error.strerror})", "set TMPDIR") from None
        self._places[digest] = place, len(packed)

    def get(self, digest: bytes) -> Record | None:
        if digest not in self._places:
            return None
        place, length = self._places[digest]
        self._file.seek(place)
        return unpack_record(self._file.read(length))

    def drop(self, digest: bytes) -> None:
        if self._places.pop(digest, None) is not None and not self._places:
            self._file.truncate(0)


class Store:
    """For the runs to come: a file for each record, in a folder that one run at a time may use.

    Raises UnwritableOutputError where the folder cannot be made, or another run has it.
    """

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self._folder, self._suffix = folder, f"-{fingerprint}{RECORD}"
        make_folder(folder)
        self._lock = _lock(folder / _LOCK)
        _remove_leftovers(self._lock)
        for path in folder.glob(f"{TEMPORARY}*"):
            path.unlink(missing_ok=True)

    def note_folder(self, folder: str) -> None:
        """A folder that this run will remove at its end, or the next run if it cannot."""
        os.pwrite(self._lock, os.fsencode(folder), 0)

    def put(self, digest: bytes, packed: bytes) -> None:
        path = self._path(digest)
        temporary = path.with_name(TEMPORARY + path.name)
        try:
            temporary.write_bytes(packed)
            os.replace(temporary, path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise unwritable(str(path), error) from None

    def get(self, digest: bytes) -> Record | None:
        try:
            return unpack_record(self._path(digest).read_bytes())
        except OSError:
            return None

    def drop(self, digest: bytes) -> None:
        """It stays for the next run."""

    def sweep(self) -> None:
        """Removes the records that another program or other patterns have made."""
        for path in self._folder.glob(f"*{RECORD}"):
            if not path.name.endswith(self._suffix):
                path.unlink(missing_ok=True)

    def close(self) -> None:
        os.ftruncate(self._lock, 0)
        os.close(self._lock)

    def _path(self, digest: bytes) -> Path:
        return self._folder / f"{digest.hex()}{self._suffix}"


def _lock(path: Path) -> int:
    """An open file that no other run can have; its end with the process is enough to free it, also a sudden one.

    The kind of lock matters: one that workers inherit would outlive their parent.
    """
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
    except OSError as error:
        raise unwritable(str(path), error) from None
    try:
        import fcntl

        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:  # Windows: two runs at once are the user's care
        pass
    except OSError:
        os.close(file)
        raise UnwritableOutputError(
            str(path.parent.parent), "is in use by another run of cchc-extract", "wait for its end"
        ) from None
    return file


def _remove_leftovers(lock: int) -> None:
    """The folder of temporary files that a run which was killed has left."""
    folder = Path(os.fsdecode(os.pread(lock, 4096, 0)).rstrip("\0"))
    if folder.name.startswith("cchc-extract-") and folder.is_dir() and not folder.is_symlink():
        for part in folder.iterdir():
            end_programs(str(part))
        shutil.rmtree(folder, ignore_errors=True)
    os.ftruncate(lock, 0)


def fingerprint(work: Work) -> str:
    """Of everything that a record depends on besides its content: program, readers, schema, pattern files."""
    from cchc_extract.patterns import builtin_folder

    total = hashlib.sha256(f"{__version__} {SCHEMA_VERSION} {work.as_of} {' '.join(_versions())}".encode())
    package = Path(__file__).parent.parent
    folders = (builtin_folder(), *((work.patterns,) if work.patterns is not None else ()))
    files = sorted(package.rglob("*.py")), *(sorted(folder.glob("*.toml")) for folder in folders)
    for path in (path for group in files for path in group):
        content = path.read_bytes()
        total.update(f"{path.name} {len(content)}\n".encode("utf-8", "surrogateescape"))
        total.update(content)
    return total.hexdigest()[:16]


def _versions() -> Iterator[str]:
    for package in _READERS:
        try:
            yield version(package)
        except PackageNotFoundError:
            yield "-"
