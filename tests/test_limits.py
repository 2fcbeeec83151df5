"""How much of an input is read at most, how a user sets it, and files that are cut short or still being written."""

from __future__ import annotations

import os
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from cchc_extract.errors import CchcError, PatternError, UnreadableInputError, UnsupportedInputError
from cchc_extract.patterns import Patterns, load_patterns
from cchc_extract.readers import load_content, read_source

SAMPLES = Path(__file__).parent.parent / "samples"
PDF = SAMPLES / "containers" / "plan.pdf"
CASES = [
    ("text.megabytes", SAMPLES / "clean-plan" / "plan.txt", "is larger than 0 MB"),
    ("page.megabytes", SAMPLES / "containers" / "plan.html", "is larger than 0 MB"),
    ("pdf.megabytes", PDF, "is larger than 0 MB"),
    ("pdf.pages", PDF, "has more than 0 pages"),
    ("word.megabytes", SAMPLES / "containers" / "plan.docx", "unpacks to more than 0 MB"),
    ("word.files", SAMPLES / "containers" / "plan.docx", "holds more than 0 files"),
]


def bounded(limit: str, most: int) -> Patterns:
    patterns = load_patterns()
    return replace(patterns, limits={**patterns.limits, limit: most})


@pytest.mark.parametrize(("limit", "path", "message"), CASES, ids=[case[0] for case in CASES])
def test_an_input_beyond_a_limit_is_refused(limit: str, path: Path, message: str) -> None:
    with pytest.raises(UnsupportedInputError, match=message):
        read_source(path, None, bounded(limit, 0))
    assert read_source(path, None, load_patterns()).blocks


def test_a_user_sets_a_limit(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('# My limits.\n\n[[limit]]\nid = "pdf.pages"\nmost = 1\n')
    own = load_patterns(tmp_path)
    assert own.limit("pdf.pages") == 1
    assert own.limit("scan.pages") == load_patterns().limit("scan.pages")
    with pytest.raises(UnsupportedInputError, match="more than 1 pages; split it, or raise the limit"):
        read_source(PDF, None, own)


@pytest.mark.parametrize("most", ["'many'", "1.5", "true", "-1"])
def test_a_limit_is_a_whole_number(tmp_path: Path, most: str) -> None:
    (tmp_path / "own.toml").write_text(f'[[limit]]\nid = "pdf.pages"\nmost = {most}\n')
    with pytest.raises(PatternError, match="most"):
        load_patterns(tmp_path)


def test_every_limit_says_what_it_bounds() -> None:
    import tomli

    from cchc_extract.patterns import builtin_folder

    limits = tomli.loads((builtin_folder() / "limits.toml").read_text("utf-8"))["limit"]
    assert all(limit["about"].strip() and limit["most"] > 0 for limit in limits)
    assert {limit["id"] for limit in limits} == set(load_patterns().limits)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_a_file_that_was_cut_short_is_refused(kind: str, share: float) -> None:
    data = (SAMPLES / "containers" / f"plan.{kind}").read_bytes()
    with pytest.raises(CchcError) as caught:
        read_source(None, data[: int(len(data) * share)], load_patterns())
    assert caught.value.exit_code == 4


def test_what_stands_behind_the_end_of_a_pdf_does_no_harm() -> None:
    data = PDF.read_bytes()
    whole = read_source(None, data, load_patterns())
    assert read_source(None, data + b"\r\n<!-- sent by a portal -->\r\n", load_patterns()).blocks == whole.blocks


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="no /proc here")
def test_a_file_that_is_not_what_it_was_when_opened() -> None:
    """Such files say that they hold nothing, and give more: to a reader they grow while they are read."""
    with pytest.raises(UnreadableInputError, match="changed while it was read"):
        load_content(Path("/proc/self/status"))


def test_a_pipe_is_read_to_its_end() -> None:
    read, write = os.pipe()
    os.write(write, b"1. plan")
    os.close(write)
    try:
        assert load_content(Path(f"/dev/fd/{read}")) == b"1. plan"
    finally:
        os.close(read)


def test_declarations_of_entities_are_refused_wherever_they_stand() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        declared = f"<!-- {'x' * 9000} --><!DOCTYPE d [<!ENTITY a 'b'>]><d>&a;</d>"
        archive.writestr("word/document.xml", declared)
    with pytest.raises(UnsupportedInputError, match="document type declaration"):
        read_source(None, stream.getvalue(), load_patterns())
