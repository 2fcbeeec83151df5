"""Cleaning: broken lines by example; nothing is lost, and what is clean stays as it is, by property."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_extract.clean import clean
from cchc_extract.model import Block, Document, Paragraph, Table
from cchc_extract.patterns import load_patterns
from cchc_extract.readers.text import read_text

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "cases/clean.toml").read_text("utf-8"))["case"]
PATTERNS = load_patterns()
FOLDER = Path(__file__).parent.parent / "samples"
SAMPLES = sorted(path for path in FOLDER.rglob("*") if path.suffix in (".txt", ".md") and path.name != "README.md")

LINES = [
    "KẾ HOẠCH", "I. MỤC TIÊU", "1. Mục đích", "1. Sở Nội vụ", "- Rà soát danh mục hồ sơ;", "a) Tổ chức tập huấn",
    "cho cán bộ các xã trên địa bàn", "trước ngày", "15/12/2024.", "2", "Nơi nhận:", "- Như trên;", "- Lưu: VT.",
    "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Trần Văn Lam", "Sông Lam, ngày 05 tháng 01 năm 2024", "Số: 12/KH-UBND", "",
    "STT\tNhiệm vụ\tCơ quan chủ trì", "1\tLập danh mục của\tSở Tư pháp", "\ttỉnh\t", "a |", "|", "PHỤ LỤC", "-----",
    "Việc thực hiện kế hoạch này được theo dõi, đôn đốc và tổng hợp vào báo cáo hằng quý của các cơ quan, đơn vị.",
]  # fmt: skip


def clean_text(text: str) -> Document:
    return clean(read_text(text.encode(), "plan.txt", PATTERNS), PATTERNS)


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case: dict[str, Any]) -> None:
    assert paragraphs(clean_text(case["text"])) == case["paragraphs"]


def test_cells_broken_at_the_width_of_their_column_are_whole() -> None:
    text = "| TT | Nội dung | Chủ trì |\n|---|---|---|\n"
    source = read_text((text + "| 1 | a | b |\n").encode(), "plan.md", PATTERNS)
    table = source.blocks[0]
    assert isinstance(table, Table)
    cells = table.rows[1].cells
    broken = replace(cells[1], text="- Rà soát danh mục\nhồ sơ của Sở\nNội vụ;\n- Tập huấn.")
    rows = (table.rows[0], replace(table.rows[1], cells=(cells[0], broken, cells[2])))
    cleaned = clean(replace(source, blocks=(replace(table, rows=rows),)), PATTERNS).blocks[0]
    assert isinstance(cleaned, Table)
    assert cleaned.rows[1].cells[1].text == "- Rà soát danh mục hồ sơ của Sở Nội vụ;\n- Tập huấn."


# --- nothing is lost ----------------------------------------------------------------------------------------------


def words_of(blocks: tuple[Block, ...] | list[Block]) -> Counter[str]:
    texts = [
        text
        for block in blocks
        for text in ([block.text] if isinstance(block, Paragraph) else [c.text for r in block.rows for c in r.cells])
    ]
    return Counter(word for text in texts for word in text.split())


@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=40))
@settings(max_examples=150, deadline=None)
def test_no_word_is_lost(lines: list[str]) -> None:
    """Every word stands in the body, in what was removed, in a repeat (a header, a copy) or in an edit."""
    source = read_text("\n".join([*lines, "Kết thúc."]).encode(), "plan.txt", PATTERNS)
    document = clean(source, PATTERNS)
    kept = words_of(document.blocks) + words_of([removed.block for removed in document.removed])
    lost = words_of(source.blocks) - kept
    assert set(lost) <= set(kept) | {word for edit in document.edits for word in edit.message.split()}


# --- what is clean stays as it is ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_cleaning_again_changes_nothing(path: Path) -> None:
    once = clean(read_text(path.read_bytes(), path.name, PATTERNS), PATTERNS)
    twice = clean(replace(once.source, blocks=once.blocks), PATTERNS)
    assert twice.blocks == once.blocks
    assert (twice.removed, twice.duplicates) == ((), ())
