"""`python -m bench`: measure the product against a bare application, in one run, on this machine.

Prints a Markdown table; the exit code is 1 when something is over its limit.
"""

from __future__ import annotations

import argparse
import logging
import platform
import signal
import sys

from bench import drafts, engine, exports, ledger, measures, rush
from bench.compare import Effort, Refused
from bench.data import Sizes
from bench.machine import cores
from bench.report import Report
from bench.setting import Setting, prepared

QUICK_SIZES = Sizes(few=10, many=60, export=20, people=10)
QUICK_EFFORT = Effort(blocks=1, requests=4, warm=1)


def main() -> int:
    """Run what the command line asks for and return the exit code."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument(
        "--database",
        metavar="URL",
        help="a PostgreSQL server, postgresql://user@host:port/database, on which a database "
        "may be created for the time of the run (SQLite in a temporary folder otherwise)",
    )
    parser.add_argument(
        "--quick", action="store_true", help="a smoke run: few points, few requests, no verdict"
    )
    parser.add_argument(
        "--only",
        choices=["drafts", "deadline", "engine", "engine100k"],
        help="measure only this: drafts (parsing and comparing), deadline (10,000 arrivals "
        "within two seconds of a closing), engine (themes of 1,000 and 10,000 points) or "
        "engine100k (of 100,000 too)",
    )
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything is taken down
    logging.disable(logging.CRITICAL)  # a failed page shows in the table
    sizes = QUICK_SIZES if options.quick else Sizes()
    effort = QUICK_EFFORT if options.quick else Effort()
    report = Report()
    if options.only == "deadline":
        say("arrivals at a deadline")
        with prepared(options.database, QUICK_SIZES) as setting:
            rush.measure(setting, report, 200 if options.quick else 10_000)
        return conclude(report, quick=False)
    if options.only in ("engine", "engine100k"):
        say("themes and lines")
        engine.measure(report, quick=options.quick, largest=options.only == "engine100k")
        return conclude(report, quick=options.quick)
    if options.only:
        say("drafts")
        drafts.measure(report, 1 if options.quick else 5)
        return conclude(report, quick=options.quick)
    before = cores(0.2 if options.quick else 2)
    say("loading the rows, building the search index")
    with prepared(options.database, sizes) as setting:
        measure(setting, effort, report, quick=options.quick)
        database = setting.app.config["SQLALCHEMY_DATABASE_URI"].partition(":")[0]
    after = cores(0.2 if options.quick else 2)
    print(
        f"Python {platform.python_version()}, {database}, gunicorn: 1 worker, 4 threads. "
        f"CPU is the worker's{', with PostgreSQL’s' if options.database else ''}, a request's.\n"
        f"few = {sizes.few:,} points, many = {sizes.many:,}, answered round = {sizes.export:,}. "
        f"× = ours / bare (ours / bare in ms; lowest–highest block).\n"
        f"Cores named {before[0]}, really had {before[1]:.2f} before and {after[1]:.2f} after.\n"
    )
    return conclude(report, quick=options.quick)


def conclude(report: Report, *, quick: bool) -> int:
    """Print the table and return the exit code."""
    print(report.table())
    if quick:
        print("\nToo few requests for a verdict: this run only shows that everything answers.")
        return 0
    return 0 if report.good else 1


def say(what: str) -> None:
    """Tell whoever waits what is being done."""
    print(f"… {what}", file=sys.stderr, flush=True)


def measure(setting: Setting, effort: Effort, report: Report, *, quick: bool) -> None:
    """Take every measurement."""
    with setting.bare() as bare, setting.ours() as ours:
        say("sending points")
        try:
            measures.posts(setting, ours, bare, effort, report)
        except Refused as refusal:
            report.failed("sending a point : bare post", str(refusal))
        say("pages")
        measures.all_pages(setting, (ours, bare), effort, report)
        say("first load, search, documents")
        measures.first_loads(setting, ours, report)
        measures.memory(ours, report)
        measures.orientation(setting, ours, report, 12 if quick else 60)
        exports.measure(setting, ours, report)
    say("SQL statements of every page")
    measures.statements(setting, report)
    say("cold start")
    measures.cold_start(setting, 1 if quick else 5, report)
    say("the log")
    ledger.measure(setting.app, report, 5 if quick else 50)
    say("drafts")
    drafts.measure(report, 1 if quick else 5)
    say("themes and lines")
    engine.measure(report, quick=quick)


if __name__ == "__main__":
    sys.exit(main())
