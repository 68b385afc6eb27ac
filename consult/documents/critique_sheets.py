"""Phiếu nhận xét of one member and biên bản of the panel's meeting, as documents' content.

Pure: what the critiques room's queries found goes in, the content comes out.
"""

from __future__ import annotations

from collections.abc import Iterator

from consult.core.i18n import format_datetime, local
from consult.critiques.document_queries import MinutesSheet, ReviewSheet
from consult.critiques.review_models import Rating
from consult.documents.critique_words import (
    CONCLUSIONS,
    NOT_APPLICABLE,
    ROLES,
    SCALE_MEANING,
    WHOLE_DRAFT,
    Issuer,
    capital,
    clock_time,
    day,
    draft_title,
    head,
    inside,
    numbered,
    titled,
    version,
    written,
)
from consult.documents.layout import format_date_vn
from consult.documents.model import Signature
from consult.documents.official import Block, Column, Heading, Official, Table, Words

EVIDENCE, WORDING = "Căn cứ:", "Đề nghị sửa thành:"


def review_document(sheet: ReviewSheet, issuer: Issuer) -> Official:
    """Return the phiếu nhận xét of one sent review."""
    review, member = sheet.review, sheet.member
    draft = draft_title(sheet.commission)
    parts: list[tuple[str, list[Block]]] = [
        ("Thông tin chung", list(_about(sheet))),
        ("Đánh giá theo tiêu chí", list(_ratings(sheet))),
        ("Góp ý theo điều, khoản", list(_remarks(sheet))),
        ("Nhận xét chung", written(review.general)),
        ("Kết luận", [Words(f"{CONCLUSIONS[review.conclusion]}.")] if review.conclusion else []),
    ]
    return Official(
        letterhead=head(issuer, day(review.sent_at)),
        title="Phiếu nhận xét",
        subject=draft,
        state="(Phiếu lần hai, sau khi các phiếu được mở)" if review.number > 1 else "",
        blocks=(
            *numbered(parts),
            Words(f"Trên đây là ý kiến nhận xét của tôi đối với {inside(draft)}./."),
        ),
        signatures=(Signature(None, "Người nhận xét", member.name),),
        small_print=(
            f"Phiếu được gửi trên hệ thống lúc {format_datetime(review.sent_at, seconds=True)}.",
            issuer.log,
        ),
    )


def minutes_document(sheet: MinutesSheet, issuer: Issuer) -> Official:
    """Return the biên bản of the panel's meeting, marked as a draft until both confirmed it."""
    meeting = sheet.meeting
    present = [row for _, row in sheet.attendance if row and row.present]
    came = f"{len(present)}/{len(sheet.attendance)}"
    guests = [Words(meeting.guests, "Khách mời:")] if meeting.guests.strip() else []
    parts: list[tuple[str, list[Block]]] = [
        ("Thời gian, địa điểm", [Words(f"{_period(sheet)}\nĐịa điểm: {meeting.place}.")]),
        (
            "Thành phần",
            [
                *(
                    Words(f"{office}: {who.name}.")
                    for office, who in (("Chủ trì", sheet.chair), ("Thư ký", sheet.secretary))
                    if who
                ),
                Words(f"Có mặt {came} thành viên hội đồng:"),
                _attendance(sheet),
                *guests,
            ],
        ),
        ("Diễn biến cuộc họp", written(meeting.course)),
        ("Kết luận", written(meeting.conclusions)),
    ]
    unconfirmed = "(Dự thảo: chủ tịch và thư ký hội đồng chưa cùng xác nhận)"
    confirmed = (
        f"Chủ tịch hội đồng xác nhận trên hệ thống lúc "
        f"{format_datetime(meeting.chair_confirmed_at, seconds=True)}; thư ký hội đồng xác nhận "
        f"lúc {format_datetime(meeting.secretary_confirmed_at, seconds=True)}."
    )
    return Official(
        letterhead=head(issuer, day(meeting.held_at)),
        title="Biên bản họp hội đồng phản biện",
        subject=draft_title(sheet.commission),
        state="" if meeting.confirmed else unconfirmed,
        blocks=(
            *numbered(parts),
            Words("Biên bản được lập để chủ tịch và thư ký hội đồng cùng xác nhận./."),
        ),
        signatures=(
            Signature(None, "Thư ký", sheet.secretary.name if sheet.secretary else None),
            Signature(None, "Chủ trì", sheet.chair.name if sheet.chair else None),
        ),
        small_print=(confirmed if meeting.confirmed else "", issuer.log),
    )


# --- parts of the phiếu --------------------------------------------------------------------------


def _about(sheet: ReviewSheet) -> Iterator[Block]:
    profile = sheet.member.profile
    lines = [
        ("Người nhận xét", titled(sheet.member)),
        ("Chuyên ngành", profile.speciality if profile else ""),
        ("Đơn vị công tác", profile.organisation_name if profile else ""),
        ("Nhiệm vụ trong hội đồng", ROLES[sheet.member.seat.role.value]),
        ("Cơ quan đặt hàng", sheet.commission.orderer.name),
        ("Văn bản được nhận xét", f"{draft_title(sheet.commission)}, {version(sheet.commission)}"),
    ]
    yield Words("\n".join(f"{label}: {words}." for label, words in lines if words))


def _ratings(sheet: ReviewSheet) -> Iterator[Block]:
    yield Words(SCALE_MEANING)
    given = [(one, sheet.ratings[one.id]) for one in sheet.criteria if one.id in sheet.ratings]
    columns = (
        Column("STT", 0.09, "center"),
        Column("Tiêu chí", 0.71),
        Column("Điểm", 0.2, "center"),
    )
    yield Table(
        columns,
        tuple((str(one.ordinal), one.text, _rated(rating)) for one, rating in given)
        or (("", "Chưa có tiêu chí nào được đánh giá.", ""),),
    )
    for one, rating in given:
        words = [Words(rating.argument), Words(rating.evidence, EVIDENCE)]
        words.append(Words(rating.proposed_wording, WORDING))
        if said := [each for each in words if each.text.strip()]:
            yield Heading(f"{one.ordinal}. {one.text}")
            yield from said


def _remarks(sheet: ReviewSheet) -> Iterator[Block]:
    for number, remark in enumerate(sheet.review.remarks, 1):
        yield Heading(f"{number}. {capital(remark.citation or WHOLE_DRAFT)}")
        yield Words(remark.argument)
        if remark.proposed_wording.strip():
            yield Words(remark.proposed_wording, WORDING)


def _rated(rating: Rating) -> str:
    return NOT_APPLICABLE if rating.not_applicable else f"{rating.value or '–'}"


# --- parts of the biên bản -----------------------------------------------------------------------


def _period(sheet: MinutesSheet) -> str:
    begun, ended = sheet.meeting.held_at, sheet.meeting.ended_at
    same = ended is not None and local(ended).date() == local(begun).date()
    end = f"; kết thúc lúc {clock_time(ended)}{' cùng ngày' if same else ''}" if ended else ""
    if ended and not same:
        end += f", {format_date_vn(local(ended).date())}"
    return f"Bắt đầu lúc {clock_time(begun)}, {format_date_vn(local(begun).date())}{end}."


def _attendance(sheet: MinutesSheet) -> Table:
    columns = (
        Column("STT", 0.09, "center"),
        Column("Họ và tên", 0.36),
        Column("Nhiệm vụ", 0.27),
        Column("Có mặt", 0.28),
    )
    rows: list[tuple[str, ...]] = []
    for number, (who, row) in enumerate(sheet.attendance, 1):
        came = "Chưa ghi" if row is None else "Có mặt" if row.present else "Vắng"
        note = f" ({row.note})" if row and row.note else ""
        rows.append((str(number), titled(who), ROLES[who.seat.role.value], came + note))
    return Table(columns, tuple(rows) or (("", "", "", ""),))
