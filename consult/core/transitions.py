"""The declared ways from one state of a thing to another: nothing else changes a state."""

from __future__ import annotations

from enum import Enum
from typing import Generic, TypeVar

from msgspec import Struct

S = TypeVar("S", bound=Enum)


class Transition(Struct, Generic[S], frozen=True):
    """A declared change: from any of ``sources`` to ``target``."""

    name: str
    sources: frozenset[S]
    target: S


def declare(*transitions: tuple[str, tuple[S, ...], S]) -> dict[str, Transition[S]]:
    """Return the transitions, given as (name, sources, target), by their names."""
    return {n: Transition(n, frozenset(sources), target) for n, sources, target in transitions}
