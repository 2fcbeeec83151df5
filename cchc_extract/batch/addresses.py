"""Places that are no local path: `s3://bucket/plans/`, `hdfs://...`, `memory://...`, through fsspec."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from cchc_extract.batch.outcome import Record, unpack_record
from cchc_extract.batch.store import FOLDER, RECORD
from cchc_extract.errors import CchcError, MissingToolError, UnreadableInputError, UnwritableOutputError
from cchc_extract.request import is_glob

INSTALL = "pip install 'cchc-extract[remote]', and the package of that kind of place, such as s3fs"


def read_address(address: str) -> bytes:
    """All that stands there. Raises UnreadableInputError, MissingToolError."""
    with _telling(address, UnreadableInputError):
        system, path = _open(address)
        content: bytes = system.cat_file(path)
        return content


def is_remote_folder(address: str) -> bool:
    """Raises as `read_address`."""
    with _telling(address, UnreadableInputError):
        system, path = _open(address)
        return bool(system.isdir(path))


def list_address(address: str, *, recursive: bool) -> list[tuple[str, str]]:
    """The files of a folder, or those that match a pattern, sorted: the address of each and its place in the folder.

    Hidden ones are left out. Raises as `read_address`.
    """
    with _telling(address, UnreadableInputError):
        system, path = _open(address)
        if is_glob(path):
            names = sorted(name for name in system.glob(path) if system.isfile(name) and not _is_hidden(name, path))
            return [(system.unstrip_protocol(name), PurePosixPath(name).name) for name in names]
        names = sorted(system.find(path, maxdepth=None if recursive else 1))
        places = [name.removeprefix(path).lstrip("/") for name in names if not _is_hidden(name, path)]
        return [(f"{address.rstrip('/')}/{place}", place) for place in places]


def split_address(address: str) -> tuple[str, str]:
    """The folder's address, and the name in it.

    >>> split_address("s3://plans/2026/out.jsonl"), split_address("s3://plans/out/"), split_address("memory://all.csv")
    (('s3://plans/2026', 'out.jsonl'), ('s3://plans/out', ''), ('memory://', 'all.csv'))
    """
    protocol, _, path = address.partition("://")
    folder, _, name = path.rpartition("/")
    return f"{protocol}://{folder}", name


@contextmanager
def written_to(address: str) -> Iterator[str]:
    """A local place for an output, which is put to its address at the end, file by file, unless an error ends it.

    Errors that name the local place are told with the address instead. Raises UnwritableOutputError, MissingToolError.
    """
    folder, name = split_address(address)
    with _telling(address, UnwritableOutputError):
        system, path = _open(folder)
    with tempfile.TemporaryDirectory(prefix="cchc-extract-") as local:
        place = f"{local}/{name}"
        try:
            yield place
        except CchcError as error:
            where = error.where.replace(place, address).replace(local, folder)
            raise type(error)(where, error.what, error.do) from None
        with _telling(address, UnwritableOutputError):
            _put_all(system, Path(local), path)


def _put_all(system: Any, folder: Path, path: str) -> None:
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        place = f"{path}/{file.relative_to(folder).as_posix()}"
        system.makedirs(place.rpartition("/")[0], exist_ok=True)
        system.put_file(str(file), place)


class RemoteStore:
    """Records kept beside an output with an address: `Store`, but that no lock keeps a second run from there.

    Raises UnwritableOutputError, MissingToolError.
    """

    def __init__(self, output: str, fingerprint: str) -> None:
        folder, name = split_address(output)
        self._output, self._suffix = output, f"-{fingerprint}{RECORD}"
        with _telling(output, UnwritableOutputError):
            self._system, path = _open(folder)
            self._folder = f"{path}/.{name}{FOLDER}" if name else f"{path}/{FOLDER}"
            self._system.makedirs(self._folder, exist_ok=True)

    def put(self, digest: bytes, packed: bytes) -> None:
        with _telling(self._output, UnwritableOutputError):
            self._system.pipe_file(self._path(digest), packed)

    def get(self, digest: bytes) -> Record | None:
        try:
            return unpack_record(self._system.cat_file(self._path(digest)))
        except OSError:
            return None

    def drop(self, digest: bytes) -> None:
        """It stays for the next run."""

    def sweep(self) -> None:
        """Removes the records that another program or other patterns have made."""
        with _telling(self._output, UnwritableOutputError):
            names = self._system.ls(self._folder, detail=False)
            for name in (name for name in names if name.endswith(RECORD) and not name.endswith(self._suffix)):
                self._system.rm_file(name)

    def _path(self, digest: bytes) -> str:
        return f"{self._folder}/{digest.hex()}{self._suffix}"


def _open(address: str) -> tuple[Any, str]:
    """The file system and the path in it, without a slash at its end."""
    from fsspec.core import url_to_fs  # type: ignore[import-untyped]

    system, path = url_to_fs(address)
    return system, path.rstrip("/")


@contextmanager
def _telling(address: str, kind: type[CchcError]) -> Iterator[None]:
    """A block whose errors, whatever the library behind calls them, come out as ours."""
    try:
        yield
    except CchcError:
        raise
    except FileNotFoundError:
        raise kind(address, "does not exist", "check the address") from None
    except ImportError as error:
        raise MissingToolError(address, f"needs a package that is missing ({_first_line(error)})", INSTALL) from None
    except Exception as error:
        what = f"cannot be reached ({type(error).__name__}: {_first_line(error)})"
        raise kind(address, what, "check the address") from None


def _first_line(error: Exception) -> str:
    """Some libraries tell of everything they have tried."""
    return next(iter(str(error).splitlines()), "")


def _is_hidden(name: str, asked: str) -> bool:
    """Whether the name goes through a part with a dot before it, which the user has not asked for."""
    return any(part.startswith(".") for part in set(name.split("/")) - set(asked.split("/")))
