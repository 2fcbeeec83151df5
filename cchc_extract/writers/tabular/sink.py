"""What a tabular format is to those who write in it."""

from __future__ import annotations

from errno import EIO
from typing import Protocol

from cchc_extract.writers.tabular.rows import Batch


class Sink(Protocol):
    """Takes rows and makes files of them. Its failures to write are OSErrors."""

    def write(self, batch: Batch) -> None:
        """Adds the rows of some plans."""

    def finish(self) -> tuple[str, ...]:
        """Completes the files; what the user should know about them, a line each."""

    def close(self) -> None:
        """Lets go of everything, finished or not."""


def to_os_error(error: Exception) -> OSError:
    """A database's own word for a failure to write, such as a full disk, as what it is everywhere else."""
    return OSError(EIO, str(error).partition("\n")[0])
