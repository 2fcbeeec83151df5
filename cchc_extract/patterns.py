"""Loads the knowledge in `patterns/*.toml` once into a frozen value that the pipeline passes along.

A file may hold these tables, all lists but the first:
  [fragments]   name = "regex": pieces that rules are composed of, written {name}; an unknown name is an error
  [[rule]]      id, about, regex; optional: value (what a match means), needs (one of these substrings must be there
                before the regex is tried), case (true: the text is matched as written, else in lower case),
                examples and counterexamples (checked by the tests)
  [[words]]     id, about, words; optional: value
  [[agency]]    id, name; optional: variants and abbreviations (other ways to write the name), kind, level, valid_from
                and valid_to (its first and last day), successors (ids of those who took over), source (the legal
                document of the change)
  [[province]]  code, name; optional: variants, seat, valid_from, valid_to, successor (the code of the one it went
                into), source
  [[limit]]     id, most (a whole number); what it bounds is told by `about`

A user's own folder adds to these by the same ids: an entry with a known id replaces the built-in one, but for an
[[agency]] without a name, which adds its variants and abbreviations to it. Codes of provinces were given anew in the
mergers: an entry with `valid_from` is another than the one of that code before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import tomli  # compiled, three times as fast as the same code in the standard library

from cchc_extract.errors import PatternError

_FRAGMENT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_KEYS: Mapping[str, frozenset[str]] = {
    "rule": frozenset({"id", "about", "regex", "value", "needs", "case", "examples", "counterexamples"}),
    "words": frozenset({"id", "about", "words", "value"}),
    "agency": frozenset(
        {"id", "name", "variants", "abbreviations", "kind", "level", "valid_from", "valid_to", "successors", "source"}
    ),
    "province": frozenset({"code", "name", "variants", "seat", "valid_from", "valid_to", "successor", "source"}),
    "limit": frozenset({"id", "about", "most"}),
}
_REQUIRED = {
    "rule": ("id", "regex"),
    "words": ("id", "words"),
    "agency": ("id",),
    "province": ("code", "name"),
    "limit": ("id", "most"),
}
_LISTS = frozenset({"needs", "examples", "counterexamples", "words", "variants", "abbreviations", "successors"})
_TYPES: Mapping[str, type] = {"case": bool, "valid_from": date, "valid_to": date}


@lru_cache(maxsize=1024)
def _compile(regex: str) -> re.Pattern[str]:
    return re.compile(regex)


class Rule(NamedTuple):
    """One regex with its meaning. It is compiled when first tried; give it folded text unless `case` is true."""

    id: str
    regex: str
    about: str = ""
    value: str | None = None
    needs: tuple[str, ...] = ()
    case: bool = False
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()

    def _may_match(self, text: str) -> bool:
        for needed in self.needs:  # a plain loop: this is one of the most called lines of the program
            if needed in text:
                return True
        return not self.needs

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        return None if self.needs and not self._may_match(text) else _compile(self.regex).search(text, start)

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        return None if self.needs and not self._may_match(text) else _compile(self.regex).match(text, start)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return None if self.needs and not self._may_match(text) else _compile(self.regex).fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return iter(()) if self.needs and not self._may_match(text) else _compile(self.regex).finditer(text)


class Words(NamedTuple):
    id: str
    words: tuple[str, ...]
    about: str = ""
    value: str | None = None


class AgencyEntry(NamedTuple):
    """A body. No `valid_from`: it is older than the plans are; no `valid_to`: it is there today."""

    id: str
    name: str
    variants: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    kind: str = "agency"
    level: str | None = "province"
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()
    source: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every way to write the name that is listed."""
        return (self.name, *self.variants, *self.abbreviations)


class ProvinceEntry(NamedTuple):
    """A province in the borders of one time; the days as with bodies."""

    code: str
    name: str
    variants: tuple[str, ...] = ()
    seat: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """All knowledge, by id. Order is the order of the files (by name) and of the entries in them.

    `provinces` are those that plans begin with, `new_provinces` those that came later, both by code.
    """

    rules: Mapping[str, Rule]
    word_lists: Mapping[str, Words]
    agencies: Mapping[str, AgencyEntry]
    provinces: Mapping[str, ProvinceEntry]
    new_provinces: Mapping[str, ProvinceEntry]
    limits: Mapping[str, int]
    groups: dict[str, tuple[Rule, ...]] = field(default_factory=dict, repr=False)

    def rule(self, id: str) -> Rule:
        return self.rules[id]

    def group(self, prefix: str) -> tuple[Rule, ...]:
        """The rules whose id begins with `prefix.`, in file order."""
        found = self.groups.get(prefix)
        if found is None:
            found = self.groups[prefix] = tuple(r for id, r in self.rules.items() if id.startswith(prefix + "."))
        return found

    def words(self, id: str) -> tuple[str, ...]:
        return self.word_lists[id].words

    def limit(self, id: str) -> int:
        """How much of something is read at most; what, and in which unit, the entry tells."""
        return self.limits[id]

    def word_group(self, prefix: str) -> tuple[Words, ...]:
        """The word lists whose id begins with `prefix.`, in file order."""
        return tuple(words for id, words in self.word_lists.items() if id.startswith(prefix + "."))


def builtin_folder() -> Path:
    """Where the shipped pattern files are: inside the wheel, or beside the package in a checkout."""
    shipped = Path(__file__).parent / "_patterns"
    return shipped if shipped.is_dir() else Path(__file__).parent.parent / "patterns"


@lru_cache(maxsize=4)
def load_patterns(extra: Path | None = None) -> Patterns:
    """The built-in patterns, with a user's own folder added when given. Raises PatternError on a wrong file."""
    files = sorted(builtin_folder().glob("*.toml"))
    if extra is not None:
        own = sorted(extra.glob("*.toml")) if extra.is_dir() else []
        if not own:
            raise PatternError(str(extra), "holds no pattern files", "name a folder with *.toml files")
        files += own
    tables = [(file, _read_toml(file)) for file in files]
    for file, table in tables:
        if file.parent != builtin_folder():  # a test checks the shipped ones
            _check_values(file, table)
    fragments = _expand_fragments(tables)
    provinces = [ProvinceEntry(**_tuples(p)) for file, t in tables for p in _entries(file, t, "province")]
    return Patterns(
        rules={r.id: r for file, t in tables for r in _rules(file, t, fragments)},
        word_lists={w["id"]: Words(**_tuples(w)) for file, t in tables for w in _entries(file, t, "words")},
        agencies=_agencies(tables),
        provinces={p.code: p for p in provinces if p.valid_from is None},
        new_provinces={p.code: p for p in provinces if p.valid_from is not None},
        limits={limit["id"]: limit["most"] for file, t in tables for limit in _entries(file, t, "limit")},
    )


def _agencies(tables: Iterable[tuple[Path, Mapping[str, Any]]]) -> dict[str, AgencyEntry]:
    """The bodies by id. Raises PatternError where one has no name, or is followed by one that there is not."""
    agencies: dict[str, AgencyEntry] = {}
    for file, table in tables:
        for entry in _entries(file, table, "agency"):
            values = _tuples(entry)
            id = values["id"]
            if "name" in values:
                agencies[id] = AgencyEntry(**values)
            elif id in agencies:
                agencies[id] = _add(agencies[id], values)
            else:
                raise PatternError(f"{file} [[agency]] {id}", "has no 'name', and its id is new", "give it a name")
    unknown = {id for entry in agencies.values() for id in entry.successors} - agencies.keys()
    if unknown:
        raise PatternError("[[agency]] successors", f"an unknown id {min(unknown)!r}", "enter that body too")
    return agencies


def _add(known: AgencyEntry, values: Mapping[str, Any]) -> AgencyEntry:
    """The entry with more ways to write its name, and with all else that is given anew."""
    names = {key: getattr(known, key) + values.get(key, ()) for key in ("variants", "abbreviations")}
    return known._replace(**{**values, **names})


def read_output_words(name: str) -> dict[str, Any]:
    """A shipped file of `output/`: words that only some writers need, and that are no pattern, read when asked for."""
    return tomli.loads((builtin_folder() / "output" / name).read_text("utf-8"))


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        table = tomli.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomli.TOMLDecodeError) as error:
        raise PatternError(str(file), f"cannot be read ({error})", "correct the file") from None
    unknown = set(table) - set(_KEYS) - {"fragments"}
    if unknown:
        raise PatternError(str(file), f"unknown table {min(unknown)!r}", f"use {', '.join(sorted(_KEYS))}")
    return table


def _entries(file: Path, table: Mapping[str, Any], kind: str) -> Iterable[dict[str, Any]]:
    for entry in table.get(kind, ()):
        name = entry.get("id") or entry.get("code")
        unknown = set(entry) - _KEYS[kind]
        if unknown or not name:
            wrong = f"unknown key {min(unknown)!r}" if unknown else "an entry without an id"
            known = ", ".join(sorted(_KEYS[kind]))
            raise PatternError(f"{file} [[{kind}]] {name or ''}".rstrip(), wrong, f"use {known}")
        yield entry


def _check_values(file: Path, table: Mapping[str, Any]) -> None:
    """Raises PatternError where a user's own file lacks a value, or has one of another type than ours."""
    fragments = table.get("fragments", {})
    if not isinstance(fragments, dict) or not all(isinstance(text, str) for text in fragments.values()):
        raise PatternError(f"{file} [fragments]", "holds something that is no text", "write name = 'regex' lines")
    for kind in _KEYS:
        entries = table.get(kind, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise PatternError(f"{file} [{kind}]", "is no list of entries", f"begin each entry with [[{kind}]]")
        for entry in entries:
            missing = [key for key in _REQUIRED[kind] if not entry.get(key)]
            wrong = missing or [key for key, value in entry.items() if not _is_right_type(key, value)]
            if wrong:
                where = f"{file} [[{kind}]] {entry.get('id') or entry.get('code') or ''}".rstrip()
                what = "has no" if missing else "has a value of a wrong type for"
                raise PatternError(where, f"{what} {wrong[0]!r}", "see the shipped pattern files for how it looks")


def _is_right_type(key: str, value: object) -> bool:
    if key in _LISTS:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if key == "most":
        return type(value) is int and value > 0
    return type(value) is _TYPES.get(key, str)  # a date is no time of day, though Python would have it so


def _tuples(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}


def _expand_fragments(tables: Iterable[tuple[Path, Mapping[str, Any]]]) -> dict[str, str]:
    raw: dict[str, str] = {}
    for _, table in tables:
        raw.update(table.get("fragments", {}))
    done: dict[str, str] = {}
    for name in raw:
        _expand(f"fragment {name}", f"{{{name}}}", raw, done)
    return done


def _expand(where: str, regex: str, raw: Mapping[str, str], done: dict[str, str], depth: int = 0) -> str:
    def put(match: re.Match[str]) -> str:
        name = match[1]
        if name not in done:
            if name not in raw or depth > 20:
                raise PatternError(where, f"unknown or circular fragment {{{name}}}", "define it under [fragments]")
            done[name] = _expand(where, raw[name], raw, done, depth + 1)
        return f"(?:{done[name]})"

    return _FRAGMENT.sub(put, regex)


def _rules(file: Path, table: Mapping[str, Any], fragments: dict[str, str]) -> Iterable[Rule]:
    shipped = file.parent == builtin_folder()  # the tests compile these; a user's own are compiled here and now
    for entry in _entries(file, table, "rule"):
        where = f"{file} [[rule]] {entry['id']}"
        rule = Rule(**{**_tuples(entry), "regex": _expand(where, entry["regex"], {}, fragments)})
        if not shipped:
            try:
                _compile(rule.regex)
            except re.error as error:
                raise PatternError(where, f"not a regular expression ({error})", "correct it") from None
        yield rule
