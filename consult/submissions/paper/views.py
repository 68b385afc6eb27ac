"""The pages on which staff enter what came on paper, by e-mail or at meetings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core import files, uploads
from consult.core.i18n import _, format_date
from consult.core.paging import page_number, paginate
from consult.core.web import received_at, route
from consult.drafts.queries import ProvisionLine, provisions
from consult.ledger.queries import leaves_of
from consult.submissions import own, queries, receipts
from consult.submissions.blueprint import room
from consult.submissions.commands import NotAccepting, Outcome, SubmitPoints
from consult.submissions.models import Point, Submission
from consult.submissions.pages import author_id, receipt_url, redline_of
from consult.submissions.paper import queries as paper_queries
from consult.submissions.paper import services as paper_services
from consult.submissions.paper.forms import CHANNELS, CorrectionForm, EntryForm, EntryPointForm
from consult.submissions.paper.services import (
    NoReason,
    NotReceivedInTime,
    OwnTranscription,
    ScanGone,
)
from consult.submissions.places import Places
from consult.submissions.receipt_views import receipt_text
from consult.submissions.revisions.pages import history_of
from consult.submissions.revisions.queries import leaves as revision_leaves
from consult.submissions.revisions.queries import revised, revisions_of
from consult.submissions.revisions.services import RevisedMeanwhile, RevisePoint, Withdrawn


def channel_name(channel: str) -> str:
    """Return how a contribution came, in words; "" for one that came online or from a table."""
    return str(dict(CHANNELS).get(channel, ""))


room.add_app_template_global(channel_name, "channel_name")


@route(
    room,
    "/office/rounds/<int:round_id>/paper",
    permission="paper.work",
    load=consultations.consultation,
)
def papers(consultation: Consultation) -> ResponseReturnValue:
    """What has been entered in the round."""
    return render_template(
        "submissions/papers.html",
        consultation=consultation,
        page=paginate(paper_queries.entries(consultation.id), number=page_number()),
        contributor=queries.contributor,
        takes=_takes(consultation),
    )


@route(
    room,
    "/office/rounds/<int:round_id>/paper/new",
    permission="paper.work",
    load=consultations.consultation,
    methods=("GET", "POST"),
)
def enter_paper(consultation: Consultation) -> ResponseReturnValue:
    """Enter one contribution with all its points."""
    form, lines = EntryForm(), provisions(consultation.version_id)
    points = _point_forms(form.points, Places(lines))
    if request.method == "GET":
        return _entry_page(consultation, form, points, lines)
    if request.form.get("action") == "more":
        form.keep_scan()
        points += _point_forms(len(points) + 1, Places(lines))[len(points) :]
        return _entry_page(consultation, form, points, lines)
    filled = [point for point in points if not point.blank] or points[:1]
    usable = [form.validate(), *(point.validate() for point in filled)]
    if not all(usable):
        return _entry_page(consultation, form, points, lines), 422
    try:
        outcome = _enter(consultation, form, filled)
    except NotReceivedInTime as refusal:
        form.received_on.errors = [
            _(
                "Only what the office received from %(first)s to %(last)s can be entered.",
                first=format_date(refusal.first),
                last=format_date(refusal.last),
            )
        ]
    except NoReason:
        form.late_reason.errors = [_("Please write why it is entered only after the deadline.")]
    except ScanGone:
        form.kept.data = ""
        form.scan.errors = [_("The scan is no longer kept: please choose the file again.")]
    except NotAccepting:
        return _entry_page(consultation, form, points, lines), 409
    else:
        if not outcome.repeated:
            flash(_("Entered. Print the receipt and give it to the contributor."), "success")
        return redirect(url_for(".paper", submission_id=_id_of(outcome)), 303)
    return _entry_page(consultation, form, points, lines), 422


def _enter(
    consultation: Consultation, form: EntryForm, points: Sequence[EntryPointForm]
) -> Outcome:
    key = form.key(consultation.id, points)
    return paper_services.enter(
        SubmitPoints(
            consultation=consultation,
            author_id=None,
            points=[point.words(f"paper:{key}:{n}") for n, point in enumerate(points, 1)],
            identity=form.identity,
            idempotency_key=f"paper:{key}",
            received_at=received_at(),
            channel=str(form.channel.data),
            name=form.name.data or "",
            organisation_name=form.organisation.data or "",
            paper=form.facts(author_id()),
        )
    )


def _id_of(outcome: Outcome) -> int:
    submission = own.own_submission(outcome.reference)
    if submission is None:
        abort(404)
    return submission.id


def _point_forms(number: int, places: Places) -> list[EntryPointForm]:
    # The form around them has the token.
    forms = [EntryPointForm(prefix=f"p{n}", meta={"csrf": False}) for n in range(1, number + 1)]
    for form in forms:
        form.places = places
    return forms


def _entry_page(
    consultation: Consultation,
    form: EntryForm,
    points: Sequence[EntryPointForm],
    lines: Sequence[ProvisionLine],
) -> str:
    form.offer()
    form.count.data = str(len(points))
    now = received_at()
    first, last = paper_services.days(consultation, now)
    return render_template(
        "submissions/paper_enter.html",
        consultation=consultation,
        form=form,
        points=points,
        citations=[line.citation for line in lines],
        takes=_takes(consultation),
        late=paper_services.is_late(consultation, now),
        first=first,
        last=last,
    )


def _takes(consultation: Consultation) -> bool:
    try:
        paper_services.check_takes(consultation, received_at())
    except NotAccepting:
        return False
    return True


@route(room, "/office/paper/<int:submission_id>", permission="paper.work", load=paper_queries.entry)
def paper(submission: Submission) -> ResponseReturnValue:
    """What was entered: the receipt to print, the scan, the way to corrections."""
    points = own.points_of(submission.id)
    revisions = revised(points)
    leaves = leaves_of(("submission",), submission.id)
    later = revision_leaves(revisions.values())
    leaf = leaves[0] if leaves else None
    url = receipt_url(submission)
    return render_template(
        "submissions/paper.html",
        submission=submission,
        entry=submission.paper,
        points=points,
        revisions=revisions,
        entries={one.subject_id: one for one in later},
        redline_of=redline_of,
        leaf=leaf,
        intact=all(receipts.fits(one, submission, points, revisions) for one in [*leaves, *later]),
        contributor=queries.contributor(submission.authorship),
        qr=receipts.qr_code(f"{url}#{leaf.leaf_hash}" if leaf else url),
        url=url,
        takes=_takes(submission.consultation),
        mine=submission.paper is not None and submission.paper.transcriber_id == author_id(),
    )


@route(
    room,
    "/office/paper/<int:submission_id>/check",
    permission="paper.work",
    load=paper_queries.entry,
    methods=("POST",),
)
def check_paper(submission: Submission) -> ResponseReturnValue:
    """Record that a second person has compared the transcription with the original."""
    try:
        paper_services.mark_checked(submission, actor_id=author_id(), at=received_at())
    except OwnTranscription:
        flash(_("You typed it in yourself: another person has to compare it."), "warning")
    else:
        flash(_("Recorded: the transcription agrees with the original."), "success")
    return redirect(url_for(".paper", submission_id=submission.id), 303)


@route(
    room,
    "/office/paper/<int:submission_id>/receipt.txt",
    permission="paper.work",
    load=paper_queries.entry,
)
def paper_receipt(submission: Submission) -> ResponseReturnValue:
    """The receipt as a text file that proves itself, to be sent by e-mail."""
    return receipt_text(submission, url_for(".paper", submission_id=submission.id))


@route(
    room,
    "/office/paper/<int:submission_id>/scan",
    permission="paper.scan",
    load=paper_queries.entry,
)
def paper_scan(submission: Submission) -> ResponseReturnValue:
    """The scan, asked for anew at each fetch."""
    scan = submission.paper.scan if submission.paper else None
    if scan is None or not files.place(scan.sha256).exists():
        abort(404)
    answer: Response = send_file(
        files.place(scan.sha256),
        mimetype=dict[str, str](uploads.MEDIA_TYPES.items()).get(scan.kind),
        as_attachment=True,
        download_name=f"{submission.reference}.{scan.kind}",
        conditional=False,
        etag=False,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@route(
    room,
    "/office/paper/points/<int:point_id>",
    permission="paper.work",
    load=paper_queries.entered_point,
    methods=("GET", "POST"),
)
def correct_paper(point: Point) -> ResponseReturnValue:
    """Correct the transcription of a point; what was typed before is kept."""
    form = CorrectionForm()
    revisions = revisions_of([point.id]).get(point.id, [])
    if request.method == "GET":
        form.show(point)
        form.base.data = str(len(revisions))
        return _correction_page(point, form, revisions)
    if not form.validate():
        return _correction_page(point, form, revisions), 422
    try:
        changed = paper_services.correct(
            RevisePoint(
                point=point,
                author_id=author_id(),
                words=form.words(point.submission.consultation),
                base=form.number,
                received_at=received_at(),
            )
        )
    except RevisedMeanwhile as meanwhile:
        form.base.data = str(meanwhile.number)
        refused = _(
            "Somebody corrected this point meanwhile: its words now are shown below. Send yours "
            "again if they are to replace them."
        )
        return _correction_page(point, form, revisions, refused), 409
    except (Withdrawn, NotAccepting):
        refused = _("This point can no longer be corrected: it is withdrawn or answered.")
        return _correction_page(point, form, revisions, refused), 409
    if changed:
        flash(_("Corrected. What stood there before is kept."), "success")
    else:
        flash(_("Nothing is different, so nothing was changed."), "info")
    return redirect(url_for(".paper", submission_id=point.submission_id), 303)


def _correction_page(
    point: Point, form: CorrectionForm, revisions: list[Any], refused: str = ""
) -> str:
    form.offer([])
    return render_template(
        "submissions/paper_correct.html",
        point=point,
        consultation=point.submission.consultation,
        form=form,
        refused=refused,
        redline_of=redline_of,
        history=history_of(point, revisions) if revisions else None,
    )
