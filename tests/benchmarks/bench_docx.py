"""A Word file to records, against only reading it with python-docx's `row.cells`. Run by hand.

    python tests/benchmarks/bench_docx.py [FILE ...]

Without FILE two plans are invented: an appendix of plain rows, and one whose area, lead and time cells are merged over
many rows. Rounds are interleaved and CPU time is taken, so that other work on the machine tells on both alike. What is
remembered of texts is forgotten before each run, as most texts are new. Nothing is asserted: ratios say something,
seconds only compare on one machine.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench import find_memories, forget

from cchc_extract.assemble import assemble
from cchc_extract.clean import clean
from cchc_extract.findings import passages_to_findings
from cchc_extract.outline import outline
from cchc_extract.patterns import load_patterns
from cchc_extract.readers.docx import read_docx
from cchc_extract.tables import outline_to_passages

ROUNDS = 7
ROWS = 150
TITLES = ("Lĩnh vực", "Nhiệm vụ", "Sản phẩm", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian")
LEADS = ("Sở Nội vụ", "Sở Tư pháp", "Sở Tài chính", "Văn phòng UBND tỉnh")


def invent_plan(merged: int) -> bytes:
    """A plan with an appendix of ROWS rows; `merged`: how many rows a merged cell covers, 0 for none."""
    import docx

    document = docx.Document()
    for text in ("KẾ HOẠCH", "Cải cách hành chính nhà nước năm 2024", "I. NHIỆM VỤ"):
        document.add_paragraph(text)
    for n in range(40):
        document.add_paragraph(f"{n + 1}. Rà soát quy trình số {n}, bảo đảm ít nhất {60 + n % 40}% hồ sơ đúng hạn.")
    table = document.add_table(rows=ROWS + 1, cols=len(TITLES))
    for n, row in enumerate(table._tbl.tr_lst):
        lead = LEADS[n // max(merged, 1) % len(LEADS)]
        words = (
            f"Lĩnh vực {n // 30 + 1}",
            f"{n}. Xây dựng phương án {n}",
            f"Báo cáo {n}",
            lead,
            "UBND cấp huyện",
            "Quý I",
        )
        for column, (cell, text) in enumerate(zip(row.tc_lst, words if n else TITLES, strict=True)):
            continued = merged and n and (n - 1) % merged
            if merged and n and column in (0, 3, 5):
                cell.vMerge = "continue" if continued else "restart"
            cell.p_lst[0].add_r().text = "" if continued and column in (0, 3, 5) else text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def read_naively(data: bytes) -> int:
    """Every paragraph and every `row.cells`, as a script of a few lines would read it."""
    import docx

    document = docx.Document(io.BytesIO(data))
    length = sum(len(paragraph.text) for paragraph in document.paragraphs)
    return length + sum(len(cell.text) for table in document.tables for row in table.rows for cell in row.cells)


def extract_all(data: bytes) -> int:
    patterns = load_patterns()
    outlined = outline(clean(read_docx(data, "plan.docx", patterns), patterns), patterns)
    return len(assemble(passages_to_findings(outline_to_passages(outlined, patterns), patterns), patterns).tasks)


def read_only(data: bytes) -> int:
    return len(read_docx(data, "plan.docx", load_patterns()).blocks)


def measure(name: str, data: bytes) -> None:
    ways: tuple[Callable[[bytes], int], ...] = (read_naively, read_only, extract_all)
    times: dict[Callable[[bytes], int], list[float]] = {way: [] for way in ways}
    for way in ways:
        way(data)  # patterns and imports are warm
    memories = find_memories()
    for _ in range(ROUNDS):
        for way in ways:
            forget(memories)
            start = time.process_time()
            way(data)
            times[way].append(time.process_time() - start)
    naive, reading, whole = (statistics.median(times[way]) for way in ways)
    print(
        f"{name:28} row.cells {naive * 1000:7.1f} ms   our reader {naive / reading:5.1f} x as fast   "
        f"whole extraction {naive / whole:5.1f} x"
    )


def main() -> None:
    files = [(Path(name).name, Path(name).read_bytes()) for name in sys.argv[1:]]
    for name, data in files or [("plain rows", invent_plan(0)), ("merged over 30 rows", invent_plan(30))]:
        measure(name, data)


if __name__ == "__main__":
    main()
