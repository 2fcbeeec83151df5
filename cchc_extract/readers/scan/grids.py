"""Ruling lines to the tables that they draw: cells with the rows and columns they cover."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from cchc_extract.readers.scan.images import Box
from cchc_extract.readers.scan.rulings import Ruling, Rulings

_TOUCH = 0.05  # inches by which lines may miss each other at a corner
_SAME = 0.05  # inches between lines that are one line of the grid
_COVERED = 0.6  # of a cell's side must be drawn to part it from its neighbour
_MOST_LINES = 300


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a table: where it begins in the grid, how far it reaches, its box in pixels."""

    row: int
    column: int
    row_span: int
    col_span: int
    box: Box


@dataclass(frozen=True, slots=True)
class Grid:
    cells: tuple[GridCell, ...]
    box: Box


def rulings_to_grids(rulings: Rulings, dpi: int) -> list[Grid]:
    """The tables of a page from the top down. One box around some text is no table."""
    grids = (_group_to_grid(level, upright, dpi) for level, upright in _touching(rulings, _TOUCH * dpi))
    found = [grid for grid in grids if grid is not None and len(grid.cells) > 1]
    return sorted(found, key=lambda grid: grid.box[1])


Group = tuple[list[Ruling], list[Ruling]]


def _touching(rulings: Rulings, touch: float) -> list[Group]:
    """The lines in groups whose members touch each other."""
    level, upright = rulings.level[:_MOST_LINES], rulings.upright[:_MOST_LINES]
    parent = list(range(len(level) + len(upright)))
    find = _finder(parent)
    for i, across in enumerate(level):
        for j, down in enumerate(upright, len(level)):
            if _meet(across, down, touch):
                parent[find(i)] = find(j)
    groups: dict[int, Group] = {}
    for i, line in enumerate((*level, *upright)):
        groups.setdefault(find(i), ([], []))[i >= len(level)].append(line)
    return [group for group in groups.values() if len(group[0]) > 1 and len(group[1]) > 1]


def _finder(parent: list[int]) -> Callable[[int], int]:
    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    return find


def _meet(across: Ruling, down: Ruling, touch: float) -> bool:
    on_level = across.start - touch <= down.at <= across.end + touch
    return on_level and down.start - touch <= across.at <= down.end + touch


def _group_to_grid(level: list[Ruling], upright: list[Ruling], dpi: int) -> Grid | None:
    ys, xs = _places(level, _SAME * dpi), _places(upright, _SAME * dpi)
    if len(ys) < 2 or len(xs) < 2:
        return None
    near = _SAME * dpi
    below = [[_is_drawn(level, y, (x0, x1), near) for x0, x1 in pairwise(xs)] for y in ys]
    beside = [[_is_drawn(upright, x, (y0, y1), near) for y0, y1 in pairwise(ys)] for x in xs]
    cells = tuple(_cells(ys, xs, below, beside))
    return Grid(cells, (xs[0], ys[0], xs[-1], ys[-1]))


def _places(lines: Iterable[Ruling], same: float) -> list[int]:
    """Where the lines of the grid lie: lines that nearly agree are one.

    >>> _places([Ruling(10, 0, 9, 3), Ruling(12, 9, 20, 3), Ruling(80, 0, 20, 3)], 5)
    [11, 80]
    """
    groups: list[list[float]] = []
    for at in sorted(line.at for line in lines):
        if groups and at - groups[-1][-1] <= same:
            groups[-1].append(at)
        else:
            groups.append([at])
    return [round(sum(group) / len(group)) for group in groups]


def _is_drawn(lines: Iterable[Ruling], at: float, side: tuple[float, float], near: float) -> bool:
    """Whether lines at that place cover most of the side."""
    start, end = side
    covered = sum(
        max(0.0, min(line.end, end) - max(line.start, start)) for line in lines if abs(line.at - at) <= near * 2
    )
    return covered >= _COVERED * (end - start)


Sides = list[list[bool]]


def _cells(ys: list[int], xs: list[int], below: Sides, beside: Sides) -> Iterable[GridCell]:
    """Each field of the grid grown to the right and down as far as no line parts it from the next."""
    taken: set[tuple[int, int]] = set()
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (row, column) in taken:
                continue
            right = column + 1
            while right < len(xs) - 1 and not beside[right][row] and (row, right) not in taken:
                right += 1
            bottom = row + 1
            while bottom < len(ys) - 1 and not any(below[bottom][column:right]):
                bottom += 1
            taken |= {(r, c) for r in range(row, bottom) for c in range(column, right)}
            box = (xs[column], ys[row], xs[right], ys[bottom])
            yield GridCell(row, column, bottom - row, right - column, box)
