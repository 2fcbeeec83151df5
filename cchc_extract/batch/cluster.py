"""The workers of a Dask cluster in place of processes of our own: the same documents, bounds and records.

Each Dask worker keeps a process for the documents it is given, so that the time and memory limits hold there as they do
here. A worker that is lost costs only the documents it had: the scheduler gives them to another, and each document's
record comes back once, because it belongs to one future.
"""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from queue import Empty, LifoQueue, SimpleQueue
from typing import Any

from cchc_extract import __version__
from cchc_extract.batch.documents import Work, error_to_record, read_content
from cchc_extract.batch.inputs import Input
from cchc_extract.batch.outcome import Record, pack_record
from cchc_extract.batch.workers import Asked, Bounds, Done, Event, Pool
from cchc_extract.errors import CchcError, DocumentLimitError, MissingToolError, UsageError
from cchc_extract.request import is_address

INSTALL = "pip install 'cchc-extract[dask]'"
_PATIENCE = 10  # seconds for the scheduler to answer, and for its first worker to come
_AHEAD = 2  # documents for each thread of the cluster: one being read, one on its way
_RECOUNT = 5.0  # seconds after which the threads are counted again, for workers come and go


class ClusterPool:
    """What `Pool` is, on the cluster of a scheduler; a context that leaves the cluster as it was.

    Raises MissingToolError where Dask is not installed or the scheduler cannot be reached, UsageError where its
    workers cannot do the work. Local paths must lead to the same files on all machines.
    """

    folder = ""  # nothing is left on this machine

    def __init__(self, work: Work, bounds: Bounds, scheduler: str) -> None:
        self._scheduler, self._bounds = scheduler, replace(bounds, jobs=1)
        self._work = replace(work, patterns=work.patterns and Path(os.path.abspath(work.patterns)))
        self._client = _connect(scheduler)
        self._documents: dict[int, tuple[Input, bytes | None]] = {}
        self._futures: dict[int, Any] = {}
        self._finished: SimpleQueue[tuple[int, Any]] = SimpleQueue()
        self._threads, self._counted = 0, 0.0

    def __enter__(self) -> ClusterPool:
        try:
            _check_workers(self._client, self._scheduler, self._work)
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for future in self._futures.values():
            future.cancel()
        if self._client.status == "running":
            self._client.run(_close_pools)
        self._client.close()

    @property
    def busy(self) -> int:
        return len(self._documents)

    @property
    def has_room(self) -> bool:
        if time.monotonic() - self._counted > _RECOUNT:
            self._threads = sum(self._client.nthreads().values())
            self._counted = time.monotonic()
        return self.busy < max(1, self._threads) * _AHEAD

    def give(self, number: int, item: Input, content: bytes | None) -> None:
        there = item if item.is_stdin or is_address(item.path) else replace(item, path=os.path.abspath(item.path))
        self._documents[number] = there, content
        self._submit(number, _read_digest, there, content)

    def answer(self, number: int, wanted: bool) -> None:
        item, content = self._documents[number]
        if wanted:
            self._submit(number, _read_record, item, content, self._work, self._bounds)
        else:
            del self._documents[number]

    def wait(self, seconds: float) -> Iterator[Event]:
        """What happens within that time, as soon as something does."""
        try:
            yield self._event(*self._finished.get(timeout=seconds))
            while True:
                yield self._event(*self._finished.get_nowait())
        except Empty:
            return

    def _submit(self, number: int, function: Callable[..., Any], *arguments: object) -> None:
        future = self._client.submit(function, *arguments, pure=False)
        self._futures[number] = future
        future.add_done_callback(lambda done: self._finished.put((number, done)))

    def _event(self, number: int, future: Any) -> Event:
        self._futures.pop(number, None)
        digest, packed, seconds = self._result(future)
        if packed is None:
            return Asked(number, digest)
        del self._documents[number]
        return Done(number, digest, packed, seconds)

    def _result(self, future: Any) -> tuple[bytes, bytes | None, float]:
        from distributed import KilledWorker

        try:
            digest, packed, seconds = future.result()
        except KilledWorker:
            what, do = "ended every worker of the cluster that read it", "it may be damaged, or need more memory"
            record = Record("failed", what=what, do=do, exit_code=DocumentLimitError.exit_code)
            return b"", pack_record(record), 0.0
        except Exception as error:
            raise _lost(self._scheduler, f"cannot be asked any more ({type(error).__name__})") from None
        return digest, packed, seconds


def _connect(scheduler: str) -> Any:
    try:
        import distributed
    except ImportError:
        raise MissingToolError("--engine dask", "needs the package distributed", INSTALL) from None
    module: Any = distributed
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # we tell of it ourselves, in one line
    try:
        module.comm.resolve_address(scheduler)  # a client that could not be made keeps the program from its end
        return module.Client(scheduler, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise _lost(scheduler, f"cannot be reached ({error or type(error).__name__})") from None


def _check_workers(client: Any, scheduler: str, work: Work) -> None:
    """Dask itself tells only when documents fail, and of each of them."""
    from distributed import TimeoutError as DaskTimeoutError

    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except (OSError, DaskTimeoutError):
        raise _lost(scheduler, "has no workers") from None
    for worker, answer in client.run(_describe_worker, work, on_error="return").items():
        if isinstance(answer, CchcError):
            raise type(answer)(f"{worker}: {answer.where}", answer.what, answer.do)
        if isinstance(answer, BaseException):
            raise UsageError(worker, f"cannot run cchc-extract ({answer})", f"{INSTALL} on that machine")
        version, may_start_processes = answer
        if version != __version__:
            raise UsageError(worker, f"has cchc-extract {version}, not {__version__}", "install the same everywhere")
        if not may_start_processes:
            do = "start workers with DASK_DISTRIBUTED__WORKER__DAEMON=False"
            raise UsageError(worker, "may not start the processes that read documents", do)


def _lost(scheduler: str, what: str) -> MissingToolError:
    return MissingToolError(f"the Dask scheduler {scheduler}", what, "start it, then run the same command again")


# --- on the cluster -----------------------------------------------------------------------------------------------


def _describe_worker(work: Work) -> tuple[str, bool]:
    """The program's version there, and whether a worker's process may have processes of its own.

    Raises PatternError where the user's own pattern files are not there.
    """
    work.load()
    return __version__, not multiprocessing.current_process().daemon


@cache
def _waiting() -> dict[tuple[Work, Bounds], LifoQueue[Pool]]:
    """The processes of this worker that wait for the next document, by what they were started for."""
    return {}


def _close_pools() -> None:
    for pools in _waiting().values():
        while not pools.empty():
            pools.get_nowait().__exit__()


def _read_digest(item: Input, content: bytes | None) -> tuple[bytes, bytes | None, float]:
    """What the content is called; a record where it cannot be had."""
    try:
        return hashlib.sha256(read_content(item) if content is None else content).digest(), None, 0.0
    except CchcError as error:
        return b"", pack_record(error_to_record(item, error)), 0.0


def _read_record(item: Input, content: bytes | None, work: Work, bounds: Bounds) -> tuple[bytes, bytes, float]:
    """The record of a document, from a process of this worker."""
    pools = _waiting().setdefault((work, bounds), LifoQueue())
    try:
        pool = pools.get_nowait()
    except Empty:
        pool = Pool(work, bounds, start="spawn")  # Dask's worker has threads, which a fork does not survive
    try:
        done = _read_in(pool, item, content)
    finally:
        pools.put(pool)
    return done.digest, done.packed, done.seconds


def _read_in(pool: Pool, item: Input, content: bytes | None) -> Done:
    pool.give(0, item, content)
    while True:
        for event in list(pool.wait(1.0)):  # all of it, for the pool goes on working between two events
            if isinstance(event, Done):
                return event
            pool.answer(event.number, True)
