"""What a process does to itself before it touches a stranger's file: limits, no network."""

from __future__ import annotations

import ctypes
import os
import resource
from typing import Final

_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_CLONE_NEWIPC: Final = 0x08000000


def confine(*, memory: int, seconds: float, written: int = 0, address: int = 0) -> None:
    """Limit this process and all that it starts, and leave the network where that is allowed.

    ``memory`` and ``address`` (0: the same) are bytes of data and of address space,
    ``seconds`` of processor time, ``written`` bytes of any one file.
    """
    _limit(resource.RLIMIT_CPU, max(1, round(seconds)))
    _limit(resource.RLIMIT_FSIZE, written)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, 256 if written else 64)
    _limit(resource.RLIMIT_DATA, memory)
    _limit(resource.RLIMIT_AS, address or memory)
    _leave_network()


def launch(arguments: list[str]) -> None:
    """Become the program in ``arguments``, confined: memory, seconds, written, then its words.

    The number of processes is limited here, for the whole user: enough for the portal itself
    and one office program.
    """
    memory, seconds, written, *command = arguments
    _limit(resource.RLIMIT_NPROC, 1024)
    confine(
        memory=int(memory), seconds=float(seconds), written=int(written), address=3 * int(memory)
    )
    os.execv(command[0], command)


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (ceiling, ceiling))


def _leave_network() -> None:
    """Enter a network name space without interfaces; where that is not allowed, what the
    process refuses itself (`child`) is all there is."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC)
    except (OSError, AttributeError):
        return
