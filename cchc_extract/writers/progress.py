"""How far a batch is, on a terminal: done, failed, documents a second, time left. No thread draws it."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

_PAUSE = 0.1  # seconds between two drawings


class ProgressBar:
    """A bar on standard error; lines are said above it."""

    def __init__(self, total: int) -> None:
        self._bar = _make_bar()
        self._task = self._bar.add_task("", total=total, failed=0, rate=0.0)
        self._start = self._drawn = time.monotonic()
        self._bar.start()

    def notice(self, finished: int, failed: int) -> None:
        now = time.monotonic()
        if now - self._drawn >= _PAUSE:
            self._drawn = now
            rate = finished / (now - self._start)
            self._bar.update(self._task, completed=finished, failed=failed, rate=rate, refresh=True)

    def say(self, line: str) -> None:
        self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True, emoji=False)

    def close(self) -> None:
        """Takes the bar away."""
        self._bar.stop()


def has_terminal() -> bool:
    """Whether there is a terminal for a bar: on standard error, with nothing else written on it."""
    return sys.stderr is not None and sys.stderr.isatty()


def _make_bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[failed]} failed"),
        TextColumn("{task.fields[rate]:.1f}/s"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        auto_refresh=False,
        transient=True,
    )
