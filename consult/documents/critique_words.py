"""What the three documents of a commissioned critique share: names of things, head, numbering."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct

from consult.core.i18n import local
from consult.critiques.document_queries import Person
from consult.critiques.models import Commission
from consult.critiques.review_models import Conclusion
from consult.documents.model import Letterhead
from consult.documents.official import Block, Heading, Words
from consult.people.fields import with_title
from consult.people.models import Organisation

PANEL = "Hội đồng phản biện"
ROLES = {
    "chair": "Chủ tịch hội đồng",
    "secretary": "Thư ký hội đồng",
    "reviewer_1": "Phản biện 1",
    "reviewer_2": "Phản biện 2",
    "member": "Ủy viên hội đồng",
}
CONCLUSIONS = {
    Conclusion.APPROVE: "Tán thành",
    Conclusion.APPROVE_IF_AMENDED: "Tán thành với điều kiện chỉnh sửa",
    Conclusion.DISAPPROVE: "Không tán thành",
}
WHOLE_DRAFT = "Toàn văn dự thảo"
NOT_APPLICABLE = "Không áp dụng"
SCALE_MEANING = "Thang điểm từ 1 (kém) đến 5 (rất tốt)."
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")


class Issuer(Struct, frozen=True):
    """Who keeps the panels: the union (None: not registered), its place; the log's small print."""

    union: Organisation | None
    place: str
    log: str

    @property
    def name(self) -> str:
        """Return the union's name."""
        return self.union.name if self.union else "Liên hiệp các Hội Khoa học và Kỹ thuật"


def numbered(parts: list[tuple[str, list[Block]]]) -> Iterator[Block]:
    """Yield the parts that hold something under Roman numbers."""
    full = [(heading, blocks) for heading, blocks in parts if blocks]
    for number, (heading, blocks) in zip(_ROMAN, full, strict=False):
        yield Heading(f"{number}. {heading.upper()}")
        yield from blocks


def written(text: str) -> list[Block]:
    """Return what somebody wrote, or nothing for blank words."""
    return [Words(text)] if text.strip() else []


def head(issuer: Issuer, dated: date | None, symbol: str = "") -> Letterhead:
    """Return the panel's letterhead, with room for a number when there is a ``symbol``."""
    number = f"Số:       /{symbol}" if symbol else ""
    return Letterhead(issuer.name, PANEL, number, issuer.place, dated)


def draft_title(commission: Commission) -> str:
    """Return what the draft under critique is called."""
    return commission.version.draft.title


def version(commission: Commission) -> str:
    """Return which version of it is meant, inside a sentence."""
    return f"phiên bản {commission.version.number}"


def titled(person: Person) -> str:
    """Return the name with degree and title as the secretariat verified them."""
    facts = person.profile.verified_facts if person.profile else {}
    return with_title(person.name, facts.get("academic_title", ""), facts.get("degree", ""))


def inside(words: str) -> str:
    """Return words that begin a line as they stand inside a sentence."""
    own = ("Dự thảo ", *CONCLUSIONS.values())
    return words[:1].lower() + words[1:] if words.startswith(own) else words


def capital(words: str) -> str:
    """Return words as they stand at the beginning of a line."""
    return words[:1].upper() + words[1:]


def day(instant: datetime | None) -> date | None:
    """Return the date of the instant in the portal's zone."""
    return local(instant).date() if instant else None


def clock_time(instant: datetime) -> str:
    """Return "08 giờ 30 phút" in the portal's zone."""
    return f"{local(instant):%H giờ %M phút}"
