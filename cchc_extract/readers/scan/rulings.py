"""The ruling lines of a page: long straight runs of ink, level or upright."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cchc_extract.readers.scan.images import Ink, page_ink, turned_ink

if TYPE_CHECKING:
    from cchc_extract.readers.scan.images import Image

_LEAST_LEVEL, _LEAST_UPRIGHT = 0.30, 0.19  # inches; a column is as wide at least, a row of one line as high
_BREAK = 0.014  # inches that may be missing in a run: scans break lines
_THICKEST = 0.05  # inches; more is a picture, or the shadow at the edge of a scan
_NEAR = 0.02  # inches between pieces of one line, across it
_GAP = 0.08  # and along it


@dataclass(frozen=True, slots=True)
class Ruling:
    """A line: where it lies across its direction (`at`), from where to where it runs, how thick it is. Pixels."""

    at: float
    start: int
    end: int
    thick: int


@dataclass(frozen=True, slots=True)
class Rulings:
    level: tuple[Ruling, ...]
    upright: tuple[Ruling, ...]


def find_rulings(page: Image, dpi: int) -> Rulings:
    """The lines of a straight grey page. Strokes of large letters can be among them."""
    level = _lines(page_ink(page), round(_LEAST_LEVEL * dpi), dpi)
    upright = _lines(turned_ink(page), round(_LEAST_UPRIGHT * dpi), dpi)
    return Rulings(level, upright)


def _lines(ink: Ink, length: int, dpi: int) -> tuple[Ruling, ...]:
    """The level lines: runs of neighbouring rows put together, then pieces of one line joined."""
    pieces = _runs_to_pieces(_long_runs(ink, length, round(_BREAK * dpi)))
    thin = [piece for piece in pieces if piece.thick <= _THICKEST * dpi]
    return tuple(_joined(thin, _NEAR * dpi, _GAP * dpi))


def _long_runs(ink: Ink, length: int, gap: int) -> list[tuple[int, int, int]]:
    """(row, start, end) of each run of at least `length`; gaps up to `gap` do not end one.

    A line that is not quite level steps from row to row, so that three rows are looked at as one.

    >>> rows = "0000000000000000", "0011111011000000", "0001110000000000"
    >>> _long_runs(Ink(int("".join(rows), 2), 16, 3, 16), 6, 1)
    [(0, 2, 10), (1, 2, 10), (2, 2, 10)]
    """
    thick = ink.bits | ink.bits << ink.stride | ink.bits >> ink.stride
    thick &= (1 << ink.stride * ink.height) - 1
    whole = _narrowed(_widened(thick, gap + 1), gap + 1)
    kept = _widened(_narrowed(whole, length), length)
    return _bits_to_runs(Ink(kept, ink.width, ink.height, ink.stride))


def _widened(bits: int, by: int) -> int:
    """Each bit spread over itself and the next `by` - 1 lower ones.

    >>> bin(_widened(0b100100, 2)), bin(_narrowed(0b110110, 2))
    ('0b110110', '0b100100')
    """
    done = 1
    while done < by:
        step = min(done, by - done)
        bits |= bits >> step
        done += step
    return bits


def _narrowed(bits: int, by: int) -> int:
    """Only the bits that begin `by` bits in a row: `_widened` undone."""
    done = 1
    while done < by:
        step = min(done, by - done)
        bits &= bits << step
        done += step
    return bits


def _bits_to_runs(ink: Ink) -> list[tuple[int, int, int]]:
    size = ink.stride // 8
    rows = ink.bits.to_bytes(size * ink.height, "big")
    runs: list[tuple[int, int, int]] = []
    for row in range(ink.height):
        line = int.from_bytes(rows[row * size : (row + 1) * size], "big")
        if line:
            runs += [(row, *run.span()) for run in re.finditer("1+", f"{line:0{ink.stride}b}")]
    return runs


def _runs_to_pieces(runs: list[tuple[int, int, int]]) -> list[Ruling]:
    """Runs of rows that follow each other and overlap are one line."""
    open_pieces: list[list[int]] = []  # first row, last row, start, end
    done: list[list[int]] = []
    for row, start, end in runs:
        still = [piece for piece in open_pieces if row - piece[1] <= 2]
        done += [piece for piece in open_pieces if row - piece[1] > 2]
        open_pieces = still
        near = next((p for p in open_pieces if p[2] < end and start < p[3]), None)
        if near is None:
            open_pieces.append([row, row, start, end])
        else:
            near[1:] = [row, min(near[2], start), max(near[3], end)]
    return [Ruling((a + b) / 2, start, end, max(1, b - a - 1)) for a, b, start, end in done + open_pieces]


def _joined(pieces: list[Ruling], near: float, gap: float) -> list[Ruling]:
    """Pieces of one line joined over its breaks.

    >>> _joined([Ruling(10, 0, 50, 3), Ruling(11, 55, 90, 3)], 3, 10)
    [Ruling(at=10.5, start=0, end=90, thick=3)]
    """
    lines: list[Ruling] = []
    for piece in sorted(pieces, key=lambda piece: piece.start):
        at = next((i for i, line in enumerate(lines) if _continues(line, piece, near, gap)), None)
        if at is None:
            lines.append(piece)
        else:
            line = lines[at]
            middle = (line.at + piece.at) / 2
            lines[at] = Ruling(middle, line.start, max(line.end, piece.end), max(line.thick, piece.thick))
    return sorted(lines, key=lambda line: (line.at, line.start))


def _continues(line: Ruling, piece: Ruling, near: float, gap: float) -> bool:
    return abs(line.at - piece.at) <= near and piece.start - line.end <= gap
