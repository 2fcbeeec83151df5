"""What a batch costs: bad documents among good ones, one job against two, the memory of the parent. Run by hand.

    python tests/benchmarks/bench_batch.py [DOCUMENTS]

The documents are made from samples/ with other words and numbers in each. One in twenty is broken, in ten ways; one
hangs in a regular expression, one in a pipe that nobody writes to, and one eats memory. Nothing is asserted: ratios
say something, seconds only compare on one machine.
"""

from __future__ import annotations

import gzip
import io
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SAMPLES = Path(__file__).parents[2] / "samples"
TEXTS = ("clean-plan/plan.txt", "web-copy/plan.txt", "cells-behind-tabs/plan.txt", "recognised-scan/plan.txt")
ROUNDS = 3  # that take turns; the quickest run of each kind counts, as other work on the machine only adds
LIMITS = ("--timeout", "5", "--memory", "300")
# A rule of a user's own that a certain word sends into a search without end.
SLOW_WORD = "x" * 60
SLOW_RULE = f"[[rule]]\nid = 'letterhead.never'\nabout = 'Never ends.'\nregex = '(?:x+x+)+y'\nneeds = ['{SLOW_WORD}']\n"


@dataclass(frozen=True)
class Run:
    seconds: float
    peak: int  # kB of the parent
    exit_code: int


def make_good(folder: Path, number: int) -> None:
    """A document of its own content: text, web page, Word or PDF."""
    random_ = random.Random(number)
    kind = number % 10
    if kind == 0:
        source = (SAMPLES / "containers" / "plan.docx").read_bytes()
        (folder / f"plan-{number:05}.docx").write_bytes(_varied_docx(source, random_))
    elif kind == 1:
        source = (SAMPLES / "containers" / "plan.pdf").read_bytes()
        (folder / f"plan-{number:05}.pdf").write_bytes(source + b"\n%% %d\n" % number)
    elif kind == 2:
        source = (SAMPLES / "containers" / "plan.html").read_text("utf-8")
        (folder / f"plan-{number:05}.html").write_text(_varied(source, random_), "utf-8")
    else:
        parts = [(SAMPLES / name).read_text("utf-8") for name in random_.sample(TEXTS, 2)]
        (folder / f"plan-{number:05}.txt").write_text(_varied("\n".join(parts), random_), "utf-8")


def _varied(text: str, random_: random.Random) -> str:
    """Other numbers, and the words of some lines in another order."""
    text = re.sub(r"\b[1-9]\d?\b(?=%| hồ sơ| thủ tục)", lambda _: str(random_.randint(10, 99)), text)
    lines = text.split("\n")
    for place in random_.sample(range(len(lines)), len(lines) // 5):
        words = lines[place].split(" ")
        if len(words) > 12:
            tail = words[6:]
            random_.shuffle(tail)
            lines[place] = " ".join(words[:6] + tail)
    return "\n".join(lines)


def _varied_docx(source: bytes, random_: random.Random) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = re.sub(r"\b\d\d(?=%)", lambda _: str(random_.randint(10, 99)), data.decode()).encode()
            new.writestr(name, data)
    return made.getvalue()


def make_bad(folder: Path, number: int) -> None:
    """A document that cannot be read, in one of ten ways."""
    docx, pdf = ((SAMPLES / "containers" / f"plan.{kind}").read_bytes() for kind in ("docx", "pdf"))
    mark = str(number).encode()
    empty_zip = io.BytesIO()
    with zipfile.ZipFile(empty_zip, "w") as archive:
        archive.writestr("xl/workbook.xml", mark)
    ways: tuple[tuple[str, bytes], ...] = (
        ("txt", b""),
        ("txt", b" \n" * number),
        ("txt", random.Random(number).randbytes(9000)),
        ("docx", docx[: 2000 + number]),
        ("docx", docx.replace(b"PK\x03\x04", b"PK\x03\x05") + mark),
        ("pdf", pdf[: 1500 + number]),
        ("pdf", b"%PDF-1.7\n" + mark),
        ("docx", empty_zip.getvalue()),
        ("txt", gzip.compress(mark)),
    )
    way = number % 10
    path = folder / f"bad-{number:05}"
    if way < len(ways):
        path.with_suffix(f".{ways[way][0]}").write_bytes(ways[way][1])
    else:
        path.with_suffix(".txt").symlink_to("nowhere")


def make_worst(folder: Path) -> None:
    """Two that hang, and one that eats memory."""
    text = (SAMPLES / TEXTS[0]).read_text("utf-8")
    (folder / "hangs-1.txt").write_text(text.replace("Sở Nội vụ", f"{SLOW_WORD} Sở Nội vụ"), "utf-8")
    os.mkfifo(folder / "hangs-2.txt")
    (folder / "eats.txt").write_text(text * 40_000, "utf-8")


def run(folder: Path, *options: str) -> Run:
    """One batch over the files of a folder, its names given on standard input."""
    names = b"".join(os.fsencode(path) + b"\0" for path in sorted(folder.iterdir()) if path.suffix != ".toml")
    command = [sys.executable, "-m", "cchc_extract", "--from0", "-", "-q", *LIMITS, *options]
    with tempfile.TemporaryDirectory() as out, (folder / "../errors.log").open("wb") as errors:
        os.sync()  # what the documents' making has left for the disk is not the batch's to wait for
        began = time.monotonic()
        process = subprocess.Popen([*command, "-o", f"{out}/"], stdin=subprocess.PIPE, stderr=errors)
        assert process.stdin is not None
        process.stdin.write(names)
        process.stdin.close()
        peak = 0
        while process.poll() is None:
            peak = _peak(process.pid) or peak
            time.sleep(0.02)
        return Run(time.monotonic() - began, peak, process.returncode)


def _peak(process: int) -> int:
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) if found else 0


def make(folder: Path, count: int, maker: Callable[[Path, int], None], first: int = 1) -> None:
    folder.mkdir(exist_ok=True)
    for number in range(first, first + count):
        maker(folder, number)


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        (top / "rules").mkdir()
        (top / "rules" / "own.toml").write_text(SLOW_RULE, "utf-8")
        rules = ("--patterns", str(top / "rules"))
        make(top / "few", count // 10, make_good)
        make(top / "good", count, make_good)
        make(top / "mixed", count, make_good)
        make(top / "mixed", count // 20, make_bad)
        make_worst(top / "mixed")
        few = run(top / "few", "--jobs", "2", *rules)
        plans = (("good", "1"), ("good", "2"), ("mixed", "2"))
        rounds = [[run(top / folder, "--jobs", jobs, *rules) for folder, jobs in plans] for _ in range(ROUNDS)]
        one, two, mixed = (min(runs, key=lambda run: run.seconds) for runs in zip(*rounds, strict=True))
        told = len((top / "errors.log").read_text().splitlines())
    print(f"{count} good documents: {one.seconds:.1f} s with one job, {two.seconds:.1f} s with two")
    print(f"two jobs are {one.seconds / two.seconds:.2f} times as fast as one")
    print(f"with {count // 20 + 3} bad ones: {mixed.seconds / two.seconds:.2f} times the time; {told} were named")
    print(f"memory of the parent: {two.peak / few.peak:.2f} times that for {count // 10} ({two.peak >> 10} MB)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
