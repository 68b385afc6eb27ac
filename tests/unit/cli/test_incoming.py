"""Requests as they come in over the line, piece by piece."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.cli.incoming import BODY_SECONDS, HEAD_SECONDS, Incoming

HEAD = b"POST /rounds/1/write HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"
MOST = 1024 * 1024


def fed(*parts: bytes) -> Incoming:
    """Return a request to which each part came a second after the one before, from 100."""
    incoming = Incoming(MOST, 0.0)
    for number, part in enumerate(parts):
        incoming.feed(part, 100.0 + number, float(number))
    return incoming


@given(st.binary(max_size=300), st.lists(st.integers(1, 400), max_size=6))
def test_in_whatever_pieces_it_comes_it_is_the_same(body: bytes, cuts: list[int]) -> None:
    message = HEAD % len(body) + body
    places = sorted({cut for cut in cuts if cut < len(message)})
    parts = [message[a:b] for a, b in zip([0, *places], [*places, len(message)], strict=True)]
    incoming = fed(*parts)
    assert incoming.whole
    assert incoming.rest() == message
    end_of_head = len(HEAD % len(body))
    assert incoming.arrived == 100.0 + sum(place < end_of_head for place in places)


def test_the_body_does_not_move_the_arrival() -> None:
    incoming = fed(HEAD % 6, b"abc", b"def")
    assert (incoming.arrived, incoming.whole) == (100.0, True)


def test_what_comes_after_is_left_for_the_next() -> None:
    incoming = fed(HEAD % 2 + b"abGET / HTTP/1.1\r\n\r\n")
    assert incoming.whole
    assert incoming.read(len(HEAD % 2) + 2).endswith(b"ab")
    assert incoming.rest() == b"GET / HTTP/1.1\r\n\r\n"


def test_a_long_body_lies_on_the_disk_and_is_read_back() -> None:
    body = bytes(range(256)) * 1024
    incoming = Incoming(MOST, 0.0)
    message = HEAD % len(body) + body
    while not incoming.whole:
        part, message = message[: incoming.wanted], message[incoming.wanted :]
        incoming.feed(part, 100.0, 0.0)
    assert incoming.long
    incoming.rewind()
    assert incoming.rest() == HEAD % len(body) + body
    assert message == b""


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (HEAD % (MOST + 1), 413),
        (b"POST /" + b"a" * 70_000, 431),
    ],
)
def test_what_is_not_taken_is_known_from_the_head(head: bytes, status: int) -> None:
    incoming = fed(head)
    assert (incoming.whole, incoming.refused) == (True, status)


def test_heads_and_bodies_have_their_time() -> None:
    assert fed(b"POST / HT").until == HEAD_SECONDS
    long = fed(b"", HEAD % MOST)
    assert long.until == 1 + BODY_SECONDS + 32  # 32 kB a second


@pytest.mark.parametrize(("method", "writing"), [("GET", False), ("HEAD", False), ("PUT", True)])
def test_reading_requests_are_told_from_writing_ones(method: str, writing: bool) -> None:
    assert fed(f"{method} / HTTP/1.1\r\nHost: a\r\n\r\n".encode()).writing is writing
