"""Asking the engine from another process, which thereby loads no numerical library."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Literal

_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)
_WRONG_RECORD = 2


class EngineRefused(Exception):
    """A text is not as it should be; the message is a sentence without its first capital."""


class EngineFailed(Exception):
    """The engine's process ended without a result; the message is what it wrote."""


def ask(
    task: Literal["build", "evaluate"], texts: Sequence[Mapping[str, Any]], budget: int
) -> dict[str, Any]:
    """Return what `build.build` or `evaluate.evaluate` makes of ``texts``, from a child process.

    Works with one thread and ends with it. Raises EngineRefused for a wrong record and
    EngineFailed when the child dies.
    """
    question = json.dumps({"task": task, "budget": budget, "texts": list(texts)})
    done = subprocess.run(
        [sys.executable, "-m", "consult.summaries.engine"],
        input=question.encode("ascii"),
        capture_output=True,
        env={**os.environ, **_ONE_THREAD},
        check=False,
    )
    if done.returncode == _WRONG_RECORD:
        raise EngineRefused(done.stderr.decode("utf-8").strip())
    if done.returncode:
        raise EngineFailed(done.stderr.decode("utf-8", "replace").strip())
    return json.loads(done.stdout)
