"""Links: what says the same work or goal twice is linked, what is only related is not, and contradictions are told."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_extract.links import link_records
from cchc_extract.model import Agency, Deadline, Span, Target, Task
from cchc_extract.patterns import load_patterns
from cchc_extract.pipeline import extract_plan
from cchc_extract.writers.jsonout import plan_to_dict

PATTERNS = load_patterns()
LAND, CULTURE = Agency("so-xay-dung", "Sở Xây dựng", "Sở Xây dựng"), Agency("so-van-hoa", "Sở Văn hóa", "Sở Văn hóa")
ALL = Agency("nhom-so", "Các sở", "Các sở", "group")
UNITS = Agency("nhom-don-vi", "Các đơn vị", "Các đơn vị", "group")
NEW = Agency("doi-quan-ly-cho", None, "Đội quản lý chợ", "unknown", None)

# The rest of a plan, by which common words are known as common.
OTHERS = (
    "Rà soát, đơn giản hóa thủ tục hành chính trong lĩnh vực đất đai",
    "Xây dựng kế hoạch truyền thông về cải cách hành chính năm 2024",
    "Kiểm tra việc chấp hành kỷ luật, kỷ cương hành chính tại các huyện",
    "Công khai thủ tục hành chính tại bộ phận một cửa cấp xã",
    "Báo cáo kết quả thực hiện chế độ tự chủ của đơn vị sự nghiệp công lập",
    "Tổ chức hội nghị đối thoại với doanh nghiệp về thủ tục đầu tư",
    "Sắp xếp các phòng chuyên môn thuộc sở theo đề án được phê duyệt",
    "Cập nhật cơ sở dữ liệu cán bộ, công chức, viên chức của tỉnh",
)


def task(id: str, text: str, origin: str = "narrative", lead: tuple[Agency, ...] = (), *times: Deadline) -> Task:
    return Task(id, origin, None, text, "procedures", None, lead, (), (), times, (), Span((int(id[1:]), int(id[1:]))))


def plan(body: Task, *rows: Task) -> list[Task]:
    others = [task(f"t{n}", text, "appendix" if n % 2 else "narrative") for n, text in enumerate(OTHERS, 100)]
    return [body, *rows, *others]


def links(tasks: list[Task]) -> dict[str, tuple[str, ...]]:
    return {t.id: t.same_as for t in link_records(tasks, (), PATTERNS)[0] if t.same_as}


def messages(tasks: list[Task]) -> list[str]:
    warnings = link_records(tasks, (), PATTERNS)[2]
    assert {warning.code for warning in warnings} <= {"conflict"}
    return [warning.message for warning in warnings]


# --- tasks --------------------------------------------------------------------------------------------------------

LINKED = [
    ("Trùng tu 05 đình làng ven sông.", "Trùng tu 05 đình làng ven sông"),
    ("Tiếp tục đẩy mạnh trùng tu các đình làng ven sông", "Triển khai trùng tu các đình làng ven sông"),
    ("Niêm yết TTHC về đình làng, chợ nổi", "Niêm yết thủ tục hành chính về đình làng, chợ nổi"),
    (
        "Giữ gìn nghề dệt chiếu cói truyền thống; trùng tu các đình làng ven sông trước mùa lũ.",
        "Trùng tu các đình làng ven sông trước mùa lũ",
    ),
    (
        "Trùng tu các đình làng ven sông",
        "Về di tích: - Trùng tu các đình làng ven sông. - Lập hồ sơ xếp hạng chùa cổ trên núi.",
    ),
    (
        "Chủ trì, phối hợp với Sở Xây dựng trùng tu các đình làng ven sông theo Quyết định số 12/QĐ-UBND ngày 3/4/2023",
        "Trùng tu các đình làng ven sông theo Quyết định 12/QĐ-UBND",
    ),
]
NOT_LINKED = [
    ("Trùng tu các đình làng ven sông", "Khảo sát các bến phà ven sông"),
    ("Trùng tu đình làng năm 2023 tại các xã ven sông", "Trùng tu đình làng năm 2025 tại các xã ven sông"),
    ("Tham mưu UBND tỉnh tổ chức thực hiện có hiệu quả", "Tham mưu UBND tỉnh tổ chức thực hiện theo quy định"),
    ("Phối hợp với Sở Xây dựng kiểm tra bến phà", "Phối hợp với Sở Xây dựng mở lớp tập huấn nghề dệt chiếu"),
    ("Trùng tu đình làng", "Trùng tu cầu treo"),
    ("Sở Xây dựng", "Sở Xây dựng"),
    ("", "Trùng tu các đình làng ven sông"),
]


@pytest.mark.parametrize(("body", "row"), LINKED, ids=[body[:30] for body, _ in LINKED])
def test_the_same_work_is_linked_on_both_sides(body: str, row: str) -> None:
    lead = (LAND,)
    assert links(plan(task("t1", body, "narrative", lead), task("t2", row, "appendix", lead))) == {
        "t1": ("t2",),
        "t2": ("t1",),
    }


@pytest.mark.parametrize(("body", "row"), NOT_LINKED, ids=[body[:30] for body, _ in NOT_LINKED])
def test_related_work_is_not(body: str, row: str) -> None:
    lead = (LAND,)
    assert links(plan(task("t1", body, "narrative", lead), task("t2", row, "appendix", lead))) == {}


def test_a_work_that_the_appendix_splits_is_linked_to_each_of_its_rows() -> None:
    body = task("t1", "Trùng tu các đình làng ven sông. Lập hồ sơ xếp hạng chùa cổ trên núi.")
    first = task("t2", "Trùng tu các đình làng ven sông", "appendix")
    second = task("t3", "Lập hồ sơ xếp hạng chùa cổ trên núi", "appendix")
    assert links(plan(body, first, second)) == {"t1": ("t2", "t3"), "t2": ("t1",), "t3": ("t1",)}


def test_of_two_rows_that_say_the_same_the_closer_is_taken() -> None:
    body = task("t1", "Trùng tu các đình làng ven sông, chợ nổi và bến phà")
    near = task("t2", "Trùng tu các đình làng ven sông và chợ nổi", "appendix")
    exact = task("t3", "Trùng tu các đình làng ven sông, chợ nổi và bến phà", "appendix")
    assert links(plan(body, near, exact)) == {"t1": ("t3",), "t3": ("t1",)}


def test_a_row_may_be_in_the_body_and_in_the_assignments() -> None:
    words = "Trùng tu các đình làng ven sông"
    tasks = plan(task("t1", words), task("t2", words, "assignment"), task("t3", words, "appendix"))
    assert links(tasks) == {"t1": ("t3",), "t2": ("t3",), "t3": ("t1", "t2")}


def test_works_of_one_part_are_not_linked() -> None:
    words = "Trùng tu các đình làng ven sông"
    assert links([task("t1", words), task("t2", words), task("t3", words, "assignment")]) == {}


# --- contradictions -----------------------------------------------------------------------------------------------

WORDS = "Trùng tu các đình làng ven sông"
JUNE, DECEMBER = (Deadline(text, "by", None, date(2024, month, 30)) for text, month in (("30/6", 6), ("30/11", 11)))
QUARTER = Deadline("quý IV", "during", date(2024, 10, 1), date(2024, 12, 31))
YEAR = Deadline("năm 2024", "during", date(2024, 1, 1), date(2024, 12, 31))
ALWAYS = Deadline("thường xuyên", "ongoing")


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ((LAND,), (CULTURE,), True),
        ((LAND,), (ALL,), True),
        ((LAND, CULTURE), (CULTURE,), False),
        ((), (CULTURE,), False),
        ((ALL,), (UNITS,), False),
        ((LAND,), (NEW,), False),
    ],
)
def test_leaders_without_anybody_in_common_are_told(
    one: tuple[Agency, ...], other: tuple[Agency, ...], told: bool
) -> None:
    found = messages(plan(task("t1", WORDS, "narrative", one), task("t2", WORDS, "appendix", other)))
    assert len(found) == told
    if told:
        assert one[0].name
        assert other[0].name
        assert all(word in found[0] for word in ("t1", "t2", "lead", one[0].name, other[0].name))


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [(JUNE, DECEMBER, True), (JUNE, QUARTER, True), (YEAR, QUARTER, False), (YEAR, JUNE, False), (ALWAYS, JUNE, False)],
)
def test_times_that_exclude_each_other_are_told(one: Deadline, other: Deadline, told: bool) -> None:
    found = messages(plan(task("t1", WORDS, "narrative", (), one), task("t2", WORDS, "appendix", (), other)))
    assert len(found) == told
    assert all(one.text in text and other.text in text for text in found)


def test_the_time_of_another_clause_is_not_compared() -> None:
    text = f"{WORDS}. Lập hồ sơ xếp hạng chùa cổ trước 30/6."
    tasks = plan(task("t1", text, "narrative", (), JUNE), task("t2", WORDS, "appendix", (), DECEMBER))
    assert links(tasks)["t1"] == ("t2",)
    assert messages(tasks) == []


def test_one_warning_tells_all_of_a_pair() -> None:
    tasks = plan(task("t1", WORDS, "narrative", (LAND,), JUNE), task("t2", WORDS, "appendix", (CULTURE,), DECEMBER))
    (found,) = link_records(tasks, (), PATTERNS)[2]
    assert "lead" in found.message
    assert "deadline" in found.message
    assert found.span == Span((2, 2))


# --- targets ------------------------------------------------------------------------------------------------------


def target(
    id: str, indicator: str, value: float, task: str | None, scope: str | None = None, year: int = 2024
) -> Target:
    return Target(
        id,
        f"{indicator} {value}%",
        indicator,
        ">=",
        value,
        None,
        None,
        "%",
        None,
        None,
        scope,
        year,
        task,
        None,
        Span(),
    )


BODY, ROW = task("t1", "Số hóa"), task("t2", "Khác hẳn", "appendix")
FILES = "Tỷ lệ hồ sơ được giải quyết đúng hạn"


def goals(*targets: Target) -> tuple[dict[str, tuple[str, ...]], int]:
    _, linked, warnings = link_records([BODY, ROW], targets, PATTERNS)
    return {t.id: t.same_as for t in linked if t.same_as}, len(warnings)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (target("g1", FILES, 95, "t1"), target("g2", FILES, 95, "t2"), ({"g1": ("g2",), "g2": ("g1",)}, 0)),
        (target("g1", FILES, 95, None), target("g2", FILES, 95, "t1"), ({"g1": ("g2",), "g2": ("g1",)}, 0)),
        (
            target("g1", "tỷ lệ hồ sơ TTHC được số hóa", 95, "t1"),
            target("g2", "Tỷ lệ số hóa hồ sơ thủ tục hành chính", 95, "t2"),
            ({"g1": ("g2",), "g2": ("g1",)}, 0),
        ),
        (target("g1", FILES, 95, "t1"), target("g2", FILES, 90, "t2"), ({}, 1)),
        (target("g1", FILES, 95, "t1"), target("g2", FILES, 90, "t1"), ({}, 0)),
        (target("g1", FILES, 95, "t1", "province"), target("g2", FILES, 90, "t2", "commune"), ({}, 0)),
        (target("g1", FILES, 95, "t1", None, 2024), target("g2", FILES, 98, "t2", None, 2025), ({}, 0)),
        (target("g1", "người dân hài lòng về y tế", 95, "t1"), target("g2", FILES, 95, "t2"), ({}, 0)),
        (target("g1", "các nhiệm vụ", 100, "t1"), target("g2", "các nhiệm vụ", 100, "t2"), ({}, 0)),
    ],
    ids=[
        "body and row",
        "objective and body",
        "other order",
        "other value",
        "one part",
        "scopes",
        "years",
        "words",
        "few",
    ],
)
def test_targets(one: Target, other: Target, found: tuple[dict[str, tuple[str, ...]], int]) -> None:
    assert goals(one, other) == found


def test_a_goal_that_another_row_confirms_is_in_no_doubt() -> None:
    said = [target("g1", FILES, 95, "t1"), target("g2", FILES, 95, "t2"), target("g3", FILES, 90, "t2")]
    assert goals(*said) == ({"g1": ("g2",), "g2": ("g1",)}, 0)


# --- any plan -----------------------------------------------------------------------------------------------------

PIECES = "trùng tu đình làng ven sông . ; TTHC UBND năm 2024 12/QĐ-UBND"
TEXTS = st.lists(st.sampled_from(PIECES.split()), max_size=14)
TASKS = st.lists(st.tuples(TEXTS.map(" ".join), st.sampled_from(["narrative", "assignment", "appendix"])), max_size=12)


@given(TASKS)
def test_links_join_existing_records_of_two_parts_both_ways(given_tasks: list[tuple[str, str]]) -> None:
    tasks = [task(f"t{n}", text, origin) for n, (text, origin) in enumerate(given_tasks, 1)]
    linked = {t.id: t for t in link_records(tasks, (), PATTERNS)[0]}
    assert [replace(t, same_as=()) for t in linked.values()] == tasks
    for one in linked.values():
        assert list(one.same_as) == sorted(set(one.same_as), key=lambda id: int(id[1:]))
        for other in map(linked.__getitem__, one.same_as):
            assert one.id in other.same_as
            assert (one.origin == "appendix") != (other.origin == "appendix")


def test_a_plan_that_says_one_thing_everywhere_links_nothing_for_it() -> None:
    tasks = [task(f"t{n}", WORDS, "appendix" if n % 2 else "narrative") for n in range(3000)]
    assert links(tasks) == {}


def test_goals_that_stand_everywhere_are_not_linked_all_with_all() -> None:
    goals_everywhere = [target(f"g{n}", FILES, 95, "t2" if n % 2 else "t1") for n in range(3000)]
    assert goals(*goals_everywhere) == ({}, 0)


def test_links_do_not_depend_on_the_order_of_sets() -> None:
    """It differs from process to process."""
    code = (
        "import test_links as t; tasks = t.plan(t.task('t1', f'{t.WORDS}, chợ nổi và bến phà. Lập hồ sơ chùa cổ.'),"
        " *(t.task(f't{n}', f'{t.WORDS}{more}', 'appendix') for n, more in enumerate((', chợ nổi', ', bến phà'), 2)));"
        " print(t.links(tasks))"
    )
    here = os.path.dirname(__file__)
    run = [
        subprocess.run([sys.executable, "-c", code], cwd=here, env={**os.environ, "PYTHONHASHSEED": seed}, check=True,
                       capture_output=True).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert run[0] == run[1]
    assert b"t1" in run[0]


PLAN = """KẾ HOẠCH
Cải cách hành chính năm 2024 tỉnh Sông Lam
I. NHIỆM VỤ
1. Cải cách thủ tục hành chính
a) Sở Tư pháp trùng tu các đình làng ven sông, hoàn thành trước ngày 30/6/2024; bảo đảm ít nhất 80% hồ sơ di tích của làng nghề được số hóa.
b) Rà soát quy định về phí bến bãi.
Phụ lục
DANH MỤC NHIỆM VỤ
STT\tNhiệm vụ\tSản phẩm\tCơ quan chủ trì\tCơ quan phối hợp\tThời gian hoàn thành
1\tTrùng tu các đình làng ven sông\tBáo cáo\tSở Nội vụ\tUBND cấp xã\tTrước ngày 30/9/2024
2\tGiao ban chuyên đề về xây dựng nông thôn\tThông báo\tVăn phòng UBND tỉnh\tSở Nội vụ\tHàng quý
"""  # fmt: skip # noqa: E501


def test_a_plan_from_text_to_records() -> None:
    made = plan_to_dict(extract_plan(None, PLAN.encode(), PATTERNS))
    assert [tuple(record["same_as"]) for record in made["tasks"]] == [("t3",), (), ("t1",), ()]
    assert all(record["same_as"] == () for record in made["targets"])
    (doubt,) = [warning for warning in made["warnings"] if warning["code"] == "conflict"]
    assert all(words in doubt["message"] for words in ("Sở Tư pháp", "Sở Nội vụ", "30/6/2024", "30/9/2024"))
    assert doubt["span"]["lines"] == (10, 10)
