"""The pattern files: every regex does what its examples say, the files are in order, and a wrong file is told of."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cchc_extract.errors import PatternError
from cchc_extract.normalise.agency_words import index_of
from cchc_extract.patterns import AgencyEntry, Rule, builtin_folder, load_patterns
from cchc_extract.vietnamese import fold

FILES = sorted(builtin_folder().glob("*.toml"))
RULES = list(load_patterns().rules.values())
FRAGMENT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
KINDS = {"agency", "group", "person", "unknown"}
LEVELS = {"central", "province", "district", "commune"}

by_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
by_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def _table(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text("utf-8"))


def _entries(kind: str) -> list[dict[str, Any]]:
    return [entry for file in FILES for entry in _table(file).get(kind, [])]


def _as_given(rule: Rule, text: str) -> str:
    return text if rule.case else fold(text)


# --- rules --------------------------------------------------------------------------------------------------------


@by_rule
def test_a_rule_matches_its_examples(rule: Rule) -> None:
    assert [text for text in rule.examples if not rule.search(_as_given(rule, text))] == []


@by_rule
def test_a_rule_matches_none_of_its_counterexamples(rule: Rule) -> None:
    assert [text for text in rule.counterexamples if rule.search(_as_given(rule, text))] == []


@by_rule
def test_a_rule_says_what_it_is_about_and_shows_it(rule: Rule) -> None:
    assert rule.about.strip()
    assert rule.examples


@by_rule
def test_a_regex_can_match_folded_text(rule: Rule) -> None:
    """A capital outside of an escape or a group name could never match text in lower case."""
    bare = re.sub(r"\\.|\(\?P[<=]\w+[>)]", "", rule.regex)
    assert rule.case or bare == bare.lower()


@by_rule
def test_what_a_rule_needs_is_in_every_text_that_its_regex_matches(rule: Rule) -> None:
    """`needs` may save time but must not change what is found."""
    regex = re.compile(rule.regex)
    texts = [_as_given(rule, text) for text in (*rule.examples, *rule.counterexamples)]
    assert [text for text in texts if regex.search(text) and not rule.search(text)] == []


@by_rule
def test_a_regex_matches_no_empty_stretch_everywhere(rule: Rule) -> None:
    """An empty match in plain words would make a search find something in every text."""
    found = rule.search("xyz xyz")
    assert found is None or found.group() or found.start() in (0, 7)


def test_every_group_that_the_code_reads_by_name_compiles_once() -> None:
    assert [rule.id for rule in RULES if len(set(re.compile(rule.regex).groupindex)) != rule.regex.count("(?P<")] == []


# --- files --------------------------------------------------------------------------------------------------------


@by_file
def test_a_file_is_nfc_without_tabs_or_trailing_spaces(file: Path) -> None:
    text = file.read_text("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert "\t" not in text
    assert "\r" not in text
    assert [n for n, line in enumerate(text.split("\n"), 1) if line != line.rstrip()] == []
    assert text.endswith("\n")


@by_file
def test_a_file_begins_with_what_it_is_for(file: Path) -> None:
    assert file.read_text("utf-8").startswith("# ")


@by_file
def test_no_list_holds_a_word_twice(file: Path) -> None:
    table = _table(file)
    lists = [(entry.get("id") or entry.get("code"), key, value)
             for kind in ("rule", "words", "agency", "province")
             for entry in table.get(kind, [])
             for key, value in entry.items() if isinstance(value, list)]  # fmt: skip
    assert [
        (id, key, Counter(value).most_common(1)[0]) for id, key, value in lists if len(set(value)) < len(value)
    ] == []


@by_file
def test_no_word_or_name_is_blank(file: Path) -> None:
    table = _table(file)
    for kind in ("rule", "words", "agency", "province"):
        for entry in table.get(kind, []):
            named = [entry.get(key, "-") for key in ("id", "code", "name", "about", "regex")]
            lists = ("words", "variants", "abbreviations", "needs")
            listed = [text for key in lists for text in entry.get(key, [])]
            assert all(text.strip() for text in (*named, *listed)), entry


@pytest.mark.parametrize(("kind", "key"), [("rule", "id"), ("words", "id"), ("agency", "id")])
def test_ids_are_unique_over_all_files(kind: str, key: str) -> None:
    counted = Counter(entry[key] for entry in _entries(kind))
    assert counted
    assert [id for id, count in counted.items() if count > 1] == []


def test_codes_of_provinces_are_unique_at_any_time() -> None:
    counted = Counter((entry["code"], "valid_from" in entry) for entry in _entries("province"))
    assert [code for code, count in counted.items() if count > 1] == []


def test_fragments_are_unique_over_all_files_and_every_one_is_used() -> None:
    defined = Counter(name for file in FILES for name in _table(file).get("fragments", {}))
    assert [name for name, count in defined.items() if count > 1] == []
    regexes = [rule["regex"] for rule in _entries("rule")]
    regexes += [regex for file in FILES for regex in _table(file).get("fragments", {}).values()]
    used = {name for regex in regexes for name in FRAGMENT.findall(regex)}
    assert used - set(defined) == set()
    assert set(defined) - used == set()


def test_no_fragment_is_left_in_a_loaded_rule() -> None:
    assert [rule.id for rule in RULES if FRAGMENT.search(rule.regex)] == []


# --- registries ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("agency", load_patterns().agencies.values(), ids=lambda agency: agency.id)
def test_an_agency_is_of_a_known_kind_and_level(agency: AgencyEntry) -> None:
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", agency.id)
    assert agency.kind in KINDS
    assert not agency.level or agency.level in LEVELS


def test_no_two_bodies_have_a_name_in_common() -> None:
    """However it is written: the second would never be found."""
    index = index_of(load_patterns())
    ids = {words: {id for other, id in index.phrases if other == words} for words, _ in index.phrases}
    assert {words: found for words, found in ids.items() if len(found) > 1} == {}


def test_no_name_of_a_body_is_listed_twice() -> None:
    index = index_of(load_patterns())
    assert [phrase for phrase, count in Counter(index.phrases).items() if count > 1] == []


def test_provinces_have_codes_of_two_digits_and_names_of_their_own() -> None:
    provinces = load_patterns().provinces.values()
    assert all(re.fullmatch(r"\d{2}", province.code) for province in provinces)
    names = Counter(fold(name) for p in provinces for name in (p.name, *p.variants))
    assert [name for name, count in names.items() if count > 1] == []


# --- a user's own folder ------------------------------------------------------------------------------------------

OWN = """# Patterns of our own.

[fragments]
own_word = "hội đồng"

[[rule]]
id = "label.task"
about = "Replaces the built-in rule."
regex = '^{own_word} giao\\s*:'
value = "task"
examples = ["hội đồng giao: rà soát"]

[[words]]
id = "own.words"
about = "A list that is not there yet."
words = ["một", "hai"]

[[agency]]
id = "hoi-dong-song-lam"
name = "Hội đồng sông Lam"
variants = ["hđ sông lam"]

[[province]]
code = "99"
name = "Sông Lam"
"""


def test_a_folder_of_ones_own_adds_and_replaces(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN, "utf-8")
    built_in, own = load_patterns(), load_patterns(tmp_path)
    assert own.rule("label.task").match("hội đồng giao: rà soát")
    assert not own.rule("label.task").match("nhiệm vụ: rà soát")
    assert built_in.rule("label.task").match("nhiệm vụ: rà soát")
    assert own.words("own.words") == ("một", "hai")
    assert own.agencies["hoi-dong-song-lam"].name == "Hội đồng sông Lam"
    assert own.provinces["99"].name == "Sông Lam"
    assert set(built_in.rules) == set(own.rules)
    assert set(own.agencies) - set(built_in.agencies) == {"hoi-dong-song-lam"}


ADDED = """# More ways to write a name.

[[agency]]
id = "so-noi-vu"
variants = ["Sở Tổ chức"]
abbreviations = ["SNV"]
"""


def test_an_agency_without_a_name_adds_to_the_one_of_its_id(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(ADDED, "utf-8")
    built_in, own = load_patterns().agencies["so-noi-vu"], load_patterns(tmp_path).agencies["so-noi-vu"]
    assert own.name == built_in.name
    assert own.variants == (*built_in.variants, "Sở Tổ chức")
    assert own.abbreviations == (*built_in.abbreviations, "SNV")


WRONG = {
    "unknown table": '[[rules]]\nid = "a"\n',
    "unknown key": '[[rule]]\nid = "a.b"\nabout = "x"\nregexp = "a"\n',
    "unknown key in words": '[[words]]\nid = "a.b"\nabout = "x"\nword = ["a"]\n',
    "no id": '[[rule]]\nabout = "x"\nregex = "a"\n',
    "unknown fragment": '[[rule]]\nid = "a.b"\nabout = "x"\nregex = "{no_such_fragment}"\n',
    "circular fragment": '[fragments]\none = "{two}"\ntwo = "{one}"\n',
    "no regular expression": '[[rule]]\nid = "a.b"\nabout = "x"\nregex = "(a"\n',
    "no TOML": "id = \n",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_a_pattern_error_of_one_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(text, "utf-8")
    with pytest.raises(PatternError) as caught:
        load_patterns(tmp_path)
    message = str(caught.value)
    assert message.count("\n") == 0
    assert message.count(";") >= 1
    assert caught.value.exit_code == 6


INCOMPLETE = {
    "rule without a regex": '[[rule]]\nid = "a.b"\nabout = "x"\n',
    "agency without a name": '[[agency]]\nid = "a"\n',
    "agency followed by an unknown one": '[[agency]]\nid = "a"\nname = "A"\nsuccessors = ["b"]\n',
    "a day in words": '[[agency]]\nid = "a"\nname = "A"\nvalid_to = "2025-02-28"\n',
    "a day with an hour": '[[agency]]\nid = "a"\nname = "A"\nvalid_to = 2025-02-28T00:00:00\n',
    "words that are no list": '[[words]]\nid = "a.b"\nabout = "x"\nwords = "a"\n',
    "regex that is a number": '[[rule]]\nid = "a.b"\nabout = "x"\nregex = 1\n',
    "a table that is no list": '[rule]\nid = "a.b"\n',
    "fragment that is a number": "[fragments]\none = 1\n",
    "a list of numbers": '[[words]]\nid = "a.b"\nabout = "x"\nwords = [1]\n',
}


@pytest.mark.parametrize("text", INCOMPLETE.values(), ids=INCOMPLETE)
def test_an_incomplete_entry_is_a_pattern_error_of_one_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(text, "utf-8")
    with pytest.raises(PatternError) as caught:
        load_patterns(tmp_path)
    assert str(caught.value).count("\n") == 0


def test_bytes_that_are_no_text_are_a_pattern_error(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PatternError, match="cannot be read"):
        load_patterns(tmp_path)


@pytest.mark.parametrize("name", ["", "missing", "file.txt"])
def test_a_folder_without_pattern_files_is_a_pattern_error(name: str, tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("x", "utf-8")
    with pytest.raises(PatternError, match="holds no pattern files"):
        load_patterns(tmp_path / name)


def test_loading_gives_the_same_value_each_time() -> None:
    assert load_patterns() is load_patterns()
