"""Places that are no local path: `s3://bucket/plans/`, `hdfs://...`, `memory://...`, through fsspec."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from cchc_extract.batch.outcome import Record, unpack_record
from cchc_extract.errors import CchcError, MissingToolError, UnreadableInputError, UnwritableOutputError

INSTALL = "pip install 'cchc-extract[remote]', and the package of that kind of place, such as s3fs"
_Made = TypeVar("_Made")


def read_address(address: str) -> bytes:
    """All that stands there. Raises UnreadableInputError, MissingToolError."""
    system, path = _open(address)
    content: bytes = _told(address, UnreadableInputError, lambda: system.cat_file(path))
    return content


def list_address(address: str, *, recursive: bool) -> list[str]:
    """The addresses of the files that an address stands for: a folder's, sorted, those that match a pattern, or itself.

    Raises as `read_address`.
    """
    system, path = _open(address)
    return _told(address, UnreadableInputError, lambda: _list(system, path, recursive))


def _list(system: Any, path: str, recursive: bool) -> list[str]:
    if any(mark in path for mark in "*?["):
        found = [name for name in system.glob(path) if system.isfile(name)]
    elif system.isdir(path):
        found = system.find(path, maxdepth=None if recursive else 1)
    else:
        found = [path]
    return [system.unstrip_protocol(name) for name in sorted(found)]


@contextmanager
def written_to(address: str) -> Iterator[Path]:
    """A local folder whose files are put to the address at its end, unless an error ends it. Each appears whole."""
    system, path = _open(address)
    with tempfile.TemporaryDirectory(prefix="cchc-extract-") as folder:
        yield Path(folder)
        _told(address, UnwritableOutputError, lambda: _put_all(system, Path(folder), path))


def _put_all(system: Any, folder: Path, path: str) -> None:
    for file in sorted(folder.rglob("*")):
        place = f"{path}/{file.relative_to(folder).as_posix()}"
        if file.is_file():
            system.makedirs(system._parent(place), exist_ok=True)
            system.put_file(str(file), place)


class RemoteStore:
    """Records kept below an address for the next run: `Store`, but that no lock keeps a second run from there."""

    def __init__(self, address: str, fingerprint: str) -> None:
        self._address, self._suffix = address, f"-{fingerprint}.z"
        self._system, self._folder = _open(address)
        _told(address, UnwritableOutputError, lambda: self._system.makedirs(self._folder, exist_ok=True))

    def put(self, digest: bytes, packed: bytes) -> None:
        _told(self._address, UnwritableOutputError, lambda: self._system.pipe_file(self._path(digest), packed))

    def get(self, digest: bytes) -> Record | None:
        try:
            return unpack_record(self._system.cat_file(self._path(digest)))
        except OSError:
            return None

    def drop(self, digest: bytes) -> None:
        """It stays for the next run."""

    def _path(self, digest: bytes) -> str:
        return f"{self._folder}/{digest.hex()}{self._suffix}"


def _open(address: str) -> tuple[Any, str]:
    """The file system and the path in it."""
    try:
        from fsspec.core import url_to_fs  # type: ignore[import-untyped]
    except ImportError:
        raise MissingToolError(address, "needs the package fsspec", INSTALL) from None
    try:
        system, path = url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise MissingToolError(address, f"is a kind of place that cannot be reached ({error})", INSTALL) from None
    return system, path.rstrip("/")


def _told(address: str, kind: type[CchcError], do: Callable[[], _Made]) -> _Made:
    """What `do` gives; its errors, whatever the library behind calls them, as ours."""
    try:
        return do()
    except FileNotFoundError:
        raise kind(address, "does not exist", "check the address") from None
    except Exception as error:
        raise kind(address, f"cannot be reached ({type(error).__name__}: {error})", "check the address") from None
