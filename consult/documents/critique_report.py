"""Báo cáo tư vấn, phản biện: a panel's consolidated report, as a document's content."""

from __future__ import annotations

from collections.abc import Iterator

from consult.core.i18n import format_datetime, local
from consult.critiques.document_queries import ReportSheet
from consult.critiques.spread import SCALE, Spread
from consult.documents.critique_words import (
    CONCLUSIONS,
    ROLES,
    SCALE_MEANING,
    WHOLE_DRAFT,
    Issuer,
    capital,
    day,
    draft_title,
    head,
    inside,
    numbered,
    version,
    written,
)
from consult.documents.layout import format_date_vn, format_number_vn
from consult.documents.model import Signature
from consult.documents.official import Block, Column, Heading, Official, Table, Words


def report_document(sheet: ReportSheet, issuer: Issuer) -> Official:
    """Return the báo cáo tư vấn, phản biện, marked until it is signed and delivered.

    Members stand in it by their roles alone; only who signed is named. The orderer's answers,
    which come later, are no part of it.
    """
    draft, report, orderer = (
        draft_title(sheet.commission),
        sheet.report,
        sheet.commission.orderer.name,
    )
    signed = report.signed_at if report else None
    chair = next((seat for seat in sheet.panel if seat.role.value == "chair"), None)
    state = "" if signed else "(Dự thảo: chủ tịch hội đồng chưa ký)"
    if signed and report and report.delivered_at is None:
        state = "(Đã ký, chưa gửi cơ quan đặt hàng)"
    return Official(
        letterhead=head(issuer, day(signed), "BC-HĐPB"),
        title="Báo cáo tư vấn, phản biện",
        subject=draft,
        state=state,
        blocks=(
            *numbered(_report_parts(sheet, issuer)),
            Words(
                f"Trên đây là báo cáo tư vấn, phản biện đối với {inside(draft)}, "
                f"gửi {orderer} xem xét, tiếp thu, giải trình./."
            ),
        ),
        signatures=(
            Signature("TM. Hội đồng", "Chủ tịch", chair.user.full_name if chair else None),
        ),
        recipients=(orderer, issuer.name, "Thành viên hội đồng", "Lưu: VT, HĐ"),
        small_print=(
            f"Chủ tịch hội đồng ký trên hệ thống lúc {format_datetime(signed, seconds=True)}."
            if signed
            else "",
            issuer.log,
        ),
    )


def _report_parts(sheet: ReportSheet, issuer: Issuer) -> list[tuple[str, list[Block]]]:
    report = sheet.report
    dissents = [Words(one.text, f"{_role_of(sheet, one.seat_id)}:") for one in sheet.dissents] or [
        Words("Không có thành viên nào bảo lưu ý kiến.")
    ]
    return [
        ("Căn cứ và quá trình phản biện", list(_course(sheet, issuer))),
        ("Tóm tắt nội dung dự thảo", written(report.summary if report else "")),
        ("Đánh giá chung", written(report.assessment if report else "")),
        ("Phân bố điểm đánh giá theo tiêu chí", list(_spread_of(sheet))),
        ("Nội dung hội đồng thống nhất", written(report.findings if report else "")),
        ("Ý kiến bảo lưu (ghi nguyên văn)", [*dissents]),
        ("Kiến nghị", list(_recommended(sheet))),
        ("Kết luận", list(_concluded(sheet))),
    ]


def _course(sheet: ReportSheet, issuer: Issuer) -> Iterator[Block]:
    order, meeting = sheet.commission, sheet.meeting
    ordered = format_date_vn(local(order.created_at).date())
    yield Words(
        f"Theo đặt hàng của {order.orderer.name} {ordered}, {issuer.name} lập hội đồng gồm "
        f"{format_number_vn(len(sheet.panel))} thành viên để tư vấn, phản biện đối với "
        f"{inside(draft_title(order))}, {version(order)}."
    )
    yield Words(order.scope, "Phạm vi:")
    if order.questions.strip():
        yield Words(order.questions, "Nội dung đề nghị cho ý kiến:")
    opened = f" lúc {format_datetime(order.opened_at)}" if order.opened_at else ""
    moved = len(sheet.moves)
    yield Words(
        f"{len(sheet.reviews)}/{len(sheet.panel)} thành viên gửi phiếu nhận xét. Phiếu của mỗi "
        f"người được giữ kín với những người khác đến khi các phiếu được mở{opened}. "
        + (f"Sau đó có {moved} điểm đánh giá được thay đổi." if moved else "")
    )
    if meeting is not None:
        yield Words(
            f"Hội đồng họp {format_date_vn(local(meeting.held_at).date())} tại {meeting.place}."
        )


def _spread_of(sheet: ReportSheet) -> Iterator[Block]:
    yield Words(f"{SCALE_MEANING} Mỗi ô ghi số thành viên cho điểm đó.")
    columns = (
        Column("Tiêu chí", 0.33),
        *(Column(str(step), 0.065, "center") for step in SCALE),
        Column("Không áp dụng", 0.125, "center"),
        Column("Trung vị", 0.1, "center"),
        Column("Khoảng", 0.12, "center"),
    )
    rows = tuple(
        (f"{line.criterion.ordinal}. {line.criterion.text}", *_numbers(line.spread))
        for line in sheet.lines
    )
    yield Table(columns, rows or (("", *[""] * (len(columns) - 1)),))


def _numbers(spread: Spread) -> tuple[str, ...]:
    middle = "–" if spread.middle is None else f"{spread.middle:g}".replace(".", ",")
    between = "–" if spread.low is None else f"{spread.low}–{spread.high}"
    counts = [spread.counts[step] for step in SCALE] + [spread.not_applicable]
    return (*(str(count) for count in counts), middle, between)


def _recommended(sheet: ReportSheet) -> Iterator[Block]:
    for one in sheet.report.recommendations if sheet.report else ():
        yield Heading(f"{one.ordinal}. {capital(one.citation or WHOLE_DRAFT)}")
        yield Words(one.text)


def _concluded(sheet: ReportSheet) -> Iterator[Block]:
    counts = "; ".join(
        f"{inside(CONCLUSIONS[said])}: {format_number_vn(count)}"
        for said, count in sheet.conclusions.items()
    )
    conclusion = sheet.report.conclusion if sheet.report else None
    if conclusion is not None:
        yield Words(f"Hội đồng kết luận: {inside(CONCLUSIONS[conclusion])}.")
    yield Words(
        f"Kết luận trong phiếu của các thành viên: {counts}. "
        "Kết luận của hội đồng có giá trị tư vấn."
    )


def _role_of(sheet: ReportSheet, seat_id: int) -> str:
    seat = next(seat for seat in sheet.commission.seats if seat.id == seat_id)
    return ROLES[seat.role.value]
