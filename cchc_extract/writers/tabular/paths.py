"""Path -> reader: how a column's value is found in a record of a plan's JSON object.

`a.b` and `a.0` go inwards; `a[].b` joins the values of a list, `a[].b[].c` those of lists in a list; `a|b` is the
first that is there; `#a` counts a list; "." is the record itself; `$document`, `$parent.id`, `$list` and `$position`
tell of its place. What is not there is None, so that a plan stored before a key was added still has its row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

SEPARATOR = " ; "
INNER_SEPARATOR = " + "  # of the values of one item, where each item of a list has several

Value = str | int | float | bool | None


class Place(NamedTuple):
    """Where a record stands: its document's key, the record around it, and its list and place (from 1) there."""

    document: str
    parent: Any
    list: str
    position: int


Read = Callable[[Any, Place], Value]
_Get = Callable[[Any], Any]


def path_to_reader(path: str) -> Read:
    """The function that reads a path.

    >>> task = {"id": "t1", "lead": [{"name": "Sở Nội vụ"}, {"name": None, "text": "Tổ 7"}], "span": {"lines": (3, 4)}}
    >>> place = Place("0123456789ab", None, "tasks", 1)
    >>> [path_to_reader(path)(task, place) for path in ("id", "span.lines.1", "lead[].name|text", "area.name")]
    ['t1', 4, 'Sở Nội vụ ; Tổ 7', None]
    >>> [path_to_reader(path)(task, place) for path in ("#lead", "r$position", "$document")]
    [2, 'r1', '0123456789ab']
    >>> task = {"lead": [{"as_of": [{"id": "so-noi-vu"}, {"id": "so-y-te"}]}, {}, {"as_of": [{"id": "so-tu-phap"}]}]}
    >>> path_to_reader("lead[].as_of[].id")(task, place)
    'so-noi-vu + so-y-te ;  ; so-tu-phap'
    """
    if "$" in path:
        return _place_reader(path)
    get = _counter(path[1:]) if path.startswith("#") else _joiner(path) if "[]" in path else _first(path)
    return lambda record, _: get(record)


def join(values: Iterable[object], separator: str = SEPARATOR) -> str | None:
    """Values in one cell, with an empty place for a null, so that lists of one record stay in step.

    >>> join(["a", None, "b"])
    'a ;  ; b'
    >>> join([None, None]) is None
    True
    """
    texts = ["" if value is None else str(value) for value in values]
    return separator.join(texts) if any(texts) else None


def _place_reader(path: str) -> Read:
    letters, _, inner = path.partition("$")
    get = _walker(inner)
    if letters:
        return lambda _, place: f"{letters}{get(place)}"
    return lambda _, place: get(place)


def _counter(path: str) -> _Get:
    get = _walker(path)
    return lambda record: len(get(record) or ())


def _joiner(path: str, separator: str = SEPARATOR) -> _Get:
    outer, _, inner = path.partition("[]")
    inner = inner.removeprefix(".") or "."
    get_list, get_value = _walker(outer), _joiner(inner, INNER_SEPARATOR) if "[]" in inner else _first(inner)
    return lambda record: join(map(get_value, get_list(record) or ()), separator)


def _first(path: str) -> _Get:
    """Reads `a.b|c`: a.b, or a.c where that is None."""
    stem, _, last = path.rpartition(".")
    names = last.split("|")
    if len(names) == 1:
        return _walker(path)
    getters = [_walker(f"{stem}.{name}" if stem else name) for name in names]
    return lambda record: next((value for get in getters if (value := get(record)) is not None), None)


def _walker(path: str) -> _Get:
    steps = tuple(step for step in path.split(".") if step)

    def get(value: Any) -> Any:
        for step in steps:
            if value is None:
                return None
            value = _inner(value, step)
        return value

    return get


def _inner(value: Any, step: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(step)
    if step.isdecimal():
        return value[int(step)] if int(step) < len(value) else None
    return getattr(value, step)
