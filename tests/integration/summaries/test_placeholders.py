"""Figures in a summary's words: listed beside the fields, printed, frozen at the release."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from consult.core import clock
from consult.core.db import db, transaction
from consult.jobs.models import Job
from consult.submissions.models import Identity, Point, Stance
from consult.summaries import commands, release_services, review_services, services
from consult.summaries.models import Section, Summary
from consult.summaries.printing import words_of
from tests.integration.summaries.test_review import approved
from tests.integration.summaries.test_workspace import (
    Round,
    closed_round,
    released,
    started,
    statements,
)
from tests.support import factories as make
from tests.support.browsing import post, signed_in


@pytest.fixture
def case(app: Flask) -> Round:
    """Three agree and one does not on d1.k1, a sealed one says nothing on the whole draft."""
    with app.app_context():
        found = closed_round()
        for author in found.writers[:3]:
            make.point(found.id, author, argument=f"Mức hỗ trợ này là hợp lý, theo tôi ({author}).")
        make.point(
            found.id, found.writers[3], stance=Stance.DISAGREE, argument="Ngân sách không kham nổi."
        )
        make.point(
            found.id,
            found.writers[4],
            provision=None,
            stance=Stance.NONE,
            identity=Identity.SEALED,
            argument="Nên có phụ lục giải thích từ ngữ.",
        )
        return found


def provision_of(case: Round) -> int:
    with transaction(write=False) as session:
        found = session.query(Point.provision_id).filter_by(stance=Stance.DISAGREE).scalar()
        assert found
        return found


def save(case: Round, summary_id: int, introduction: str, narrative: str = "") -> None:
    provision_id = provision_of(case)
    with transaction():
        services.save(
            commands.SaveSummary(
                summary_id,
                case.front_id,
                introduction=introduction,
                conclusion="Tổng cộng {{so_y_kien}}.",
                narratives={provision_id: narrative},
            )
        )


def test_figures_are_listed_printed_and_frozen(app: Flask, case: Round) -> None:
    summary_id = started(app, case)
    front, url = signed_in(app, case.front_id), f"/front/rounds/{case.id}/summary"
    with app.app_context():
        save(
            case,
            summary_id,
            "Có {{so_y_kien}} ý kiến của {{Số người}} người, {{so_ban_gop_y}} bản góp ý.",
            "{{phan_dong_y}} ý kiến tán thành ({{ty_le_dong_y}} của {{so_y_kien}}).",
        )
    page = front.get(url).text
    assert "{{so_y_kien}}" in page
    assert "{{ty_le_khong_tan_thanh}}" in page
    review = front.get(f"{url}/review").text
    assert "Có 5 ý kiến của 5 người, 5 bản góp ý." in review
    assert "Đa số ý kiến tán thành (75% của 4)." in review
    with app.app_context():
        step_id = approved(case, summary_id)
        with transaction():
            release_services.release(
                commands.Release(summary_id, case.front_id, step_id, early="Gấp.")
            )
        with transaction() as session:
            point = session.query(Point).filter_by(stance=Stance.DISAGREE).one()
            point.withdrawn_at = clock.now() + timedelta(minutes=1)
    council = signed_in(app, case.council_id).get(f"/summaries/{summary_id}").text
    assert "Có 5 ý kiến của 5 người, 5 bản góp ý." in council
    assert "Đa số ý kiến tán thành (75% của 4)." in council
    assert "Tổng cộng 5." in council
    assert "{{" not in council
    assert "/summaries/scale" in council
    # A new version counts anew.
    with app.app_context(), transaction():
        again = services.start(case.id, actor_id=case.front_id)
        assert words_of(again).conclusion == "Tổng cộng 4."
        assert again.conclusion == "Tổng cộng {{so_y_kien}}."


def test_a_name_that_is_none_is_pointed_out_and_nothing_is_lost(app: Flask, case: Round) -> None:
    summary_id = started(app, case)
    front, url = signed_in(app, case.front_id), f"/front/rounds/{case.id}/summary"
    with app.app_context():
        name = f"narrative-{provision_of(case)}"
    typed = {
        "summary": str(summary_id),
        "action": "save",
        "introduction": "Có {{so_meo}} ý kiến.",
        "conclusion": "Lời kết còn nguyên.",
        name: "Của {{so_ban_gop_y}} bản, {{so_nguoi} người.",
    }
    refused = post(front, url, typed)
    assert refused.status_code == 422
    for words in ("Có {{so_meo}} ý kiến.", "Lời kết còn nguyên.", "Của {{so_ban_gop_y}} bản"):
        assert words in refused.text
    assert "không có số liệu nào tên là {{so_meo}}" in refused.text
    assert f'href="#{name}"' in refused.text
    with app.app_context():
        with transaction(write=False) as session:
            assert session.get_one(Summary, summary_id).introduction == ""
        # Words that came in otherwise do not pass the review.
        with transaction() as session:
            summary = session.get_one(Summary, summary_id)
            summary.sections.append(Section(provision_id=None, narrative="{{khong_co}}"))
        with pytest.raises(commands.UnknownPlaceholders) as refusal, transaction():
            review_services.send(summary_id, actor_id=case.front_id, step_id=0)
        assert refusal.value.names == ["{{khong_co}}"]
    said = post(front, f"{url}/send", {"step": "0"}).text
    assert "không có số liệu nào tên là {{khong_co}}" in said


def test_typed_figures_raise_a_doubt_but_are_kept(app: Flask, case: Round) -> None:
    summary_id = started(app, case)
    front, url = signed_in(app, case.front_id), f"/front/rounds/{case.id}/summary"
    with app.app_context():
        save(case, summary_id, "Có 7 ý kiến.", "Hầu hết ý kiến tán thành Điều 1.")
    page = front.get(url).text
    assert "“7 ý kiến” là số gõ tay" in page
    assert "2 ô có số liệu hoặc từ chỉ lượng gõ tay" in page
    assert "phải viết là “đa số”" in page
    review = front.get(f"{url}/review").text
    assert "“7 ý kiến” là số gõ tay" in review
    assert "Có 7 ý kiến." in review
    with app.app_context():
        save(case, summary_id, "Có {{so_y_kien}} ý kiến.", "Đa số ý kiến tán thành Điều 1.")
    assert "gõ tay" not in front.get(url).text
    assert "gõ tay" not in front.get(f"{url}/review").text


def test_a_release_of_old_is_printed_as_it_was(app: Flask, case: Round) -> None:
    """Releases older than placeholders froze nothing: braces in them are braces."""
    summary_id = released(app, case)
    with app.app_context():
        with transaction() as session:
            summary = session.get_one(Summary, summary_id)
            summary.introduction = "Nguyên văn {{so_y_kien}}."
            kept = dict(summary.manifest)
            del kept["placeholders"]
            summary.manifest = kept
        with transaction(write=False) as session:
            words = words_of(session.get_one(Summary, summary_id))
            assert words.introduction == "Nguyên văn {{so_y_kien}}."


def test_authors_hear_of_a_public_release_and_nothing_says_who_is_sealed(
    app: Flask, case: Round
) -> None:
    summary_id = released(app, case)
    with app.app_context(), transaction(write=False) as session:
        jobs = [(job.name, job.payload) for job in session.query(Job)]
    [open_] = [p for _, p in jobs if p.get("kind") == "summary.covers"]
    assert open_["user_ids"] == sorted(case.writers[:4])
    assert open_["url"] == f"/summaries/{summary_id}"
    sealed = [
        p
        for name, p in jobs
        if name == "notifications.tell_sealed" and p["fact"].startswith("summary.released")
    ]
    assert len(sealed) == 1
    assert case.writers[4] not in sealed[0]["submission_ids"]
    assert all(case.writers[4] not in p.get("user_ids", []) for _, p in jobs)


def test_authors_hear_nothing_of_a_release_that_is_not_public(app: Flask, case: Round) -> None:
    summary_id = started(app, case)
    with app.app_context():
        step_id = approved(case, summary_id)
        with transaction():
            command = commands.Release(
                summary_id, case.front_id, step_id, public=False, early="Gấp."
            )
            release_services.release(command)
        kinds = [job.payload.get("kind") for job in db.session.query(Job)]
        facts = [job.payload.get("fact", "") for job in db.session.query(Job)]
    assert "summary.released" in kinds
    assert "summary.covers" not in kinds
    assert not [fact for fact in facts if fact.startswith("summary.released")]


def test_the_scale_is_public(app: Flask) -> None:
    page = app.test_client().get("/summaries/scale").text
    assert "từ 90% trở lên" in page
    assert "{{phan_tan_thanh}}" in page
    assert "chỉ khi là toàn bộ mới ghi 100%" in page


def test_statements_do_not_grow(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        case = closed_round()
        make.many_points(case.id, 200, user_ids=tuple(case.writers))
    summary_id = started(sqlite_app, case)
    with sqlite_app.app_context(), transaction():
        services.save(
            commands.SaveSummary(
                summary_id, case.front_id, introduction="{{so_y_kien}}, {{so_nguoi}}"
            )
        )
    front = signed_in(sqlite_app, case.front_id)
    url = f"/front/rounds/{case.id}/summary"
    assert [statements(sqlite_app, front, path) <= 12 for path in (url, f"{url}/review")] == [
        True,
        True,
    ]
