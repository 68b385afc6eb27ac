"""Co-signers and dissents of clubs' joint submissions in tables and in Mẫu 10."""

from __future__ import annotations

import csv
import io

from docx import Document
from flask import Flask

from tests.support import factories as make
from tests.support import joints
from tests.support.exports import exported


def test_dissents_are_listed_and_never_merged_away(app: Flask) -> None:
    with app.app_context():
        agency = make.organisation()
        round_id = make.consultation(agency, make.version(agency))
        club = make.organisation("club", "Câu lạc bộ Trí thức trẻ")
        people = [
            make.user(name, verified=True, degree="ThS")
            for name in ("Lê Văn Chủ", "Nguyễn Văn An", "Trần Thị Bình")
        ]
        for n, user_id in enumerate(people):
            make.member(user_id, club, role="chair" if n == 0 else "member")
        joints.whole(
            round_id,
            club,
            chair=people[0],
            signers=people[:2],
            dissents={people[2]: "=Tôi không tán thành."},
        )
        table = exported("points.csv", round_id)
        document = Document(io.BytesIO(exported("mau10.docx", round_id)))
    [row] = csv.DictReader(io.StringIO(table.decode("utf-8-sig")))
    assert row["Đồng ký (góp ý tập thể)"] == "ThS. Lê Văn Chủ; ThS. Nguyễn Văn An"
    dissent = row["Ý kiến bảo lưu (góp ý tập thể)"]
    assert dissent == "Một thành viên (không nêu tên): =Tôi không tán thành."
    words = "\n".join(p.text for p in document.paragraphs)
    assert "Ý kiến bảo lưu (ghi nguyên văn)" in words
    assert "=Tôi không tán thành." in words
    cells = "\n".join(c.text for t in document.tables for row in t.rows for c in row.cells)
    assert "2 thành viên đồng ký; 1 ý kiến bảo lưu" in cells
    assert "Trần Thị Bình" not in words + cells + table.decode("utf-8-sig")
