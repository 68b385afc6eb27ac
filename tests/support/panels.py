"""A commission at any point of its course, made through the services as people make it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from consult.consultations.models import Stage
from consult.core import clock
from consult.core.db import transaction
from consult.critiques import panel_services, queries, report_services, review_services, services
from consult.critiques.commands import (
    AnswerWords,
    Checked,
    Minutes,
    OrderCritique,
    RatingWords,
    RecommendationWords,
    RemarkWords,
    ReportWords,
    ReviewWords,
)
from consult.critiques.models import PanelRole, SeatState
from consult.critiques.review_models import Conclusion, Outcome
from tests.support import factories as make

ROLES = (
    PanelRole.CHAIR,
    PanelRole.SECRETARY,
    PanelRole.REVIEWER_1,
    PanelRole.REVIEWER_2,
    PanelRole.MEMBER,
)
NAMES = ("Trần Chủ Tịch", "Lê Thư Ký", "Phạm Phản Biện", "Hoàng Phản Biện", "Vũ Ủy Viên")


@dataclass
class Story:
    """Who is there, by role or function, as ids; the commission and its version."""

    agency: int = 0
    version: int = 0
    round: int = 0
    commission: int = 0
    official: int = 0
    secretariat: int = 0
    stranger: int = 0
    members: dict[PanelRole, int] = field(default_factory=dict[PanelRole, int])
    criteria: list[int] = field(default_factory=list[int])

    @property
    def chair(self) -> int:
        return self.members[PanelRole.CHAIR]

    @property
    def secretary(self) -> int:
        return self.members[PanelRole.SECRETARY]


def people(size: int = 5) -> Story:
    """An agency with an official and a draft in a round, the union, ``size`` future members."""
    story = Story(agency=make.organisation(name="Sở Khoa học và Công nghệ"))
    union = make.organisation("union", "Liên hiệp các Hội")
    story.official = make.user("Đỗ Công Chức", roles=(("official", story.agency),))
    story.secretariat = make.user("Bùi Liên Hiệp", roles=(("secretariat", union),))
    story.stranger = make.user("Ngô Người Lạ", verified=True, field_code="101")
    story.version = make.version(story.agency)
    story.round = make.consultation(story.agency, story.version, stage=Stage.OPEN)
    for role, name in list(zip(ROLES, NAMES, strict=True))[:size]:
        story.members[role] = make.user(name, verified=True)
    return story


def ordered(story: Story | None = None, **values: Any) -> Story:
    """The order is placed."""
    story = story or people()
    with transaction():
        story.commission = services.order(
            OrderCritique(
                **{
                    "version_id": story.version,
                    "consultation_id": story.round,
                    "orderer_id": story.agency,
                    "ordered_as": "official",
                    "ordered_by": story.official,
                    "title": "Phản biện dự thảo chính sách đãi ngộ trí thức",
                    "scope": "Toàn bộ dự thảo",
                    "questions": "Mức hỗ trợ đã hợp lý chưa?",
                    "field_code": "505",
                    "deadline": clock.now() + timedelta(days=30),
                    "declared": frozenset({1, 4}),
                }
                | values
            )
        ).id
    return story


def accepted(story: Story | None = None) -> Story:
    """The union has taken the order on, with three criteria."""
    story = story if story is not None and story.commission else ordered(story)
    with transaction():
        commission = queries.locked(story.commission)
        checked = {item.id: Checked(confirmed=True) for item in commission.intake}
        services.accept(story.commission, checked, actor_id=story.secretariat)
        lines = queries.template("criterion")[:3]
        commission = services.set_criteria(story.commission, lines, actor_id=story.secretariat)
        story.criteria = [row.id for row in commission.criteria]
    return story


def seated(story: Story | None = None) -> Story:
    """Everybody has accepted and declared no conflict."""
    story = accepted(story)
    with transaction():
        for role, user_id in story.members.items():
            panel_services.invite(story.commission, user_id, role, actor_id=story.secretariat)
            panel_services.reply(story.commission, user_id, state=SeatState.ACCEPTED)
            panel_services.declare(story.commission, user_id, conflict="")
    return story


def reviewing(story: Story | None = None) -> Story:
    """Reviews are being written, due in ten days."""
    story = seated(story)
    with transaction():
        services.start(
            story.commission, clock.now() + timedelta(days=10), actor_id=story.secretariat
        )
    return story


def words(story: Story, value: int, text: str = "Cần bổ sung số liệu") -> ReviewWords:
    """A whole review with ``value`` for every criterion."""
    return ReviewWords(
        ratings={number: RatingWords(value, argument=text) for number in story.criteria},
        remarks=(RemarkWords("d1.k1", "khoản 1 Điều 1", f"{text} tại khoản 1", "Sửa thành 5"),),
        conclusion=Conclusion.APPROVE_IF_AMENDED,
        general=f"{text} nói chung",
    )


def sends(story: Story, role: PanelRole, value: int, text: str = "Cần bổ sung số liệu") -> int:
    """A member sends a review; return its id."""
    with transaction():
        user_id = story.members[role]
        return review_services.send(story.commission, user_id, words(story, value, text)).id


def opened(story: Story | None = None) -> Story:
    """All have sent, so the reviews are open."""
    story = reviewing(story)
    with transaction():
        for value, (role, user_id) in enumerate(story.members.items(), 1):
            said = words(story, value, f"Ý kiến của {role.value}")
            review_services.send(story.commission, user_id, said)
    return story


def minuted(story: Story | None = None) -> Story:
    """The panel has met, chair and secretary have confirmed the minutes."""
    story = opened(story)
    now = clock.now()
    with transaction():
        meeting = report_services.call_meeting(
            story.commission, story.chair, held_at=now + timedelta(days=1), place="Phòng họp 1"
        )
        report_services.write_minutes(
            story.commission,
            story.secretary,
            Minutes(
                held_at=now + timedelta(days=1),
                ended_at=now + timedelta(days=1, hours=2),
                place="Phòng họp 1",
                course="Chủ tịch khai mạc.",
                conclusions="Thống nhất kiến nghị sửa.",
                attendance={
                    seat.id: (True, "") for seat in queries.locked(story.commission).sitting()
                },
            ),
            revision=meeting.revision,
        )
        revision = meeting.revision
    for user_id in (story.chair, story.secretary):
        with transaction():
            report_services.confirm_minutes(story.commission, user_id, revision=revision)
    return story


REPORT = ReportWords(
    summary="Dự thảo quy định chế độ.",
    assessment="Dự thảo cần thiết.",
    findings="Hội đồng thống nhất về sự cần thiết.",
    conclusion=Conclusion.APPROVE_IF_AMENDED,
    recommendations=(
        RecommendationWords("d1.k1", "khoản 1 Điều 1", "Nâng mức hỗ trợ."),
        RecommendationWords("", "", "Bổ sung đánh giá tác động."),
    ),
)


def signed(story: Story | None = None) -> Story:
    """The report is written, a member dissents, the chair has signed."""
    story = minuted(story)
    with transaction():
        report_services.write_report(story.commission, story.secretary, REPORT, revision=0)
        dissenter = story.members[PanelRole.REVIEWER_1]
        report_services.dissent(story.commission, dissenter, "Tôi không đồng ý với kiến nghị 1.")
    with transaction():
        report_services.sign_report(story.commission, story.chair, revision=1)
    return story


def delivered(story: Story | None = None) -> Story:
    """The report has been delivered to the orderer."""
    story = signed(story)
    with transaction():
        report_services.deliver(story.commission, actor_id=story.secretariat)
    return story


def answered(story: Story | None = None) -> Story:
    """The orderer has answered every recommendation."""
    story = delivered(story)
    with transaction():
        report = queries.report(story.commission)
        assert report is not None
        first, second = report.recommendations
        said = {
            first.id: AnswerWords(Outcome.ACCEPTED),
            second.id: AnswerWords(Outcome.NOT_ACCEPTED, "Đã có đánh giá."),
        }
        report_services.publish_answers(story.commission, said, actor_id=story.official)
    return story
