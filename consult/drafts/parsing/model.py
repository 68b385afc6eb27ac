"""The parsed document: provisions, parts, warnings, and their JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from consult.drafts.parsing.messages import WARNINGS

KINDS: Final = (
    "part",
    "chapter",
    "section",
    "subsection",
    "article",
    "clause",
    "letter",
    "bullet",
    "roman",
    "numeral",
    "decimal",
    "appendix",
    "preamble",
    "paragraph",
    "table",
    "quote",
    "signature",
    "recipients",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one untrusted document may cost; bytes, seconds and counts."""

    max_bytes: int = 25_000_000
    memory: int = 512_000_000
    seconds: float = 30.0
    max_text: int = 6_000_000
    max_provisions: int = 20_000
    max_pages: int = 2_000
    max_members: int = 3_000
    max_unpacked: int = 300_000_000
    max_member: int = 40_000_000
    max_ratio: int = 200
    max_scanned: int = 40
    scan_seconds: float = 240.0

    def numbers(self) -> dict[str, float]:
        """Return the limits by name, ready for JSON."""
        return {name: getattr(self, name) for name in Limits.__slots__}


DEFAULT: Final = Limits()


class UnreadableDocument(Exception):
    """A file that cannot become a draft; ``reason`` is a key of ``messages.REASONS``.

    ``params`` fill the placeholders of that message.
    """

    def __init__(self, reason: str, **params: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params: dict[str, str | int] = params


@dataclass(frozen=True, slots=True)
class ParsedWarning:
    """Something a person should look at; ``code`` is a key of ``messages.WARNINGS``.

    ``provision`` is the key of the provision concerned or None; ``line`` counts the lines of
    ``ParsedDocument.text`` from 1, or is None when the whole document is meant.
    """

    code: str
    provision: str | None = None
    line: int | None = None
    params: Mapping[str, str | int] = field(default_factory=dict[str, str | int])

    @property
    def message(self) -> str:
        """The English sentence, parameters filled in."""
        return WARNINGS[self.code] % self.params

    def to_json(self) -> dict[str, Any]:
        """Return the warning as JSON-ready values."""
        return {
            "code": self.code,
            "message": self.message,
            "provision": self.provision,
            "line": self.line,
            "params": dict(self.params),
        }


@dataclass(frozen=True, slots=True)
class ParsedPart:
    """A document within the document: the main text, an attached regulation, an appendix.

    The first part's key is always ``main``; ``start``/``end`` are offsets into the text.
    """

    key: str
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ParsedProvision:
    """An addressable unit.

    ``text`` is its own words: neither its number and title nor its children's text.
    ``start``/``end`` bound the same own extent, heading included, in ``ParsedDocument.text``:
    the extents of all provisions are disjoint and in order. ``number`` is as written ("5a",
    "II", "1.1", "đ"); for bullets, paragraphs, tables and quotations it is the place among
    those of the same parent. ``depth`` is 0 for a unit without parent.
    """

    key: str
    part: str
    kind: str
    number: str
    title: str
    text: str
    parent: str | None
    citation: str
    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document as the parser understood it.

    ``text`` is the whole linear text: NFC, ETH as Đ, wrapped lines joined, one paragraph or
    table row a line. ``remainder`` is what stands in no provision, in order.

    ``reading`` says how the words were recovered when the file did not hold them as such:
    "tcvn3", "vni", "ocr", or "". ``reading_sample`` has lines (before, after); of a scan,
    where there was no text before, the first is "".
    """

    text: str
    parts: tuple[ParsedPart, ...]
    provisions: tuple[ParsedProvision, ...]
    warnings: tuple[ParsedWarning, ...]
    remainder: str
    reading: str = ""
    reading_sample: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the document as JSON-ready values, read back by ``from_json``."""
        return {
            "text": self.text,
            "parts": [{f: getattr(p, f) for f in ParsedPart.__slots__} for p in self.parts],
            "provisions": [
                {f: getattr(p, f) for f in ParsedProvision.__slots__} for p in self.provisions
            ],
            "warnings": [w.to_json() for w in self.warnings],
            "remainder": self.remainder,
            "reading": self.reading,
            "reading_sample": [list(pair) for pair in self.reading_sample],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ParsedDocument:
        """Return the document that ``to_json`` gave; raises KeyError or TypeError on others."""
        parts = cast("list[dict[str, Any]]", data["parts"])
        provisions = cast("list[dict[str, Any]]", data["provisions"])
        warnings = cast("list[dict[str, Any]]", data["warnings"])
        return cls(
            text=str(data["text"]),
            parts=tuple(ParsedPart(**p) for p in parts),
            provisions=tuple(ParsedProvision(**p) for p in provisions),
            warnings=tuple(
                ParsedWarning(w["code"], w["provision"], w["line"], w.get("params") or {})
                for w in warnings
            ),
            remainder=str(data["remainder"]),
            reading=str(data.get("reading") or ""),
            reading_sample=tuple(
                (str(before), str(after)) for before, after in data.get("reading_sample") or ()
            ),
        )
