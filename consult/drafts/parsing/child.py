"""The parsing process: closes its own doors, parses one file, answers in JSON."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any, Final

from consult.drafts.parsing.model import Limits, UnreadableDocument

_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_CLONE_NEWIPC: Final = 0x08000000
_FORBIDDEN: Final = (
    "socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.fork",
    "os.forkpty", "os.remove", "os.rename", "os.rmdir", "os.kill", "os.chmod", "os.link",
    "os.symlink", "os.mkdir", "shutil.", "urllib.", "ftplib.", "smtplib.", "pty.",
)  # fmt: skip
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main(arguments: list[str]) -> None:
    """Parse ``arguments`` (path, the sender's file name, limits as JSON) and print the answer.

    The answer is a document's JSON or ``{"reason": …, "params": …}``. Exits with 3 when memory
    ran out.
    """
    path, filename, numbers = arguments
    limits = Limits(**json.loads(numbers))
    _confine(limits)
    # Imported under the limits, so that a fault while loading is confined as well.
    from consult.drafts.parsing.parse import parse_file

    try:
        answer = parse_file(Path(path), filename=filename, limits=limits).to_json()
    except UnreadableDocument as refusal:
        answer = {"reason": refusal.reason, "params": refusal.params}
    except (MemoryError, RecursionError):
        os._exit(3)
    except Exception:
        # Whatever else a hostile file provokes, it is a damaged file.
        answer = {"reason": "broken"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))
    sys.stdout.flush()


def _confine(limits: Limits) -> None:
    """Set the limits, leave the network's name space if allowed, refuse doors in any case."""
    processor = max(1, round(limits.seconds))
    _limit(resource.RLIMIT_CPU, processor)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, 64)
    _limit(resource.RLIMIT_AS, int(limits.memory))
    _leave_network()
    sys.addaudithook(_refuse)


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (ceiling, ceiling))


def _leave_network() -> None:
    """Enter a network name space without interfaces; where that is not allowed, the audit
    hook alone keeps Python code from opening sockets."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC)
    except (OSError, AttributeError):
        return


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)
    if event == "open" and _opens_for_writing(arguments):
        raise PermissionError(event)


def _opens_for_writing(arguments: tuple[Any, ...]) -> bool:
    mode, flags = arguments[1], arguments[2]
    if isinstance(mode, str) and any(sign in mode for sign in "wax+"):
        return True
    return isinstance(flags, int) and bool(flags & _WRITING)
