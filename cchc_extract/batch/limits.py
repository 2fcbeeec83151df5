"""What the system is asked for, so that a worker takes no more than it may and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of Linux
_NICENESS = 15
_FOLDER = "TMPDIR"


def end_with_parent(parent: int) -> None:
    """Has the system end this process when its parent ends, however that ends. Linux alone can do it."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:  # it has ended in the meantime
            os._exit(1)


def limit_memory(megabytes: int) -> None:
    """Has more memory than that be refused, where the system can: what asks for it gets a MemoryError, or ends."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = megabytes << 20
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (wanted if most < 0 else min(wanted, most), most))


def lift_memory_limit() -> None:
    """Takes `limit_memory` back: to tell of what happened, and for programs that are started."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def most_memory_used() -> int:
    """The most megabytes that this process has had so far; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit >> 20


def give_way(process: int) -> None:
    """Lets a process run only when others do not need the processor."""
    with suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, process, _NICENESS)


def use_folder(folder: str) -> None:
    """Has this process, and the programs it starts, put temporary files there; by that the programs are known."""
    tempfile.tempdir = os.environ[_FOLDER] = folder


def end_programs(folder: str) -> None:
    """Ends the programs that a process with this folder has started and could not end itself, since it was killed.

    Office programs do not end with the one that started them. Only where the system lists processes in /proc.
    """
    mark = os.fsencode(f"{_FOLDER}={folder}")
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (process / "environ").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
