"""Where the outputs of a batch go in a folder."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from cchc_extract.batch.inputs import Input


def output_places(inputs: Sequence[Input]) -> list[str]:
    """The path of each input's output in the output folder, without the suffix of the format.

    That of the input without its suffix; with it where two inputs would come to the same file, and from the folder on
    as it was named where that is not enough. Depends on the names alone.

    >>> output_places([Input("in/a.txt", "a.txt"), Input("in/b.txt", "b.txt"), Input("in/b.pdf", "b.pdf")])
    ['a', 'b.txt', 'b.pdf']
    >>> output_places([Input("x/plan.txt", "plan.txt"), Input("../y/plan.txt", "plan.txt")])
    ['x/plan.txt', 'y/plan.txt']
    """
    candidates = {item.name: (_stem(item.relative), item.relative, _inside(item.name)) for item in inputs}
    uses = [Counter(_fold(places[level]) for places in candidates.values()) for level in range(3)]
    taken: set[str] = set()
    chosen = {name: _choose(places, uses, taken) for name, places in candidates.items()}
    return [chosen[item.name] for item in inputs]


def _choose(places: tuple[str, ...], uses: list[Counter[str]], taken: set[str]) -> str:
    place = next((p for p, used in zip(places, uses, strict=True) if used[_fold(p)] == 1), places[-1])
    number, first = 1, place
    while _fold(place) in taken:
        number += 1
        place = f"{first}-{number}"
    taken.add(_fold(place))
    return place


def _stem(relative: str) -> str:
    return str(PurePath(relative).with_suffix(""))


def _inside(name: str) -> str:
    """A path that stays in the folder that it is put into."""
    path = PurePath(name)
    return str(PurePath(*(part for part in path.parts if part not in ("..", path.anchor)))) if path.parts else name


def _fold(place: str) -> str:
    """What file systems that do not tell letters apart take for the same."""
    return unicodedata.normalize("NFC", place).casefold()
