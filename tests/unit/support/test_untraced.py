"""Blocks that are timed without tracing."""

import sys
from types import FrameType

import pytest

from tests.support.untraced import untraced


def test_tracing_is_off_in_the_block_and_back_after_it() -> None:
    def trace(_frame: FrameType, _event: str, _argument: object) -> None:
        return None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with pytest.raises(ValueError, match="inside"), untraced():
            inside = sys.gettrace()
            raise ValueError("inside")
        after = sys.gettrace()
    finally:
        sys.settrace(before)
    assert inside is None
    assert after is trace
