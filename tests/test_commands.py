"""The commands beside the extraction, as their users meet them."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_batch import plan, run
from test_cli import only_line

LEAD = "Cơ quan chủ trì"
AGENCY = "Hội Thuyền sông"
WORDS = plan(3).replace("Sở Nội vụ", f"{AGENCY}, Sở Nội vụ")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """What a run over two plans has written."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(WORDS, "utf-8")
    more = f"c) {AGENCY} chủ trì tổ chức tập huấn.\nd) Hội Đò ngang chủ trì, phối hợp với Sở Y tế tổ chức hội nghị.\n"
    (tmp_path / "in" / "b.txt").write_text(WORDS + more, "utf-8")
    folder = tmp_path / "out"
    assert run(tmp_path / "in", "-o", f"{folder}/").returncode == 0
    return folder


# --- agencies normalise -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("is_piped", [False, True])
def test_normalise(tmp_path: Path, encoding: str, delimiter: str, is_piped: bool) -> None:
    file = tmp_path / "plans.csv"
    file.write_bytes(f"TT{delimiter}{LEAD}\n1{delimiter}Sở GTVT\n2{delimiter}{AGENCY}\n".encode(encoding))
    name, stdin = ("-", file.read_bytes()) if is_piped else (str(file), b"")
    done = run("agencies", "normalise", name, "--column", LEAD, "--on", "2026-01-01", stdin=stdin)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"\xef\xbb\xbf") == (encoding != "utf-8")
    known, unknown = csv.DictReader(io.StringIO(done.stdout.decode("utf-8-sig"), newline=""), delimiter=delimiter)
    assert (known[f"{LEAD} id"], known[f"{LEAD} 2026-01-01"]) == ("so-giao-thong-van-tai", "so-xay-dung")
    assert (unknown["TT"], unknown[f"{LEAD} id"], unknown[f"{LEAD} unknown"]) == ("2", "", AGENCY)


@pytest.mark.parametrize(
    ("content", "arguments", "exit_code", "line"),
    [
        ("TT,a\n", ["t.csv", "--column", LEAD], 2, f"t.csv: has no column '{LEAD}'; name one of 'TT', 'a'"),
        ("", ["t.csv", "--column", LEAD], 4, "t.csv: has no header line; "),
        ("a\nb\n", ["none.csv", "--column", "a"], 3, "none.csv: cannot be read (No such file or directory); "),
        ("a\nb\n", [".", "--column", "a"], 3, ".: cannot be read (Is a directory); "),
        ("a\nb\n", ["t.csv"], 2, "cchc-extract agencies: missing option '--column'"),
        ("a\nb\n", ["t.csv", "--column", "a", "--on", "soon"], 2, "--on: 'soon' is no day; "),
        ("a\nb\n", ["t.csv", "--column", "a", "--patterns", "none"], 6, "none: "),
        ("", ["-", "--column", "a"], 4, "standard input: has no header line; "),
    ],
)  # fmt: skip
def test_normalise_refuses(tmp_path: Path, content: str, arguments: list[str], exit_code: int, line: str) -> None:
    (tmp_path / "t.csv").write_text(content, "utf-8")
    done = run("agencies", "normalise", *arguments, cwd=tmp_path)
    assert only_line(done.stderr).startswith(line)
    assert (done.returncode, done.stdout) == (exit_code, b"")


# --- agencies show ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["so-giao-thong-van-tai", "Sở Giao thông vận tải", "Sở GTVT"])
def test_show_an_agency(name: str) -> None:
    done = run("agencies", "show", name, "--on", "2026-01-01")
    lines = done.stdout.decode().splitlines()
    assert lines[:2] == ["so-giao-thong-van-tai", "  name: Sở Giao thông vận tải"]
    assert "  became: Sở Xây dựng (so-xay-dung)" in lines
    assert lines[-1] == "  on 2026-01-01: Sở Xây dựng (so-xay-dung)"
    before = run("agencies", "show", name, "--on", "2024-01-01").stdout.decode().splitlines()
    assert before == [*lines[:-1], "  on 2024-01-01: itself"]


@pytest.mark.parametrize("name", [AGENCY, "so-khong-co", "Sở Tài chính, Sở Nội vụ", "", "Giám đốc Sở Y tế"])
def test_show_what_is_no_one_agency(name: str) -> None:
    done = run("agencies", "show", name)
    assert only_line(done.stderr) == f"agencies show: {name!r} is not in the registry; give an id or a name that is"
    assert (done.returncode, done.stdout) == (2, b"")


# --- agencies unknown ---------------------------------------------------------------------------------------------


def test_unknown_names_become_known(out: Path, tmp_path: Path) -> None:
    done = run("agencies", "unknown", out)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().splitlines() == [
        "# 3 times: a.json t2, b.json t2, b.json t3",
        "[[agency]]",
        'id = "hoi-thuyen-song"',
        f'name = "{AGENCY}"',
        "",
        "# 1 times: b.json t4",
        "[[agency]]",
        'id = "hoi-do-ngang"',
        'name = "Hội Đò ngang"',
        "",
    ]
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "agencies.toml").write_bytes(done.stdout)
    again = run(tmp_path / "in", "-o", f"{out}/", "--patterns", tmp_path / "own")
    assert again.returncode == 0
    assert run("agencies", "unknown", out).stdout == b""


@pytest.mark.parametrize("command", [["references"], ["agencies", "unknown"]], ids=" ".join)
@pytest.mark.parametrize(
    ("name", "exit_code", "line"),
    [
        ("none", 3, "none: does not exist; name the folder that a run wrote"),
        ("no", 4, "no: holds no extracted plans; name what a run wrote as json or jsonl"),
        ("no/other.json", 4, "no/other.json: holds no extracted plans; "),
        ("bad", 4, "bad/plan.json: is no JSON; "),
    ],
)
def test_what_holds_no_results(tmp_path: Path, command: list[str], name: str, exit_code: int, line: str) -> None:
    for folder, file, content in (
        ("no", "other.json", '{"schema_version": 1, "tasks": []}'),
        ("bad", "plan.json", "{"),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / file).write_text(content)
    done = run(*command, name, cwd=tmp_path)
    assert only_line(done.stderr).startswith(line)
    assert done.returncode == exit_code


# --- references ---------------------------------------------------------------------------------------------------


def test_references(tmp_path: Path) -> None:
    first = plan(1).replace(
        "I. MỤC TIÊU", "Thực hiện Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ.\nI. MỤC TIÊU"
    )
    second = plan(2).replace("I. MỤC TIÊU", "Căn cứ Nghị quyết 76/NQ-CP của Chính phủ.\nI. MỤC TIÊU")
    for name, words in (("a.txt", first), ("b.txt", second)):
        (tmp_path / name).write_text(words, "utf-8")
    assert run(tmp_path / "a.txt", tmp_path / "b.txt", "-o", tmp_path / "all.jsonl").returncode == 0
    done = run("references", tmp_path / "all.jsonl")
    assert (done.returncode, done.stderr) == (0, b"")
    (row,) = csv.DictReader(io.StringIO(done.stdout.decode(), newline=""))
    assert (row["number"], row["issued_on"], row["plans"], row["mentions"]) == ("76/NQ-CP", "2021-07-15", "2", "2")
    assert (row["implements"], row["based_on"]) == ("1", "1")


# --- help and completion ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", ["schema", "show", "doctor", "agencies", "references", "completion", "agencies show", "agencies unknown"]
)
def test_both_forms_of_help(command: str) -> None:
    short, long = (run(*command.split(), option, COLUMNS="80") for option in ("-h", "--help"))
    assert (short.returncode, short.stderr, short.stdout) == (0, b"", long.stdout)
    assert f"cchc-extract {command}" in short.stdout.decode()
    assert "..." not in short.stdout.decode().partition("Commands:")[2]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str, tmp_path: Path) -> None:
    done = run("completion", shell)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"_CCHC_EXTRACT_COMPLETE" in done.stdout
    if shutil.which(shell):
        (tmp_path / "script").write_bytes(done.stdout)
        assert subprocess.run([shell, "-n", str(tmp_path / "script")]).returncode == 0


def test_completion_for_another_shell() -> None:
    done = run("completion", "tcsh")
    assert only_line(done.stderr) == "completion: 'tcsh' is unknown; use one of bash, zsh, fish"
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        ("--re", "--recursive --retry-failed"),
        ("plan.txt --form", "--format"),
        ("show plan.txt --s", "--stage"),
        ("agencies n", "normalise"),
        ("agencies show --o", "--on"),
        ("plan", ""),
    ],
)
@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_completion_as_bash_asks_for_it(tmp_path: Path, line: str, answers: str) -> None:
    (tmp_path / "cchc-extract").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cchc_extract "$@"\n')
    (tmp_path / "cchc-extract").chmod(0o755)
    words = f"cchc-extract {line}".split()
    script = f"""{run("completion", "bash").stdout.decode()}
COMP_WORDS=({" ".join(words)}); COMP_CWORD={len(words) - 1}
_cchc_extract_completion cchc-extract; echo "${{COMPREPLY[*]}}"
"""
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=environment)
    assert (done.stdout.strip(), done.stderr) == (answers, "")
