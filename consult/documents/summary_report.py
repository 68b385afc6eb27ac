"""Báo cáo tổng hợp: the Front's full report of a summary."""

from __future__ import annotations

from consult.documents.critique_words import inside, numbered, written
from consult.documents.layout import format_number_vn
from consult.documents.official import Annex, Block, Heading, Official, Words
from consult.documents.summary_annex import apart, appendix
from consult.documents.summary_material import Material
from consult.documents.summary_words import (
    accounting,
    chart,
    course,
    differing,
    dissents,
    figures,
    head,
    issuer,
    opinions,
    others,
    signature,
    subject,
    title,
)
from consult.submissions.models import code_of


def report_document(material: Material) -> Official:
    """Return the full report: the summary word for word, with the lists of all other points.

    Each quoted passage has the point's code and contributor as its footnote.
    """
    agency = material.consultation.agency.name
    return Official(
        letterhead=head(material, material.settings.front_symbol),
        title=material.settings.report_title,
        subject=subject(material),
        state=material.state,
        blocks=(
            *numbered(_parts(material)),
            Words(
                f"Trên đây là báo cáo tổng hợp ý kiến đối với {inside(title(material))} "
                f"của {issuer(material)}./."
            ),
        ),
        signatures=(signature(material),),
        recipients=(*others(material), agency),
        small_print=(_recorded(material), material.log),
        annexes=_annexes(material),
    )


def _parts(material: Material) -> list[tuple[str, list[Block]]]:
    by_provision: list[Block] = []
    for section in material.sections:
        by_provision += opinions(section)
    return [
        (
            "Căn cứ và quá trình lấy ý kiến",
            [Words(course(material)), *written(material.introduction)],
        ),
        (
            "Số liệu tổng hợp",
            [
                Words(figures(material)),
                Words("Mỗi ý kiến nhận được có mặt đúng một lần trong bảng sau:", keep=True),
                accounting(material),
                Words("Quan điểm của các ý kiến theo từng phần của dự thảo:", keep=True),
                chart(material),
            ],
        ),
        ("Ý kiến theo điều, khoản", by_provision),
        ("Ý kiến còn khác nhau", list(differing(material))),
        ("Ý kiến bảo lưu", list(dissents(material))),
        ("Kết luận, kiến nghị", written(material.conclusion)),
    ]


def _recorded(material: Material) -> str:
    leaf = material.manifest.get("leaf")
    if leaf is None:
        return ""
    number = format_number_vn(leaf["index"])
    return f"Báo cáo được ghi tại mục {number} của sổ ghi nhận, mã băm {leaf['hash']}."


def _annexes(material: Material) -> tuple[Annex, ...]:
    listed = appendix(material, in_full=True)
    named = [("Ý kiến không được trích trong báo cáo", listed), *apart(material)]
    parts: list[Block] = []
    for number, (name, blocks) in enumerate([one for one in named if one[1]], 1):
        parts += [Heading(f"{number}. {name}"), *blocks]
    if material.apart.unread:
        codes = ", ".join(
            f"{code_of(point_id)} ({files} tệp)"
            for point_id, files in sorted(material.apart.unread.items())
        )
        parts.append(Words(f"{codes}.", "Của các ý kiến:"))
    return (Annex("PHỤ LỤC", tuple(parts)),) if parts else ()
