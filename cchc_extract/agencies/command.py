"""The commands about agencies: a spreadsheet's column normalised, one body described, unknown names listed."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_extract.errors import UnreadableInputError, UsageError
from cchc_extract.request import STDIN, Problems

if TYPE_CHECKING:
    from cchc_extract.normalise.registry import AgencyHistory
    from cchc_extract.patterns import Patterns


def do_normalise(file: str, column: str, on: date | None, folder: Path | None, _problems: Problems) -> None:
    """The spreadsheet with what its column of agencies means beside it, to standard output, row by row."""
    from cchc_extract.agencies.sheets import normalise_sheet, read_sheet, sheet_to_csv
    from cchc_extract.patterns import load_patterns
    from cchc_extract.writers.files import write_stdout

    patterns = load_patterns(folder)
    with _opened(file) as stream:
        name = "standard input" if file == STDIN else file
        write_stdout(sheet_to_csv(normalise_sheet(read_sheet(name, stream), column, patterns, on)))


def do_show_agency(agency: str, on: date, folder: Path | None, _problems: Problems) -> None:
    """What the registry knows of a body, by its id or by a name of it."""
    from cchc_extract.normalise.registry import describe_agency
    from cchc_extract.patterns import load_patterns
    from cchc_extract.writers.files import write_stdout

    patterns = load_patterns(folder)
    history = describe_agency(_agency_id(agency, patterns), on, patterns)
    if history is None:
        raise UsageError("agencies show", f"{agency!r} is not in the registry", "give an id or a name that is")
    write_stdout([f"{line}\n".encode() for line in _describe(history, patterns)])


def do_unknown(results: str, _problems: Problems) -> None:
    """The names in results that were not matched, as entries for a pattern file."""
    from cchc_extract.agencies.unknowns import agencies_to_toml, unknown_agencies
    from cchc_extract.writers.files import write_stdout

    write_stdout(f"{entry}\n".encode() for entry in agencies_to_toml(unknown_agencies(Path(results))))


@contextmanager
def _opened(file: str) -> Iterator[io.BufferedReader]:
    if file == STDIN:
        if sys.stdin is None:
            raise UnreadableInputError("standard input", "is closed", "name a file")
        yield sys.stdin.buffer  # type: ignore[misc]  # a BufferedReader, which its type does not promise
        return
    try:
        stream = open(file, "rb")  # noqa: SIM115 - closed below; errors while reading are told by the reader
    except OSError as error:
        raise UnreadableInputError(file, f"cannot be read ({error.strerror})", "check the name") from None
    with stream:
        yield stream


def _agency_id(agency: str, patterns: Patterns) -> str:
    """An id as it is; that of the one body which a name stands for."""
    from cchc_extract.normalise.agencies import parse_agencies

    ids = [found.id for found in parse_agencies(agency, patterns) if found.match and found.id]
    return ids[0] if len(ids) == 1 and agency not in patterns.agencies else agency


def _describe(history: AgencyHistory, patterns: Patterns) -> Iterator[str]:
    yield history.id
    for title, value in (
        ("name", history.name),
        ("also written", "; ".join((*history.variants, *history.abbreviations))),
        ("kind", " ".join(filter(None, (history.kind, history.level)))),
        ("from", history.valid_from),
        ("to", history.valid_to),
        ("came from", _names(history.predecessors, patterns)),
        ("became", _names(history.successors, patterns)),
        ("source", history.source),
        (f"on {history.on}", "itself" if history.is_there else _names(history.stands_for, patterns) or "not there"),
    ):
        if value:
            yield f"  {title}: {value}"


def _names(ids: tuple[str, ...], patterns: Patterns) -> str:
    return "; ".join(f"{patterns.agencies[id].name} ({id})" if id in patterns.agencies else id for id in ids)
