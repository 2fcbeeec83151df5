"""Plans and outputs that are on no local path: read and written through fsspec."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_batch import SLOW_RULE, SLOW_WORD, plan, run, start, tree
from test_cli import only_line

from cchc_extract import cli
from cchc_extract.errors import MissingToolError, UnreadableInputError, UnsupportedInputError, UnwritableOutputError

fsspec = pytest.importorskip("fsspec")


@pytest.fixture
def memory() -> Iterator[Any]:
    """A file system in memory, which workers share with us as it was when they began."""
    system = fsspec.filesystem("memory")
    for number, path in enumerate(("/in/a.txt", "/in/b.md", "/in/sub/c.txt", "/in/.hidden.txt", "/in/scores.xls"), 1):
        system.pipe_file(path, plan(number).encode())
    yield system
    system.rm("/", recursive=True)


def names(system: Any, folder: str) -> list[str]:
    """The files that a user sees there."""
    return sorted(name for name in system.find(folder) if "/.cchc-extract/" not in name)


def numbers(out: str) -> list[str]:
    return [json.loads(line)["document"]["number"] for line in out.splitlines()]


# --- inputs -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["memory://in/"], [1, 2]),
        (["memory://in", "--recursive"], [1, 2, 3]),
        (["memory://in/*.txt"], [1]),
        (["memory://in/**/*.txt"], [1, 3]),
        (["memory://in/b.md", "memory://in/a.txt"], [2, 1]),
    ],
    ids=lambda value: " ".join(map(str, value)),
)
def test_what_an_address_stands_for(
    memory: Any, arguments: list[str], expected: list[int], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    del memory
    assert cli.run([*arguments, "--format", "jsonl"]) == 0
    assert numbers(capfdbinary.readouterr().out.decode()) == [f"{number}/KH-UBND" for number in expected]


def test_one_document_is_one_plan(memory: Any, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    memory.get_file("/in/a.txt", str(tmp_path / "a.txt"))
    assert cli.run(["memory://in/a.txt"]) == cli.run([str(tmp_path / "a.txt")]) == 0
    out, errors = capfdbinary.readouterr()
    assert out[: len(out) // 2] == out[len(out) // 2 :]
    assert errors == b""


def test_show_a_stage_of_a_remote_plan(memory: Any, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    del memory
    assert cli.run(["show", "--stage", "document", "memory://in/a.txt"]) == 0
    assert json.loads(capfdbinary.readouterr().out)["blocks"]


# --- outputs ------------------------------------------------------------------------------------------------------


def test_a_folder_and_the_next_run(memory: Any, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["memory://in/", "-r", "-o", "memory://out/json/"]) == 0
    assert names(memory, "/out") == [
        "/out/json/a.json",
        "/out/json/b.json",
        "/out/json/report.csv",
        "/out/json/sub/c.json",
    ]
    assert json.loads(memory.cat_file("/out/json/sub/c.json"))["document"]["number"] == "3/KH-UBND"
    records = memory.find("/out/json/.cchc-extract")
    memory.pipe_file(f"/out/json/.cchc-extract/{'0' * 64}-of-another-program.z", b"")
    before = {name: memory.cat_file(name) for name in names(memory, "/out")}
    capfd.readouterr()
    assert cli.run(["memory://in/", "-r", "-o", "memory://out/json/", "-v"]) == 0
    told = capfd.readouterr().err.splitlines()
    assert [line.endswith(", 0.00 s") for line in told] == [True, True, True, False]
    assert memory.find("/out/json/.cchc-extract") == records
    assert {name: memory.cat_file(name) for name in names(memory, "/out")} == before


@pytest.mark.parametrize("name", ["all.jsonl", "deep/er/all.xlsx", "all.sqlite", "all.duckdb"])
def test_a_file(memory: Any, tmp_path: Path, name: str) -> None:
    if name.endswith("duckdb"):
        pytest.importorskip("duckdb")
    memory.get("/in/", str(tmp_path / "in"), recursive=True)
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    assert cli.run(["memory://in/", "-o", f"memory://{name}"]) == 0
    assert cli.run([str(tmp_path / "in"), "-o", str(tmp_path / name)]) == 0
    size, local = memory.size(f"/{name}"), (tmp_path / name).stat().st_size
    assert abs(size - local) <= 0.05 * local  # times of day are in some of them
    if name.endswith("jsonl"):
        assert memory.cat_file(f"/{name}") == (tmp_path / name).read_bytes()
    assert memory.cat_file(f"/{name}.report.csv").count(b"\n") == 3


def test_tables_in_a_folder(memory: Any) -> None:
    assert cli.run(["memory://in/", "-o", "memory://out/tables", "--format", "csv"]) == 0
    assert {"/out/tables/tasks.csv", "/out/tables/datapackage.json"} <= set(names(memory, "/out"))


def test_one_plan_leaves_nothing_beside_it(memory: Any) -> None:
    assert cli.run(["memory://in/a.txt", "-o", "memory://out/plan.json"]) == 0
    assert memory.find("/out") == ["/out/plan.json"]


def test_a_local_plan_to_an_address(memory: Any, tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(plan(9), "utf-8")
    assert cli.run([str(tmp_path / "plan.txt"), "-o", "memory://out/"]) == 0
    assert json.loads(memory.cat_file("/out/plan.json"))["document"]["number"] == "9/KH-UBND"


def test_file_addresses_are_local_places(tmp_path: Path) -> None:
    (tmp_path / "in dir" / "sub").mkdir(parents=True)
    (tmp_path / "in dir" / "a.txt").write_text(plan(1), "utf-8")
    (tmp_path / "in dir" / "sub" / "b.txt").write_text(plan(2), "utf-8")
    far = run(f"file://{tmp_path}/in dir/", "-r", "-o", f"file://{tmp_path}/far/")
    near = run(tmp_path / "in dir", "-r", "-o", f"{tmp_path}/near/")
    assert (far.returncode, far.stderr) == (near.returncode, near.stderr) == (0, b"2 documents: 2 read\n")
    plans = [
        {name: data for name, data in tree(tmp_path / at).items() if name != "report.csv"} for at in ("far", "near")
    ]
    assert plans[0] == plans[1]
    assert len(plans[0]) == 2


def test_a_run_that_is_killed_leaves_its_records(tmp_path: Path) -> None:
    """Through a file system that fsspec knows, for another process would not see one in memory."""
    (tmp_path / "in").mkdir()
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "slow.toml").write_text(SLOW_RULE, "utf-8")
    for number in range(1, 5):
        (tmp_path / "in" / f"{number}.txt").write_text(plan(number), "utf-8")
    (tmp_path / "in" / "z.txt").write_text(plan(5) + SLOW_WORD, "utf-8")
    arguments = (tmp_path / "in", "--patterns", tmp_path / "rules", "-o", f"local://{tmp_path}/out/")
    process = start(*arguments, temporary=tmp_path)
    kept = tmp_path / "out" / ".cchc-extract"
    while process.poll() is None and len(list(kept.glob("*.z"))) < 4:
        pass
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert tree(tmp_path / "out") == {}
    done = run(*arguments, "-v", "--timeout", "1")
    told = done.stderr.decode().splitlines()
    assert sum(line.endswith(", 0.00 s") for line in told) == 4
    assert set(tree(tmp_path / "out")) == {"1.json", "2.json", "3.json", "4.json", "report.csv"}


# --- refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "exit_code", "line"),
    [
        (["memory://none/a.txt"], UnreadableInputError.exit_code, "memory://none/a.txt: does not exist; check"),
        (["memory://in/*.odt"], UnreadableInputError.exit_code, "memory://in/*.odt: matches no file; check"),
        (["memory://in/a.zip"], UnsupportedInputError.exit_code, "memory://in/a.zip: is an archive that is"),
        (["memory://sheets/"], UnreadableInputError.exit_code, "memory://sheets/: is a folder that holds"),
        (["nothing://in/a.txt"], UnreadableInputError.exit_code, "nothing://in/a.txt: cannot be reached ("),
        (["memory://in/a.txt", "-o", "nothing://out/"], UnwritableOutputError.exit_code, "nothing://out/: cannot be"),
        (["memory://in/a.txt", "-o", "memory://in/a.txt"], 2, "memory://in/a.txt: is the plan itself"),
        (["memory://in/", "-o", "memory://in/a.txt"], 2, "memory://in/a.txt: is the plan itself"),
        (["memory://in/", "-o", "memory://all.json"], 2, "memory://all.json: one JSON file holds one plan"),
        (["memory://in/", "-o", "memory://o/all.csv"], 2, "memory://o/all.csv: csv is several tables"),
        (["show", "--stage", "plan", "memory://none.txt"], UnreadableInputError.exit_code, "memory://none.txt: does"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)  # fmt: skip
def test_one_line_for_what_cannot_be_done(
    memory: Any, arguments: list[str], exit_code: int, line: str, capfd: pytest.CaptureFixture[str]
) -> None:
    memory.pipe_file("/sheets/scores.xls", b"")
    before = {name: memory.cat_file(name) for name in memory.find("/")}
    assert cli.run(arguments) == exit_code
    out, errors = capfd.readouterr()
    assert out == ""
    assert only_line(errors.encode()).startswith(line)
    assert {name: memory.cat_file(name) for name in memory.find("/")} == before


@pytest.mark.parametrize("arguments", [["s3://bucket/a.txt"], ["plan.txt", "-o", "s3://bucket/"]], ids=" ".join)
@pytest.mark.parametrize("missing", ["fsspec", "s3fs"])
def test_a_package_that_is_missing(tmp_path: Path, arguments: list[str], missing: str) -> None:
    (tmp_path / "plan.txt").write_text(plan(1), "utf-8")
    (tmp_path / missing).mkdir()
    (tmp_path / missing / "__init__.py").write_text("raise ImportError('not here')")
    done = run(*arguments, cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (MissingToolError.exit_code, b"")
    assert only_line(done.stderr).startswith("s3://bucket/")
    assert "pip install 'cchc-extract[remote]'" in only_line(done.stderr)
