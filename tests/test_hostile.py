"""Inputs that nobody would write: the time they take grows as their size does, and they end in a plan or an error.

CCHC_HOSTILE_MB sets the size of the one big line (5 by default; 50 is what is promised).
"""

from __future__ import annotations

import gc
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import pytest

from cchc_extract.errors import CchcError, UnsupportedInputError
from cchc_extract.model import Plan
from cchc_extract.patterns import load_patterns
from cchc_extract.pipeline import extract_plan

PATTERNS = load_patterns()
BIG = int(os.environ.get("CCHC_HOSTILE_MB", "5")) * 1_000_000
RATIO = 8.0  # for four times the size: 4 is linear, 16 is quadratic
SIZE = 4_000  # characters of the smaller one
NOTHING = 0.05  # seconds: what is done so fast is not measured well, and is no harm
LIMIT = 4  # seconds of work, after which a case is given up
HEAD = "KẾ HOẠCH\nCải cách hành chính năm 2023 của tỉnh Sông Lam\nII. NHIỆM VỤ\n"
WORDS = "Sở Nội vụ chủ trì, phối hợp với các sở rà soát 95% hồ sơ trước ngày 31/12/2023; "
PLAIN = "rà soát quy định của tỉnh về phí bến bãi và giờ mở cửa chợ phiên tại các xã ven sông; "


def _rows(shape: Callable[[int], str]) -> Callable[[int], str]:
    return lambda n: HEAD + "PHỤ LỤC\n" + "".join(shape(row) for row in range(1, n // 100))


def _line(piece: str) -> Callable[[int], str]:
    return lambda n: (piece * (n // len(piece) + 1))[:n]


def _lines(piece: str) -> Callable[[int], str]:
    return lambda n: HEAD + (piece + "\n") * (n // (len(piece) + 1))


def _nested(n: int) -> str:
    lines = (".".join(["1"] * (1 + depth % 30)) + f". Việc {depth}" for depth in range(n // 60))
    return HEAD + "\n".join(lines)


def _falling(n: int) -> str:
    """Counts that begin again and again at every level: each is a lost heading."""
    kinds = ("I. Phần", "1. Mục", "1.1. Ý", "a) Việc", "- Việc nhỏ", "+ Nhỏ nữa")
    return HEAD + "\n".join(kinds[k % 6] for k in range(n // 12))


def _copies(n: int) -> str:
    block = "".join(
        f"{c}) Việc thứ {c} của đoạn này dài hơn bảy mươi chữ để có thể coi là một câu chép lại.\n" for c in "abcde"
    )
    return HEAD + block * (n // len(block))


def _near_copies(n: int) -> str:
    line = "- Rà soát quy định của tỉnh về phí bến bãi và giờ mở cửa chợ phiên tại các xã ven sông lần {}.\n"
    return HEAD + "".join(line.format(k) for k in range(n // len(line)))


def _growing(n: int) -> str:
    return HEAD + "\n".join("\t".join("ab"[: 1 + k % 2] for k in range(row)) for row in range(2, int(n**0.5)))


HOSTILE: dict[str, Callable[[int], str]] = {
    "digits": _line("7"),
    "digits with stops": _line("1.600.000,5 "),
    "dashes": _line("-"),
    "bars": _line("|"),
    "dots": _line("."),
    "tabs": _line("a\t"),
    "opening brackets": _line("("),
    "brackets": _line("((a) "),
    "spaces in a line": lambda n: "a" + " " * n + "b",
    "no-break spaces": lambda n: "a" + "\u00a0" * n + "b",
    "stars": _line("*"),
    "backslashes": _line("\\"),
    "angle brackets": _line("<b"),
    "tags": _line("<b></i>"),
    "percents": _line("95% "),
    "commas": _line("Sở Nội vụ, "),
    "semicolons": _line("Sở; "),
    "colons": _line("Sở Nội vụ: "),
    "agencies": _line("các sở, ban, ngành, UBND các huyện, thị xã, thành phố, "),
    "misread agencies": _line("Sờ Nôi vu, Sớ Tài chinh; "),
    "the same prefix": _line("Ủy ban nhân dân "),
    "years": _line("năm 2022, "),
    "dates": _line("trước ngày 31/12/2022 "),
    "quarters": _line("Quý I, II, III, "),
    "references": _line("Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ; "),
    "bounds": _line("tối thiểu tăng từ ít nhất "),
    "capitals": _line("CẢI CÁCH HÀNH CHÍNH "),
    "combining marks": _line("a\u0301\u0323"),
    "words": _line(WORDS),
    "lines of words": _lines("- " + WORDS),
    "lines of bars": _lines("|"),
    "lines of tabs": _lines("\t"),
    "lines of cells": _lines("Sở Nội vụ |"),
    "lines of cells behind a tab": _lines("\tSở Nội vụ"),
    "lines of numbers": _lines("12"),
    "lines of capitals": _lines("CẢI CÁCH HÀNH CHÍNH"),
    "lines of captions": _lines("PHỤ LỤC"),
    "lines of recipients": _lines("Nơi nhận:"),
    "lines of signers": _lines("CHỦ TỊCH"),
    "lines of colons": _lines("Cụ thể như sau:"),
    "lines of labels": _lines("- Cơ quan chủ trì: Sở Nội vụ."),
    "lines of forms": _lines("MẪU BÁO CÁO ....."),
    "lines without an end": _lines("rà soát quy định của tỉnh về phí"),
    "lines of one letter": _lines("a"),
    "blank lines": lambda n: HEAD + "\n" * n + "1. Việc",
    "deep numbers": _nested,
    "counts that begin again": _falling,
    "copies of a block": _copies,
    "nearly copies": _near_copies,
    "rows with tabs": _rows(lambda r: f"{r}\tRà soát phí {r}\tBáo cáo\tSở Tài chính\tCác sở\tQuý I/2023\n"),
    "rows of cells": _rows(lambda r: f"{r} |\nRà soát phí {r} |\nBáo cáo |\nSở Tài chính |\nQuý I/2023 |\n|\n"),
    "rows behind tabs": _rows(lambda r: f"\t{r}\n\tRà soát phí {r}\n\tBáo cáo\n\tSở Tài chính\n\tQuý I/2023\n\n"),
    "Markdown rows": _rows(lambda r: f"| {r} | Rà soát phí {r} | Báo cáo | Sở Tài chính | Các sở | Quý I/2023 |\n"),
    "a row of many cells": lambda n: HEAD + "\t".join(["Sở Nội vụ"] * (n // 10)),
    "a Markdown row of many cells": lambda n: HEAD + "| a " * (n // 4) + "|",
    "rows of growing width": _growing,
}  # fmt: skip


def _seconds(text: str) -> float:
    data = text.encode()
    gc.collect()
    began = time.process_time()
    with suppress(CchcError):  # the right error is as good as a plan
        extract_plan(None, data, PATTERNS)
    return time.process_time() - began


@contextmanager
def _limit(seconds: int) -> Iterator[None]:
    """Ends what works too long, where the system has such alarms; waiting for a busy machine does not count."""

    def give_up(_number: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"took more than {seconds} s")

    if not hasattr(signal, "SIGVTALRM"):
        yield
        return
    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_four_times_the_size_takes_about_four_times_as_long(make: Callable[[int], str]) -> None:
    with _limit(LIMIT):
        _seconds(make(600))  # so that what is loaded once is loaded
        small, large = _seconds(make(SIZE)), _seconds(make(4 * SIZE))
    if large > RATIO * max(small, NOTHING):  # once more, for a machine that was busy just then
        with _limit(LIMIT):
            small, large = min(small, _seconds(make(SIZE))), min(large, _seconds(make(4 * SIZE)))
    assert large <= RATIO * max(small, NOTHING), f"{small:.2f} s, then {large:.2f} s"


# --- big ones -----------------------------------------------------------------------------------------------------


def test_one_line_of_many_megabytes() -> None:
    text = WORDS * 100 + PLAIN * (BIG // len(PLAIN.encode()))
    plan = extract_plan(None, f"{HEAD}1. {text}".encode(), PATTERNS)
    assert isinstance(plan, Plan)
    assert len(plan.tasks) == 1


def test_a_table_of_ten_thousand_rows_loses_none() -> None:
    header = "STT\tNhiệm vụ\tSản phẩm\tCơ quan chủ trì\tCơ quan phối hợp\tThời gian\n"
    rows = (
        f"{n}\tRà soát phí bến bãi số {n}\tBáo cáo\tSở Tài chính\tSở Tư pháp\tQuý I/2023\n" for n in range(1, 10_001)
    )
    plan = extract_plan(None, (HEAD + "1. Việc.\nPHỤ LỤC\n" + header + "".join(rows)).encode(), PATTERNS)
    assert len([task for task in plan.tasks if task.origin == "appendix"]) == 10_000


# --- no document --------------------------------------------------------------------------------------------------

NO_DOCUMENT = {
    "nothing": b"",
    "white space": b" \t\r\n\x0b\x0c" * 1000,
    "random bytes": random.Random(1).randbytes(100_000),
    "NUL bytes": b"\x00" * 1000,
    "text with NUL bytes": "Kế hoạch\x00năm 2023".encode(),
    "a PNG": b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
    "bytes over 7f": bytes(range(128, 256)) * 20,
}


@pytest.mark.parametrize("data", NO_DOCUMENT.values(), ids=NO_DOCUMENT)
def test_what_holds_no_document_is_refused(data: bytes) -> None:
    with pytest.raises(UnsupportedInputError) as caught:
        extract_plan(None, data, PATTERNS)
    assert str(caught.value).count("\n") == 0


@pytest.mark.parametrize("text", ["\u00a0\u200b\u3000\n" * 50, "\ufeff", "\n.\n", "|", "\t\n\t\n", "a"])
def test_next_to_nothing_gives_nothing(text: str) -> None:
    try:
        plan = extract_plan(None, text.encode(), PATTERNS)
    except UnsupportedInputError:
        return
    assert (plan.tasks, plan.targets, plan.references) == ((), (), ())
