"""The writers: the JSON contract, the schema that states it, CSV that reads back, files that are whole or absent."""

from __future__ import annotations

import io
import json
import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_extract.errors import UnwritableOutputError, UsageError
from cchc_extract.model import (
    Agency,
    Attached,
    Deadline,
    Duplicate,
    Facts,
    Paragraph,
    Period,
    Plan,
    Province,
    Reference,
    Section,
    Signer,
    Source,
    Span,
    Target,
    Task,
    Warn,
)
from cchc_extract.request import TableOptions
from cchc_extract.writers.destination import check_not_an_input, choose_destination, choose_format
from cchc_extract.writers.files import write_file
from cchc_extract.writers.jsonout import plan_to_json
from cchc_extract.writers.schema import output_schema
from cchc_extract.writers.stages import stage_to_json
from cchc_extract.writers.summary import print_summary

HOME_AFFAIRS = Agency("so-noi-vu", "Sở Nội vụ", "Sở Nội vụ")
UNKNOWN_TEAM = Agency(None, None, "Tổ công tác số 7", "unknown", None)
SPAN = Span(lines=(12, 13))
PDF_SPAN = Span(lines=(40, 41), page=3, bbox=(72.0, 100.5, 520.25, 130.0))


def full_plan() -> Plan:
    """A plan that has every kind of record, and every field that may be null once filled and once not."""
    tasks = (
        Task(
            id="t1", origin="appendix", marker="1.", text='Rà soát thủ tục, "một cửa"; báo cáo', area="procedures",
            section="s2", lead=(HOME_AFFAIRS, UNKNOWN_TEAM), coordinating=(), products=("Báo cáo", "Quyết định"),
            deadlines=(
                Deadline("Quý I/2024", "during", date(2024, 1, 1), date(2024, 3, 31)),
                Deadline("hằng quý", "recurring", every="quarter"),
            ),
            targets=("g1",), span=PDF_SPAN, inferred=("lead", "area"),
        ),
        Task("t2", "assignment", None, "Theo dõi việc thực hiện", None, None, (), (HOME_AFFAIRS,), (), (), (), SPAN),
    )  # fmt: skip
    targets = (
        Target("g1", "đạt ít nhất 99,5%", "hồ sơ đúng hạn", ">=", 99.5, None, None, "%", None, None, "province",
               2024, "t1", "s2", SPAN),
        Target("g2", "tăng 2-3 bậc so với năm 2023", "chỉ số", "=", 2, 3, None, "bậc", "increase", "2023", None, None,
               None, None, SPAN, ("indicator",)),
        Target("g3", "10/63", "xếp hạng", None, 10, None, 63, "hạng", None, None, None, 2024, None, None, SPAN),
    )  # fmt: skip
    return Plan(
        source=Source("ke-hoach.txt", "0123456789abcdef" * 4, "text/plain", (Paragraph("x", SPAN),), None, "utf-8"),
        facts=Facts(
            "kế hoạch", "12/KH-UBND", "Cải cách hành chính năm 2024", date(2024, 1, 5), None, HOME_AFFAIRS,
            Province("99", "Sông Lam"), Signer("Nguyễn Văn A", "Chủ tịch"),
            Attached("quyết định", None, date(2024, 1, 4)), Period(date(2024, 1, 1), date(2024, 12, 31)),
        ),
        sections=(
            Section("s1", None, 1, "I.", "Nhiệm vụ", "tasks", None, SPAN),
            Section("s2", "s1", 2, None, None, "tasks", "procedures", SPAN, ("area",)),
        ),
        tasks=tasks,
        targets=targets,
        references=(
            Reference("nghị quyết", "76/NQ-CP", date(2021, 7, 15), "Chính phủ", (SPAN, PDF_SPAN)),
            Reference("nghị định", "61/2018/NĐ-CP", None, None, ()),
        ),
        duplicates=(Duplicate(Span(lines=(30, 40)), Span(lines=(10, 20))),),
        warnings=(Warn("lost-heading", "a heading before this is lost", SPAN), Warn("no-number", "no number")),
    )  # fmt: skip


def empty_plan() -> Plan:
    source = Source("a.md", "f" * 64, "text/markdown", ())
    return Plan(source, Facts(), (), (), (), (), (), ())


PLANS = pytest.mark.parametrize("plan", [full_plan(), empty_plan()], ids=["full", "empty"])


# --- JSON ---------------------------------------------------------------------------------------------------------


@PLANS
def test_json_is_valid_against_the_schema(plan: Plan) -> None:
    schema = output_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(
        json.loads(plan_to_json(plan)), schema, jsonschema.Draft202012Validator,
        format_checker=jsonschema.FormatChecker(),
    )  # fmt: skip


@pytest.mark.parametrize(
    "damage",
    [
        lambda plan: plan.pop("warnings"),
        lambda plan: plan.update(extra=1),
        lambda plan: plan["tasks"][0].update(origin="elsewhere"),
        lambda plan: plan["tasks"][0].pop("span"),
        lambda plan: plan["tasks"][0].update(inferred=[]),
        lambda plan: plan["tasks"][0]["deadlines"][0].update(start="5/1/2024"),
        lambda plan: plan["targets"][0].update(value="99,5"),
        lambda plan: plan["targets"][0].update(comparator="~"),
        lambda plan: plan["sections"][0]["span"].update(lines=[1]),
        lambda plan: plan["source"].update(sha256="abc"),
        lambda plan: plan["document"]["issuer"].update(kind="company"),
    ],
)
def test_the_schema_is_strict(damage) -> None:  # type: ignore[no-untyped-def]
    plan = json.loads(plan_to_json(full_plan()))
    damage(plan)
    assert not jsonschema.Draft202012Validator(output_schema()).is_valid(plan)


def test_json_keys_stand_in_the_order_of_the_contract() -> None:
    plan = json.loads(plan_to_json(full_plan()))
    assert list(plan) == [
        "schema_version", "source", "document", "sections", "tasks", "targets", "references", "duplicates", "warnings",
    ]  # fmt: skip
    assert list(plan["source"]) == ["file", "sha256", "media_type", "pages", "encoding"]
    assert list(plan["document"]) == [
        "type", "number", "title", "issued_on", "effective_on", "issuer", "province", "province_today", "signer",
        "attached_to", "period",
    ]  # fmt: skip
    assert list(plan["sections"][0]) == ["id", "parent", "level", "marker", "title", "kind", "area", "span"]
    assert list(plan["tasks"][1]) == [
        "id", "origin", "marker", "text", "area", "section", "lead", "coordinating", "products", "deadlines", "targets",
        "same_as", "span",
    ]  # fmt: skip
    assert list(plan["targets"][0]) == [
        "id", "quote", "indicator", "comparator", "value", "value_max", "out_of", "unit", "change", "baseline", "scope",
        "year", "task", "section", "same_as", "span",
    ]  # fmt: skip
    assert list(plan["tasks"][0]["lead"][0]) == [
        "id", "name", "text", "kind", "level", "match", "confidence", "province", "office", "of",
    ]  # fmt: skip
    assert list(plan["references"][0]) == ["type", "number", "issued_on", "issuer", "relation", "spans"]
    assert list(plan["tasks"][0]["deadlines"][0]) == ["text", "kind", "start", "end", "every"]
    assert list(plan["tasks"][0]["span"]) == ["page", "lines", "bbox"]


def test_json_values() -> None:
    plan = json.loads(plan_to_json(full_plan()))
    assert plan["document"]["period"] == {"start": "2024-01-01", "end": "2024-12-31"}
    assert plan["tasks"][0]["inferred"] == ["lead", "area"]
    assert "inferred" not in plan["tasks"][1]
    assert plan["tasks"][0]["span"] == {"page": 3, "lines": [40, 41], "bbox": [72.0, 100.5, 520.25, 130.0]}
    assert [target["value"] for target in plan["targets"]] == [99.5, 2, 10]
    assert plan["warnings"][1]["span"] is None


@PLANS
def test_json_bytes(plan: Plan) -> None:
    pretty, line = plan_to_json(plan), plan_to_json(plan, pretty=False)
    assert pretty == plan_to_json(plan)
    assert json.loads(pretty) == json.loads(line)
    assert pretty.endswith(b"\n}\n")
    assert line.endswith(b"}\n")
    assert line.count(b"\n") == 1
    assert b"\\u" not in pretty


def test_what_json_readers_choke_on() -> None:
    plan = full_plan()
    name = "k\udce9.txt"  # a file name that is not UTF-8, as the operating system gives it
    plan = replace(plan, source=replace(plan.source, file=name), targets=(replace(plan.targets[0], value=10**40),))
    written = json.loads(plan_to_json(plan))
    assert written["source"]["file"] == "k\ufffd.txt"
    assert written["targets"][0]["value"] == 1e40


def test_a_stage_shows_its_own_fields_and_not_the_stage_before() -> None:
    shown = json.loads(stage_to_json(full_plan()))
    assert "source" not in shown
    assert [task["id"] for task in shown["tasks"]] == ["t1", "t2"]
    assert shown["facts"]["issued_on"] == "2024-01-05"
    assert json.loads(stage_to_json(full_plan().source))["blocks"][0]["text"] == "x"


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), max_size=30)


@given(TEXT, TEXT)
def test_any_text_comes_back_from_json(text: str, product: str) -> None:
    plan = full_plan()
    plan = replace(plan, tasks=(replace(plan.tasks[0], text=text, products=(product,)),))
    task = json.loads(plan_to_json(plan))["tasks"][0]
    assert (task["text"], task["products"]) == (text, [product])


# --- the summary --------------------------------------------------------------------------------------------------


@PLANS
def test_summary_names_what_was_found(plan: Plan) -> None:
    out = io.StringIO()
    print_summary(plan, out)
    text = out.getvalue()
    assert plan.source.file in text
    assert f"Tasks: {len(plan.tasks)}" in text
    assert f"Targets: {len(plan.targets)}" in text
    assert "\x1b" not in text


def test_summary_shows_values_places_and_no_control_characters() -> None:
    plan = full_plan()
    plan = replace(plan, tasks=(replace(plan.tasks[0], text="[red]a\x1b[2Jb[/red]"),))
    out = io.StringIO()
    print_summary(plan, out)
    text = out.getvalue()
    for words in (">= 99.5 %", "= +2-3 bậc", "10/63 hạng", "removed: lines 30-40 repeat lines 10-20", "[red]a"):
        assert words in text
    assert "\x1b" not in text


# --- where it goes ------------------------------------------------------------------------------------------------


PLAIN = TableOptions()


@pytest.mark.parametrize(
    ("many", "output", "format", "select", "expected"),
    [
        (False, None, None, None, "json"),
        (True, None, None, None, "jsonl"),
        (True, None, "json", None, "json"),
        (False, None, None, "targets", "csv"),
        (False, "out.jsonl", None, None, "jsonl"),
        (False, "out.txt", None, None, "json"),
        (True, "out.txt", None, None, "jsonl"),
        (True, "out/", None, None, "json"),
        (True, "out.csv/", None, None, "json"),
        (True, "out.XLSX", None, None, "xlsx"),
        (True, "out.db", None, None, "sqlite"),
    ],
)
def test_choice_of_format(many: bool, output: str, format: str, select: str, expected: str) -> None:
    assert choose_format(many, output, format, select) == expected


@pytest.mark.parametrize(
    ("many", "output", "format"),
    [(False, "out.csv", "csv"), (True, "out.json", "json"), (True, __file__, "parquet"), (True, None, "xlsx")],
)
def test_outputs_that_do_not_fit(many: bool, output: str, format: str) -> None:
    with pytest.raises(UsageError):
        choose_destination(many, output, format, PLAIN)


def test_a_plan_is_not_overwritten() -> None:
    check_not_an_input(None, [__file__])
    check_not_an_input("elsewhere.json", [__file__])
    with pytest.raises(UsageError, match="would be overwritten"):
        check_not_an_input(__file__, ["a.txt", __file__])


def named_plans():  # type: ignore[no-untyped-def]
    yield "x/full", plan_to_json(full_plan(), pretty=False)
    yield "stdin", plan_to_json(empty_plan(), pretty=False)


def test_a_folder_gets_a_file_a_plan(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    choose_destination(True, f"{folder}/", "json", PLAIN)(named_plans())
    assert (folder / "x" / "full.json").read_bytes() == plan_to_json(full_plan())
    assert (folder / "stdin.json").read_bytes() == plan_to_json(empty_plan())
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 2


def test_json_lines_in_one_file(tmp_path: Path) -> None:
    choose_destination(True, str(tmp_path / "all.jsonl"), "jsonl", PLAIN)(named_plans())
    lines = (tmp_path / "all.jsonl").read_bytes().splitlines(keepends=True)
    assert lines == [plan_to_json(full_plan(), pretty=False), plan_to_json(empty_plan(), pretty=False)]


def test_tables_of_several_plans_in_one_folder(tmp_path: Path) -> None:
    choose_destination(True, str(tmp_path / "tables"), "csv", PLAIN)(named_plans())
    assert (tmp_path / "tables" / "documents.csv").read_bytes().count(b"\n") == 3


@pytest.mark.parametrize(
    ("output", "format"), [("out.json", "json"), ("out.jsonl", "jsonl"), ("out/", "json"), ("tables", "csv")]
)
def test_no_plan_no_file(tmp_path: Path, output: str, format: str) -> None:
    choose_destination(False, f"{tmp_path}/{output}", format, PLAIN)([])
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_right_is_left_alone(tmp_path: Path) -> None:
    write_file(tmp_path / "a.json", [b"x"])
    os.utime(tmp_path / "a.json", ns=(1, 1))
    write_file(tmp_path / "a.json", [b"x"])
    assert (tmp_path / "a.json").stat().st_mtime_ns == 1
    write_file(tmp_path / "a.json", [b"y"])
    assert (tmp_path / "a.json").read_bytes() == b"y"


def test_a_failure_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("old")

    def fails():  # type: ignore[no-untyped-def]
        yield b"new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_file(path, fails())
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["plan.json"]


def test_a_written_file_is_an_ordinary_one(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("x")
    write_file(tmp_path / "ours", [b"x", b"y"])
    assert (tmp_path / "ours").read_bytes() == b"xy"
    assert (tmp_path / "ours").stat().st_mode == plain.stat().st_mode


def test_a_link_stays_a_link_and_a_device_a_device(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_file(tmp_path / "link", [b"new"])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_file(tmp_path / "pipe", [b"through"])
    assert os.read(reader, 100) == b"through"
    os.close(reader)


@pytest.mark.parametrize("path", ["missing/plan.json", "file/plan.json", "folder"])
def test_what_cannot_be_written(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UnwritableOutputError) as caught:
        write_file(tmp_path / path, [b"x"])
    assert str(caught.value).startswith(str(tmp_path / path))
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    import subprocess

    code = (
        "import sys, cchc_extract.writers.destination as d; from cchc_extract.request import TableOptions;"
        "d.choose_destination(False, 'b', 'json', TableOptions());"
        "print([m for m in ('rich', 'orjson', 'csv', 'json', 'typer') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"
