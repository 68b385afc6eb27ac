"""Loads the demonstration: people, three rounds, points, a summary and its answers.

The loader turns the clock to each day of the story and calls the services that people's
clicks call, so that receipts, notices and history are what they would be.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select, update

from consult.accounts.models import User
from consult.consultations import services as rounds
from consult.consultations.commands import RoundFields
from consult.consultations.models import Audience, Consultation, Kind
from consult.core import clock
from consult.core.db import db, transaction
from consult.core.text import nfc
from consult.demo import revising
from consult.demo.closing import answer, approve, release, summarise
from consult.demo.content import DRAFTS, read
from consult.demo.critique import critiques
from consult.demo.handling import handle
from consult.demo.joint import joints
from consult.demo.objections import object_to
from consult.demo.paths import find, holding
from consult.demo.people import Keys, add_organisations, add_people
from consult.demo.periods import add_periods
from consult.demo.questions import answer_questions, asked
from consult.demo.replies import talk
from consult.demo.revised_points import revise as revise_point
from consult.demo.triage import Front, look_through, themes
from consult.drafts import queries as drafts
from consult.drafts import services as draft_services
from consult.drafts.models import DraftVersion
from consult.drafts.parsing import ParsedDocument, parse_untrusted
from consult.jobs.models import Job
from consult.jobs.runner import run_due
from consult.submissions import services as submissions
from consult.submissions.commands import NewPoint, SubmitPoints
from consult.submissions.models import Identity, Point, PointKind, Stance
from consult.summaries import reading_services as reading

MEDIA_TYPES = {
    ".txt": "text/plain",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def loaded() -> bool:
    """Return whether the demonstration has been loaded; needs an open transaction."""
    return bool(db.session.scalar(select(exists().where(User.is_demo))))


def load() -> None:
    """Load the demonstration into a database without one; needs no open transaction.

    Writes everything through the rooms' services in transactions of its own, runs the jobs
    that they enqueue, and turns the clock meanwhile. ValueError when it is already loaded.
    """
    with transaction(write=False):
        if loaded():
            raise ValueError("the demonstration is already loaded")
    now = clock.now()
    parsed = {name: _parse(name) for name in {record["draft_file"] for record in read("rounds")}}
    try:
        with transaction():
            organisations = add_organisations()
            people = add_people(organisations)
            add_periods()
        for record in read("rounds"):
            _Story(record, organisations, people, now).tell(parsed[record["draft_file"]])
        clock.move_to(now)
        run_due()
    finally:
        clock.reset()


def _parse(name: str) -> ParsedDocument:
    return parse_untrusted(DRAFTS / name, filename=name)


class _Story:
    """One round of the demonstration, told day by day."""

    def __init__(
        self, record: dict[str, Any], organisations: Keys, people: Keys, now: datetime
    ) -> None:
        self.record = record
        self.organisations = organisations
        self.people = people
        self.opens = now + timedelta(days=record["opens_day"])
        self.closes = now + timedelta(days=record["closes_day"])
        self.now = now
        self.point_ids: Keys = {}

    def tell(self, document: ParsedDocument) -> None:
        """Let the round happen, as far as it has come by now."""
        clock.move_to(min(self.opens, self.now) - timedelta(days=1))
        self._prepare(document)
        self._write()
        key, now = self.record["key"], self.now
        joints(key, now, self.round_id, self.organisations, self.people)
        handle(key, now, self.point_ids, self.people)
        front = Front(self.round_id, self.point_ids, self.people)
        look_through(key, now, front)
        themes(key, now, front, self._work)
        if self.record["release"]:
            clock.move_to(self.closes + timedelta(seconds=1))
            self._work()
            self._summarise()
            self._answer()
            for record in read("revisions"):
                if record["round"] == self.record["key"]:
                    self._revise(record)
            talk(key, now, self.point_ids, official_id=self.people[self.record["created_by"]])
        critiques(
            self.record["key"],
            self.now,
            round_id=self.round_id,
            version_id=self.version_id,
            organisations=self.organisations,
            people=self.people,
        )
        self._work()

    def _work(self) -> None:
        """Do the jobs of the present day; indexing waits for the end, when it is done once."""
        with transaction() as session:
            session.execute(
                update(Job)
                .where(Job.name == "search.index", Job.state == "ready")
                .values(run_at=self.now)
            )
        run_due()

    def _prepare(self, document: ParsedDocument) -> None:
        official = self.people[self.record["created_by"]]
        with transaction(), (DRAFTS / self.record["draft_file"]).open("rb") as stream:
            name = self.record["draft_file"]
            version = draft_services.create_version(
                draft_services.CreateVersion(
                    document=document,
                    title=self.record["draft_title"],
                    agency_id=self.organisations[self.record["agency"]],
                    created_by=official,
                    original=draft_services.Original(
                        stream, name, MEDIA_TYPES["." + name.rsplit(".", 1)[1]]
                    ),
                )
            )
            consultation = rounds.create(version, self._said(), created_by=official)
            rounds.publish(consultation, actor_id=official, no_state_secret=True)
            consultation.is_demo = True
            self.round_id, self.version_id = consultation.id, version.id

    def _said(self) -> RoundFields:
        record = self.record
        return RoundFields(
            kind=Kind(record["kind"]),
            title=record["title"],
            summary=" ".join(record["summary"]),
            can_change=_lines(record["can_change"]),
            cannot_change=_lines(record["cannot_change"]),
            legal_basis=_lines(record["legal_basis"]),
            questions=tuple(asked(question) for question in record["questions"]),
            opens_at=self.opens,
            closes_at=self.closes,
            audience=Audience.EVERYONE,
            responsible_name=record["responsible"]["name"],
            responsible_contact=record["responsible"]["contact"],
            asked_count=record["asked_count"],
        )

    def _write(self) -> None:
        sent: dict[tuple[int, str, str | None], list[dict[str, Any]]] = defaultdict(list)
        for point in read("points"):
            if point["round"] == self.record["key"]:
                sent[point["days_after_open"], point["author"], point["club"]].append(point)
        for number, ((day, author, club), points) in enumerate(sorted(sent.items(), key=_order)):
            at = self.opens + timedelta(days=day, hours=number % 9, minutes=7 * number % 60)
            clock.move_to(min(at, self.now - timedelta(minutes=30 - number % 25)))
            if number == 0:
                self._work()
            self._send(author, club, points)
        for sheet in self.record.get("sheets", ()):
            with transaction():
                answer_questions(
                    sheet,
                    self.round_id,
                    author_id=self.people[sheet["author"]],
                    club_id=self.organisations[sheet["club"]] if sheet["club"] else None,
                )
        self._work()

    def _send(self, author: str, club: str | None, points: list[dict[str, Any]]) -> None:
        with transaction() as session:
            session.get_one(DraftVersion, self.version_id)
            provisions = drafts.provisions(self.version_id)
            outcome = submissions.submit(
                SubmitPoints(
                    consultation=session.get_one(Consultation, self.round_id),
                    author_id=self.people[author],
                    organisation_id=self.organisations[club] if club else None,
                    points=[_point(provisions, point) for point in points],
                    identity=Identity(points[0]["identity"]),
                    idempotency_key=f"demo-{points[0]['key']}",
                    received_at=clock.now(),
                )
            )
            stored = session.scalars(
                select(Point)
                .where(Point.submission.has(reference=outcome.reference))
                .order_by(Point.ordinal)
            )
            self.point_ids |= {p["key"]: row.id for p, row in zip(points, stored, strict=True)}
            for point in points:
                sent = _point(provisions, point)
                revise_point(self.point_ids[point["key"]], self.people[author], point, sent)

    def _summarise(self) -> None:
        writer_id = self.people[self.record["summary_by"]]
        approver_id = self.people[self.record["approved_by"]]
        clock.move_to(self.now + timedelta(days=self.record["approved_day"]))
        with transaction():
            points = list(self.point_ids.values())
            reading.mark(self.round_id, points, read=True, user_id=writer_id)
            summarise(
                self.record["release"],
                round_id=self.round_id,
                version_id=self.version_id,
                writer_id=writer_id,
            )
            approve(self.round_id, writer_id=writer_id, approver_id=approver_id)
        self._work()
        key = self.record["key"]
        if object_to(key, self.now, self.round_id, self.point_ids, writer_id):
            with transaction():
                approve(self.round_id, writer_id=writer_id, approver_id=approver_id)
        self._work()
        clock.move_to(self.now + timedelta(days=self.record["released_day"]))
        with transaction():
            release(self.round_id, actor_id=writer_id)
        self._work()

    def _answer(self) -> None:
        clock.move_to(self.now + timedelta(days=self.record["answers_published_day"]))
        with transaction():
            answer(
                [item for item in read("answers") if item["round"] == self.record["key"]],
                round_id=self.round_id,
                point_ids=self.point_ids,
                official_id=self.people[self.record["created_by"]],
            )
        self._work()

    def _revise(self, record: dict[str, Any]) -> None:
        official = self.people[self.record["created_by"]]
        revised = revising.revise(record, self.record["draft_file"])
        clock.move_to(self.now + timedelta(days=record["uploaded_day"]))
        with transaction():
            new_id = revising.upload(revised, self.version_id, official_id=official)
        self._work()
        clock.move_to(self.now + timedelta(days=record["published_day"]))
        with transaction():
            revising.publish(record, self.version_id, new_id, official_id=official)
        self._work()


def _order(item: tuple[tuple[int, str, str | None], object]) -> tuple[int, str, str]:
    day, author, club = item[0]
    return day, author, club or ""


def _lines(items: list[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _point(provisions: Any, point: dict[str, Any]) -> NewPoint:
    quote = nfc(point["quote"] or "")
    provision = None
    if point["provision"] is not None:
        provision = find(provisions, point["provision"])
        if quote:
            provision = holding(provisions, provision, quote)
    question = point["question"]
    return NewPoint(
        provision=None if provision is None else provision.key,
        kind=PointKind(point.get("kind", "remark")),
        stance=Stance(point["stance"]),
        argument=point.get("first_argument", point["argument"]),
        proposed_wording=point["proposed_wording"] or "",
        quote=quote,
        question=None if question is None else question + 1,
        form_key=f"demo-{point['key']}",
    )
