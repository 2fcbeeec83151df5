"""Loads the knowledge in `patterns/*.toml` once into a frozen value that the pipeline passes along.

A file may hold these tables, all lists but the first:
  [fragments]   name = "regex": pieces that rules are composed of, written {name}; an unknown name is an error
  [[rule]]      id, about, regex; optional: value (what a match means), needs (one of these substrings must be there
                before the regex is tried), case (true: the text is matched as written, else in lower case),
                examples and counterexamples (checked by the tests)
  [[words]]     id, about, words; optional: value
  [[agency]]    id, name; optional: variants, kind, level
  [[province]]  code, name; optional: variants

A user's own folder adds to these by the same ids: an entry with a known id replaces the built-in one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import tomli  # compiled, three times as fast as the same code in the standard library

from cchc_extract.errors import PatternError

_FRAGMENT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_KEYS: Mapping[str, frozenset[str]] = {
    "rule": frozenset({"id", "about", "regex", "value", "needs", "case", "examples", "counterexamples"}),
    "words": frozenset({"id", "about", "words", "value"}),
    "agency": frozenset({"id", "name", "variants", "kind", "level"}),
    "province": frozenset({"code", "name", "variants"}),
}
_REQUIRED = {"rule": ("id", "regex"), "words": ("id", "words"), "agency": ("id", "name"), "province": ("code", "name")}
_LISTS = frozenset({"needs", "examples", "counterexamples", "words", "variants"})


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
        for needed in self.needs:  # a plain loop: this is the most called line of the program
            if needed in text:
                return True
        return not self.needs

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        return _compile(self.regex).search(text, start) if self._may_match(text) else None

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        return _compile(self.regex).match(text, start) if self._may_match(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return _compile(self.regex).fullmatch(text) if self._may_match(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return _compile(self.regex).finditer(text) if self._may_match(text) else iter(())


class Words(NamedTuple):
    id: str
    words: tuple[str, ...]
    about: str = ""
    value: str | None = None


class AgencyEntry(NamedTuple):
    id: str
    name: str
    variants: tuple[str, ...] = ()
    kind: str = "agency"
    level: str | None = "province"


class ProvinceEntry(NamedTuple):
    code: str
    name: str
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """All knowledge, by id. Order is the order of the files (by name) and of the entries in them."""

    rules: Mapping[str, Rule]
    word_lists: Mapping[str, Words]
    agencies: Mapping[str, AgencyEntry]
    provinces: Mapping[str, ProvinceEntry]
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
    return Patterns(
        rules={r.id: r for file, t in tables for r in _rules(file, t, fragments)},
        word_lists={w["id"]: Words(**_tuples(w)) for file, t in tables for w in _entries(file, t, "words")},
        agencies={a["id"]: AgencyEntry(**_tuples(a)) for file, t in tables for a in _entries(file, t, "agency")},
        provinces={p["code"]: ProvinceEntry(**_tuples(p)) for file, t in tables for p in _entries(file, t, "province")},
    )


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
    return isinstance(value, bool if key == "case" else str)


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
