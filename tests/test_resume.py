"""A batch that is stopped at any moment and run again ends as one that was left alone."""

from __future__ import annotations

import csv
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest

from cchc_extract.batch.outcome import Record, pack_record
from cchc_extract.batch.store import Parking, Store
from cchc_extract.errors import UnwritableOutputError

SAMPLES = Path(__file__).parent.parent / "samples"
STORE = ".cchc-extract"
KILLS = 20


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "cchc_extract", *map(str, arguments)]


def run(cwd: Path, *arguments: str | Path, before: Callable[[], None] | None = None) -> tuple[int, list[str]]:
    """The exit code, and the lines on standard error."""
    done = subprocess.run(command(*arguments), cwd=cwd, capture_output=True, timeout=60, preexec_fn=before)
    return done.returncode, done.stderr.decode().splitlines()


def tree(folder: Path) -> dict[str, bytes]:
    """Every file that a user sees, with any that was left unfinished."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if STORE not in path.parts}


def report(folder: Path) -> list[dict[str, str]]:
    with (folder / "report.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with plans in `in/`, some of them broken or twice there."""
    (tmp_path / "in").mkdir()
    for number, sample in enumerate(sorted(SAMPLES.glob("*/plan.txt"))):
        (tmp_path / "in" / f"{number}.txt").write_bytes(sample.read_bytes())
    (tmp_path / "in" / "9.txt").write_bytes((tmp_path / "in" / "0.txt").read_bytes())
    (tmp_path / "in" / "empty.txt").write_bytes(b"")
    (tmp_path / "in" / "gone.txt").symlink_to("nowhere")
    return tmp_path


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[int, list[str]]]:
    """Such an `out/` as a run over `in/` leaves, and what it told."""
    folder: Path = place.__wrapped__(tmp_path_factory.mktemp("finished"))  # type: ignore[attr-defined]
    return folder / "out", run(folder, "in", "-o", "out/")


@pytest.fixture
def done(place: Path, finished: tuple[Path, tuple[int, list[str]]]) -> Path:
    """A place where a run is over, with the very times that its files had."""
    shutil.copytree(finished[0], place / "out")
    return place


def changed(folder: Path, since: dict[str, int]) -> set[str]:
    """The files whose time is another than it was."""
    return {name for name, when in times(folder).items() if since.get(name) != when}


def times(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


# --- what is done is not done again -------------------------------------------------------------------------------


def test_a_second_run_does_nothing_and_tells_the_same(done: Path, finished: tuple[Path, tuple[int, list[str]]]) -> None:
    seen, before = tree(done / "out"), times(done / "out")
    assert run(done, "in", "-o", "out/") == finished[1]
    assert tree(done / "out") == seen
    assert changed(done / "out", before) <= {f"{STORE}/lock"}


def test_a_new_document_alone_is_read(done: Path) -> None:
    before = times(done / "out")
    (done / "in" / "new.txt").write_bytes((done / "in" / "1.txt").read_bytes() + b"\n- x\n")
    run(done, "in", "-o", "out/")
    new = {name for name in changed(done / "out", before) if name.endswith(".z")}
    assert len(new) == 1
    assert "new.json" in tree(done / "out")


def test_another_format_needs_no_reading(done: Path) -> None:
    before = times(done / "out" / STORE)
    run(done, "in", "-o", "out/", "--format", "jsonl")
    assert changed(done / "out" / STORE, before) <= {"lock"}
    run(done, "in", "-o", "other/", "--format", "jsonl")
    assert (done / "out" / "plans.jsonl").read_bytes() == (done / "other" / "plans.jsonl").read_bytes()


def test_a_renamed_document_is_known_under_its_new_name(done: Path) -> None:
    (done / "in" / "1.txt").rename(done / "in" / "renamed.txt")
    before = times(done / "out" / STORE)
    run(done, "in", "-o", "out/")
    assert changed(done / "out" / STORE, before) <= {"lock"}
    assert b'"file": "renamed.txt"' in (done / "out" / "renamed.json").read_bytes()


@pytest.mark.parametrize(("option", "again"), [("--force", "all"), ("--retry-failed", "failed"), ("--patterns", "all")])
def test_what_has_records_made_again(done: Path, option: str, again: str) -> None:
    (done / "rules").mkdir()
    (done / "rules" / "own.toml").write_text("[[words]]\nid = 'mine'\nabout = 'x'\nwords = ['x']\n")
    before = times(done / "out" / STORE)
    told = run(done, "in", "-o", "out/", option, *(["rules"] if option == "--patterns" else []))
    made = {name for name in changed(done / "out" / STORE, before) if name.endswith(".z")}
    documents = {row["sha256"] for row in report(done / "out") if row["sha256"]}
    wanted = {row["sha256"] for row in report(done / "out") if row["sha256"] and (again == "all" or row["error"])}
    assert {name.partition("-")[0] for name in made} == wanted
    kept = {name.partition("-")[0] for name in times(done / "out" / STORE) if name.endswith(".z")}
    assert len([name for name in times(done / "out" / STORE) if name.endswith(".z")]) == len(documents)
    assert (kept, told[0]) == (documents, 4)


def test_a_spoilt_record_is_made_again(done: Path) -> None:
    seen = tree(done / "out")
    ways = cycle((lambda data: data[: len(data) // 2], lambda _: b"", lambda data: b"\0" + data[1:]))
    for record, spoil in zip((done / "out" / STORE).glob("*.z"), ways, strict=False):
        record.write_bytes(spoil(record.read_bytes()))
    (done / "out" / "1.json").unlink()
    (done / "out" / "2.json").write_bytes(b"{")
    run(done, "in", "-o", "out/")
    assert tree(done / "out") == seen


# --- killed -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("output", ["out/", "out/all.jsonl"])
def test_killed_at_any_moment_and_run_again(place: Path, output: str) -> None:
    """Each kill comes a little later into the work that is left, so that all of a run is met in time."""
    (place / "quiet").mkdir()
    (place / "out").mkdir()
    arguments = ("in", "--jobs", "2", "-q", "-o")
    began = time.monotonic()
    run(place, *arguments, output.replace("out", "quiet"))
    whole = time.monotonic() - began
    random_ = random.Random(4)
    kills = 0
    for _ in range(KILLS // 2):
        process = subprocess.Popen(
            command(*arguments, output), cwd=place, stderr=subprocess.DEVNULL, env={**os.environ, "TMPDIR": str(place)}
        )
        try:
            process.wait(random_.uniform(0.3, 1.0) * whole)
        except subprocess.TimeoutExpired:
            process.send_signal(random_.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT)))
            kills += 1
            process.wait(10)
        if random_.random() < 0.3:
            shutil.rmtree(place / "out" / STORE, ignore_errors=True)
    assert run(place, *arguments, output)[0] == 4
    assert tree(place / "out") == tree(place / "quiet")
    assert kills > 0
    assert not list(place.rglob(f"{STORE}-*"))


def test_what_a_killed_run_has_left_is_removed(done: Path) -> None:
    leftovers = [done / "out" / f"{STORE}-1.json-abc", done / "out" / STORE / f"{STORE}-x.z"]
    for leftover in leftovers:
        leftover.write_bytes(b"half")
    (done / "out" / f"{STORE}-out-abc").mkdir()
    (done / "cchc-extract-temporary").mkdir()
    (done / "precious").mkdir()
    (done / "out" / STORE / "lock").write_bytes(os.fsencode(done / "cchc-extract-temporary"))
    run(done, "in", "-o", "out/")
    assert not list(done.rglob(f"{STORE}-*"))
    assert not (done / "cchc-extract-temporary").exists()
    (done / "out" / STORE / "lock").write_bytes(os.fsencode(done / "precious"))
    run(done, "in", "-o", "out/")
    assert (done / "precious").exists(), "only folders of our own are removed, whatever the file says"


# --- two at once, and no room -------------------------------------------------------------------------------------


def test_two_runs_on_one_folder(place: Path) -> None:
    os.mkfifo(place / "in" / "never.txt")
    process = subprocess.Popen(
        command("in/0.txt", "in/never.txt", "--timeout", "30", "-o", "out/"), cwd=place, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 20
    while not (place / "out" / "0.json").exists() and time.monotonic() < until:
        time.sleep(0.02)
    seen = tree(place / "out")
    exit_code, told = run(place, "in", "-o", "out/")
    assert (exit_code, told) == (5, ["out: is in use by another run of cchc-extract; wait for its end"])
    assert (tree(place / "out"), process.poll()) == (seen, None)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 128 + signal.SIGTERM
    assert run(place, "in", "-o", "out/")[0] != 5


def full_disk() -> None:
    """No file may grow beyond that, which is what a full disk looks like."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))


@pytest.mark.parametrize("output", ["out/", "all.jsonl"])
def test_a_full_disk(place: Path, output: str) -> None:
    exit_code, told = run(place, "in", "-q", "-o", output, before=full_disk)
    assert exit_code == 5
    assert len([line for line in told if "cannot be written (File too large)" in line]) == 1
    assert not [name for name in tree(place) if name.startswith(("all", "out/report", f"out/{STORE}-", f"{STORE}-"))]
    assert all(content.endswith(b"}\n") for name, content in tree(place).items() if name.endswith(".json"))
    assert run(place, "in", "-q", "-o", output)[0] == 3 if "gone" in told[0] else 4


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_folder_that_may_not_be_written(place: Path) -> None:
    (place / "out").mkdir(mode=0o500)
    exit_code, told = run(place, "in", "-o", "out/")
    assert (exit_code, len(told)) == (5, 1)


def test_a_device_takes_the_output_and_nothing_is_kept_beside_it(place: Path) -> None:
    before = set(Path("/dev").iterdir())
    assert run(place, "in", "-q", "-o", "/dev/null", "--format", "jsonl")[0] == 4
    assert {path.name for path in set(Path("/dev").iterdir()) - before if path.name.startswith(".null")} == set()


# --- records ------------------------------------------------------------------------------------------------------


def test_parked_records_come_back_and_leave_their_room() -> None:
    parking = Parking()
    records = {bytes([number]) * 32: Record("read", b"x" * number * 1000) for number in range(1, 6)}
    for digest, record in records.items():
        parking.put(digest, pack_record(record))
    assert {digest: parking.get(digest) for digest in records} == records
    for digest in records:
        parking.drop(digest)
    assert parking.get(next(iter(records))) is None


def test_a_store_holds_its_folder_until_it_is_closed(tmp_path: Path) -> None:
    digest, record = bytes(32), Record("read", b"{}")
    store = Store(tmp_path / "out" / STORE, "one")
    store.put(digest, pack_record(record))
    assert store.get(digest) == record
    store.close()
    other = Store(tmp_path / "out" / STORE, "two")
    assert other.get(digest) is None
    other.sweep()
    other.close()
    assert Store(tmp_path / "out" / STORE, "one").get(digest) is None
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UnwritableOutputError):
        Store(tmp_path / "file" / STORE, "one")
