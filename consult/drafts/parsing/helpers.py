"""Programs of the operating system that read what this project cannot: which are installed."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache

_LANGUAGE = "vie"


@dataclass(frozen=True, slots=True)
class Helpers:
    """Where each program lies, "" where it is missing.

    ``antiword`` reads Word 6 and 95, ``office`` (LibreOffice) those and .odt and .rtf, ``ocr``
    (tesseract with Vietnamese) scans.
    """

    antiword: str = ""
    office: str = ""
    ocr: str = ""


@cache
def found() -> Helpers:
    """Return the installed programs; looks once, at the first call."""
    tesseract = shutil.which("tesseract") or ""
    return Helpers(
        antiword=shutil.which("antiword") or "",
        office=shutil.which("soffice") or shutil.which("libreoffice") or "",
        ocr=tesseract if tesseract and _knows_vietnamese(tesseract) else "",
    )


def environment(directory: str) -> dict[str, str]:
    """Return what a program may know: ``directory`` as its home, none of the portal's words."""
    words = {
        "HOME": directory, "TMPDIR": directory, "LC_ALL": "C.UTF-8", "PATH": os.defpath,
        "OMP_THREAD_LIMIT": "1",
    }  # fmt: skip
    if "TESSDATA_PREFIX" in os.environ:
        words["TESSDATA_PREFIX"] = os.environ["TESSDATA_PREFIX"]
    return words


def _knows_vietnamese(tesseract: str) -> bool:
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        listed = subprocess.run(
            [tesseract, "--list-langs"], capture_output=True, text=True, timeout=10, check=False,
            stdin=subprocess.DEVNULL, env=environment("/"),
        )  # fmt: skip
        return _LANGUAGE in (listed.stdout + listed.stderr).split()
    return False
