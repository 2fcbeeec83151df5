"""The commands of README.md run as they are written, in a copy of the checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
INSTALLS = re.compile(r"\b(?:pip|pipx|uv)\b|\bvenv\b|\bactivate\b|^git clone\b|^cd\b|\bpytest\b|\.ci/")
COPIED = ("cchc_extract", "patterns", "samples", "README.md")


def _commands() -> list[str]:
    """One entry a command; a line that ends in a backslash goes on in the next."""
    blocks = BLOCK.findall((ROOT / "README.md").read_text("utf-8"))
    lines = [line.strip() for block in blocks for line in block.replace("\\\n", " ").split("\n")]
    return [line.removeprefix("$ ") for line in lines if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkout")
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    program = folder / "bin" / "cchc-extract"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cchc_extract "$@"\n', "utf-8")
    program.chmod(0o755)
    return folder


def _run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{folder / 'bin'}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(folder)}
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_commands_run_in_their_order(checkout: Path) -> None:
    """In one folder and one after the other, for a later one may read what an earlier one wrote."""
    commands = [command for command in _commands() if not INSTALLS.search(command)]
    if not commands:
        pytest.skip("README.md shows no commands yet")
    for command in commands:
        done = _run(command, checkout)
        assert done.returncode == 0, f"{command}\n{done.stderr}"


def test_the_python_runs(checkout: Path) -> None:
    (script,) = PYTHON.findall((ROOT / "README.md").read_text("utf-8"))
    (checkout / "example.py").write_text(script, "utf-8")
    done = _run("python example.py", checkout)
    assert done.returncode == 0, done.stderr
    assert "samples/clean-plan/plan.txt read 20 None" in done.stdout


def test_the_copy_runs_its_own_code(checkout: Path) -> None:
    done = _run("python -c 'import cchc_extract; print(cchc_extract.__file__)'", checkout)
    assert Path(done.stdout.strip()).is_relative_to(checkout)


def test_the_index_of_samples_names_each_of_them() -> None:
    index = (ROOT / "samples" / "README.md").read_text("utf-8")
    named = set(re.findall(r"^\| `([a-z0-9-]+)` \|", index, re.MULTILINE))
    assert named == {folder.name for folder in (ROOT / "samples").iterdir() if folder.is_dir()}
