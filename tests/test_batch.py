"""Many documents at once: which are found, what becomes of each, and that none of them can hurt the others."""

from __future__ import annotations

import csv
import json
import os
import pty
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_extract.batch import Bounds, Input, Outcome, Search, Settings, Work, find_inputs, run_batch
from cchc_extract.batch.likeness import LEAST, NearDuplicates, text_to_sketch
from cchc_extract.batch.outcome import Record, pack_record, unpack_record
from cchc_extract.batch.places import output_places
from cchc_extract.errors import CchcError

PLAN = """\
ỦY BAN NHÂN DÂN
TỈNH SÔNG LAM
Số: {number}/KH-UBND
Sông Lam, ngày 05 tháng 01 năm 2024
KẾ HOẠCH
Cải cách hành chính nhà nước năm 2024 trên địa bàn tỉnh Sông Lam
I. MỤC TIÊU
- Tỷ lệ hồ sơ được giải quyết đúng hạn đạt tối thiểu {number}%.
II. NHIỆM VỤ
1. Cải cách thủ tục hành chính
a) Sở Tư pháp rà soát {number} thủ tục không còn cần thiết, hoàn thành trước ngày 30/9/2024.
b) Văn phòng UBND tỉnh chủ trì, phối hợp với Sở Nội vụ kiểm tra việc công khai thủ tục tại {number} bộ phận một cửa.
"""
SLOW_WORD = "x" * 60
# A user's own rule that searches without end in a document with that word.
SLOW_RULE = f"[[rule]]\nid = 'letterhead.never'\nabout = 'x'\nregex = '(?:x+x+)+y'\nneeds = ['{SLOW_WORD}']\n"


def plan(number: int) -> str:
    return PLAN.format(number=number)


def start(*arguments: str | Path, temporary: Path) -> subprocess.Popen[bytes]:
    """A batch in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "cchc_extract", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    )


def run(
    *arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "cchc_extract", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, **environment},
        timeout=90,
    )


def batch(inputs: list[Input], **bounds: float) -> list[Outcome]:
    wanted = {"jobs": 2, "seconds": 60.0, "megabytes": 2048, **bounds}
    settings = Settings(Bounds(int(wanted["jobs"]), wanted["seconds"], int(wanted["megabytes"])))
    return list(run_batch(inputs, Work(), settings))


def tree(folder: Path) -> dict[str, bytes]:
    """Every file that a user sees, by its path."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if ".cchc-extract" not in path.parts}


def report(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "report.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with plans, other files, and some that are broken."""
    folder = tmp_path_factory.mktemp("batch") / "in"
    for number in range(11, 17):
        path = folder / ("a" if number % 2 else "b") / f"plan {number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(plan(number), "utf-8")
    (folder / "a" / "copy.md").write_text(plan(11), "utf-8")
    (folder / "a" / "empty.txt").write_bytes(b"")
    (folder / "kế hoạch.txt").write_text(plan(20), "utf-8")
    (folder / "note.txt").write_text("Thư mời họp.\n", "utf-8")
    (folder / "numbers.xlsx").write_bytes(b"PK\x03\x04")
    (folder / ".hidden.txt").write_text(plan(21), "utf-8")
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("tỉnh/plan.txt", plan(30))
        archive.writestr("picture.gif", b"GIF89a")
    return folder


# --- what is found ------------------------------------------------------------------------------------------------


def names(found: list[Input], folder: Path) -> list[str]:
    return [item.name.removeprefix(f"{folder}/") for item in found]


def test_a_folder_without_and_with_its_folders(plans: Path) -> None:
    found = find_inputs([str(plans)], Search())
    assert names(found.inputs, plans) == ["kế hoạch.txt", "more.zip/tỉnh/plan.txt", "note.txt"]
    assert found.skipped == 2
    everything = find_inputs([str(plans)], Search(recursive=True))
    assert names(everything.inputs, plans) == [
        "a/copy.md", "a/empty.txt", "a/plan 11.txt", "a/plan 13.txt", "a/plan 15.txt",
        "b/plan 12.txt", "b/plan 14.txt", "b/plan 16.txt", "kế hoạch.txt", "more.zip/tỉnh/plan.txt", "note.txt",
    ]  # fmt: skip


def test_names_come_in_the_order_given_and_globs_are_sorted(plans: Path) -> None:
    found = find_inputs([str(plans / "note.txt"), str(plans / "*" / "plan 1[1-3].txt"), "-"], Search())
    assert names(found.inputs, plans) == [
        "note.txt",
        "a/plan 11.txt",
        "a/plan 13.txt",
        "b/plan 12.txt",
        "standard input",
    ]


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda folder: folder / "nothing*.txt", "matches no file"),
        (lambda folder: folder / "void", "holds no plans"),
        (lambda folder: folder / "others", "only 1 files of other kinds"),
        (lambda folder: folder / "broken.zip", "no ZIP archive"),
        (lambda folder: folder / "missing.zip", "does not exist"),
    ],
)
def test_what_cannot_be_had_is_a_problem_in_its_place(tmp_path: Path, make: object, what: str) -> None:
    (tmp_path / "void").mkdir()
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "data.csv").write_text("1")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    (item,) = find_inputs([str(make(tmp_path))], Search()).inputs  # type: ignore[operator]
    assert isinstance(item.problem, CchcError)
    assert what in str(item.problem)


def test_links_in_circles_are_followed_once(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "plan.txt").write_text(plan(11))
    (tmp_path / "in" / "deep" / "up").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "self.txt").symlink_to("self.txt")
    (tmp_path / "in" / "side").symlink_to(tmp_path / "in" / "deep")
    os.mkfifo(tmp_path / "in" / "pipe.txt")
    found = find_inputs([str(tmp_path / "in")], Search(recursive=True))
    assert names(found.inputs, tmp_path / "in") == ["deep/plan.txt", "self.txt"]
    assert [(outcome.status, outcome.exit_code) for outcome in batch(found.inputs)] == [("read", 0), ("refused", 3)]


def test_the_output_folder_is_no_input(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(plan(11))
    for _ in range(2):
        done = run(".", "-r", "-o", "out/", "--format", "json", cwd=tmp_path)
        assert (done.returncode, list(report(tmp_path / "out"))) == (0, ["plan.txt"])


def archive_of(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            if name == "link.txt":
                info.external_attr = 0o120777 << 16
            archive.writestr(info, content)
    return path


def test_an_archive_is_opened_with_care(tmp_path: Path) -> None:
    path = archive_of(
        tmp_path / "plans.zip",
        {
            "good.txt": plan(11).encode(), "../out.txt": b"x", "/etc/plan.txt": b"x", "link.txt": b"good.txt",
            "inner.zip": b"PK", "__MACOSX/._good.txt": b"x", "large.txt": b"",
        },
    )  # fmt: skip
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"large.txt") - 46
    data[entry + 24 : entry + 28] = (2**31).to_bytes(4, "little")  # the unpacked size that its directory tells
    path.write_bytes(data)
    outcomes = {Path(outcome.name).name: outcome for outcome in batch(find_inputs([str(path)], Search()).inputs)}
    assert {name: outcome.status for name, outcome in outcomes.items()} == {
        "good.txt": "read", "out.txt": "refused", "plan.txt": "refused", "link.txt": "refused",
        "inner.zip": "refused", "large.txt": "refused",
    }  # fmt: skip
    assert "leaves its archive" in (outcomes["out.txt"].error or "")
    assert "leaves its archive" in (outcomes["plan.txt"].error or "")
    assert "unpacks to more than" in (outcomes["large.txt"].error or "")
    assert (outcomes["good.txt"].error, outcomes["good.txt"].name) == (None, f"{path}/good.txt")


def test_a_locked_or_damaged_member_is_refused_alone(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "plans.zip", {"a.txt": plan(11).encode(), "b.txt": plan(12).encode(), "c.txt": b"c"})
    data = bytearray(path.read_bytes())
    data[data.index(b"b.txt") + 20] ^= 0xFF  # in its packed content
    data[data.rindex(b"c.txt") - 46 + 8] |= 1  # marked as encrypted in the directory
    path.write_bytes(data)
    outcomes = batch(find_inputs([str(path)], Search()).inputs)
    assert [outcome.status for outcome in outcomes] == ["read", "refused", "refused"]
    assert ["damaged" in (outcomes[1].error or ""), "password" in (outcomes[2].error or "")] == [True, True]


def test_names_of_an_archive_without_the_utf_8_mark(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "plans.zip", {"kế hoạch.txt": plan(11).encode()})
    data = bytearray(path.read_bytes())
    for place in (6, data.rindex(b"PK\x01\x02") + 8):
        data[place : place + 2] = (0).to_bytes(2, "little")
    path.write_bytes(data)
    (outcome,) = batch(find_inputs([str(path)], Search()).inputs)
    assert (outcome.name, outcome.status) == (f"{path}/kế hoạch.txt", "read")


def test_a_word_file_called_zip_is_a_document(tmp_path: Path) -> None:
    sample = Path(__file__).parent.parent / "samples" / "containers" / "plan.docx"
    path = tmp_path / "plan.zip"
    path.write_bytes(sample.read_bytes())
    found = find_inputs([str(path)], Search()).inputs
    assert [(item.path, item.member) for item in found] == [(str(path), None)]


def test_names_from_a_list(plans: Path, tmp_path: Path) -> None:
    odd = tmp_path / "two\nlines.txt"
    odd.write_text(plan(40), "utf-8")
    listed = b"\0".join(os.fsencode(path) for path in (odd, plans / "a", plans / "missing.txt")) + b"\0"
    done = run("--from0", "-", "--format", "jsonl", stdin=listed)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["source"]["file"] for line in lines] == ["two\nlines.txt", "copy.md", "plan 13.txt", "plan 15.txt"]
    assert done.returncode == 4
    told = done.stderr.decode().splitlines()
    assert told[1].endswith("missing.txt: does not exist; check the name")


def test_a_name_with_a_newline_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "two\nlines.txt").write_bytes(b"")
    done = run("two\nlines.txt", "none", cwd=tmp_path)
    first = done.stderr.decode().splitlines()[0]
    assert first == "two\\nlines.txt: is empty; give a file that holds the plan"


# --- what becomes of them -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def done(plans: Path) -> tuple[Path, subprocess.CompletedProcess[bytes]]:
    out = plans.parent / "out"
    return out, run("in", "-r", "-o", "out/", "--jobs", "1", cwd=plans.parent)


def test_statuses_and_summary(done: tuple[Path, subprocess.CompletedProcess[bytes]]) -> None:
    out, ended = done
    assert {name: row["status"] for name, row in report(out).items()} == {
        "in/a/copy.md": "read", "in/a/empty.txt": "refused", "in/a/plan 11.txt": "duplicate",
        "in/a/plan 13.txt": "read", "in/a/plan 15.txt": "read", "in/b/plan 12.txt": "read", "in/b/plan 14.txt": "read",
        "in/b/plan 16.txt": "read", "in/kế hoạch.txt": "read", "in/more.zip/tỉnh/plan.txt": "read",
        "in/note.txt": "empty",
    }  # fmt: skip
    assert report(out)["in/a/plan 11.txt"]["duplicate_of"] == "in/a/copy.md"
    assert ended.returncode == 4
    told = ended.stderr.decode().splitlines()
    assert told[0] == "in/a/empty.txt: is empty; give a file that holds the plan"
    assert told[1] == "11 documents: 8 read, 1 empty, 1 refused, 1 duplicate; 2 files of other kinds passed by"


def test_every_plan_has_its_file_and_it_is_as_if_read_alone(
    plans: Path, done: tuple[Path, subprocess.CompletedProcess[bytes]]
) -> None:
    out, _ = done
    rows = {name: row for name, row in report(out).items() if row["output"]}
    assert set(tree(out)) == {row["output"] for row in rows.values()} | {"report.csv"}
    assert rows["in/b/plan 12.txt"]["output"] == "b/plan 12.json"
    assert (out / "b" / "plan 12.json").read_bytes() == run(plans / "b" / "plan 12.txt").stdout
    tasks = len(json.loads((out / "kế hoạch.json").read_bytes())["tasks"])
    assert rows["in/kế hoạch.txt"]["tasks"] == str(tasks) != "0"


def test_one_job_and_eight_give_the_same_bytes(
    plans: Path, done: tuple[Path, subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    eight = run("in", "-r", "-o", f"{tmp_path}/out/", "--jobs", "8", cwd=plans.parent)
    assert (eight.returncode, eight.stderr) == (done[1].returncode, done[1].stderr)
    assert tree(tmp_path / "out") == tree(done[0])


def test_json_lines_and_tables_of_a_folder(plans: Path, tmp_path: Path) -> None:
    lines = run("in", "-r", "-q", cwd=plans.parent).stdout
    assert len(lines.splitlines()) == 9
    run("in", "-r", "-q", "-o", tmp_path / "all.jsonl", cwd=plans.parent)
    assert (tmp_path / "all.jsonl").read_bytes() == lines
    run("in", "-r", "-q", "--format", "csv", "-o", f"{tmp_path}/tables/", cwd=plans.parent)
    with (tmp_path / "tables" / "documents.csv").open(encoding="utf-8", newline="") as file:
        assert [row["sha256"] for row in csv.DictReader(file)] == [
            json.loads(line)["source"]["sha256"] for line in lines.splitlines()
        ]
    chosen = run("in", "-r", "-q", "--select", "tasks", "--columns", "id,text", cwd=plans.parent).stdout
    assert chosen.splitlines()[0] == b"id,text"
    assert len(chosen.splitlines()) == 1 + sum(len(json.loads(line)["tasks"]) for line in lines.splitlines())


def test_the_log_as_json(plans: Path) -> None:
    ended = run("in/a", "--log-json", cwd=plans.parent)
    told = [json.loads(line) for line in ended.stderr.splitlines()]
    assert [line["event"] for line in told] == ["document"] * 5 + ["summary"]
    assert [line["status"] for line in told[:-1]] == ["read", "refused", "duplicate", "read", "read"]
    assert (told[-1]["read"], told[-1]["refused"], told[-1]["failed"]) == (3, 1, 0)


def test_thousands_of_empty_files_have_a_line_each(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(2000):
        (tmp_path / "in" / f"{number:04}.txt").write_bytes(b"")
    done = run("in", "-o", "out/", cwd=tmp_path)
    told = done.stderr.decode().splitlines()
    assert told[1999] == "in/1999.txt: is empty; give a file that holds the plan"
    assert told[2000] == "2000 documents: 2000 refused"
    assert (done.returncode, len(report(tmp_path / "out"))) == (4, 2000)
    assert list(tree(tmp_path / "out")) == ["report.csv"]


def test_verbose_quiet_and_fail_fast(plans: Path, tmp_path: Path) -> None:
    verbose = run("in/b", "-v", cwd=plans.parent).stderr.decode().splitlines()
    assert verbose[0].startswith("in/b/plan 12.txt: read, ")
    assert run("in/b", "-q", cwd=plans.parent).stderr == b""
    stopped = run("in/a", "--fail-fast", "-o", tmp_path / "all.jsonl", cwd=plans.parent)
    assert stopped.returncode == 4
    assert not (tmp_path / "all.jsonl").exists()


def test_plans_that_collide_keep_their_suffix_or_folder() -> None:
    given = [("x/a.txt", "a.txt"), ("x/a.pdf", "a.pdf"), ("x/B.txt", "B.txt"), ("y/b.txt", "b.txt"), ("y/c.d", "c.d")]
    places = output_places([Input(path, relative) for path, relative in given])
    assert places == ["a.txt", "a.pdf", "x/B.txt", "y/b.txt", "c"]


PATHS = st.lists(st.sampled_from(["a", "b", "a.txt", "..", "A.TXT", "ế", "ế"]), min_size=1, max_size=3)


@given(st.lists(PATHS, max_size=8))
def test_no_two_inputs_share_a_place_and_none_leaves_the_folder(paths: list[list[str]]) -> None:
    inputs = [Input("/".join(path), path[-1] if path[-1] != ".." else "x") for path in paths]
    places = output_places(inputs)
    folded = {place.casefold() for place in places}
    assert len(folded) == len({item.name for item in inputs})
    assert not any(".." in Path(place).parts or Path(place).is_absolute() for place in places)


# --- likenesses ---------------------------------------------------------------------------------------------------


def words(count: int, first: int = 0) -> str:
    return " ".join(f"từ{number}" for number in range(first, first + count))


def test_a_draft_and_its_final_are_told_of() -> None:
    near = NearDuplicates()
    texts = (words(600), words(600, 5000), f"{words(300)} thêm {words(299, 301)}", words(300) + words(300, 9000))
    found = [near.add(number, text_to_sketch(text)) for number, text in enumerate(texts)]
    assert [bool(hit) for hit in found] == [False, False, True, False]
    assert found[2] is not None
    assert found[2][0] == 0
    assert found[2][1] >= LEAST


@given(st.integers(0, 400), st.integers(450, 900))
def test_the_similarity_of_sketches_is_near_that_of_the_texts(changed: int, total: int) -> None:
    near = NearDuplicates()
    near.add(0, text_to_sketch(words(total)))
    hit = near.add(1, text_to_sketch(words(total - changed) + " " + words(changed, 10_000)))
    kept = max(0, total - changed - 4)
    true = kept / (2 * (total - 4) - kept)
    if true >= 0.95:
        assert hit is not None
    if hit is not None:
        assert abs(hit[1] - true) < 0.17  # four deviations of a share of 128


def test_near_duplicates_are_in_the_report(tmp_path: Path) -> None:
    text = (Path(__file__).parent.parent / "samples" / "clean-plan" / "plan.txt").read_text("utf-8")
    (tmp_path / "draft.txt").write_text(text, "utf-8")
    (tmp_path / "final.txt").write_text(text.replace("30/10/2023", "15/11/2023"), "utf-8")
    done = run("draft.txt", "final.txt", "-o", "out/", cwd=tmp_path)
    row = report(tmp_path / "out")["final.txt"]
    assert (row["status"], row["near_duplicate_of"]) == ("read", "draft.txt")
    assert float(row["similarity"]) >= LEAST
    assert "final.txt is like draft.txt" in done.stderr.decode()


# --- documents that are a danger ----------------------------------------------------------------------------------


@pytest.fixture
def danger(tmp_path: Path) -> Iterator[Path]:
    """Good plans, one that is searched without end, one that never comes, and one that is too large."""
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.toml").write_text(SLOW_RULE)
    (folder / "a-hangs.txt").write_text(f"{SLOW_WORD}\n{plan(11)}")
    os.mkfifo(folder / "b-never.txt")
    (folder / "c-large.txt").write_text(plan(12) * 80_000)
    for number in range(13, 19):
        (folder / f"plan {number}.txt").write_text(plan(number))
    return folder


def test_documents_that_hang_or_eat_memory_cost_only_themselves(danger: Path) -> None:
    given = b"\0".join(os.fsencode(path) for path in sorted(danger.iterdir()))
    limits = ("--timeout", "2.5", "--memory", "150", "--jobs", "2", "--patterns", danger.parent / "rules")
    done = run("--from0", "-", *limits, "-o", f"{danger.parent}/out/", stdin=given)
    rows = {Path(name).name: row for name, row in report(danger.parent / "out").items()}
    assert [row["status"] for row in rows.values()] == ["failed"] * 3 + ["read"] * 6
    assert "took more than 2.5 seconds" in rows["a-hangs.txt"]["error"]
    assert "took more than 2.5 seconds" in rows["b-never.txt"]["error"]
    assert "needs more than 150 MB" in rows["c-large.txt"]["error"]
    assert {row["exit_code"] for row in rows.values()} == {"8", "0"}
    assert done.returncode == 8
    assert len(done.stderr.splitlines()) >= 3


def test_a_document_alone_is_watched_when_asked(danger: Path) -> None:
    done = run(danger / "a-hangs.txt", "--timeout", "1", "--patterns", danger.parent / "rules")
    assert (done.returncode, done.stdout) == (8, b"")
    assert done.stderr.decode().splitlines() == [
        f"{danger / 'a-hangs.txt'}: took more than 1 seconds; give it more with --timeout"
    ]
    alone = run(danger / "plan 13.txt", "--timeout", "60")
    assert (alone.returncode, alone.stdout) == (0, run(danger / "plan 13.txt").stdout)


DYING = """
import os, signal, sys
import cchc_extract.pipeline as pipeline
from cchc_extract.__main__ import main
extract = pipeline.extract_plan
def extract_plan(path, data, *others):
    if b"KILL" in data:
        os.kill(os.getpid(), signal.SIGSEGV)
    if b"FAULT" in data:
        raise RuntimeError("a fault")
    return extract(path, data, *others)
pipeline.extract_plan = extract_plan
main()
"""


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    for number in range(11, 15):
        (tmp_path / f"{number}.txt").write_text(plan(number) + {12: "KILL", 13: "FAULT"}.get(number, ""))
    done = subprocess.run(
        [sys.executable, "-c", DYING, ".", "--jobs", "1", "-o", "out/"], cwd=tmp_path, capture_output=True, timeout=60
    )
    rows = report(tmp_path / "out")
    assert [row["status"] for row in rows.values()] == ["read", "failed", "failed", "read"]
    assert "SIGSEGV" in rows["12.txt"]["error"]
    assert rows["13.txt"]["error"].endswith("internal error (RuntimeError: a fault); please report it with the file")
    assert done.returncode == 8


def test_ctrl_c_ends_everything_at_once(danger: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    temporary = tmp_path_factory.mktemp("temporary")
    options = ("--jobs", "2", "--patterns", danger.parent / "rules", "-o", f"{danger.parent}/out/")
    process = start(*options, danger / "a-hangs.txt", danger / "b-never.txt", temporary=temporary)
    workers = two_workers_of(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    out, error = process.communicate(timeout=10)
    assert (process.returncode, out, error) == (130, b"", b"")
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
    assert list(temporary.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="the system must end workers with their parent")
def test_a_killed_batch_leaves_no_process(danger: Path) -> None:
    options = ("--jobs", "2", "--patterns", danger.parent / "rules")
    process = start(*options, danger / "a-hangs.txt", danger / "b-never.txt", temporary=danger.parent)
    workers = two_workers_of(process.pid)
    process.kill()
    process.communicate()
    until = time.monotonic() + 5
    while any(map(is_running, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(is_running, workers))


def two_workers_of(process: int) -> list[int]:
    """The workers of a batch when both are at work."""
    until = time.monotonic() + 20
    while len(workers := children_of(process)) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.5)
    assert len(workers) == 2
    return workers


def children_of(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


STARTING = """
import sys
from pathlib import Path
from cchc_extract.batch import limits
from cchc_extract.readers.processes import run_program
limits.use_folder(sys.argv[1])
if len(sys.argv) > 2:
    limits.limit_memory(int(sys.argv[2]))
inner = "x = bytes(3 << 28); import time; time.sleep(60)"
code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
run_program([sys.executable, "-c", code], Path(sys.argv[1]), 60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL])
def test_a_program_that_a_worker_has_started_ends_with_it(tmp_path: Path, sent: signal.Signals) -> None:
    """Also what that program has started, which outlives it; and it has memory that the worker has not."""
    from cchc_extract.batch.limits import end_programs

    process = subprocess.Popen([sys.executable, "-c", STARTING, tmp_path, "200"])
    until = time.monotonic() + 20
    while len(started := programs_of(tmp_path)) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.5)
    assert len(programs_of(tmp_path)) == len(started) == 2, "they run, and go on running"
    process.send_signal(sent)
    process.wait(10)
    if sent == signal.SIGKILL:
        end_programs(str(tmp_path))
    time.sleep(0.2)
    assert programs_of(tmp_path) == []


def programs_of(folder: Path) -> list[int]:
    mark = os.fsencode(f"TMPDIR={folder}")
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0") and is_running(int(process.name)):
                found.append(int(process.name))
        except OSError:
            continue
    return found


# --- the terminal -------------------------------------------------------------------------------------------------


def test_progress_on_a_terminal_alone(plans: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "cchc_extract", "in/b", "in/a", "-o", f"{tmp_path}/out/", "--jobs", "1"],
        cwd=plans.parent, stderr=theirs, stdin=subprocess.DEVNULL, env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
    )  # fmt: skip
    os.close(theirs)
    pieces = []
    try:
        while piece := os.read(ours, 65536):
            pieces.append(piece)
    except OSError:
        pass
    os.close(ours)
    shown = b"".join(pieces).decode()
    assert process.wait(60) == 4
    assert "/8" in shown
    assert "failed" in shown
    assert "in/a/empty.txt: is empty" in shown
    assert "8 documents: 6 read, 1 refused, 1 duplicate" in shown


# --- records ------------------------------------------------------------------------------------------------------


@given(st.text(), st.binary(), st.integers(0, 9))
def test_a_record_comes_back_as_it_was(text: str, plan: bytes, number: int) -> None:
    record = Record("read", plan, text, text, text, number, number, number, number, "")
    try:
        packed = pack_record(record)
    except UnicodeEncodeError:
        return
    assert unpack_record(packed) == record


@given(st.integers(0, 400), st.integers(1, 255))
def test_a_damaged_record_is_none(place: int, change: int) -> None:
    packed = bytearray(pack_record(Record("read", b'{"a":1}' * 20)))
    packed[place % len(packed)] ^= change
    found = unpack_record(bytes(packed))
    assert found is None or found == Record("read", b'{"a":1}' * 20)  # a bit of the header may mean nothing
    assert unpack_record(bytes(packed[: place % len(packed)])) is None
