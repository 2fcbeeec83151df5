"""Options that several commands share, and checks of what is given to them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cchc_extract.errors import UsageError

PatternsFolder = Annotated[str | None, typer.Option("--patterns", metavar="DIR", help="Your own pattern files, added.")]


def path_of(folder: str | None) -> Path | None:
    return None if folder is None else Path(folder)


def local_path(output: str | None) -> str | None:
    """An output at a `file://` address is one on this machine, which can be written better than one elsewhere.

    >>> local_path("file:///srv/out/"), local_path("s3://bucket/out/"), local_path("out.csv")
    ('/srv/out/', 's3://bucket/out/', 'out.csv')
    """
    return output.removeprefix("file://") if output and output.startswith("file:///") else output


def check_choice(option: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        raise UsageError(option, f"{value!r} is unknown", f"use one of {', '.join(known)}")


def check_positive(option: str, value: float | None) -> None:
    if value is not None and not value > 0:
        raise UsageError(option, f"{value:g} is not more than 0", "leave it out, or give it a number")


def parse_day(option: str, text: str | None) -> date | None:
    """A day that the user names: '2026-01-01', or 'today'."""
    if text is None:
        return None
    if text == "today":
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(option, f"{text!r} is no day", "write it as 2026-01-31, or 'today'") from None
