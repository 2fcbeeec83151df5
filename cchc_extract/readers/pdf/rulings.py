"""Rules to grids: which drawn lines make a table, and which of its places are one cell.

rules -> edges (straight, snapped, joined) -> groups that touch -> a grid of places -> cells (places without a wall
between them). Unlike a search for the four corners of each cell this gives the spans of merged cells at once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from cchc_extract.readers.pdf.pieces import Rule

_SNAP = 2.5  # points: edges nearer to each other than this lie on one line
_JOIN = 3.5  # points: the gap of two pieces of one edge
_SHORT = 5.0  # points: shorter edges are ornaments
_MAX_EDGES = 1_500  # a page, each way: more are a drawing
_MAX_PLACES = 60_000  # of a grid


class Edge(NamedTuple):
    """A level or upright line: where it lies, from where to where it goes."""

    at: float
    start: float
    end: float


class GridCell(NamedTuple):
    """Columns c0 to c1 and rows r0 to r1, the last ones not included."""

    c0: int
    c1: int
    r0: int
    r1: int


class Grid(NamedTuple):
    """A ruled table: where its columns and rows part, and its cells in reading order."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]


def rules_to_grids(rules: Iterable[Rule]) -> list[Grid]:
    """The ruled tables of a page, from top to bottom; a lone frame is none, nor a table inside a cell of another."""
    level, upright = _edges(rules)
    if len(level) > _MAX_EDGES or len(upright) > _MAX_EDGES:
        return []
    grids = (_to_grid(*group) for group in _touching(level, upright))
    found = sorted((g for g in grids if g and len(g.cells) > 1), key=lambda g: (g.ys[0], g.xs[0]))
    return [grid for grid in found if not any(_holds(other, grid) for other in found if other is not grid)]


def _holds(outer: Grid, inner: Grid) -> bool:
    return (
        outer.xs[0] <= inner.xs[0] and inner.xs[-1] <= outer.xs[-1]
        and outer.ys[0] <= inner.ys[0] and inner.ys[-1] <= outer.ys[-1]
    )  # fmt: skip


# --- edges --------------------------------------------------------------------------------------------------------


def _edges(rules: Iterable[Rule]) -> tuple[list[Edge], list[Edge]]:
    level: list[Edge] = []
    upright: list[Edge] = []
    for x0, top, x1, bottom in rules:
        if x1 - x0 >= bottom - top:
            level.append(Edge((top + bottom) / 2, x0, x1))
        if bottom - top >= x1 - x0:  # a dot is both: the joint of two edges
            upright.append(Edge((x0 + x1) / 2, top, bottom))
    return _joined(level), _joined(upright)


def _joined(edges: Sequence[Edge]) -> list[Edge]:
    """Edges snapped to common places, and those that go on in each other made one."""
    out: list[Edge] = []
    for at, row in _snapped(edges):
        row.sort(key=lambda edge: edge.start)
        start, end = row[0].start, row[0].end
        for edge in row[1:]:
            if edge.start <= end + _JOIN:
                end = max(end, edge.end)
            else:
                out.append(Edge(at, start, end))
                start, end = edge.start, edge.end
        out.append(Edge(at, start, end))
    return [edge for edge in out if edge.end - edge.start >= _SHORT]


def _snapped(edges: Sequence[Edge]) -> list[tuple[float, list[Edge]]]:
    rows: list[list[Edge]] = []
    for edge in sorted(edges, key=lambda edge: edge.at):
        if rows and edge.at - rows[-1][0].at <= _SNAP:
            rows[-1].append(edge)
        else:
            rows.append([edge])
    return [(sum(e.at for e in row) / len(row), row) for row in rows]


def _touching(level: Sequence[Edge], upright: Sequence[Edge]) -> list[tuple[list[Edge], list[Edge]]]:
    """The edges in groups that touch; each group is a table or no more than a drawing."""
    parents = list(range(len(level) + len(upright)))

    def root(n: int) -> int:
        while parents[n] != n:
            parents[n] = parents[parents[n]]
            n = parents[n]
        return n

    for n, a in enumerate(level):
        for m, b in enumerate(upright, len(level)):
            if _touch(a, b):
                parents[root(n)] = root(m)
    groups: dict[int, tuple[list[Edge], list[Edge]]] = {}
    for n, edge in enumerate((*level, *upright)):
        groups.setdefault(root(n), ([], []))[n >= len(level)].append(edge)
    return [group for group in groups.values() if len(group[0]) > 1 and group[1]]


def _touch(level: Edge, upright: Edge) -> bool:
    return (
        level.start - _JOIN <= upright.at <= level.end + _JOIN
        and upright.start - _JOIN <= level.at <= upright.end + _JOIN
    )


# --- cells --------------------------------------------------------------------------------------------------------


def _to_grid(level: Sequence[Edge], upright: Sequence[Edge]) -> Grid | None:
    """The grid of a group of edges. Its hull is closed, drawn or not: many tables have no lines at their sides."""
    xs = _cuts([*(e.at for e in upright), min(e.start for e in level), max(e.end for e in level)])
    ys = _cuts([*(e.at for e in level), min(e.start for e in upright), max(e.end for e in upright)])
    width, height = len(xs) - 1, len(ys) - 1
    if width < 1 or height < 1 or width * height > _MAX_PLACES:
        return None
    right_walls = _walls(upright, xs, ys)
    lower_walls = _walls(level, ys, xs)
    boxes = _regions(width, height, right_walls, lower_walls)
    return _compressed(xs, ys, boxes)


def _cuts(values: Iterable[float]) -> list[float]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > _JOIN:
            out.append(value)
    return out


def _walls(edges: Iterable[Edge], across: Sequence[float], along: Sequence[float]) -> set[tuple[int, int]]:
    """(cut, place): the places along which an edge on that cut is drawn."""
    walls: set[tuple[int, int]] = set()
    for edge in edges:
        cut = max(0, bisect_right(across, edge.at + _JOIN) - 1)
        for place, (start, end) in enumerate(pairwise(along)):
            if edge.start <= start + _JOIN and edge.end >= end - _JOIN:
                walls.add((cut, place))
    return walls


def _regions(
    width: int, height: int, right_walls: set[tuple[int, int]], lower_walls: set[tuple[int, int]]
) -> list[GridCell]:
    """Places without a wall between them, as one cell each; a region that is no rectangle falls into its places."""
    seen: set[tuple[int, int]] = set()
    cells: list[GridCell] = []
    for start in ((row, column) for row in range(height) for column in range(width)):
        if start in seen:
            continue
        region = _flood(start, width, height, right_walls, lower_walls)
        seen |= region
        rows, columns = {r for r, _ in region}, {c for _, c in region}
        box = GridCell(min(columns), max(columns) + 1, min(rows), max(rows) + 1)
        if (box.c1 - box.c0) * (box.r1 - box.r0) == len(region):
            cells.append(box)
        else:
            cells += [GridCell(c, c + 1, r, r + 1) for r, c in sorted(region)]
    return cells


def _flood(
    start: tuple[int, int], width: int, height: int, right: set[tuple[int, int]], lower: set[tuple[int, int]]
) -> set[tuple[int, int]]:
    region, todo = {start}, [start]
    while todo:
        row, column = todo.pop()
        for r, c, wall in (
            (row, column + 1, (column + 1, row) in right), (row, column - 1, (column, row) in right),
            (row + 1, column, (row + 1, column) in lower), (row - 1, column, (row, column) in lower),
        ):  # fmt: skip
            if 0 <= r < height and 0 <= c < width and not wall and (r, c) not in region:
                region.add((r, c))
                todo.append((r, c))
    return region


def _compressed(xs: Sequence[float], ys: Sequence[float], cells: Sequence[GridCell]) -> Grid:
    """Without the cuts that no cell begins or ends at: an underline inside a cell makes one."""
    columns = sorted({n for cell in cells for n in (cell.c0, cell.c1)})
    rows = sorted({n for cell in cells for n in (cell.r0, cell.r1)})
    c, r = {n: k for k, n in enumerate(columns)}, {n: k for k, n in enumerate(rows)}
    made = [GridCell(c[cell.c0], c[cell.c1], r[cell.r0], r[cell.r1]) for cell in cells]
    made.sort(key=lambda cell: (cell.r0, cell.c0))
    return Grid(tuple(xs[n] for n in columns), tuple(ys[n] for n in rows), tuple(made))
