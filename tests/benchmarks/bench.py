"""How fast it is: MB of text a second in a warm process, and start-up in times of bare Python. Run by hand.

    python tests/benchmarks/bench.py [FILE]

Without FILE a plan is invented. CPU time is taken, of this process or of those it starts, so that other work on the
machine tells little. What is remembered of texts is forgotten before each round, as most texts are new. Nothing is
asserted: ratios say something, seconds only compare on one machine.
"""

from __future__ import annotations

import functools
import gc
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cchc_extract.patterns import Patterns, load_patterns
from cchc_extract.pipeline import extract_plan
from cchc_extract.writers.jsonout import plan_to_json

ROUNDS = 7
SAMPLE_BYTES = 50_000
FEW = 4  # results, at most, that a cache of tables and of what hangs on the patterns keeps; others remember texts

HEAD = """ỦY BAN NHÂN DÂN
TỈNH SÔNG LAM
Số: {number}/KH-UBND
Sông Lam, ngày 05 tháng 01 năm 2024
KẾ HOẠCH
Cải cách hành chính nhà nước năm 2024 trên địa bàn tỉnh Sông Lam
Thực hiện Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ, UBND tỉnh ban hành Kế hoạch như sau:
"""
VERBS = ("Rà soát", "Xây dựng", "Kiểm tra", "Công khai", "Đơn giản hóa", "Số hóa", "Theo dõi", "Hướng dẫn", "Ban hành")
THINGS = (
    "thủ tục hành chính", "quy trình nội bộ", "văn bản quy phạm pháp luật", "vị trí việc làm", "phương án tự chủ",
    "cơ sở dữ liệu dùng chung", "dịch vụ công trực tuyến", "báo cáo định kỳ", "quy chế làm việc", "danh mục hồ sơ",
)  # fmt: skip
FIELDS = (
    "đất đai", "y tế", "giáo dục", "xây dựng", "hộ tịch", "đầu tư", "giao thông", "môi trường", "lao động", "du lịch",
    "thủy lợi", "bưu chính", "khoáng sản", "công chứng", "thể thao", "thư viện", "chăn nuôi", "điện lực", "quảng cáo",
)  # fmt: skip
AGENCIES = (
    "Sở Nội vụ", "Sở Tư pháp", "Sở Tài chính", "Văn phòng UBND tỉnh", "Sở Y tế", "Sở Xây dựng", "Sở Công Thương",
    "Các sở, ban, ngành", "UBND các huyện, thị xã, thành phố",
)  # fmt: skip
TIMES = ("trong quý {q} năm 2024", "trước ngày {d}/{m}/2024", "trong tháng {m} năm 2024", "định kỳ hằng quý")
AREAS = ("Cải cách thể chế", "Cải cách thủ tục hành chính", "Cải cách chế độ công vụ", "Cải cách tài chính công")


def invent_plan(size: int, seed: int) -> str:
    """A plan of at least `size` bytes whose sentences differ from one another, with an appendix table a section."""
    random_ = random.Random(seed)
    lines = [HEAD.format(number=seed + 1), "I. NHIỆM VỤ"]
    total, section = 0, 0
    while total < size:
        section += 1
        new = [f"{section}. {random_.choice(AREAS)}"]
        new += [f"{mark}) {_sentence(random_)}" for mark in "abcdđeghik"]
        new += ["Nhiệm vụ |\nSản phẩm |\nCơ quan chủ trì |\nCơ quan phối hợp |\nThời gian |\n|"]
        new += [_row(random_, number) for number in range(1, 8)]
        total += sum(len(line.encode()) + 1 for line in new)
        lines += new
    return "\n".join(lines) + "\n"


def _work(random_: random.Random) -> str:
    things = " và ".join(random_.sample(THINGS, 2))
    fields = ", ".join(random_.sample(FIELDS, 3))
    return f"{random_.choice(VERBS)} {things} lĩnh vực {fields} giai đoạn {random_.randint(2, 999)}"


def _time(random_: random.Random) -> str:
    day, month, quarter = random_.randint(1, 28), random_.randint(1, 12), random_.choice(("I", "II", "III", "IV"))
    return random_.choice(TIMES).format(d=day, m=month, q=quarter)


def _sentence(random_: random.Random) -> str:
    share = random_.randint(20, 99)
    goal = f", bảo đảm ít nhất {share}% hồ sơ được giải quyết đúng hạn" if share % 3 == 0 else ""
    return f"{random_.choice(AGENCIES)} {_work(random_).lower()}{goal}, hoàn thành {_time(random_)}."


def _row(random_: random.Random, number: int) -> str:
    lead, others = random_.sample(AGENCIES, 2)
    cells = (f"{number}. {_work(random_)}.", "Báo cáo kết quả", lead, others, _time(random_).capitalize())
    return " |\n".join(cells) + " |\n|"


def sample(file: Path | None, times: int) -> bytes:
    """A text `times` as large as the sample: FILE over and over, or one plan invented at that size."""
    return file.read_bytes() * times if file else invent_plan(SAMPLE_BYTES * times, seed=times).encode()


def throughput(file: Path | None) -> None:
    patterns = load_patterns()
    samples = {times: sample(file, times) for times in (1, 4, 16)}
    jobs: dict[object, Callable[[], object]] = {
        times: functools.partial(_extract, data, patterns) for times, data in samples.items()
    }
    jobs[1]()  # warm
    seconds = interleaved(jobs, time.process_time, functools.partial(forget, find_memories()))
    for times, data in samples.items():
        plan = extract_plan(None, data, patterns)
        speed = len(data) / 1e6 / seconds[times]
        print(
            f"{times:3}x {len(data) / 1e3:8.0f} kB {seconds[times] * 1e3:8.1f} ms {speed:6.2f} MB/s"
            f"  {len(plan.tasks)} tasks, {len(plan.targets)} targets"
        )


def _extract(data: bytes, patterns: Patterns) -> None:
    plan_to_json(extract_plan(None, data, patterns))


def find_memories() -> list[functools._lru_cache_wrapper[object]]:
    """The caches of this program that hold results of texts; compiled patterns are part of a warm process."""
    caches = [it for it in gc.get_objects() if isinstance(it, functools._lru_cache_wrapper)]
    ours = [cache for cache in caches if cache.__module__.startswith("cchc_extract.")]
    return [c for c in ours if c.__module__ != "cchc_extract.patterns" and (c.cache_parameters()["maxsize"] or 0) > FEW]


def forget(memories: list[functools._lru_cache_wrapper[object]]) -> None:
    for memory in memories:
        memory.cache_clear()


def start_up(file: Path | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "plan.txt"
        text.write_bytes(sample(file, 1))
        module = ("-m", "cchc_extract")
        commands = {
            "python -c pass": ("-c", "pass"),
            "--version": (*module, "--version"),
            "--help": (*module, "--help"),
            f"{text.stat().st_size / 1e3:.0f} kB of text": (*module, str(text)),
        }
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = folder  # compiled once, as an installed program is
        jobs: dict[object, Callable[[], object]] = {
            name: functools.partial(_process, command, environment) for name, command in commands.items()
        }
        for job in jobs.values():
            job()
        seconds = interleaved(jobs, _time_of_children)
    for name, taken in seconds.items():
        print(f"{name:16} {taken * 1e3:8.1f} ms {taken / seconds['python -c pass']:6.1f}x")


def _process(arguments: tuple[str, ...], environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True, env=environment)


def _time_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def interleaved(
    jobs: dict[object, Callable[[], object]], clock: Callable[[], float], prepare: Callable[[], object] = bool
) -> dict[object, float]:
    """Median seconds of each job; the jobs take turns, so that a busy moment hits all of them."""
    taken: dict[object, list[float]] = {name: [] for name in jobs}
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            prepare()
            begin = clock()
            job()
            taken[name].append(clock() - begin)
    return {name: statistics.median(times) for name, times in taken.items()}


def main() -> None:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    throughput(file)
    start_up(file)


if __name__ == "__main__":
    main()
