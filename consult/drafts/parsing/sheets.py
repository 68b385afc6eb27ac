"""The pages of a stored PDF, listed and drawn in a confined process."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from consult.drafts.parsing import confined
from consult.drafts.parsing.child import close_doors
from consult.drafts.parsing.model import DEFAULT, Limits, UnreadableDocument

_MOST_LISTED: Final = 10_000_000
_MOST_PICTURE: Final = 6_000_000
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


class Sheet(NamedTuple):
    """A page: its width and height in points and its first words, none on a scan."""

    width: float
    height: float
    words: str


def sheets(path: Path, *, limits: Limits = DEFAULT) -> list[Sheet]:
    """Return the pages of the PDF at ``path``; half a second for 300.

    Raises UnreadableDocument: ``broken``, ``too_many_pages``, ``too_slow`` or ``bomb``.
    """
    answer = _ask("listed", [str(path.resolve())], limits, _MOST_LISTED)
    try:
        return [Sheet(float(w), float(h), str(words)) for w, h, words in json.loads(answer)]
    except (ValueError, TypeError):
        raise UnreadableDocument("broken") from None


def picture(path: Path, number: int, *, limits: Limits = DEFAULT) -> bytes:
    """Return page ``number`` (from 0) of the PDF at ``path`` as PNG in grey; below half a second.

    Raises UnreadableDocument as `sheets` does, ``broken`` too when there is no such page.
    """
    answer = _ask("drawn", [str(path.resolve()), str(number)], limits, _MOST_PICTURE)
    if not answer.startswith(_SIGNATURE):
        raise UnreadableDocument("broken")
    return answer


def _ask(function: str, arguments: list[str], limits: Limits, most: int) -> bytes:
    with tempfile.TemporaryDirectory(prefix="page-") as directory:
        answer = confined.python(
            "sheets", function, [json.dumps(limits.numbers()), *arguments],
            directory=Path(directory), limits=limits, most=most,
        )  # fmt: skip
    confined.check(answer, limits)
    return answer.output


# --- in the child ------------------------------------------------------------------------------


def listed(arguments: list[str]) -> None:
    """Print the pages as JSON; ``arguments`` are limits as JSON and the path."""

    def answer(limits: Limits) -> bytes:
        from consult.drafts.parsing.readers import pictures

        return json.dumps(pictures.listed(Path(arguments[1]), limits)).encode()

    _print(arguments, answer)


def drawn(arguments: list[str]) -> None:
    """Print the picture of a page; ``arguments`` are limits as JSON, path and number."""

    def answer(_limits: Limits) -> bytes:
        from consult.drafts.parsing.readers import pictures

        return pictures.drawn(Path(arguments[1]), int(arguments[2]))

    _print(arguments, answer)


def _print(arguments: list[str], work: Callable[[Limits], bytes]) -> None:
    """Print what ``work`` makes, nothing when it cannot; exit with 3 when memory ran out."""
    numbers: dict[str, Any] = json.loads(arguments[0])
    limits = Limits(**numbers)
    close_doors(limits)
    try:
        made = work(limits)
    except (MemoryError, RecursionError):
        os._exit(3)
    except Exception:  # whatever a hostile file provokes: there is no picture
        made = b""
    sys.stdout.buffer.write(made)
    sys.stdout.flush()
