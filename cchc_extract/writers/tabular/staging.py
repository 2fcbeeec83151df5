"""Files that are made beside their place and put there when all of them are whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from cchc_extract.errors import UnwritableOutputError
from cchc_extract.writers.files import TEMPORARY, replace_if_other, unwritable


@contextmanager
def staging_folder(output: Path) -> Iterator[Path]:
    """A folder for unfinished files, on the same disk as `output`, gone at the end with all that is still in it."""
    prefix = f"{TEMPORARY}{output.name[:40]}-"
    with telling_failures(output):
        folder = TemporaryDirectory(dir=_existing_folder(output), prefix=prefix, ignore_cleanup_errors=True)
    with folder as name:
        yield Path(name)


def _existing_folder(path: Path) -> Path:
    return path if path.is_dir() else _existing_folder(path.parent) if path != path.parent else path


def put_in_place(staged: Path, folder: Path) -> None:
    """Moves the files of the staging folder into another one, over those that are there; a link stays one."""
    folder.mkdir(parents=True, exist_ok=True)
    files = sorted(path for path in staged.iterdir() if path.is_file())
    for file in files:
        with file.open("rb") as written:
            os.fsync(written.fileno())
    for file in files:
        replace_if_other(str(file), os.path.realpath(folder / file.name))


def check_output(output: Path, *, folder: bool) -> None:
    """Raises UnwritableOutputError where something stands that the files cannot replace."""
    if folder and output.exists() and not output.is_dir():
        raise UnwritableOutputError(str(output), "is no folder", "name a folder with -o")
    if not folder and output.exists() and not output.is_file():
        raise UnwritableOutputError(str(output), "is no ordinary file", "name another file with -o")


@contextmanager
def telling_failures(output: Path) -> Iterator[None]:
    """Any failure to write as an UnwritableOutputError."""
    try:
        yield
    except OSError as error:
        raise unwritable(str(output), error) from None
