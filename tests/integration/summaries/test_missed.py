"""What did we miss: unquoted points, bare cells, silent provisions, experts, fields, localities."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask

from consult.core.db import transaction
from consult.critiques import panel_services
from consult.critiques.models import PanelRole
from consult.submissions.models import Identity, Stance
from consult.summaries import decision_services as deciding
from consult.summaries import missed_queries as queries
from consult.summaries import services
from consult.summaries.decision_models import Reason
from consult.summaries.missed import Group, groups
from consult.summaries.models import Passage
from tests.integration.summaries.test_workspace import Round, closed_round, started, withdraw
from tests.support import factories as make
from tests.support import panels
from tests.support.browsing import signed_in
from tests.support.statements import counted


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        return closed_round()


def page(app: Flask, case: Round) -> str:
    answer = signed_in(app, case.front_id).get(f"/front/rounds/{case.id}/missed")
    assert answer.status_code == 200
    return answer.text


def section(text: str, id_: str) -> str:
    """Return the words of one section, without tags and on one line."""
    found = re.search(rf'<section[^>]*aria-labelledby="{id_}".*?</section>', text, re.DOTALL)
    assert found, id_
    return " ".join(re.sub(r"<[^>]+>", " ", found.group(0)).split())


def numbers(case: Round) -> tuple[list[Group], list[Group]]:
    with transaction(write=False):
        fields, localities = queries.people(case.id)
    return list(groups(fields).shown), list(groups(localities).shown)


def test_points_that_are_not_quoted_and_cells_without_a_passage(app: Flask, case: Round) -> None:
    with app.app_context():
        first = make.point(case.id, case.writers[0], argument="Nhất trí với mức hỗ trợ này.")
        again = make.point(case.id, case.writers[1], argument="Nhất trí với mức hỗ trợ này!")
        against = make.point(
            case.id, case.writers[2], argument="Phản đối mức chi.", stance=Stance.DISAGREE
        )
        aside = make.point(case.id, case.writers[3], argument="!!", provision="d2.k1")
        gone = make.point(case.id, case.writers[4], argument="Đã đổi ý.")
        withdraw(gone)
    assert "Chưa bắt đầu soạn báo cáo" in section(page(app, case), "unquoted")
    started(app, case)
    with app.app_context(), transaction():
        decide = deciding.Decide(case.id, frozenset([again]), case.front_id, first)
        deciding.decide(decide)
        deciding.decide(
            deciding.Decide(case.id, frozenset([aside]), case.front_id, reason=Reason.EMPTY)
        )
    text = page(app, case)
    assert "Mọi ý kiến đều đã được trích" in section(text, "unquoted")
    assert "Mọi quan điểm về từng điều khoản đều đã có trích đoạn" in section(text, "bare")
    with app.app_context(), transaction() as session:
        for passage in session.query(Passage).filter_by(point_id=against):
            passage.is_quoted = False
    text = page(app, case)
    assert "1 ý kiến" in section(text, "unquoted")
    assert "quoted=no" in text
    listed = signed_in(app, case.front_id).get(f"/front/rounds/{case.id}/reading?quoted=no").text
    assert re.findall(r'<article id="point-(\d+)"', listed) == [str(against)]
    bare = section(text, "bare")
    assert "Khoản 1 Điều 1" in bare
    assert "Không tán thành" in bare
    assert "Tán thành 1" not in bare


def test_provisions_without_any_point(app: Flask, case: Round) -> None:
    with app.app_context():
        make.point(case.id, case.writers[0])  # on d1.k1
        gone = make.point(case.id, case.writers[1], provision="d2.k1")
        withdraw(gone)
    silent = section(page(app, case), "silent")
    assert re.search(r"Điều 2\b.* \(gồm 2 phần bên trong\)", silent)
    assert "Điều 3" in silent
    assert "1 phần thuộc những điều khoản đã có ý kiến" in silent
    assert "Khoản 2 Điều 1" in silent
    assert "Khoản 1 Điều 1" not in silent


def test_sealed_and_hidden_names_change_nothing_of_fields_and_localities(
    app: Flask, case: Round
) -> None:
    with app.app_context():
        doctors = [
            make.user(f"Bác sĩ {n}", verified=True, field_code="302", locality="Trảng Bom")
            for n in range(6)
        ]
        make.user("Bác sĩ Lẻ", verified=True, field_code="403", locality="Xã Một Người")
        make.user("Chưa duyệt", field_code="403", locality="Trảng Bom")
        body = make.organisation("association", "Hội Y học")
        before = numbers(case)
        make.point(case.id, doctors[0], identity=Identity.SEALED)
        make.point(case.id, doctors[1], identity=Identity.ORGANISATION, organisation_id=body)
        make.point(case.id, doctors[2], identity=Identity.SEALED, organisation_id=body)
        assert numbers(case) == before
    text = page(app, case)
    assert "Y học lâm sàng ( 6 người đã xác minh )" in spaced(section(text, "fields"))
    assert "Trảng Bom" in section(text, "localities")
    # A place where one verified person lives is not named at all.
    assert "Xã Một Người" not in text
    assert "Thú y" not in text
    with app.app_context():
        make.point(case.id, doctors[3])
        assert numbers(case) != before
    shown = section(page(app, case), "fields")
    assert "1 người góp ý công khai tên" in shown
    assert "6 người" not in shown  # of whom the five others would be left
    assert shown.index("Đã có ý kiến: 1") < shown.index("Y học lâm sàng")


def spaced(words: str) -> str:
    return words.replace("(", "( ").replace(")", " )").replace("  ", " ")


def test_invited_experts_who_are_silent(app: Flask) -> None:
    with app.app_context():
        body = make.organisation("front")
        front = make.user("Trần Mặt Trận", roles=(("front", body),))
        story = panels.people()
        panels.reviewing(
            panels.ordered(story, orderer_id=body, ordered_as="front", ordered_by=front)
        )
        panels.sends(story, PanelRole.REVIEWER_1, 3)
        late = make.user("Người Chưa Trả Lời", verified=True)
        with transaction():
            panel_services.invite(
                story.commission, late, PanelRole.MEMBER, actor_id=story.secretariat
            )
        # Of another one, that the agency ordered, the Front sees nothing.
        hidden = panels.ordered(replace(story, commission=0), title="Phản biện riêng của Sở")
    text = signed_in(app, front).get(f"/front/rounds/{story.round}/missed").text
    invited = section(text, "invited")
    assert "5 chuyên gia được mời đến nay chưa có ý kiến." in invited
    for words in ("Được mời: 6", "chưa trả lời: 1", "tham gia hội đồng: 5"):
        assert words in invited
    assert "đã gửi phiếu nhận xét: 1" in invited
    assert hidden.commission != story.commission
    assert "Phản biện riêng của Sở" not in text
    for name in (*panels.NAMES, "Người Chưa Trả Lời"):
        assert name not in text


def test_the_number_of_statements(app: Flask) -> None:
    with app.app_context():
        body = make.organisation("front")
        front = make.user("Trần Mặt Trận", roles=(("front", body),))
        story = panels.people()
        for _ in range(2):
            story.commission = 0
            panels.reviewing(
                panels.ordered(story, orderer_id=body, ordered_as="front", ordered_by=front)
            )
        for n, writer in enumerate([*story.members.values()] * 3):
            make.point(story.round, writer, argument=f"Ý kiến số {n} về mức hỗ trợ.")
        with transaction():
            services.start(story.round, actor_id=front)
    client = signed_in(app, front)
    with counted(app) as statements:
        client.get(f"/front/rounds/{story.round}/missed")
    assert len(statements) <= 12, "\n".join(statements)
