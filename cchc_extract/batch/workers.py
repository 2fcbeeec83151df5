"""Processes that read documents, watched so that none of them can stop or slow the others.

A worker is given one document at a time. It says what the content is called (its SHA-256) and waits to hear whether
that is wanted, for it may be known; then it gives the record. One that takes too long is ended, one that ends by
itself is replaced. A long document is set aside after a second: its worker gives way to the others, and another one
takes its place, so that it costs its own time and not theirs.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from cchc_extract.batch import limits
from cchc_extract.batch.documents import Work, content_to_record, error_to_record, read_content
from cchc_extract.batch.inputs import Input
from cchc_extract.batch.outcome import Record, pack_record
from cchc_extract.errors import CchcError, DocumentLimitError

_SECONDS, _MEGABYTES = 120.0, 2048
_LONG = 1.0  # seconds after which a document is set aside
_LAST_WORDS = 2.0  # seconds that an ended worker has to end the programs it has started
_TIRED = 2  # a worker that has had half of its memory is replaced, so that the next document finds it free


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many documents at once, and what one may take: seconds, and megabytes."""

    jobs: int
    seconds: float
    megabytes: int


def bounds_of(jobs: int | None = None, seconds: float | None = None, megabytes: int | None = None) -> Bounds:
    """The bounds where they are given, else as many documents as there are cores, two minutes and 2 GB for each."""
    return Bounds(jobs or limits.cores(), seconds or _SECONDS, megabytes or _MEGABYTES)


@dataclass(frozen=True, slots=True)
class Asked:
    """A worker has a document's content and waits for `Pool.answer`."""

    number: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Done:
    """A document's record, packed. `digest` is empty where there was no content to be had."""

    number: int
    digest: bytes
    packed: bytes
    seconds: float


Event = Asked | Done


@dataclass(frozen=True, slots=True)
class _Job:
    number: int
    item: Input
    content: bytes | None


class _Worker:
    """The parent's side of a process: what it is doing, and since when."""

    def __init__(self, process: BaseProcess, pipe: Connection, folder: str) -> None:
        self.process, self.pipe, self.folder = process, pipe, folder
        self.job: _Job | None = None
        self.digest = b""
        self.since = 0.0
        self.aside = False

    def give(self, job: _Job) -> None:
        self.job, self.digest, self.since = job, b"", time.monotonic()
        self.pipe.send(job)

    def ended(self) -> None:
        """Asks it to end, then makes it; what it has left behind goes as well."""
        self.process.terminate()
        self.process.join(_LAST_WORDS)
        if self.process.exitcode != -signal.SIGTERM:
            self.process.kill()
            self.process.join()
            limits.end_programs(self.folder)
        self.pipe.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Pool:
    """The workers of a batch; a context that ends them all."""

    def __init__(self, work: Work, bounds: Bounds, start: str | None = None) -> None:
        """`start` is how processes are begun; without it by a fork where that is safe, for it shares the patterns."""
        self._work, self._bounds = work, bounds
        self._workers: list[_Worker] = []
        self._folder = tempfile.TemporaryDirectory(prefix="cchc-extract-", ignore_cleanup_errors=True)
        self._start: Any = multiprocessing.get_context(start or ("fork" if sys.platform == "linux" else "spawn"))

    @property
    def folder(self) -> str:
        """Where workers and the programs they start put temporary files."""
        return self._folder.name

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.ended()
        self._workers.clear()
        self._folder.cleanup()

    @property
    def busy(self) -> int:
        return sum(worker.job is not None for worker in self._workers)

    @property
    def has_room(self) -> bool:
        return sum(worker.job is not None and not worker.aside for worker in self._workers) < self._bounds.jobs

    def give(self, number: int, item: Input, content: bytes | None) -> None:
        """Has a document read; `content` is what standard input held."""
        worker = next((worker for worker in self._workers if worker.job is None), None) or self._new_worker()
        try:
            worker.give(_Job(number, item, content))
        except (BrokenPipeError, ConnectionResetError):  # it has ended while it had nothing to do
            self._remove(worker)
            self.give(number, item, content)

    def answer(self, number: int, wanted: bool) -> None:
        """Tells the worker that asked whether its content is to be read; where not, it is over with that document."""
        worker = next(worker for worker in self._workers if worker.job is not None and worker.job.number == number)
        try:
            worker.pipe.send(wanted)
        except (BrokenPipeError, ConnectionResetError):
            return  # `wait` finds out
        if not wanted:
            self._rest(worker)

    def wait(self, seconds: float) -> Iterator[Event]:
        """What happens within that time, as soon as something does."""
        waited = [worker.pipe for worker in self._workers if worker.job is not None]
        ready = set(wait(waited, min(seconds, self._next_turn()))) if waited else set()
        for worker in list(self._workers):
            if worker.pipe in ready:
                yield from self._heard(worker)
            if worker.job is not None:
                yield from self._overdue(worker)

    def _next_turn(self) -> float:
        """Seconds until a document is to be set aside or ended."""
        now = time.monotonic()
        turns = [self._turn(worker, now) - now for worker in self._workers if worker.job is not None]
        return max(0.0, min(turns, default=0.0))

    def _turn(self, worker: _Worker, now: float) -> float:
        waits_aside = not worker.aside and (now - worker.since < _LONG or self._aside() < self._bounds.jobs)
        return worker.since + (min(_LONG, self._bounds.seconds) if waits_aside else self._bounds.seconds)

    def _heard(self, worker: _Worker) -> Iterator[Event]:
        job, seconds = worker.job, time.monotonic() - worker.since
        assert job is not None
        try:
            digest, packed, tired = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join(_LAST_WORDS)
            record = _death_record(worker.process.exitcode)
            yield Done(job.number, worker.digest, pack_record(record), seconds)
            self._remove(worker)
            return
        if packed is None:
            worker.digest = digest
            yield Asked(job.number, digest)
            return
        yield Done(job.number, digest, packed, seconds)
        if tired:
            self._remove(worker)
        else:
            self._rest(worker)

    def _overdue(self, worker: _Worker) -> Iterator[Event]:
        """Ends a worker at the time limit; sets it aside before that, as long as not too many are."""
        job, seconds = worker.job, time.monotonic() - worker.since
        assert job is not None
        if seconds >= self._bounds.seconds:
            record = _limit_record(f"took more than {self._bounds.seconds:g} seconds", "give it more with --timeout")
            self._remove(worker)
            yield Done(job.number, worker.digest, pack_record(record), seconds)
        elif seconds >= _LONG and not worker.aside and self._aside() < self._bounds.jobs:
            worker.aside = True
            limits.give_way(worker.process.pid or 0)

    def _aside(self) -> int:
        return sum(worker.aside for worker in self._workers)

    def _rest(self, worker: _Worker) -> None:
        """Its document is done. One that was set aside cannot be hurried again, and so is let go."""
        worker.job = None
        if worker.aside:
            self._remove(worker)

    def _remove(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.ended()

    def _new_worker(self) -> _Worker:
        ours, theirs = self._start.Pipe()
        folder = tempfile.mkdtemp(dir=self.folder)
        inherited = (
            [ours, *(worker.pipe for worker in self._workers)] if self._start.get_start_method() == "fork" else []
        )
        process = self._start.Process(
            target=_serve,
            args=(theirs, inherited, self._work, self._bounds.megabytes, (os.getpid(), folder)),
            daemon=True,
        )
        process.start()
        theirs.close()
        worker = _Worker(process, ours, folder)
        self._workers.append(worker)
        return worker


def _limit_record(what: str, do: str) -> Record:
    return Record("failed", what=what, do=do, exit_code=DocumentLimitError.exit_code)


def _death_record(code: int | None) -> Record:
    """A process that has ended: by a signal (a negative code), or by itself."""
    if code == -signal.SIGKILL:
        return _limit_record("was ended by the system, which ran out of memory", "run fewer --jobs, or split it")
    name = signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
    return _limit_record(f"ended the process that read it ({name})", "it may be damaged, or need more --memory")


def _memory_record(megabytes: int) -> Record:
    return _limit_record(f"needs more than {megabytes} MB of memory", "give it more with --memory")


# --- in the worker ------------------------------------------------------------------------------------------------


def _serve(pipe: Connection, inherited: list[Connection], work: Work, megabytes: int, home: tuple[int, str]) -> None:
    """A worker's life: a document after the other, until there is nobody to give one."""
    parent, folder = home
    for other in inherited:
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    limits.end_with_parent(parent)
    limits.use_folder(folder)
    work.load()
    while True:
        try:
            job = pipe.recv()
        except (EOFError, OSError):
            return
        limits.limit_memory(megabytes)
        digest, packed = _read(job, pipe, work, megabytes)
        if packed is not None:
            pipe.send((digest, packed, limits.most_memory_used() * _TIRED > megabytes))


def _read(job: _Job, pipe: Connection, work: Work, megabytes: int) -> tuple[bytes, bytes | None]:
    """The content's digest and the packed record; no record where it is not wanted."""
    digest = b""
    try:
        content = read_content(job.item) if job.content is None else job.content
        digest = hashlib.sha256(content).digest()
        pipe.send((digest, None, False))
        if not pipe.recv():
            return digest, None
        return digest, pack_record(content_to_record(job.item, content, work))
    except CchcError as error:
        return digest, pack_record(error_to_record(job.item, error))
    except MemoryError:
        content = b""
        limits.lift_memory_limit()
        return digest, pack_record(_memory_record(megabytes))
