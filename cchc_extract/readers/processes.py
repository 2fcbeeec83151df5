"""Other people's programs, run so that they can neither hang nor stay behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended. `late`: it was stopped at its time limit."""

    code: int
    out: bytes
    complaint: str
    late: bool = False


def find_program(names: Iterable[str]) -> str | None:
    """The first of the programs that is on the PATH, or at the absolute path given."""
    return next((found for name in names if (found := shutil.which(name))), None)


def run_program(command: list[str], folder: Path, seconds: float, env: Mapping[str, str] | None = None) -> Ended:
    """Runs a program in a folder and a process group of its own; at the time limit the whole group is ended.

    Office programs start a second one that outlives its parent, hence the group. It ends with us when we are
    terminated, and has the memory that it wants where we have not.
    """
    with (
        _ended_in_order(),
        subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=_free_of_limits if _has_memory_limit() else None,
        ) as process,
    ):
        try:
            out, complaint = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            _end_group(process)
            out, complaint = process.communicate()
            return Ended(process.returncode, out, _last_line(complaint), late=True)
        except BaseException:  # Ctrl-C: the program is in another group and would not hear of it
            _end_group(process)
            raise
    return Ended(process.returncode, out, _last_line(complaint))


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Being terminated is an exception in this block, so that what we have started can be ended first."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _exit)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _exit(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _has_memory_limit() -> bool:
    if sys.platform == "win32":
        return False
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    return soft != hard


def _free_of_limits() -> None:
    """In the new process: the memory limit is ours, and no measure for another program."""
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def _end_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (AttributeError, ProcessLookupError, PermissionError):  # no groups on Windows; or ended by now
        process.kill()


def _last_line(complaint: bytes) -> str:
    """
    >>> _last_line(b"Warning. Invalid resolution 0 dpi.\\nError opening data file vie.traineddata\\n")
    'Error opening data file vie.traineddata'
    """
    lines = complaint.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip() if lines else ""
