"""What this machine gave: CPU time and memory of processes, the cores that were really there."""

from __future__ import annotations

import os
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Return the CPU time, user and system, that the process has used.

    From the scheduler's nanoseconds where the kernel keeps them, else in ticks of 10 ms.
    """
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        found = sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
        if found > 0:
            return found
    except OSError:
        pass
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def pss_bytes(pid: int) -> int:
    """Return the process's proportional share of the memory it uses."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise OSError(f"no Pss for process {pid}")


def _spin(seconds: float) -> tuple[float, float]:
    began, cpu = time.perf_counter(), time.process_time()
    while time.perf_counter() - began < seconds:
        pass
    return time.perf_counter() - began, time.process_time() - cpu


def cores(seconds: float = 1.0) -> tuple[int, float]:
    """Return how many cores the system names and how many were really had.

    One process for each spins for ``seconds``; what they got is their CPU time by wall time.
    """
    named = len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(named) as pool:
        shares = [cpu / wall for wall, cpu in pool.map(_spin, [seconds] * named)]
    return named, sum(shares)
