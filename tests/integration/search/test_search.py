"""From a fact's job to the results page: who finds what, and what never shows."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from consult.consultations.models import Audience, PointsVisibility, Stage
from consult.core import clock
from consult.core.db import db, transaction
from consult.jobs.runner import run_due
from consult.jobs.services import enqueue
from consult.search import tasks
from consult.submissions.models import Identity, Point, Stance, Submission
from tests.support import factories
from tests.support.browsing import signed_in

ITEM = re.compile(r'<article class="search-item">.*?</article>', re.S)
TAGS = re.compile(r"<[^>]+>")


@pytest.fixture
def place(app: Flask) -> dict[str, int]:
    """An open round that anybody reads, of an agency with one official."""
    with app.app_context():
        agency = factories.organisation(name="Sở Khoa học và Công nghệ")
        version = factories.version(agency)
        return {
            "agency": agency,
            "version": version,
            "round": factories.consultation(agency, version),
            "official": factories.user("Lê Văn Chính", roles=(("official", agency),)),
            "author": factories.user("Phạm Thị Ngọc Ánh", verified=True),
        }


def index(app: Flask, *facts: tuple[str, int]) -> None:
    """Do what the facts' jobs do."""
    with app.app_context():
        with transaction():
            for kind, id_ in facts:
                enqueue("search.index", {"kind": kind, "id": id_})
        run_due()


def submission_of(point_id: int) -> int:
    with transaction(write=False):
        return db.session.get_one(Point, point_id).submission_id


def found(client: FlaskClient, q: str, **filters: Any) -> list[str]:
    """Return the text of each result that holds the words together."""
    page = client.get("/search", query_string={"q": q} | filters)
    assert page.status_code == 200
    if "search-partial" in page.text:
        return []
    items = ITEM.findall(re.sub("</?mark>", "", page.text))
    return [" ".join(TAGS.sub(" ", item).split()) for item in items]


def test_without_words_there_is_advice(client: FlaskClient) -> None:
    page = client.get("/search")
    assert page.status_code == 200
    assert 'name="q"' in page.text
    assert "phan bien xa hoi" in page.text


def test_before_the_first_index_the_page_says_so(client: FlaskClient) -> None:
    page = client.get("/search?q=ánh+trăng")
    assert page.status_code == 503
    assert 'value="ánh trăng"' in page.text


@pytest.mark.parametrize("q", ["dieu 2", "Điều 2", "DIEU 2", "ĐIỀU 2"])
def test_a_round_brings_its_provisions(
    app: Flask, client: FlaskClient, place: dict[str, int], q: str
) -> None:
    index(app, ("round", place["round"]))
    assert any("Điều 2. Nội dung 2" in text for text in found(client, q))


def test_rounds_provisions_and_points_say_what_they_are(
    app: Flask, client: FlaskClient, place: dict[str, int]
) -> None:
    with app.app_context():
        factories.point(place["round"], place["author"], argument="Nên tăng mức hỗ trợ trí thức.")
    index(app, ("round", place["round"]))
    page = client.get("/search?q=tri+thuc").text
    for href in (
        f'href="/rounds/{place["round"]}"',
        f'href="/rounds/{place["round"]}#d1.k1"',
        'href="/points/',
    ):
        assert href in page
    assert "Nên tăng mức hỗ trợ <mark>trí thức</mark>." in page
    assert "Phạm Thị Ngọc Ánh" in page


def test_public_authors_are_found_by_name_and_sealed_ones_never(
    app: Flask, place: dict[str, int]
) -> None:
    with app.app_context():
        admin = factories.user("Quản trị", roles=(("secretariat", None), ("front", None)))
        sealed = factories.user("Đặng Quốc Khuyến", verified=True)
        factories.point(place["round"], place["author"], argument="Ý kiến thứ nhất.")
        factories.point(
            place["round"], sealed, argument="Ý kiến thứ hai.", identity=Identity.SEALED
        )
        club = factories.organisation("club", "Câu lạc bộ Trí thức trẻ Lộc Ninh")
        member = factories.user("Hoàng Kim Phượng", verified=True)
        factories.point(
            place["round"],
            member,
            argument="Ý kiến thứ ba.",
            identity=Identity.ORGANISATION,
            organisation_id=club,
        )
    index(app, ("round", place["round"]))
    everyone = app.test_client()
    for client in (everyone, signed_in(app, admin), signed_in(app, sealed)):
        assert found(client, "Đặng Quốc Khuyến") == []
        assert found(client, "khuyen") == []
        assert not any("phuong" in t.lower() for t in found(client, "hoang kim phuong"))
        assert any("thứ ba" in text for text in found(client, "loc ninh"))
        assert any("thứ nhất" in text for text in found(client, "pham thi ngoc anh"))
        page = client.get("/search?q=y+kien+thu+hai").text
        assert "thứ hai" in page
        assert "Khuyến" not in ITEM.search(page).group()  # type: ignore[union-attr]
    folder = app.extensions["consult_settings"].data_dir / "index"
    bytes_ = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"khuyen" not in bytes_
    assert "khuyên".encode() not in bytes_


def test_hidden_points_show_to_those_who_may_read_them(app: Flask, place: dict[str, int]) -> None:
    with app.app_context():
        hidden = factories.consultation(
            place["agency"], place["version"], points_visibility=PointsVisibility.AFTER_CLOSING
        )
        factories.point(hidden, place["author"], argument="Chuyện bí mật về quỹ nhà ở.")
        other = factories.user("Người Khác", verified=True)
        stranger = factories.organisation()
        strange_official = factories.user("Người Lạ", roles=(("official", stranger),))
    index(app, ("round", hidden))
    for client in (
        app.test_client(),
        signed_in(app, other),
        signed_in(app, strange_official),
    ):
        page = client.get("/search?q=chuyen+bi+mat").text
        assert "quỹ nhà ở" not in page
        assert found(client, "quy nha o") == []
    for user_id in (place["author"], place["official"]):
        assert len(found(signed_in(app, user_id), "quy nha o")) == 1
    with app.app_context(), transaction() as session:
        session.execute(
            db.text("UPDATE consultations SET stage='closed' WHERE id=:i"), {"i": hidden}
        )
    assert len(found(app.test_client(), "quy nha o")) == 0  # the public index does not hold it yet
    index(app, ("round", hidden))
    assert len(found(app.test_client(), "quy nha o")) == 1


def test_a_stale_index_shows_nothing_that_may_not_be_read(
    app: Flask, client: FlaskClient, place: dict[str, int]
) -> None:
    with app.app_context():
        factories.point(place["round"], place["author"], argument="Một câu rất riêng biệt.")
    index(app, ("round", place["round"]))
    assert len(found(client, "rieng biet")) == 1
    with app.app_context(), transaction() as session:
        session.execute(
            db.text("UPDATE consultations SET audience='verified' WHERE id=:i"),
            {"i": place["round"]},
        )
    page = client.get("/search?q=rieng+biet").text
    assert "riêng biệt" not in page
    assert found(client, "dieu 1") == []
    assert "đãi ngộ trí thức" not in page  # nor the round's title among the filters


def test_rounds_for_verified_people(app: Flask, place: dict[str, int]) -> None:
    with app.app_context():
        restricted = factories.consultation(
            place["agency"],
            place["version"],
            audience=Audience.VERIFIED,
            title="Đợt kín về vi mạch bán dẫn",
        )
    index(app, ("round", restricted))
    assert found(app.test_client(), "vi mach ban dan") == []
    assert len(found(signed_in(app, place["author"]), "vi mach ban dan")) == 1


def test_rounds_in_preparation_are_not_found(app: Flask, place: dict[str, int]) -> None:
    with app.app_context():
        preparing = factories.consultation(
            place["agency"], place["version"], stage=Stage.PREPARING, title="Bản nháp nội bộ"
        )
    index(app, ("round", preparing))
    assert found(signed_in(app, place["official"]), "ban nhap noi bo") == []


def test_withdrawing_takes_a_point_out(
    app: Flask, client: FlaskClient, place: dict[str, int]
) -> None:
    with app.app_context():
        point = factories.point(place["round"], place["author"], argument="Sẽ được rút lại sau.")
        index(app, ("round", place["round"]))
        assert len(found(client, "rut lai")) == 1
        with transaction() as session:
            row = session.get_one(Point, point)
            row.withdrawn_at = clock.now()
        assert found(client, "rut lai") == []  # at once, by the database
        index(app, ("submission", submission_of(point)))
        assert found(signed_in(app, place["author"]), "rut lai") == []


def test_drafts_of_opinions_are_never_found(app: Flask, place: dict[str, int]) -> None:
    from consult.submissions.models import SubmissionState

    with app.app_context():
        point = factories.point(
            place["round"],
            place["author"],
            argument="Còn đang viết dở dang.",
            state=SubmissionState.DRAFT,
        )
        index(app, ("round", place["round"]), ("submission", submission_of(point)))
    assert found(signed_in(app, place["author"]), "do dang") == []


def test_one_submission_is_added_alone_and_twice_is_once(
    app: Flask, client: FlaskClient, place: dict[str, int]
) -> None:
    index(app, ("round", place["round"]))
    with app.app_context():
        point = factories.point(place["round"], place["author"], argument="Thêm vào sau cùng.")
        fact = ("submission", submission_of(point))
    index(app, fact)
    index(app, fact, fact, ("round", place["round"]))
    assert len(found(client, "sau cung")) == 1


def test_filters_and_their_counts(app: Flask, client: FlaskClient, place: dict[str, int]) -> None:
    with app.app_context():
        for number in range(3):
            factories.point(
                place["round"],
                place["author"],
                argument=f"Về trí thức, lần {number}.",
                stance=Stance.DISAGREE if number else Stance.AGREE,
            )
    index(app, ("round", place["round"]))
    assert len(found(client, "tri thuc", kind="point")) == 3
    assert len(found(client, "tri thuc", kind="point", stance="disagree")) == 2
    assert len(found(client, "tri thuc", stance="disagree", round=place["round"])) == 2
    assert found(client, "tri thuc", round=place["round"] + 50) == []
    page = client.get("/search?q=tri+thuc&stance=disagree").text
    assert re.search(
        r'href="[^"]*kind=point[^"]*"\s*>\s*<span>[^<]*</span>\s*<span class="facet-count">2<', page
    )


@pytest.mark.parametrize(
    "filters", [{"kind": "x"}, {"round": "abc"}, {"round": 9**30}, {"page": -3}]
)
def test_wrong_filters_count_as_none(
    app: Flask, client: FlaskClient, place: dict[str, int], filters: dict[str, Any]
) -> None:
    index(app, ("round", place["round"]))
    assert found(client, "dieu 2", **filters)


def test_html_in_the_query_and_in_texts_is_text(
    app: Flask, client: FlaskClient, place: dict[str, int]
) -> None:
    with app.app_context():
        factories.point(
            place["round"], place["author"], argument="<script>alert(1)</script> xin chào"
        )
    index(app, ("round", place["round"]))
    page = client.get("/search", query_string={"q": "xin chào <script>"}).text
    assert "<script>alert" not in page
    assert "<mark>xin chào</mark>" in page
    assert 'value="xin chào &lt;script&gt;"' in page


def test_results_come_in_pages(app: Flask, client: FlaskClient, place: dict[str, int]) -> None:
    with app.app_context():
        for number in range(23):
            factories.point(
                place["round"], place["author"], argument=f"Ý kiến giống nhau {number}."
            )
    index(app, ("round", place["round"]))
    first, second = found(client, "giong nhau"), found(client, "giong nhau", page=2)
    assert (len(first), len(second)) == (20, 3)
    assert not set(first) & set(second)
    assert found(client, "giong nhau", page=99) == second


def test_statements_do_not_grow_with_the_hits(app: Flask, place: dict[str, int]) -> None:
    def statements() -> int:
        client = signed_in(app, place["official"])
        count = 0

        def add(*_: Any) -> None:
            nonlocal count
            count += 1

        with app.app_context():
            engine = db.engine
        event.listen(engine, "after_cursor_execute", add)
        try:
            client.get("/search?q=tri+thuc")
        finally:
            event.remove(engine, "after_cursor_execute", add)
        return count

    with app.app_context():
        factories.point(place["round"], place["author"], argument="Về trí thức.")
        index(app, ("round", place["round"]))
        few = statements()
        for number in range(60):
            identity = Identity.SEALED if number % 3 else Identity.PUBLIC
            author = factories.user(f"Người {number}", verified=True)
            factories.point(place["round"], author, argument="Về trí thức.", identity=identity)
        second = factories.consultation(place["agency"], place["version"])
        index(app, ("round", place["round"]), ("round", second))
    assert statements() <= few <= 12


def test_a_lost_index_comes_back_by_itself(
    app: Flask, client: FlaskClient, place: dict[str, int]
) -> None:
    index(app, ("round", place["round"]))
    with app.app_context():
        shutil.rmtree(app.extensions["consult_settings"].data_dir / "index")
        tasks.check([])
    assert found(client, "dieu 2")


def test_the_job_builds_a_missing_index_whole(
    app: Flask, client: FlaskClient, place: dict[str, int]
) -> None:
    with app.app_context():
        point = factories.point(place["round"], place["author"], argument="Có từ đầu.")
        submission = submission_of(point)
    index(app, ("submission", submission))
    assert found(client, "dieu 2")
    assert found(client, "co tu dau")


def test_indexing_holds_no_lock_on_the_database(app: Flask, place: dict[str, int]) -> None:
    """The job reads in a transaction of its own; nothing of it blocks a post."""
    from consult.jobs.registry import HANDLERS

    assert HANDLERS["search.index"].slow
    assert HANDLERS["search.check"].slow


def test_moved_points_are_sent_once_only(app: Flask, place: dict[str, int]) -> None:
    """A round whose points are in their place already is not indexed point by point."""
    from consult.search import documents

    with app.app_context():
        factories.point(place["round"], place["author"])
        with transaction(write=False):
            unmoved = documents.changes(set(), {place["round"]}, {place["round"]: (1, 0)})
            moved = documents.changes(set(), {place["round"]}, {place["round"]: (0, 1)})
            assert [d.kind for d in unmoved.docs].count("point") == 0
            assert [d.kind for d in moved.docs].count("point") == 1


def test_long_ago_and_far_ahead_do_not_matter(
    app: Flask, client: FlaskClient, place: dict[str, int]
) -> None:
    with app.app_context():
        later = factories.consultation(
            place["agency"],
            place["version"],
            stage=Stage.SCHEDULED,
            opens=timedelta(days=300),
            closes=timedelta(days=330),
            title="Sắp mở về quỹ học bổng",
        )
    index(app, ("round", later))
    assert len(found(client, "quy hoc bong")) == 1


def test_submissions_without_points_do_no_harm(app: Flask, place: dict[str, int]) -> None:
    index(app, ("submission", 999_999), ("round", 999_999))
    with app.app_context(), transaction(write=False) as session:
        assert session.query(Submission).count() == 0
