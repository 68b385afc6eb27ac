"""The process that looks into an attached file: refuses what is dangerous, takes the metadata out.

It closes its own doors and answers in bytes, as the one of `cleaning` does.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Final

from consult.drafts.parsing.child import close_doors
from consult.drafts.parsing.cleaning import DONE, REFUSED
from consult.drafts.parsing.model import Limits, UnreadableDocument

# Refusals that this process gives; the sentences are the caller's.
REASONS: Final = frozenset(
    {
        "not_allowed", "broken", "bomb", "too_many_pages", "encrypted", "macros", "embedded",
        "external", "active", "entities", "polyglot", "virus", "too_many_pixels",
    }
)  # fmt: skip
# Every scanner calls this harmless line a virus, so that one can try it (eicar.org, 2006).
EICAR: Final = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!"
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADS: Final = (
    (b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (_ZIP, "zip"),
)  # fmt: skip


def main(arguments: list[str]) -> None:
    """Look into ``arguments`` (path, limits as JSON): print DONE, kind, a new line, clean bytes.

    Or REFUSED and one of REASONS. Exits with 3 when memory ran out.
    """
    path, numbers = arguments
    limits = Limits(**json.loads(numbers))
    close_doors(limits)
    sys.stdout.buffer.write(_answer(Path(path), limits))
    sys.stdout.flush()


def _answer(path: Path, limits: Limits) -> bytes:
    try:
        kind, clean = looked_into(path.read_bytes(), limits)
        return DONE + kind.encode() + b"\n" + clean
    except UnreadableDocument as refusal:
        return REFUSED + refusal.reason.encode()
    except (MemoryError, RecursionError):
        os._exit(3)
    except Exception:
        # Whatever else a hostile file provokes, it is a damaged file.
        return REFUSED + b"broken"


def looked_into(data: bytes, limits: Limits) -> tuple[str, bytes]:
    """Return what the file is ("pdf", "docx", "xlsx", "png", "jpg") and it without metadata.

    Raises UnreadableDocument with one of REASONS.
    """
    if EICAR in data:
        raise UnreadableDocument("virus")
    kind = next((kind for head, kind in _HEADS if data.startswith(head)), "")
    # Imported under the limits, so that a fault while loading is confined as well.
    if kind in ("png", "jpg"):
        from consult.drafts.parsing import attached_pictures, cleaning_pictures

        attached_pictures.check(data, kind)
        clean = cleaning_pictures.png if kind == "png" else cleaning_pictures.jpeg
        return kind, clean(data)
    if kind == "pdf":
        from consult.drafts.parsing import attached_pdf, cleaning_pdf

        attached_pdf.check(data)
        made = cleaning_pdf.pdf(data, limits)
        attached_pdf.check(made)  # now that nothing in it is packed or hidden
        return kind, made
    if kind == "zip":
        from consult.drafts.parsing import attached_office, cleaning_office

        kind = attached_office.check(data, limits)
        return kind, cleaning_office.office(data, limits)
    if data.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableDocument("encrypted")
    # A PDF may begin after other bytes; those make it another file for another program.
    raise UnreadableDocument("polyglot" if b"%PDF-" in data[:1100] else "not_allowed")
