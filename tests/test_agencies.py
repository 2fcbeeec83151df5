"""Agencies: tables of cases by evidence, and what must hold of any text."""

from __future__ import annotations

import tomllib
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_extract.model import Province
from cchc_extract.normalise.agencies import (
    find_agencies_at,
    find_province,
    is_agency_list,
    parse_agencies,
    read_agencies,
)  # fmt: skip
from cchc_extract.normalise.agency_words import blank_notes, settle
from cchc_extract.patterns import load_patterns
from cchc_extract.vietnamese import slug

PATTERNS = load_patterns()
CASES = tomllib.loads((Path(__file__).parent / "cases" / "agencies.toml").read_text("utf-8"))
KNOWN_FAILURE = pytest.mark.xfail(strict=True, raises=AssertionError, reason="known failure")

NAMED = sorted(entry.name for entry in PATTERNS.agencies.values() if entry.kind != "person")
VOCABULARY = (
    "các Các sở Sở ban ngành UBND HĐND tỉnh cấp huyện xã thành phố Hà Nội Thái Nguyên và của thuộc Thủ trưởng chủ trì "
    "phối hợp với Nội vụ Tài chính Văn phòng đơn vị cơ quan liên quan 12 ( ) : ; , / - . \n Hội đồng Báo cáo"
)
WORDS = st.sampled_from(VOCABULARY.split(" "))
TEXTS = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=25).map(" ".join))


def cases() -> list[Any]:
    marks = {"known_failures": (KNOWN_FAILURE,)}
    return [
        pytest.param(case, id=f"{group}-{number}", marks=marks.get(group, ()))
        for group, entries in CASES.items()
        for number, case in enumerate(entries)
    ]


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, Any]) -> None:
    if "sentence" in case:
        agencies, end = find_agencies_at(case["sentence"], 0, PATTERNS)
        assert case["sentence"][:end] == case["named"]
    else:
        agencies, unread = read_agencies(case["cell"], PATTERNS)
        assert list(unread) == case.get("unread", [])
        if "list" in case:
            assert is_agency_list(case["cell"], PATTERNS) is case["list"]
    assert [agency.id for agency in agencies] == case["ids"]


@pytest.mark.parametrize("entry", PATTERNS.agencies.values(), ids=lambda entry: entry.id)
def test_every_registered_name_is_found(entry: Any) -> None:
    for text in (entry.name, *entry.variants):
        assert [agency.id for agency in parse_agencies(text, PATTERNS)] == [entry.id], text


def test_ids_are_slugs_and_provinces_complete() -> None:
    assert all(slug(id) == id for id in PATTERNS.agencies)
    assert len(PATTERNS.provinces) == 63
    assert {entry.kind for entry in PATTERNS.agencies.values()} == {"agency", "group", "person"}


def test_words_beside_the_id_are_the_sources() -> None:
    (first, second) = parse_agencies("- Các sở, ban,\nngành có liên quan;\n- Phòng Sông nước (cấp huyện)", PATTERNS)
    assert (first.text, first.kind, first.level) == ("Các sở, ban, ngành có liên quan", "group", "province")
    assert (second.id, second.name, second.text) == ("phong-song-nuoc", None, "Phòng Sông nước")


@pytest.mark.parametrize(
    ("text", "level", "kind"),
    [
        ("UBND huyện Văn Yên", "district", "agency"),
        ("UBND phường Minh Tân", "commune", "agency"),
        ("Bộ Tài chính", "central", "agency"),
        ("Chủ tịch UBND tỉnh", "province", "person"),
        ("UBND cấp xã", "commune", "group"),
        ("Ủy ban MTTQ các cấp", None, "group"),
    ],
)
def test_level_and_kind(text: str, level: str | None, kind: str) -> None:
    (agency,) = parse_agencies(text, PATTERNS)
    assert (agency.level, agency.kind) == (level, kind)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UBND tỉnh Yên Bái", Province("15", "Yên Bái")),
        ("ỦY BAN NHÂN DÂN TỈNH ĐẮK LẮK", Province("66", "Đắk Lắk")),
        ("tỉnh Đắc Lắc", Province("66", "Đắk Lắk")),
        ("UBND thành phố Hà Nội", Province("01", "Hà Nội")),
        ("TP. Hồ Chí Minh", Province("79", "Hồ Chí Minh")),
        ("tỉnh Bà Rịa – Vũng Tàu", Province("77", "Bà Rịa - Vũng Tàu")),
        ("Gia Lai, ngày 01 tháng 02 năm 2021", Province("64", "Gia Lai")),
        ("tỉnh Hoà Bình học tập Hà Nội", Province("17", "Hòa Bình")),
        ("Gia Lai và Kon Tum", None),
        ("vì hòa bình", None),
        ("UBND tỉnh", None),
    ],
)
def test_find_province(text: str, expected: Province | None) -> None:
    assert find_province(text, PATTERNS) == expected


@given(st.lists(st.sampled_from(NAMED), min_size=1, max_size=5, unique=True), st.sampled_from(["; ", ";\n- ", "\n+ "]))
def test_planted_names_come_back(names: list[str], separator: str) -> None:
    wanted = {id for id, entry in PATTERNS.agencies.items() if entry.name in names}
    found = [agency.id for agency in parse_agencies(separator.join(names), PATTERNS)]
    assert set(found) == wanted
    assert len(found) == len(set(found))


@given(TEXTS)
def test_a_cell_gives_each_agency_once_in_the_sources_words(text: str) -> None:
    agencies = parse_agencies(text, PATTERNS)
    ids = [agency.id for agency in agencies]
    assert len(ids) == len(set(ids))
    assert all(agency.id and agency.text for agency in agencies)
    source = " ".join(text.split())
    assert all(agency.text in source for agency in agencies)


@given(st.lists(st.sampled_from(NAMED), min_size=1, max_size=4, unique=True), st.integers(0, 4))
def test_planted_strangers_are_told(names: list[str], at: int) -> None:
    items = [*names[:at], "Sông Lam", *names[at:]]
    reading = read_agencies("; ".join(items), PATTERNS)
    assert reading.unread == ("Sông Lam",)
    assert reading.agencies == parse_agencies("; ".join(names), PATTERNS)


@given(TEXTS)
def test_what_was_not_read_is_in_the_sources_words(text: str) -> None:
    reading = read_agencies(text, PATTERNS)
    source = " ".join(text.split())
    assert all(words and words in source for words in reading.unread)
    assert len(set(reading.unread)) == len(reading.unread)


@given(TEXTS, st.integers(0, 60))
def test_a_list_in_a_sentence_stays_inside_it(text: str, start: int) -> None:
    agencies, end = find_agencies_at(text, start, PATTERNS)
    assert (end > start) if agencies else (end == start)
    assert end <= max(start, len(text))


@given(TEXTS)
def test_a_list_of_agencies_names_some(text: str) -> None:
    assert not is_agency_list(text, PATTERNS) or parse_agencies(text, PATTERNS)


@given(st.text(max_size=40))
def test_blanking_notes_keeps_the_length(text: str) -> None:
    assert len(blank_notes(text)) == len(text)
    assert settle(settle(text)) == settle(text)


@settings(max_examples=20)
@given(st.text(alphabet="sởbancátỉh ,.;:/-\n()1", min_size=1, max_size=6))
def test_time_grows_with_the_text(unit: str) -> None:
    started = perf_counter()
    text = unit * (20_000 // len(unit))
    parse_agencies(text, PATTERNS)
    find_agencies_at(text, 0, PATTERNS)
    assert perf_counter() - started < 2
