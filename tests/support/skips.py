"""A pytest plugin that says how many browser and PostgreSQL tests were skipped.

Where CI=true is set such a skip fails the run: a test nobody ran proves nothing.
"""

import os
from collections import Counter

import pytest

WATCHED = {"browser": "Chromium", "postgres": "PostgreSQL"}


class Skips:
    """Counts, for one session, the skipped tests by what they lacked."""

    def __init__(self, *, fatal: bool) -> None:
        self.fatal = fatal
        self.counts: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self.counts.update(marker for marker in WATCHED if marker in report.keywords)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.fatal and self.counts and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for marker, count in self.counts.items():
            verdict = "; with CI=true that fails the run" if self.fatal else ""
            terminalreporter.write_line(
                f"{count} tests marked {marker} were skipped: no {WATCHED[marker]} here{verdict}."
            )


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Skips(fatal=os.environ.get("CI") == "true"), "consult-skips")
