"""Tables that lost their shape in plain text: real shapes by example, and every shape read back by property."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_extract.model import Paragraph, Table
from cchc_extract.patterns import load_patterns
from cchc_extract.readers.text import read_text

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "cases/flat_tables.toml").read_text("utf-8"))[
    "case"
]
PATTERNS = load_patterns()

Rows = list[list[str]]
HEADER = ["STT", "Nhiệm vụ", "Sản phẩm", "Cơ quan chủ trì", "Thời gian"]


def read_tables(text: str) -> list[Rows]:
    blocks = read_text(text.encode(), "plan.txt", PATTERNS).blocks
    return [[[cell.text for cell in row.cells] for row in b.rows] for b in blocks if isinstance(b, Table)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case: dict[str, Any]) -> None:
    tables = read_tables(case["text"])
    if "rows" in case:
        assert tables[0] == case["rows"]
    elif "cells" in case:
        assert [cell for row in tables[0] for cell in row] == case["cells"]
    else:
        assert tables == []


# --- every shape gives its cells back -----------------------------------------------------------------------------

_WORDS = st.sampled_from(["rà", "soát", "danh", "mục", "hồ", "sơ", "công", "bố", "lập", "tập", "huấn", "xã", "cổng"])
_WORK = st.lists(_WORDS, min_size=2, max_size=9).map(lambda words: " ".join(words).capitalize())
_AGENCY = st.sampled_from(["Sở Nội vụ", "Sở Tư pháp", "Sở Y tế", "Văn phòng UBND tỉnh"])
_TIME = st.sampled_from(["Quý I/2024", "Tháng 6/2024", "Thường xuyên", "Năm 2024"])
_PRODUCT = st.one_of(st.just(""), st.sampled_from(["Báo cáo", "Quyết định của tỉnh", "Hội nghị"]))


@st.composite
def tables(draw: st.DrawFn) -> Rows:
    """A header and rows with running numbers; title rows stand between some of them."""
    rows: Rows = [HEADER]
    titles = 0
    for number in range(1, draw(st.integers(3, 9))):
        if draw(st.booleans()):
            titles += 1
            rows.append([("I", "II", "III", "IV", "V", "VI", "VII", "VIII")[titles - 1], draw(_WORK)])
        rows.append([str(number), draw(_WORK), draw(_PRODUCT), draw(_AGENCY), draw(_TIME)])
    return rows


def bar_after_each_cell(rows: Rows) -> str:
    return "".join("".join(f"{cell} |\n" for cell in row) + "|\n" for row in rows)


def bar_alone_after_each_cell(rows: Rows) -> str:
    return "|\n" + "".join("".join(f"{cell}\n|\n" for cell in row) + "|\n" for row in rows)


def bar_alone_and_blank_line(rows: Rows) -> str:
    return "|\n" + "".join("".join(f"{cell}\n|\n\n" if cell else "|\n\n" for cell in row) + "|\n\n" for row in rows)


def no_bar_between_rows(rows: Rows) -> str:
    return "".join("".join(f"{cell}\n|\n" if cell else "|\n" for cell in row) for row in rows)


def tab_before_each_cell(rows: Rows) -> str:
    return "\n".join("".join(f"\t{cell}\n" for cell in row) for row in rows)


def row_a_line(rows: Rows) -> str:
    return "".join("\t".join(row + [""] * (len(HEADER) - len(row))) + "\n" for row in rows)


def markdown(rows: Rows) -> str:
    lines = ["| " + " | ".join(row + [""] * (len(HEADER) - len(row))) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(HEADER), *lines[1:]]) + "\n"


def markdown_without_edges(rows: Rows) -> str:
    return "\n".join(" | ".join(row + [""] * (len(HEADER) - len(row))) for row in rows) + "\n"


SHAPES = [
    bar_after_each_cell, bar_alone_after_each_cell, bar_alone_and_blank_line, no_bar_between_rows,
    tab_before_each_cell, row_a_line, markdown, markdown_without_edges,
]  # fmt: skip


@pytest.mark.parametrize("write", SHAPES, ids=lambda shape: shape.__name__)
@given(rows=tables())
@settings(max_examples=60, deadline=None)
def test_shape_gives_its_cells_back(write: Callable[[Rows], str], rows: Rows) -> None:
    read = read_tables(write(rows))
    assert len(read) == 1
    assert [_without_empty_end(row) for row in read[0]] == [_without_empty_end(row) for row in rows]


def _without_empty_end(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row = row[:-1]
    return row


@given(st.lists(st.text("ab1|\t.-I ", max_size=12), max_size=40))
@settings(max_examples=200, deadline=None)
def test_no_text_is_lost(lines: list[str]) -> None:
    """Whatever stands where, each word of the file is in a block, and in order."""
    text = "\n".join(lines)
    if not text.strip():
        return
    words: list[str] = []
    for block in read_text(text.encode(), "plan.txt", PATTERNS).blocks:
        if isinstance(block, Paragraph):
            words += block.text.replace("|", " ").split()
        else:
            words += [word for row in block.rows for cell in row.cells for word in cell.text.replace("|", " ").split()]
    rules = [w for w in text.replace("|", " ").split() if set(w) - set("-")]
    assert [w for w in words if set(w) - set("-")] == rules


@pytest.mark.parametrize(
    "line", ["|\n", "a |\n", "\ta\n", "a\n|\n", "| --- |\n", "1 |\nviệc |\nSở Nội vụ |\n|\n", "a\tb\n"]
)
def test_long_files_take_linear_time(line: str) -> None:
    """Four times the length may take twelve times as long: room for a busy machine, none for a square of the length."""

    def seconds(count: int) -> float:
        start = time.process_time()
        read_text((line * count).encode(), "plan.txt", PATTERNS)
        return time.process_time() - start

    seconds(50)
    assert min(seconds(6000) for _ in range(2)) < 12 * max(min(seconds(1500) for _ in range(2)), 0.02)
