"""Starting confined processes and taking their answers: parsing children and helpers."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from consult.drafts.parsing import helpers
from consult.drafts.parsing.model import Limits, UnreadableDocument

_ROOT: Final = Path(__file__).resolve().parents[3]
_START: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    "from consult.drafts.parsing.{module} import {function}; {function}(sys.argv[2:])"
)
_CHUNK: Final = 1 << 16
_WRITTEN: Final = 200_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """How a process ended (negative: by that signal) and what it wrote."""

    code: int
    output: bytes


def python(
    module: str, function: str, arguments: list[str], *, directory: Path, limits: Limits, most: int
) -> Answer:
    """Run ``function`` of ``module`` (of this package), which confines itself, in a child.

    ``most`` is the number of bytes that it may answer. Raises UnreadableDocument ``too_slow``
    or ``bomb``.
    """
    start = _START.format(module=module, function=function)
    command = [sys.executable, "-I", "-B", "-c", start, str(_ROOT), *arguments]
    environment = {"LC_ALL": "C.UTF-8", "TMPDIR": str(directory), "MALLOC_ARENA_MAX": "2"}
    return _run(command, environment, directory, limits.seconds, most)


def program(
    command: list[str], *, directory: Path, limits: Limits, seconds: float, most: int
) -> Answer:
    """Run a helper, confined before it starts; its home and working place is ``directory``.

    It gets the memory of ``limits`` for data (thrice as much address space), ``seconds`` of
    wall time, no network where the system allows to take it away. Raises as `python` does.
    """
    start = _START.format(module="confine", function="launch")
    words = [str(int(limits.memory)), str(seconds), str(_WRITTEN), *command]
    launcher = [sys.executable, "-I", "-S", "-B", "-c", start, str(_ROOT), *words]
    environment = helpers.environment(str(directory))
    return _run(launcher, environment, directory, seconds, most)


def check(answer: Answer, limits: Limits) -> None:
    """Raise UnreadableDocument ``too_slow``, ``bomb`` or ``broken`` for a child that died."""
    if answer.code == -signal.SIGXCPU:
        raise UnreadableDocument("too_slow", seconds=round(limits.seconds))
    if answer.code != 0:
        raise UnreadableDocument("bomb" if answer.code in {-signal.SIGKILL, 3} else "broken")


def _run(
    command: list[str], environment: dict[str, str], directory: Path, seconds: float, most: int
) -> Answer:
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        cwd=directory, env=environment, close_fds=True, start_new_session=True,
    )  # fmt: skip
    try:
        output = _collect(cast("IO[bytes]", child.stdout), seconds, most)
        return Answer(child.wait(timeout=5), output)
    except subprocess.TimeoutExpired:
        raise UnreadableDocument("too_slow", seconds=round(seconds)) from None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        cast("IO[bytes]", child.stdout).close()


def _collect(pipe: IO[bytes], seconds: float, most: int) -> bytes:
    """Read the answer until it ends, is too long or its wall time is over."""
    deadline = time.monotonic() + seconds
    pieces: list[bytes] = []
    size = 0
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise UnreadableDocument("too_slow", seconds=round(seconds))
            piece = os.read(pipe.fileno(), _CHUNK)
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
            size += len(piece)
            if size > most:
                raise UnreadableDocument("bomb")
