"""Agencies outside of plans: a spreadsheet's column, and the unknown names of a batch as a pattern file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from cchc_extract.agencies.sheets import Sheet, normalise_sheet, read_sheet, sheet_to_csv
from cchc_extract.agencies.unknowns import agencies_to_toml, unknown_agencies
from cchc_extract.errors import UnreadableInputError, UnsupportedInputError, UsageError
from cchc_extract.normalise.agencies import parse_agencies
from cchc_extract.patterns import load_patterns
from cchc_extract.pipeline import extract_plan
from cchc_extract.writers.jsonout import plan_to_json

PATTERNS = load_patterns()
SAMPLE = Path(__file__).parent.parent / "samples" / "clean-plan" / "plan.txt"
LEAD = "Cơ quan chủ trì"
TABLE = f'TT,{LEAD},Ghi chú\r\n1,"Sở KH&ĐT, Hội Yêu sông","a, ""b"""\r\n2,So Noi vu,\r\n3,,\r\n4,Trong năm,c\r\n'


def sheet(data: bytes) -> Sheet:
    return read_sheet("plans.csv", io.BufferedReader(io.BytesIO(data)))


def normalise(data: bytes, column: str = LEAD, on: date | None = None) -> list[dict[str, str]]:
    out = b"".join(sheet_to_csv(normalise_sheet(sheet(data), column, PATTERNS, on)))
    return list(csv.DictReader(io.StringIO(out.decode("utf-8-sig")), delimiter=sheet(data).delimiter))


def test_columns_are_put_to_a_sheet() -> None:
    first, second, empty, other = normalise(TABLE.encode())
    assert first[f"{LEAD} id"] == "so-ke-hoach-va-dau-tu"
    assert first[f"{LEAD} name"] == "Sở Kế hoạch và Đầu tư"
    assert first[f"{LEAD} match"] == "abbreviation"
    assert first[f"{LEAD} unknown"] == "Hội Yêu sông"
    assert (second[f"{LEAD} id"], second[f"{LEAD} match"]) == ("so-noi-vu", "fuzzy")
    assert {empty[f"{LEAD} {name}"] for name in ("id", "name", "match", "unknown")} == {""}
    assert (other[f"{LEAD} id"], other[f"{LEAD} unknown"]) == ("", "Trong năm")


def test_words_that_are_no_name_are_told_beside_the_names() -> None:
    (row,) = normalise(f'{LEAD},x\n"Sở Y tế; P. TCKH, Tổ Sông nước (phối hợp)",\n'.encode())
    assert row[f"{LEAD} id"] == "so-y-te"
    assert row[f"{LEAD} unknown"] == "Tổ Sông nước ; P. TCKH"


def test_other_columns_stay_as_they_are() -> None:
    before = list(csv.reader(io.StringIO(TABLE, newline="")))
    out = b"".join(sheet_to_csv(normalise_sheet(sheet(TABLE.encode()), LEAD, PATTERNS)))
    after = list(csv.reader(io.StringIO(out.decode(), newline="")))
    assert [row[:3] for row in after] == before
    assert {len(row) for row in after} == {7}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    text = (
        delimiter.join(("TT", f'"{LEAD}, nếu có"', "Hạn")) + "\n" + delimiter.join(("1", "Sở Nội vụ", "Quý I")) + "\n"
    )
    (row,) = normalise(text.encode(encoding), f"{LEAD}, nếu có")
    assert row[f"{LEAD}, nếu có id"] == "so-noi-vu"


def test_what_came_with_a_mark_goes_with_one() -> None:
    marked = [b"".join(sheet_to_csv(sheet(TABLE.encode(e))))[:3] for e in ("utf-8-sig", "utf-16", "utf-8")]
    assert marked == [b"\xef\xbb\xbf", b"\xef\xbb\xbf", b"TT,"]


def test_lines_that_tell_the_delimiter_and_decomposed_letters() -> None:
    import unicodedata

    (row,) = normalise(unicodedata.normalize("NFD", f"sep=;\r\nTT;{LEAD}\r\n1;Sở Tư pháp\r\n").encode())
    assert row[unicodedata.normalize("NFD", LEAD) + " id"] == "so-tu-phap"


def test_rows_shorter_and_longer_than_the_header() -> None:
    out = b"".join(sheet_to_csv(normalise_sheet(sheet(f"TT,{LEAD}\n1\n2,Sở Y tế,more\n".encode()), LEAD, PATTERNS)))
    assert [line.split(",") for line in out.decode().splitlines()[1:]] == [
        ["1", "", "", "", "", ""],
        ["2", "Sở Y tế", "so-y-te", "Sở Y tế", "exact", "", "more"],
    ]


def test_who_has_the_work_on_a_day() -> None:
    (row,) = normalise(f"{LEAD},x\nSở Giao thông vận tải; Sở Xây dựng,\n".encode(), on=date(2026, 1, 1))
    assert row[f"{LEAD} 2026-01-01"] == "so-xay-dung"


def test_rows_are_read_as_they_are_asked_for() -> None:
    def rows() -> Iterator[list[str]]:
        yield ["Sở Nội vụ"]
        raise AssertionError("read ahead")

    pieces = sheet_to_csv(normalise_sheet(Sheet("a.csv", (LEAD,), rows()), LEAD, PATTERNS))
    next(pieces)
    assert b"so-noi-vu" in next(pieces)


@pytest.mark.parametrize(
    ("data", "column", "error", "message"),
    [
        (TABLE.encode(), "Chủ trì", UsageError, "name one of 'TT', 'Cơ quan chủ trì', 'Ghi chú'"),
        (f"{LEAD},{LEAD} id\n".encode(), LEAD, UsageError, "already"),
        (b"", LEAD, UnsupportedInputError, "no header line"),
        (f"{LEAD}\n".encode() + b"\xe1\xff\n", LEAD, UnsupportedInputError, "UTF-8"),
        (TABLE.encode("cp1258", "ignore"), LEAD, UnsupportedInputError, "UTF-8"),
        (f"{LEAD}\n{'a' * 200_000}\n".encode(), LEAD, UnsupportedInputError, "line 2"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_line(data: bytes, column: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message) as caught:
        normalise(data, column)
    assert str(caught.value).startswith("plans.csv: ")
    assert "\n" not in str(caught.value)


# --- unknown names ------------------------------------------------------------------------------------------------


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A folder of results: one plan as JSON, two as JSON Lines, and files that are none."""
    text = SAMPLE.read_text("utf-8")
    strange = text.replace("phối hợp với Sở Tài chính", "phối hợp với Hội Yêu sông nước Lam")
    assert strange != text
    plans = [plan_to_json(extract_plan(None, t.encode(), PATTERNS), pretty=False) for t in (text, strange)]
    (tmp_path / "a.json").write_bytes(plans[1])
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "all.jsonl").write_bytes(b"".join(plans))
    (tmp_path / "other.json").write_text("[1]")
    (tmp_path / ".kept").mkdir()
    (tmp_path / ".kept" / "broken.json").write_text("{")
    return tmp_path


def test_unknown_names_are_counted_and_placed(results: Path) -> None:
    found = {unknown.id: unknown for unknown in unknown_agencies(results)}
    river = found["hoi-yeu-song-nuoc-lam"]
    assert (river.name, river.kind, river.count) == ("Hội Yêu sông nước Lam", "agency", 2)
    assert [place.split()[0] for place in river.places] == ["a.json", "more/all.jsonl"]
    counts = [unknown.count for unknown in unknown_agencies(results)]
    assert counts == sorted(counts, reverse=True)


def test_unknown_names_paste_into_a_pattern_file(results: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    unknown = unknown_agencies(results)
    (own / "agencies.toml").write_text("\n".join(agencies_to_toml(unknown)), "utf-8")
    patterns = load_patterns(own)
    assert [agency.match for u in unknown for agency in parse_agencies(u.name, patterns)] == ["exact"] * len(unknown)


def test_nothing_is_unknown_twice(results: Path) -> None:
    ids = [unknown.id for unknown in unknown_agencies(results)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("files", "error", "message"),
    [
        (None, UnreadableInputError, "does not exist"),
        ({}, UnsupportedInputError, "no extracted plans"),
        ({"a.json": json.dumps({"tasks": []})}, UnsupportedInputError, "no extracted plans"),
        ({"a.jsonl": '{"schema_version": "1.1", "tasks": []}\n{'}, UnsupportedInputError, "a.jsonl: is no JSON"),
    ],
)
def test_folders_without_results(
    tmp_path: Path, files: dict[str, str] | None, error: type[Exception], message: str
) -> None:
    folder = tmp_path / "out"
    if files is not None:
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text)
    with pytest.raises(error, match=message):
        unknown_agencies(folder)
