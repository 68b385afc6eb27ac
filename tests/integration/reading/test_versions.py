"""Readers' versions: comparing, what changed since a point was written, who may see which."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask

from consult.accounts.models import User
from consult.consultations.models import Audience, Consultation, Stage
from consult.core import files
from consult.core.db import transaction
from consult.drafts import change_queries, versioning
from consult.drafts.models import DraftVersion
from consult.submissions.models import Identity, Stance
from tests.support import factories, versions
from tests.support.browsing import signed_in
from tests.support.said import said
from tests.support.statements import counted
from tests.support.versions import Revised

SEALED = "Hồ Văn Giấu Kín"
SUPPORT = "Điều 3"  # its clause 1 says 100, later 200


def get(app: Flask, path: str, user_id: int | None = None, status: int = 200) -> str:
    browser = signed_in(app, user_id) if user_id else app.test_client()
    answer = browser.get(path)
    assert answer.status_code == status, path
    return answer.text


@pytest.fixture
def case(app: Flask) -> Revised:
    return versions.revised(app)


def clause(app: Flask, case: Revised) -> str:
    return versions.keys(app, case.old)[f"khoản 1 {SUPPORT}"]


def compare(case: Revised, more: str = "") -> str:
    return f"/drafts/{case.draft}/compare?old={case.old}&new={case.new}{more}"


def test_nothing_of_a_version_in_preparation_is_shown(app: Flask, case: Revised) -> None:
    with app.app_context():
        point = factories.point(case.round, None, provision=clause(app, case))
    for path in (f"/drafts/{case.draft}", compare(case), f"/points/{point}"):
        page = get(app, path)
        assert "200 triệu" not in page
        assert "<ins" not in page
    assert said(app, "Compare versions") not in get(app, f"/drafts/{case.draft}")


def test_changes_with_their_points_answers_and_reasons(app: Flask, case: Revised) -> None:
    versions.freeze(app, case.new)
    key = clause(app, case)
    with app.app_context():
        shown, sealed = factories.user("Lê Công Khai"), factories.user(SEALED)
        factories.point(case.round, shown, provision=key, stance=Stance.AGREE_WITH_CHANGES)
        factories.point(case.round, sealed, provision=key, identity=Identity.SEALED)
        with transaction():
            record = change_queries.compared(case.old, case.new)
            assert record is not None
            pair = next(c.first for c in change_queries.changes(record.id) if c.old == (key,))
            change = versioning.OnChange(record, pair.old_key, pair.new_key, None)
            versioning.give_reason(change, "Theo mặt bằng các tỉnh lân cận.")
    page = get(app, compare(case))
    assert "Cơ quan soạn thảo còn rà soát bảng so sánh này" in page, "not published as revised"
    assert page.count("100</span>") + page.count("100<span") >= 1
    assert "200<span" in page
    assert "Theo mặt bằng các tỉnh lân cận." in page
    assert "Lê Công Khai" in page
    assert SEALED not in page
    assert said(app, "Identity sealed") in page
    assert "Thạc sĩ được hỗ trợ" not in page  # unchanged
    assert "Thạc sĩ được hỗ trợ" in get(app, compare(case, "&show=unchanged"))
    added = get(app, compare(case, "&show=added"))
    assert "Giải thích từ ngữ" in added
    assert "200 triệu" not in added


def test_many_points_are_a_number_and_a_link(app: Flask, case: Revised) -> None:
    versions.freeze(app, case.new)
    key = clause(app, case)
    with app.app_context():
        for _ in range(5):
            factories.point(case.round, factories.user("Võ Thị Nhiều"), provision=key)
    page = get(app, compare(case))
    assert "Võ Thị Nhiều" not in page
    assert f"/rounds/{case.round}/points?provision={key}" in page


def test_points_below_and_above_a_change_are_counted_apart(app: Flask, case: Revised) -> None:
    versions.freeze(app, case.new)
    of = versions.keys(app, case.old)
    with app.app_context():
        for citation in ("Điều 4", "khoản 1 Điều 4", "khoản 1 Điều 4", "Chương II"):
            factories.point(case.round, None, provision=of[citation])

    def near(page: str, key: str) -> str:
        found = re.search(rf'<article[^>]*id="c-{re.escape(key)}".*?</article>', page, re.S)
        assert found, key
        return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())

    page = get(app, compare(case, "&show=all"))
    new = versions.keys(app, case.new)
    article = near(page, new["Điều 5"])  # Điều 4 before
    assert "2 ý kiến về khoản 1 Điều 4" in article
    assert "1 ý kiến chung về Chương II" in article
    deleted = near(page, f"old-{of['khoản 2 Điều 4']}")
    assert "1 ý kiến chung về Điều 4" in deleted
    assert "khoản 1 Điều 4" not in deleted
    assert "ý kiến" not in near(page, new["Chương II"]), "nothing of the heading changed"
    assert "ý kiến" not in near(page, new["Điều 2"]), "added to Chương I, on which nobody wrote"


def test_points_above_an_addition_are_those_on_what_it_was_added_to(app: Flask) -> None:
    after = versions.BEFORE.replace(
        "2. Thạc sĩ được", "2. Phó giáo sư được hỗ trợ nhà ở công vụ.\n3. Thạc sĩ được"
    )
    case = versions.revised(app, after=after)
    versions.freeze(app, case.new)
    with app.app_context():
        key = versions.keys(app, case.old)[SUPPORT]
        factories.point(case.round, None, provision=key)
    page = get(app, compare(case, "&show=added"))
    assert "nhà ở công vụ" in page
    assert "1 ý kiến chung về Điều 3" in " ".join(page.split())


def test_the_original_of_a_version_is_for_its_readers(app: Flask, case: Revised) -> None:
    path = f"/versions/{case.new}/source"
    with app.app_context(), transaction() as session:
        stored = files.store(
            io.BytesIO(b"Noi dung goc"), name="ban 2.txt", media_type="text/plain",
            uploaded_by=case.official, limit=100,
        )  # fmt: skip
        session.get_one(DraftVersion, case.new).file = stored
    with app.app_context():
        stranger = factories.user(verified=True)
    get(app, path, stranger, status=404)
    assert get(app, path, case.official) == "Noi dung goc"
    versions.freeze(app, case.new)
    answer = app.test_client().get(path)
    assert answer.data == b"Noi dung goc"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    for page in (f"/drafts/{case.draft}", f"/versions/{case.new}"):
        assert path in get(app, page)
    get(app, f"/versions/{case.old}/source", status=404)
    assert f"/versions/{case.old}/source" not in get(app, f"/drafts/{case.draft}")


def test_points_that_only_staff_read_are_not_shown(app: Flask, case: Revised) -> None:
    versions.freeze(app, case.new)
    with app.app_context():
        factories.point(case.round, factories.user("Lê Công Khai"), provision=clause(app, case))
        with transaction() as session:
            session.get_one(Consultation, case.round).points_visibility = "staff_only"
    assert "Lê Công Khai" not in get(app, compare(case))


def test_what_cannot_be_compared_as_asked_is_said(app: Flask, case: Revised) -> None:
    versions.freeze(app, case.new)
    below = said(app, "Below: version %(old)s and version %(number)s.", old=1, number=2)
    for query, sentence in (
        (f"old={case.new}&new={case.old}", "The earlier version is always put first."),
        (f"old={case.new}&new={case.new}", "A version cannot be compared with itself."),
        (f"old={case.old}&new=999999", "The draft has no such version that is public."),
        ("old=x", "The draft has no such version that is public."),
    ):
        page = get(app, f"/drafts/{case.draft}/compare?{query}")
        assert said(app, sentence) in page
        assert below in page
        assert "200<span" in page
    for path in (compare(case), f"/drafts/{case.draft}/compare"):
        page = get(app, path)
        assert below not in page
        assert "200<span" in page


@pytest.mark.parametrize("layout", ["", "side", "inline"])
def test_layouts(app: Flask, case: Revised, layout: str) -> None:
    versions.freeze(app, case.new)
    page = get(app, compare(case, f"&layout={layout}"))
    assert ("two-columns" in page) is (layout != "inline")
    assert "<del" in page


def test_the_text_of_a_public_version(app: Flask, case: Revised) -> None:
    pages = (f"/versions/{case.new}", f"/versions/{case.new}/text/1")
    with app.app_context():
        stranger = factories.user(verified=True)
    for path in pages:
        get(app, path, stranger, 404)
        assert "một lần 200 triệu" in get(app, path, case.official)
    versions.freeze(app, case.new)
    for path in pages:
        page = get(app, path)
        assert "một lần 200 triệu" in page
        assert 'class="write"' not in page
    for number in (0, 2):
        get(app, f"/versions/{case.new}/text/{number}", status=404)


def test_unchanged_stretches_are_folded(app: Flask, case: Revised) -> None:
    versions.freeze(app, case.new)
    page = get(app, compare(case, "&show=all"))
    for block in re.findall(r'<details class="unchanged">.*?</article>\s*</details>', page, re.S):
        assert "<ins" not in block
        assert "<del" not in block
    folded = page.count('<details class="unchanged">')
    assert 2 <= folded < page.count('class="change sheet"')
    assert '<details class="unchanged">' not in get(app, compare(case))


def test_a_draft_for_verified_people_is_hidden_from_others(app: Flask, case: Revised) -> None:
    versions.freeze(app, case.new)
    with app.app_context():
        verified, plain = factories.user(verified=True), factories.user()
        point = factories.point(case.round, plain, provision=clause(app, case))
        other = factories.consultation(case.agency, case.new)
        with transaction() as session:
            session.get_one(Consultation, other).audience = Audience.VERIFIED
    for path in (f"/drafts/{case.draft}", compare(case)):
        get(app, path, plain, 404)
        get(app, path, verified)
    assert "200<span" not in get(app, f"/points/{point}", plain)
    assert "200<span" in get(app, f"/points/{point}", verified)
    assert said(app, "See what has changed") not in get(app, f"/rounds/{case.round}", plain)


def test_a_point_shows_what_changed_since_and_keeps_its_wording(app: Flask, case: Revised) -> None:
    with app.app_context():
        author = factories.user(verified=True)
        point = factories.point(case.round, author, provision=clause(app, case))
        gone = factories.point(
            case.round, author, provision=versions.keys(app, case.old)["khoản 2 Điều 4"]
        )
        same = factories.point(
            case.round, author, provision=versions.keys(app, case.old)["khoản 1 Điều 1"]
        )
    versions.freeze(app, case.new)
    changed = said(app, "The wording has changed since (version %(number)s)", number="2")
    left_out = said(app, "The provision has been left out since (version %(number)s)", number="2")
    page = get(app, f"/points/{point}")
    assert changed in page
    assert "100 triệu đồng khi về công tác tại tỉnh." in page
    assert left_out in get(app, f"/points/{gone}")
    assert changed not in get(app, f"/points/{same}")
    for path in (f"/rounds/{case.round}/points", "/my/contributions"):
        listed = get(app, path, author)
        assert listed.count(changed) == 1
        assert listed.count(left_out) == 1


def test_the_round_leads_to_the_later_version(app: Flask, case: Revised) -> None:
    path = f"/rounds/{case.round}"
    assert said(app, "See what has changed") not in get(app, path)
    versions.freeze(app, case.new)
    assert said(app, "See what has changed") in get(app, path)
    history = get(app, f"/drafts/{case.draft}")
    assert path in history
    assert compare(case).replace("&", "&amp;") in history


def test_few_statements_whatever_the_number(app: Flask, case: Revised) -> None:
    versions.freeze(app, case.new)
    with app.app_context():
        reader = factories.user(verified=True)
        factories.many_points(case.round, 40, user_ids=(reader,))
        with transaction(write=False) as session:
            assert session.get(User, reader)
    for path in (
        f"/drafts/{case.draft}",
        compare(case, "&show=all"),
        f"/rounds/{case.round}/points",
    ):
        for user_id in (None, reader):
            browser = signed_in(app, user_id) if user_id else app.test_client()
            browser.get(path)
            with counted(app) as statements:
                assert browser.get(path).status_code == 200
            assert len(statements) <= 12, (path, statements)


def test_whoever_writes_is_told_which_text_it_is_and_what_became_of_it(app: Flask) -> None:
    r = versions.revised(app, stage=Stage.OPEN)
    with app.app_context():
        author = factories.user(verified=True)
    browser = signed_in(app, author)
    keys = versions.keys(app, r.old)

    def form(citation: str, **headers: str) -> str:
        path = f"/rounds/{r.round}/write?provision={keys[citation]}"
        return browser.get(path, headers=headers).text

    label = "Nội dung được lấy ý kiến (phiên bản 1)"
    assert label in form("khoản 1 Điều 3")
    assert "/compare?" not in form("khoản 1 Điều 3"), "nobody has seen version 2"
    versions.freeze(app, r.new)
    link = f"/drafts/{r.draft}/compare?old={r.old}&amp;new={r.new}&amp;show="
    for page in (form("khoản 1 Điều 3"), form("khoản 1 Điều 3", **{"HX-Request": "true"})):
        assert said(app, "The wording has changed since (version %(number)s)", number=2) in page
        assert f"{link}changed#c-d4.k1" in page
    assert f"{link}deleted#c-old-d4.k2" in form("khoản 2 Điều 4")
    assert "100 triệu" in form("khoản 1 Điều 3")
    assert link not in form("khoản 2 Điều 3")
