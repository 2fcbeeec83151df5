"""The command line as its users meet it: a process with arguments, two streams and an exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from cchc_extract import __version__

PLAN = """\
ỦY BAN NHÂN DÂN
TỈNH SÔNG LAM
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 12/KH-UBND
Sông Lam, ngày 05 tháng 01 năm 2024
KẾ HOẠCH
Cải cách hành chính nhà nước năm 2024 trên địa bàn tỉnh Sông Lam
Thực hiện Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ, Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:
I. MỤC TIÊU
- Tỷ lệ hồ sơ được giải quyết đúng hạn đạt tối thiểu 97,5%.
- Phấn đấu ít nhất 60% hồ sơ được nộp trực tuyến.
II. NHIỆM VỤ
1. Cải cách thủ tục hành chính
a) Sở Tư pháp rà soát, kiến nghị bãi bỏ các thủ tục không còn cần thiết, hoàn thành trước ngày 30/9/2024.
b) Văn phòng UBND tỉnh chủ trì, phối hợp với Sở Nội vụ kiểm tra việc công khai thủ tục tại bộ phận một cửa.
2. Cải cách tài chính công
a) Sở Tài chính hướng dẫn các đơn vị sự nghiệp xây dựng phương án tự chủ.
III. TỔ CHỨC THỰC HIỆN
1. Sở Nội vụ
- Theo dõi, đôn đốc việc thực hiện Kế hoạch này và báo cáo hằng quý.
2. Các sở, ban, ngành
- Xây dựng kế hoạch của đơn vị mình trong tháng 01 năm 2024.
"""


def run(*arguments: str | Path, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "cchc_extract", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env={**os.environ, **environment},
        timeout=60,
    )


def only_line(stderr: bytes) -> str:
    """The one line on standard error; there is no traceback."""
    lines = stderr.decode().splitlines()
    assert len(lines) == 1, stderr.decode()
    return lines[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plans")
    (folder / "plan.txt").write_text(PLAN, "utf-8")
    (folder / "other.txt").write_text(PLAN.replace("2024", "2025").replace("12/KH", "7/KH"), "utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blank.txt").write_text(" \n\t\n \n")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 8)
    (folder / "schema").write_text(PLAN, "utf-8")
    return folder


@pytest.fixture(scope="module")
def plan_json(folder: Path) -> bytes:
    done = run(folder / "plan.txt")
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout


# --- what comes out -----------------------------------------------------------------------------------------------


def test_json_to_a_pipe(plan_json: bytes) -> None:
    plan = json.loads(plan_json)
    assert plan["source"]["file"] == "plan.txt"
    assert plan["document"]["number"] == "12/KH-UBND"
    assert plan["tasks"]
    assert plan["targets"]
    assert "Sở Tư pháp".encode() in plan_json


def test_json_follows_the_printed_schema(plan_json: bytes) -> None:
    done = run("schema")
    assert (done.returncode, done.stderr) == (0, b"")
    schema = json.loads(done.stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(plan_json), schema, jsonschema.Draft202012Validator)


def test_the_same_bytes_twice(folder: Path, plan_json: bytes) -> None:
    assert run(folder / "plan.txt", PYTHONHASHSEED="7").stdout == plan_json


def test_standard_input(plan_json: bytes) -> None:
    done = run("-", stdin=PLAN.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    read, piped = json.loads(plan_json), json.loads(done.stdout)
    assert {**piped, "source": None} == {**read, "source": None}
    assert piped["source"]["sha256"] == read["source"]["sha256"]


def test_several_plans_to_a_pipe_are_json_lines(folder: Path) -> None:
    done = run(folder / "plan.txt", folder / "other.txt")
    numbers = [json.loads(line)["document"]["number"] for line in done.stdout.splitlines()]
    assert numbers == ["12/KH-UBND", "7/KH-UBND"]


def test_csv_to_a_pipe_is_the_tasks(folder: Path, plan_json: bytes) -> None:
    done = run(folder / "plan.txt", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode(), newline="")))
    tasks = json.loads(plan_json)["tasks"]
    assert [(row["id"], row["text"]) for row in rows] == [(task["id"], task["text"]) for task in tasks]


def test_a_file_of_a_commands_name(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cchc_extract", "./schema"], cwd=folder, capture_output=True, timeout=60
    )
    assert json.loads(done.stdout)["source"]["file"] == "schema"


@pytest.mark.parametrize("stage", ["source", "document", "outline", "passages", "findings", "plan"])
def test_show(folder: Path, stage: str) -> None:
    done = run("show", "--stage", stage, folder / "plan.txt")
    assert (done.returncode, done.stderr) == (0, b"")
    assert isinstance(json.loads(done.stdout), dict)


# --- files --------------------------------------------------------------------------------------------------------


def test_output_file(folder: Path, tmp_path: Path, plan_json: bytes) -> None:
    done = run(folder / "plan.txt", "-o", tmp_path / "plan.json")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (tmp_path / "plan.json").read_bytes() == plan_json


def test_output_folder_of_tables(folder: Path, tmp_path: Path) -> None:
    done = run(folder / "plan.txt", folder / "other.txt", "--format", "csv", "-o", tmp_path / "out")
    assert (done.returncode, done.stdout) == (0, b"")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"documents.csv", "sections.csv", "tasks.csv", "targets.csv", "references.csv", "report.csv"} <= names


def test_a_failed_plan_writes_no_file(folder: Path, tmp_path: Path) -> None:
    assert run(folder / "empty.txt", "-o", tmp_path / "plan.json").returncode == 4
    assert list(tmp_path.iterdir()) == []


# --- errors and exit codes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "exit_code", "about"),
    [
        ((), 2, "PLAN"),
        (("--format", "xml", "plan.txt"), 2, "xml"),
        (("--no-such-option", "plan.txt"), 2, "--no-such-option"),
        (("show", "plan.txt"), 2, "--stage"),
        (("show", "--stage", "soup", "plan.txt"), 2, "soup"),
        (("plan.txt", "-o", "tables.csv"), 2, "folder"),
        (("plan.txt", "-o", "plan.txt"), 2, "overwritten"),
        (("plan.txt", "other.txt", "-o", "both.json"), 2, "jsonl"),
        (("plan.txt", "--format", "xlsx"), 2, "xlsx"),
        (("plan.txt", "--format", "json", "--select", "tasks"), 2, "--select"),
        (("plan.txt", "--select", "songs"), 2, "songs"),
        (("plan.txt", "--select", "tasks", "--columns", "id,colour"), 2, "colour"),
        (("plan.txt", "--jobs", "0"), 2, "--jobs"),
        (("plan.txt", "--timeout", "-1"), 2, "--timeout"),
        (("plan.txt", "--lang", "fr"), 2, "fr"),
        (("--from0", "no-such-list"), 3, "no-such-list"),
        (("no-such-plan.txt",), 3, "no-such-plan.txt"),
        (("empty.txt",), 4, "empty.txt"),
        (("blank.txt",), 4, "blank.txt"),
        (("binary.txt",), 4, "binary.txt"),
        (("show", "--stage", "source", "no-such-plan.txt"), 3, "no-such-plan.txt"),
        (("plan.txt", "-o", "no-such-folder/plan.json"), 5, "no-such-folder/plan.json"),
        (("plan.txt", "-o", "plan.txt/plan.json"), 5, "plan.txt/plan.json"),
        (("plan.txt", "other.txt", "-o", "plan.txt/out/"), 5, "plan.txt/out"),
        (("plan.txt", "other.txt", "--patterns", "no-such-folder", "-o", "out/"), 6, "no-such-folder"),
        (("plan.txt", "--patterns", "no-such-folder"), 6, "no-such-folder"),
        (("plan.txt", "--patterns", "."), 6, "."),
    ],
)
def test_an_error_is_one_line_and_an_exit_code(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], exit_code: int, about: str
) -> None:
    monkeypatch.chdir(folder)
    done = run(*arguments)
    line = only_line(done.stderr)
    assert (done.returncode, done.stdout) == (exit_code, b"")
    assert about in line
    assert re.search(r"^[^;]+: .+; .+", line), "FILE: what is wrong; what to do"


def test_an_empty_standard_input_is_named() -> None:
    done = run("-")
    assert done.returncode == 4
    assert only_line(done.stderr).startswith("standard input: ")


def test_a_bad_plan_does_not_stop_the_others_and_the_first_error_counts(folder: Path) -> None:
    done = run(folder / "no-such.txt", folder / "plan.txt", folder / "empty.txt", folder / "other.txt")
    assert len(done.stdout.splitlines()) == 2
    told = done.stderr.decode().splitlines()
    assert [line.split(": ")[0] for line in told[:2]] == [str(folder / "no-such.txt"), str(folder / "empty.txt")]
    assert told[2] == "4 documents: 2 read, 2 refused"
    assert done.returncode == 3


def test_a_wrong_pattern_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("[[rule]]\nid = 'x'\nabout = 'x'\nregex = '('\n")
    done = run(folder / "plan.txt", "--patterns", tmp_path)
    assert done.returncode == 6
    assert "own.toml" in only_line(done.stderr)


TALKING = pytest.mark.parametrize(
    "arguments", [["plan.txt"], ["--version"], ["--help"], ["plan.txt", "--version"], ["schema"]], ids=" ".join
)


@TALKING
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_standard_output_that_cannot_be_written(folder: Path, arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "cchc_extract", *arguments],
            cwd=folder, stdout=full, stderr=subprocess.PIPE, timeout=60,
        )  # fmt: skip
    assert done.returncode == 5
    assert only_line(done.stderr).startswith("standard output: ")


FAULT = """
import sys, cchc_extract.pipeline as pipeline
from cchc_extract.__main__ import main
def fault(*_): raise RuntimeError("two\\nlines")
pipeline.extract_plan = fault
sys.argv = ["cchc-extract", "plan.txt"]
main()
"""


@pytest.mark.parametrize("debug", ["0", "1"])
def test_a_fault_of_the_program_is_told_in_one_line(debug: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAULT],
        capture_output=True,
        text=True,
        env={**os.environ, "CCHC_EXTRACT_DEBUG": debug},
        timeout=60,
    )
    first, _, rest = done.stderr.partition("\n")
    assert done.returncode == 1
    assert first == "plan.txt: internal error (RuntimeError: two lines); please report it with the file"
    assert ("Traceback" in rest) == (debug == "1")


# --- the streams --------------------------------------------------------------------------------------------------


@TALKING
def test_a_closed_pipe_ends_quietly(folder: Path, arguments: list[str]) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run(
        [sys.executable, "-m", "cchc_extract", *arguments],
        cwd=folder, stdout=theirs, stderr=subprocess.PIPE, timeout=60,
    )  # fmt: skip
    os.close(theirs)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_closed_streams(folder: Path, closed: str) -> None:
    command = f'exec "$0" -m cchc_extract - "$1" {closed}'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable, folder / "plan.txt"], input=PLAN.encode(), capture_output=True, timeout=60
    )
    assert done.returncode == {"<&-": 3, ">&-": 5, "2>&-": 0}[closed]
    assert b"Traceback" not in done.stderr


def test_ctrl_c_ends_with_130_and_no_traceback() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "cchc_extract", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(b"\n" * 500_000)  # more than a pipe holds: when it is gone, the program is reading
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=60)
    assert (process.returncode, out, error) == (130, b"", b"")


def on_terminal(*arguments: str | Path, **environment: str) -> str:
    """What the program prints when standard output is a terminal."""
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "cchc_extract", *map(str, arguments)],
        stdout=theirs, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**plain, "TERM": "xterm", "COLUMNS": "100", **environment},
    )  # fmt: skip
    os.close(theirs)
    pieces = []
    try:
        while piece := os.read(ours, 65536):
            pieces.append(piece)
    except OSError:  # the terminal is gone when the program is
        pass
    os.close(ours)
    process.wait(60)
    return b"".join(pieces).decode()


def test_a_terminal_gets_a_summary_in_colour_unless_told_not_to(folder: Path) -> None:
    coloured = on_terminal(folder / "plan.txt")
    assert "12/KH-UBND" in coloured
    assert "Tasks: " in coloured
    plain = on_terminal(folder / "plan.txt", NO_COLOR="1")
    assert re.search(r"\x1b\[[0-9;]*3[0-9]m", coloured)
    assert not re.search(r"\x1b\[[0-9;]*[39][0-9]m", plain)


def test_a_terminal_gets_json_when_asked(folder: Path) -> None:
    assert json.loads(on_terminal(folder / "plan.txt", "--format", "jsonl"))["schema_version"] == "1.1"


# --- help ---------------------------------------------------------------------------------------------------------


def test_version(folder: Path) -> None:
    for arguments in (["--version"], [str(folder / "plan.txt"), "--version"]):
        done = run(*arguments)
        assert (done.returncode, done.stdout.decode()) == (0, f"cchc-extract {__version__}\n")


def test_help_fits_a_screen_and_names_every_exit_code() -> None:
    done = run("--help", COLUMNS="80", LINES="40")
    text = done.stdout.decode()
    assert done.returncode == 0
    assert len(text.splitlines()) <= 40
    assert max(map(len, text.splitlines())) <= 80
    for word in ("Examples", "schema", "show", "--patterns", "Exit codes"):
        assert word in text
    codes = re.findall(r"\b(\d+)\s+\w", text[text.index("Exit codes") :])
    assert codes == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "130"]


@pytest.mark.parametrize("command", ["show", "schema"])
def test_help_of_a_command(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert f"cchc-extract {command}".encode() in done.stdout
