"""The names in results that the registry does not know, as entries for a pattern file of the user's own."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cchc_extract.results import read_plans

_PLACES = 3  # places of a name that are told of


@dataclass(frozen=True, slots=True)
class UnknownAgency:
    """A name that was not matched: how it is written mostly, how often it is there, and in which records first."""

    id: str
    name: str
    kind: str
    count: int
    places: tuple[str, ...]


def unknown_agencies(path: Path) -> tuple[UnknownAgency, ...]:
    """The unmatched names in the JSON and JSON Lines files of a folder (or in one file), the most frequent first.

    Raises as `read_plans`.
    """
    named: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    places: dict[str, list[str]] = defaultdict(list)
    for file, plan in read_plans(path):
        for task in plan["tasks"]:
            for agency in (*task["lead"], *task["coordinating"]):
                if _is_unknown(agency):
                    named[agency["id"]][agency["text"], agency["kind"]] += 1
                    places[agency["id"]].append(f"{file} {task['id']}")
    found = [_sum_up(id, forms, places[id]) for id, forms in named.items()]
    return tuple(sorted(found, key=lambda unknown: (-unknown.count, unknown.id)))


def agencies_to_toml(unknown: Iterable[UnknownAgency]) -> Iterator[str]:
    """An [[agency]] entry a name, as a pattern file holds it; with a comment that tells how often and where it is.

    >>> print(*agencies_to_toml([UnknownAgency("hoi-yeu-song", "Hội Yêu sông", "agency", 5, ("plan.json t2",))]))
    # 5 times: plan.json t2, ...
    [[agency]]
    id = "hoi-yeu-song"
    name = "Hội Yêu sông"
    <BLANKLINE>
    """
    for agency in unknown:
        more = ", ..." if agency.count > len(agency.places) else ""
        lines = [
            f"# {agency.count} times: {', '.join(_plain(place) for place in agency.places)}{more}",
            "[[agency]]",
            f"id = {_quote(agency.id)}",
            f"name = {_quote(agency.name)}",
            *(['kind = "group"'] if agency.kind == "group" else []),
        ]
        yield "\n".join(lines) + "\n"


def _sum_up(id: str, forms: Counter[tuple[str, str]], places: list[str]) -> UnknownAgency:
    (name, kind), _ = min(forms.items(), key=lambda form: (-form[1], form[0]))
    return UnknownAgency(id, name, kind, sum(forms.values()), tuple(dict.fromkeys(places))[:_PLACES])


def _is_unknown(agency: dict[str, Any]) -> bool:
    """Results of before the key `match` tell nothing; a person is as known as the body that it heads."""
    return bool(agency["id"]) and agency.get("match", "") is None and agency["kind"] != "person"


def _quote(text: str) -> str:
    """As a string of TOML, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _plain(text: str) -> str:
    """On one line, as a comment must be."""
    return "".join(c if c.isprintable() else "?" for c in text)
