"""How fast a PDF becomes records, as a multiple of pdfplumber's text and tables alone: `python bench_pdf.py FILE...`

CPU time; each round runs both on the same file, one after the other, and the median of the rounds' ratios is printed.
What is remembered of texts is forgotten before each extraction, as most texts are new.
`--memory SMALL BIG` prints how much more memory the big file takes at its peak, each in a process of its own.
"""

from __future__ import annotations

import io
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 5


def extract_file(data: bytes, name: str) -> None:
    """The whole chain, from the bytes of a file to those of its JSON."""
    from cchc_extract.assemble import assemble
    from cchc_extract.clean import clean
    from cchc_extract.findings import passages_to_findings
    from cchc_extract.outline import outline
    from cchc_extract.patterns import load_patterns
    from cchc_extract.readers.pdf import read_pdf
    from cchc_extract.tables import outline_to_passages
    from cchc_extract.writers.jsonout import plan_to_json

    patterns = load_patterns()
    outlined = outline(clean(read_pdf(data, name, patterns), patterns), patterns)
    plan_to_json(assemble(passages_to_findings(outline_to_passages(outlined, patterns), patterns), patterns))


def read_file(data: bytes, name: str) -> None:
    from cchc_extract.patterns import load_patterns
    from cchc_extract.readers.pdf import read_pdf

    read_pdf(data, name, load_patterns())


def read_with_pdfplumber(data: bytes, _: str) -> None:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as file:
        for page in file.pages:
            page.extract_text()
            page.extract_tables()
            page.close()


def measure(run: Callable[[bytes, str], None], data: bytes, name: str) -> float:
    start = time.process_time()
    run(data, name)
    return time.process_time() - start


def compare(path: Path) -> str:
    """One line: the median ratios of reading and of the whole extraction."""
    from bench import find_memories, forget

    data = path.read_bytes()
    extract_file(data, path.name)  # imports and patterns are loaded before anything is timed
    memories = find_memories()

    def extract_anew(data: bytes, name: str) -> float:
        forget(memories)
        return measure(extract_file, data, name)

    reading, whole = [], []
    for _ in range(ROUNDS):
        ours = min(extract_anew(data, path.name) for _ in range(3))
        read = min(measure(read_file, data, path.name) for _ in range(3))
        theirs = measure(read_with_pdfplumber, data, path.name)
        reading.append(theirs / read)
        whole.append(theirs / ours)
    return f"{path.name}: reading {statistics.median(reading):.1f} x, to records {statistics.median(whole):.1f} x"


def peak_memory(path: str) -> int:
    code = f"import bench_pdf; bench_pdf.print_peak({path!r})"
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent, capture_output=True, check=True)
    return int(done.stdout)


def print_peak(path: str) -> None:
    extract_file(Path(path).read_bytes(), path)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--memory"]:
        small, big = (peak_memory(str(Path(path).resolve())) for path in arguments[1:3])
        print(f"peak memory {small // 1024} MB and {big // 1024} MB: {big / small:.2f} x")
        return
    for argument in arguments:
        print(compare(Path(argument)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
