"""Blocks that are timed without tracing."""

import sys
from types import FrameType

from tests.support.untraced import untraced


def test_tracing_is_off_in_the_block_and_back_after_it() -> None:
    def trace(_frame: FrameType, _event: str, _argument: object) -> None:
        return None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with untraced():
            inside = sys.gettrace()
        after = sys.gettrace()
    finally:
        sys.settrace(before)
    assert inside is None
    assert after is trace
