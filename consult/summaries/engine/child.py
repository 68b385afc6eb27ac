"""Asking the engine from another process, which thereby loads no numerical library."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import IO, Any, Literal

_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)
_WRONG_RECORD = 2
_LOOK_EVERY = 0.5  # seconds
_MOST_SAID = 1 << 20
_TOLD = re.compile(r"^(\d+) (\d+)\n", re.MULTILINE)


class EngineRefused(Exception):
    """A text is not as it should be; the message is a sentence without its first capital."""


class EngineFailed(Exception):
    """The engine's process ended without a result; the message is what it wrote."""


def ask(
    task: Literal["build", "evaluate"],
    texts: Sequence[Mapping[str, Any]],
    budget: int,
    watch: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Return what `build.build` or `evaluate.evaluate` makes of ``texts``, from a child process.

    Works with one thread and ends with it. ``watch`` is called about twice a second with how
    many texts of all are read; what it raises ends the child and goes through. Raises
    EngineRefused for a wrong record and EngineFailed when the child dies.
    """
    return _asked({"task": task, "budget": budget, "texts": list(texts)}, watch)


def ask_groups(
    votes: Sequence[Sequence[int]],
    left_out: Collection[int],
    watch: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Return what `shown_groups.shown` makes of the votes, from a child process as `ask` does."""
    return _asked({"task": "groups", "votes": votes, "left_out": sorted(left_out)}, watch)


def _asked(question: Mapping[str, Any], watch: Callable[[int, int], None] | None) -> dict[str, Any]:
    # From a file: after a timeout `communicate` sends nothing any more.
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as said:
        asked.write(json.dumps(question).encode("ascii"))
        asked.seek(0)
        with subprocess.Popen(
            [sys.executable, "-m", "consult.summaries.engine"],
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=said,
            env={**os.environ, **_ONE_THREAD},
        ) as child:
            try:
                answer = _answer(child, said, watch)
            finally:
                child.kill()
        words, _done = _read(said)
    if child.returncode == _WRONG_RECORD:
        raise EngineRefused(words)
    if child.returncode:
        raise EngineFailed(words)
    return json.loads(answer)


def _answer(
    child: subprocess.Popen[bytes], said: IO[bytes], watch: Callable[[int, int], None] | None
) -> bytes:
    while True:
        try:
            return child.communicate(timeout=None if watch is None else _LOOK_EVERY)[0]
        except subprocess.TimeoutExpired:
            if watch is not None:
                watch(*_read(said)[1])


def _read(said: IO[bytes]) -> tuple[str, tuple[int, int]]:
    """Return the words on the child's error stream, and how far it last told it was."""
    # Read without moving: the child writes at the same place.
    text = os.pread(said.fileno(), _MOST_SAID, 0).decode("utf-8", "replace")
    told = _TOLD.findall(text)
    return _TOLD.sub("", text).strip(), (int(told[-1][0]), int(told[-1][1])) if told else (0, 0)
