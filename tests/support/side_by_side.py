"""Which tests never run beside each other when several processes share the tests."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

# They time things, kill processes or drive a browser.
ONE_BY_ONE = (
    "tests/browser/",
    "tests/fault/",
    "tests/unit/bench/",
    "tests/unit/support/test_chromium.py",
)


class SideBySide(LoadScopeScheduling):
    """Hands out single tests, and those of ONE_BY_ONE, first of all, to a single process.

    Marks for groups would do, did the released xdist find them with this pytest.
    """

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)


def scope(nodeid: str) -> str:
    """Return what the test has in common with those that the same process must run."""
    return "one by one" if nodeid.startswith(ONE_BY_ONE) else nodeid
