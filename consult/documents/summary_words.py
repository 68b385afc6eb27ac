"""What the Front's documents share: head, figures, chart, quotations, what differs, dissents."""

from __future__ import annotations

from collections.abc import Iterator

from consult.core.i18n import format_date
from consult.core.plain import plain
from consult.core.text import shorten
from consult.documents.critique_words import inside
from consult.documents.layout import format_number_vn
from consult.documents.model import Letterhead, Signature
from consult.documents.official import Bars, Block, Column, Heading, Quote, Table, Words
from consult.documents.services import GENERAL, HIDDEN, STANCES, contributor_label
from consult.documents.summary_material import Material
from consult.submissions.models import Point, Stance
from consult.summaries.decision_models import Reason
from consult.summaries.matrix import Line
from consult.summaries.models import Passage
from consult.summaries.sections import SectionView

WHOLE_DRAFT = "Toàn văn dự thảo"
REASONS = {
    Reason.OFF_TOPIC.value: "Không liên quan đến dự thảo",
    Reason.EMPTY.value: "Không có nội dung",
    Reason.INSULT.value: "Có lời lẽ xúc phạm",
    Reason.OTHER.value: "Lý do khác",
}
WITHDRAWN_SINCE = "đã được người góp ý rút sau khi báo cáo được phát hành"
# A chart of more bars is not read at a glance.
_MOST_BARS = 12
_NAME_LENGTH = 60


def subject(material: Material) -> str:
    """Return what the round was about, as it stands under a title."""
    return f"Kết quả lấy ý kiến đối với {inside(title(material))}"


def title(material: Material) -> str:
    """Return what the draft is called."""
    return material.consultation.version.draft.title


def issuer(material: Material) -> str:
    """Return the Front's name."""
    return material.front.name if material.front else "Ủy ban Mặt trận Tổ quốc Việt Nam"


def head(material: Material, symbol: str) -> Letterhead:
    """Return the Front's letterhead, with room for the number when there is a ``symbol``."""
    front, settings = material.front, material.settings
    return Letterhead(
        parent_body=front.parent.name if front and front.parent else None,
        body=issuer(material),
        symbol=f"Số:       /{symbol}" if symbol else "",
        place=(front.place if front else "") or settings.place,
        date=None,
    )


def signature(material: Material) -> Signature:
    """Return who signs for the Front, to be named by hand."""
    return Signature(material.settings.front_authority, material.settings.front_office, None)


def others(material: Material) -> tuple[str, ...]:
    """Return to whom reports go beside their issuer."""
    return tuple(name for name in material.addressees if name != issuer(material))


def course(material: Material) -> str:
    """Return the sentence on who asked whom about what, and when."""
    consultation = material.consultation
    period = ""
    if consultation.opens_at and consultation.closes_at:
        period = (
            f" từ ngày {format_date(consultation.opens_at)}"
            f" đến ngày {format_date(consultation.closes_at)}"
        )
    basis = material.settings.front_legal_basis.strip().rstrip(".;,")
    return (
        f"{basis}, {consultation.agency.name} đã lấy ý kiến đối với {inside(title(material))}"
        f"{period}; {issuer(material)} tổng hợp các ý kiến nhận được."
    )


def figures(material: Material) -> str:
    """Return the sentence on how many contributed what."""
    kept = material.manifest
    gone = "Không có ý kiến nào được rút."
    if kept["withdrawn"]:
        gone = f"{_n(len(kept['withdrawn']))} ý kiến đã được người góp ý rút."
    # Summaries of older releases do not know it.
    texts = ""
    if "texts" in kept:
        texts = (
            " Không kể ý kiến đã rút và ý kiến không đưa vào tổng hợp, có "
            f"{_n(kept['texts'])} nội dung khác nhau."
        )
    return (
        f"Nhận được {_n(kept['received'])} ý kiến trong {_n(kept['submissions'])} bản góp ý "
        f"của {_n(kept['people'])} cá nhân và {_n(kept['organisations'])} tổ chức. {gone}{texts}"
    )


def accounting(material: Material) -> Table:
    """Return where every received point is: the parts add up to the whole."""
    kept, apart = material.manifest, material.apart
    rows = [
        ("Trích nguyên văn trong báo cáo", len(kept["body"])),
        ("Liệt kê tại phụ lục", len(kept["appendix"])),
        ("Trùng với một ý kiến đã trích hoặc liệt kê", apart.number_of_duplicates),
        ("Không đưa vào tổng hợp, có nêu lý do", len(apart.set_aside)),
        ("Đã được người góp ý rút", len(kept["withdrawn"])),
        ("Tổng số ý kiến nhận được", kept["received"]),
    ]
    columns = (Column("Nội dung", 0.72), Column("Số ý kiến", 0.28, "center"))
    return Table(columns, tuple((name, _n(number)) for name, number in rows))


def chart(material: Material, most: int = _MOST_BARS) -> Bars:
    """Return the stances by chapter, or by the draft's outermost parts where it has none.

    Beyond ``most`` bars the least are one.
    """
    rows = list(_by_chapter(material))
    if len(rows) > most:
        by_size = sorted(rows, key=lambda row: -sum(row[1]))
        least = {name for name, _counts in by_size[most - 1 :]}
        rest = [counts for name, counts in rows if name in least]
        rows = [row for row in rows if row[0] not in least]
        summed = tuple(map(sum, zip(*rest, strict=True)))
        rows.append((f"{_n(len(rest))} phần còn lại", summed))
    empty = (WHOLE_DRAFT, (0,) * len(STANCES))
    heads = ("Phần của dự thảo", "Số ý kiến")
    return Bars(heads, tuple(STANCES.values()), tuple(rows) or (empty,))


def _by_chapter(material: Material) -> Iterator[tuple[str, tuple[int, ...]]]:
    known = {line.id: line for line in material.lines}
    found: dict[Line | None, list[int]] = {}
    for section in material.sections:
        numbers = [section.counts.get(stance, 0) for stance in STANCES]
        if not any(numbers):
            continue
        place = _chapter(section.line, known)
        sums = found.setdefault(place, [0] * len(numbers))
        found[place] = [a + b for a, b in zip(sums, numbers, strict=True)]
    for place, sums in found.items():
        name = shorten(heading(place), _NAME_LENGTH) if place else WHOLE_DRAFT
        yield name, tuple(sums)


def _chapter(line: Line | None, known: dict[int, Line]) -> Line | None:
    while line is not None and line.parent_id is not None and line.kind != "chapter":
        line = known[line.parent_id]
    return line


def heading(line: Line | None) -> str:
    """Return the provision's citation with its title, fit to begin a line."""
    if line is None:
        return GENERAL
    return f"{line.place}. {line.title}" if line.title else line.place


def stances(section: SectionView) -> str:
    """Return how many points there are of each stance: "tán thành: 3; không tán thành: 1"."""
    counted = ((name, section.counts.get(stance, 0)) for stance, name in STANCES.items())
    return "; ".join(f"{name[0].lower()}{name[1:]}: {_n(n)}" for name, n in counted if n)


def passage(item: Passage) -> Block:
    """Return the passage word for word, with whose it is as its footnote."""
    return said(item.point, item.text)


def said(point: Point, words: str, *, named: bool = True) -> Block:
    """Return somebody's words, with the code and whose they are as the footnote.

    Of a hidden point only why it is hidden; the code alone where nobody is to be ``named``.
    """
    if point.hidden_at is not None:
        return Words(f"{hidden(point)} ({point.code})")
    note = f"{point.code}, {who(point)}" if named else point.code
    if point.withdrawn_at is not None:
        note = f"{note}; {WITHDRAWN_SINCE}"
    return Quote(plain(words).strip(), f"{note}.")


def hidden(point: Point) -> str:
    """Return what stands in place of the words of a hidden point."""
    return HIDDEN.format(reason=point.hidden_reason)


def who(point: Point) -> str:
    """Return the contributor on one line, as official documents name him, her or it."""
    return contributor_label(point.submission.authorship).replace("\n", ", ")


def differing(material: Material, *, named: bool = True) -> Iterator[Block]:
    """Yield where points stand for and against, and each lone opinion word for word."""
    found = [section for section in material.sections if section.differs]
    if not found:
        yield Words(
            "Không có điều, khoản nào vừa có ý kiến tán thành vừa có ý kiến không tán thành."
        )
    for section in found:
        yield Words(f"{stances(section)}.", f"{heading(section.line)}:")
        for point in section.lone_points():
            yield Words("Ý kiến riêng, ghi nguyên văn:", keep=True)
            yield said(point, point.argument, named=named)


def dissents(material: Material) -> Iterator[Block]:
    """Yield the dissents from clubs' joint submissions word for word."""
    if not material.dissents:
        yield Words("Không có ý kiến bảo lưu trong các bản góp ý tập thể.")
    for one in material.dissents:
        note = f"{one.contributor}; bảo lưu đối với {one.point_code}."
        yield Quote(one.content.strip(), note)


def opinions(section: SectionView) -> Iterator[Block]:
    """Yield one provision: the staff's words, then the passages stance by stance."""
    yield Heading(heading(section.line))
    if section.narrative.strip():
        yield Words(section.narrative)
    for stance in Stance:
        found = section.of(stance)
        if found:
            number = _n(section.counts.get(stance, 0))
            yield Words(f"{number} ý kiến, trích nguyên văn:", f"{STANCES[stance]}:", keep=True)
            yield from map(passage, found)


def _n(number: int) -> str:
    return format_number_vn(number)
