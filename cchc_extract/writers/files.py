"""Bytes -> standard output or a file. A file is written whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from cchc_extract.errors import UnwritableOutputError

TEMPORARY = ".cchc-extract-"  # what the names of unfinished files begin with; the name of the finished one follows
_FLUSHED_AT_ONCE = 32


def write_stdout(pieces: Iterable[bytes]) -> None:
    """Each piece as soon as it is there. Raises as `telling_stdout_failures` does."""
    for piece in pieces:
        with telling_stdout_failures():
            sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()


@contextmanager
def telling_stdout_failures() -> Iterator[None]:
    """BrokenPipeError passes, for the reader has gone; any other failure to write is an UnwritableOutputError."""
    if sys.stdout is None:
        raise UnwritableOutputError("standard output", "is closed", "open it, or name a file with -o")
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritable("standard output", error) from None


def write_file(path: Path, pieces: Iterable[bytes], *, flush: bool = True) -> None:
    """Puts the pieces into the file when the last of them is there; a failure leaves what was there before.

    A link stays one, and a device or a pipe (`/dev/null`) is written to and not replaced. Without `flush` it is not
    waited for the disk: that is for `flush_files`.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        _write_through(path, pieces)
        return
    with ExitStack() as unfinished:
        target = os.path.realpath(path)
        temporary = _write_beside(Path(target), pieces, flush, unfinished)
        try:
            replace_if_other(temporary, target)
        except OSError as error:
            raise unwritable(str(path), error) from None


def flush_files(paths: Iterable[Path]) -> None:
    """Waits until these files are on the disk, which takes many at once in little more time than one."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_FLUSHED_AT_ONCE) as pool:
        for _ in pool.map(_flush, paths):
            pass


def _flush(path: Path) -> None:
    try:
        with path.open("rb") as file:
            os.fsync(file.fileno())
    except OSError as error:
        raise unwritable(str(path), error) from None


def replace_if_other(temporary: str, path: str) -> None:
    """Puts a file in its place; one that is there with the same bytes stays as it is, with its time."""
    import filecmp

    if os.path.isfile(path) and filecmp.cmp(temporary, path, shallow=False):
        os.unlink(temporary)
    else:
        os.replace(temporary, path)


def holds(path: Path, content: bytes) -> bool:
    """Whether the file is there with this content."""
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _write_through(path: Path, pieces: Iterable[bytes]) -> None:
    try:
        with path.open("wb") as file:
            _write_pieces(file, pieces)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritable(str(path), error) from None


def _write_beside(path: Path, pieces: Iterable[bytes], flush: bool, unfinished: ExitStack) -> str:
    """A temporary file in the folder of `path` with its content; `unfinished` removes it unless it has been moved."""
    from tempfile import NamedTemporaryFile  # takes longer to import than most plans to write

    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f"{TEMPORARY}{path.name[:40]}-", delete=False) as file:
            unfinished.callback(_remove, file.name)
            _write_pieces(file, pieces)
            if flush:
                os.fsync(file.fileno())
            os.chmod(file.name, 0o666 & ~_umask())
            return file.name
    except OSError as error:
        raise unwritable(str(path), error) from None


def _write_pieces(file: IO[bytes], pieces: Iterable[bytes]) -> None:
    for piece in pieces:
        file.write(piece)
    file.flush()


def _remove(name: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name)


def _umask() -> int:
    """What the user lets new files be; temporary files are private, the finished ones are ordinary."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def make_folder(path: Path) -> None:
    """The folder, with those above it; nothing where it is there already."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(str(path), error) from None


def unwritable(where: str, error: OSError) -> UnwritableOutputError:
    """The error that tells why the system did not write there."""
    reason = error.strerror or type(error).__name__
    return UnwritableOutputError(where, f"cannot be written ({reason})", "name another place with -o")
