"""The measurements measure: verdicts, sizes, counted CPU, and a smoke run of everything."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench import bare, bare_pages
from bench.client import Answer
from bench.compare import Refused, expect
from bench.drafts import edited
from bench.first_load import named
from bench.machine import cpu_seconds, pss_bytes
from bench.report import Report
from config import ROOT


def test_what_is_over_its_limit_spoils_the_run() -> None:
    report = Report()
    report.limit("a", 2.99, 3, "2.99 ×")
    report.note("b", "anything")
    assert report.good
    report.limit("c", 3.01, 3, "3.01 ×")
    assert not report.good
    assert "OVER" in report.table().splitlines()[-1]


def test_what_could_not_be_measured_spoils_the_run() -> None:
    report = Report()
    report.failed("a", "answered with 500", "/page as nobody")
    assert not report.good
    assert report.table().endswith("/page as nobody")


def test_another_answer_than_expected_is_no_measurement() -> None:
    with pytest.raises(Refused, match="404"):
        expect(Answer(404, b"", {}), 200, "/page")


def test_cpu_time_counts_work_and_not_waiting() -> None:
    before = cpu_seconds(os.getpid())
    time.sleep(0.2)
    waited = cpu_seconds(os.getpid()) - before
    until = time.process_time() + 0.2
    while time.process_time() < until:
        pass
    worked = cpu_seconds(os.getpid()) - before - waited
    assert waited < 0.1
    assert worked > 0.15


def test_memory_is_that_of_this_process() -> None:
    assert 5e6 < pss_bytes(os.getpid()) < 4e9


def test_a_bare_page_has_the_size_asked_for(tmp_path: Path) -> None:
    app = bare.create_app(f"sqlite:///{tmp_path / 'bare.sqlite3'}", "bench" * 10)
    bare_pages.prepare(app)
    assert bare_pages.add_page(app, "page", 60, 60_000) == pytest.approx(60_000, rel=0.02)


def test_a_page_and_its_style_name_what_a_browser_loads() -> None:
    page = (
        '<link rel="stylesheet" href="/a.css"><link rel="canonical" href="/x">'
        '<script src="/b.js"></script><img src="/c.svg">'
    )
    assert named(page, "text/html") == ["/a.css", "/b.js", "/c.svg"]
    assert named("@font-face{src:url('/d.woff2')}", "text/css") == ["/d.woff2"]


@pytest.mark.slow
def test_everything_is_measured(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--quick"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert run.returncode == 0, run.stderr
    assert "sending a point : bare post" in run.stdout
    assert "comparing two versions of 700 kB" in run.stdout
    unmeasured = [line for line in run.stdout.splitlines() if "answered with" in line]
    assert unmeasured == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_drafts_are_measured_alone(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--only", "drafts", "--quick"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert run.returncode == 0, run.stderr
    rows = [line for line in run.stdout.splitlines() if line.startswith("| ")]
    assert [row.split("|")[3].strip() for row in rows[1:]] == [
        "≤ 1 s",
        "≤ 4 s",
        "≤ 512 MB",
        "≤ 5 s",
    ]
    assert list(tmp_path.iterdir()) == []


def test_edited_text_differs_in_as_many_lines() -> None:
    lines = [f"- dòng {n} nói về việc số {n} của chương trình này;" for n in range(2_000)]
    changed = edited("\n".join(lines), 300).split("\n")
    # 75 deleted and 75 reworded, 75 inserted and 75 reworded; some hit the same line twice.
    assert 130 < len(set(lines) - set(changed)) <= 150
    assert 130 < len(set(changed) - set(lines)) <= 150
