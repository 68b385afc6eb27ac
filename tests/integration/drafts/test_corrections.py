"""Correcting a version's tree by hand: the pages, undoing, two people at once, refusals."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.drafts import correction_queries, queries, services
from consult.drafts.models import (
    DraftVersion,
    ParsedGuess,
    Provision,
    ProvisionCorrection,
    VersionComparison,
)
from consult.drafts.parsing import ParsedWarning, parse_text
from consult.jobs.models import Job
from tests.support import factories
from tests.support.browsing import post, signed_in
from tests.support.statements import counted

TEXT = """Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
Luật này quy định về trí thức.
Điều 2. Giải thích từ ngữ
1. Trí thức là người có trình độ.
Chương II Hỗ trợ trí thức ở xã
2. Tổ chức là hội. Hội có hai cấp.
a) Hội cấp tỉnh;
b) Hội cấp xã.
Điều 3. Hiệu lực
1. Từ ngày ký. 2. Thay thế Quyết định số 5.
"""


@pytest.fixture
def desk(app: Flask) -> tuple[Flask, FlaskClient, int]:
    """The application, an official's browser and the id of a version of TEXT."""
    with app.app_context():
        agency = factories.organisation(name="Sở Khoa học và Công nghệ")
        user = factories.user("Trần Thị Bình", roles=(("official", agency),))
        with transaction():
            version = services.create_version(
                services.CreateVersion(parse_text(TEXT), "Dự thảo", agency, user)
            )
            version_id = version.id
    return app, signed_in(app, user), version_id


def page(client: FlaskClient, version_id: int, key: str) -> str:
    return client.get(f"/office/versions/{version_id}/provisions/{key}").text


def unit(html: str) -> str:
    found = re.search(r'data-unit="([^"]+)"', html)
    assert found, html
    return found[1]


def seen(html: str) -> str:
    found = re.search(r'name="seen"[^>]*value="(\d+)"', html)
    assert found, html
    return found[1]


def amend(client: FlaskClient, version_id: int, key: str, form: str, **data: Any) -> Any:
    """Fill in a form of the provision's page and send it."""
    html = page(client, version_id, key)
    typed = {f"{form}-{name}": value for name, value in data.items()}
    typed.setdefault(f"{form}-seen", seen(html))
    return post(
        client,
        f"/office/versions/{version_id}/corrections",
        {"form": form, "unit": unit(html), **typed},
    )


def tree(app: Flask, version_id: int) -> dict[str, Any]:
    with app.app_context(), transaction(write=False):
        return {line.key: line for line in queries.provisions(version_id)}


def mark_chapter(client: FlaskClient, version_id: int) -> Any:
    what = {"kind": "chapter", "number": "II", "title": "Hỗ trợ trí thức ở xã"}
    return amend(client, version_id, "d2.k1", "divide", words="Chương II", under="auto", **what)


def undo(client: FlaskClient, version_id: int, ordinal: int, act: str = "undo") -> Any:
    step = seen(client.get(f"/office/versions/{version_id}/corrections").text)
    url = f"/office/versions/{version_id}/corrections/{ordinal}/{act}"
    return post(client, url, {"seen": step})


def test_the_tree_stands_beside_the_text(desk: tuple[Flask, FlaskClient, int]) -> None:
    app, client, version_id = desk
    client.get(f"/office/versions/{version_id}")
    with counted(app) as statements:
        html = client.get(f"/office/versions/{version_id}").text
    assert len(statements) <= 12, statements
    assert html.count("Trí thức là người có trình độ.") == 2, "once as text, once in the tree"
    assert '<li id="L6">1. Trí thức là người có trình độ.</li>' in html
    assert re.search(r'id="d2.k1"\s+data-first="6"\s+data-last="7"', html)
    assert "1 chương, 3 điều" in html
    assert "Chưa có chỉnh sửa thủ công nào" in html


def test_a_missed_heading_is_marked_undone_and_made_again(
    desk: tuple[Flask, FlaskClient, int],
) -> None:
    app, client, version_id = desk
    before = tree(app, version_id)
    answer = mark_chapter(client, version_id)
    assert answer.request.path == f"/office/versions/{version_id}"
    assert "“Chương II Hỗ trợ trí thức ở xã" in answer.text
    assert "Chương II" in answer.text
    after = tree(app, version_id)
    assert after["c2"].title == "Hỗ trợ trí thức ở xã"
    assert after["d3"].parent_id == after["c2"].id
    assert before["d3"].parent_id == before["c1"].id
    assert [line.ordinal for line in after.values()] == list(range(1, len(after) + 1))

    assert "Đã hoàn tác" in undo(client, version_id, 1).text
    back = tree(app, version_id)
    strip = {"id": 0, "parent_id": 0}
    assert [line._replace(**strip) for line in back.values()] == [
        line._replace(**strip) for line in before.values()
    ]
    history = client.get(f"/office/versions/{version_id}/corrections").text
    assert "Trần Thị Bình" in history
    assert "Hoàn tác lúc" in history

    undo(client, version_id, 1, "redo")
    assert tree(app, version_id)["c2"].kind == "chapter"
    with app.app_context(), transaction(write=False) as session:
        acts = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert acts[-3:] == ["draft.corrected", "draft.correction_undone", "draft.corrected"]
        guess = session.get_one(ParsedGuess, version_id).document
        assert [p["key"] for p in guess["provisions"]] == list(before), "the guess is kept"
        assert "text" not in guess
        rows = session.scalars(select(ProvisionCorrection)).all()
        assert [(r.ordinal, r.undone_at is None) for r in rows] == [(1, False), (2, True)]


def test_every_form_does_what_it_says(desk: tuple[Flask, FlaskClient, int]) -> None:
    app, client, version_id = desk
    described = {"kind": "article", "number": "1", "title": "Phạm vi"}
    amend(client, version_id, "d1", "describe", **described)
    assert tree(app, version_id)["d1"].title == "Phạm vi"
    described = {"kind": "letter", "number": "1", "title": ""}
    amend(client, version_id, "d2.k1", "describe", **described)
    assert tree(app, version_id)["d2.1"].kind == "letter"
    amend(client, version_id, "d2.k2.b", "move", parent=unit(page(client, version_id, "d2")))
    assert tree(app, version_id)["d2.b"].citation == "điểm b Điều 2"
    words = {"words": "2. Thay thế", "kind": "clause", "number": "2", "title": ""}
    amend(client, version_id, "d3.k1", "divide", under="sibling", **words)
    assert tree(app, version_id)["d3.k2"].text == "Thay thế Quyết định số 5."


TWICE = """Điều 3. Đối tượng
a) A;
b) B.
Điều 3. Đối tượng lần hai
Nội dung. Có chèn 1a. khoản chèn.
"""


@pytest.fixture
def twice(app: Flask) -> tuple[Flask, FlaskClient, int]:
    """As `desk`, with a text whose second article repeats the number of the first."""
    with app.app_context():
        agency = factories.organisation()
        user = factories.user(roles=(("official", agency),))
        with transaction():
            version = services.create_version(
                services.CreateVersion(parse_text(TWICE), "Dự thảo", agency, user)
            )
            version_id = version.id
    return app, signed_in(app, user), version_id


AS_SHOWN = {"number": "3", "title": "Đối tượng lần hai"}


@pytest.mark.parametrize(
    ("kind", "title", "words"),
    [
        ("quote", "", "Điều 3. Đối tượng lần hai\nNội dung. Có chèn 1a. khoản chèn."),
        ("paragraph", "", "Điều 3. Đối tượng lần hai\nNội dung. Có chèn 1a. khoản chèn."),
        ("clause", "Đối tượng lần hai", "Nội dung. Có chèn 1a. khoản chèn."),
    ],
)
def test_only_the_kind_needs_choosing(
    twice: tuple[Flask, FlaskClient, int], kind: str, title: str, words: str
) -> None:
    app, client, version_id = twice
    answer = amend(client, version_id, "d3-2", "describe", kind=kind, **AS_SHOWN)
    assert answer.status_code == 200, answer.text
    last = list(tree(app, version_id).values())[-1]
    assert (last.kind, last.title, last.text) == (kind, title, words)


def test_a_number_left_out_is_the_one_in_the_text(
    twice: tuple[Flask, FlaskClient, int],
) -> None:
    app, client, version_id = twice
    what = {"kind": "clause", "number": "", "title": "", "under": "child"}
    answer = amend(client, version_id, "d3-2", "divide", words="1a. khoản chèn", **what)
    assert answer.status_code == 200, answer.text
    assert tree(app, version_id)["d3-2.k1a"].text == "khoản chèn."
    described = {"kind": "clause", "number": "", "title": ""}
    amend(client, version_id, "d3.b", "describe", **described)
    assert tree(app, version_id)["d3.kb"].text == "B."


def test_a_wrong_number_is_told_at_the_number(twice: tuple[Flask, FlaskClient, int]) -> None:
    app, client, version_id = twice
    before = tree(app, version_id)
    what = {"kind": "clause", "number": "1a", "title": "", "under": "child"}
    divided = amend(client, version_id, "d3-2", "divide", words="chèn 1a. khoản", **what)
    described = {"kind": "clause", "number": "5", "title": "Đối tượng lần hai"}
    retyped = amend(client, version_id, "d3-2", "describe", **described)
    for form, answer in (("divide", divided), ("describe", retyped)):
        assert answer.status_code == 422
        assert f'id="{form}-number-error"' in answer.text
        assert f'id="{form}-title-error"' not in answer.text
    assert tree(app, version_id) == before


def test_a_title_stands_apart_from_the_words(twice: tuple[Flask, FlaskClient, int]) -> None:
    _app, client, version_id = twice
    html = client.get(f"/office/versions/{version_id}").text
    assert re.search(r"Đối tượng lần hai</strong>\s+<span[^>]*>Nội dung", html)


def test_neighbours_are_merged_by_a_button(desk: tuple[Flask, FlaskClient, int]) -> None:
    app, client, version_id = desk
    html = page(client, version_id, "d3")
    assert "Không phải đề mục: nhập vào điểm b khoản 2 Điều 2" in html
    assert "Gộp khoản 1 Điều 3 (liền sau) vào điều khoản này" in html
    before = unit(page(client, version_id, "d2.k2.b"))
    data = {"form": "unmark", "unit": unit(html), "merge": unit(html), "into": before}
    url = f"/office/versions/{version_id}/corrections"
    post(client, url, {**data, "seen": seen(html)})
    after = tree(app, version_id)
    assert "d3" not in after
    assert after["d2.k2.b"].text.endswith("Điều 3. Hiệu lực")
    again = post(client, url, {**data, "seen": "1"})
    assert "không còn trong cấu trúc" in again.text


def test_a_wrong_correction_keeps_what_was_typed(desk: tuple[Flask, FlaskClient, int]) -> None:
    app, client, version_id = desk
    before = tree(app, version_id)
    described = {"kind": "article", "number": "1", "title": "Đối tượng áp dụng"}
    answer = amend(client, version_id, "d1", "describe", **described)
    assert answer.status_code == 422
    assert 'id="describe-title-error"' in answer.text
    assert "Đối tượng áp dụng" in answer.text
    words = {"words": "không có chữ này", "kind": "clause", "number": "9", "title": ""}
    answer = amend(client, version_id, "d1", "divide", under="child", **words)
    assert answer.status_code == 422
    assert "không có chữ này" in answer.text
    assert 'id="divide-words-error"' in answer.text
    answer = amend(client, version_id, "d1", "divide", kind="clause", number="1", under="child")
    assert "chọn vị trí" in answer.text
    assert answer.status_code == 422
    assert tree(app, version_id) == before


def test_who_comes_second_is_told_and_loses_nothing(
    desk: tuple[Flask, FlaskClient, int],
) -> None:
    app, client, version_id = desk
    mark_chapter(client, version_id)
    described = {"kind": "article", "number": "1", "title": "Phạm vi", "seen": "0"}
    answer = amend(client, version_id, "d1", "describe", **described)
    assert answer.status_code == 422
    assert "Trong lúc ông/bà thao tác" in answer.text
    assert 'value="Phạm vi"' in answer.text
    assert tree(app, version_id)["d1"].title == "Phạm vi điều chỉnh"
    # The page that says so carries the present step: sending it again goes through.
    data = {"form": "describe", "unit": unit(answer.text), "describe-seen": seen(answer.text)}
    typed = {f"describe-{k}": v for k, v in described.items() if k != "seen"}
    post(client, f"/office/versions/{version_id}/corrections", data | typed)
    assert tree(app, version_id)["d1"].title == "Phạm vi"
    undone = post(client, f"/office/versions/{version_id}/corrections/1/undo", {"seen": "1"})
    assert "Trong lúc ông/bà thao tác" in undone.text


def test_what_others_build_on_is_not_undone(desk: tuple[Flask, FlaskClient, int]) -> None:
    app, client, version_id = desk
    mark_chapter(client, version_id)
    described = {"kind": "chapter", "number": "II", "title": "Hỗ trợ"}
    amend(client, version_id, "c2", "describe", **described)
    assert "Lần chỉnh sửa số 2 dựa trên lần này" in undo(client, version_id, 1).text
    assert "c2" in tree(app, version_id)
    undo(client, version_id, 2)
    undo(client, version_id, 1)
    assert "c2" not in tree(app, version_id)
    assert "đã ở trạng thái đó" in undo(client, version_id, 1).text


def test_a_provision_that_is_gone_gives_back_the_words(
    desk: tuple[Flask, FlaskClient, int],
) -> None:
    _app, client, version_id = desk
    data = {"form": "describe", "unit": "99999", "describe-seen": "0"}
    data |= {"describe-kind": "clause", "describe-title": "Chữ đã gõ"}
    answer = post(client, f"/office/versions/{version_id}/corrections", data)
    assert answer.status_code == 422
    assert "Chữ đã gõ" in answer.text
    assert client.get(f"/office/versions/{version_id}/provisions/khong-co").status_code == 404


def test_what_was_shown_to_others_stays(desk: tuple[Flask, FlaskClient, int]) -> None:
    app, client, version_id = desk
    html = page(client, version_id, "d1")
    with app.app_context(), transaction() as session:
        services.freeze(session.get_one(DraftVersion, version_id), at=clock.now())
    before = tree(app, version_id)
    assert "describe-title" not in page(client, version_id, "d1")
    data = {"form": "describe", "unit": unit(html), "describe-seen": "0"}
    data |= {"describe-kind": "article", "describe-number": "1", "describe-title": "Phạm vi"}
    answer = post(client, f"/office/versions/{version_id}/corrections", data)
    assert answer.status_code == 422
    assert "được giữ nguyên" in answer.text
    assert tree(app, version_id) == before


def test_provisions_that_others_refer_to_stay(desk: tuple[Flask, FlaskClient, int]) -> None:
    app, client, version_id = desk
    with app.app_context():
        with transaction(write=False) as session:
            agency = session.get_one(DraftVersion, version_id).draft.agency_id
        round_id = factories.consultation(agency, version_id)
        factories.point(round_id, None, provision="d3.k1")
    before = tree(app, version_id)
    assert mark_chapter(client, version_id).status_code == 422
    assert tree(app, version_id) == before


def test_a_version_older_than_guesses_is_corrected_too(
    desk: tuple[Flask, FlaskClient, int],
) -> None:
    app, client, version_id = desk
    with app.app_context(), transaction() as session:
        session.execute(delete(ParsedGuess))
    before = tree(app, version_id)
    mark_chapter(client, version_id)
    with app.app_context(), transaction(write=False) as session:
        guess = session.get_one(ParsedGuess, version_id).document
        assert [p["key"] for p in guess["provisions"]] == list(before)
    undo(client, version_id, 1)
    assert list(tree(app, version_id)) == list(before)


def test_compared_versions_are_compared_again(desk: tuple[Flask, FlaskClient, int]) -> None:
    app, client, version_id = desk
    mark_chapter(client, version_id)
    wanted = select(Job).where(Job.name == "drafts.compare")
    with app.app_context(), transaction() as session:
        assert session.scalars(wanted).all() == []
        draft_id = session.get_one(DraftVersion, version_id).draft_id
        other = DraftVersion(
            draft_id=draft_id, number=2, text="", remainder="", parts=[], warnings=[],
            created_at=clock.now(),
        )  # fmt: skip
        session.add(other)
        session.flush()
        session.add(
            VersionComparison(
                old_version_id=other.id, new_version_id=version_id, computed_at=clock.now()
            )
        )
    undo(client, version_id, 1)
    with app.app_context(), transaction(write=False) as session:
        assert [job.payload for job in session.scalars(wanted)] == [{"version_id": version_id}]


def test_warnings_are_filtered_and_follow_corrections(
    desk: tuple[Flask, FlaskClient, int],
) -> None:
    app, client, version_id = desk
    described = {"kind": "article", "number": "2", "title": ""}
    amend(client, version_id, "d2.k2", "describe", **described)
    with app.app_context(), transaction(write=False) as session:
        warnings = session.get_one(DraftVersion, version_id).warnings
        assert [(w["code"], w["line"]) for w in warnings] == [("duplicate_number", 8)]
    html = client.get(f"/office/versions/{version_id}?remarks=number_gap").text
    assert "occurs twice" not in html
    html = client.get(f"/office/versions/{version_id}?remarks=duplicate_number").text
    assert 'href="#L8"' in html
    undo(client, version_id, 1)
    with app.app_context(), transaction(write=False) as session:
        assert session.get_one(DraftVersion, version_id).warnings == []


def test_an_attached_document_begins_is_undone_and_made_again(
    desk: tuple[Flask, FlaskClient, int],
) -> None:
    app, client, version_id = desk
    html = page(client, version_id, "d3")
    first = re.search(r'<select[^>]*name="begin-at".*?<option[^>]*value="(\d+)"', html, re.S)
    assert first
    assert first[1] == unit(html), "the provision itself comes first"
    answer = amend(client, version_id, "d3", "begin", at=first[1], what="attached", name="")
    assert "Từ “Điều 3. Hiệu lực” bắt đầu một văn bản riêng: Văn bản kèm theo." in answer.text
    assert tree(app, version_id)["p2.d3.k1"].citation == "khoản 1 Điều 3 Văn bản kèm theo"
    undo(client, version_id, 1)
    assert "d3.k1" in tree(app, version_id)
    undo(client, version_id, 1, "redo")
    assert tree(app, version_id)["p2.d3.k1"].part == "p2"
    undo(client, version_id, 2)
    appendix = {"what": "appendix", "at": str(TEXT.index("2. Thay thế"))}
    amend(client, version_id, "d3.k1", "begin", **appendix)
    assert tree(app, version_id)["pl2.tieu-de"].kind == "appendix"


def test_a_document_begins_not_before_the_main_one(desk: tuple[Flask, FlaskClient, int]) -> None:
    app, client, version_id = desk
    html = page(client, version_id, "c1")
    answer = amend(
        client, version_id, "c1", "begin", at=unit(html), what="attached", name="Quy ước"
    )
    assert answer.status_code == 422
    assert "Văn bản chính bắt đầu tại đây" in answer.text
    assert 'value="Quy ước"' in answer.text
    assert "c1" in tree(app, version_id)


def test_warnings_are_found_under_their_names(app: Flask) -> None:
    left_out = {"count": 3, "excerpt": "“CÔNG BÁO” (2×); …", "lines": "CÔNG BÁO (2×)\nTrang 7"}
    params = {"label": "Điều 9", "previous": "Điều 1", "excerpt": "Dieu 1."}
    warnings = (
        ParsedWarning("page_furniture", params=left_out),
        ParsedWarning("out_of_order", line=3, params=params),
        ParsedWarning("no_marks", line=4, params=params),
    )
    with app.app_context():
        agency = factories.organisation()
        client = signed_in(app, factories.user(roles=(("official", agency),)))
        document = replace(parse_text(TEXT), warnings=warnings)
        with transaction():
            command = services.CreateVersion(document, "Dự thảo", agency, None)
            version_id = services.create_version(command).id
    url = f"/office/versions/{version_id}"
    html = client.get(url).text
    assert re.findall(r"<li>(CÔNG BÁO \(2×\)|Trang 7)</li>", html) == ["CÔNG BÁO (2×)", "Trang 7"]
    assert html.count('<details class="left-out">') == 1
    doubtful = client.get(f"{url}?remarks=doubtful_heading").text
    assert "“Điều 9” đứng sau “Điều 1”" in doubtful
    assert "Dieu 1." not in doubtful
    assert "Dieu 1." in client.get(f"{url}?remarks=no_structure").text
    assert "Trang 7" in client.get(f"{url}?remarks=other").text


def test_unassigned_text_becomes_a_provision(app: Flask) -> None:
    with app.app_context():
        agency = factories.organisation()
        client = signed_in(app, factories.user(roles=(("official", agency),)))
        text = "Tin nổi bật\nLời dẫn\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐiều 1. Một\n1. A."
        with transaction():
            version = services.create_version(
                services.CreateVersion(parse_text(text), "Dự thảo", agency, None)
            )
            version_id = version.id
    assert f"/office/versions/{version_id}/unassigned?line=1" in (
        client.get(f"/office/versions/{version_id}").text
    )
    html = client.get(f"/office/versions/{version_id}/unassigned?line=1").text
    assert "Lời dẫn" in html
    data = {"form": "divide", "line": "1", "divide-seen": "0", "divide-words": "Lời dẫn"}
    data |= {"divide-kind": "paragraph"}
    wrong = post(client, f"/office/versions/{version_id}/corrections", data | {"divide-words": ""})
    assert wrong.status_code == 422
    post(client, f"/office/versions/{version_id}/corrections", data)
    with app.app_context(), transaction(write=False) as session:
        version = session.get_one(DraftVersion, version_id)
        assert version.remainder == "Tin nổi bật"
        first = session.scalars(
            select(Provision).where(Provision.version_id == version_id, Provision.ordinal == 1)
        ).one()
        assert first.text == "Lời dẫn"
        assert correction_queries.state(version).step == 1


def test_others_see_none_of_it(desk: tuple[Flask, FlaskClient, int]) -> None:
    app, _client, version_id = desk
    with app.app_context():
        other = factories.organisation()
        stranger = signed_in(app, factories.user(roles=(("official", other),)))
    for path in ("", "/provisions/d1", "/unassigned", "/corrections", "/guess"):
        assert stranger.get(f"/office/versions/{version_id}{path}").status_code == 404
    answer = post(stranger, f"/office/versions/{version_id}/corrections", {"form": "describe"})
    assert answer.status_code == 404
