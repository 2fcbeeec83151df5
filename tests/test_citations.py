"""One list of the legal documents that many plans name."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_extract.patterns import load_patterns
from cchc_extract.pipeline import extract_plan
from cchc_extract.writers.citations import CitedDocuments, Row
from cchc_extract.writers.jsonout import plan_to_json
from cchc_extract.writers.tabular.layout import ALL_PLANS, load_tables
from cchc_extract.writers.tabular.rows import document_key

PATTERNS = load_patterns()


def reference(
    number: str, day: str | None = None, issuer: str | None = None, *lines: int, **more: str
) -> dict[str, Any]:
    spans = [{"page": None, "lines": [line, line], "bbox": None} for line in lines or (1,)]
    type, relation = more.get("type", "nghị quyết"), more.get("relation", "mention")
    return {
        "type": type, "number": number, "issued_on": day, "issuer": issuer, "relation": relation, "spans": spans,
    }  # fmt: skip


def plan(name: str, *references: dict[str, Any], day: str | None = "2024-01-05", province: str | None = "15") -> Any:
    document = {"issued_on": day, "period": None, "province": province and {"code": province}}
    return {"source": {"sha256": name * 64}, "document": document, "references": list(references)}


def collect(plans: Iterable[Any]) -> list[Row]:
    cited = CitedDocuments(PATTERNS)
    for one in plans:
        cited.add(document_key(one), one)
    return cited.rows()


def listed(*plans: Any) -> list[Row]:
    return collect(plans)


def shown(*plans: Any) -> list[tuple[Any, ...]]:
    return [(row["number"], row["issued_on"], row["plans"], row["mentions"]) for row in listed(*plans)]


def test_a_row_has_the_columns_that_are_described() -> None:
    (row,) = listed(plan("a", reference("76/NQ-CP", "2021-07-15", "Chính phủ", 3, 9, relation="implements")))
    (table,) = (table for table in load_tables() if table.records == ALL_PLANS)
    assert tuple(row) == table.header
    assert row == {
        "key": "76/nqcp/2021", "type": "nghị quyết", "number": "76/NQ-CP", "issued_on": "2021-07-15",
        "other_dates": None, "issuer": "Chính phủ", "province": None, "plans": 1, "mentions": 2, "implements": 1,
        "based_on": 0, "attached_to": 0, "amends": 0, "replaces": 0, "where": f"{'a' * 12}:3,9",
    }  # fmt: skip
    kinds = {"string": str, "integer": int, "date": str}
    assert all(row[c.name] is None or isinstance(row[c.name], kinds[c.type]) for c in table.columns)


def test_spellings_are_one_document_and_the_most_usual_is_shown() -> None:
    plans = [plan("a", reference("76/NQCP", "2021-07-15")), plan("b", reference("76/NQ-CP", "2021-07-15"))]
    plans += [plan("c", reference("76/NQ-CP", "2021-07-15", "Chính phủ"))]
    assert shown(*plans) == [("76/NQ-CP", "2021-07-15", 3, 3)]
    assert listed(*plans)[0]["issuer"] == "Chính phủ"


def test_what_most_plans_name_comes_first() -> None:
    plans = [plan("a", reference("1/NQ-CP", "2024-01-01", None, 1, 2, 3), reference("2/NQ-CP", "2024-01-01"))]
    plans += [plan("b", reference("2/NQ-CP", "2024-01-01"))]
    assert [row["number"] for row in listed(*plans)] == ["2/NQ-CP", "1/NQ-CP"]


def test_the_order_of_the_plans_counts_only_in_the_places() -> None:
    plans = [plan("a", reference("1/NQCP", "2024-01-01")), plan("b", reference("1/NQ-CP", "2024-01-08"))]
    one, other = listed(*plans)[0], listed(*reversed(plans))[0]
    assert {**one, "where": None} == {**other, "where": None}


def test_two_days_of_one_year_are_shown() -> None:
    plans = [
        plan(name, reference("1/NQ-CP", day))
        for name, day in zip("abc", ("2024-01-08", "2024-01-01", "2024-01-08"), strict=True)
    ]
    (row,) = listed(*plans)
    assert (row["issued_on"], row["other_dates"]) == ("2024-01-08", "2024-01-01")


def test_the_same_number_of_another_year_is_another_document() -> None:
    plans = [plan("a", reference("1/NQ-CP", "2023-01-06")), plan("b", reference("1/NQ-CP", "2024-01-05"))]
    assert len(listed(*plans)) == 2


def test_a_number_of_a_province_is_its_own() -> None:
    of = {"type": "quyết định"}
    plans = [
        plan(name, reference("7/QĐ-UBND", "2023-01-06", **of), province=code)
        for name, code in zip("abc", ("15", "15", "66"), strict=True)
    ]
    plans += [plan("d", reference("7/QĐ-UBND", "2023-01-06", "UBND tỉnh Yên Bái", **of), province="66")]
    plans += [plan("e", reference("7/QĐ-TTg", "2023-01-06", **of), province="15")]
    assert [(row["number"], row["province"], row["plans"]) for row in listed(*plans)] == [
        ("7/QĐ-UBND", "15", 3),
        ("7/QĐ-TTg", None, 1),
        ("7/QĐ-UBND", "66", 1),
    ]


@pytest.mark.parametrize(
    ("issuer", "issued_on", "day", "code"),
    [
        ("UBND tỉnh Lào Cai", "2023-01-06", "2026-01-05", "10"),
        ("UBND tỉnh Lào Cai", "2026-01-06", "2026-02-05", "15"),
        ("UBND tỉnh Lào Cai", None, "2026-02-05", "15"),
        ("UBND tỉnh Lào Cai", None, "2024-02-05", "10"),
        ("UBND tỉnh Lào Cai", None, None, "10"),
        ("UBND tỉnh Yên Bái", "2023-01-06", "2026-01-05", "15"),
        ("UBND tỉnh", "2026-01-06", "2026-01-05", "66"),
    ],
)
def test_a_province_has_the_code_of_its_day(issuer: str, issued_on: str | None, day: str | None, code: str) -> None:
    """Lào Cai was 10 before July 2025, and is 15 since: so plans of both times meet in one row."""
    named = reference("7/QĐ-UBND", issued_on, issuer, type="quyết định")
    (row,) = listed(plan("a", named, day=day, province="66"))
    assert row["province"] == code


def test_a_plan_and_one_that_names_its_province_mean_the_same_number() -> None:
    own = reference("7/QĐ-UBND", "2026-01-06", "UBND tỉnh", type="quyết định")
    named = reference("7/QĐ-UBND", "2026-01-06", "UBND tỉnh Lào Cai", type="quyết định")
    plans = [plan("a", own, day="2026-02-05", province="15"), plan("b", named, day="2026-02-05", province="79")]
    assert [(row["key"], row["plans"]) for row in listed(*plans)] == [("7/qdubnd/2026/15", 2)]


def test_a_number_without_a_date_is_the_one_it_can_mean() -> None:
    full, short = plan("a", reference("76/NQ-CP", "2021-07-15")), reference("76/NQ-CP")
    assert shown(full, plan("b", short)) == [("76/NQ-CP", "2021-07-15", 2, 2)]
    assert shown(plan("b", short), full) == [("76/NQ-CP", "2021-07-15", 2, 2)]
    assert len(shown(full, plan("b", short, day="2020-01-05"))) == 2, "older than the document"
    assert len(shown(full, plan("b", short, day=None))) == 2, "of no known year"
    assert len(shown(full, plan("c", reference("76/NQ-CP", "2022-06-01")), plan("b", short))) == 3, "of either year"


def test_a_bare_number_is_the_one_it_can_mean() -> None:
    full, short = plan("a", reference("76/NQ-CP", "2021-07-15")), reference("76", None, "Chính phủ")
    assert shown(full, plan("b", short)) == [("76/NQ-CP", "2021-07-15", 2, 2)]
    assert shown(full, plan("b", short), plan("c", reference("76/NQ-HĐND", "2022-01-01")))[0][2] == 2
    assert len(shown(full, plan("b", reference("76", None, "Bộ Chính trị")))) == 2
    assert len(shown(full, plan("b", reference("76", None, "Chính phủ", type="nghị định")))) == 2
    assert len(shown(full, plan("b", reference("76", "2023-02-01", "Chính phủ")))) == 2


def test_places_are_shortened() -> None:
    plans = [plan("abcdefghijklmnop"[n], reference("1/NQ-CP", "2024-01-01", None, *range(1, 12))) for n in range(13)]
    (row,) = listed(*plans)
    assert str(row["where"]).startswith(f"{'a' * 12}:1,2,3,4,5,6,7,8,+3 ; ")
    assert str(row["where"]).endswith(" ; +3")
    assert row["plans"] == 13


def test_stored_plans_give_what_fresh_ones_do() -> None:
    text = (
        "KẾ HOẠCH\nCải cách hành chính năm 2024 tỉnh Sông Lam\n"
        "Thực hiện Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ, tỉnh ban hành kế hoạch:\n"
        "I. NHIỆM VỤ\n1. Sở Nội vụ rà soát hồ sơ theo Nghị quyết 76 của Chính phủ.\n"
    )
    stored = orjson.loads(plan_to_json(extract_plan(None, text.encode(), PATTERNS)))
    (row,) = listed(stored)
    assert (row["number"], row["implements"], row["mentions"]) == ("76/NQ-CP", 1, 2)
    assert str(row["where"]).endswith(":3,5")


NUMBERS = st.sampled_from(["1/NQ-CP", "1/NQCP", "1", "2-NQ/TW", "2/KH-UBND", "7/A"])
DATES = st.sampled_from([None, "2021-01-01", "2022-02-02"])


@given(st.lists(st.lists(st.tuples(NUMBERS, DATES), max_size=4), max_size=6))
def test_no_mention_is_lost(batch: list[list[tuple[str, str | None]]]) -> None:
    rows = listed(*(plan("abcdef"[n], *(reference(*given) for given in cited)) for n, cited in enumerate(batch)))
    assert sum(int(row["mentions"] or 0) for row in rows) == sum(map(len, batch))
    assert len({row["key"] for row in rows}) == len(rows)


def test_memory_does_not_grow_with_the_plans() -> None:
    def plans(count: int) -> Iterable[Any]:
        for n in range(count):
            yield plan("abcdef"[n % 6], *(reference(f"{k}/NQ-CP", "2021-07-15") for k in range(4)))

    def most(count: int) -> int:
        tracemalloc.start()
        collect(plans(count))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    most(20)  # what is remembered of the patterns
    assert most(1200) < 2 * most(300)
