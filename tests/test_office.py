"""Word 97, RTF and OpenDocument files through LibreOffice, and the count that guards their tables."""

from __future__ import annotations

import io
import os
import re
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from cchc_extract.errors import MissingToolError, UnsupportedInputError
from cchc_extract.patterns import load_patterns
from cchc_extract.readers.office import count_marks, find_office, office_to_docx
from cchc_extract.readers.processes import run_program

needs_office = pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")

PATTERNS = load_patterns()
RTF = rb"""{\rtf1\ansi\uc0 K\u7871\'20ho\u7841 ch\par
\trowd\cellx3000\cellx6000\pard\intbl S\u7903\'20N\u7897 i\'20v\u7909\cell Qu\u253\'20I\cell\row
\trowd\cellx3000\cellx6000\pard\intbl S\u7903\'20T\u224 i\'20ch\u237 nh\cell Qu\u253\'20II\cell\row\pard\par}"""
ODT_CONTENT = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" office:version="1.2"><office:body><office:text>
<table:table table:name="a"><table:table-column/><table:table-row><table:table-cell><text:p>Sở Nội vụ</text:p>
</table:table-cell></table:table-row></table:table></office:text></office:body></office:document-content>"""


def _odt() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", ODT_CONTENT)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
            'manifest:version="1.2"><manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry '
            'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
        )
    return buffer.getvalue()


def _text(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return re.sub("<[^>]*>", "", archive.read("word/document.xml").decode())


def _convert_to(kind: str, data: bytes, folder: Path) -> bytes:
    """A file of another kind, made by LibreOffice."""
    source = folder / "a.rtf"
    source.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run_program([find_office() or "", profile, "--headless", "--convert-to", kind, str(source)], folder, 120)
    return (folder / f"a.{kind}").read_bytes()


@needs_office
def test_rtf_keeps_its_text_and_tables() -> None:
    made = office_to_docx(RTF, "rtf", "a.rtf", PATTERNS)
    assert made.warnings == ()
    assert count_marks(RTF, "rtf") == count_marks(made.docx, "docx") == 6
    assert "Sở Tài chính" in _text(made.docx)


@needs_office
def test_word_97_keeps_its_text_and_tables(tmp_path: Path) -> None:
    doc = _convert_to("doc", RTF, tmp_path)
    assert count_marks(doc, "doc") == 6
    made = office_to_docx(doc, "doc", "a.doc", PATTERNS)
    assert count_marks(made.docx, "docx") == 6
    assert "Sở Nội vụ" in _text(made.docx)


@needs_office
def test_odt_keeps_its_text_and_tables() -> None:
    made = office_to_docx(_odt(), "odt", "a.odt", PATTERNS)
    assert count_marks(_odt(), "odt") == count_marks(made.docx, "docx") == 2
    assert "Sở Nội vụ" in _text(made.docx)


@needs_office
def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    office_to_docx(RTF, "rtf", "a.rtf", PATTERNS)
    assert list(tmp_path.iterdir()) == []


@needs_office
def test_a_file_that_cannot_be_opened_is_refused() -> None:
    with pytest.raises(UnsupportedInputError, match="LibreOffice cannot open"):
        office_to_docx(b"PK\x03\x04 no archive", "odt", "a.odt", PATTERNS)


@needs_office
def test_a_time_limit_holds() -> None:
    with pytest.raises(UnsupportedInputError, match="busy"):
        office_to_docx(RTF, "rtf", "a.rtf", replace(PATTERNS, limits={**PATTERNS.limits, "office.seconds": 0}))


def _fake_office(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A LibreOffice of our own on the PATH, for what the real one does only on some files."""
    program = folder / "soffice"
    program.write_text(f"#!{sys.executable}\n{script}")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


DROPS_TABLES = """
import pathlib, sys, zipfile
source, folder = pathlib.Path(sys.argv[-1]), pathlib.Path(sys.argv[-2])
kind = sys.argv[sys.argv.index("--convert-to") + 1]
folder.mkdir(exist_ok=True)
cells = "<w:tr ><w:tc><w:tc>" * 2 if source.suffix == KEEPS else ""
with zipfile.ZipFile(folder / (source.stem + "." + kind), "w") as archive:
    archive.writestr("word/document.xml", cells)
"""


def test_lost_tables_are_looked_for_another_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_office(tmp_path, DROPS_TABLES.replace("KEEPS", "'.odt'"), monkeypatch)
    made = office_to_docx(RTF, "rtf", "a.rtf", PATTERNS)
    assert count_marks(made.docx, "docx") == 6
    assert made.warnings == ()


def test_tables_lost_every_way_are_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_office(tmp_path, DROPS_TABLES.replace("KEEPS", "'.none'"), monkeypatch)
    (warning,) = office_to_docx(RTF, "rtf", "a.rtf", PATTERNS).warnings
    assert warning.code == "lost-tables"
    assert "6 cell and row marks" in warning.message


def test_without_libreoffice_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError, match="apt-get install libreoffice-writer") as caught:
        office_to_docx(RTF, "rtf", "a.rtf", PATTERNS)
    assert caught.value.exit_code == 7


def test_a_bomb_is_not_handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_office(tmp_path, "raise SystemExit(1)", monkeypatch)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(6):
            archive.writestr(f"{number}", bytes(100_000_000))
    with pytest.raises(UnsupportedInputError, match="unpacks to more"):
        office_to_docx(buffer.getvalue(), "odt", "a.odt", PATTERNS)


@pytest.mark.skipif(os.name != "posix", reason="process groups")
def test_the_whole_group_of_a_late_program_is_ended(tmp_path: Path) -> None:
    """The child keeps the pipes open: without its end, waiting for the program would take the child's 30 seconds."""
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(30)'])"
    start = time.monotonic()
    assert run_program([sys.executable, "-c", code], tmp_path, 0.5).late
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(("kind", "data"), [("doc", b"\xd0\xcf\x11\xe0"), ("odt", b"PK"), ("docx", b"")])
def test_marks_of_a_damaged_file_are_none(kind: str, data: bytes) -> None:
    assert count_marks(data, kind) == 0
