"""A certificate of contributions and a person's own extract as PDF files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

import segno

from consult.core.i18n import local
from consult.critiques.models import PanelRole
from consult.documents import layout
from consult.documents.certificate_models import Certificate
from consult.documents.model import Letterhead
from consult.documents.services import DISPOSITIONS
from consult.documents.typesetting import pdf
from consult.responses.models import Disposition

_TITLE: Final = "GIẤY XÁC NHẬN"
_SUBJECT: Final = "Quá trình tham gia góp ý và phản biện"
_EXTRACT: Final = "BẢN TRÍCH ĐÓNG GÓP"
_BY_ONESELF: Final = "Cá nhân tự trích từ cổng"
_NOT_SIGNED: Final = (
    "Bản này do cá nhân tự trích từ cổng, không được ký và không có giá trị xác nhận."
)
_SEALED_NOTE: Final = (
    "Các dòng ghi “danh tính bảo mật” chỉ có trong bản riêng này của người đóng góp."
)
_ROLES: Final = {
    PanelRole.CHAIR: "Chủ tịch",
    PanelRole.SECRETARY: "Thư ký",
    PanelRole.REVIEWER_1: "Phản biện 1",
    PanelRole.REVIEWER_2: "Phản biện 2",
    PanelRole.MEMBER: "Ủy viên",
}
_UNANSWERED: Final = "Chưa có trả lời"


def certificate(row: Certificate, *, url: str) -> bytes:
    """Return the issued certificate; ``url`` is the page that confirms it, printed with a QR code.

    Raises ValueError for one that was never issued, typesetting.TypesettingFailed.
    """
    contents = row.contents
    if row.number is None or row.code is None or row.decided_at is None:
        raise ValueError(f"certificate {row.id} has not been issued")
    symbol = "-".join(part for part in ("GXN", contents["symbol"]) if part)
    head = Letterhead(
        contents["parent"] or None,
        contents["issuer"],
        f"Số: {row.number:02d}/{symbol}",
        contents["place"],
        local(row.decided_at).date(),
    )
    opening = f"{contents['issuer']} xác nhận {_who(contents)} {_what(contents)}"
    small = [
        f"Mã kiểm tra: {_grouped(row.code)}",
        "Số, ngày cấp, họ tên và số lượng đóng góp được xác nhận công khai tại:",
        url,
    ]
    return _render(
        head,
        contents,
        title=_TITLE,
        opening=opening,
        signature={"office": "NGƯỜI CẤP GIẤY XÁC NHẬN", "name": contents["signer"]},
        small=small,
        qr=url,
    )


def extract(contents: dict[str, Any], *, portal: str, place: str, made_on: date) -> bytes:
    """Return the person's own extract, which nobody signs. Raises typesetting.TypesettingFailed."""
    head = Letterhead(None, portal, "", place, made_on)
    small = [_NOT_SIGNED]
    if any(point["sealed"] for point in contents["points"]):
        small.append(_SEALED_NOTE)
    who = _who(contents)
    return _render(
        head,
        contents,
        title=_EXTRACT,
        opening=f"{who[0].upper()}{who[1:]} {_what(contents)}",
        signature=None,
        small=small,
        qr="",
    )


def _render(
    head: Letterhead,
    contents: dict[str, Any],
    *,
    title: str,
    opening: str,
    signature: dict[str, str] | None,
    small: Sequence[str],
    qr: str,
) -> bytes:
    return pdf(
        "certificate.typ",
        {
            "name": f"{title} {contents['titled']}",
            "head": {
                "parent": (head.parent_body or "").upper(),
                "body": head.body.upper(),
                "symbol": head.symbol,
                "place": layout.place_and_date(head),
                "nation": layout.NATION,
                "motto": layout.MOTTO,
            },
            "title": title,
            "subject": _SUBJECT if signature else _BY_ONESELF,
            "opening": opening,
            "tables": [table for table in _tables(contents) if table["rows"]],
            "signature": signature,
            "small_print": list(small),
            "qr": [list(row) for row in segno.make(qr, error="m", micro=False).matrix]
            if qr
            else [],
        },
    )


def _who(contents: dict[str, Any]) -> str:
    return f"ông (bà) {contents['titled']}"


def _what(contents: dict[str, Any]) -> str:
    points, panels, joint = contents["points"], contents["panels"], contents["joint"]
    instants = [_day(one["at"]) for one in (*points, *panels, *joint)]
    rounds = len({point["round_id"] for point in points})
    parts = [
        f"{len(points)} ý kiến trong {rounds} đợt lấy ý kiến" if points else "",
        f"{len(panels)} lần tham gia hội đồng phản biện" if panels else "",
        f"{len(joint)} văn bản góp ý tập thể đã ký" if joint else "",
    ]
    found = Counter(point["outcome"] for point in points if point["outcome"])
    answered = "; ".join(
        f"{label.lower()}: {found[outcome.value]}"
        for outcome, label in DISPOSITIONS.items()
        if found[outcome.value]
    )
    first, last = (min(instants), max(instants)) if instants else (None, None)
    period = f" từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y}" if first and last else ""
    done = ", ".join(part for part in parts if part) or "chưa có đóng góp nào"
    ending = f" Kết quả trả lời ý kiến: {answered}." if answered else ""
    return f"đã tham gia góp ý, phản biện{period}, gồm: {done}.{ending}"


def _tables(contents: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "heading": "Ý kiến góp ý",
            "columns": ["Mã", "Đợt lấy ý kiến, nội dung góp ý", "Ngày nhận", "Kết quả"],
            "shares": [14, 46, 18, 22],
            "rows": [_point(point) for point in contents["points"]],
        },
        {
            "heading": "Tham gia hội đồng phản biện",
            "columns": ["Nội dung phản biện", "Tư cách", "Ngày gửi phiếu"],
            "shares": [56, 24, 20],
            "rows": [
                [one["title"], _ROLES[PanelRole(one["role"])], f"{_day(one['at']):%d/%m/%Y}"]
                for one in contents["panels"]
            ],
        },
        {
            "heading": "Góp ý tập thể đã ký",
            "columns": ["Văn bản, đợt lấy ý kiến", "Tổ chức", "Ngày gửi"],
            "shares": [48, 34, 18],
            "rows": [
                [
                    f"{one['title']} ({one['round']})",
                    one["organisation"],
                    f"{_day(one['at']):%d/%m/%Y}",
                ]
                for one in contents["joint"]
            ],
        },
    ]


def _point(point: dict[str, Any]) -> list[str]:
    about = f"{point['round']}: {point['citation'] or 'toàn văn dự thảo'}"
    if point["organisation"]:
        about += f" (thay mặt {point['organisation']})"
    if point["sealed"]:
        about += " (danh tính bảo mật)"
    outcome = DISPOSITIONS[Disposition(point["outcome"])] if point["outcome"] else _UNANSWERED
    return [point["code"], about, f"{_day(point['at']):%d/%m/%Y}", outcome]


def _day(instant: str) -> date:
    return local(datetime.fromisoformat(instant)).date()


def _grouped(code: str) -> str:
    return "-".join(code[at : at + 5] for at in range(0, len(code), 5))
