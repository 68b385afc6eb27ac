"""A commission's course through the services: what each step needs, refuses and records."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult.cli.ledger import sources
from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import db, transaction
from consult.critiques import (
    panel_services,
    queries,
    report_services,
    review_services,
    services,
    stages,
)
from consult.critiques.candidate_queries import candidates
from consult.critiques.commands import AnswerWords, Checked, Minutes, ReviewWords
from consult.critiques.defaults import CRITERIA, TemplateLine
from consult.critiques.document_queries import minutes_sheet, report_sheet
from consult.critiques.models import CommissionStage, PanelRole, Seat, SeatState
from consult.critiques.review_models import Outcome, Review
from consult.jobs.models import Job
from consult.jobs.runner import tick
from consult.ledger import auditing
from consult.ledger.models import Leaf
from consult.notifications.models import Notification
from consult.submissions.models import Identity
from tests.integration.ledger.test_insider import after
from tests.support import factories as make
from tests.support import panels
from tests.support.panels import Story
from tests.support.tampering import unnamed


def stage_of(story: Story) -> CommissionStage:
    with transaction(write=False):
        found = queries.commission(story.commission)
        assert found is not None
        return found.stage


def kinds_of(user_id: int) -> list[str]:
    tick()
    with transaction(write=False):
        rows = select(Notification.kind).where(Notification.user_id == user_id)
        return list(db.session.scalars(rows.order_by(Notification.id)))


def test_the_whole_course(app: Flask) -> None:
    with app.app_context():
        story = panels.answered()
        with transaction(write=False):
            commission = queries.commission(story.commission)
            assert commission is not None
            assert commission.stage is CommissionStage.ANSWERED
            sheet = report_sheet(commission)
            assert sheet.report is not None
            assert [line.change.transition for line in queries.history(story.commission)] == [
                "accept",
                "start",
                "meet",
                "report",
                "answer",
            ]
            spread = sheet.lines[0].spread
            assert (spread.middle, spread.low, spread.high, spread.rated) == (3.0, 1, 5, 5)
            assert [d.text for d in sheet.dissents] == ["Tôi không đồng ý với kiến nghị 1."]
            minutes = minutes_sheet(commission)
            assert minutes is not None
            assert minutes.chair is not None
            assert minutes.chair.name == "Trần Chủ Tịch"
            assert len(minutes.attendance) == 5
            leaves = list(db.session.scalars(select(Leaf.kind).order_by(Leaf.index)))
        assert leaves == ["review"] * 5 + ["critique_report"] + ["critique_answer"] * 2


def test_everybody_is_told_of_each_step(app: Flask) -> None:
    with app.app_context():
        story = panels.answered()
        assert kinds_of(story.official) == ["commission.accept", "commission.report"]
        told = kinds_of(story.members[PanelRole.MEMBER])
        assert told == [
            "panel.invited",
            "commission.start",
            "reviews.opened",
            "commission.meet",
            "meeting.set",
            "commission.report",
            "commission.answer",
        ]
        assert "minutes.written" in kinds_of(story.chair)
        staff = kinds_of(story.secretariat)
        assert staff[0] == "commission.ordered"
        assert {"critique_report.signed", "commission.answer"} <= set(staff)


def test_an_order_needs_its_required_items_confirmed(app: Flask) -> None:
    with app.app_context():
        story = panels.ordered()
        with transaction():
            items = queries.locked(story.commission).intake
            assert [item.ordinal for item in items if item.declared] == [1, 4]
            secret = next(item for item in items if "bí mật nhà nước" in item.text)
            checked = {i.id: Checked(confirmed=i is not secret) for i in items}
            with pytest.raises(services.Incomplete) as refused:
                services.accept(story.commission, checked, actor_id=story.secretariat)
            assert refused.value.codes == [secret.text]
        assert stage_of(story) is CommissionStage.ORDERED


def test_a_declined_order_goes_no_further(app: Flask) -> None:
    with app.app_context():
        story = panels.ordered()
        with transaction():
            services.decline(story.commission, reason="Ngoài chức năng", actor_id=1)
        for act in (
            lambda: services.accept(story.commission, {}, actor_id=1),
            lambda: services.cancel(story.commission, reason="x", actor_id=1),
        ):
            with pytest.raises(stages.NotAllowed), transaction():
                act()
        with transaction(write=False):
            [line] = queries.history(story.commission)
            assert (line.change.transition, line.change.reason) == ("decline", "Ngoài chức năng")


def test_the_criteria_are_the_template_until_edited(app: Flask) -> None:
    with app.app_context():
        with transaction():
            assert len(queries.template("criterion")) == len(CRITERIA) == 12
            services.set_template("criterion", [TemplateLine("Một")], actor_id=None)
        story = panels.ordered()
        with transaction():
            items = {i.id: Checked(confirmed=True) for i in queries.locked(story.commission).intake}
            accepted = services.accept(story.commission, items, actor_id=None)
            assert [row.text for row in accepted.criteria] == ["Một"]
            lines = [TemplateLine("Hai"), TemplateLine("Ba")]
            services.set_criteria(story.commission, lines, actor_id=None)
        with transaction():
            services.set_criteria(story.commission, lines[1:], actor_id=None)
            assert [row.text for row in queries.locked(story.commission).criteria] == ["Ba"]
            services.set_template("criterion", [], actor_id=None)
            assert len(queries.template("criterion")) == 12


# --- the panel ---------------------------------------------------------------------------------


def test_a_panel_has_one_of_each_lead(app: Flask) -> None:
    with app.app_context():
        story = panels.seated()
        member = story.members[PanelRole.MEMBER]
        with transaction(write=False):
            seat = queries.locked(story.commission).seat_of(member)
            assert seat is not None
            seat_id = seat.id
        with pytest.raises(panel_services.RoleTaken), transaction():
            panel_services.set_role(story.commission, seat_id, PanelRole.CHAIR, actor_id=None)
        with pytest.raises(panel_services.AlreadySeated), transaction():
            panel_services.invite(story.commission, member, PanelRole.MEMBER, actor_id=None)
        with pytest.raises(panel_services.NotInvitable), transaction():
            panel_services.invite(story.commission, story.official, PanelRole.MEMBER, actor_id=None)


def test_reviewing_waits_for_a_complete_panel(app: Flask) -> None:
    with app.app_context():
        story = panels.accepted()
        due = clock.now() + timedelta(days=5)
        with pytest.raises(services.Incomplete) as refused, transaction():
            services.start(story.commission, due, actor_id=None)
        assert refused.value.codes == ["chair", "secretary", "reviewer_1", "reviewer_2"]
        with transaction():
            panel_services.invite(story.commission, story.chair, PanelRole.CHAIR, actor_id=None)
        with pytest.raises(services.Incomplete) as refused, transaction():
            services.start(story.commission, due, actor_id=None)
        assert "replied" in refused.value.codes
        with transaction():
            panel_services.reply(story.commission, story.chair, state=SeatState.ACCEPTED)
        with pytest.raises(services.Incomplete) as refused, transaction():
            services.start(story.commission, due, actor_id=None)
        assert "declared" in refused.value.codes
        assert "chair" in refused.value.codes, "who has not declared does not sit yet"


def test_reviews_are_due_before_the_report(app: Flask) -> None:
    with app.app_context():
        story = panels.seated()
        for days in (-1, 31):
            due = clock.now() + timedelta(days=days)
            with pytest.raises(services.BadInstant), transaction():
                services.start(story.commission, due, actor_id=None)


def test_a_declared_conflict_waits_for_the_secretariat(app: Flask) -> None:
    with app.app_context():
        story = panels.accepted()
        with transaction():
            panel_services.invite(story.commission, story.chair, PanelRole.CHAIR, actor_id=None)
            panel_services.reply(story.commission, story.chair, state=SeatState.ACCEPTED)
            seat = panel_services.declare(story.commission, story.chair, conflict="Anh em ruột")
            assert not seat.cleared
            seat_id = seat.id
        with pytest.raises(panel_services.NotNow), transaction():
            panel_services.declare(story.commission, story.chair, conflict="")
        with transaction():
            seat = panel_services.decide(
                story.commission, seat_id, cleared=False, note="Không khách quan", actor_id=None
            )
            assert not seat.cleared
            assert not seat.accepted
        assert "panel.barred" in kinds_of(story.chair)
        with transaction():
            # The role is free again.
            other = story.members[PanelRole.MEMBER]
            panel_services.invite(story.commission, other, PanelRole.CHAIR, actor_id=None)


def test_a_delegate_is_invited_instead(app: Flask) -> None:
    with app.app_context():
        story = panels.accepted()
        with transaction():
            seat = panel_services.invite(
                story.commission, story.chair, PanelRole.CHAIR, actor_id=None
            )
            panel_services.reply(
                story.commission, story.chair, state=SeatState.DELEGATED, words="Lê Thư Ký"
            )
            other = panel_services.invite(
                story.commission,
                story.secretary,
                PanelRole.CHAIR,
                actor_id=None,
                delegate_of=seat.id,
            )
            assert other.delegate_of == seat.id
        with pytest.raises(panel_services.NotNow), transaction():
            panel_services.reply(story.commission, story.chair, state=SeatState.ACCEPTED)


def test_candidates_come_with_their_reasons(app: Flask) -> None:
    with app.app_context():
        story = panels.ordered()
        expert = make.user(
            "Đặng Chuyên Gia",
            verified=True,
            speciality="Chính sách đãi ngộ",
            locality="Long Khánh",
        )
        make.user("Lý Ngành Gần", verified=True, field_code="502")
        make.user("Hồ Ngành Xa", verified=True, field_code="401")
        make.point(story.round, expert)
        make.point(story.round, story.stranger, identity=Identity.SEALED)
        panels.accepted(story)
        with transaction(write=False):
            commission = queries.commission(story.commission)
            assert commission is not None
            found = candidates(commission, field_code="505")
            assert found[0].name == "Đặng Chuyên Gia"
            assert [r.code for r in found[0].reasons] == ["field", "speciality", "draft"]
            by_name = {c.name: [r.code for r in c.reasons] for c in found}
            assert by_name["Lý Ngành Gần"] == ["group"]
            assert "Hồ Ngành Xa" not in by_name
            # What was written under seal must not show in a list of names.
            [sealed] = candidates(commission, field_code="", q="nguoi la")
            assert sealed.reasons == ()


# --- reviews -----------------------------------------------------------------------------------


def test_a_review_is_saved_often_and_sent_once(app: Flask) -> None:
    with app.app_context():
        story = panels.reviewing()
        member = story.members[PanelRole.MEMBER]
        with transaction():
            empty = ReviewWords(ratings={})
            review_services.save(story.commission, member, empty)
            with pytest.raises(review_services.Unfinished) as refused:
                review_services.send(story.commission, member, empty)
            assert refused.value.codes == [*story.criteria, "conclusion"]
        with transaction():
            review_services.save(story.commission, member, panels.words(story, 2))
        panels.sends(story, PanelRole.MEMBER, 4)
        for act in (review_services.save, review_services.send):
            with pytest.raises(review_services.AlreadySent), transaction():
                act(story.commission, member, panels.words(story, 1))
        with transaction(write=False):
            [review] = db.session.scalars(select(Review))
            assert [rating.value for rating in review.ratings] == [4, 4, 4]
            assert len(review.remarks) == 1


def test_the_last_review_opens_them_all(app: Flask) -> None:
    with app.app_context():
        story = panels.reviewing()
        *first, last = story.members
        for role in first:
            panels.sends(story, role, 3)
        with transaction(write=False):
            commission = queries.commission(story.commission)
            assert commission is not None
            with pytest.raises(queries.StillBlind):
                queries.sent_reviews(commission)
        panels.sends(story, last, 3)
        with transaction(write=False):
            commission = queries.commission(story.commission)
            assert commission is not None
            assert len(queries.sent_reviews(commission)) == 5
            assert commission.opened_by is None


def test_the_chair_opens_after_sending_an_own_review(app: Flask) -> None:
    with app.app_context():
        story = panels.reviewing()
        panels.sends(story, PanelRole.SECRETARY, 3)
        for user_id in (story.chair, story.secretary):
            with pytest.raises(review_services.NotChair), transaction():
                review_services.open_by_chair(story.commission, user_id)
        panels.sends(story, PanelRole.CHAIR, 3)
        with transaction():
            assert not review_services.open_by_chair(story.commission, story.chair).blind
        # Who was late still sends the first review.
        panels.sends(story, PanelRole.MEMBER, 1)


def test_a_released_member_is_not_waited_for(app: Flask) -> None:
    with app.app_context():
        story = panels.reviewing()
        *first, last = story.members
        for role in first:
            panels.sends(story, role, 3)
        with transaction():
            commission = queries.locked(story.commission)
            sent = commission.seat_of(story.chair)
            late = commission.seat_of(story.members[last])
            assert sent is not None
            assert late is not None
            with pytest.raises(panel_services.AlreadySent):
                panel_services.release(story.commission, sent.id, reason="x", actor_id=None)
            panel_services.release(story.commission, late.id, reason="Ốm", actor_id=None)
            assert not commission.blind


def test_a_revision_shows_what_moved(app: Flask) -> None:
    with app.app_context():
        story = panels.opened()
        member = story.members[PanelRole.MEMBER]  # rated 5
        with transaction():
            review_services.save(story.commission, member, panels.words(story, 4))
        with transaction(write=False):
            commission = queries.commission(story.commission)
            assert commission is not None
            assert report_sheet(commission).moves == [], "a drafted revision counts nowhere"
        panels.sends(story, PanelRole.MEMBER, 3)
        with transaction(write=False):
            commission = queries.commission(story.commission)
            assert commission is not None
            sheet = report_sheet(commission)
            assert [(move.before, move.after, move.by) for move in sheet.moves] == [(5, 3, -2)] * 3
            assert sheet.lines[0].spread.high == 4
        with pytest.raises(review_services.AlreadySent), transaction():
            review_services.send(story.commission, member, panels.words(story, 1))


def test_reminders_go_once_for_each_occasion(app: Flask) -> None:
    with app.app_context():
        story = panels.reviewing()
        panels.sends(story, PanelRole.CHAIR, 3)
        late = story.members[PanelRole.MEMBER]

        def told() -> list[str]:
            for _again in range(2):
                with transaction():
                    review_services.remind(clock.now())
            return [kind for kind in kinds_of(late) if kind.startswith("review.")]

        assert told() == []
        clock.shift(timedelta(days=7, hours=1))
        assert told() == ["review.due"]
        clock.shift(timedelta(days=2))
        assert told() == ["review.due"] * 2
        clock.shift(timedelta(days=1))
        assert told() == ["review.due", "review.due", "review.overdue"]
        clock.shift(timedelta(days=1))
        assert len(told()) == 3
        assert not [kind for kind in kinds_of(story.chair) if kind.startswith("review.")]


# --- meeting, report, answers ------------------------------------------------------------------


def test_changed_minutes_are_confirmed_again(app: Flask) -> None:
    with app.app_context():
        story = panels.minuted()
        again = Minutes(held_at=clock.now(), ended_at=None, place="Phòng 2", course="A")
        with transaction():
            meeting = queries.meeting(story.commission)
            assert meeting is not None
            assert meeting.confirmed
            with pytest.raises(report_services.Overtaken):
                report_services.write_minutes(story.commission, story.chair, again, revision=1)
            report_services.write_minutes(story.commission, story.chair, again, revision=2)
            assert not meeting.confirmed
            with pytest.raises(services.Incomplete):
                report_services.confirm_minutes(story.commission, story.chair, revision=3)
        member = story.members[PanelRole.MEMBER]
        with pytest.raises(report_services.NotYours), transaction():
            report_services.write_minutes(story.commission, member, again, revision=3)


def test_a_meeting_comes_after_the_opening(app: Flask) -> None:
    with app.app_context():
        story = panels.reviewing()
        with pytest.raises(queries.StillBlind), transaction():
            report_services.call_meeting(
                story.commission, story.chair, held_at=clock.now(), place="Phòng 1"
            )


def test_a_signature_covers_one_text(app: Flask) -> None:
    with app.app_context():
        story = panels.signed()
        with pytest.raises(report_services.NotYours), transaction():
            report_services.sign_report(story.commission, story.secretary, revision=1)
        member = story.members[PanelRole.MEMBER]
        for act in (
            lambda: report_services.dissent(story.commission, member, "Muộn"),
            lambda: review_services.send(story.commission, member, panels.words(story, 1)),
        ):
            with pytest.raises(review_services.SignedOff), transaction():
                act()
        with transaction():
            report_services.write_report(
                story.commission, story.secretary, panels.REPORT, revision=1
            )
        with pytest.raises(services.Incomplete), transaction():
            report_services.deliver(story.commission, actor_id=None)
        with pytest.raises(report_services.Overtaken), transaction():
            report_services.sign_report(story.commission, story.chair, revision=1)


def test_every_recommendation_is_answered_with_its_reason(app: Flask) -> None:
    with app.app_context():
        story = panels.delivered()
        with transaction(write=False):
            report = queries.report(story.commission)
            assert report is not None
            first, second = (row.id for row in report.recommendations)
        said = {first: AnswerWords(Outcome.ACCEPTED), second: AnswerWords(Outcome.NOTED)}
        with pytest.raises(services.Incomplete) as refused, transaction():
            report_services.publish_answers(story.commission, said, actor_id=story.official)
        assert refused.value.codes == [str(second)]
        with transaction():
            said[second] = AnswerWords(Outcome.NOTED, "Chuyển Sở Tài chính.")
            report_services.publish_answers(story.commission, said, actor_id=story.official)
        with pytest.raises(stages.NotAllowed), transaction():
            report_services.save_answers(story.commission, said)


def test_a_cancelled_commission_keeps_what_was_written(app: Flask) -> None:
    with app.app_context():
        story = panels.reviewing()
        panels.sends(story, PanelRole.CHAIR, 3)
        with transaction():
            services.cancel(story.commission, reason="Rút dự thảo", actor_id=story.official)
        with pytest.raises(stages.NotAllowed), transaction():
            review_services.save(story.commission, story.secretary, panels.words(story, 3))
        with transaction(write=False):
            assert db.session.scalar(select(Review.id)) is not None
        assert "commission.cancel" in kinds_of(story.secretary)


# --- the log -----------------------------------------------------------------------------------

ALTERATIONS = [
    ("UPDATE reviews SET general = 'khác' WHERE id = 1", "altered reviews 1"),
    ("UPDATE reviews SET conclusion = 'approve' WHERE id = 1", "altered reviews 1"),
    ("UPDATE reviews SET sent_at = NULL WHERE id = 1", "deleted reviews 1"),
    ("UPDATE ratings SET value = 5 WHERE review_id = 1", "altered reviews 1"),
    (
        "UPDATE ratings SET argument = 'khác' WHERE review_id = 1 AND criterion_id = 2",
        "altered reviews 1",
    ),
    ("DELETE FROM ratings WHERE review_id = 1 AND criterion_id = 2", "altered reviews 1"),
    ("UPDATE review_remarks SET argument = 'khác' WHERE review_id = 1", "altered reviews 1"),
    ("UPDATE criteria SET text = 'khác' WHERE ordinal = 1", "altered reviews 1"),
    ("UPDATE seats SET user_id = 1 WHERE id = 1", "altered reviews 1"),
    ("UPDATE seats SET role = 'member' WHERE role = 'reviewer_1'", "altered critique_reports 1"),
    ("UPDATE critique_reports SET findings = 'khác'", "altered critique_reports 1"),
    ("UPDATE critique_reports SET delivered_at = NULL", "deleted critique_reports 1"),
    ("UPDATE critique_dissents SET text = 'khác'", "altered critique_reports 1"),
    ("DELETE FROM critique_dissents", "altered critique_reports 1"),
    ("UPDATE recommendations SET text = 'khác' WHERE id = 1", "altered critique_reports 1"),
    ("UPDATE recommendations SET outcome = 'accepted' WHERE id = 2", "altered recommendations 2"),
    ("UPDATE recommendations SET reason = 'khác' WHERE id = 2", "altered recommendations 2"),
    ("UPDATE recommendations SET answered_at = NULL WHERE id = 1", "deleted recommendations 1"),
    (
        "INSERT INTO reviews (id, commission_id, seat_id, number, conclusion, general,"
        " created_at, saved_at, sent_at) SELECT 99, commission_id, seat_id, 2, conclusion,"
        " general, created_at, saved_at, sent_at FROM reviews WHERE id = 1",
        "inserted reviews 99",
    ),
]


def test_the_audit_names_what_an_insider_changes(sqlite_app: Flask) -> None:
    """Each alteration alone, undone by not committing it."""
    with sqlite_app.app_context():
        panels.answered()

        def found() -> list[str]:
            report = auditing.audit(sources(), [])
            return [f"{one.problem} {one.table} {one.row}" for one in report.findings]

        with transaction(write=False):
            assert found() == []
        missed: list[str] = []
        for statement, finding in ALTERATIONS:
            # Rolled back at the end.
            with transaction(write=False):
                db.session.execute(db.text(statement))
                if finding not in found():
                    missed.append(statement)
        missed += unnamed(after, "review", "critique_report", "critique_answer")
        assert missed == []


def test_acts_are_recorded_without_names_of_opinions(app: Flask) -> None:
    with app.app_context():
        story = panels.answered()
        with transaction(write=False):
            entries = list(db.session.scalars(select(AuditEntry)))
            mine = [e for e in entries if e.subject_kind == "commission"]
            assert {e.subject_id for e in mine} == {story.commission}
            assert not any("Ý kiến của" in str(e.details) for e in entries)
            jobs = [job.payload for job in db.session.scalars(select(Job))]
            assert not any("Ý kiến của" in str(payload) for payload in jobs)
            assert db.session.scalar(select(Seat.id).where(Seat.user_id == story.official)) is None
