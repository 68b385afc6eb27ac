"""PDF files: the one door to typst, which runs in a child process.

The typesetter holds some 100 MB while it works and is a foreign library; a child gives all of it
back when it ends, and cannot take the web worker with it when it fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_CHILD: Final = _HERE / "typesetting_child.py"
TEMPLATES: Final = _HERE / "typ"
FONTS: Final = _HERE / "fonts"
SECONDS: Final = 60


class TypesettingFailed(Exception):
    """The typesetter refused the template or did not end in time; the message says which."""


def pdf(template: str, content: Mapping[str, object], *, seconds: int = SECONDS) -> bytes:
    """Return the PDF that ``template`` (a file's name in documents/typ) makes of ``content``.

    The template gets ``content`` as JSON in ``sys.inputs.content``, so that what people wrote
    stays text and is never markup. The same input gives the same bytes: no time of writing and
    nobody's name is in the file. Raises TypesettingFailed, also when it takes longer than
    ``seconds``.
    """
    order = {"template": template, "content": json.dumps(content, ensure_ascii=False)}
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", str(_CHILD), str(TEMPLATES), str(FONTS), str(seconds)],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
            cwd=TEMPLATES,
            # No place of a user's own, so no fonts or packages from there.
            env={"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "RAYON_NUM_THREADS": "1"},
        )
    except subprocess.TimeoutExpired:
        raise TypesettingFailed(f"{template}: not done after {seconds} seconds") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace")[-2000:]
        raise TypesettingFailed(f"{template}: code {done.returncode}: {said}")
    return done.stdout
