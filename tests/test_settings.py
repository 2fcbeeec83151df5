"""What a user has settled for all runs: the environment over a project file over the defaults, under what is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_batch import plan, run
from test_cli import only_line

from cchc_extract.arguments import parse
from cchc_extract.errors import UsageError
from cchc_extract.request import Request


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in a project's folder, in which the program is called."""
    folder = tmp_path / "project" / "plans"
    folder.mkdir(parents=True)
    (folder / "plan.txt").write_text(plan(1), "utf-8")
    monkeypatch.chdir(folder)
    return folder


def settle(here: Path, text: str, name: str = "cchc-extract.toml") -> Path:
    path = here.parent / name
    path.write_text(text, "utf-8")
    return path


def request(*arguments: str) -> Request:
    """What the program would do."""
    action = parse(["plan.txt", *arguments])
    asked = getattr(action, "args", (None,))[0]
    assert isinstance(asked, Request)
    return asked


# --- where they come from -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "table"),
    [("cchc-extract.toml", ""), ("pyproject.toml", "[tool.cchc-extract]"), ("pyproject.toml", "[tool.'cchc-extract']")],
)
def test_a_project_file_in_a_folder_above(here: Path, name: str, table: str) -> None:
    settle(
        here, f'{table}\njobs = 3\nretry-failed = true\nformat = "csv"\ncolumns = ["id", "lead"]\ntimeout = 1.5\n', name
    )
    asked = request()
    assert (asked.batch.jobs, asked.batch.retry_failed, asked.batch.timeout) == (3, True, 1.5)
    assert (asked.format, asked.tables.columns) == ("csv", ("id", "lead"))


def test_what_is_typed_is_over_the_environment_over_the_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(here, 'jobs = 3\nmemory = 300\nformat = "csv"\nrecursive = true')
    monkeypatch.setenv("CCHC_EXTRACT_JOBS", "4")
    monkeypatch.setenv("CCHC_EXTRACT_FORMAT", "jsonl")
    monkeypatch.setenv("CCHC_EXTRACT_RECURSIVE", "0")
    asked = request("--format", "json")
    assert (asked.batch.jobs, asked.batch.memory, asked.format, asked.batch.recursive) == (4, 300, "json", False)


def test_the_nearest_file_alone_counts(here: Path) -> None:
    settle(here, "jobs = 3\nmemory = 300")
    (here / "pyproject.toml").write_text("[tool.cchc-extract]\njobs = 5\n")
    assert (request().batch.jobs, request().batch.memory) == (5, None)


def test_a_project_of_another_kind_is_passed_by(here: Path) -> None:
    settle(here, "jobs = 3")
    (here / "pyproject.toml").write_text("[tool.other]\njobs = 5\n[broken")
    assert request().batch.jobs == 3


def test_an_empty_variable_is_none(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del here
    monkeypatch.setenv("CCHC_EXTRACT_PATTERNS", "")
    assert request().patterns is None


def test_without_settings(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(here, "jobs = 'x'")
    monkeypatch.setenv("CCHC_EXTRACT_TIMEOUT", "never")
    assert request("--no-settings") == Request(("plan.txt",))


def test_files_alone_are_read_with_settings_too(here: Path) -> None:
    settle(here, 'select = "tasks"\ncolumns = ["id", "lead"]')
    done = run("plan.txt", cwd=here)
    assert done.stdout.decode().splitlines() == ["id,lead_names", "t1,Sở Tư pháp", "t2,Văn phòng UBND tỉnh"]


def test_paths_in_a_file_begin_at_its_folder(here: Path) -> None:
    settle(here, 'patterns = "rules"\noutput = "out/"\nfrom0 = "-"')
    asked = request()
    assert (asked.patterns, asked.output, asked.batch.from0) == (here.parent / "rules", f"{here.parent}/out/", "-")
    settle(here, 'output = "s3://bucket/out/"')
    assert request().output == "s3://bucket/out/"


@pytest.mark.parametrize(
    ("settled", "typed", "style"),
    [
        ("quiet = true", (), "quiet"),
        ("quiet = true", ("-v",), "verbose"),
        ("log-json = true\nverbose = true", (), "json"),
        ("verbose = true", ("-q", "--log-json"), "json"),
    ],
)
def test_how_a_run_is_told_of(here: Path, settled: str, typed: tuple[str, ...], style: str) -> None:
    settle(here, settled)
    assert request(*typed).batch.style == style


def test_a_scheduler_that_is_settled(here: Path) -> None:
    settle(here, 'engine = "dask"\nscheduler = "tcp://one:1"')
    assert request().batch.scheduler == "tcp://one:1"
    assert request("--engine", "local").batch.scheduler is None
    assert request("--scheduler", "tcp://two:2").batch.scheduler == "tcp://two:2"


# --- other commands -----------------------------------------------------------------------------------------------


def test_pattern_files_count_for_all_commands(here: Path) -> None:
    rules = here.parent / "rules"
    rules.mkdir()
    (rules / "own.toml").write_text('[[agency]]\nid = "hoi-thuyen"\nname = "Hội Thuyền sông"\n', "utf-8")
    settle(here, 'jobs = 2\npatterns = "rules"')
    assert run("agencies", "show", "hoi-thuyen", cwd=here).returncode == 0
    assert run("agencies", "show", "hoi-thuyen", "--no-settings", cwd=here).returncode == UsageError.exit_code
    settle(here, 'patterns = "none"')
    for command in (["show", "--stage", "plan", "plan.txt"], ["agencies", "show", "so-noi-vu"]):
        done = run(*command, cwd=here)
        assert only_line(done.stderr).startswith(f"{here.parent}/none: ")
    assert run("doctor", "--help", cwd=here).returncode == 0


@pytest.mark.parametrize("settled", ["file", "variable"])
def test_the_language_of_messages(here: Path, settled: str) -> None:
    settle(here, 'lang = "vi"' if settled == "file" else "")
    environment = {"CCHC_EXTRACT_LANG": "vi"} if settled == "variable" else {}
    vietnamese = run("none.txt", "--lang", "vi", cwd=here).stderr
    assert run("none.txt", cwd=here, **environment).stderr == vietnamese
    assert run("show", "--stage", "plan", "none.txt", cwd=here, **environment).stderr == vietnamese
    assert run("none.txt", "--lang", "en", cwd=here, **environment).stderr != vietnamese


# --- what is wrong with them --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settled", "message"),
    [
        ('jobs = "x"', ", jobs: invalid value for '-j' / '--jobs': 'x' is not a valid int"),
        ("jobs = 2.5", ", jobs: invalid value for '-j' / '--jobs': '2.5' is not a valid int"),
        ("jobs = true", ", jobs: invalid value for '-j' / '--jobs': 'true' is not a valid int"),
        ("jobs = 0", ", jobs: 0 is not more than 0; "),
        ("jobs = {a = 1}", ", jobs: is a table; give it a value"),
        ("columns = [['id']]", ", columns: is a table; give it a value"),
        ("recursive = 'maybe'", ", recursive: invalid value for '-r' / '--recursive': 'maybe' is not a valid bool"),
        ("lang = 'fr'", ", lang: 'fr' is unknown; use one of en, vi"),
        ("engine = 'spark'", ", engine: 'spark' is unknown; use one of local, dask"),
        ("as-of = 'tomorrow'", ", as-of: 'tomorrow' is no day; write it as 2026-01-31, or 'today'"),
        ("job = 1", ", job: is no setting; use one of as-of, columns, "),
        ("plans = 'a.txt'", ", plans: is no setting; "),
        ("jobs = ", ": cannot be read (Invalid value (at end of document)); correct the file"),
        ("tool.cchc-extract.jobs = 1", ", tool: is no setting; "),
    ],
)
def test_one_line_with_the_file(here: Path, settled: str, message: str) -> None:
    file = settle(here, settled)
    with pytest.raises(UsageError) as error:
        parse(["plan.txt", "-q"])
    assert str(error.value).startswith(f"{file}{message}")


def test_a_day_as_toml_writes_it(here: Path) -> None:
    settle(here, "as-of = 2026-01-31")
    assert str(request().as_of) == "2026-01-31"


def test_a_table_that_is_none(here: Path) -> None:
    file = settle(here, "[tool]\ncchc-extract = 3 # not [tool.cchc-extract]", "pyproject.toml")
    with pytest.raises(UsageError, match=f"{file}: has a cchc-extract that is no table; write "):
        request()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("CCHC_EXTRACT_JOBS", "x", "CCHC_EXTRACT_JOBS: invalid value for '-j' / '--jobs': 'x' is not a valid int"),
        ("CCHC_EXTRACT_FORMAT", "doc", "CCHC_EXTRACT_FORMAT: 'doc' is unknown; use one of "),
        ("CCHC_EXTRACT_JOB", "2", "CCHC_EXTRACT_JOB: is no setting; use one of "),
    ],
)
def test_one_line_with_the_variable(here: Path, name: str, value: str, message: str) -> None:
    done = run("plan.txt", cwd=here, **{name: value})
    assert only_line(done.stderr).startswith(message)
    assert (done.returncode, done.stdout) == (UsageError.exit_code, b"")


def test_what_is_typed_wrong_is_not_laid_at_the_settings(here: Path) -> None:
    settle(here, "jobs = 2")
    with pytest.raises(UsageError, match=r"^--jobs: -1 is not more than 0"):
        request("--jobs", "-1")
