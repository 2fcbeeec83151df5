"""The batch of a command line: inputs found, outcomes told, plans written, a report left beside them."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_extract.batch.documents import Work
from cchc_extract.batch.inputs import Found, Search, find_inputs, read_names
from cchc_extract.batch.outcome import Outcome
from cchc_extract.batch.places import output_places
from cchc_extract.batch.run import Settings, run_batch
from cchc_extract.batch.store import FOLDER, Keeper, Store, fingerprint
from cchc_extract.batch.telling import Report, Teller
from cchc_extract.batch.workers import bounds_of
from cchc_extract.request import BatchOptions, Problems, Request, is_address, say
from cchc_extract.writers.destination import (
    SUMMARY,
    PlanLines,
    check_not_an_input,
    choose_destination,
    choose_format,
    writes_folder,
)
from cchc_extract.writers.files import TEMPORARY, make_folder

if TYPE_CHECKING:
    from cchc_extract.batch.addresses import RemoteStore
    from cchc_extract.writers.progress import ProgressBar

_ENDED = 128 + signal.SIGTERM


class _StoppedError(Exception):
    """The first error of a batch that ends with it; it has been told."""


@dataclass(frozen=True, slots=True)
class _Output:
    """A folder or a file, and what is kept beside it for the next run."""

    path: Path
    is_folder: bool

    @property
    def store(self) -> Path:
        return self.path / FOLDER if self.is_folder else self.path.with_name(f".{self.path.name}{FOLDER}")

    @property
    def report(self) -> Path:
        return self.path / "report.csv" if self.is_folder else self.path.with_name(f"{self.path.name}.report.csv")

    def remove_unfinished(self) -> None:
        """What a run that was killed has left; nobody else writes there while the store is ours."""
        if self.is_folder:
            names = [os.path.join(top, name) for top, *some in os.walk(self.path) for group in some for name in group]
            unfinished = [name for name in names if os.path.basename(name).startswith(TEMPORARY)]
        else:
            start = f"{TEMPORARY}{self.path.name[:40]}-"
            unfinished = [str(path) for path in self.path.parent.iterdir() if path.name.startswith(start)]
        for name in unfinished:
            if os.path.isdir(name) and not os.path.islink(name):
                shutil.rmtree(name, ignore_errors=True)
            else:
                Path(name).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Passing:
    """What is done with the outcomes as they come: told, reported, and their plans passed on to be written."""

    places: list[str]
    output: Callable[[str], str]
    teller: Teller
    report: Report | None
    problems: Problems
    fail_fast: bool

    def plans(self, outcomes: Iterator[Outcome]) -> PlanLines:
        for outcome in outcomes:
            place = self.places[outcome.number]
            self.teller.tell(outcome)
            self.problems.note(outcome.exit_code)
            if self.report is not None:
                self.report.add(outcome, self.output(place))
            if outcome.exit_code and self.fail_fast:
                raise _StoppedError
            if outcome.plan is not None:
                yield place, outcome.plan


def do_batch(request: Request, problems: Problems) -> None:
    """Everything that the command line names. One document named alone leaves no records and no report."""
    if request.output is None or not is_address(request.output):
        _run(request, problems, None)
        return
    from cchc_extract.batch.addresses import written_to

    with written_to(request.output) as place:
        _run(request._replace(output=place), problems, request.output)


def _run(request: Request, problems: Problems, remote: str | None) -> None:
    """The batch with its output on this machine; `remote` is the address that it goes to from here."""
    found = _find(request)
    many = not _is_one_plan(request, found)
    format = choose_format(many, request.output, request.format, request.tables.select)
    write = _read_all if format == SUMMARY else choose_destination(many, request.output, format, request.tables)
    check_not_an_input(remote or request.output, (item.path for item in found.inputs))
    output = _output(request.output, format)
    with ExitStack() as stack:
        stack.enter_context(_ending_on_sigterm())
        store = _open_store(output, remote, request, stack) if many and output is not None else None
        bar = _open_bar(request, len(found.inputs), problems, stack)
        teller = Teller(_style(request, format, many), problems.say)
        settings = _settings(request.batch, store, bar)
        outcomes = stack.enter_context(closing(run_batch(found.inputs, _work(request), settings)))
        report = Report() if many and output is not None else None
        passing = _Passing(
            output_places(found.inputs), _outputs(output, format), teller, report, problems, request.batch.fail_fast
        )
        with suppress(_StoppedError):
            for note in write(passing.plans(outcomes)):
                teller.note(note)
            _finish(output, report, store)
    if many:
        teller.summarise(found.skipped)


def _find(request: Request) -> Found:
    names = request.plans
    if request.batch.from0 is not None:
        names = (*names, *read_names(request.batch.from0))
    return find_inputs(names, Search(request.batch.recursive, request.output))


def _is_one_plan(request: Request, found: Found) -> bool:
    """Only a look at an address tells a document from a folder."""
    is_one_address = request.batch.from0 is None and len(request.plans) == 1 and is_address(request.plans[0])
    return request.is_one_plan or (is_one_address and [item.path for item in found.inputs] == [*request.plans])


def _output(output: str | None, format: str) -> _Output | None:
    """Where something can be kept beside the output; not for standard output, a device or a pipe."""
    if output is None or (os.path.exists(output) and not os.path.isfile(output) and not os.path.isdir(output)):
        return None
    return _Output(Path(output), writes_folder(output, format))


def _open_store(output: _Output, remote: str | None, request: Request, stack: ExitStack) -> Store | RemoteStore:
    """Where records are kept for the next run: beside the output, wherever that is."""
    _work(request).load()  # what is wrong with the patterns is told before a trace of the run is left
    if remote is not None:
        from cchc_extract.batch.addresses import RemoteStore

        return RemoteStore(remote, fingerprint(_work(request)))
    if output.is_folder:
        make_folder(output.path)
    store = Store(output.store, fingerprint(_work(request)))
    stack.callback(store.close)
    output.remove_unfinished()
    return store


def _work(request: Request) -> Work:
    return Work(request.patterns, request.as_of)


def _settings(options: BatchOptions, keeper: Keeper | None, bar: ProgressBar | None) -> Settings:
    bounds = bounds_of(options.jobs, options.timeout, options.memory)
    settings = Settings(bounds, keeper, options.force, options.retry_failed, scheduler=options.scheduler)
    return settings if bar is None else replace(settings, notice=bar.notice)


def _open_bar(request: Request, total: int, problems: Problems, stack: ExitStack) -> ProgressBar | None:
    from cchc_extract.writers.progress import ProgressBar, has_terminal

    to_terminal = request.output is None and sys.stdout is not None and sys.stdout.isatty()
    if request.batch.style in ("quiet", "json") or to_terminal or not has_terminal():
        return None
    bar = ProgressBar(total)
    stack.callback(bar.close)
    problems.say_through(bar.say)
    stack.callback(problems.say_through, say)
    return bar


def _style(request: Request, format: str, many: bool) -> str:
    """A terminal that is to get a summary gets a line for each document."""
    if request.batch.style == "normal" and (format == SUMMARY or not many):
        return "verbose" if format == SUMMARY else "quiet"
    return request.batch.style


def _outputs(output: _Output | None, format: str) -> Callable[[str], str]:
    """What the report calls the output of a document, by its place."""
    if output is not None and output.is_folder and format == "json":
        return lambda place: f"{place}.{format}"
    return lambda _: output.path.name if output is not None else ""


def _read_all(plans: PlanLines) -> tuple[str, ...]:
    """For those who only want to be told."""
    for _ in plans:
        pass
    return ()


def _finish(output: _Output | None, report: Report | None, store: Store | RemoteStore | None) -> None:
    if output is not None and report is not None:
        report.write(output.report)
    if store is not None:
        store.sweep()


@contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """The polite signal ends a batch as Ctrl-C does, with its workers."""

    def end(_signal: int, _frame: object) -> None:
        raise SystemExit(_ENDED)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
