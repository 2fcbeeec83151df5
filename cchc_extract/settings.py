"""What a user has settled for all runs: environment variables `CCHC_EXTRACT_*` over a project file over the defaults.

The project file is the nearest `cchc-extract.toml`, or `pyproject.toml` with a table `[tool.cchc-extract]`, in the
working folder or one above it. Its keys are the long options without their dashes: `jobs = 4`, `retry-failed = true`.
Paths in it begin at its folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cchc_extract.errors import UsageError

VARIABLE = "CCHC_EXTRACT_"
NO_SETTINGS = "--no-settings"  # the option without which they count
OWN_FILE, PROJECT_FILE = "cchc-extract.toml", "pyproject.toml"
_TABLE = "cchc-extract"
_TABLE_MARK = re.compile(rb"tool\s*\.\s*[\"']?cchc-extract")
_NOT_SETTINGS = frozenset({"CCHC_EXTRACT_DEBUG"})
_PATHS = frozenset({"output", "patterns", "from0"})


@dataclass(frozen=True, slots=True)
class Setting:
    """A value as an option of the command line would be given it, and what to call the place that it comes from."""

    value: str
    origin: str


def has_settings() -> bool:
    """Whether there may be any: asked in every run, so that what is expensive is done only where there are some."""
    return bool(_variables()) or _find_project() is not None


def read_settings(known: frozenset[str]) -> dict[str, Setting]:
    """All settings by option names with underscores. Raises UsageError for one that no option has."""
    file, table = _read_project()
    variables = {name: Setting(value, VARIABLE + name.upper()) for name, value in _variables().items()}
    for name in (*table, *variables):
        if name not in known:
            origin = variables[name].origin if name in variables else _origin(file, name)
            do = f"use one of {', '.join(sorted(option.replace('_', '-') for option in known))}"
            raise UsageError(origin, "is no setting", do)
    return {**{name: _setting(file, name, value) for name, value in table.items()}, **variables}


def settled_language() -> str:
    """That of messages, which is needed before there can be any; empty where none is settled."""
    try:
        _, project = _read_project()
    except UsageError:  # it is told of when all settings are read
        return ""
    return _variables().get("lang") or str(project.get("lang", ""))


def _variables() -> dict[str, str]:
    """Those of the environment; an empty one is as good as none."""
    return {
        name.removeprefix(VARIABLE).lower(): value
        for name, value in os.environ.items()
        if name.startswith(VARIABLE) and name not in _NOT_SETTINGS and value
    }


def _read_project() -> tuple[Path, Mapping[str, object]]:
    """The project file and its settings by option names with underscores; none where there is no such file."""
    file = _find_project()
    return (Path(), {}) if file is None else (file, _read_table(file))


def _find_project() -> Path | None:
    """The nearest project file."""
    for folder in _folders():
        own, project = os.path.join(folder, OWN_FILE), os.path.join(folder, PROJECT_FILE)
        if os.path.isfile(own):
            return Path(own)
        if _has_table(project):
            return Path(project)
    return None


def _folders() -> list[str]:
    """The working folder and those above it."""
    try:
        here = Path.cwd()
    except OSError:  # it has been removed
        return []
    return [str(folder) for folder in (here, *here.parents)]


def _has_table(project: str) -> bool:
    try:
        with open(project, "rb") as file:
            return _TABLE_MARK.search(file.read()) is not None
    except OSError:
        return False


def _read_table(file: Path) -> Mapping[str, object]:
    """Raises UsageError."""
    import tomli

    try:
        content: object = tomli.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomli.TOMLDecodeError) as error:
        raise UsageError(str(file), f"cannot be read ({error})", "correct the file") from None
    for key in () if file.name == OWN_FILE else ("tool", _TABLE):
        content = content.get(key, {}) if isinstance(content, Mapping) else content
    if not isinstance(content, Mapping):
        raise UsageError(str(file), f"has a {_TABLE} that is no table", f"write [tool.{_TABLE}] and settings below it")
    return {str(name).replace("-", "_"): value for name, value in content.items()}


def _setting(file: Path, name: str, value: object) -> Setting:
    """Raises UsageError for a value that no option could be given."""
    items = value if isinstance(value, list) else [value]
    if any(isinstance(item, Mapping | list) for item in items):
        raise UsageError(_origin(file, name), "is a table", "give it a value")
    text = _plain(value)
    is_local = name in _PATHS and text != "-" and "://" not in text
    return Setting(os.path.join(file.parent, text) if is_local else text, _origin(file, name))


def _origin(file: Path, name: str) -> str:
    return f"{file}, {name.replace('_', '-')}"


def _plain(value: object) -> str:
    """
    >>> _plain(True), _plain(4), _plain(["id", "text"])
    ('true', '4', 'id,text')
    """
    if isinstance(value, list):  # as an option that takes several values has them
        return ",".join(map(_plain, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
