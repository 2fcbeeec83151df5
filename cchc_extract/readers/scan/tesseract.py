"""Tesseract, run as a process: images to words with their boxes. The only file that knows its command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from cchc_extract.errors import MissingToolError, UnsupportedInputError
from cchc_extract.readers.processes import find_program, run_program
from cchc_extract.readers.scan.images import save

if TYPE_CHECKING:
    from cchc_extract.readers.scan.images import Image

LANGUAGE = "vie"
INSTALL = "install Tesseract with Vietnamese (apt-get install tesseract-ocr tesseract-ocr-vie)"

PAGE, REGION = "3", "6"  # Tesseract's page segmentation: a page of any layout, one block of text
_WORD_LEVEL = "5"
_COLUMNS = 12
# On the few cores of most machines its threads wait for each other more than they work.
_ENVIRONMENT = {"OMP_THREAD_LIMIT": "1"}


@dataclass(frozen=True, slots=True)
class Word:
    """A recognised word: its box in pixels, how sure Tesseract is (0-100), and the line of the image it is on."""

    text: str
    confidence: float
    left: int
    top: int
    right: int
    bottom: int
    line: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Job:
    """What a run is told besides the images: whose they are, their resolution, how long it may take."""

    where: str
    dpi: int
    seconds: int


def missing_tool() -> str | None:
    """What Tesseract lacks on this machine; None where it is ready."""
    program = find_program(["tesseract"])
    if program is None:
        return "Tesseract is not installed"
    return None if LANGUAGE in _languages(program) else "Tesseract has no Vietnamese data"


@lru_cache(maxsize=1)
def _languages(program: str) -> frozenset[str]:
    ended = run_program([program, "--list-langs"], Path.cwd(), 20)
    return frozenset(ended.out.decode("utf-8", "replace").split())


def version() -> str:
    """The first line Tesseract says of itself, such as "tesseract 5.3.0"; empty without it."""
    program = find_program(["tesseract"])
    if program is None:
        return ""
    lines = run_program([program, "--version"], Path.cwd(), 20).out.decode("utf-8", "replace").splitlines()
    return lines[0].strip() if lines else ""


def require_tesseract(where: str) -> str:
    """The program. Raises MissingToolError where it, or its Vietnamese, is missing."""
    missing, program = missing_tool(), find_program(["tesseract"])
    if missing or program is None:
        raise MissingToolError(where, f"must be recognised from the picture, and {missing}", INSTALL)
    return program


def images_to_words(images: Sequence[Image], layout: str, job: Job) -> list[list[Word]]:
    """The words of each image, in one run of Tesseract: it reads its language data once."""
    if not images:
        return []
    program = require_tesseract(job.where)
    with TemporaryDirectory(prefix="cchc-scan-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        names = [f"{number}.pgm" for number in range(len(images))]
        for name, image in zip(names, images, strict=True):
            save(image, folder / name)
        (folder / "list.txt").write_text("\n".join(names) + "\n")
        command = [program, "list.txt", "stdout", "-l", LANGUAGE, "--psm", layout, "--dpi", str(job.dpi), "tsv"]
        ended = run_program(command, folder, job.seconds, _ENVIRONMENT)
    if ended.late:
        raise UnsupportedInputError(job.where, f"kept Tesseract busy for {job.seconds} seconds", "give fewer pages")
    if ended.code:
        what = f"cannot be recognised by Tesseract ({ended.complaint or ended.code})"
        raise UnsupportedInputError(job.where, what, "check that it holds pages of text")
    return _tsv_to_words(ended.out.decode("utf-8", "replace"), len(images))


def _tsv_to_words(tsv: str, images: int) -> list[list[Word]]:
    """
    >>> _tsv_to_words("5 2 1 1 1 1 10 20 30 40 96.5 Sở".replace(" ", chr(9)), 2)[1][0].text
    'Sở'
    """
    words: list[list[Word]] = [[] for _ in range(images)]
    for row in tsv.split("\n"):
        columns = row.split("\t")
        if len(columns) == _COLUMNS and columns[0] == _WORD_LEVEL and columns[11].strip():
            page, block, paragraph, line, _, left, top, width, height = map(int, columns[1:10])
            box = (left, top, left + width, top + height)
            words[page - 1].append(Word(columns[11].strip(), float(columns[10]), *box, (block, paragraph, line)))
    return words
