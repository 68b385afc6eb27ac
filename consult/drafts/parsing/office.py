"""Formats that installed programs turn into ones that are read here."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from consult.drafts.parsing import confined
from consult.drafts.parsing.helpers import Helpers
from consult.drafts.parsing.model import Limits, UnreadableDocument

_SILENT: Final = (
    "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard",
)  # fmt: skip
_MOST_SAID: Final = 100_000


def as_docx(
    path: Path, kind: str, directory: Path, limits: Limits, installed: Helpers
) -> tuple[Path, str]:
    """Return where LibreOffice wrote the file of type ``kind`` as .docx, and its name.

    Raises UnreadableDocument: ``needs_office`` where LibreOffice is missing, ``broken`` when it
    cannot read the file, ``too_slow`` or ``bomb``.
    """
    if not installed.office:
        raise UnreadableDocument("needs_office", extension=f".{kind}")
    given = directory / f"given.{kind}"
    shutil.copyfile(path, given)
    out = directory / "out"
    command = [
        installed.office, f"-env:UserInstallation=file://{directory}/profile", *_SILENT,
        "--convert-to", "docx", "--outdir", str(out), str(given),
    ]  # fmt: skip
    confined.program(
        command, directory=directory, limits=limits, seconds=limits.seconds, most=_MOST_SAID
    )
    made = out / "given.docx"
    # Its exit code says nothing: what counts is whether there is a file.
    if not made.is_file():
        raise UnreadableDocument("broken")
    return made, "given.docx"


def old_word(path: Path, directory: Path, limits: Limits, installed: Helpers) -> tuple[Path, str]:
    """Return a readable form of a Word 6 or 95 file, and its name.

    LibreOffice keeps tables and numbers, antiword the words. Raises as `as_docx` does, with
    ``old_word`` where neither is installed.
    """
    if installed.office:
        return as_docx(path, "doc", directory, limits, installed)
    if not installed.antiword:
        raise UnreadableDocument("old_word")
    given = directory / "given.doc"
    shutil.copyfile(path, given)
    # -w 0: each paragraph on one line.
    command = [installed.antiword, "-m", "UTF-8.txt", "-w", "0", str(given)]
    answer = confined.program(
        command, directory=directory, limits=limits, seconds=limits.seconds, most=limits.max_text
    )
    if answer.code != 0 or not answer.output.strip():
        raise UnreadableDocument("broken")
    made = directory / "given.txt"
    made.write_bytes(answer.output)
    return made, "given.txt"
