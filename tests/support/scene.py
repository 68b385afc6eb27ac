"""A small portal with everything in it, for tests that try every page in every role.

Made through the services as people make it: a round that is open, one that is closed,
summarised and partly answered, one that is being prepared; authors who show their name, only
their club, or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from consult.accounts.models import SignInSession, User
from consult.consultations import stages
from consult.consultations.models import Consultation, Stage
from consult.core import clock
from consult.core.db import db, transaction
from consult.critiques import panel_services as panels
from consult.critiques import services as critiques
from consult.critiques.commands import Checked, OrderCritique
from consult.critiques.models import Commission, PanelRole, Seat, SeatState
from consult.documents import summary_list
from consult.documents.export_list import EXPORTS, KIND
from consult.jobs import works
from consult.jobs.runner import tick
from consult.notifications.models import Notification
from consult.people.models import Membership
from consult.responses import commitments, reply_services, work_services
from consult.responses import services as answers
from consult.responses.models import Disposition, Response
from consult.responses.work_models import Assignment
from consult.submissions import services as submissions
from consult.submissions.answers import services as answering
from consult.submissions.answers.services import Answer
from consult.submissions.attachments import services as attaching
from consult.submissions.attachments.models import FileKind
from consult.submissions.attachments.screening import Screened
from consult.submissions.commands import NewPoint, SavePoint, SendBasket, SubmitPoints
from consult.submissions.identity import services as vault_services
from consult.submissions.identity.models import Ground, UnsealingRequest
from consult.submissions.joint.models import JointPoint, JointSubmission, JointSuggestion
from consult.submissions.models import Identity, Point, Stance, Submission
from consult.submissions.moderation import services as moderating
from consult.submissions.voices.models import Endorsement, Moderation
from consult.summaries import services as summaries
from consult.summaries.models import Summary
from tests.support import attachable, joints, papers
from tests.support import factories as make
from tests.support.summaries import release

# Each occurs nowhere else, in no test and in no text of the product.
SEALED_NAME = "Quách Thị Canaria Tuyết"
SEALED_EMAIL = "chim-yen-7f3a@giau-kin.example.org"
SEALED_PROFILE = {
    "organisation_name": "Viện Hoàng Yến Kín",
    "locality": "Thôn Chim Yến",
    "speciality": "Điểu học hoàng yến",
    "post": "Trưởng lồng yến",
    "about": "Chuyên khảo chim hoàng yến",
}
SEALED_CLUB = "Hội Vành Khuyên Im Lặng"
CLUB_AUTHOR = "Vũ Đình Sáo Sậu"
CLUB_AUTHOR_EMAIL = "sao-sau-9c1b@giau-kin.example.org"
CLUB = "Câu lạc bộ Bồ Câu Trắng"
# Words of the opinions, by which a page that shows one is known.
SEALED_WORDS = "luận điểm họa mi"
CLUB_WORDS = "luận điểm chích chòe"
PUBLIC_NAME = "Lý Thị Công Khai"
# Who wrote on paper and did not consent to being named.
PAPER_NAME = "Lường Thị Giấy Kín"
PAPER_ORGANISATION = "Hợp tác xã Cú Mèo Lặng"
PAPER_WORDS = "luận điểm cú mèo"
# What officials of the agency note for each other; nobody else may ever meet it.
INTERNAL_WORDS = "trao đổi riêng chim cắt"
# What the sealed author replies and objects to the agency, which its round's staff read.
REPLY_WORDS = "lời đáp chim gõ kiến"


@dataclass
class Scene:
    """Who is there and what there is, by name, as ids (submissions as references)."""

    app: Flask
    users: dict[str, int] = field(default_factory=dict[str, int])
    rounds: dict[str, int] = field(default_factory=dict[str, int])
    organisations: dict[str, int] = field(default_factory=dict[str, int])
    versions: dict[str, int] = field(default_factory=dict[str, int])
    references: dict[str, str] = field(default_factory=dict[str, str])
    points: dict[str, int] = field(default_factory=dict[str, int])
    summaries: dict[str, int] = field(default_factory=dict[str, int])
    responses: dict[str, int] = field(default_factory=dict[str, int])
    notices: dict[str, int] = field(default_factory=dict[str, int])
    commissions: dict[str, int] = field(default_factory=dict[str, int])
    requests: dict[str, int] = field(default_factory=dict[str, int])
    joints: dict[str, int] = field(default_factory=dict[str, int])
    suggestions: dict[str, int] = field(default_factory=dict[str, int])
    attachments: dict[str, int] = field(default_factory=dict[str, int])
    papers: dict[str, int] = field(default_factory=dict[str, int])
    works: dict[str, int] = field(default_factory=dict[str, int])

    def values(self, argument: str) -> list[Any]:
        """Return every value worth trying for an argument of the URL map."""
        known: dict[str, dict[str, Any]] = {
            "round_id": self.rounds,
            "version_id": self.versions,
            "organisation_id": self.organisations,
            "user_id": self.users,
            "point_id": self.points,
            "reference": self.references,
            "summary_id": self.summaries,
            "notice_id": self.notices,
            "request_id": self.requests,
            "commission_id": self.commissions,
            "joint_id": self.joints,
            "suggestion_id": self.suggestions,
            "attachment_id": self.attachments,
            "submission_id": self.papers,
            "work_id": self.works,
        }
        fixed = {"about": ["confirm", "reset"], "token": ["x"], "day": ["2030-01-01"]}
        fixed["key"] = ["d1.k1"]
        fixed["kind"] = ["intake"]
        fixed["form"] = ["docx", "pdf"]
        fixed["name"] = [*EXPORTS]
        fixed["document"] = [*summary_list.FILES]
        return list(known[argument].values()) if argument in known else fixed.get(argument, [1])


def build(app: Flask) -> Scene:
    """Fill the empty portal of ``app``; run its jobs, so that mail and index are there."""
    scene = Scene(app)
    with app.app_context():
        _people(scene)
        _rounds(scene)
        _questions(scene)
        _write(scene)
        _close(scene)
        _ask(scene)
        _critique(scene)
        _joint(scene)
        _paper(scene)
        _exports(scene)
        tick()
        with transaction(write=False):
            notices = db.session.execute(
                select(Notification.user_id, Notification.kind, Notification.id)
            )
            scene.notices = {f"{user}:{kind}:{id_}": id_ for user, kind, id_ in notices}
    return scene


def _people(scene: Scene) -> None:
    own = scene.organisations
    own["agency"] = make.organisation(name="Sở Tổ Chức")
    own["other agency"] = make.organisation(name="Sở Láng Giềng")
    own["club"] = make.organisation("club", CLUB, short_name=CLUB)
    own["sealed club"] = make.organisation("club", SEALED_CLUB, short_name=SEALED_CLUB)
    for kind in ("front", "council", "union"):
        own[kind] = make.organisation(kind)
    staff = {
        "official": ("official", own["agency"]),
        "official of another agency": ("official", own["other agency"]),
        "front": ("front", own["front"]),
        "second of the front": ("front", own["front"]),
        "council": ("council", own["council"]),
        "secretariat": ("secretariat", own["union"]),
        "admin": ("admin", None),
    }
    for name, grant in staff.items():
        scene.users[name] = make.user(f"Nhân sự {name}", roles=(grant,))
    people = scene.users
    people["sealed author"] = make.user(
        SEALED_NAME, email=SEALED_EMAIL, verified=True, **SEALED_PROFILE
    )
    people["club author"] = make.user(CLUB_AUTHOR, email=CLUB_AUTHOR_EMAIL, verified=True)
    people["public author"] = make.user(PUBLIC_NAME, verified=True)
    people["another intellectual"] = make.user("Đinh Văn Khác", verified=True)
    people["club officer"] = make.user("Tạ Thị Chủ Nhiệm", verified=True)
    people["unverified"] = make.user("Mai Chưa Duyệt")
    for club in ("club", "sealed club"):
        make.member(people["club officer"], own[club], role="chair")
    make.member(people["sealed author"], own["sealed club"])
    make.member(people["club author"], own["club"])


def _questions(scene: Scene) -> None:
    """The open and the closed round ask; the sealed author has answered, and changed it once."""
    for name in ("open", "closed"):
        make.question(scene.rounds[name], 1, "single", options=["Có", "Không"])
        make.question(scene.rounds[name], 2, "scale", low="Thấp", high="Cao", steps=5)
    author = scene.users["sealed author"]
    with transaction() as session:
        round_ = session.get_one(Consultation, scene.rounds["open"])
        for key, chosen in (("sheet 1", {1: [1], 2: [4]}), ("sheet 2", {1: [2]})):
            told = answering.answer(Answer(round_, author, chosen, key, clock.now()))
            if not told.received:
                submissions.send_basket(
                    SendBasket(round_, author, told.reference, Identity.SEALED, clock.now())
                )
        scene.references["open sealed answers"] = told.reference


def _rounds(scene: Scene) -> None:
    agency = scene.organisations["agency"]
    for name, stage in (
        ("open", Stage.OPEN),
        ("closed", Stage.OPEN),  # closed below, when it has points
        ("preparing", Stage.PREPARING),
    ):
        scene.versions[name] = make.version(agency, title=f"Dự thảo {name}")
        scene.rounds[name] = make.consultation(
            agency, scene.versions[name], stage=stage, title=f"Đợt {name}"
        )


def _write(scene: Scene) -> None:
    authors = (
        ("sealed", "sealed author", SEALED_WORDS, Identity.SEALED, "sealed club"),
        ("club", "club author", CLUB_WORDS, Identity.ORGANISATION, "club"),
        ("public", "public author", "luận điểm công khai", Identity.PUBLIC, None),
    )
    for round_name in ("open", "closed"):
        for name, author, words, identity, club in authors:
            label = f"{round_name} {name}"
            _send(scene, label, round_name, author, words, identity, club)
    _send(
        scene, "open withdrawn", "open", "sealed author",
        f"{SEALED_WORDS} đã rút", Identity.SEALED, None,
    )  # fmt: skip
    with transaction():
        submission = _submission(scene.references["open withdrawn"])
        submissions.withdraw(
            submission,
            author_id=scene.users["sealed author"],
            point_ids=None,
            at=clock.now(),
        )
    _hide(scene)
    with transaction() as session:
        # A basket: nobody but its author may know of it.
        point = NewPoint("d1.k2", Stance.AGREE, f"{SEALED_WORDS} chưa gửi", "basket-form")
        open_round = session.get_one(Consultation, scene.rounds["open"])
        author = scene.users["sealed author"]
        basket = submissions.save_point(SavePoint(open_round, author, point))
        scene.references["basket"] = basket.reference
        scene.points["basket"] = _submission(basket.reference).points[0].id


def _hide(scene: Scene) -> None:
    """Hide one more sealed point from the public; its author appeals."""
    label = "open sealed hidden"
    _send(
        scene, label, "open", "sealed author", f"{SEALED_WORDS} đã ẩn", Identity.SEALED, None
    )  # fmt: skip
    with transaction() as session:
        point = session.get_one(Point, scene.points[label])
        hidden = moderating.hide(
            moderating.Hide(point, "Quảng cáo", "Lời giải thích", scene.users["front"], clock.now())
        )
        moderating.appeal(hidden, "Không phải quảng cáo.", at=clock.now())


def _send(
    scene: Scene,
    label: str,
    round_name: str,
    author: str,
    words: str,
    identity: Identity,
    club: str | None,
) -> None:
    author_id = scene.users[author]
    with transaction() as session:
        round_ = session.get_one(Consultation, scene.rounds[round_name])
        form = f"form {label}"
        point = NewPoint(
            "d1.k1", Stance.DISAGREE, f"Đây là {words} ở {label}.", form, attached=form
        )
        # The file's name is telling, as such names are.
        maker = session.get_one(User, author_id).full_name
        file = Screened(f"{maker}.png", FileKind.PNG, attachable.png(len(scene.points) + 1))
        attaching.attach(attaching.Holder(round_.id, author_id, form, "d1.k1"), file)
        chosen: dict[str, Any] = {
            "consultation": round_,
            "author_id": author_id,
            "identity": identity,
            "received_at": clock.now(),
            "organisation_id": scene.organisations[club] if club else None,
        }
        if round_name == "closed":  # by way of the basket
            saved = submissions.save_point(SavePoint(round_, author_id, point))
            sent = submissions.send_basket(SendBasket(reference=saved.reference, **chosen))
        else:
            sent = submissions.submit(SubmitPoints(points=[point], idempotency_key=label, **chosen))
        scene.references[label] = sent.reference
        received = _submission(sent.reference).points[0]
        scene.points[label] = received.id
        scene.attachments[label] = received.attachments[0].id


def _submission(reference: str) -> Submission:
    return db.session.scalars(select(Submission).where(Submission.reference == reference)).one()


def _close(scene: Scene) -> None:
    round_id, people = scene.rounds["closed"], scene.users
    with transaction() as session:
        round_ = session.get_one(Consultation, round_id)
        round_.closes_at = clock.now() - timedelta(seconds=1)
        stages.apply(round_, "close", actor_id=None)
    with transaction():
        summary = summaries.start(round_id, actor_id=people["front"])
        summaries.propose(summary)
        release(summary.id, actor_id=people["front"], approver_id=people["second of the front"])
        scene.summaries["released"] = summary.id
    with transaction():
        # A second version, not released.
        scene.summaries["unreleased"] = summaries.start(round_id, actor_id=people["front"]).id
    _talk(scene, "asked")
    for name in ("sealed", "club"):
        _answer(scene, name, f"Trả lời cho {name}", published=True)
    _talk(scene, "answered")
    _answer(scene, "public", "trả lời còn là bản nháp", published=False)
    with transaction():
        noted = [scene.points[f"closed {name}"] for name in ("sealed", "public")]
        work_services.note(noted, INTERNAL_WORDS, author_id=people["official"])


def _talk(scene: Scene, when: str) -> None:
    """The agency asks the sealed author back, and is told that its answer misses the point."""
    with transaction() as session:
        point, now = session.get_one(Point, scene.points["closed sealed"]), clock.now()
        if when == "asked":
            question = "Số liệu lấy từ đâu?"
            row = reply_services.ask(point, question, actor_id=scene.users["official"], at=now)
            reply_services.reply(point, row.id, f"Đây là {REPLY_WORDS}.", at=now)
        else:
            text = f"Chưa đúng ý: {REPLY_WORDS}."
            reply_services.object_to(point, scene.responses["sealed"], text, at=now)
            promised = session.get_one(Response, scene.responses["sealed"])
            commitments.make(commitments.Make(promised, "Sửa quy định", "Phòng", now, None, now))


def _ask(scene: Scene) -> None:
    """Two requests to open a sealed identity: one waits, one has been approved."""
    people = scene.users
    people["second of the secretariat"] = make.user(
        "Nhân sự thứ hai", roles=(("secretariat", scene.organisations["union"]),)
    )
    for name in ("open", "closed"):
        with transaction():
            submission = _submission(scene.references[f"{name} sealed"])
            command = vault_services.AskToOpen(
                submission, Ground.COURT, f"Công văn về {name}", people["secretariat"]
            )
            scene.requests[name] = vault_services.ask(command)
    with transaction() as session:
        asked = session.get_one(UnsealingRequest, scene.requests["closed"])
        second = people["second of the secretariat"]
        vault_services.decide(asked, approve=True, actor_id=second)
        vault_services.look(asked, actor_id=second)


def _answer(scene: Scene, name: str, reason: str, *, published: bool) -> None:
    official, round_id = scene.users["official"], scene.rounds["closed"]
    with transaction():
        response = answers.answer(
            answers.AnswerPoints(
                round_id,
                frozenset([scene.points[f"closed {name}"]]),
                Disposition.PARTLY_ACCEPTED,
                reason,
                official,
            )
        )
        scene.responses[name] = response.id
        if published:
            answers.publish(round_id, actor_id=official, response_ids=[response.id])


def _critique(scene: Scene) -> None:
    """The official orders a critique; one is seated, another invited, reviewing has not begun."""
    people = scene.users
    with transaction():
        order = OrderCritique(
            version_id=scene.versions["open"],
            consultation_id=scene.rounds["open"],
            orderer_id=scene.organisations["agency"],
            ordered_as="official",
            ordered_by=people["official"],
            title="Phản biện dự thảo open",
            scope="Toàn bộ dự thảo",
            questions="",
            field_code="505",
            deadline=clock.now() + timedelta(days=20),
        )
        commission = critiques.order(order)
        checked = {item.id: Checked(confirmed=True) for item in commission.intake}
        critiques.accept(commission.id, checked, actor_id=people["secretariat"])
        for name, role in (
            ("another intellectual", PanelRole.CHAIR),
            ("public author", PanelRole.MEMBER),
        ):
            panels.invite(commission.id, people[name], role, actor_id=people["secretariat"])
        chair = people["another intellectual"]
        panels.reply(commission.id, chair, state=SeatState.ACCEPTED)
        panels.declare(commission.id, chair, conflict="")
        scene.commissions["forming"] = commission.id


def _joint(scene: Scene) -> None:
    """A club drafts a joint submission: one suggestion is taken over, another waits."""
    officer, round_id = scene.users["club officer"], scene.rounds["open"]
    club = scene.organisations["club"]
    joint_id = joints.opened(round_id, club, officer=officer, title="Góp ý của hội viên")
    joints.taken(joints.suggested(joint_id, officer, "Ý kiến đã chọn"), officer)
    scene.joints["drafting"] = joint_id
    scene.suggestions["waiting"] = joints.suggested(joint_id, officer, "Ý kiến còn chờ")


def _paper(scene: Scene) -> None:
    """Letters that the official typed in: one openly named, one sealed."""
    official, round_id = scene.users["official"], scene.rounds["open"]
    for name, who, identity in (
        ("public", "Lò Văn Bút Chì", Identity.PUBLIC),
        ("sealed", PAPER_NAME, Identity.SEALED),
    ):
        words = f"Đây là {PAPER_WORDS} ở thư {name}."
        organisation = PAPER_ORGANISATION if name == "sealed" else ""
        scene.papers[name] = papers.entered(
            round_id, official, who, identity, words, organisation=organisation
        )
        with transaction(write=False) as session:
            points = session.get_one(Submission, scene.papers[name]).points
            scene.points[f"paper letter-{name}"] = points[0].id


def fingerprint(scene: Scene) -> dict[str, Any]:
    """Return what no stranger may change: compare before and after."""
    with scene.app.app_context(), transaction(write=False) as session:
        return {
            "points": [
                (p.id, p.argument, p.withdrawn_at, p.received_at, p.hidden_at)
                for p in session.scalars(select(Point).order_by(Point.id))
            ],
            "submissions": session.execute(
                select(Submission.id, Submission.state).order_by(Submission.id)
            ).all(),
            "rounds": session.execute(
                select(
                    Consultation.id, Consultation.stage, Consultation.title, Consultation.closes_at
                ).order_by(Consultation.id)
            ).all(),
            "answers": session.execute(
                select(Response.id, Response.reason, Response.published_at).order_by(Response.id)
            ).all(),
            "assignments": session.execute(
                select(Assignment.point_id, Assignment.assignee_id).order_by(Assignment.point_id)
            ).all(),
            "moderations": session.execute(
                select(Moderation.id, Moderation.appeal, Moderation.outcome).order_by(Moderation.id)
            ).all(),
            "voices": session.execute(
                select(Endorsement.point_id, Endorsement.user_id, Endorsement.value)
            ).all(),
            "summaries": session.execute(
                select(Summary.id, Summary.released_at, Summary.introduction).order_by(Summary.id)
            ).all(),
            "notices": session.execute(
                select(Notification.id, Notification.read_at).order_by(Notification.id)
            ).all(),
            "commissions": session.execute(
                select(Commission.id, Commission.stage, Commission.title).order_by(Commission.id)
            ).all(),
            "joints": session.execute(
                select(JointSubmission.id, JointSubmission.state, JointSubmission.title)
            ).all(),
            "suggestions": session.execute(
                select(JointSuggestion.id, JointSuggestion.state, JointSuggestion.argument)
            ).all(),
            "joint points": session.execute(
                select(JointPoint.id, JointPoint.argument, JointPoint.ordinal)
            ).all(),
            "memberships": session.execute(
                select(Membership.id, Membership.state, Membership.role).order_by(Membership.id)
            ).all(),
            "seats": session.execute(
                select(Seat.id, Seat.state, Seat.role, Seat.declaration).order_by(Seat.id)
            ).all(),
            "users": [
                (u.id, u.full_name, u.disabled_at, sorted((g.role, g.id) for g in u.roles))
                for u in session.scalars(select(User).order_by(User.id))
            ],
            "sessions": session.scalars(
                select(SignInSession.token_hash).order_by(SignInSession.token_hash)
            ).all(),
        }


def _exports(scene: Scene) -> None:
    """Every file of the closed round for the agency, one for the Front."""
    asked = [("official", name) for name in EXPORTS] + [("front", "points.csv")]
    for role, name in asked:
        arguments = {"name": name, "round_id": scene.rounds["closed"]}
        with transaction():
            work = works.start(KIND, arguments, asked_by=scene.users[role], title=name)
            scene.works[f"{role}:{name}"] = work.id
    for name in summary_list.FILES:
        arguments = {"document": name, "summary_id": scene.summaries["released"]}
        with transaction():
            asked_by = scene.users["council"]
            work = works.start(summary_list.KIND, arguments, asked_by=asked_by, title=name)
            scene.works[f"council:{name}"] = work.id
