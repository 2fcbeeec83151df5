"""Plan -> a readable summary on a terminal, in the user's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, TextIO

from cchc_extract.messages import translate
from cchc_extract.model import Agency, Deadline, Facts, Plan, Span, Target, Task
from cchc_extract.writers.jsonout import readable_name

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

_Say = Callable[[str], str]  # English words of ours to those of the user's language
LONGEST_TEXT = 160  # characters of a task or an indicator; the whole of it is in the other formats


def print_summary(plan: Plan, file: TextIO, language: str = "en") -> None:
    """Facts, tasks, targets, what was removed and what is doubtful, as wide as the terminal, coloured if it may be."""
    from rich.console import Console

    console = Console(file=file, highlight=False, soft_wrap=False)
    for part in _parts(plan, partial(translate, language=language)):
        console.print(part)


def _parts(plan: Plan, say: _Say) -> Iterator[RenderableType]:
    yield _text(readable_name(plan.source.file), style="bold cyan")
    yield _grid(_fact_lines(plan.facts, say))
    tasks = (_task_row(task, say) for task in plan.tasks)
    yield _table(f"Tasks: {len(plan.tasks)}", ("", "Task", "Lead", "Deadline"), tasks, say)
    targets = map(_target_row, plan.targets)
    yield _table(f"Targets: {len(plan.targets)}", ("Indicator", "Value", "Scope, year"), targets, say)
    for line in _notes(plan):
        yield _text(say(line), style="yellow")
    yield _text("")


def _text(words: str, style: str = "") -> Text:
    """The words as they are: no markup, and no control characters, which a terminal would obey."""
    from rich.text import Text

    return Text("".join(c if c.isprintable() else " " for c in words), style=style)


def _grid(lines: Iterable[tuple[str, str]]) -> RenderableType:
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    for name, value in lines:
        grid.add_row(_text(name, style="dim"), _text(value))
    return grid


def _table(title: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]], say: _Say) -> RenderableType:
    from rich import box
    from rich.table import Table

    table = Table(title=_text(say(title), style="bold"), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for place, name in enumerate(header):
        table.add_column(say(name), ratio=_width(name), no_wrap=place == 0 and not name, overflow="fold")
    for row in rows:
        table.add_row(*(_text(cell) for cell in row))
    return table


def _width(name: str) -> int | None:
    """The share of the width that a column gets; None for one as wide as its words."""
    return {"Task": 5, "Lead": 2, "Deadline": 2, "Indicator": 6, "Value": 2, "Scope, year": 2}.get(name)


def _fact_lines(facts: Facts, say: _Say) -> Iterator[tuple[str, str]]:
    period, attached = facts.period, facts.attached_to
    lines = (
        ("title", facts.title),
        ("number", _words((facts.type, facts.number))),
        ("issued", _date(facts.issued_on)),
        ("by", facts.issuer and _agency(facts.issuer)),
        ("province", facts.province and facts.province.name),
        ("signed", facts.signer and _words((facts.signer.title, facts.signer.name))),
        ("attached to", attached and _words((attached.type, attached.number, _date(attached.issued_on)))),
        ("period", period and say(f"{_date(period.start) or '?'} to {_date(period.end) or '?'}")),
    )
    return ((say(name), value or "-") for name, value in lines)


def _task_row(task: Task, say: _Say) -> tuple[str, ...]:
    lead = "; ".join(map(_agency, task.lead))
    deadlines = "; ".join(_deadline(deadline, say) for deadline in task.deadlines)
    return task.marker or "", shorten(task.text), lead, deadlines


def _target_row(target: Target) -> tuple[str, ...]:
    where = _words((target.scope, str(target.year) if target.year else None), ", ")
    return shorten(target.indicator), _amount(target), where


def _amount(target: Target) -> str:
    """The number as a person would write it: '>= 5-7 bậc', '= 10/63 hạng', '>= +2 %'."""
    value = f"{target.value:g}" if isinstance(target.value, float) else str(target.value)
    if target.value_max is not None:
        value += f"-{target.value_max}"
    if target.out_of is not None:
        value += f"/{target.out_of}"
    change = {"increase": "+", "decrease": "-"}.get(target.change or "")
    return _words((target.comparator, f"{change or ''}{value}", target.unit))


def _notes(plan: Plan) -> Iterator[str]:
    for duplicate in plan.duplicates:
        yield f"removed: {_place(duplicate.span)} repeat {_place(duplicate.of)}"
    for warning in plan.warnings:
        place = f" ({_place(warning.span)})" if warning.span else ""
        yield f"warning: {warning.message}{place}"


def _agency(agency: Agency) -> str:
    return agency.name or agency.text


def _deadline(deadline: Deadline, say: _Say) -> str:
    if deadline.kind == "by" and deadline.end:
        return say(f"by {deadline.end}")
    return deadline.text


def _date(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _place(span: Span) -> str:
    """Where it stands, in words.

    >>> _place(Span(lines=(3, 5))), _place(Span(lines=(7, 7), page=2)), _place(Span())
    ('lines 3-5', 'page 2 line 7', 'an unknown place')
    """
    first, last = span.lines or (None, None)
    lines = (f"line {first}" if first == last else f"lines {first}-{last}") if first else None
    return _words((f"page {span.page}" if span.page else None, lines)) or "an unknown place"


def _words(words: Iterable[str | None], between: str = " ") -> str:
    return between.join(word for word in words if word)


def shorten(text: str, longest: int = LONGEST_TEXT) -> str:
    """A text cut after a word, with an ellipsis where something was cut.

    >>> shorten("one two three", 9)
    'one two …'
    """
    if len(text) <= longest:
        return text
    return text[: longest - 1].rpartition(" ")[0] + " …" if " " in text[: longest - 1] else text[: longest - 1] + "…"
