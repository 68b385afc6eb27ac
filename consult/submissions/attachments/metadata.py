"""Taking out of a file what it says of its maker, before anybody else gets it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Literal

from consult.drafts.parsing import confined
from consult.drafts.parsing.cleaning import DONE
from consult.drafts.parsing.messages import REASONS
from consult.drafts.parsing.model import DEFAULT, Limits, UnreadableDocument

Kind = Literal["jpg", "png", "docx", "xlsx", "pptx", "pdf"]


def strip(data: bytes, kind: Kind, *, limits: Limits = DEFAULT) -> bytes:
    """Return the file without metadata; what a reader sees stays.

    Out go a picture's Exif, XMP and comments (how it is to be turned stays); an office file's
    properties, thumbnail, names and instants of comments and tracked changes, revision marks,
    paths of its maker's disk; a PDF's information, XMP, attachments, annotators' names, outline
    and tags. Works in a confined child, as parsing does; takes some tenths of a second. Raises
    UnreadableDocument with any reason of ``messages.REASONS``: ``broken`` for a file that is not
    of ``kind``, ``bomb`` or ``too_slow`` for one that takes too much. Writes nothing.
    """
    if len(data) > limits.max_bytes:
        raise UnreadableDocument("too_large", limit=limits.max_bytes // 1_000_000)
    with tempfile.TemporaryDirectory(prefix="clean-") as name:
        path = Path(name) / "file"
        path.write_bytes(data)
        answer = confined.python(
            "cleaning",
            "main",
            [str(path), kind, json.dumps(limits.numbers())],
            directory=Path(name),
            limits=limits,
            most=4 * limits.max_bytes,
        )
    confined.check(answer, limits)
    if not answer.output.startswith(DONE):
        reason = answer.output[1:].decode("ascii", "replace")
        raise UnreadableDocument(reason if reason in REASONS else "broken")
    return answer.output[1:]
