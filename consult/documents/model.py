"""What goes into an official document: plain frozen values, filled by whoever asks for one."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct, field


class Letterhead(Struct, frozen=True):
    """The head of a document: who issues it, its number, where and when it was signed.

    ``symbol`` is printed as it stands ("Số: 12/BC-LHH", or "Số:       /BC-LHH" before the number
    is given; "" for a document without one). ``date`` None leaves the day, month and year to be
    written by hand.
    """

    parent_body: str | None
    body: str
    symbol: str
    place: str
    date: date | None


class Signature(Struct, frozen=True):
    """Who signs: on whose authority ("TM. BAN THƯỜNG TRỰC", "KT. CHỦ TỊCH"), office, full name."""

    authority: str | None
    office: str
    name: str | None


class Mau10Response(Struct, frozen=True):
    """The drafting agency's answer: the disposition's label ("Tiếp thu một phần") and reason."""

    disposition: str
    text: str


class Mau10Opinion(Struct, frozen=True):
    """One opinion. A protected ``contributor`` arrives here already masked."""

    contributor: str
    content: str
    proposed_wording: str | None
    quote: str | None
    response: Mau10Response | None
    point_code: str


class Mau10Row(Struct, frozen=True):
    """All opinions on one provision. ``order`` is the provision's place in the draft."""

    provision_key: str
    heading: str
    order: int
    is_general: bool
    opinions: tuple[Mau10Opinion, ...]


class Mau10Dissent(Struct, frozen=True):
    """An opinion that its author upholds; printed word for word."""

    contributor: str
    content: str
    point_code: str


class Labels(Struct, frozen=True):
    """The fixed wording of Mẫu số 10, every piece of it replaceable.

    ``counts`` holds the places "{asked}" and "{received}"; ``point_code`` holds "{code}";
    ``closing`` holds "{subject}".
    """

    title: str = "BẢN TỔNG HỢP Ý KIẾN, TIẾP THU, GIẢI TRÌNH Ý KIẾN GÓP Ý, PHẢN BIỆN XÃ HỘI ĐỐI VỚI"
    counts: str = (
        "1. Tổng số {asked} cơ quan, tổ chức, cá nhân đã gửi xin ý kiến "
        "và tổng số {received} ý kiến nhận được."
    )
    results: str = "2. Kết quả cụ thể như sau:"
    column_provision: str = "NHÓM VẤN ĐỀ / ĐIỀU / KHOẢN"
    column_contributor: str = "CHỦ THỂ GÓP Ý"
    column_content: str = "NỘI DUNG GÓP Ý"
    column_response: str = "Ý KIẾN TIẾP THU, GIẢI TRÌNH"
    quote: str = "Nội dung dự thảo:"
    proposed_wording: str = "Đề nghị sửa thành:"
    point_code: str = "Mã ý kiến: {code}"
    unanswered: str = "Chưa có ý kiến tiếp thu, giải trình"
    continued: str = "(tiếp theo)"
    no_opinions: str = "Không nhận được ý kiến góp ý."
    dissents: str = "3. Ý kiến bảo lưu (ghi nguyên văn):"
    closing: str = (
        "Trên đây là bản tổng hợp ý kiến, tiếp thu, giải trình ý kiến góp ý, phản biện xã hội "
        "đối với {subject}./."
    )


class Mau10(Struct, frozen=True):
    """Mẫu số 10: the account of all opinions on a draft and of the answers to them.

    ``recipients`` are the lines under "Nơi nhận:", without dashes or final marks.
    ``accounting_lines`` follow the count of opinions; ``checkpoint_line`` closes the document.
    """

    letterhead: Letterhead
    subject: str
    legal_basis_sentence: str
    asked_count: int
    received_count: int
    rows: tuple[Mau10Row, ...]
    signature: Signature
    recipients: tuple[str, ...]
    labels: Labels = field(default_factory=Labels)
    dissents: tuple[Mau10Dissent, ...] = ()
    accounting_lines: tuple[str, ...] = ()
    checkpoint_line: str | None = None


class PointRow(Struct, frozen=True):
    """One point in the plain table of all points.

    ``received_at`` is a wall-clock time already in the time zone to be shown; None if unknown.
    ``cosigners`` and ``dissents`` are those of a club's joint submission.
    ``files`` are the names of what is attached, ``page`` is the address at which they are.
    ``channel`` says how it came. ``agree`` and ``disagree`` count the readers who endorse it or
    not; ``hidden`` is why it is hidden from the public, "" where it is not.
    """

    code: str
    provision: str
    stance: str
    content: str
    proposed_wording: str
    contributor: str
    received_at: datetime | None
    disposition: str
    reason: str
    kind: str = ""
    agree: int = 0
    disagree: int = 0
    hidden: str = ""
    cosigners: str = ""
    dissents: str = ""
    files: str = ""
    page: str = ""
    channel: str = ""


class AnswerRow(Struct, frozen=True):
    """One answer to a round's question in the table of answers; `received_at` as in `PointRow`."""

    question: str
    asked: str
    answer: str
    contributor: str
    voice: str
    received_at: datetime | None
