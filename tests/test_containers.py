"""One plan in several containers (samples/make_containers.py): each gives the records of samples/containers."""

from __future__ import annotations

import json
import re
import runpy
import shutil
import subprocess
import zipfile
from collections import Counter
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cchc_extract.model import Plan, Source, Table
from cchc_extract.patterns import load_patterns
from cchc_extract.pipeline import run_stages
from cchc_extract.vietnamese import squash
from cchc_extract.writers.jsonout import plan_to_json

FOLDER = Path(__file__).parent.parent / "samples" / "containers"
MAKER = runpy.run_path(str(FOLDER.parent / "make_containers.py"))  # an import would leave a folder of bytecode
PARTS = ("document", "issuer", "sections", "tasks", "targets", "references", "duplicates", "warnings")
PLACES = ("span", "spans", "source")

# (container, part) -> why it comes out otherwise.
KNOWN_DIFFERENCES: dict[tuple[str, str], str] = {}

needs_office = pytest.mark.skipif(
    not (shutil.which("soffice") or shutil.which("libreoffice")), reason="LibreOffice is not installed"
)
CONTAINERS = ["txt", "docx", "html", "pdf", pytest.param("doc", marks=needs_office)]


def _can_recognise() -> bool:
    program = shutil.which("tesseract")
    if program is None:
        return False
    done = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=30, check=False)
    return "vie" in done.stdout.split()


@cache
def _stages(name: str) -> dict[str, Any]:
    return dict(run_stages(FOLDER / name, None, load_patterns()))


def _plan(name: str) -> Plan:
    plan = _stages(name)["plan"]
    assert isinstance(plan, Plan)
    return plan


def _parts(output: dict[str, Any]) -> dict[str, Any]:
    """The parts without places; the issuer by itself, for it comes from the letterhead, which differs most."""
    parts: dict[str, Any] = _without_places(output)
    parts["issuer"] = parts["document"].pop("issuer")
    return parts


def _without_places(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_places(inner) for key, inner in value.items() if key not in PLACES}
    return [_without_places(inner) for inner in value] if isinstance(value, list) else value


@cache
def _expected() -> dict[str, Any]:
    return _parts(json.loads((FOLDER / "expected.json").read_bytes()))


def _cases() -> list[Any]:
    cases = []
    for container in CONTAINERS:
        name, marks = (container, []) if isinstance(container, str) else (container.values[0], [*container.marks])
        for part in PARTS:
            why = KNOWN_DIFFERENCES.get((str(name), part))
            known = [pytest.mark.xfail(reason=why, strict=True)] if why else []
            cases.append(pytest.param(name, part, marks=[*marks, *known], id=f"{name}-{part}"))
    return cases


# --- the records --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("container", "part"), _cases())
def test_each_container_gives_the_same(container: str, part: str) -> None:
    output = _parts(json.loads(plan_to_json(_plan(f"plan.{container}"))))
    assert output[part] == _expected()[part]


@pytest.mark.skipif(not _can_recognise(), reason="Tesseract with Vietnamese is not installed")
def test_a_scanned_page_gives_the_rows_it_shows() -> None:
    """Letters may be wrong, and the page ends within the last row: the work nearly, the rest right in most rows."""
    plan = _plan("scan.png")
    assert "recognised" in {warning.code for warning in plan.warnings}
    expected = [task for task in _expected()["tasks"] if task["origin"] == "appendix"][:5]
    assert len(plan.tasks) == 5
    right = 0
    for task, wanted in zip(plan.tasks, expected, strict=True):
        assert SequenceMatcher(None, task.text, wanted["text"][: len(task.text)]).ratio() > 0.9
        found = [[agency.id for agency in bodies] for bodies in (task.lead, task.coordinating)]
        bodies = [[agency["id"] for agency in wanted[role]] for role in ("lead", "coordinating")]
        right += found == bodies and [d.text for d in task.deadlines] == [d["text"] for d in wanted["deadlines"]]
    assert right >= 4


# --- nothing is lost ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("container", CONTAINERS)
def test_every_cell_of_the_appendix_is_read(container: str) -> None:
    cells = [place.text for row in MAKER["table_rows"]() for place in row if place.text]
    assert Counter(_appendix_cells(f"plan.{container}")) == Counter(squash(cell) for cell in cells)


@pytest.mark.parametrize("container", CONTAINERS)
def test_every_row_of_the_appendix_ends_in_a_record(container: str) -> None:
    """Header rows, title rows and works are all rows; a work's words are those of its cells, no more and no fewer."""
    plan = _plan(f"plan.{container}")
    titles = [(row[0], row[1]) for row in MAKER["ROWS"] if len(row) == 2]
    works = [row for row in MAKER["ROWS"] if len(row) > 2]
    tasks = [task for task in plan.tasks if task.origin == "appendix"]
    sections = [(section.marker, section.title) for section in plan.sections if section.kind == "appendix"]
    assert sections[1:] == titles
    assert len(tasks) == len(works)
    for task, row in zip(tasks, works, strict=True):
        said = {time.text: None for time in task.deadlines}
        agencies = [*(() if "lead" in task.inferred else task.lead), *task.coordinating]
        texts = [task.marker or "", task.text, *task.products, *(agency.text for agency in agencies), *said]
        assert _count_words(texts) == _count_words(cell for cell in row if cell != "^")


def _appendix_cells(name: str) -> list[str]:
    source = _stages(name)["source"]
    assert isinstance(source, Source)
    tables = [block for block in source.blocks if isinstance(block, Table) and len(block.rows) > 2]
    return [squash(cell.text) for table in tables for row in table.rows for cell in row.cells if cell.text]


def _count_words(texts: Any) -> Counter[str]:
    return Counter(re.findall(r"[\w/]+", " ".join(texts)))


# --- the files ----------------------------------------------------------------------------------------------------


def test_the_files_are_what_the_script_writes(tmp_path: Path) -> None:
    assert (FOLDER / "plan.txt").read_text("utf-8") == MAKER["make_text"]()
    assert (FOLDER / "plan.html").read_text("utf-8") == MAKER["make_page"]()
    MAKER["make_docx"](tmp_path / "plan.docx")
    for part in ("word/document.xml", "word/numbering.xml"):
        assert _read_part(FOLDER / "plan.docx", part) == _read_part(tmp_path / "plan.docx", part)


def test_the_files_still_hold_their_traps() -> None:
    body = _read_part(FOLDER / "plan.docx", "word/document.xml").decode()
    for trap in ("<w:numPr>", "<w:vMerge", "<w:gridSpan", "<w:tblHeader", "<w:br/>", 'w:orient="landscape"'):
        assert trap in body
    assert "a) " not in body
    pages = {task.marker: task.span.page for task in _plan("plan.pdf").tasks if task.origin == "appendix"}
    assert (pages["1"], pages["5"], pages["6"]) == (3, 3, 4)
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 500_000


def _read_part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)
