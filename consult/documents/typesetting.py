"""PDF files: the one door to typst, which runs in a child process.

The typesetter holds some 100 MB while it works and is a foreign library; a child gives all of it
back when it ends, and cannot take the web worker with it when it fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_TYPESET: Final = _HERE / "typesetting_child.py"
_JOIN: Final = _HERE / "joining_child.py"
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
    return _child(_TYPESET, template, content, tagged=True, seconds=seconds)[1]


def pdf_of_parts(
    template: str, parts: Sequence[Mapping[str, object]], *, seconds: int = SECONDS
) -> bytes:
    """Return one PDF of all ``parts``, each set by itself so that none takes too much memory.

    Every part gets the number of its first page as "first_page". One part makes a PDF as `pdf`
    does; of several the pages are joined, without tags. The same input gives the same bytes.
    Raises TypesettingFailed, also when a part takes longer than ``seconds``.
    """
    with tempfile.TemporaryDirectory() as folder:
        files: list[str] = []
        page = 1
        for number, part in enumerate(parts):
            content = {**part, "first_page": page}
            pages, written = _child(
                _TYPESET, template, content, tagged=len(parts) == 1, seconds=seconds
            )
            if len(parts) == 1:
                return written
            page += pages
            files.append(f"{folder}/{number}.pdf")
            Path(files[-1]).write_bytes(written)
        return _child(_JOIN, template, {"files": files}, tagged=False, seconds=seconds)[1]


def _child(
    program: Path, template: str, content: Mapping[str, object], *, tagged: bool, seconds: int
) -> tuple[int, bytes]:
    """Return the number of pages and the PDF that the child writes."""
    order = {
        "template": template,
        "content": json.dumps(content, ensure_ascii=False),
        "tagged": tagged,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", str(program), str(TEMPLATES), str(FONTS), str(seconds)],
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
    pages, _, written = done.stdout.partition(b"\n")
    return int(pages), written
