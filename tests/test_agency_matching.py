"""How a body was told from its words, whose it is, and what becomes of misread names: right or unknown, never wrong."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_extract.model import Agency, Facts, Province
from cchc_extract.normalise.agencies import parse_agencies
from cchc_extract.normalise.agency_places import place_agency
from cchc_extract.normalise.likeness import slip_cost
from cchc_extract.patterns import load_patterns
from cchc_extract.pipeline import extract_plan
from cchc_extract.vietnamese import strip_marks

PATTERNS = load_patterns()
LOOKALIKES = {"r": "u", "u": "r", "l": "1", "i": "1", "o": "0", "ê": "e", "e": "c", "h": "b", "n": "h", "m": "rn"}
TONES = "\u0300\u0301\u0303\u0309\u0323"


def parse(text: str) -> tuple[Agency, ...]:
    return parse_agencies(text, PATTERNS)


# --- how it was told ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "id", "match"),
    [
        ("Sở Nội vụ", "so-noi-vu", "exact"),
        ("SỞ VĂN HOÁ, THỂ THAO VÀ DU LỊCH", "so-van-hoa-the-thao-va-du-lich", "exact"),
        ("UBND tỉnh Yên Bái", "ubnd-tinh", "exact"),
        ("Uỷ ban nhân dân tỉnh", "ubnd-tinh", "variant"),
        ("Sở Văn hóa Thể thao Du lịch", "so-van-hoa-the-thao-va-du-lich", "variant"),
        ("Sở GTVT", "so-giao-thong-van-tai", "abbreviation"),
        ("SỞ KH&ĐT TỈNH HÀ GIANG", "so-ke-hoach-va-dau-tu", "abbreviation"),
        ("Sở LĐ-TB&XH", "so-lao-dong-thuong-binh-va-xa-hoi", "abbreviation"),
        ("UBND huyện Văn Yên", "ubnd-huyen-van-yen", "local"),
        ("Bru điện tỉnh", "buu-dien-tinh", "fuzzy"),
        ("Sở Kế hoach và Đầu tư", "so-ke-hoach-va-dau-tu", "fuzzy"),
        ("Só Nội vụ", "so-noi-vu", "fuzzy"),
        ("SởNội vụ", "so-noi-vu", "fuzzy"),
        ("S ở Tư pháp", "so-tu-phap", "fuzzy"),
        ("So Noi vu", "so-noi-vu", "fuzzy"),
        ("UY BAN NHAN DAN TINH", "ubnd-tinh", "fuzzy"),
        ("UBND các huyện, thị xá, thành phố", "nhom-ubnd-cap-huyen", "fuzzy"),
        ("Sở Văn hóa, Thể thao và Du lịh", "so-van-hoa-the-thao-va-du-lich", "fuzzy"),
        ("Cac so, ban, nganh", "nhom-so-ban-nganh", "fuzzy"),
        ("Hội Yêu sông", "hoi-yeu-song", None),
    ],
)
def test_how_a_body_was_told(text: str, id: str, match: str | None) -> None:
    (agency,) = parse(text)
    assert (agency.id, agency.match) == (id, match)
    assert (agency.confidence is None) is (match is None)


def test_surer_ways_have_more_confidence() -> None:
    texts = ("Sở Tài chính", "Sở KHĐT", "Sở Tài chinh", "Sở Tài chhính")
    exact, short, mark, letters = (parse(text)[0].confidence or 0 for text in texts)
    assert 1 == exact > short > mark > letters > 0.7


def test_each_name_of_a_list_is_told_by_itself() -> None:
    agencies = parse("Các Sở: Nội vu, Tài chính; VP UBND tỉnh; Tổ Sông nước")
    assert [agency.match for agency in agencies] == ["fuzzy", "variant", "abbreviation", None]


# --- what is nobody's name stays unknown --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["Sở Nội dung", "Bở Nội vụ", "Sở TX", "HBND tỉnh", "Ban Quản lý chợ", "Công ty Cấp nước Sông Lam", "Hội Yêu sông",
     "Ban Nội vụ", "Sở Sông nước", "Sở Thông tin", "Trong năm 2022", "Bộ luật", "Văn hóa và Thể thao"],
)  # fmt: skip
def test_other_names_are_no_misread_ones(text: str) -> None:
    assert [agency.id for agency in parse(text) if agency.match] == []


def test_between_two_short_names_nobody_is_meant() -> None:
    """'Sở TX' is one letter from 'Sở TP' and from 'Sở TC'."""
    names = [name for entry in PATTERNS.agencies.values() for name in entry.names]
    short = [name for name in names if len(name) == len("Sở TP") and name.startswith("Sở ")]
    between = {name[:-1] + letter for name in short for letter in "QWXZ"} - set(short)
    assert between
    assert [text for text in sorted(between) if any(agency.match for agency in parse(text))] == []


# --- slips --------------------------------------------------------------------------------------------------------


def slip(text: str, rng: random.Random) -> str:
    """The text with one slip of a scanner or a typist."""
    while True:
        at = rng.randrange(len(text))
        letter, way = text[at], rng.choice(("lookalike", "drop", "double", "mark", "tone", "space"))
        new = letter
        if way == "lookalike":
            new = LOOKALIKES.get(letter, letter)
        elif way == "space":
            new = "" if letter == " " else letter
        elif letter.isalpha() and way in ("drop", "double"):
            new = letter * (2 if way == "double" else 0)
        elif way == "mark":
            new = strip_marks(letter)
        elif (parts := unicodedata.normalize("NFD", letter))[-1] in TONES:
            new = unicodedata.normalize("NFC", parts[:-1] + rng.choice(TONES))
        if new != letter:
            return text[:at] + new + text[at + 1 :]


def test_a_slip_is_mended_or_told_as_unknown() -> None:
    rng = random.Random(7)
    right = wrong = tried = 0
    for entry in PATTERNS.agencies.values():
        for _ in range(4):
            agencies = parse(slip(entry.name, rng))
            ids = [agency.id for agency in agencies if agency.id in PATTERNS.agencies and agency.match]
            tried, right, wrong = tried + 1, right + (ids == [entry.id]), wrong + (ids not in ([], [entry.id]))
    assert right >= 0.97 * tried
    assert wrong <= 0.002 * tried


def test_a_body_that_is_not_registered_is_no_misread_other_one() -> None:
    """Each of some bodies is taken out of the registry, and its names are read without it."""
    rng = random.Random(3)
    for entry in rng.sample(sorted(PATTERNS.agencies.values()), 40):
        rest = {id: other for id, other in PATTERNS.agencies.items() if id != entry.id}
        patterns = replace(PATTERNS, agencies=rest)
        found = {name: [agency.match for agency in parse_agencies(name, patterns)] for name in entry.names}
        assert {name: matches for name, matches in found.items() if "fuzzy" in matches} == {}


def test_a_slip_in_a_list_costs_no_other_name() -> None:
    rng = random.Random(5)
    entries = sorted(entry for entry in PATTERNS.agencies.values() if entry.kind != "person" and len(entry.name) > 8)
    extra = []
    for _ in range(300):
        picked = rng.sample(entries, 3)
        cell = rng.choice(("; ", ";\n- ")).join(entry.name for entry in picked)
        ids = {agency.id for agency in parse(cell)}
        found = {agency.id for agency in parse(slip(cell, rng)) if agency.match and agency.id in PATTERNS.agencies}
        extra += [cell for id in found - ids]
        assert len(found & ids) >= len(ids) - 1
    assert len(extra) <= 1


@given(st.text("sởnộivụbanà ", max_size=8), st.text("sởnộivụbanà ", max_size=8))
def test_slips_count_the_same_from_both_sides(a: str, b: str) -> None:
    assert (slip_cost(a, b, frozenset()) == 0) is (a == b)
    assert slip_cost(a, b, frozenset()) <= max(len(a), len(b))


# --- persons ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "id", "office", "of"),
    [
        ("Giám đốc Sở Nội vụ", "giam-doc-so-noi-vu", "Giám đốc", ("so-noi-vu",)),
        ("Giám đốc Sở Nội vu", "giam-doc-so-noi-vu", "Giám đốc", ("so-noi-vu",)),
        ("Chủ tịch UBND tỉnh", "chu-tich-ubnd-tinh", "Chủ tịch", ("ubnd-tinh",)),
        ("Chánh Văn phòng UBND tỉnh", "chanh-van-phong-ubnd-tinh", "Chánh Văn phòng", ("van-phong-ubnd-tinh",)),
        ("Bộ trưởng Bộ Nội vụ", "bo-truong-bo-noi-vu", "Bộ trưởng", ("bo-noi-vu",)),
        ("Thủ trưởng các sở, ngành, các cơ quan, đơn vị", "nhom-thu-truong", "Thủ trưởng",
         ("nhom-so-ban-nganh", "nhom-co-quan-don-vi")),
        ("GĐ Sở TC", "giam-doc-so-tai-chinh", "GĐ", ("so-tai-chinh",)),
        ("Trưởng phòng Nội vụ", "truong-phong-noi-vu", "Trưởng phòng", ("phong-noi-vu",)),
        ("Giám đốc Trung tâm Sông nước", "giam-doc-trung-tam-song-nuoc", "Giám đốc", ("trung-tam-song-nuoc",)),
    ],
)  # fmt: skip
def test_a_person_is_not_the_body(text: str, id: str, office: str, of: tuple[str, ...]) -> None:
    (person,) = parse(text)
    assert (person.id, person.kind, person.office, person.of) == (id, "person", office, of)


def test_a_body_has_no_office() -> None:
    (body,) = parse("Sở Nội vụ")
    assert (body.office, body.of) == (None, ())


# --- places -------------------------------------------------------------------------------------------------------

YEN_BAI = Facts(province=Province("15", "Yên Bái"), issued_on=date(2021, 12, 16))


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("Sở Nội vụ", "15"),
        ("Sở Nội vụ tỉnh Yên Bái", "15"),
        ("Sở Nội vụ tỉnh Hà Giang", "02"),
        ("UBND huyện Văn Yên", "15"),
        ("Công an thành phố Yên Bái", "15"),
        ("Bộ Nội vụ", None),
        ("Hội Yêu sông", None),
        ("Giám đốc Sở Nội vụ", "15"),
    ],
)
def test_a_body_belongs_to_the_plans_province(text: str, province: str | None) -> None:
    (agency,) = parse(text)
    assert place_agency(agency, YEN_BAI, PATTERNS).province == province


def test_without_a_province_bodies_have_none() -> None:
    (agency,) = parse("Sở Nội vụ")
    assert place_agency(agency, Facts(), PATTERNS) == agency


# --- in a plan ----------------------------------------------------------------------------------------------------


def test_a_plan_warns_of_each_unknown_name_once() -> None:
    text = (
        "ỦY BAN NHÂN DÂN TỈNH YÊN BÁI\nKẾ HOẠCH\nCải cách hành chính năm 2023\n\nI. NHIỆM VỤ\n"
        "1. Sở Nội vụ chủ trì, phối hợp với Hội Yêu sông nước Lam rà soát quy trình, xong trước ngày 30/10/2023.\n"
        "2. Sở Tài chính chủ trì, phối hợp với Hội Yêu sông nước Lam rà soát kinh phí, hoàn thành trong Quý I/2023.\n"
    )
    plan = extract_plan(None, text.encode(), PATTERNS)
    warned = [warning for warning in plan.warnings if warning.code == "unknown-agency"]
    assert [("Hội Yêu sông nước Lam" in w.message, w.span == plan.tasks[0].span) for w in warned] == [(True, True)]
    assert [agency.province for task in plan.tasks for agency in task.lead] == ["15", "15"]
    assert plan.facts.issuer is not None
    assert (plan.facts.issuer.match, plan.facts.issuer.province) == ("variant", "15")


def test_a_plan_warns_of_words_in_a_cell_that_name_nobody() -> None:
    rows = (
        "1\tRà soát quy trình\tSở Nội vụ; Sông Lam\tCác sở, ngành\n"
        "2\tRà soát kinh phí\tSông Lam, Sở Tài chính\tP. TCKH\n"
    )
    text = (
        "ỦY BAN NHÂN DÂN TỈNH YÊN BÁI\nKẾ HOẠCH\nCải cách hành chính năm 2023\n\nPHỤ LỤC\n"
        f"STT\tNhiệm vụ\tCơ quan chủ trì\tCơ quan phối hợp\n{rows}"
    )
    plan = extract_plan(None, text.encode(), PATTERNS)
    warned = [(w.code, w.message, w.span) for w in plan.warnings if w.code in ("unread-agency", "unknown-agency")]
    first, second = plan.tasks
    assert warned == [
        ("unread-agency", "no agency was read from 'Sông Lam'", first.span),
        ("unknown-agency", "the agency 'P. TCKH' is not in the registry", second.span),
    ]
    assert [[agency.id for agency in task.lead] for task in plan.tasks] == [["so-noi-vu"], ["so-tai-chinh"]]
