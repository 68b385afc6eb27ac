"""Files of a round on request: how long they take, and what of it stays in the web worker."""

from __future__ import annotations

import re
import time

from bench.client import Client
from bench.compare import Refused, expect
from bench.machine import pss_bytes
from bench.report import Report
from bench.server import Server
from bench.setting import Setting
from consult.documents.export_list import EXPORTS
from consult.jobs.runner import run_due

# Seconds that a file of 5,000 rows may take.
LIMITS = {"mau10.pdf": 10, "mau10.docx": 20, "mau10.xlsx": 5, "points.xlsx": 5}


def measure(setting: Setting, ours: Server, report: Report) -> None:
    """Each file of the answered round, made and downloaded; then those of all points."""
    rounds = setting.world.rounds
    client = Client(ours.port, setting.people["front"])
    try:
        for name in EXPORTS:
            seconds, size = _made(setting, client, rounds["export"], name)
            shown = f"{seconds:.1f} s, {size / 1e6:.1f} MB"
            what = f"{name} of the answered round"
            if name in LIMITS:
                report.limit(what, seconds, LIMITS[name], shown, " s")
            else:
                report.note(what, shown)
        for name in EXPORTS:
            _made(setting, client, rounds["many"], name)
    except Refused as refusal:
        report.failed("documents and tables", str(refusal))
        return
    memory = pss_bytes(ours.worker) / 1e6
    what = "web worker's memory (PSS) after all files"
    report.limit(what, memory, 100, f"{memory:.0f} MB", " MB")


def _made(setting: Setting, client: Client, round_id: int, name: str) -> tuple[float, int]:
    """Return the seconds from asking to the downloaded file, and its size in bytes.

    This process is the runner; in the product it looks for work every half a second.
    """
    began = time.perf_counter()
    asked = client.post(f"/rounds/{round_id}/export/{name}", {})
    expect(asked, 303, name)
    with setting.app.app_context():
        run_due(lane="long")
    found = re.search(r"/works/\d+", asked.headers["Location"])
    file = client.get(f"{found[0] if found else ''}/file")
    expect(file, 200, f"{name} (had the work failed, there is no file)")
    return time.perf_counter() - began, len(file.body)
