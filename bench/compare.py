"""CPU per request of the product against the bare application, in alternating blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from bench.client import Answer
from bench.server import Server

Send = Callable[[], Answer]


@dataclass(frozen=True)
class Effort:
    """How often to ask: ``blocks`` of ``requests`` for each side, after ``warm`` unmeasured."""

    blocks: int = 5
    requests: int = 40
    warm: int = 15


@dataclass(frozen=True)
class Cost:
    """Milliseconds of CPU for a request of each, and the median of the blocks' ratios."""

    bare: float
    ours: float
    ratio: float
    spread: tuple[float, float]


class Refused(Exception):
    """The server did not answer as it must for the measurement to mean anything."""


def expect(answer: Answer, status: int, what: str) -> Answer:
    """Return ``answer`` if it has that status; Refused otherwise."""
    if answer.status != status:
        raise Refused(f"{what} was answered with {answer.status}")
    return answer


def per_request(server: Server, send: Send, status: int, effort: Effort) -> float:
    """Return the milliseconds of CPU that one request of a block takes."""
    before = server.cpu()
    for _ in range(effort.requests):
        expect(send(), status, server.name)
    return (server.cpu() - before) / effort.requests * 1000


def compare(
    bare: tuple[Server, Send], ours: tuple[Server, Send], status: int, effort: Effort
) -> Cost:
    """Measure both by turns, so that a noisy moment meets both. Raises Refused."""
    for server, send in (bare, ours):
        for _ in range(effort.warm):
            expect(send(), status, server.name)
    pairs = [
        (per_request(*bare, status, effort), per_request(*ours, status, effort))
        for _ in range(effort.blocks)
    ]
    ratios = [mine / theirs for theirs, mine in pairs]
    return Cost(
        median(theirs for theirs, _mine in pairs),
        median(mine for _theirs, mine in pairs),
        median(ratios),
        (min(ratios), max(ratios)),
    )
