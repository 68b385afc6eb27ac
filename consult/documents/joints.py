"""What official documents and tables say of clubs' joint submissions: co-signers, dissents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select

from consult.core.db import db
from consult.documents.layout import format_number_vn
from consult.documents.model import Mau10Dissent
from consult.submissions.joint.queries import Signed
from consult.submissions.models import Point, code_of
from consult.submissions.queries import standing

UNNAMED = "Một thành viên (không nêu tên)"


def joint_label(signed: Signed) -> str:
    """Return what stands below the club's name as the contributor."""
    number = format_number_vn(len(signed.cosigners))
    dissents = len(signed.dissents)
    kept = f"; {format_number_vn(dissents)} ý kiến bảo lưu" if dissents else ""
    return f"(góp ý tập thể, {number} thành viên đồng ký{kept})"


def cosigners(signed: Signed | None) -> str:
    """Return the names of those who signed, for one cell."""
    return "; ".join(signed.cosigners) if signed else ""


def dissents_of(signed: Signed | None) -> str:
    """Return the dissents word for word, for one cell."""
    if signed is None:
        return ""
    return "\n".join(f"{one.name or UNNAMED}: {one.text}" for one in signed.dissents)


def recorded_dissents(signed: Mapping[int, Signed]) -> tuple[Mau10Dissent, ...]:
    """Return each dissent with the codes of the points it goes with; at most one query.

    Of a submission that has no point left which the public may read, none.
    """
    ids = [submission_id for submission_id, one in signed.items() if one.dissents]
    if not ids:
        return ()
    codes: defaultdict[int, list[str]] = defaultdict(list)
    for submission_id, point_id in db.session.execute(
        select(Point.submission_id, Point.id)
        .where(Point.submission_id.in_(ids), Point.hidden_at.is_(None), *standing())
        .order_by(Point.submission_id, Point.ordinal)
    ):
        codes[submission_id].append(code_of(point_id))
    return tuple(
        Mau10Dissent(
            contributor=f"{dissent.name or UNNAMED}, {signed[submission_id].club}",
            content=dissent.text,
            point_code=", ".join(codes[submission_id]),
        )
        for submission_id in ids
        if codes[submission_id]
        for dissent in signed[submission_id].dissents
    )
