"""The pages of joint submissions: a club's list, opening one, its text, suggestions."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core.i18n import _, format_number
from consult.core.permissions import can
from consult.core.sanitize import markdown_to_html
from consult.core.web import received_at, route, row_ids
from consult.people import queries as people
from consult.people.models import Organisation
from consult.submissions.blueprint import room
from consult.submissions.commands import NotAccepting, NothingToSend, UnknownProvision
from consult.submissions.joint import queries as joint_queries
from consult.submissions.joint import services as joint_services
from consult.submissions.joint.commands import (
    BadQuorum,
    EditedMeanwhile,
    EditJointPoint,
    NotAllowed,
    OpenJoint,
    UnderWay,
)
from consult.submissions.joint.forms import CoverForm, OpenForm, SuggestionForm
from consult.submissions.joint.models import JointPoint, JointSubmission, QuorumKind
from consult.submissions.joint.pages import (
    no_such_provision,
    offer_provisions,
    otherwise,
    show_joint,
    to_joint,
)
from consult.submissions.pages import author_id, refusal_sentence

# --- a club's list -------------------------------------------------------------------------------


@route(
    room,
    "/clubs/<int:organisation_id>/joint",
    permission="joint.list",
    load=people.club_by_id,
)
def joints(club: Organisation) -> ResponseReturnValue:
    """The joint submissions of a club, for its members."""
    return render_template(
        "submissions/joints.html", club=club, joints=joint_queries.of_club(club.id)
    )


@route(
    room,
    "/clubs/<int:organisation_id>/contributions",
    permission="club.read",
    load=people.club_by_id,
)
def club_points(club: Organisation) -> ResponseReturnValue:
    """What was contributed in the club's name, as far as the rounds show their points."""
    rows = [
        (submission, number)
        for submission, number in joint_queries.contributed(club.id)
        if can("points.list", submission.consultation)
    ]
    signed = joint_queries.signed_by([submission for submission, _number in rows])
    return render_template("submissions/club_points.html", club=club, rows=rows, signed=signed)


@route(
    room,
    "/clubs/<int:organisation_id>/joint/new",
    permission="joint.open",
    load=people.club_by_id,
    methods=("GET", "POST"),
)
def open_joint(club: Organisation) -> ResponseReturnValue:
    """Open a joint submission for a round."""
    form = OpenForm()
    form.offer([row for row in joint_queries.open_rounds() if can("round.read", row)])
    if not form.validate_on_submit():
        if request.method == "GET":
            form.consultation.data = request.args.get("round", "")
        return _open_page(club, form, 422 if request.method == "POST" else 200)
    [round_id] = row_ids([form.consultation.data or ""]) or [0]
    consultation = consultations.consultation(round_id)
    if consultation is None:
        form.consultation.errors = [_("Please choose the consultation.")]
        return _open_page(club, form, 422)
    try:
        joint = joint_services.open_joint(_opening(club, consultation, form))
    except UnderWay as other:
        flash(_("The club is at work on a joint submission in this consultation: this one."))
        return redirect(url_for(".joint", joint_id=other.joint_id), 303)
    except BadQuorum as bad:
        form.quorum_value.errors = [_bad_quorum(bad)]
    except NotAccepting as refusal:
        form.consultation.errors = [refusal_sentence(refusal)]
    else:
        flash(_("Opened. The members have been told and can suggest points."), "success")
        return to_joint(joint)
    return _open_page(club, form, 422)


def _opening(club: Organisation, consultation: Consultation, form: OpenForm) -> OpenJoint:
    return OpenJoint(
        consultation=consultation,
        organisation=club,
        actor_id=author_id(),
        title=form.title.data or "",
        note=form.note.data or "",
        quorum_kind=QuorumKind(form.quorum_kind.data),
        quorum_value=form.quorum_value.data or 0,
        at=received_at(),
    )


def _bad_quorum(bad: BadQuorum) -> str:
    return _(
        "From 1 to 100 per cent, or from 1 to %(members)s members: the club has %(members)s.",
        members=format_number(bad.members),
    )


def _open_page(club: Organisation, form: OpenForm, status: int) -> ResponseReturnValue:
    return render_template("submissions/joint_open.html", club=club, form=form), status


# --- one of them ---------------------------------------------------------------------------------


@route(room, "/joint/<int:joint_id>", permission="joint.read", load=joint_queries.joint)
def joint(row: JointSubmission) -> ResponseReturnValue:
    """Text, suggestions, signatures and history, and what can be done now."""
    return show_joint(row)


@route(
    room,
    "/joint/<int:joint_id>/edit",
    permission="joint.edit",
    load=joint_queries.joint,
    methods=("GET", "POST"),
)
def edit_joint(row: JointSubmission) -> ResponseReturnValue:
    """Change title and cover note."""
    form = CoverForm(obj=row)
    if form.validate_on_submit():
        try:
            joint_services.edit_cover(row, title=form.title.data or "", note=form.note.data or "")
        except NotAllowed as refusal:
            form.note.errors = [otherwise(refusal)]
        else:
            flash(_("Changed."), "success")
            return to_joint(row)
    page = render_template("submissions/joint_cover.html", joint=row, form=form)
    return page, 422 if form.errors else 200


@route(
    room,
    "/joint/<int:joint_id>/signing",
    permission="joint.edit",
    load=joint_queries.joint,
    methods=("POST",),
)
def start_signing(row: JointSubmission) -> ResponseReturnValue:
    """Lay the text before the members for signature."""
    try:
        joint_services.start_signing(row, actor_id=author_id())
    except NotAllowed as refusal:
        flash(otherwise(refusal), "warning")
    except NothingToSend:
        flash(_("The text has no point yet: take a suggestion over first."), "warning")
    else:
        flash(_("The text stands now; the members have been asked to sign."), "success")
    return to_joint(row)


# --- the points of its text ----------------------------------------------------------------------


@route(
    room,
    "/joint/<int:joint_id>/points/<int:point_id>",
    permission="joint.edit",
    load=joint_queries.point,
    methods=("GET", "POST"),
)
def joint_point(point: JointPoint) -> ResponseReturnValue:
    """Edit a point of the text; the suggestion that it was made from stands beside it."""
    form = SuggestionForm()
    if request.method == "GET":
        form.show(point)
        return _point_page(point, form, 200)
    if not form.validate():
        return _point_page(point, form, 422)
    try:
        words = form.words()
        joint_services.edit_point(EditJointPoint(point, words, form.edits, author_id()))
    except UnknownProvision:
        form.provision.errors = [no_such_provision()]
    except NotAllowed as refusal:
        form.argument.errors = [otherwise(refusal)]
    except EditedMeanwhile:
        form.argument.errors = [
            _(
                "Another officer has changed this point meanwhile; what it says now stands above. "
                "Your words are kept here: save again to replace the others."
            )
        ]
        form.base.data = str(point.edits)
    else:
        flash(_("Changed."), "success")
        return to_joint(point.joint, f"point-{point.id}")
    return _point_page(point, form, 422)


def _point_page(point: JointPoint, form: SuggestionForm, status: int) -> ResponseReturnValue:
    offer_provisions(form, point.joint)
    return render_template(
        "submissions/joint_point.html",
        joint=point.joint,
        point=point,
        form=form,
        markdown_to_html=markdown_to_html,
    ), status


@route(
    room,
    "/joint/<int:joint_id>/points/<int:point_id>/move",
    permission="joint.edit",
    load=joint_queries.point,
    methods=("POST",),
)
def move_joint_point(point: JointPoint) -> ResponseReturnValue:
    """Move a point one place up or down."""
    try:
        joint_services.move(point, up=request.form.get("direction") == "up")
    except NotAllowed as refusal:
        flash(otherwise(refusal), "warning")
    return to_joint(point.joint, f"point-{point.id}")


@route(
    room,
    "/joint/<int:joint_id>/points/<int:point_id>/put-back",
    permission="joint.edit",
    load=joint_queries.point,
    methods=("POST",),
)
def put_back_joint_point(point: JointPoint) -> ResponseReturnValue:
    """Take a point out of the text; the suggestion waits again."""
    joint = point.joint
    try:
        joint_services.put_back(point)
    except NotAllowed as refusal:
        flash(otherwise(refusal), "warning")
    else:
        flash(_("Taken out of the text; the suggestion waits again."), "success")
    return to_joint(joint)
