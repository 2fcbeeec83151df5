"""What runs have written, as plans' JSON objects again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cchc_extract.errors import UnreadableInputError, UnsupportedInputError

_SUFFIXES = (".json", ".jsonl")
_KEYS = {"schema_version", "source", "document", "tasks", "references"}  # by these our JSON is known


def read_plans(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each plan in the JSON and JSON Lines files of a folder, or in one file, by the file's name in the folder.

    Other JSON is passed over.

    Raises UnreadableInputError, and UnsupportedInputError where there is no plan at all.
    """
    has_plans = False
    for file in _files(path):
        name = str(file.relative_to(path)) if file != path else file.name
        for value in _read_values(file):
            if isinstance(value, dict) and value.keys() >= _KEYS:
                has_plans = True
                yield name, value
    if not has_plans:
        raise UnsupportedInputError(str(path), "holds no extracted plans", "name what a run wrote as json or jsonl")


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise UnreadableInputError(str(path), "does not exist", "name the folder that a run wrote")
    found = (file for file in path.rglob("*") if file.suffix in _SUFFIXES and file.is_file())
    return sorted(file for file in found if not any(part.startswith(".") for part in file.relative_to(path).parts))


def _read_values(file: Path) -> Iterator[object]:
    try:
        if file.suffix == ".jsonl":
            with file.open("rb") as lines:
                yield from (json.loads(line) for line in lines if line.strip())
        else:
            yield json.loads(file.read_bytes())
    except OSError as error:
        raise UnreadableInputError(str(file), f"cannot be read ({error.strerror})", "check its permissions") from None
    except ValueError:
        raise UnsupportedInputError(str(file), "is no JSON", "run the extraction again, or remove the file") from None
