"""What official documents and tables of a round say; names that are protected stay out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby

from consult.consultations.models import Consultation, QuestionKind
from consult.core.i18n import format_date, local
from consult.core.plain import plain
from consult.core.portal import Portal, portal
from consult.core.settings import settings as installation
from consult.documents import joints, queries
from consult.documents.layout import format_number_vn
from consult.documents.model import (
    AnswerRow,
    Labels,
    Letterhead,
    Mau10,
    Mau10Opinion,
    Mau10Response,
    Mau10Row,
    PointRow,
    Signature,
)
from consult.drafts.models import Provision
from consult.ledger import checkpoints
from consult.ledger.keys import KeyUnavailable
from consult.people.models import Organisation
from consult.responses.models import Disposition, Response
from consult.submissions.answers.models import QuestionAnswer
from consult.submissions.answers.queries import answered_sheets, for_organisation
from consult.submissions.answers.record import in_order
from consult.submissions.attachments.queries import attachments_of_round
from consult.submissions.joint.queries import Signed, signed_in_round
from consult.submissions.models import Authorship, Point, PointKind, Stance
from consult.submissions.queries import contributor
from consult.submissions.voices.queries import Tally, tallies_of_round

PERSON, ORGANISATION = "Cá nhân", "Tổ chức"
SEALED = "Ý kiến được bảo mật"
HIDDEN = "Ý kiến đã bị ẩn khỏi trang công khai. Lý do: {reason}."
HIDDEN_AUTHOR = "Không nêu tên (ý kiến đã bị ẩn)"
GENERAL = "Ý kiến chung về toàn văn dự thảo"
DISPOSITIONS = {
    Disposition.ACCEPTED: "Tiếp thu",
    Disposition.PARTLY_ACCEPTED: "Tiếp thu một phần",
    Disposition.NOT_ACCEPTED: "Không tiếp thu",
    Disposition.NOTED: "Ghi nhận, chuyển cơ quan khác",
}
STANCES = {
    Stance.AGREE: "Tán thành",
    Stance.AGREE_WITH_CHANGES: "Tán thành, đề nghị sửa",
    Stance.DISAGREE: "Không tán thành",
    Stance.NONE: "Không nêu quan điểm",
}
KINDS = {
    PointKind.REMARK: "Nhận xét",
    PointKind.WORDING: "Đề nghị sửa câu chữ",
    PointKind.QUESTION: "Câu hỏi",
    PointKind.OBJECTION: "Ý kiến phản đối",
}
CHANNELS = {
    "online": "Trên cổng",
    "joint": "Trên cổng, góp ý tập thể",
    "import": "Nhập từ bảng tính",
    "paper": "Trên giấy",
    "email": "Qua thư điện tử",
    "meeting": "Tại hội nghị, cuộc họp",
}

# Told while points are read: how many of how many.
Step = Callable[[int, int], None]
Answered = tuple[Point, Response | None]


def mau10(consultation_id: int, step: Step) -> Mau10:
    """Return what Mẫu số 10 of the round says: all standing points, published answers.

    The number and the date are left to be written by hand, as it is signed later. Raises
    LookupError for an unknown round. Reads in a constant number of queries; writes nothing.
    """
    consultation = queries.consultation(consultation_id)
    settings = portal()
    received, withdrawn = queries.received_and_withdrawn(consultation_id)
    signed = signed_in_round(consultation_id)
    pairs = _telling(queries.answered_points(consultation_id), received - withdrawn, step)
    rows = tuple(_rows(pairs, signed))
    answered = sum(opinion.response is not None for row in rows for opinion in row.opinions)
    return Mau10(
        letterhead=letterhead(consultation.agency, settings, settings.agency_symbol),
        subject=consultation.version.draft.title,
        legal_basis_sentence=_opening(consultation, settings),
        asked_count=consultation.asked_count,
        received_count=received,
        rows=rows,
        signature=Signature(None, "Thủ trưởng cơ quan", None),
        recipients=tuple(queries.addressees()),
        labels=_labels(settings),
        dissents=joints.recorded_dissents(signed),
        accounting_lines=_accounting(received, withdrawn, answered),
        checkpoint_line=checkpoint_line(settings),
    )


def checkpoint_line(settings: Portal) -> str | None:
    """Return the log's signed checkpoint on one line, None while the log is empty."""
    try:
        signed = checkpoints.current()
    except KeyUnavailable:
        return None
    if not signed.head.size:
        return None
    return (
        f"Lập từ sổ ghi nhận của {settings.name}, gồm {format_number_vn(signed.head.size)} mục "
        f"tại thời điểm trích xuất. Bản chốt sổ: {' / '.join(signed.note.split())}"
    )


def answer_rows(consultation_id: int) -> list[AnswerRow]:
    """Return the answers that count, by contribution and question; two queries."""
    return [
        AnswerRow(
            question=f"Câu {answer.question.ordinal}",
            asked=answer.question.text,
            answer=_answer_words(answer),
            contributor=contributor_label(sheet.submission.authorship).replace("\n", ", "),
            voice=ORGANISATION if for_organisation(sheet.submission.authorship) else PERSON,
            received_at=sheet.received_at and local(sheet.received_at).replace(tzinfo=None),
        )
        for sheet in answered_sheets(consultation_id)
        for answer in in_order(sheet)
    ]


def _answer_words(answer: QuestionAnswer) -> str:
    question = answer.question
    if question.kind is QuestionKind.SCALE:
        return f"{answer.chosen} (thang 1–{question.steps}: {question.low} – {question.high})"
    labels = dict(question.choices)
    return "\n".join(labels[number] for number in answer.numbers if number in labels)


def contributor_label(authorship: Authorship) -> str:
    """Return the contributor as an official document names him, her or it."""
    who = contributor(authorship)
    if who.sealed:
        return SEALED
    if who.name and who.organisation:
        return f"{who.name}\n{who.organisation}"
    return who.name or who.organisation


def heading(provision: Provision | None) -> str:
    """Return the citation of the provision, with its title if it has one."""
    if provision is None:
        return GENERAL
    citation = provision.citation[:1].upper() + provision.citation[1:]
    return f"{citation}. {provision.title}" if provision.title else citation


def _telling(pairs: Iterable[Answered], total: int, step: Step) -> Iterator[Answered]:
    for done, pair in enumerate(pairs, 1):
        yield pair
        step(done, total)


def _rows(pairs: Iterable[Answered], signed: Mapping[int, Signed]) -> Iterator[Mau10Row]:
    for _provision_id, same in groupby(pairs, key=lambda pair: pair[0].provision_id):
        provision: Provision | None = None
        opinions: list[Mau10Opinion] = []
        for point, response in same:
            provision = point.provision
            opinions.append(_opinion(point, response, signed.get(point.submission_id)))
        yield Mau10Row(
            provision_key=provision.key if provision else "",
            heading=heading(provision),
            order=provision.ordinal if provision else 0,
            is_general=provision is None,
            opinions=tuple(opinions),
        )


def _opinion(point: Point, response: Response | None, signed: Signed | None) -> Mau10Opinion:
    answered = response and Mau10Response(DISPOSITIONS[response.disposition], response.reason)
    if point.hidden_at is not None:  # the document is published: it counts, its words stay out
        words = HIDDEN.format(reason=point.hidden_reason)
        return Mau10Opinion(HIDDEN_AUTHOR, words, None, None, answered, point.code)
    who = contributor_label(point.submission.authorship)
    return Mau10Opinion(
        contributor=f"{who}\n{joints.joint_label(signed)}" if signed else who,
        content=plain(point.argument),
        proposed_wording=point.proposed_wording or None,
        quote=point.quote or None,
        response=answered,
        point_code=point.code,
    )


def point_rows(consultation_id: int, step: Step) -> Iterator[PointRow]:
    """Yield the round's standing points, streamed; a constant number of queries."""
    received, withdrawn = queries.received_and_withdrawn(consultation_id)
    pairs = _telling(queries.answered_points(consultation_id), received - withdrawn, step)
    tallies = tallies_of_round(consultation_id)
    signed = signed_in_round(consultation_id)
    attached = attachments_of_round(consultation_id)
    address = installation().base_url
    for point, response in pairs:
        agree, disagree = tallies.get(point.id, Tally())
        yield PointRow(
            code=point.code,
            provision=heading(point.provision),
            stance=STANCES[point.stance],
            content=plain(point.argument),
            proposed_wording=point.proposed_wording,
            contributor=contributor_label(point.submission.authorship).replace("\n", ", "),
            received_at=point.received_at and local(point.received_at).replace(tzinfo=None),
            disposition=DISPOSITIONS[response.disposition] if response else "",
            reason=response.reason if response else "",
            kind=KINDS[point.kind],
            agree=agree,
            disagree=disagree,
            hidden=point.hidden_reason if point.hidden_at else "",
            cosigners=joints.cosigners(signed.get(point.submission_id)),
            dissents=joints.dissents_of(signed.get(point.submission_id)),
            files="\n".join(file.name for file in attached.get(point.id, ())),
            page=f"{address}/points/{point.id}",
            channel=CHANNELS[point.submission.channel],
        )


def letterhead(agency: Organisation, settings: Portal, kind: str) -> Letterhead:
    """Return the head of a document of the agency, number and date left to be written by hand.

    ``kind`` is what stands before the agency's symbol, "" for nothing.
    """
    symbol = "-".join(part for part in (kind, agency.document_symbol) if part)
    return Letterhead(
        parent_body=agency.parent.name if agency.parent else None,
        body=agency.name,
        symbol=f"Số:       /{symbol}",
        place=agency.place or settings.place,
        date=None,
    )


def _opening(consultation: Consultation, settings: Portal) -> str:
    period = ""
    if consultation.opens_at and consultation.closes_at:
        period = (
            f" từ ngày {format_date(consultation.opens_at)}"
            f" đến ngày {format_date(consultation.closes_at)}"
        )
    # A title begins with "Dự thảo"; inside a sentence the word takes a small letter.
    title = consultation.version.draft.title
    if title.startswith("Dự thảo "):
        title = f"d{title[1:]}"
    return (
        f"{settings.mau10_legal_basis.strip().rstrip('.;,')}, {consultation.agency.name} "
        f"đã tổ chức lấy ý kiến đối với {title}{period}. "
        "Kết quả tổng hợp ý kiến và việc tiếp thu, giải trình như sau:"
    )


def _accounting(received: int, withdrawn: int, answered: int) -> tuple[str, ...]:
    standing = received - withdrawn
    gone = f"; {format_number_vn(withdrawn)} ý kiến đã được người góp ý rút" if withdrawn else ""
    return (
        f"Trong đó: {format_number_vn(standing)} ý kiến được tổng hợp dưới đây{gone}. "
        f"Đã có ý kiến tiếp thu, giải trình: {format_number_vn(answered)}; "
        f"chưa có: {format_number_vn(standing - answered)}.",
    )


def _labels(settings: Portal) -> Labels:
    standard = Labels()
    return Labels(
        title=settings.mau10_title or standard.title,
        column_provision=settings.mau10_column_provision or standard.column_provision,
        column_contributor=settings.mau10_column_contributor or standard.column_contributor,
        column_content=settings.mau10_column_content or standard.column_content,
        column_response=settings.mau10_column_response or standard.column_response,
    )
