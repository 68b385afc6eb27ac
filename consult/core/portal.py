"""The portal's own settings, which an administrator edits: names, place, document symbols."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.db import Base, db


class PortalSetting(Base):
    """One edited setting; what is not here has the default of `Portal`."""

    __tablename__ = "portal_settings"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class Portal(Struct, frozen=True):
    """The settings in force; every one is text, printed as it stands."""

    name: str = "Cổng góp ý và phản biện của trí thức"
    province: str = "Đồng Nai"
    place: str = "Đồng Nai"
    contact_email: str = ""
    front_symbol: str = "BC-MTTQ-BTT"
    agency_symbol: str = "BTH"
    mau10_legal_basis: str = (
        "Căn cứ Luật Ban hành văn bản quy phạm pháp luật và quy định về phản biện xã hội"
    )
    # Working days after a round's closing within which the agency answers; empty: no period.
    answer_days: str = "15"
    # Wording of Mẫu số 10; empty is the wording of the form itself.
    mau10_title: str = ""
    mau10_column_provision: str = ""
    mau10_column_contributor: str = ""
    mau10_column_content: str = ""
    mau10_column_response: str = ""
    # Wording of the Front's documents.
    report_title: str = "Báo cáo tổng hợp"
    brief_title: str = "Báo cáo tóm tắt"
    annex_title: str = "Phụ lục công khai"
    letter_title: str = "Văn bản phản biện xã hội"
    letter_symbol: str = "MTTQ-BTT"
    front_legal_basis: str = (
        "Căn cứ quy định của pháp luật về giám sát và phản biện xã hội của "
        "Mặt trận Tổ quốc Việt Nam"
    )
    front_authority: str = "TM. Ban Thường trực"
    front_office: str = "Chủ tịch"
    reply_request: str = (
        "Đề nghị cơ quan chủ trì soạn thảo nghiên cứu, tiếp thu, giải trình đầy đủ từng ý kiến "
        "nêu trên và thông báo kết quả bằng văn bản"
    )
    # Why staff may hide an opinion from the public, one reason a line; published as they stand.
    hiding_reasons: str = (
        "Nội dung không liên quan đến dự thảo\n"
        "Xúc phạm, công kích cá nhân hoặc tổ chức\n"
        "Tiết lộ bí mật nhà nước, bí mật kinh doanh hoặc dữ liệu cá nhân\n"
        "Quảng cáo\n"
        "Thư rác hoặc nội dung gửi trùng lặp hàng loạt\n"
        "Nội dung vi phạm pháp luật"
    )
    notice: str = ""


def portal() -> Portal:
    """Return the settings in force; one query for each session."""
    cached = db.session().info.get("portal")
    if cached is None:
        known = set(Portal.__struct_fields__)
        rows = db.session.execute(select(PortalSetting.key, PortalSetting.value))
        cached = Portal(**{row.key: row.value for row in rows if row.key in known})
        db.session().info["portal"] = cached
    return cached


def save_portal(changed: dict[str, str]) -> None:
    """Store the settings in ``changed``; KeyError for one that `Portal` does not have."""
    known = set(Portal.__struct_fields__)
    for key, value in changed.items():
        if key not in known:
            raise KeyError(key)
        db.session.merge(PortalSetting(key=key, value=value))
    db.session().info.pop("portal", None)
