"""Bytes -> standard output or a file. A file is written whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from cchc_extract.errors import UnwritableOutputError


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
        raise _unwritable("standard output", error) from None


def write_file(path: Path, pieces: Iterable[bytes]) -> None:
    """Puts the pieces into the file when the last of them is there; a failure leaves what was there before.

    A link stays one, and a device or a pipe (`/dev/null`) is written to and not replaced.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        _write_through(path, pieces)
    else:
        write_files({path: pieces})


def write_files(contents: Mapping[Path, Iterable[bytes]]) -> None:
    """As `write_file`, for several ordinary ones: none is put in its place before all are written."""
    with ExitStack() as unfinished:
        written = [
            (_write_beside(Path(os.path.realpath(path)), pieces, unfinished), path) for path, pieces in contents.items()
        ]
        for temporary, path in written:
            try:
                os.replace(temporary, os.path.realpath(path))
            except OSError as error:
                raise _unwritable(str(path), error) from None


def _write_through(path: Path, pieces: Iterable[bytes]) -> None:
    try:
        with path.open("wb") as file:
            _write_pieces(file, pieces)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _unwritable(str(path), error) from None


def _write_beside(path: Path, pieces: Iterable[bytes], unfinished: ExitStack) -> str:
    """A temporary file in the folder of `path` with its content; `unfinished` removes it unless it has been moved."""
    from tempfile import NamedTemporaryFile  # takes longer to import than most plans to write

    try:
        with NamedTemporaryFile(dir=path.parent, prefix=".cchc-extract-", delete=False) as file:
            unfinished.callback(_remove, file.name)
            _write_pieces(file, pieces)
            os.chmod(file.name, 0o666 & ~_umask())
            return file.name
    except OSError as error:
        raise _unwritable(str(path), error) from None


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
        raise _unwritable(str(path), error) from None


def _unwritable(where: str, error: OSError) -> UnwritableOutputError:
    reason = error.strerror or type(error).__name__
    return UnwritableOutputError(where, f"cannot be written ({reason})", "name another place with -o")
