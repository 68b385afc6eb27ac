"""An answer leads to the change of a later version: linked by the agency, shown once public."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import delete

from consult.core.db import transaction
from consult.drafts.models import Provision
from consult.drafts.parsing import parse_text
from consult.drafts.services import insert_provisions
from consult.responses import link_queries, linking, services
from consult.responses.models import Disposition, LinkedChange, Response
from tests.support import factories as make
from tests.support import versions
from tests.support.browsing import post, signed_in
from tests.support.statements import counted
from tests.support.versions import AFTER, Revised, revised

SHOWN = "Nội dung đã chỉnh sửa theo ý kiến"


@pytest.fixture
def case(app: Flask) -> Revised:
    return revised(app)


def answered(
    app: Flask, case: Revised, *points: int, disposition: Disposition = Disposition.ACCEPTED
) -> int:
    with app.app_context(), transaction():
        command = services.AnswerPoints(
            case.round, frozenset(points), disposition, "Đã sửa", case.official
        )
        return services.answer(command).id


def published(app: Flask, case: Revised) -> None:
    with app.app_context(), transaction():
        services.publish(case.round, actor_id=case.official)


def choice(app: Flask, case: Revised, citation: str) -> str:
    with app.app_context(), transaction(write=False):
        return next(c.value for c in link_queries.choices(case.old) if c.citation == citation)


def link(app: Flask, case: Revised, point: int, value: str) -> str:
    fields = {"point": str(point), "action": "link", "change": value}
    url = f"/office/rounds/{case.round}/answer"
    return post(signed_in(app, case.official), url, fields).text


def author_and_point(app: Flask, case: Revised) -> tuple[int, int]:
    with app.app_context():
        author = make.user(verified=True)
        return author, make.point(case.round, author, provision="d3.k1")


def test_changed_added_and_left_out_provisions_are_offered(app: Flask, case: Revised) -> None:
    with app.app_context(), transaction(write=False):
        offered = [(c.number, c.citation, c.left_out) for c in link_queries.choices(case.old)]
    assert (2, "khoản 1 Điều 4", False) in offered
    assert (2, "Điều 2", False) in offered
    assert (2, "khoản 2 Điều 4", True) in offered
    assert not [c for c in offered if c[1] == "khoản 1 Điều 1"]
    assert len(offered) == len(set(offered))


def test_the_link_leads_readers_to_the_comparison_once_both_are_public(
    app: Flask, case: Revised
) -> None:
    author, point = author_and_point(app, case)
    answered(app, case, point)
    value = choice(app, case, "khoản 1 Điều 4")
    assert "Đã liên kết giải trình" in link(app, case, point, value)
    form = signed_in(app, case.official).get(f"/office/rounds/{case.round}/answer?point={point}")
    assert re.search(rf'<option selected value="{value}">', form.text)
    pages = (f"/points/{point}", f"/rounds/{case.round}/answers")

    def shown() -> list[bool]:
        return [SHOWN in signed_in(app, author).get(path).text for path in pages]

    assert shown() == [False, False]
    versions.freeze(app, case.new)
    assert shown() == [False, False], "the answer is a draft still"
    published(app, case)
    assert shown() == [True, True]
    text = app.test_client().get(pages[0]).text
    [address] = re.findall(r'resulting-change">.*?href="([^"]+)"', text, re.S)
    comparison = app.test_client().get(address.replace("&amp;", "&"))
    assert comparison.status_code == 200
    assert f'id="{address.split("#")[1]}"' in comparison.text


def test_a_link_is_mended_taken_away_and_carried_to_the_correction(
    app: Flask, case: Revised
) -> None:
    _author, point = author_and_point(app, case)
    answered(app, case, point)
    published(app, case)
    versions.freeze(app, case.new)
    link(app, case, point, choice(app, case, "Điều 2"))
    link(app, case, point, choice(app, case, "khoản 2 Điều 4"))
    assert "Phiên bản 2: bỏ khoản 2 Điều 4" in app.test_client().get(f"/points/{point}").text
    with app.app_context(), transaction():
        command = services.AnswerPoints(
            case.round, frozenset([point]), Disposition.PARTLY_ACCEPTED, "Đính chính", case.official
        )
        services.correct(command)
    assert "Phiên bản 2: bỏ khoản 2 Điều 4" in app.test_client().get(f"/points/{point}").text
    assert "Đã bỏ liên kết" in link(app, case, point, "")
    assert SHOWN not in app.test_client().get(f"/points/{point}").text


def test_what_cannot_be_linked_is_refused(app: Flask, case: Revised) -> None:
    _author, point = author_and_point(app, case)
    value = choice(app, case, "Điều 2")
    refusal = "Không thể liên kết giải trình này"
    assert refusal in link(app, case, point, value), "no answer yet"
    answered(app, case, point)
    for wrong in ("1-1", "x", f"{value}0"):
        assert refusal in link(app, case, point, wrong)
    answered(app, case, point, disposition=Disposition.NOT_ACCEPTED)
    assert refusal in link(app, case, point, value)
    with app.app_context(), transaction(write=False) as session:
        assert session.query(LinkedChange).count() == 0
        response = session.query(Response).one()
        with pytest.raises(linking.NoSuchChange):
            linking.link(response, case.old, value, actor_id=None)


def test_a_draft_with_its_link_goes_when_its_points_leave(app: Flask, case: Revised) -> None:
    _author, point = author_and_point(app, case)
    _other, second = author_and_point(app, case)
    answered(app, case, point)
    link(app, case, point, choice(app, case, "Điều 2"))
    answered(app, case, point, second)  # one answer to both: the draft of one alone is empty
    with app.app_context(), transaction(write=False) as session:
        assert session.query(Response).count() == 1
        assert session.query(LinkedChange).count() == 0


def test_few_statements(app: Flask, case: Revised) -> None:
    author, point = author_and_point(app, case)
    answered(app, case, point)
    link(app, case, point, choice(app, case, "Điều 2"))
    published(app, case)
    versions.freeze(app, case.new)
    for user, path in (
        (case.official, f"/office/rounds/{case.round}/answer?point={point}"),
        (author, f"/points/{point}"),
        (author, f"/rounds/{case.round}/answers"),
    ):
        client = signed_in(app, user)
        with counted(app) as statements:
            assert client.get(path).status_code == 200
        assert len(statements) <= 12, (path, len(statements))


def test_a_link_outlives_provisions_written_anew(app: Flask, case: Revised) -> None:
    """A correction of the structure writes all of them anew, with the keys that they had."""
    _author, point = author_and_point(app, case)
    answered(app, case, point)
    published(app, case)
    link(app, case, point, choice(app, case, "Điều 2"))
    with app.app_context(), transaction() as session:
        session.execute(delete(Provision).where(Provision.version_id == case.new))
        insert_provisions(case.new, parse_text(AFTER).provisions)
    versions.freeze(app, case.new)
    assert "Phiên bản 2: Điều 2" in app.test_client().get(f"/points/{point}").text


def test_a_version_that_nobody_has_seen_is_not_linked_to(app: Flask, case: Revised) -> None:
    _author, point = author_and_point(app, case)
    answered(app, case, point)
    published(app, case)
    link(app, case, point, choice(app, case, "Điều 2"))
    assert SHOWN not in app.test_client().get(f"/points/{point}").text
    versions.freeze(app, case.new)
    assert SHOWN in app.test_client().get(f"/points/{point}").text
