"""The fields of a filled Word form (content controls), read in a confined process."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# (lxml's element types are partial; elements pass through as Any.)
from __future__ import annotations

import json
import os
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from consult.drafts.parsing import confined
from consult.drafts.parsing.child import close_doors
from consult.drafts.parsing.detect import detect
from consult.drafts.parsing.messages import REASONS
from consult.drafts.parsing.model import Limits, UnreadableDocument

FORM: Final = Limits(max_bytes=5_000_000, seconds=15.0)

_MOST_ANSWERED: Final = 20_000_000
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Besides the body: people write remarks in Word's margin and in notes as well.
_PARTS: Final = ("document", "comments", "footnotes", "endnotes")


class Control(NamedTuple):
    """A field: its tag, and its text with a line for each that was typed; "" when not filled."""

    tag: str
    text: str


class FilledForm(NamedTuple):
    """The fields in the file's order, and each line of text that stands in none of them."""

    controls: list[Control]
    outside: list[str]


def read(data: bytes, *, limits: Limits = FORM) -> FilledForm:
    """Return the fields and the other text of a Word file from outside; some tenths of a second.

    Raises UnreadableDocument with any reason of ``messages.REASONS`` that a .docx can have.
    """
    if len(data) > limits.max_bytes:
        raise UnreadableDocument("too_large", limit=limits.max_bytes // 1_000_000)
    with tempfile.TemporaryDirectory(prefix="form-") as name:
        path = Path(name) / "form.docx"
        path.write_bytes(data)
        detect(path, path.name, limits)
        answer = confined.python(
            "controls", "main", [str(path), json.dumps(limits.numbers())],
            directory=Path(name), limits=limits, most=_MOST_ANSWERED,
        )  # fmt: skip
    confined.check(answer, limits)
    return _understood(answer.output)


def _understood(answer: bytes) -> FilledForm:
    try:
        told = cast("dict[str, Any]", json.loads(answer))
        if "reason" in told:
            reason = str(told["reason"])
            raise UnreadableDocument(reason if reason in REASONS else "broken")
        fields = [Control(str(tag), str(text)) for tag, text in told["controls"]]
        return FilledForm(fields, [str(line) for line in told["outside"]])
    except (ValueError, KeyError, TypeError):
        raise UnreadableDocument("broken") from None


# --- in the child ------------------------------------------------------------------------------


def main(arguments: list[str]) -> None:
    """Print what is in the file as JSON; ``arguments`` are path and limits as JSON."""
    path, numbers = arguments
    limits = Limits(**json.loads(numbers))
    close_doors(limits)
    try:
        told: dict[str, Any] = _told(Path(path), limits)
    except UnreadableDocument as refusal:
        told = {"reason": refusal.reason}
    except (MemoryError, RecursionError):
        os._exit(3)
    except Exception:  # whatever else a hostile file provokes: it is a damaged file
        told = {"reason": "broken"}
    sys.stdout.write(json.dumps(told))
    sys.stdout.flush()


def _told(path: Path, limits: Limits) -> dict[str, Any]:
    from consult.drafts.parsing.readers.xml import child, load

    reader = _Reader()
    with zipfile.ZipFile(path) as archive:
        for part in _PARTS:
            root = load(archive, f"word/{part}.xml", limits)
            if part == "document" and (root is None or child(root, "body") is None):
                raise UnreadableDocument("broken")
            if root is not None:
                reader.walk(root)
    if sum(map(len, reader.outside)) > limits.max_text:
        raise UnreadableDocument("bomb")
    return {"controls": reader.controls, "outside": reader.outside}


class _Reader:
    """Walks through a part: what is in a tagged field goes there, all else is outside."""

    def __init__(self) -> None:
        from consult.drafts.parsing.readers.xml import W

        self.w = W
        self.controls: list[tuple[str, str]] = []
        self.outside: list[str] = []
        self._gone = {f"{W}{n}" for n in ("del", "moveFrom", "delText", "instrText", "pPr", "rPr")}
        self._gone.add(_FALLBACK)
        self._chars = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}

    def walk(self, root: Any) -> None:
        """Note the fields and the lines of a part, in order."""
        lines = "".join(self._pieces(root, outside=True)).split("\n")
        self.outside += [line.strip() for line in lines if line.strip()]

    def _pieces(self, node: Any, *, outside: bool) -> Iterator[str]:
        """Yield the text in ``node``, a line end after each paragraph; fields aside."""
        for part in node.iterchildren():
            if part.tag in self._gone:
                continue
            if part.tag == f"{self.w}sdt" and outside and self._field(part):
                continue
            if part.tag == f"{self.w}t":
                yield part.text or ""
            elif part.tag in self._chars:
                yield self._chars[part.tag]
            else:
                yield from self._pieces(part, outside=outside)
                if part.tag == f"{self.w}p":
                    yield "\n"

    def _field(self, sdt: Any) -> bool:
        """Note a field, and return whether it is one: it has a tag."""
        from consult.drafts.parsing.readers.xml import child, switched_on, value

        properties, content = child(sdt, "sdtPr"), child(sdt, "sdtContent")
        tag = value(properties, "tag") or self._tag_elsewhere(properties)
        if not tag or content is None:
            return False
        empty = switched_on(properties, "showingPlcHdr")
        text = "" if empty else "".join(self._pieces(content, outside=False))
        self.controls.append((tag, text.strip("\n")))
        return True

    def _tag_elsewhere(self, properties: Any) -> str:
        """Return the tag that a field has in its name or its choices, "" for none.

        LibreOffice 7.4 writes no tags, and of a list no name.
        """
        from consult.drafts.parsing.readers.xml import child, value

        _, _, named = (value(properties, "alias") or "").rpartition(" [")
        if named.endswith("]"):
            return named[:-1]
        choice = child(child(properties, "dropDownList"), "listItem")
        given = "" if choice is None else choice.get(f"{self.w}value") or ""
        return given.partition(":")[0] if ":" in given else ""
