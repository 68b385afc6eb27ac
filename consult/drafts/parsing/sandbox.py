"""Parsing a file from outside: in a child process with limits and without network."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any, Final, cast

from consult.drafts.parsing.detect import detect
from consult.drafts.parsing.messages import REASONS
from consult.drafts.parsing.model import DEFAULT, Limits, ParsedDocument, UnreadableDocument

_ROOT: Final = Path(__file__).resolve().parents[3]
_START: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    "from consult.drafts.parsing.child import main; main(sys.argv[2:])"
)
# The answer holds the text about three times, in JSON; a hijacked child may send no more.
_ANSWER_FACTOR: Final = 20
_CHUNK: Final = 1 << 16


def parse_untrusted(path: Path, *, filename: str, limits: Limits = DEFAULT) -> ParsedDocument:
    """Return the document in the file at ``path``; ``filename`` is the name its sender gave.

    The file is read by a child process of its own group with limited memory, processor time,
    wall time and file size, without network, inherited descriptors or environment, in an empty
    directory. Raises UnreadableDocument with any reason of ``messages.REASONS``; a child that
    dies of its limits counts as ``bomb`` or ``too_slow``.
    """
    detect(path, filename, limits)
    with tempfile.TemporaryDirectory(prefix="parse-") as directory:
        code, answer = _run(path.resolve(), filename, limits, Path(directory))
    if code == -signal.SIGXCPU:
        raise UnreadableDocument("too_slow", seconds=round(limits.seconds))
    if code != 0:
        raise UnreadableDocument("bomb" if code in {-signal.SIGKILL, 3} else "broken")
    return _read(answer)


def _run(path: Path, filename: str, limits: Limits, directory: Path) -> tuple[int, bytes]:
    command = [sys.executable, "-I", "-B", "-c", _START, str(_ROOT)]
    command += [str(path), filename[:200], json.dumps(_numbers(limits))]
    environment = {"LC_ALL": "C.UTF-8", "TMPDIR": str(directory), "MALLOC_ARENA_MAX": "2"}
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        cwd=directory, env=environment, close_fds=True, start_new_session=True,
    )  # fmt: skip
    try:
        answer = _collect(cast("IO[bytes]", child.stdout), limits)
        return child.wait(timeout=5), answer
    except subprocess.TimeoutExpired:
        raise UnreadableDocument("too_slow", seconds=round(limits.seconds)) from None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        cast("IO[bytes]", child.stdout).close()


def _collect(pipe: IO[bytes], limits: Limits) -> bytes:
    """Read the child's answer until it ends, is too long or its wall time is over."""
    deadline = time.monotonic() + limits.seconds
    pieces: list[bytes] = []
    size = 0
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise UnreadableDocument("too_slow", seconds=round(limits.seconds))
            piece = os.read(pipe.fileno(), _CHUNK)
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
            size += len(piece)
            if size > _ANSWER_FACTOR * limits.max_text:
                raise UnreadableDocument("bomb")


def _read(answer: bytes) -> ParsedDocument:
    try:
        data = cast("dict[str, Any]", json.loads(answer))
        if "reason" in data:
            reason = str(data["reason"])
            params = cast("dict[str, str | int]", data.get("params") or {})
            raise UnreadableDocument(reason if reason in REASONS else "broken", **params)
        return ParsedDocument.from_json(data)
    except (ValueError, KeyError, TypeError):
        raise UnreadableDocument("broken") from None


def _numbers(limits: Limits) -> dict[str, float]:
    return {name: getattr(limits, name) for name in Limits.__slots__}
