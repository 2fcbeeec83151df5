"""Inputs -> outcomes: every document read once, whatever it is called and wherever a former run has stopped."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cchc_extract.batch.documents import Work, error_to_record
from cchc_extract.batch.inputs import Input
from cchc_extract.batch.likeness import NearDuplicates
from cchc_extract.batch.outcome import Outcome, Record, outcome_of, unpack_record, without_plan
from cchc_extract.batch.store import Keeper, Parking, Store
from cchc_extract.batch.workers import Asked, Bounds, Done, Pool
from cchc_extract.errors import CchcError, MissingToolError, UnwritableOutputError
from cchc_extract.request import read_stdin

if TYPE_CHECKING:
    from cchc_extract.batch.cluster import ClusterPool

_LOOK_AHEAD = 20_000  # documents that may be begun while an earlier one is still being read
_TICK = 0.5  # seconds between two looks at the progress, at most


@dataclass(frozen=True, slots=True)
class Settings:
    """How a batch is run. `keeper` holds records for the next run; without it they last for this one. `retry_failed`
    has what failed in a former run done again, `force` everything. `notice` hears how many are finished and failed.
    `scheduler` is the address of a Dask cluster that does the work, instead of processes on this machine."""

    bounds: Bounds
    keeper: Keeper | None = None
    force: bool = False
    retry_failed: bool = False
    notice: Callable[[int, int], None] = lambda _finished, _failed: None
    scheduler: str | None = None


@dataclass(slots=True)
class _Content:
    """One content: being read, read, or given out under the name of the input `first`, with its `failure` if any."""

    is_read: bool = False
    first: int | None = None
    failure: Record | None = None


@dataclass(slots=True)
class _Ended:
    """An input that waits to be given out: by its content, or by a record that has none."""

    digest: bytes
    record: Record | None = None
    seconds: float = 0.0


def run_batch(inputs: Sequence[Input], work: Work, settings: Settings) -> Generator[Outcome, None, None]:
    """The outcome of each input, in their order, as soon as it and those before it are there.

    Raises PatternError, and UnwritableOutputError where records cannot be kept; a document's errors are in its
    outcome. All processes are ended when the iterator is closed.
    """
    work.load()  # before the workers start, which then share it
    try:
        keeper, workers = settings.keeper or Parking(), _open_pool(work, settings)
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        raise UnwritableOutputError("the folder for temporary files", what, "set TMPDIR") from None
    with workers as pool:
        if isinstance(keeper, Store):
            keeper.note_folder(pool.folder)
        yield from _Batch(inputs, pool, keeper, settings).outcomes()


def _open_pool(work: Work, settings: Settings) -> Pool | ClusterPool:
    if settings.scheduler is None:
        return Pool(work, settings.bounds)
    from cchc_extract.batch.cluster import ClusterPool

    return ClusterPool(work, settings.bounds, settings.scheduler)


class _Batch:
    def __init__(self, inputs: Sequence[Input], pool: Pool | ClusterPool, keeper: Keeper, settings: Settings) -> None:
        self._inputs, self._pool, self._keeper, self._settings = inputs, pool, keeper, settings
        self._begun = self._given = self._finished = self._failed = 0
        self._ended: dict[int, _Ended] = {}
        self._contents: dict[bytes, _Content] = {}
        self._near = NearDuplicates()

    def outcomes(self) -> Iterator[Outcome]:
        """Workers first: they are given what there is to do before an outcome is, on which others may work long."""
        while self._given < len(self._inputs):
            self._begin()
            for event in self._pool.wait(0.0 if self._is_ready() else _TICK) if self._pool.busy else ():
                if isinstance(event, Asked):
                    self._answer(event)
                else:
                    self._end(event)
            self._begin()
            self._settings.notice(self._finished, self._failed)
            if self._is_ready():
                ended = self._ended.pop(self._given)
                self._given += 1
                yield self._outcome(self._given - 1, ended)

    def _begin(self) -> None:
        """Gives documents to workers while there is room."""
        last = min(len(self._inputs), self._given + _LOOK_AHEAD)
        while self._begun < last and self._pool.has_room:
            number, item = self._begun, self._inputs[self._begun]
            self._begun += 1
            try:
                if item.problem is not None:
                    raise item.problem
                self._pool.give(number, item, read_stdin() if item.is_stdin else None)
            except CchcError as error:
                self._note(number, _Ended(b"", error_to_record(item, error)), failed=True)

    def _answer(self, asked: Asked) -> None:
        """A content is read once: not where it is being read, has been, or was in a former run."""
        content = self._contents.get(asked.digest)
        wanted = content is None and not self._is_kept(asked.digest)
        if content is None:
            self._contents[asked.digest] = _Content(is_read=not wanted)
        self._pool.answer(asked.number, wanted)
        if not wanted:
            self._note(asked.number, _Ended(asked.digest), failed=False)

    def _is_kept(self, digest: bytes) -> bool:
        record = None if self._settings.force else self._keeper.get(digest)
        if record is None or record.exit_code == MissingToolError.exit_code:  # the program may be there by now
            return False
        return not (self._settings.retry_failed and record.exit_code)

    def _end(self, done: Done) -> None:
        if not done.digest:
            self._note(done.number, _Ended(b"", unpack_record(done.packed), done.seconds), failed=True)
            return
        self._keeper.put(done.digest, done.packed)
        self._contents[done.digest].is_read = True
        self._note(done.number, _Ended(done.digest, None, done.seconds), failed=False)

    def _note(self, number: int, ended: _Ended, *, failed: bool) -> None:
        self._ended[number] = ended
        self._finished += 1
        self._failed += failed

    def _is_ready(self) -> bool:
        """Whether the next outcome is there; its content may still be read under another name."""
        ended = self._ended.get(self._given)
        return ended is not None and (ended.record is not None or self._contents[ended.digest].is_read)

    def _outcome(self, number: int, ended: _Ended) -> Outcome:
        item, sha256 = self._inputs[number], ended.digest.hex() or None
        if ended.record is not None:
            outcome = outcome_of(number, item, ended.record, sha256)
        else:
            content = self._contents[ended.digest]
            if content.first is None:
                outcome = self._first(number, ended.digest, content)
            elif content.failure is not None:
                outcome = outcome_of(number, item, content.failure, sha256)
            else:
                of = self._inputs[content.first].shown
                outcome = Outcome(number, item.shown, "duplicate", sha256=sha256, duplicate_of=of)
        return replace(outcome, seconds=ended.seconds)

    def _first(self, number: int, digest: bytes, content: _Content) -> Outcome:
        """The first input with a content gets its record; the others are told as its duplicates."""
        record = self._keeper.get(digest)
        if record is None:
            raise UnwritableOutputError("the folder of records", "has been changed during the run", "run it again")
        self._keeper.drop(digest)
        content.first = number
        if not record.plan:
            content.failure = without_plan(record)
            self._failed += 1
        outcome = outcome_of(number, self._inputs[number], record, digest.hex())
        near = self._near.add(number, record.sketch)
        if near is None:
            return outcome
        return replace(outcome, near_duplicate_of=self._inputs[near[0]].shown, similarity=near[1])
