"""Documents read on a Dask cluster: the same bytes as here, whatever happens to its workers."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from test_batch import SLOW_RULE, SLOW_WORD, plan, run, start, tree
from test_cli import only_line

from cchc_extract.batch import Bounds, Outcome, Settings, Work, run_batch
from cchc_extract.batch.cluster import ClusterPool
from cchc_extract.batch.inputs import Input, Search, find_inputs
from cchc_extract.errors import (
    INTERRUPTED,
    DocumentLimitError,
    MissingToolError,
    PatternError,
    UsageError,
)

distributed = pytest.importorskip("distributed")

DOCUMENTS = 14
HERE = ("--engine", "local", "--jobs", "2")


@contextmanager
def cluster(workers: int, *, daemon: bool) -> Iterator[Any]:
    import dask

    options = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": ":0", "silence_logs": 50}
    with dask.config.set({"distributed.worker.daemon": daemon}), distributed.LocalCluster(**options) as running:
        yield running


@pytest.fixture(scope="module")
def two() -> Iterator[Any]:
    """A cluster of two workers, each a process that is replaced when it ends."""
    with cluster(2, daemon=False) as running:
        yield running


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    folder = tmp_path / "plans"
    folder.mkdir()
    for number in range(DOCUMENTS):
        (folder / f"{number:02}.txt").write_text(plan(10 + number), "utf-8")
    (folder / "again.txt").write_text(plan(12), "utf-8")
    (folder / "empty.txt").write_bytes(b"")
    return folder


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """A folder with a document on which a rule of the user's own in `rules` searches without end."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "slow.toml").write_text(SLOW_RULE, "utf-8")
    folder = tmp_path / "slow"
    folder.mkdir()
    for number in range(1, 5):
        (folder / f"{number}.txt").write_text(plan(number), "utf-8")
    (folder / "z.txt").write_text(plan(6) + SLOW_WORD, "utf-8")
    return folder


def there(running: Any) -> tuple[str, ...]:
    return ("--engine", "dask", "--scheduler", running.scheduler_address)


def outcomes(inputs: list[Input], scheduler: str, work: Work | None = None, seconds: float = 60.0) -> list[Outcome]:
    return list(run_batch(inputs, work or Work(), Settings(Bounds(2, seconds, 2048), scheduler=scheduler)))


def wait_for_plans(out: Path) -> None:
    deadline = time.monotonic() + 60
    while len(list(out.glob("*.json"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)


def test_a_worker_that_is_killed_costs_nothing(two: Any, plans: Path, tmp_path: Path) -> None:
    local = run(plans, "-o", f"{tmp_path}/here/", *HERE)
    process = start(plans, "-o", f"{tmp_path}/there/", *there(two), temporary=tmp_path)
    wait_for_plans(tmp_path / "there")
    os.kill(next(iter(two.workers.values())).pid, signal.SIGKILL)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (local.returncode, local.stderr)
    assert local.stderr.splitlines()[1] == b"16 documents: 14 read, 1 refused, 1 duplicate"
    assert tree(tmp_path / "there") == tree(tmp_path / "here")


def test_a_document_that_hangs_is_ended(two: Any, slow: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    inputs = find_inputs([str(slow)], Search()).inputs
    *good, hanging = outcomes(inputs, two.scheduler_address, Work(rules), 2.0)
    assert [outcome.status for outcome in good] == ["read"] * 4
    assert (hanging.status, hanging.exit_code) == ("failed", DocumentLimitError.exit_code)
    assert hanging.error == f"{slow}/z.txt: took more than 2 seconds; give it more with --timeout"


def test_standard_input_members_and_files_that_are_missing(
    two: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "plans.zip", "w") as archive:
        archive.writestr("one.txt", plan(5))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(plan(4).encode())))
    inputs = find_inputs(["-", str(tmp_path / "plans.zip"), str(tmp_path / "none.txt")], Search()).inputs
    *good, missing = outcomes(inputs, two.scheduler_address)
    numbers = [json.loads(outcome.plan or b"")["document"]["number"] for outcome in good]
    assert numbers == ["4/KH-UBND", "5/KH-UBND"]
    assert missing.error == f"{tmp_path}/none.txt: does not exist; check the name"


def test_ctrl_c_ends_the_run_and_leaves_the_cluster(two: Any, slow: Path, tmp_path: Path) -> None:
    arguments = (slow, "--patterns", tmp_path / "rules", "--timeout", "2", *there(two))
    process = start(*arguments, "-o", f"{tmp_path}/out/", temporary=tmp_path)
    wait_for_plans(tmp_path / "out")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (INTERRUPTED, b"")
    done = run(slow, "-o", f"{tmp_path}/out/", *there(two))
    assert (done.returncode, done.stderr) == (0, b"5 documents: 5 read\n")


def test_a_scheduler_that_ends_is_told_of(slow: Path, tmp_path: Path) -> None:
    with cluster(1, daemon=False) as running:
        arguments = (slow, "--patterns", tmp_path / "rules", *there(running))
        process = start(*arguments, "-o", f"{tmp_path}/out/", temporary=tmp_path)
        wait_for_plans(tmp_path / "out")
    _, errors = process.communicate(timeout=60)
    assert only_line(errors).startswith(f"the Dask scheduler {running.scheduler_address}: cannot be asked any more (")
    assert process.returncode == MissingToolError.exit_code


# --- refusals -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", autouse=True)
def unanswered(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, subprocess.Popen[bytes]]:
    """A run that waits for a scheduler that is not there, which takes its time."""
    folder = tmp_path_factory.mktemp("unanswered")
    (folder / "plan.txt").write_text(plan(1), "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    return address, start(folder / "plan.txt", "--scheduler", address, temporary=folder)


def test_no_scheduler_there(unanswered: tuple[str, subprocess.Popen[bytes]]) -> None:
    address, process = unanswered
    _, errors = process.communicate(timeout=60)
    assert only_line(errors).startswith(f"the Dask scheduler {address}: cannot be reached (")
    assert process.returncode == MissingToolError.exit_code


@pytest.mark.parametrize("address", ["nowhere", "foo://x:1", "tcp://", "tcp://127.0.0.1"])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(MissingToolError, match=re.escape(f"the Dask scheduler {address}: cannot be reached (")):
        ClusterPool(Work(), Bounds(1, 9.0, 2048), address)


def test_the_package_is_missing(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(plan(1), "utf-8")
    (tmp_path / "distributed.py").write_text("raise ImportError")
    done = run(tmp_path / "plan.txt", "--scheduler", "tcp://127.0.0.1:1", PYTHONPATH=str(tmp_path))
    line = "--engine dask: needs the package distributed; pip install 'cchc-extract[dask]'"
    assert (done.returncode, only_line(done.stderr)) == (MissingToolError.exit_code, line)


def test_workers_that_cannot_do_the_work(slow: Path) -> None:
    inputs = find_inputs([str(slow)], Search()).inputs
    with cluster(1, daemon=True) as running, pytest.raises(UsageError, match="DASK_DISTRIBUTED__WORKER__DAEMON=False"):
        outcomes(inputs, running.scheduler_address)


def test_pattern_files_that_a_worker_does_not_have(two: Any, tmp_path: Path) -> None:
    """They were there when the run began on this machine."""
    pool = ClusterPool(Work(tmp_path / "none"), Bounds(1, 9.0, 2048), two.scheduler_address)
    with pytest.raises(PatternError, match="holds no pattern files"), pool:
        pass
