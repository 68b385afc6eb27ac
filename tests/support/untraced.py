"""Times code without the tracing of coverage, which makes some code many times slower."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def untraced() -> Generator[None]:
    """Run the block untraced, in this thread; its lines count as covered only by other tests.

    The marker `no_cover` does not do it where tests run in several processes: coverage then
    goes on with a measurement that was begun earlier in the same process.
    """
    tracing = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracing)
