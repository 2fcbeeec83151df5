"""What a user has settled for all runs: environment variables `CCHC_EXTRACT_*` over a project file over the defaults.

The project file is the nearest `cchc-extract.toml`, or `pyproject.toml` with a table `[tool.cchc-extract]`, in the
working folder or one above it. Its keys are the long options without their dashes: `jobs = 4`, `retry-failed = true`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cchc_extract.errors import UsageError

VARIABLE = "CCHC_EXTRACT_"
NO_SETTINGS = "--no-settings"  # the option without which they count
OWN_FILE, PROJECT_FILE = "cchc-extract.toml", "pyproject.toml"
_TABLE = "cchc-extract"
_NOT_SETTINGS = frozenset({"CCHC_EXTRACT_DEBUG"})

Settings = Mapping[str, Any]


def has_settings() -> bool:
    """Whether there may be any: asked in every run, so that what is expensive is done only where there are some."""
    variables = any(name.startswith(VARIABLE) and name not in _NOT_SETTINGS for name in os.environ)
    return variables or any(_may_hold_settings(folder) for folder in _folders())


def read_settings(known: frozenset[str]) -> dict[str, Any]:
    """All settings by option names with underscores. Raises UsageError for one that no option has."""
    file, project = _read_project()
    _check(file, project, known)
    variables = {name: os.environ.get(VARIABLE + name.upper()) for name in known}
    return {**project, **{name: value for name, value in variables.items() if value is not None}}


def _may_hold_settings(folder: str) -> bool:
    if os.path.isfile(os.path.join(folder, OWN_FILE)):
        return True
    try:
        with open(os.path.join(folder, PROJECT_FILE), "rb") as file:
            return f"tool.{_TABLE}".encode() in file.read()
    except OSError:
        return False


def _read_project() -> tuple[Path | None, Settings]:
    """The project file and its settings; (None, {}) where there is none."""
    for folder in map(Path, _folders()):
        if (own := folder / OWN_FILE).is_file():
            return own, _named(own, _load(own))
        project = folder / PROJECT_FILE
        table = _load(project).get("tool", {}).get(_TABLE) if project.is_file() else None
        if table is not None:
            return project, _named(project, table)
    return None, {}


def _folders() -> list[str]:
    """The working folder and those above it."""
    try:
        here = Path.cwd()
    except OSError:  # it has been removed
        return []
    return [str(folder) for folder in (here, *here.parents)]


def _load(file: Path) -> Settings:
    import tomli

    try:
        return tomli.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomli.TOMLDecodeError) as error:
        raise UsageError(str(file), f"cannot be read ({error})", "correct the file") from None


def _named(file: Path, table: object) -> Settings:
    if not isinstance(table, Mapping):
        raise UsageError(str(file), f"has a {_TABLE} that is no table", f"write [tool.{_TABLE}] and settings below it")
    return {name.replace("-", "_"): _plain(value) for name, value in table.items()}


def _plain(value: object) -> object:
    """A list, as an option that takes several values writes it."""
    return ",".join(map(str, value)) if isinstance(value, list) else value


def _check(file: Path | None, settings: Settings, known: frozenset[str]) -> None:
    unknown = sorted(set(settings) - known)
    if unknown:
        do = f"use one of {', '.join(sorted(name.replace('_', '-') for name in known))}"
        raise UsageError(str(file), f"has an unknown setting {unknown[0]!r}", do)
    names = {name for name in os.environ if name.startswith(VARIABLE)} - _NOT_SETTINGS
    strange = sorted(names - {VARIABLE + name.upper() for name in known})
    if strange:
        raise UsageError(strange[0], "is no setting", f"use {VARIABLE} and an option's name, such as {VARIABLE}JOBS")
