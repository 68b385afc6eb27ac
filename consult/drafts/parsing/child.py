"""The parsing process: closes its own doors, parses one file, answers in JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from consult.drafts.parsing.confine import confine
from consult.drafts.parsing.model import Limits, UnreadableDocument

_FORBIDDEN: Final = (
    "socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.fork",
    "os.forkpty", "os.remove", "os.rename", "os.rmdir", "os.kill", "os.chmod", "os.link",
    "os.symlink", "os.mkdir", "shutil.", "urllib.", "ftplib.", "smtplib.", "pty.",
)  # fmt: skip
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main(arguments: list[str]) -> None:
    """Parse ``arguments`` (path, the sender's file name, limits as JSON, "scanned" when the
    text was recognised in pictures) and print the answer.

    The answer is a document's JSON or ``{"reason": …, "params": …}``. Exits with 3 when memory
    ran out.
    """
    path, filename, numbers, *how = arguments
    limits = Limits(**json.loads(numbers))
    close_doors(limits)

    def parse() -> dict[str, Any]:
        # Imported under the limits, so that a fault while loading is confined as well.
        from consult.drafts.parsing.parse import parse_file

        scanned = "scanned" in how
        document = parse_file(Path(path), filename=filename, limits=limits, scanned=scanned)
        return document.to_json()

    sys.stdout.write(json.dumps(_answer(parse), ensure_ascii=True))
    sys.stdout.flush()


def draw(arguments: list[str]) -> None:
    """Print the picture of one page: ``arguments`` are path, number from 0, limits as JSON.

    The answer is a grey picture in PGM, or JSON as of `main` when there is none.
    """
    path, number, numbers = arguments
    limits = Limits(**json.loads(numbers))
    close_doors(limits)
    drawn: list[bytes] = []

    def page() -> dict[str, Any]:
        from consult.drafts.parsing.readers.pdf import picture

        drawn.append(picture(Path(path), int(number)))
        return {}

    refusal = _answer(page)
    sys.stdout.buffer.write(drawn[0] if drawn else json.dumps(refusal).encode())
    sys.stdout.flush()


def close_doors(limits: Limits) -> None:
    """Set the limits, leave the network's name space if allowed, refuse doors in any case."""
    confine(memory=int(limits.memory), seconds=limits.seconds)
    sys.addaudithook(_refuse)


def _answer(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return work()
    except UnreadableDocument as refusal:
        return {"reason": refusal.reason, "params": refusal.params}
    except (MemoryError, RecursionError):
        os._exit(3)
    except Exception:
        # Whatever else a hostile file provokes, it is a damaged file.
        return {"reason": "broken"}


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
