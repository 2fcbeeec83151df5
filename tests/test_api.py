"""The library: plans as records, many of them, and the way to JSON and back."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_batch import SLOW_RULE, SLOW_WORD, plan, run

import cchc_extract
from cchc_extract import CchcError, Outcome, Plan, extract, extract_many, from_dict, to_dict
from cchc_extract import model as m
from cchc_extract.errors import DocumentLimitError, UnreadableInputError, UnsupportedInputError

SAMPLES = sorted((Path(__file__).parent.parent / "samples").glob("*/plan.txt"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "in" / "a.txt").write_text(plan(11), "utf-8")
    (tmp_path / "in" / "b.txt").write_text(plan(12), "utf-8")
    (tmp_path / "in" / "copy.txt").write_text(plan(11), "utf-8")
    (tmp_path / "in" / "empty.txt").write_bytes(b"")
    (tmp_path / "in" / "sub" / "c.txt").write_text(plan(13), "utf-8")
    return tmp_path / "in"


def names(outcomes: list[Outcome]) -> list[str]:
    return [Path(outcome.name).name for outcome in outcomes]


# --- one ----------------------------------------------------------------------------------------------------------


def test_a_plan_as_the_command_line_writes_it(folder: Path) -> None:
    plan = extract(folder / "a.txt")
    assert isinstance(plan, Plan)
    assert to_dict(plan) == to_dict(extract(str(folder / "a.txt"))) == json.loads(run(folder / "a.txt").stdout)


def test_pattern_files_and_a_day(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('[[agency]]\nid = "hoi-thuyen"\nname = "Hội Thuyền sông"\n', "utf-8")
    (folder / "a.txt").write_text(plan(1).replace("Sở Nội vụ", "Hội Thuyền sông"), "utf-8")
    (agency,) = extract(folder / "a.txt", patterns=tmp_path, as_of=date(2026, 1, 1)).tasks[1].coordinating
    assert (agency.id, agency.as_of) == ("hoi-thuyen", (m.Successor("hoi-thuyen", "Hội Thuyền sông"),))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("none.txt", UnreadableInputError), (".", UnreadableInputError), ("empty.txt", UnsupportedInputError)],
)
def test_an_error_is_one_line_with_an_exit_code(folder: Path, name: str, kind: type[CchcError]) -> None:
    with pytest.raises(CchcError) as error:
        extract(folder / name)
    assert type(error.value) is kind
    assert "\n" not in str(error.value)
    assert str(error.value).startswith(str(folder))


def test_an_error_can_go_between_processes() -> None:
    error = pickle.loads(pickle.dumps(UnreadableInputError("plan.txt", "does not exist", "check the name")))
    assert (type(error), str(error)) == (UnreadableInputError, "plan.txt: does not exist; check the name")


def test_public_names() -> None:
    assert all(getattr(cchc_extract, name) is not None for name in cchc_extract.__all__)
    with pytest.raises(AttributeError, match="no attribute 'extractt'"):
        cchc_extract.extractt  # noqa: B018


# --- many ---------------------------------------------------------------------------------------------------------


def test_outcomes_come_in_order_with_duplicates_and_errors(folder: Path) -> None:
    found = list(extract_many([folder, folder / "none.txt", str(folder / "b.txt")], jobs=2))
    assert names(found) == ["a.txt", "b.txt", "copy.txt", "empty.txt", "none.txt", "b.txt"]
    assert [one.status for one in found] == ["read", "read", "duplicate", "refused", "refused", "duplicate"]
    assert [one.exit_code for one in found] == [0, 0, 0, 4, 3, 0]
    assert [one.error is not None for one in found] == [one.exit_code != 0 for one in found]
    assert [one.plan is not None for one in found] == [one.status == "read" for one in found]
    assert (found[2].duplicate_of, found[2].sha256) == (found[0].name, found[0].sha256)


def test_plans_are_those_of_one_by_one(folder: Path) -> None:
    outcomes = list(extract_many([folder], recursive=True, as_of=date(2026, 1, 1)))
    assert names(outcomes)[-1] == "c.txt"
    for outcome in outcomes:
        if outcome.status == "read":
            assert outcome.plan is not None
            assert to_dict(outcome.plan) == to_dict(extract(outcome.name, as_of=date(2026, 1, 1)))


def test_archives_and_no_documents_at_all(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "plans.zip", "w") as archive:
        archive.writestr("a.txt", plan(4))
    (outcome,) = extract_many([tmp_path / "plans.zip"])
    assert outcome.plan is not None
    assert outcome.plan.facts.number == "4/KH-UBND"
    assert list(extract_many([])) == []


def test_limits(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "slow.toml").write_text(SLOW_RULE, "utf-8")
    (folder / "a.txt").write_text(plan(1) + SLOW_WORD, "utf-8")
    slow, good, *_ = extract_many([folder], timeout=1, patterns=tmp_path / "rules")
    assert (slow.status, slow.exit_code, good.status) == ("failed", DocumentLimitError.exit_code, "read")


def test_closing_early_ends_the_workers(folder: Path) -> None:
    outcomes = extract_many([folder], jobs=2)
    next(outcomes)
    assert _children() != set()
    outcomes.close()
    assert _children() == set()


def _children() -> set[str]:
    """The processes that this one has started and that are still there."""
    listed = subprocess.run(["ps", "-o", "pid=,comm=", "--ppid", str(os.getpid())], capture_output=True, text=True)
    return {line.split()[0] for line in listed.stdout.splitlines() if line.split()[1] != "ps"}


def test_a_program_that_uses_it_starts_quickly() -> None:
    code = "import sys, cchc_extract; print(sorted(name for name in sys.modules if name.startswith('cchc_extract')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['cchc_extract']\n"


# --- to JSON and back ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_there_and_back(path: Path) -> None:
    plan = extract(path, as_of=date(2026, 1, 1))
    value = to_dict(plan)
    back = from_dict(json.loads(json.dumps(value)))
    assert to_dict(back) == value
    assert (back.facts, back.sections, back.tasks, back.targets) == (
        plan.facts,
        plan.sections,
        plan.tasks,
        plan.targets,
    )
    assert (back.references, back.duplicates, back.warnings) == (plan.references, plan.duplicates, plan.warnings)
    assert [task.span for task in back.tasks] == [task.span for task in plan.tasks]
    assert back.source.blocks == ()


def test_results_of_an_older_and_of_a_newer_program(folder: Path) -> None:
    value = to_dict(extract(folder / "a.txt"))
    for task in value["tasks"]:
        del task["same_as"]
        task["new"] = 1
    value["new"] = value["source"]["new"] = {}
    assert from_dict(value).tasks == extract(folder / "a.txt").tasks


TEXT, COUNT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8), st.integers(0, 10**6)
MAYBE, DAY = st.none() | TEXT, st.none() | st.dates()
NUMBER = st.integers(-(10**9), 10**9) | st.floats(-1e6, 1e6)
POINT = st.floats(0, 999).map(lambda value: round(value, 1))


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=2).map(tuple)


def build(kind: type, **known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Records whose other fields are texts, or null where they may be."""
    hints = {name: MAYBE if "None" in str(hint) else TEXT for name, hint in kind.__annotations__.items()}
    return st.builds(kind, **{**hints, **known})


SPAN = build(m.Span, page=st.none() | COUNT, lines=st.none() | st.tuples(COUNT, COUNT),
             bbox=st.none() | st.tuples(POINT, POINT, POINT, POINT))  # fmt: skip
INFERRED = {"span": SPAN, "inferred": some(TEXT)}
AGENCY = build(m.Agency, confidence=st.none() | POINT, of=some(TEXT), as_of=st.none() | some(build(m.Successor)))
PROVINCE = st.none() | build(m.Province)
FACTS = build(m.Facts, issued_on=DAY, effective_on=DAY, issuer=st.none() | AGENCY, province=PROVINCE,
              signer=st.none() | build(m.Signer), attached_to=st.none() | build(m.Attached, issued_on=DAY),
              period=st.none() | build(m.Period, start=DAY, end=DAY), province_today=PROVINCE)  # fmt: skip
WARNING = build(m.Warn, span=st.none() | SPAN)
PLANS = build(
    m.Plan,
    source=build(m.Source, pages=st.none() | COUNT, blocks=st.just(()), warnings=st.just(())),
    facts=FACTS,
    sections=some(build(m.Section, level=COUNT, **INFERRED)),
    tasks=some(build(m.Task, lead=some(AGENCY), coordinating=some(AGENCY), products=some(TEXT), targets=some(TEXT),
                     deadlines=some(build(m.Deadline, start=DAY, end=DAY)), same_as=some(TEXT), **INFERRED)),
    targets=some(build(m.Target, value=NUMBER, value_max=st.none() | NUMBER, out_of=st.none() | NUMBER,
                       year=st.none() | COUNT, same_as=some(TEXT), **INFERRED)),
    references=some(build(m.Reference, issued_on=DAY, spans=some(SPAN))),
    duplicates=some(build(m.Duplicate, span=SPAN, of=SPAN)),
    warnings=some(WARNING),
)  # fmt: skip


@settings(max_examples=25)
@given(PLANS)
def test_any_plan_comes_back(plan: Plan) -> None:
    back = from_dict(to_dict(plan))
    assert back == plan
    assert to_dict(back) == to_dict(plan)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(JSON, st.sampled_from(["source", "document", "tasks", "sections", "references", "warnings", None]))
def test_what_is_no_plan_is_told(value: Any, key: str | None) -> None:
    whole = value if key is None else {**to_dict(_SMALL), key: value}
    try:
        from_dict(whole)
    except (KeyError, TypeError, ValueError):
        pass
    else:
        assert key is not None, "an object without the keys of a plan"


_SMALL = m.Plan(m.Source("a", "0", "text/plain", ()), m.Facts(), (), (), (), (), (), ())
