"""What goes into a comparison table: plain frozen values, filled by whoever asks for one."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from consult.documents.model import Letterhead, Signature

Mark = Literal["", "deleted", "inserted"]

TITLE: Final = "BẢNG SO SÁNH, THUYẾT MINH NỘI DUNG"
COLUMNS: Final = (
    "STT",
    "DỰ THẢO TRƯỚC CHỈNH LÝ",
    "DỰ THẢO SAU CHỈNH LÝ",
    "LÝ DO, THUYẾT MINH",
)
NOTHING: Final = "Hai phiên bản không có nội dung khác nhau."
LEGEND: Final = (
    "Ghi chú: chữ gạch ngang là nội dung được lược bỏ; chữ đậm, gạch chân là nội dung được bổ sung."
)


class Span(Struct, frozen=True):
    """A run of words, and whether it is on this side only."""

    text: str
    mark: Mark = ""


class Side(Struct, frozen=True):
    """A provision in one version: where it stands, and its words; nowhere: no such provision."""

    place: str
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The words without marks."""
        return "".join(span.text for span in self.spans)


class ComparisonRow(Struct, frozen=True):
    """One change: before, after, what became of the provision, why ("" when not given)."""

    before: Side
    after: Side
    kind: str
    reason: str


class ComparisonTable(Struct, frozen=True):
    """The comparison of two versions of a draft; ``versions`` says in words which."""

    letterhead: Letterhead
    subject: str
    versions: str
    rows: tuple[ComparisonRow, ...]
    signature: Signature
    recipients: tuple[str, ...]
