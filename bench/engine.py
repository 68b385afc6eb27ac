"""What building a round's themes and lines costs: seconds and memory of the engine's process."""

from __future__ import annotations

import os
import resource
import time
from random import Random

from bench.report import Report
from bench.words import SENTENCES
from consult.submissions.models import Stance
from consult.summaries.engine.child import ask

SIZES = (1_000, 10_000)
LARGEST = 100_000
SECONDS = {1_000: 3.0, 10_000: 15.0}
# So many times the seconds of 10,000 points may 100,000 take, in so much memory.
TIMES, MEGABYTES = 15.0, 2_000.0
PROVISIONS, BUDGET = 60, 230
_PLACES = "Biên Hoà,Long Khánh,Bù Đăng,Xuân Lộc,Đồng Phú,Trảng Bom,Chơn Thành,Lộc Ninh".split(",")
_OWN = (
    "Ở {place}, tôi đã thấy {number} trường hợp như vậy trong năm qua.",
    "Đơn vị tôi tại {place} có {number} người thuộc diện này.",
    "Theo tôi, {number} tháng là đủ để {place} chuẩn bị.",
    "Chi phí ở {place} tăng khoảng {number} phần trăm so với trước.",
)


def points(number: int) -> list[dict[str, object]]:
    """Return as many different points on 60 provisions, one in five a copy with a signature."""
    random = Random(45)
    made: list[dict[str, object]] = []
    words: list[str] = []
    for id_ in range(1, number + 1):
        if words and random.random() < 0.2:
            text = f"{random.choice(words[-500:])}\nTrân trọng, {random.choice(_PLACES)}."
        else:
            own = random.choice(_OWN).format(
                place=random.choice(_PLACES), number=random.randint(2, 95)
            )
            text = " ".join([*random.sample(SENTENCES, random.randint(1, 4)), own])
            words.append(text)
        made.append(
            {
                "id": id_,
                "group": str(random.randint(1, PROVISIONS)),
                "text": text,
                "author": str(random.randint(1, max(1, number // 2))),
                "stance": random.choice(list(Stance)).value,
            }
        )
    return made


def measure(report: Report, *, quick: bool = False, largest: bool = False) -> None:
    """Add the lines; ``largest`` measures 100,000 points too, which takes minutes."""
    sizes = (100,) if quick else (*SIZES, LARGEST) if largest else SIZES
    taken: dict[int, float] = {}
    for size in sizes:
        asked = points(size)
        began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        result = ask("build", asked, BUDGET)
        taken[size] = time.perf_counter() - began
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        megabytes = spent.ru_maxrss / 1000  # the largest child so far is this one: sizes grow
        what = f"themes and lines of {size:,} points"
        shown = f"{taken[size]:.1f} s, of it CPU {spent.ru_utime - before.ru_utime:.1f} s"
        if size in SECONDS:
            report.limit(what, taken[size], SECONDS[size], shown, " s")
        elif size == LARGEST:
            ratio = taken[size] / taken[10_000]
            report.limit(f"{what} : 10,000", ratio, TIMES, f"{ratio:.1f} × ({shown})", " ×")
        else:
            report.note(what, shown)
        report.limit(f"{what}: memory", megabytes, MEGABYTES, f"{megabytes:.0f} MB", " MB")
        covered = result["coverage"]
        report.limit(f"{what}: without a place", covered["texts"] - covered["assigned"], 0, "0")
    report.note("cores busy meanwhile (load)", f"{os.getloadavg()[0]:.1f}")
