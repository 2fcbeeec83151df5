"""Numbers, ranges, ranks and units: a table of cases by evidence, and what must hold for any text."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_extract.normalise.quantities import parse_number, parse_range, parse_rank, parse_unit
from cchc_extract.patterns import load_patterns

CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "quantities.toml").read_text("utf-8")
)
SURE = [case for group in ("in_the_wild", "synthetic", "negative") for case in CASES[group]]


def read(case: dict[str, Any]) -> object:
    if case["kind"] == "unit":
        return parse_unit(case["text"], load_patterns())
    found = {"number": parse_number, "range": parse_range, "rank": parse_rank}[case["kind"]](case["text"])
    return list(found) if isinstance(found, tuple) else found


@pytest.mark.parametrize("case", SURE, ids=lambda case: f"{case['kind']} {case['text']}")
def test_cases(case: dict[str, Any]) -> None:
    assert read(case) == case.get("want")


@pytest.mark.xfail(strict=True)
@pytest.mark.parametrize("case", CASES["known_failures"], ids=lambda case: case["why"])
def test_known_failures(case: dict[str, Any]) -> None:
    assert read(case) == case["want"]


@given(st.integers(0, 10**9))
def test_a_whole_number_comes_back_however_it_is_grouped(number: int) -> None:
    assert parse_number(str(number)) == number
    grouped = f"{number:,}".replace(",", ".")
    value = parse_number(grouped)
    assert value == number
    assert type(value) is int


@given(st.integers(0, 99_999), st.integers(0, 99))
def test_a_decimal_comes_back_with_comma_or_stop(whole: int, hundredths: int) -> None:
    assert parse_number(f"{whole},{hundredths:02}") == float(f"{whole}.{hundredths:02}")
    assert parse_number(f"{whole}.{hundredths:02}") == float(f"{whole}.{hundredths:02}")


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_range_never_runs_downwards(low: int, high: int) -> None:
    assert parse_range(f"{low}-{high}") == ((low, high) if low < high else None)
    assert parse_rank(f"{low}/{high}") == ((low, high) if 0 < low <= high else None)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    number, unit = parse_number(text), parse_unit(text, load_patterns())
    assert number is None or number >= 0
    assert unit is None or unit == parse_unit(unit, load_patterns())
    for pair in (parse_range(text), parse_rank(text)):
        assert pair is None or pair[1] is None or pair[0] <= pair[1]
