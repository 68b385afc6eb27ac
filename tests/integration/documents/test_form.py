"""The form of a round: downloaded, filled in, read back into the basket; what cannot be taken."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from consult.consultations.queries import consultation as load_round
from consult.core.db import transaction
from consult.core.text import nfc
from consult.documents import form_reading
from consult.documents.form_file import render
from consult.documents.form_places import FormOf, form_of
from consult.documents.services import KINDS, STANCES
from consult.drafts import queries as drafts
from consult.drafts.models import Provision
from consult.drafts.parsing import controls
from consult.submissions.models import Point, PointKind, Stance
from tests.support import factories as make
from tests.support.browsing import post, signed_in
from tests.support.filled_forms import as_libreoffice, body, fill, typed, with_body
from tests.support.statements import counted

FULL = {
    "kind": "Đề nghị sửa câu chữ",
    "stance": "Tán thành, đề nghị sửa",
    "argument": "Mức này **chưa đủ**.\n\nXem\tbáo cáo <năm> & phụ lục.",
    "wording": "Hỗ trợ 20 triệu đồng mỗi năm.",
}


@dataclass
class Case:
    """An open round, its places in the form, and an author's browser."""

    app: Flask
    round_id: int
    version_id: int
    agency_id: int
    slots: dict[str, str]
    browser: FlaskClient

    def form(self, **query: str) -> bytes:
        answer = self.browser.get(f"/rounds/{self.round_id}/form.docx", query_string=query)
        assert answer.status_code == 200
        return answer.data

    def upload(self, data: bytes, name: str = "phieu.docx", **options: Any) -> Any:
        file = (io.BytesIO(data), name)
        url = f"/rounds/{self.round_id}/form"
        return post(self.browser, url, {"file": file}, follow_redirects=False, **options)

    def points(self) -> list[Point]:
        with self.app.app_context(), transaction(write=False) as session:
            statement = select(Point).order_by(Point.ordinal)
            rows = list(session.scalars(statement))
            for row in rows:
                _ = row.provision, row.question
            session.expunge_all()
            return rows


@pytest.fixture
def case(app: Flask) -> Case:
    with app.app_context():
        agency = make.organisation()
        version = make.version(agency, title="Dự thảo Quyết định <đãi ngộ> & trọng dụng")
        round_id = make.consultation(agency, version)
        make.question(round_id, 1, text="Còn vướng mắc gì?")
        author = make.user(verified=True)
        with transaction(write=False) as session:
            found = session.execute(
                select(Provision.key, Provision.id).where(Provision.version_id == version)
            )
            slots = {key: f"p{id_}" for key, id_ in found}
    return Case(app, round_id, version, agency, slots, signed_in(app, author))


def test_a_filled_form_becomes_points_in_the_basket_and_nothing_is_sent(case: Case) -> None:
    filled = fill(
        case.form(),
        [
            ("p0", {"argument": "Dự thảo cần thiết."}),
            (case.slots["d2"], FULL),
            (case.slots["d2"], {"stance": "Không tán thành", "argument": "Ý thứ hai."}),
            ("q1", {"argument": "Vướng thủ tục."}),
        ],
    )
    answer = case.upload(filled)
    assert answer.status_code == 303
    assert answer.location.endswith(f"/rounds/{case.round_id}/basket")
    whole, full, second, question = case.points()
    assert (whole.provision, whole.argument, whole.stance) == (
        None, "Dự thảo cần thiết.", Stance.NONE,
    )  # fmt: skip
    assert full.provision is not None
    assert full.provision.key == "d2"
    assert (full.kind, full.stance) == (PointKind.WORDING, Stance.AGREE_WITH_CHANGES)
    assert (full.argument, full.proposed_wording) == (FULL["argument"], FULL["wording"])
    assert (second.argument, second.stance) == ("Ý thứ hai.", Stance.DISAGREE)
    assert question.question is not None
    assert question.question.ordinal == 1
    assert all(point.received_at is None for point in case.points())


def test_the_same_form_read_again_adds_nothing(case: Case) -> None:
    filled = fill(case.form(), [("p0", {"argument": "Một ý."}), ("p0", {"argument": "Một ý."})])
    for _again in range(2):
        assert case.upload(filled).status_code == 303
    assert [point.argument for point in case.points()] == ["Một ý.", "Một ý."]


def test_statements_do_not_grow_with_the_points(case: Case) -> None:
    few = fill(case.form(), [("p0", {"argument": "Ý."})])
    many = fill(case.form(), [("p0", {"argument": f"Ý thứ {n}."}) for n in range(40)])
    with counted(case.app) as first:
        case.upload(few)
    with counted(case.app) as second:
        case.upload(many)
    assert len(second) <= len(first) <= 30  # with the page that the test takes its token from


def test_what_stands_outside_the_fields_is_shown(case: Case) -> None:
    filled = fill(case.form(), [("p0", {"argument": "Một ý."})])
    markup = body(filled).replace(
        "<w:sectPr", "<w:p><w:r><w:t>Viết ra ngoài ô</w:t></w:r></w:p><w:sectPr", 1
    )
    answer = case.upload(with_body(filled, markup))
    assert answer.status_code == 200
    assert "Viết ra ngoài ô" in answer.text
    assert "Ý kiến chung" not in answer.text  # the form's own words are not the person's
    assert len(case.points()) == 1


def test_what_cannot_be_taken_is_shown_with_its_words(case: Case) -> None:
    slot = case.slots["d1"]
    points = [
        (slot, {"stance": "Tán thành", "wording": "Chỉ có câu chữ."}),
        (slot, {"argument": "Dài. " * 5000}),
        (slot, {"kind": "Đề nghị sửa câu chữ", "argument": "Thiếu câu chữ."}),
        (slot, {"stance": "Lưng chừng", "argument": "Quan điểm lạ."}),
    ]
    answer = case.upload(fill(case.form(), points))
    assert answer.status_code == 200
    for words in ("Chỉ có câu chữ.", "Dài. Dài.", "Thiếu câu chữ.", "Lưng chừng"):
        assert words in answer.text
    taken = [(point.argument, point.kind, point.stance) for point in case.points()]
    assert taken == [
        ("Thiếu câu chữ.", PointKind.REMARK, Stance.NONE),
        ("Quan điểm lạ.", PointKind.REMARK, Stance.NONE),
    ]


def test_the_form_of_a_chapter_asks_about_it_only(case: Case) -> None:
    markup = body(case.form(part="c1"))
    assert f'"{case.slots["d1"]}.argument"' in markup
    filled = fill(case.form(part="c1"), [(case.slots["d1"], {"argument": "Trong chương."})])
    assert case.upload(filled).status_code == 303
    answer = case.browser.get(f"/rounds/{case.round_id}/form.docx?part=khong-co")
    assert answer.status_code == 404


def test_other_forms_and_files_are_refused_with_a_sentence(case: Case) -> None:
    with case.app.app_context():
        other = make.consultation(case.agency_id, case.version_id)
    theirs = case.browser.get(f"/rounds/{other}/form.docx").data
    blank = case.form()
    mark = f"consult.{case.round_id}.{case.version_id}.0"
    assert mark in body(blank)
    changed = with_body(blank, body(blank).replace(mark, f"consult.{case.round_id}.999.0"))
    lost = with_body(blank, "<w:document xmlns:w='http://schemas.openxmlformats.org/"
                     "wordprocessingml/2006/main'><w:body/></w:document>")  # fmt: skip
    entity = with_body(blank, f"<!DOCTYPE x [<!ENTITY a 'b'>]>{body(blank).partition('?>')[2]}")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 30_000_000)
    for data, name, words in (
        (theirs, "phieu.docx", "đợt lấy ý kiến khác"),
        (changed, "phieu.docx", "văn bản khác"),
        (lost, "phieu.docx", "không phải là phiếu"),
        (blank, "phieu.docx", "Phiếu còn trống"),
        (entity, "phieu.docx", "khai báo thực thể"),
        (bomb.getvalue(), "phieu.docx", "giải nén"),
        (b"%PDF-1.7 ...", "phieu.docx", "(.docx)"),
        (blank, "phieu.odt", "(.docx)"),
        (b"PK\x03\x04 damaged", "phieu.docx", "hỏng"),
        (b"", "", "chọn tệp phiếu"),
    ):
        answer = case.upload(data, name)
        assert answer.status_code == 422, name
        assert words in answer.text, words
    assert case.points() == []


def test_tracked_changes_and_comments_are_read_as_they_are_seen(case: Case) -> None:
    slot = case.slots["d3"]
    filled = fill(case.form(), [(slot, {"argument": "XX"})])
    markup = body(filled).replace(
        '<w:r><w:t xml:space="preserve">XX</w:t></w:r>',
        "<w:ins><w:r><w:t>mới</w:t></w:r></w:ins><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del>",
    )
    assert case.upload(with_body(filled, markup)).status_code == 303
    assert [point.argument for point in case.points()] == ["mới"]


def test_a_form_saved_by_libreoffice_is_read_the_same(case: Case) -> None:
    slot = case.slots["d2"]
    filled = fill(case.form(), [("p0", {"argument": "Một ý."}), (slot, FULL), (slot, FULL)])
    markup = as_libreoffice(body(filled))
    assert "<w:tag " not in markup
    # Who types before or behind the prompt leaves it standing.
    markup = markup.replace("Một ý.", "Nhấn vào đây để ghiMột ý.")
    assert case.upload(with_body(filled, markup)).status_code == 303
    read = [(p.argument, p.stance, p.kind, p.proposed_wording) for p in case.points()]
    full = (FULL["argument"], Stance.AGREE_WITH_CHANGES, PointKind.WORDING, FULL["wording"])
    assert read == [("Một ý.", Stance.NONE, PointKind.REMARK, ""), full, full]


TEXTS = st.text(
    st.characters(exclude_categories=("C",)) | st.sampled_from("\n\t"), min_size=1, max_size=60
).map(lambda text: nfc(text).strip())


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_any_points_come_back_as_they_were(lines: Lines, data: st.DataObject) -> None:
    slots = ["p0", *(f"p{line.id}" for line in lines.form.places)]
    drawn = st.lists(
        st.tuples(
            st.sampled_from(slots),
            st.sampled_from(list(PointKind)),
            st.sampled_from(list(Stance)),
            TEXTS.filter(bool),
            TEXTS,
        ),
        min_size=1,
        max_size=8,
    )
    points = [
        (slot, PointKind.REMARK if kind is PointKind.WORDING and not wording else kind, *rest)
        for slot, kind, *rest in data.draw(drawn)
        for wording in rest[-1:]
    ]
    filled = fill(
        lines.blank,
        [
            (slot, {"kind": KINDS[kind], "stance": STANCES[stance], "argument": a, "wording": w})
            for slot, kind, stance, a, w in points
        ],
    )
    read = form_reading.understand(controls.read(filled), lines.form, "https://vi.example")
    keys = {f"p{line.id}": line.key for line in lines.form.places}
    expected = [(keys.get(slot), *rest) for slot, *rest in points]
    expected.sort(key=lambda row: [None, *keys.values()].index(row[0]))
    assert [
        (p.provision, p.kind, p.stance, p.argument, p.proposed_wording) for p in read.points
    ] == expected
    assert (read.problems, read.outside) == ([], [])


@dataclass
class Lines:
    """A form and its empty file."""

    form: FormOf
    blank: bytes = field(repr=False)


@pytest.fixture
def lines(case: Case) -> Iterator[Lines]:
    with case.app.test_request_context(), transaction(write=False):
        consultation = load_round(case.round_id)
        assert consultation is not None
        form = form_of(consultation, drafts.provisions(case.version_id), [])
        yield Lines(form, render(form, "https://vi.example"))


def test_a_prompt_that_lost_its_mark_is_no_answer(case: Case) -> None:
    blank = case.form()
    markup = typed(body(blank), "p0.argument", "Nhấn vào đây để ghi")
    assert case.upload(with_body(blank, markup)).status_code == 422
    assert case.points() == []
