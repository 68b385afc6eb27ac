"""The process that takes the metadata out of one file: closes its own doors, answers in bytes.

What a file says of its makers (names, programs, places, instants, identity of a camera) goes; what
a reader sees stays.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from consult.drafts.parsing.child import close_doors
from consult.drafts.parsing.model import Limits, UnreadableDocument

DONE: Final = b"+"
REFUSED: Final = b"-"


def main(arguments: list[str]) -> None:
    """Clean ``arguments`` (path, kind, limits as JSON): print DONE and the clean bytes.

    Or REFUSED and a reason of `UnreadableDocument`. Exits with 3 when memory ran out.
    """
    path, kind, numbers = arguments
    limits = Limits(**json.loads(numbers))
    close_doors(limits)
    sys.stdout.buffer.write(_answer(Path(path), kind, limits))
    sys.stdout.flush()


def _answer(path: Path, kind: str, limits: Limits) -> bytes:
    try:
        return DONE + _cleaner(kind)(path.read_bytes(), limits)
    except UnreadableDocument as refusal:
        return REFUSED + refusal.reason.encode()
    except (MemoryError, RecursionError):
        os._exit(3)
    except Exception:
        # Whatever else a hostile file provokes, it is a damaged file.
        return REFUSED + b"broken"


def _cleaner(kind: str) -> Callable[[bytes, Limits], bytes]:
    # Imported under the limits, so that a fault while loading is confined as well.
    if kind in ("jpg", "png"):
        from consult.drafts.parsing.cleaning_pictures import jpeg, png

        return lambda data, _limits: jpeg(data) if kind == "jpg" else png(data)
    if kind in ("docx", "xlsx", "pptx"):
        from consult.drafts.parsing.cleaning_office import office

        return office
    if kind == "pdf":
        from consult.drafts.parsing.cleaning_pdf import pdf

        return pdf
    raise UnreadableDocument("unsupported_type")
