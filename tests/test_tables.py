"""Columns and rows: what the columns hold, and rows that lost cells brought under them."""

from __future__ import annotations

import pytest

from cchc_extract.model import Cell, Row, Span, Table
from cchc_extract.patterns import load_patterns
from cchc_extract.tables.columns import read_columns
from cchc_extract.tables.rows import Entry, table_to_entries

PATTERNS = load_patterns()
HEADER = ["STT", "Nhiệm vụ", "Sản phẩm", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian thực hiện"]
WORKS = [
    ["1", "Lập danh mục", "Danh mục", "Sở Tư pháp", "Sở Nội vụ", "Quý I/2024"],
    ["2", "Công bố danh mục", "Quyết định", "Sở Nội vụ", "Các sở, ban, ngành", "Tháng 6/2024"],
    ["3", "Tập huấn cán bộ", "Hội nghị", "Sở Y tế", "Sở Tài chính", "Thường xuyên"],
]


def make_table(*rows: list[str]) -> Table:
    place = Span((1, 1))
    return Table(tuple(Row(tuple(Cell(text, place) for text in row), place) for row in rows), place)


def read(*rows: list[str]) -> list[Entry]:
    table = make_table(*rows)
    columns = read_columns(table, PATTERNS)
    assert columns is not None
    return table_to_entries(table, columns, PATTERNS)[0]


def test_roles_by_titles() -> None:
    columns = read_columns(make_table(HEADER, *WORKS), PATTERNS)
    assert columns is not None
    assert columns.roles == ("number", "task", "product", "lead", "coordinating", "deadline")
    assert columns.header_rows == 1


def test_roles_by_cells_where_the_header_is_lost() -> None:
    columns = read_columns(make_table(*WORKS), PATTERNS)
    assert columns is not None
    assert columns.roles == ("number", "task", "product", "lead", "coordinating", "deadline")
    assert columns.header_rows == 0


@pytest.mark.parametrize(
    "title",
    [["I", "Công tác chỉ đạo"], ["I", "Công tác chỉ đạo", "", "", "", ""], ["A", "CẢI CÁCH THỂ CHẾ", "", "", "", ""],
     ["I. Công tác chỉ đạo", "", "", "", "", ""]],
)  # fmt: skip
def test_a_title_row_is_no_work(title: list[str]) -> None:
    entries = read(HEADER, title, *WORKS)
    assert [entry.kind for entry in entries] == ["group", "task", "task", "task"]
    assert entries[0].cells["task"] in ("Công tác chỉ đạo", "CẢI CÁCH THỂ CHẾ")


def test_rows_that_lost_the_running_number_go_under_the_other_titles() -> None:
    entries = read(HEADER, *(row[1:] for row in WORKS))
    assert [entry.cells["task"] for entry in entries] == [row[1] for row in WORKS]
    assert [entry.cells["deadline"] for entry in entries] == [row[5] for row in WORKS]


def test_rows_that_lost_a_merged_cell_keep_their_running_number() -> None:
    """Most rows lack the cell of the lead, which is merged with the one above; the first column is still the number."""
    short = [[cell for n, cell in enumerate(row) if n != 3] for row in WORKS]
    entries = read(HEADER, WORKS[0], *([["4", *row[1:]] for row in short]))
    assert [entry.marker for entry in entries] == ["1", "4", "4", "4"]
    assert [entry.cells["task"] for entry in entries[1:]] == [row[1] for row in WORKS]
    assert [entry.cells["deadline"] for entry in entries[1:]] == [row[5] for row in WORKS]
