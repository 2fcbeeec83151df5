"""`--as-of`: each agency with those who have its work on a day, in every format, and never from another day's run."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from test_batch import plan, run
from test_cli import only_line

from cchc_extract.model import Agency, Plan, Successor
from cchc_extract.patterns import load_patterns
from cchc_extract.pipeline import extract_plan
from cchc_extract.successors import add_successors

PATTERNS = load_patterns()
WORDS = plan(3).replace("Sở Tư pháp", "Sở Giao thông vận tải").replace("Sở Nội vụ", "Hội Thuyền sông, Sở Nội vụ")
AFTER, BEFORE = date(2026, 1, 1), date(2024, 1, 1)
BUILDING = (Successor("so-xay-dung", "Sở Xây dựng"),)


@pytest.fixture(scope="module")
def extracted() -> Plan:
    return extract_plan(None, WORDS.encode(), PATTERNS)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(WORDS, "utf-8")
    return path


def agencies(plan: Plan) -> list[Agency]:
    return [agency for task in plan.tasks for agency in (*task.lead, *task.coordinating)]


def test_the_work_of_a_department_that_was_merged(extracted: Plan) -> None:
    transport = agencies(add_successors(extracted, AFTER, PATTERNS))[0]
    assert (transport.id, transport.as_of) == ("so-giao-thong-van-tai", BUILDING)


def test_a_body_that_is_there_is_its_own_successor(extracted: Plan) -> None:
    for agency in agencies(add_successors(extracted, BEFORE, PATTERNS)):
        assert agency.as_of == ((Successor(agency.id or "", agency.name or ""),) if agency.match else ())


def test_nobody_is_known_for_what_the_registry_does_not_know(extracted: Plan) -> None:
    unknown = [agency for agency in agencies(add_successors(extracted, AFTER, PATTERNS)) if not agency.match]
    assert [(agency.text, agency.as_of) for agency in unknown] == [("Hội Thuyền sông", ())]


def test_the_issuer_has_them_too_and_nothing_else_changes(extracted: Plan) -> None:
    then = add_successors(extracted, AFTER, PATTERNS)
    assert then.facts.issuer is not None
    assert then.facts.issuer.as_of == (Successor("ubnd-tinh", "UBND tỉnh"),)
    assert (then.sections, then.targets, then.warnings) == (extracted.sections, extracted.targets, extracted.warnings)
    assert [task.text for task in then.tasks] == [task.text for task in extracted.tasks]


def test_json_has_the_key_only_where_a_day_was_asked_for(file: Path) -> None:
    told, plain = (
        json.loads(run(file, *more).stdout)["tasks"][0]["lead"][0] for more in (("--as-of", "2026-01-01"), ())
    )
    assert told["as_of"] == [{"id": "so-xay-dung", "name": "Sở Xây dựng"}]
    assert "as_of" not in plain
    assert {name: value for name, value in told.items() if name != "as_of"} == plain


def test_tables(file: Path, tmp_path: Path) -> None:
    assert run(file, "--as-of", "2026-01-01", "--format", "csv", "-o", f"{tmp_path}/tables/").returncode == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "tables" / "task_agencies.csv").read_text("utf-8"), newline="")))
    assert (rows[0]["id"], rows[0]["as_of_ids"]) == ("so-giao-thong-van-tai", "so-xay-dung")
    assert rows[0]["as_of_names"] == "Sở Xây dựng"
    done = run(
        file, "--as-of", "2026-01-01", "--select", "tasks", "--columns", "id,lead_as_of_ids,coordinating_as_of_names"
    )
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode(), newline="")))
    assert [tuple(row.values()) for row in rows] == [
        ("t1", "so-xay-dung", ""),
        ("t2", "van-phong-ubnd-tinh", " ; Sở Nội vụ"),
    ]


def test_another_day_is_not_taken_from_the_records(file: Path, tmp_path: Path) -> None:
    file.with_name("other.txt").write_text(plan(4), "utf-8")

    def successor(*more: str) -> object:
        done = run(file, file.with_name("other.txt"), "-o", f"{tmp_path}/out/", *more)
        assert done.returncode == 0
        return json.loads((tmp_path / "out" / "plan.json").read_bytes())["tasks"][0]["lead"][0].get("as_of")

    first, before, none = successor("--as-of", "2026-01-01"), successor("--as-of", "2024-01-01"), successor()
    assert first == [{"id": "so-xay-dung", "name": "Sở Xây dựng"}]
    assert before == [{"id": "so-giao-thong-van-tai", "name": "Sở Giao thông vận tải"}]
    assert none is None


@pytest.mark.parametrize("day", ["2026", "31/1/2026", "2026-02-30", "yesterday", ""])
def test_a_day_that_is_none(file: Path, day: str) -> None:
    done = run(file, "--as-of", day)
    assert only_line(done.stderr) == f"--as-of: {day!r} is no day; write it as 2026-01-31, or 'today'"
    assert (done.returncode, done.stdout) == (2, b"")
