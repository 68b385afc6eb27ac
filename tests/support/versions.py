"""A draft with a round on its first version, points on it, and a revised second version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from consult.consultations.models import Stage
from consult.core import clock
from consult.core.db import transaction
from consult.drafts import services
from consult.drafts.models import DraftVersion, Provision
from consult.drafts.parsing import parse_text
from consult.jobs.runner import run_due
from tests.support import factories as make

TITLE = "Dự thảo Quyết định về chính sách đối với trí thức"
BEFORE = """Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
1. Quyết định này quy định chính sách hỗ trợ trí thức đang công tác trên địa bàn tỉnh.
2. Quyết định này không áp dụng đối với chuyên gia nước ngoài làm việc có thời hạn.
Điều 2. Đối tượng áp dụng
1. Người có trình độ đại học trở lên đang làm việc trong cơ quan, đơn vị của tỉnh.
2. Cơ quan, tổ chức, cá nhân có liên quan đến việc thực hiện chính sách này.
Chương II
CHÍNH SÁCH HỖ TRỢ
Điều 3. Mức hỗ trợ
1. Tiến sĩ được hỗ trợ một lần 100 triệu đồng khi về công tác tại tỉnh.
2. Thạc sĩ được hỗ trợ một lần 50 triệu đồng khi về công tác tại tỉnh.
Điều 4. Hồ sơ
1. Đơn đề nghị hỗ trợ theo mẫu kèm theo Quyết định này.
2. Bản sao văn bằng có chứng thực của cơ quan có thẩm quyền.
"""
AFTER = """Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
1. Quyết định này quy định chính sách hỗ trợ trí thức đang công tác trên địa bàn tỉnh.
2. Quyết định này không áp dụng đối với chuyên gia nước ngoài làm việc có thời hạn.
Điều 2. Giải thích từ ngữ
Trí thức là người có trình độ học vấn cao, có năng lực tư duy độc lập, sáng tạo.
Điều 3. Đối tượng áp dụng
1. Người có trình độ đại học trở lên đang làm việc trong cơ quan, đơn vị của tỉnh.
2. Cơ quan, tổ chức, cá nhân có liên quan đến việc thực hiện chính sách này.
Chương II
CHÍNH SÁCH HỖ TRỢ
Điều 4. Mức hỗ trợ
1. Tiến sĩ được hỗ trợ một lần 200 triệu đồng khi về công tác tại tỉnh.
2. Thạc sĩ được hỗ trợ một lần 50 triệu đồng khi về công tác tại tỉnh.
Điều 5. Hồ sơ
1. Đơn đề nghị hỗ trợ theo mẫu kèm theo Quyết định này.
"""


@dataclass
class Revised:
    """The draft's agency, its official, the round on version 1 and both versions."""

    agency: int
    official: int
    draft: int
    round: int
    old: int
    new: int


def version(app: Flask, text: str, *, agency: int, official: int, draft: int | None = None) -> int:
    """Add a version of the text, as if it had been uploaded; jobs are not run."""
    with app.app_context(), transaction():
        command = services.CreateVersion(
            parse_text(text), TITLE, agency, created_by=official, draft_id=draft
        )
        return services.create_version(command).id


def work(app: Flask) -> None:
    """Run all jobs that are due."""
    with app.app_context():
        run_due()


def freeze(app: Flask, version_id: int) -> None:
    """Show the version to others, as a published round does."""
    with app.app_context(), transaction() as session:
        services.freeze(session.get_one(DraftVersion, version_id), at=clock.now())


def revised(
    app: Flask, before: str = BEFORE, after: str = AFTER, *, stage: Stage = Stage.CLOSED
) -> Revised:
    """Add a draft, a round on it that is over, and the revised draft, compared with the first."""
    with app.app_context():
        agency = make.organisation(name="Sở Khoa học và Công nghệ")
        official = make.user("Phạm Cán Bộ", roles=(("official", agency),))
    old = version(app, before, agency=agency, official=official)
    freeze(app, old)
    with app.app_context():
        closes = timedelta(days=5) if stage is Stage.OPEN else timedelta(days=-1)
        round_id = make.consultation(agency, old, stage=stage, closes=closes)
        with transaction(write=False) as session:
            draft = session.get_one(DraftVersion, old).draft_id
    new = version(app, after, agency=agency, official=official, draft=draft)
    work(app)
    return Revised(agency, official, draft, round_id, old, new)


def keys(app: Flask, version_id: int) -> dict[str, str]:
    """Return the version's provisions' keys by citation."""
    with app.app_context(), transaction(write=False) as session:
        rows = session.execute(
            select(Provision.citation, Provision.key).where(Provision.version_id == version_id)
        )
        return dict(rows.all())
