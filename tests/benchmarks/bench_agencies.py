"""Cells of agencies to ids, against rapidfuzz's extractOne over all registered names for each cell. Run by hand.

    python tests/benchmarks/bench_agencies.py [CELLS]

The cells are a mix as spreadsheets have it: most are well-written names that come again and again, some are lists, and
every twentieth has a slip of its own. Rounds are interleaved and CPU time is taken. extractOne is timed on every
hundredth cell and only finds one name in each, so that it does less than what it is compared with.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable

from cchc_extract.normalise.agencies import parse_agencies
from cchc_extract.patterns import load_patterns

CELLS = 100_000
ROUNDS = 3
SLIPPED = 20  # one cell in so many is misspelt, nearly each in its own way
SAMPLE = 100  # one cell in so many is given to extractOne


def invent_cells(many: int, seed: int = 7) -> list[str]:
    rng = random.Random(seed)
    entries = [entry for entry in load_patterns().agencies.values() if entry.kind != "person" and len(entry.name) > 6]
    names = [name for entry in entries for name in (entry.name, entry.name, *entry.variants)]
    rng.shuffle(names)
    weights = [1 / (rank + 1) for rank in range(len(names))]  # few bodies have most of the work
    cells = ["; ".join(rng.choices(names, weights, k=rng.choice((1, 1, 1, 2, 3)))) for _ in range(many)]
    return [misspell(cell, rng) if rng.randrange(SLIPPED) == 0 else cell for cell in cells]


def misspell(cell: str, rng: random.Random) -> str:
    at = rng.randrange(len(cell))
    return cell[:at] + rng.choice(("", cell[at] * 2, rng.choice("abcdeghiklmnoprstuvxy"))) + cell[at + 1 :]


def normalise(cells: list[str]) -> int:
    patterns = load_patterns()
    return sum(len(parse_agencies(cell, patterns)) for cell in cells)


def extract_one(cells: list[str]) -> int:
    from rapidfuzz.process import extractOne

    names = [name for entry in load_patterns().agencies.values() for name in entry.names]
    return sum(extractOne(cell, names) is not None for cell in cells[::SAMPLE])


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else CELLS
    ways: tuple[Callable[[list[str]], int], ...] = (normalise, extract_one)
    times: dict[Callable[[list[str]], int], list[float]] = {way: [] for way in ways}
    for seed in range(ROUNDS):
        cells = invent_cells(many, seed)
        for way in ways:
            start = time.process_time()
            way(cells)
            times[way].append(time.process_time() - start)
    ours, theirs = statistics.median(times[normalise]), statistics.median(times[extract_one]) * SAMPLE
    print(f"{many} cells, {len(set(cells))} of them different: {theirs / ours:.0f} x as fast as extractOne")


if __name__ == "__main__":
    main()
