"""The reading room's pages: home, rounds, the draft's text, points, answers, one's own."""

from __future__ import annotations

import enum
from typing import Any, TypeVar

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Kind, Stage
from consult.core.clock import now
from consult.core.i18n import _, _n, format_datetime, format_number, local
from consult.core.paging import page_number, paginate
from consult.core.permissions import actor, can
from consult.core.web import received_at, route
from consult.drafts.models import Provision
from consult.reading import points as points_read
from consult.reading import queries, text_pages, version_queries, version_views
from consult.reading.blueprint import room
from consult.reading.later_pages import changed_since
from consult.reading.point_text import text_of
from consult.responses.link_queries import linked_to
from consult.responses.models import Disposition
from consult.responses.reply_queries import passed_on
from consult.submissions import own
from consult.submissions import queries as submissions
from consult.submissions.answers.pages import open_sheet
from consult.submissions.joint.queries import signed_by
from consult.submissions.models import Point, PointKind, Stance
from consult.submissions.queries import ANY, PointFilter
from consult.submissions.revisions.pages import history
from consult.submissions.vault import written_anywhere
from consult.submissions.voices.queries import Mine
from consult.submissions.voices.queries import mine as mine_among
from consult.summaries.objection_queries import shown as shown_to_authors
from consult.summaries.queries import released

__all__ = ["room", "version_views"]

E = TypeVar("E", bound=enum.StrEnum)
# An empty provision is the whole draft, so "no filter" needs a word of its own in the choice.
EVERYWHERE = "*"
# In the list of rounds, what a reader looks for at once.
STAGE_CHOICES = (Stage.OPEN, Stage.SCHEDULED, Stage.CLOSED, Stage.ANSWERED, Stage.CANCELLED)


def _asked(kind: type[E], name: str) -> E | None:
    """Return the request's argument ``name`` as a member of ``kind``; nonsense is no filter."""
    value = request.args.get(name, "")
    return kind(value) if value in set(kind) else None


def time_left(consultation: Consultation) -> str:
    """Return how long the round still takes points, or what happens next, in words."""
    at = now()
    if consultation.stage is Stage.SCHEDULED and consultation.opens_at:
        return _("Opens at %(at)s", at=format_datetime(consultation.opens_at))
    if consultation.stage is not Stage.OPEN or consultation.closes_at is None:
        return ""
    if consultation.closes_at <= at:
        return _("Closing now")
    days = (local(consultation.closes_at).date() - local(at).date()).days
    if days == 0:
        return _("Closes today at %(time)s", time=f"{local(consultation.closes_at):%H:%M}")
    return _n("%(count)s day left", "%(count)s days left", days, count=format_number(days))


@route(room, "/", permission="site.read")
def home() -> ResponseReturnValue:
    """What this is, the rounds to write in, the rounds that got answers."""
    restricted = can("round.list_restricted")
    current = queries.open_rounds(restricted=restricted, limit=6)
    answered = queries.answered_rounds(restricted=restricted, limit=4)
    counts = queries.submission_counts()
    return render_template(
        "reading/home.html",
        current=current,
        answered=answered,
        counts=counts,
        submissions=sum(counts.values()),
        totals=queries.totals(),
        time_left=time_left,
    )


@route(room, "/rounds", permission="round.list")
def rounds() -> ResponseReturnValue:
    """The list of rounds."""
    stage, kind = _asked(Stage, "stage"), _asked(Kind, "kind")
    wanted = queries.RoundFilter(
        restricted=can("round.list_restricted"),
        stages=(stage,) if stage else STAGE_CHOICES,
        kind=kind,
        q=request.args.get("q", "")[:200],
    )
    page = paginate(queries.rounds_statement(wanted), number=page_number(), size=20)
    return render_template(
        "reading/rounds.html",
        page=page,
        counts=queries.submission_counts([c.id for c in page.rows]),
        wanted=wanted,
        stage=stage,
        stages=STAGE_CHOICES,
        kinds=list(Kind),
        time_left=time_left,
    )


@route(
    room,
    "/rounds/<int:round_id>",
    permission="round.read",
    load=consultations.consultation,
    endpoint="round",
)
def show_round(consultation: Consultation) -> ResponseReturnValue:
    """The reading page: what the round is about, and the draft's text to write on."""
    reader = text_pages.reader_of(consultation)
    closed = consultation.stage in (Stage.CLOSED, Stage.ANSWERED)
    stamp = queries.stamp(consultation.id)
    author_id = actor().user_id
    questions = own.questions(consultation.id)
    later = version_queries.later_public(consultation.version)
    return render_template(
        "reading/round.html",
        consultation=consultation,
        questions=questions,
        sheet=open_sheet(consultation, questions, author_id)
        if author_id and reader.may_write
        else None,
        text=text_pages.text(consultation, stamp, reader),
        stamp=stamp,
        later=later,
        # Asked of the policy only where there is something to see: it costs a query.
        history=(later or consultation.version.number > 1)
        and can("version.read", consultation.version),
        shows_points=reader.shows_points,
        summaries=_readable_summaries(consultation) if closed else [],
        answered=queries.answered_points(consultation.id) if closed else 0,
        # What waits in a closed round can no longer be sent; one's contributions still list it.
        basket=own.basket_size(author_id, consultation.id) if author_id and not closed else 0,
        may_write=reader.may_write,
        time_left=time_left(consultation),
    )


def _readable_summaries(consultation: Consultation) -> list[Any]:
    return [s for s in released(consultation_ids=[consultation.id]) if can("summary.read", s)]


@route(
    room,
    "/rounds/<int:round_id>/points",
    permission="points.list",
    load=consultations.consultation,
)
def points(consultation: Consultation) -> ResponseReturnValue:
    """The points of a round, filtered."""
    disposition = _asked(Disposition, "disposition")
    reads_hidden = can("points.read_hidden", consultation)
    order = _asked(points_read.Order, "order") or points_read.Order.NEWEST
    wanted, provision = _wanted_points(consultation, reads_hidden=reads_hidden)
    answered = points_read.AnswerFilter(disposition, request.args.get("disposition") == "waiting")
    places = queries.places(consultation.id)
    unfiltered = answered == points_read.AnswerFilter() and wanted == PointFilter(consultation.id)
    page = points_read.page_of_points(
        wanted,
        answered,
        number=page_number(),
        size=20,
        total=sum(place.points for place in places) if unfiltered else None,
        order=order,
        reads_hidden=reads_hidden,
    )
    return render_template(
        "reading/points.html",
        consultation=consultation,
        page=page,
        later=changed_since(point.provision_id for point in page.rows),
        places=[place for place in places if place.key],
        provision=provision,
        whole=wanted.provision_id is None,
        stance=wanted.stance,
        stances=list(Stance),
        kind=wanted.kind,
        kinds=list(PointKind),
        disposition=disposition,
        dispositions=list(Disposition),
        waiting=answered.waiting,
        q=wanted.q,
        order=order,
        mine=_mine(consultation, [point.id for point in page.rows]),
    )


def _wanted_points(
    consultation: Consultation, *, reads_hidden: bool
) -> tuple[PointFilter, Provision | None]:
    """Return which points the request asks for, and on which provision if on one."""
    key, q = request.args.get("provision", EVERYWHERE), request.args.get("q", "")[:200]
    provision = None
    if key not in ("", EVERYWHERE):
        provision = own.provision(consultation.version_id, key) or abort(404)
    wanted = PointFilter(
        consultation_id=consultation.id,
        provision_id=provision.id if provision else ANY if key else None,
        stance=_asked(Stance, "stance"),
        kind=_asked(PointKind, "kind"),
        q=q,
        reads_hidden=bool(q) and reads_hidden,
    )
    return wanted, provision


def _mine(subject: Consultation | Point, point_ids: list[int]) -> Mine | None:
    """Return what the reader may still answer of these points; None for who answers none."""
    consultation = subject if isinstance(subject, Consultation) else subject.submission.consultation
    user_id = actor().user_id
    if user_id is None or not can("point.endorse", subject):
        return None
    if not consultation.accepts_at(received_at()):
        return None
    return mine_among(user_id, consultation.id, point_ids)


@route(room, "/points/<int:point_id>", permission="point.read", load=points_read.subject)
def point(point: Point) -> ResponseReturnValue:
    """One point, who wrote it as far as that may be shown, and its answer."""
    if point.received_at is None:
        return redirect(url_for("submissions.basket", round_id=point.consultation_id))
    shown = points_read.shown_point(
        point.id, reads_hidden=point.hidden_at is not None and can("point.read_hidden", point)
    )
    hidden = bool(point.withdrawn_at) and not can("point.read_withdrawn", point)
    consultation = point.submission.consultation
    return render_template(
        "reading/point.html",
        point=shown,
        on=text_of(point, shown) if not hidden else None,
        history=None if hidden or shown.masked else history(point),
        files=[] if hidden or shown.masked else point.attachments,
        revisable=not point.withdrawn_at
        and point.submission.channel != "joint"
        and consultation.accepts_at(received_at()),
        signed=signed_by([point.submission]).get(point.submission_id),
        mine=None if point.withdrawn_at or point.hidden_at else _mine(point, [point.id]),
        subject=point,
        later=changed_since([point.provision_id]),
        linked=linked_to([point.id], restricted=can("round.list_restricted")),
        submission=point.submission,
        consultation=consultation,
        hidden=hidden,
    )


@route(
    room,
    "/rounds/<int:round_id>/answers",
    permission="round.read",
    load=consultations.consultation,
)
def answers(consultation: Consultation) -> ResponseReturnValue:
    """The published answers of a round, each with the points that it answers."""
    disposition = _asked(Disposition, "disposition")
    statement = queries.published_responses(consultation.id, disposition)
    page = paginate(statement, number=page_number(), size=20)
    ids = [answered.point_id for response in page.rows for answered in response.answered]
    return render_template(
        "reading/answers.html",
        consultation=consultation,
        page=page,
        points=submissions.points_by_id(consultation.id, ids),
        contributor=submissions.contributor,
        shows_points=can("points.list", consultation),
        reads_hidden=can("points.read_hidden", consultation),
        disposition=disposition,
        dispositions=list(Disposition),
        answered=queries.answered_points(consultation.id),
        linked=linked_to(ids, restricted=can("round.list_restricted")),
    )


@route(
    room,
    "/rounds/<int:round_id>/source",
    permission="round.read",
    load=consultations.consultation,
)
def source(consultation: Consultation) -> ResponseReturnValue:
    """The file from which the draft was read, as it was uploaded."""
    return text_pages.original(consultation.version)


@route(room, "/my/contributions", permission="account.own")
def mine() -> ResponseReturnValue:
    """Everything that the person has sent, with what became of each point."""
    written = written_anywhere(actor().user_id or 0)
    page = paginate(queries.own_submissions(written), number=page_number(), size=10)
    sent = [point for submission in page.rows for point in submission.points]
    ids = [point.id for point in sent]
    provisions = {point.provision.id: point.provision for point in sent if point.provision}
    shown = shown_to_authors({submission.consultation_id for submission in page.rows})
    return render_template(
        "reading/mine.html",
        page=page,
        baskets=own.baskets(written),
        passed=passed_on(ids),
        later=changed_since(provisions, provisions),
        quoted=queries.quoted_in_summaries(ids),
        summaries={s.consultation_id: s for s in shown if s.released_at},
        recorded={s.consultation_id: s.id for s in shown},
    )
