"""Who is who on a given day: mergers of bodies and provinces, there and back, and what a plan's head makes of them."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_extract.model import Province
from cchc_extract.normalise.registry import (
    agency_as_of,
    describe_agency,
    entry_on,
    predecessors_of,
    province_on,
    successors_on,
)
from cchc_extract.patterns import AgencyEntry, ProvinceEntry, load_patterns
from cchc_extract.pipeline import extract_plan
from cchc_extract.writers.jsonout import plan_to_json

PATTERNS = load_patterns()
AGENCIES = list(PATTERNS.agencies.values())
ENDED = [entry for entry in AGENCIES if entry.valid_to]
OLD = list(PATTERNS.provinces.values())
NOW = [p for p in (*OLD, *PATTERNS.new_provinces.values()) if p.valid_to is None]
BEFORE, AFTER = date(2025, 2, 28), date(2025, 3, 1)

SOURCE = re.compile(r"(Nghị định|Nghị quyết|Quyết định|Luật|Công văn) \d+")
DAYS = st.dates(date(2005, 1, 1), date(2030, 12, 31))

# The mergers of 1 March 2025, of the departments and of the ministries alike.
MERGERS = {
    "ke-hoach-va-dau-tu": {"tai-chinh"},
    "giao-thong-van-tai": {"xay-dung"},
    "thong-tin-va-truyen-thong": {"khoa-hoc-va-cong-nghe", "van-hoa-the-thao-va-du-lich"},
    "tai-nguyen-va-moi-truong": {"nong-nghiep-va-moi-truong"},
    "nong-nghiep-va-phat-trien-nong-thon": {"nong-nghiep-va-moi-truong"},
    "lao-dong-thuong-binh-va-xa-hoi": {"noi-vu", "y-te", "giao-duc-va-dao-tao"},
}
SPRING = [
    *((f"{kind}-{old}", {f"{kind}-{id}" for id in new}) for kind in ("so", "bo") for old, new in MERGERS.items()),
    ("ban-dan-toc", {"so-dan-toc-va-ton-giao"}),
    ("uy-ban-dan-toc", {"bo-dan-toc-va-ton-giao"}),
]


# --- bodies -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("old", "new"), SPRING, ids=lambda value: value if isinstance(value, str) else "")
def test_a_merger_of_departments_or_ministries_round_trips(old: str, new: set[str]) -> None:
    entry = PATTERNS.agencies[old]
    assert (entry.valid_to, bool(entry.source)) == (BEFORE, True)
    assert successors_on(old, BEFORE, PATTERNS) == (old,)
    assert set(successors_on(old, AFTER, PATTERNS)) == new
    assert all(old in predecessors_of(id, PATTERNS) for id in new)


@pytest.mark.parametrize(
    ("id", "day", "expected"),
    [
        ("so-thong-tin-va-truyen-thong", date(2026, 1, 1), "so-khoa-hoc-va-cong-nghe so-van-hoa-the-thao-va-du-lich"),
        ("cuc-thue-tinh", date(2025, 4, 1), "chi-cuc-thue-khu-vuc"),
        ("cuc-thue-tinh", date(2025, 7, 1), "thue-tinh"),
        ("phong-lao-dong-thuong-binh-va-xa-hoi", date(2025, 4, 1), "phong-noi-vu"),
        ("phong-lao-dong-thuong-binh-va-xa-hoi", date(2026, 1, 1), "phong-van-hoa-xa-hoi"),
        ("nhom-ubnd-cap-huyen", date(2025, 6, 30), "nhom-ubnd-cap-huyen"),
        ("nhom-ubnd-cap-huyen", date(2025, 7, 1), "nhom-ubnd-cap-xa"),
        ("thanh-tra-so", date(2026, 1, 1), "thanh-tra-tinh"),
        ("bao-tinh", date(2026, 1, 1), "bao-va-phat-thanh-truyen-hinh-tinh"),
        ("so-noi-vu", date(2026, 1, 1), "so-noi-vu"),
        ("so-nong-nghiep-va-moi-truong", date(2020, 1, 1), ""),
        ("phong-song-nuoc", date(2026, 1, 1), ""),
    ],
)
def test_successors_on_a_day(id: str, day: date, expected: str) -> None:
    assert " ".join(successors_on(id, day, PATTERNS)) == expected


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("so-nong-nghiep-va-moi-truong", "so-tai-nguyen-va-moi-truong so-nong-nghiep-va-phat-trien-nong-thon"),
        ("thue-tinh", "cuc-thue-tinh"),
        ("so-tai-chinh", "so-tai-chinh"),
        ("phong-song-nuoc", ""),
    ],
)
def test_a_body_of_today_in_an_earlier_year(id: str, expected: str) -> None:
    assert " ".join(agency_as_of(id, date(2020, 1, 1), PATTERNS)) == expected


@pytest.mark.parametrize("entry", ENDED, ids=lambda entry: entry.id)
def test_the_day_after_the_last_has_a_successor(entry: AgencyEntry) -> None:
    assert entry.valid_to
    found = agency_as_of(entry.id, entry.valid_to + timedelta(days=1), PATTERNS)
    assert found
    assert entry.id not in found


@pytest.mark.parametrize("entry", AGENCIES, ids=lambda entry: entry.id)
def test_an_entry_says_its_history_in_order(entry: AgencyEntry) -> None:
    assert (entry.valid_from or date.min) <= (entry.valid_to or date.max)
    assert bool(entry.successors) == bool(entry.valid_to)
    assert entry.source is None or (SOURCE.match(entry.source) and (entry.valid_from or entry.valid_to))


@given(st.sampled_from(sorted(PATTERNS.agencies)), DAYS)
def test_who_stands_for_a_body_is_there_on_that_day(id: str, day: date) -> None:
    found = agency_as_of(id, day, PATTERNS)
    assert all(entry_on(other, day, PATTERNS) for other in found)
    assert (entry_on(id, day, PATTERNS) is not None) == (found == (id,))
    assert len(found) == len(set(found))


def test_a_body_is_described_as_seen_from_a_day() -> None:
    told = describe_agency("so-tai-chinh", date(2026, 1, 1), PATTERNS)
    assert told
    assert (told.name, told.kind, told.level, told.is_there) == ("Sở Tài chính", "agency", "province", True)
    assert "so-ke-hoach-va-dau-tu" in told.predecessors
    gone = describe_agency("so-giao-thong-van-tai", date(2026, 1, 1), PATTERNS)
    assert gone
    assert (gone.stands_for, gone.is_there, gone.valid_to) == (("so-xay-dung",), False, BEFORE)
    assert "Sở GTVT" in gone.abbreviations
    assert describe_agency("phong-song-nuoc", date(2026, 1, 1), PATTERNS) is None


def test_a_circle_in_a_users_file_ends(tmp_path: Path) -> None:
    entry = '[[agency]]\nid = "{}"\nname = "Hội đồng {}"\nvalid_to = 2020-01-01\nsuccessors = ["{}"]\n'
    text = "# Two that follow each other.\n" + entry.format("a", "sông Lam", "b") + entry.format("b", "núi Hồng", "a")
    (tmp_path / "own.toml").write_text(text, "utf-8")
    assert successors_on("a", date(2026, 1, 1), load_patterns(tmp_path)) == ()


# --- provinces ----------------------------------------------------------------------------------------------------


def test_there_were_63_provinces_and_are_34() -> None:
    assert len(OLD) == 63
    assert len(NOW) == 34
    assert len({p.code for p in NOW}) == len({p.name for p in NOW}) == 34


def test_every_old_province_belongs_to_one_of_today_and_none_is_without_parts() -> None:
    today = {old.code: province_on(old.code, date.max, PATTERNS) for old in OLD}
    assert set(today.values()) == {Province(p.code, p.name) for p in NOW}
    parts = Counter(province for province in today.values())
    assert sum(parts.values()) == 63
    assert max(parts.values()) == 3
    assert sum(1 for count in parts.values() if count == 1) == 11  # those whose borders did not change


@pytest.mark.parametrize("new", PATTERNS.new_provinces.values(), ids=lambda new: new.name)
def test_a_new_province_has_code_and_name_of_its_parts_and_a_source(new: ProvinceEntry) -> None:
    parts = [old for old in OLD if old.successor == new.code]
    assert new.code in {old.code for old in parts}
    assert any(new.name in (old.name, *old.variants) for old in parts)
    assert {old.valid_to for old in parts} == {new.valid_from - timedelta(days=1) if new.valid_from else None}
    assert new.source
    assert SOURCE.match(new.source)
    assert new.seat


def test_the_list_of_today_is_that_of_the_package_vietnam_provinces() -> None:
    package = pytest.importorskip("vietnam_provinces")
    theirs = {(f"{p.code:02d}", p.name.removeprefix("Thành phố ")) for p in package.Province.iter_all()}
    assert {(p.code, p.name) for p in NOW} == theirs


@pytest.mark.parametrize(
    ("named", "day", "expected"),
    [
        ("10", date(2021, 1, 1), ("10", "Lào Cai")),
        ("15", date(2025, 6, 30), ("15", "Yên Bái")),
        ("15", date(2025, 7, 1), ("15", "Lào Cai")),
        ("tỉnh Lào Cai", date(2025, 6, 30), ("10", "Lào Cai")),
        ("tỉnh Lào Cai", date(2026, 1, 1), ("15", "Lào Cai")),
        ("Yên Bái", date.max, ("15", "Lào Cai")),
        ("TP. HCM", date(2020, 1, 1), ("79", "Hồ Chí Minh")),
        ("Bà Rịa – Vũng Tàu", date.max, ("79", "Hồ Chí Minh")),
        ("Đắc Lắc", date(2020, 1, 1), ("66", "Đắk Lắk")),
        ("thành phố Huế", date(2020, 1, 1), ("46", "Thừa Thiên Huế")),
        ("thành phố Huế", date(2025, 1, 1), ("46", "Huế")),
        ("Thừa Thiên - Huế", date.max, ("46", "Huế")),
        ("tỉnh Gia Lai", date.max, ("52", "Gia Lai")),
        ("tỉnh Sông Lam", date.max, None),
        ("98", date.max, None),
    ],
)
def test_province_on_a_day(named: str, day: date, expected: tuple[str, str] | None) -> None:
    assert province_on(named, day, PATTERNS) == (expected and Province(*expected))


HEAD = """ỦY BAN NHÂN DÂN
{place}
-------
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
Số: 12/KH-UBND
{seat}, ngày {day} năm {year}

KẾ HOẠCH
Cải cách hành chính năm {year}

I. NHIỆM VỤ
1. Sở Nội vụ tổng hợp báo cáo trước ngày 30/11/{year}.
"""


@pytest.mark.parametrize(
    ("place", "seat", "year", "then", "today"),
    [
        ("TỈNH LÀO CAI", "Lào Cai", 2022, ("10", "Lào Cai"), ("15", "Lào Cai")),
        ("TỈNH LÀO CAI", "Lào Cai", 2026, ("15", "Lào Cai"), ("15", "Lào Cai")),
        ("TỈNH BÌNH ĐỊNH", "Bình Định", 2022, ("52", "Bình Định"), ("52", "Gia Lai")),
        ("TỈNH SƠN LA", "Sơn La", 2022, ("14", "Sơn La"), ("14", "Sơn La")),
        ("THÀNH PHỐ HUẾ", "Huế", 2026, ("46", "Huế"), ("46", "Huế")),
        ("TỈNH SÔNG LAM", "Sông Lam", 2022, None, None),
    ],
)
def test_a_document_tells_its_province_then_and_today(
    place: str, seat: str, year: int, then: tuple[str, str] | None, today: tuple[str, str] | None, tmp_path: Path
) -> None:
    file = tmp_path / "plan.txt"
    file.write_text(HEAD.format(place=place, seat=seat, day="05 tháng 02", year=year), "utf-8")
    document = json.loads(plan_to_json(extract_plan(file, None, PATTERNS)))["document"]
    found = [document[key] and (document[key]["code"], document[key]["name"]) for key in ("province", "province_today")]
    assert found == [then, today]
