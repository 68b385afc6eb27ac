"""What the log costs at 100,000 entries: its root, a receipt issued, a receipt verified."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from flask import Flask

from bench.report import Report
from consult.core import clock
from consult.core.db import transaction
from consult.ledger import checkpoints, services, tree
from consult.ledger.entries import canonical, covered
from consult.ledger.models import Leaf
from consult.ledger.notes import Verifier
from consult.ledger.verifying import block, verify_receipt

LEAVES, AT_ONCE = 100_000, 5_000
CONTENT = {"reference": "K7M2-XW9Q-4TRB", "points": [{"argument": "Đề nghị giữ nguyên. " * 40}]}


def measure(app: Flask, report: Report, times: int) -> None:
    """Fill the log of ``app`` and add the lines; for the end of a run, it changes the database."""
    with app.app_context():
        with transaction(write=False):
            missing = LEAVES - tree.size()
        for first in range(0, missing, AT_ONCE):
            facts = [(n, CONTENT) for n in range(first, min(first + AT_ONCE, missing))]
            with transaction():
                services.append_many("bench", facts, at=clock.now())
        with transaction(write=False):
            plain = _seconds(lambda: tree.Tree(tree.size()).root(), 1)
        with transaction():
            began = time.perf_counter()
            checkpoints.store()
            kept = time.perf_counter() - began
        with transaction(write=False) as session:
            leaf = session.get_one(Leaf, LEAVES // 3)
            line = canonical(covered(leaf, CONTENT))
            proofs, signed = checkpoints.prove(leaf)
            text, known = block(line, proofs[0]), [Verifier.parse(signed.key)]
            root = _seconds(checkpoints.current, times)
            issued = _seconds(lambda: checkpoints.prove(leaf), times)
            verified = _seconds(lambda: verify_receipt(text, known), times)
    report.limit("log root over 100,000 leaves, from all", plain, 1, f"{plain:.2f} s", " s")
    report.note("first checkpoint of 100,000 leaves", f"{kept:.2f} s")
    report.note("signed checkpoint, as a page asks for it", f"{root * 1000:.1f} ms")
    report.note("receipt issued", f"{issued * 1000:.1f} ms")
    report.note("receipt verified", f"{verified * 1000:.2f} ms")


def _seconds(work: Callable[[], object], times: int) -> float:
    taken: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)
