"""Tables in every format, read back by the readers that people use: what they hold, what they survive."""

from __future__ import annotations

import copy
import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from weakref import WeakSet

import duckdb
import frictionless
import jsonschema
import openpyxl
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_extract.errors import MissingToolError, PatternError, UnwritableOutputError, UsageError
from cchc_extract.model import SCHEMA_VERSION
from cchc_extract.patterns import builtin_folder, load_patterns
from cchc_extract.readers.office import find_office
from cchc_extract.readers.processes import run_program
from cchc_extract.writers.citations import CitedDocuments
from cchc_extract.writers.formats import FOLDER_FORMATS, TABLE_FORMATS
from cchc_extract.writers.schema import output_schema
from cchc_extract.writers.tabular import TableOptions, check_tables, csv_pieces, write_tables
from cchc_extract.writers.tabular.csv_folder import GUARDED, rows_to_csv
from cchc_extract.writers.tabular.layout import Table, choose_tables, foreign_keys, keys_of, load_tables
from cchc_extract.writers.tabular.rows import Batch, plans_to_rows, rows_to_batches, table_rows, typed_value
from cchc_extract.writers.tabular.xlsx_file import XlsxFile
from cchc_extract.writers.tabular.xlsx_sheet import Limits, cut_utf16, to_cell_text

ROOT = Path(__file__).parent.parent
SAMPLES = [json.loads(file.read_text("utf-8")) for file in sorted((ROOT / "samples").glob("*/expected.json"))]
TABLES = load_tables()
BY_NAME = {table.name: table for table in TABLES}
SPAN = {"page": 3, "lines": [40, 41], "bbox": [72.0, 100.5, 520.25, 130.0]}
AGENCY = {
    "id": "so-noi-vu", "name": "Sở Nội vụ", "text": "Sở Nội Vụ", "kind": "agency", "level": "province",
    "match": "exact", "confidence": 1.0, "province": "99", "office": None, "of": [],
    "as_of": [{"id": "so-noi-vu", "name": "Sở Nội vụ"}, {"id": "so-y-te", "name": "Sở Y tế"}],
}  # fmt: skip
TEAM = {
    "id": None, "name": None, "text": "Tổ công tác số 7", "kind": "unknown", "level": None,
    "match": None, "confidence": None, "province": None, "office": "Tổ trưởng", "of": ["so-noi-vu"],
    "as_of": [],
}  # fmt: skip

Plan = dict[str, Any]
Content = dict[str, list[tuple[Any, ...]]]

by_format = pytest.mark.parametrize("format", TABLE_FORMATS)


def make_plan(number: int = 1, **task: Any) -> Plan:
    """A plan in which every column of its tables has a value; two of them differ by their number."""
    target = {
        "id": "g1", "quote": "tăng 2-3 bậc trên 63", "indicator": "chỉ số", "comparator": "=", "value": 2.5,
        "value_max": 3, "out_of": 63, "unit": "bậc", "change": "increase", "baseline": "2023", "scope": "province",
        "year": 2024, "task": "t1", "section": "s2", "same_as": ["g2"], "span": SPAN,
        "inferred": ["indicator"],
    }  # fmt: skip
    first = {
        "id": "t1", "origin": "appendix", "marker": "1.", "text": 'Rà soát, "một cửa"', "area": "procedures",
        "section": "s2", "lead": [AGENCY, TEAM], "coordinating": [AGENCY], "products": ["Báo cáo", "Quyết định"],
        "deadlines": [
            {"text": "Quý I/2024", "kind": "during", "start": "2024-01-01", "end": "2024-03-31", "every": None},
            {"text": "hằng quý", "kind": "recurring", "start": None, "end": None, "every": "quarter"},
        ],
        "targets": ["g1", "g2"], "same_as": ["t2"], "span": SPAN, "inferred": ["lead", "area"], **task,
    }  # fmt: skip
    second = {**first, "id": "t2", "section": None, "lead": [], "products": [], "deadlines": [], "targets": []}
    return {
        "schema_version": SCHEMA_VERSION,
        "source": {"file": f"kế hoạch {number}.pdf", "sha256": f"{number:064x}"[::-1], "media_type": "application/pdf",
                   "pages": 12, "encoding": "utf-8"},
        "document": {
            "type": "kế hoạch", "number": "12/KH-UBND", "title": "Cải cách hành chính", "issued_on": "2024-01-05",
            "effective_on": "2024-01-06", "issuer": AGENCY, "province": {"code": "99", "name": "Sông Lam"},
            "province_today": {"code": "98", "name": "Lam Hồng"},
            "signer": {"name": "Nguyễn Văn A", "title": "Chủ tịch"},
            "attached_to": {"type": "quyết định", "number": "7/QĐ-UBND", "issued_on": "2024-01-04"},
            "period": {"start": "2024-01-01", "end": "2024-12-31"},
        },
        "sections": [
            {"id": "s1", "parent": None, "level": 1, "marker": "I.", "title": "Nhiệm vụ", "kind": "tasks",
             "area": None, "span": SPAN},
            {"id": "s2", "parent": "s1", "level": 2, "marker": None, "title": None, "kind": "tasks",
             "area": "procedures", "span": SPAN, "inferred": ["area"]},
        ],
        "tasks": [first, second],
        "targets": [target, {**target, "id": "g2", "task": None, "section": None, "value": 10, "value_max": None}],
        "references": [{"type": "nghị quyết", "number": "76/NQ-CP", "issued_on": "2021-07-15", "issuer": "Chính phủ",
                        "relation": "based-on", "spans": [SPAN, SPAN]}],
        "duplicates": [{"span": SPAN, "of": SPAN}],
        "warnings": [{"code": "lost-heading", "message": "a heading is lost", "span": SPAN},
                     {"code": "no-number", "message": "no number", "span": None}],
    }  # fmt: skip


def output_of(format: str, folder: Path) -> Path:
    return folder / "out" if format in FOLDER_FORMATS else folder / f"out.{format}"


def expected(plans: list[Plan], blank: bool = False) -> Content:
    """The rows as a reader gives them; `blank`: in a format that has no empty text beside the missing one."""

    def value(value: Any, type: str) -> Any:
        return None if blank and value == "" else typed_value(value, type)

    (batch,) = batches_of(plans)
    return {
        table.name: [
            tuple(value(cell, column.type) for cell, column in zip(row, table.columns, strict=True))
            for row in batch[table.name]
        ]
        for table in TABLES
    }


def batches_of(plans: list[Plan]) -> list[Batch]:
    """The rows that the formats are given, of all tables."""
    return list(rows_to_batches(TABLES, plans_to_rows(TABLES, plans, CitedDocuments(load_patterns()))))


# --- readers ------------------------------------------------------------------------------------------------------

PARSERS: dict[str, Callable[[str], Any]] = {
    "string": str, "integer": int, "number": float, "date": date.fromisoformat, "boolean": bool,
}  # fmt: skip


def read_csv_file(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))


def read_csv(folder: Path) -> Content:
    content: Content = {}
    for table in TABLES:
        header, *rows = read_csv_file((folder / f"{table.name}.csv").read_bytes())
        assert tuple(header) == table.header
        parsers = [PARSERS[column.type] for column in table.columns]
        content[table.name] = [
            tuple(parse(cell) if cell else None for parse, cell in zip(parsers, row, strict=True)) for row in rows
        ]
    return content


def read_parquet(folder: Path) -> Content:
    tables = {table.name: pyarrow.parquet.read_table(folder / f"{table.name}.parquet") for table in TABLES}
    assert all(tuple(tables[table.name].column_names) == table.header for table in TABLES)
    return {name: [tuple(row.values()) for row in table.to_pylist()] for name, table in tables.items()}


def read_duckdb(path: Path) -> Content:
    with duckdb.connect(str(path), read_only=True) as connection:
        return {
            table.name: connection.execute(f'SELECT {columns(table)} FROM "{table.name}" ORDER BY rowid').fetchall()
            for table in TABLES
        }


def read_sqlite(path: Path) -> Content:
    connection = sqlite3.connect(path)
    rows = {
        t.name: connection.execute(f'SELECT {columns(t)} FROM "{t.name}" ORDER BY rowid').fetchall() for t in TABLES
    }
    connection.close()
    return {
        table.name: [
            tuple(typed_value(v, c.type) for v, c in zip(row, table.columns, strict=True)) for row in rows[table.name]
        ]
        for table in TABLES
    }


def columns(table: Table) -> str:
    return ", ".join(f'"{name}"' for name in table.header)


def read_xlsx(path: Path, lang: str = "en") -> Content:
    book = openpyxl.load_workbook(path)
    content: Content = {}
    for table in TABLES:
        titles, *rows = book[table.words[lang].title].iter_rows()
        assert [cell.value for cell in titles] == [column.words[lang].title for column in table.columns]
        assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "d", "inlineStr"}
        content[table.name] = [tuple(map(cell_value, row)) for row in rows]
    book.close()
    return content


def cell_value(cell: Any) -> Any:
    return cell.value.date() if isinstance(cell.value, datetime) else cell.value


READERS = {"csv": read_csv, "parquet": read_parquet, "duckdb": read_duckdb, "sqlite": read_sqlite, "xlsx": read_xlsx}


def round_trip(format: str, plans: list[Plan], folder: Path) -> Content:
    write_tables(format, output_of(format, folder), plans)
    return READERS[format](output_of(format, folder))


# --- the description of the tables --------------------------------------------------------------------------------


def test_the_description_is_in_order() -> None:
    file = builtin_folder() / "output" / "tables.toml"
    text = file.read_text("utf-8")
    assert text.startswith("# ")
    assert unicodedata.is_normalized("NFC", text)
    parsed = tomllib.loads(text)
    keys = {key for table in (*parsed["table"], *parsed["group"]) for column in table["column"] for key in column}
    words = {"title", "title_vi", "description", "description_vi"}
    assert keys - words == {"name", "type", "path", "short", "refers", "links", "width", "use", "at"}
    used = {column["use"] for table in parsed["table"] for column in table["column"] if "use" in column}
    assert used == {group["name"] for group in parsed["group"]}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_is_described_in_both_languages(table: Table) -> None:
    assert len(set(table.header)) == len(table.header)
    assert len({c.short for c in table.columns}) == len(table.columns)
    assert {c.type for c in table.columns} <= set(PARSERS)
    for described in (table, *table.columns):
        assert all(w.title.strip() and w.description.strip() for w in described.words.values())
    for lang in ("en", "vi"):
        titles = [c.words[lang].title for c in table.columns]
        assert len(set(titles)) == len(titles)


def test_sheets_can_be_called_so() -> None:
    for lang in ("en", "vi"):
        titles = [table.words[lang].title for table in TABLES]
        assert len({title.lower() for title in titles}) == len(titles)
        assert not any(len(title) > 31 or set(title) & set("[]:*?/\\'") for title in titles)


def test_references_lead_to_keys_of_tables_above() -> None:
    seen: set[str] = set()
    for table in TABLES:
        seen.add(table.name)
        assert set(table.key) <= set(table.header)
        assert {c.refers for c in table.columns if c.refers} <= seen
        assert {c.links for c in table.columns if c.links} <= set(BY_NAME)
    assert dict(foreign_keys(BY_NAME["targets"], TABLES)) == {
        ("document",): BY_NAME["documents"],
        ("document", "task"): BY_NAME["tasks"],
        ("document", "section"): BY_NAME["sections"],
    }


def test_every_column_finds_something() -> None:
    """A path with a slip in it would find nothing, ever."""
    first, second = make_plan(1), make_plan(2)
    second["references"][0]["issued_on"] = "2021-07-16"
    second["references"] += [{**second["references"][0], "number": "7/QĐ-UBND", "issuer": "UBND tỉnh Yên Bái"}]
    (batch,) = batches_of([first, second])
    empty = [
        f"{table.name}.{name}"
        for table in TABLES
        for index, name in enumerate(table.header)
        if all(row[index] is None for row in batch[table.name])
    ]
    assert empty == []


class _Watched(dict[str, Any]):
    """A JSON object that notes, in a set that all parts of it share, which keys are read."""

    def __init__(self, value: dict[str, Any], path: str, read: set[str]) -> None:
        super().__init__({key: _watch(inner, f"{path}.{key}".lstrip("."), read) for key, inner in value.items()})
        self.path, self.read = path, read

    def get(self, key: str, default: Any = None) -> Any:
        self.read.add(f"{self.path}.{key}".lstrip("."))
        return super().get(key, default)


def _watch(value: Any, path: str, read: set[str]) -> Any:
    if isinstance(value, list):
        return [_watch(item, path, read) for item in value]
    return _Watched(value, path, read) if isinstance(value, dict) else value


def _keys(value: Any, path: str = "") -> set[str]:
    if isinstance(value, list):
        return {key for item in value for key in _keys(item, path)}
    if not isinstance(value, dict):
        return {path}
    return {key for name, inner in value.items() for key in _keys(inner, f"{path}.{name}".lstrip("."))}


def test_every_key_of_the_contract_is_in_some_column() -> None:
    """Else what a later version adds to the JSON would be missing in the tables and nobody would notice."""
    plan = make_plan()
    jsonschema.validate(plan, output_schema())
    read: set[str] = set()
    for table in TABLES:
        list(table_rows(table, _Watched(plan, "", read)))
    left_out = {key for key in _keys(plan) - read if not key.endswith(".bbox")}
    issuer = {f"document.issuer.{key}" for key in AGENCY} - {"document.issuer.id", "document.issuer.name"}
    assert left_out - issuer == {"schema_version"}


def test_rows_hold_the_records() -> None:
    plan = make_plan()
    task = dict(zip(BY_NAME["tasks"].header, next(table_rows(BY_NAME["tasks"], plan)), strict=True))
    assert task == {
        "document": "100000000000", "id": "t1", "origin": "appendix", "marker": "1.", "text": 'Rà soát, "một cửa"',
        "area": "procedures", "section": "s2", "lead_ids": "so-noi-vu ; ",
        "lead_names": "Sở Nội vụ ; Tổ công tác số 7", "coordinating_ids": "so-noi-vu",
        "coordinating_names": "Sở Nội vụ", "products": "Báo cáo ; Quyết định",
        "deadline_texts": "Quý I/2024 ; hằng quý", "deadline_kinds": "during ; recurring",
        "deadline_starts": "2024-01-01 ; ", "deadline_ends": "2024-03-31 ; ", "deadline_every": " ; quarter",
        "targets": "g1 ; g2", "page": 3, "line_from": 40, "line_to": 41, "inferred": "lead ; area",
        "same_as": "t2", "lead_as_of_ids": "so-noi-vu + so-y-te ; ", "lead_as_of_names": "Sở Nội vụ + Sở Y tế ; ",
        "coordinating_as_of_ids": "so-noi-vu + so-y-te", "coordinating_as_of_names": "Sở Nội vụ + Sở Y tế",
    }  # fmt: skip
    agencies = [row[1:7] for row in table_rows(BY_NAME["task_agencies"], plan)]
    assert agencies == [
        ("t1", "lead", 1, "so-noi-vu", "Sở Nội vụ", "Sở Nội Vụ"),
        ("t1", "lead", 2, None, None, "Tổ công tác số 7"),
        ("t1", "coordinating", 1, "so-noi-vu", "Sở Nội vụ", "Sở Nội Vụ"),
        ("t2", "coordinating", 1, "so-noi-vu", "Sở Nội vụ", "Sở Nội Vụ"),
    ]
    assert [row[1:] for row in table_rows(BY_NAME["task_targets"], plan)] == [("t1", "g1"), ("t1", "g2")]
    assert [row[1] for row in table_rows(BY_NAME["warnings"], plan)] == ["w1", "w2"]


def test_what_an_older_plan_lacks_is_null() -> None:
    plan = {"source": {"sha256": "a" * 64}, "tasks": [{"id": "t1", "text": "x"}]}
    (row,) = table_rows(BY_NAME["tasks"], plan)
    assert row[:2] == ("aaaaaaaaaaaa", "t1")
    assert [cell for cell in row if cell is not None] == ["aaaaaaaaaaaa", "t1", "x"]


def test_keys_tell_rows_apart_and_references_are_met() -> None:
    content = expected(SAMPLES)
    for table in TABLES:
        rows = [dict(zip(table.header, row, strict=True)) for row in content[table.name]]
        keys = [tuple(row[name] for name in keys_of(table)) for row in rows]
        assert len(set(keys)) == len(keys)
        assert None not in {value for key in keys for value in key}
        for names, other in foreign_keys(table, TABLES):
            known = {row[: len(names)] for row in content[other.name]}
            used = {tuple(row[name] for name in names) for row in rows}
            assert {key for key in used if None not in key} <= known


# --- there and back -----------------------------------------------------------------------------------------------


@by_format
def test_the_samples_come_back(format: str, tmp_path: Path) -> None:
    plans = [*SAMPLES, make_plan()]
    assert round_trip(format, plans, tmp_path) == expected(plans, blank=format in ("csv", "xlsx"))


@by_format
def test_the_same_plans_give_the_same_bytes(format: str, tmp_path: Path) -> None:
    if format == "duckdb":
        pytest.skip("a DuckDB file holds random numbers")
    outputs = [output_of(format, tmp_path / name) for name in ("a", "b")]
    for output in outputs:
        write_tables(format, output, iter(SAMPLES))
    first, second = (sorted(path.rglob("*")) if path.is_dir() else [path] for path in outputs)
    assert [path.name for path in first] == [path.name for path in second]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


NASTY = [
    "=", "-", "+", "@",
    "=1+1", "+84 24", "-5%", "@SUM(A1)", "- Rà soát", "\t=1", "\r\n=1", "'=1", "''@x", "'", "＝１", "=HYPERLINK(\"a\")",
    'a "b", c', "a;b\nc", "\r", "a\rb", "a\x00b", "\x1b[2J", "\ufffe", "😀" * 3, "e\u0301", "http://a.vn/?q=1#b",
    "internal:Tasks!A1", "mailto:a@b.vn", "<r>x</r>", "<t>&amp;</t>", "_x0041_", "12", "01/02/2024", "1e5", "TRUE",
    "NULL", "\\N", "{=1}", "x" * 40_000, "😀" * 20_000, " x ", "\n", "\u2028", "\x85",
]  # fmt: skip
TEXTS = st.lists(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20) | st.sampled_from(NASTY), min_size=1, max_size=30
)


def nasty_plan(texts: list[str]) -> Plan:
    """A plan with those texts as its tasks, as the products of the first, and as its title."""
    plan = make_plan(products=texts)
    plan["document"]["title"] = texts[0]
    plan["tasks"] += [{**plan["tasks"][1], "id": f"t{n}", "text": text} for n, text in enumerate(texts, 3)]
    return plan


@pytest.mark.parametrize("format", [format for format in TABLE_FORMATS if format != "xlsx"])
@given(texts=TEXTS)
@settings(max_examples=8)
def test_any_text_comes_back(format: str, texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    plans = [nasty_plan(NASTY), {**nasty_plan(texts), **{"source": make_plan(2)["source"]}}]
    assert round_trip(format, plans, tmp_path_factory.mktemp(format)) == expected(plans, blank=format == "csv")


@given(texts=TEXTS)
@settings(max_examples=8)
def test_any_text_comes_back_from_excel_as_far_as_excel_holds_it(
    texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("xlsx")
    texts = [*NASTY, *texts]
    notes = write_tables("xlsx", folder / "out.xlsx", [nasty_plan(texts)])
    book = openpyxl.load_workbook(folder / "out.xlsx")
    cells = [row[BY_NAME["tasks"].header.index("text")] for row in book["Tasks"].iter_rows(min_row=4)]
    held = [cut_utf16(to_cell_text(text), 32_767) for text in texts]
    assert [openpyxl_text(cell.value) for cell in cells] == held
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    assert not any(cell.hyperlink for cell in cells)
    assert any(note.startswith("tasks: texts cut: ") for note in notes)
    assert any("control characters" in note for note in notes)


def openpyxl_text(value: Any) -> str:
    """openpyxl leaves the underscore that Excel's own escape begins with as it is in the file."""
    return "" if value is None else str(value).replace("_x005F_", "_")


def test_texts_excel_cannot_hold() -> None:
    assert to_cell_text("a\x00\x0bb\r\nc\td\uffff") == "a\ufffd\ufffdb\nc\td\ufffd"
    assert cut_utf16("😀" * 20_000, 32_767) == "😀" * 16_383 + "…"
    assert len(cut_utf16("x" * 40_000, 32_767)) == 32_767
    assert cut_utf16("x" * 32_767, 32_767) == "x" * 32_767


# --- CSV ----------------------------------------------------------------------------------------------------------


@given(TEXTS)
def test_any_text_comes_back_from_csv(texts: list[str]) -> None:
    assert read_csv_file(rows_to_csv([(text, "b", text) for text in texts])) == [[text, "b", text] for text in texts]


@given(TEXTS)
def test_the_guard_against_formulas_can_be_undone(texts: list[str]) -> None:
    data = rows_to_csv([("x", text) for text in texts], excel=True)
    cells = [row[1] for row in read_csv_file(data)]
    assert [cell[1:] if GUARDED.match(cell) else cell for cell in cells] == texts
    assert not any(cell.lstrip()[:1] in tuple("=+-@＝＋－＠") for cell in cells if len(cell.lstrip()) > 1)
    assert not any(cell[:1] in ("\t", "\r") for cell in cells)


@pytest.mark.parametrize(
    ("text", "guarded"),
    [("Rà soát", False), ("'Một cửa'", False), ("5 - 7%", False), ("đạt = 5", False), ("'", False), ("", False),
     ("=", False), ("-", False),
     ("=1", True), ("- Rà soát", True), (" +1", True), ("'@a", True), ("\ta", True), ("＝1", True), ("\n=1", True)],
)  # fmt: skip
def test_only_what_excel_would_read_otherwise_is_guarded(text: str, guarded: bool) -> None:
    assert read_csv_file(rows_to_csv([("x", text)], excel=True)) == [["x", f"'{text}" if guarded else text]]


def test_numbers_are_not_guarded_and_excel_gets_its_mark(tmp_path: Path) -> None:
    plan = make_plan()
    plan["targets"][0]["value"] = -5
    write_tables("csv", tmp_path, [plan], TableOptions(excel=True))
    data = (tmp_path / "targets.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfdocument,id,")
    assert read_csv_file(data)[1][BY_NAME["targets"].header.index("value")] == "-5"


def test_csv_on_standard_output() -> None:
    plans = [make_plan(1), make_plan(2)]
    pieces = list(csv_pieces(plans, TableOptions(select="tasks", columns=("id", "text", "lead"))))
    assert len(pieces) == 2
    assert read_csv_file(b"".join(pieces)) == [
        ["id", "text", "lead_names"],
        *[["t1", 'Rà soát, "một cửa"', "Sở Nội vụ ; Tổ công tác số 7"], ["t2", 'Rà soát, "một cửa"', ""]] * 2,
    ]
    assert b"".join(csv_pieces(plans)).startswith(b"document,id,origin,")
    assert list(csv_pieces([], TableOptions(excel=True))) == []
    assert b"".join(csv_pieces(plans, TableOptions(excel=True))).count(b"\xef\xbb\xbf") == 1


def test_what_all_plans_cite_on_standard_output() -> None:
    """It comes when the last plan is read; a plan that comes twice counts once."""
    plans = [make_plan(1), make_plan(2), make_plan(1)]
    options = TableOptions(select="cited_documents", columns=("key", "plans", "mentions", "where"))
    *before, last = csv_pieces(plans, options)
    assert before == [b"key,plans,mentions,where\n", b""]
    assert last == b'76/nqcp/2021,2,4,"100000000000:40-41,40-41 ; 200000000000:40-41,40-41"\n'
    assert list(csv_pieces([], options)) == [b"key,plans,mentions,where\n"]


@by_format
def test_what_all_plans_cite_is_one_row_each(format: str, tmp_path: Path) -> None:
    cited = BY_NAME["cited_documents"]
    rows = round_trip(format, [make_plan(1), make_plan(2)], tmp_path)["cited_documents"]
    assert [dict(zip(cited.header, row, strict=True)) for row in rows] == [{
        "key": "76/nqcp/2021", "type": "nghị quyết", "number": "76/NQ-CP", "issued_on": date(2021, 7, 15),
        "other_dates": None, "issuer": "Chính phủ", "province": None, "plans": 2, "mentions": 4, "implements": 0,
        "based_on": 2, "attached_to": 0, "amends": 0, "replaces": 0,
        "where": "100000000000:40-41,40-41 ; 200000000000:40-41,40-41",
    }]  # fmt: skip


def test_what_all_plans_cite_is_of_all_batches() -> None:
    plans = [make_plan(number) for number in range(1, 401)]
    *before, last = batches_of(plans)
    assert len(before) >= 1
    assert [batch["cited_documents"] for batch in before] == [[]] * len(before)
    (row,) = last["cited_documents"]
    assert row[BY_NAME["cited_documents"].header.index("plans")] == 400


def test_own_patterns_count_for_what_is_cited(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('[[rule]]\nid = "x"\n', "utf-8")
    with pytest.raises(PatternError):
        write_tables("csv", tmp_path / "out", [make_plan()], TableOptions(patterns=tmp_path))
    assert not (tmp_path / "out").exists()
    write_tables("csv", tmp_path / "out", [make_plan()], TableOptions(select="tasks", patterns=tmp_path))


@pytest.mark.parametrize(
    ("select", "names", "message"),
    [("task", (), "no such table; use one of documents, sections, tasks"),
     ("tasks", ("leads",), "no such column in tasks; use one of document, id"),
     (None, ("id",), "add --select")],
)  # fmt: skip
def test_unknown_tables_and_columns(select: str | None, names: tuple[str, ...], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        choose_tables(TABLES, select, names)


@by_format
def test_a_part_of_a_table(format: str, tmp_path: Path) -> None:
    """Keys and references that the chosen columns do not hold are left out, in every format."""
    output = output_of(format, tmp_path)
    write_tables(format, output, SAMPLES, TableOptions(select="targets", columns=("value", "task", "year")))
    files = sorted(path.name for path in output.iterdir()) if output.is_dir() else []
    assert files == (["datapackage.json", f"targets.{format}"] if format in FOLDER_FORMATS else [])
    if format == "duckdb":
        with duckdb.connect(str(output)) as connection:
            assert [name for (name,) in connection.execute("SHOW TABLES").fetchall()] == ["targets"]


# --- the package --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("excel", [False, True])
def test_frictionless_accepts_the_csv_folder(excel: bool, tmp_path: Path) -> None:
    write_tables("csv", tmp_path, [*SAMPLES, make_plan()], TableOptions(excel=excel))
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.flatten(["title", "message"]) == []
    assert {task.name.replace("-", "_") for task in report.tasks} == set(BY_NAME)


def test_frictionless_finds_what_is_wrong(tmp_path: Path) -> None:
    """So that the test above means something: types, keys and references are checked."""
    write_tables("csv", tmp_path, [make_plan()])
    for name, old, new in [("targets", ",2.5,", ",x,"), ("sections", ",s2,", ",s1,"), ("task_targets", "g1", "g9")]:
        file = tmp_path / f"{name}.csv"
        file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    kinds = {kind for (kind,) in frictionless.validate(str(tmp_path / "datapackage.json")).flatten(["type"])}
    assert kinds == {"type-error", "primary-key", "foreign-key"}


@pytest.mark.parametrize("format", FOLDER_FORMATS)
def test_the_package_describes_the_files(format: str, tmp_path: Path) -> None:
    write_tables(format, tmp_path, [make_plan()])
    package = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert frictionless.Package.validate_descriptor(package).flatten(["message"]) == []
    assert {resource["path"] for resource in package["resources"]} == {f"{table.name}.{format}" for table in TABLES}
    assert {path.name for path in tmp_path.iterdir()} == {
        "datapackage.json", *(resource["path"] for resource in package["resources"])
    }  # fmt: skip
    fields = {field["name"]: field for field in package["resources"][2]["schema"]["fields"]}
    assert fields["lead_names"]["title_vi"] == "Cơ quan chủ trì"
    assert fields["section"]["refersTo"] == {"resource": "sections", "fields": ["document", "id"]}


# --- databases and columns ----------------------------------------------------------------------------------------


def test_duckdb_has_types_keys_and_comments(tmp_path: Path) -> None:
    write_tables("duckdb", tmp_path / "out.duckdb", SAMPLES, TableOptions(lang="vi"))
    assert os.listdir(tmp_path) == ["out.duckdb"]
    with duckdb.connect(str(tmp_path / "out.duckdb")) as connection:
        types = dict(connection.execute("SELECT column_name, data_type FROM duckdb_columns() "
                                        "WHERE table_name = 'task_deadlines'").fetchall())  # fmt: skip
        assert (types["start"], types["position"], types["text"]) == ("DATE", "BIGINT", "VARCHAR")
        comment = connection.execute("SELECT comment FROM duckdb_columns() WHERE column_name = 'lead_names'").fetchone()
        assert comment is not None
        assert comment[0].startswith("Cơ quan chủ trì: ")
        kinds = connection.execute("SELECT DISTINCT constraint_type FROM duckdb_constraints()").fetchall()
        assert {"PRIMARY KEY", "FOREIGN KEY"} <= {kind for (kind,) in kinds}
        with pytest.raises(duckdb.ConstraintException):
            connection.execute("INSERT INTO task_products VALUES ('nowhere', 't1', 1, 'x')")


def test_sqlite_has_keys(tmp_path: Path) -> None:
    write_tables("sqlite", tmp_path / "out.sqlite", SAMPLES)
    connection = sqlite3.connect(tmp_path / "out.sqlite")
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    keys = {(row[2], row[3]) for row in connection.execute("PRAGMA foreign_key_list(targets)")}
    assert {("documents", "document"), ("tasks", "task"), ("sections", "section")} <= keys
    (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'tasks'").fetchone()
    assert "-- Lead agencies: " in sql
    connection.close()


def test_parquet_has_types_and_descriptions(tmp_path: Path) -> None:
    write_tables("parquet", tmp_path, SAMPLES, TableOptions(lang="vi"))
    schema = pyarrow.parquet.read_schema(tmp_path / "targets.parquet")
    assert str(schema.field("value").type) == "double"
    assert str(schema.field("year").type) == "int64"
    assert not schema.field("id").nullable
    assert schema.field("value").metadata[b"title"].decode() == "Giá trị"
    assert str(pyarrow.parquet.read_schema(tmp_path / "documents.parquet").field("issued_on").type) == "date32[day]"


# --- Excel --------------------------------------------------------------------------------------------------------


def test_a_workbook_in_vietnamese(tmp_path: Path) -> None:
    write_tables("xlsx", tmp_path / "a.xlsx", [make_plan()], TableOptions(lang="vi"))
    assert read_xlsx(tmp_path / "a.xlsx", "vi") == expected([make_plan()])
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet = book["Nhiệm vụ"]
    assert book.active is sheet
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:AA3"
    assert sheet["E2"].alignment.wrap_text
    assert [sheet.row_dimensions[row].height for row in (2, 3)] == [30, None]  # the usual height
    assert book["Thời hạn"]["F2"].number_format == "dd/mm/yyyy"
    assert book["Thời hạn"]["F2"].value == datetime(2024, 1, 1)


def test_tasks_and_targets_link_to_each_other(tmp_path: Path) -> None:
    write_tables("xlsx", tmp_path / "a.xlsx", [make_plan(1), make_plan(2)])
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    tasks, targets = BY_NAME["tasks"].header, BY_NAME["targets"].header
    links = [row[tasks.index("targets")].hyperlink for row in book["Tasks"].iter_rows(min_row=2)]
    assert [link and link.location for link in links] == ["'Targets'!A2", None, "'Targets'!A4", None]
    links = [row[targets.index("task")].hyperlink for row in book["Targets"].iter_rows(min_row=2)]
    assert [link and link.location for link in links] == ["'Tasks'!A2", None, "'Tasks'!A4", None]


def test_what_a_sheet_cannot_hold_is_told(tmp_path: Path) -> None:
    sink = XlsxFile(tmp_path / "a.xlsx", TABLES, TableOptions(), Limits(rows=4, links=1, characters=10))
    sink.write(batches_of([make_plan(1), make_plan(2)])[0])
    notes = sink.finish()
    assert "tasks: rows left out: 1 (a sheet ends at row 4); the other formats have it all" in notes
    assert "tasks: links left out: 3 (a sheet has at most 1); the ids are there" in notes
    assert any(note.startswith("targets: texts cut: 6 (") for note in notes)
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["Tasks"].max_row == 4


def test_days_before_excels_calendar_are_texts(tmp_path: Path) -> None:
    plan = make_plan()
    plan["references"][0]["issued_on"] = "1890-05-19"
    write_tables("xlsx", tmp_path / "a.xlsx", [plan])
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["References"]["E2"].value == "1890-05-19"


def _has_calc() -> bool:
    office = find_office()
    return office is not None and (Path(os.path.realpath(office)).parent / "libsclo.so").exists()


@pytest.mark.skipif(not _has_calc(), reason="LibreOffice Calc is not installed")
def test_libreoffice_shows_the_texts_and_no_formula(tmp_path: Path) -> None:
    """The CSV with everything on that makes formulas, numbers and dates of texts."""
    texts = [text for text in NASTY if text.isprintable() and len(text) < 100 and text.strip() == text]
    plan = nasty_plan(texts)
    write_tables("csv", tmp_path / "csv", [plan], TableOptions(excel=True))
    write_tables("xlsx", tmp_path / "book.xlsx", [plan], TableOptions(lang="vi"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [find_office() or "", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    comma, quote, utf8 = 44, 34, 76
    reading = f"--infilter=CSV:{comma},{quote},{utf8},1,,0,false,true,false,false,false,0,true"
    for inputs in ([reading, str(tmp_path / "csv" / "tasks.csv")], [str(tmp_path / "book.xlsx")]):
        assert run_program([*command, str(tmp_path / "made"), *inputs], tmp_path, 120).code == 0
    index = BY_NAME["tasks"].header.index("text")
    for name, sheet in (("tasks", "tasks"), ("book", "Nhiệm vụ")):
        rows = list(openpyxl.load_workbook(tmp_path / "made" / f"{name}.xlsx")[sheet].iter_rows())
        assert [cell.coordinate for row in rows for cell in row if cell.data_type == "f"] == []
        assert rows[1][index].value == 'Rà soát, "một cửa"'
        assert rows[1][index + 4].value == "Sở Nội vụ ; Tổ công tác số 7"
        shown = [str(row[index].value) for row in rows[3:]]
        if name == "book":
            assert shown == [to_cell_text(text) for text in texts]
        else:
            numbers = {"12", "01/02/2024", "1e5", "TRUE"}  # which CSV cannot tell from texts
            guarded = [f"'{text}" if GUARDED.match(f"'{text}") else text for text in texts]
            assert [a for a in zip(guarded, shown, strict=True) if a[0] not in numbers and a[0] != a[1]] == []


# --- where and whether --------------------------------------------------------------------------------------------


@by_format
def test_no_plan_no_output(format: str, tmp_path: Path) -> None:
    assert write_tables(format, output_of(format, tmp_path), []) == ()
    assert list(tmp_path.iterdir()) == []


@by_format
def test_a_failure_leaves_what_was_there(format: str, tmp_path: Path) -> None:
    output = output_of(format, tmp_path)
    write_tables(format, output, [make_plan(1)])
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def fails() -> Iterator[Plan]:
        yield make_plan(2)
        raise OSError(5, "the input is gone")

    with pytest.raises(OSError, match="the input is gone"):
        write_tables(format, output, fails())
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@by_format
def test_the_same_content_twice_is_written_once_and_told(format: str, tmp_path: Path) -> None:
    again = {**copy.deepcopy(make_plan(1)), "warnings": []}
    (note,) = write_tables(format, output_of(format, tmp_path), [make_plan(1), make_plan(2), again, again])
    assert note.startswith("kế hoạch 1.pdf and 1 more: the same content")
    content = READERS[format](output_of(format, tmp_path))
    assert content == expected([make_plan(1), make_plan(2)])


def test_a_second_writing_replaces_the_first_and_makes_folders(tmp_path: Path) -> None:
    for format in TABLE_FORMATS:
        output = output_of(format, tmp_path / "new" / "folder")
        write_tables(format, output, [make_plan(1)])
        write_tables(format, output, [make_plan(2)])
        assert READERS[format](output) == expected([make_plan(2)])
    names = {"out", "out.xlsx", "out.duckdb", "out.sqlite"}
    assert {path.name for path in (tmp_path / "new" / "folder").iterdir()} == names


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.sqlite").write_bytes(b"")
    (tmp_path / "out.sqlite").symlink_to(tmp_path / "real.sqlite")
    write_tables("sqlite", tmp_path / "out.sqlite", [make_plan()])
    assert (tmp_path / "out.sqlite").is_symlink()
    assert (tmp_path / "real.sqlite").stat().st_size > 0


@by_format
def test_what_cannot_be_replaced(format: str, tmp_path: Path) -> None:
    output = output_of(format, tmp_path)
    if format in FOLDER_FORMATS:
        output.write_text("x")
    else:
        output.mkdir()
    with pytest.raises(UnwritableOutputError, match=r"out.*(no folder|no ordinary file)"):
        write_tables(format, output, [make_plan()])
    with pytest.raises(UnwritableOutputError):
        write_tables(format, Path("/dev/full"), [make_plan()])
    assert [path.name for path in tmp_path.iterdir()] == [output.name]


FULL_DISK = """
import json, resource, sys
from pathlib import Path
from cchc_extract.errors import UnwritableOutputError
from cchc_extract.writers.formats import TABLE_FORMATS
from cchc_extract.writers.tabular import write_tables
plan = json.loads(Path(sys.argv[1]).read_text("utf-8"))
for format in TABLE_FORMATS:  # loads what each needs
    write_tables(format, Path(sys.argv[2], "warm", format), [plan])
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
for format in TABLE_FORMATS:
    try:
        write_tables(format, Path(sys.argv[2], "out", format), [plan])
    except UnwritableOutputError as error:
        print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="limits of processes")
def test_a_full_disk_is_told_and_nothing_stays(tmp_path: Path) -> None:
    """A file that may not grow stands for a disk that is full."""
    sample = ROOT / "samples" / "web-copy" / "expected.json"
    (tmp_path / "out").mkdir()
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(sample), str(tmp_path)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line.partition(": cannot be written (")[0] for line in lines] == [
        str(tmp_path / "out" / format) for format in TABLE_FORMATS
    ]
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(("format", "package"), [("parquet", "pyarrow"), ("duckdb", "duckdb"), ("xlsx", "xlsxwriter")])
def test_a_missing_package_is_told_before_any_work(
    format: str, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingToolError, match=rf"pip install 'cchc-extract\[{format}\]'"):
        check_tables(format, tmp_path / "out")


@pytest.mark.parametrize(("format", "options"), [("ods", TableOptions()), ("csv", TableOptions(lang="fr"))])
def test_unknown_formats_and_languages(format: str, options: TableOptions, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such"):
        check_tables(format, tmp_path / "out", options)


class _Plan(dict[str, Any]):
    """A plan that can be seen to go."""

    __hash__ = object.__hash__


def test_plans_are_not_held(tmp_path: Path) -> None:
    alive: WeakSet[_Plan] = WeakSet()
    most = 0

    def plans() -> Iterator[Plan]:
        nonlocal most
        for number in range(1, 60):
            plan = _Plan(make_plan(number))
            alive.add(plan)
            most = max(most, len(alive))
            yield plan

    write_tables("csv", tmp_path, plans())
    assert most <= 3
