"""What `doctor` says of this machine."""

from __future__ import annotations

import io

import pytest

from cchc_extract.doctor import KindCheck, check_kinds, print_checks


def test_every_kind_is_checked() -> None:
    kinds = " ".join(check.kind for check in check_kinds())
    assert all(kind in kinds for kind in ("text", "PDF", "DOCX", "HTML", "DOC", "RTF", "ODT", "scanned", "images"))


def test_the_core_kinds_always_work() -> None:
    assert [check.works for check in check_kinds()[:4]] == [True] * 4


def test_what_is_missing_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    out = io.StringIO()
    assert print_checks(check_kinds(), out) == 7
    assert "apt-get install libreoffice-writer" in out.getvalue()
    assert "apt-get install tesseract-ocr tesseract-ocr-vie" in out.getvalue()


def test_the_table_is_aligned() -> None:
    out = io.StringIO()
    assert print_checks([KindCheck("PDF", True, "pdfium"), KindCheck("DOC, RTF", True, "soffice")], out) == 0
    assert out.getvalue() == ("kind      works  through\nPDF       yes    pdfium\nDOC, RTF  yes    soffice\n")
