"""Pages on which the Front looks at proposed themes and repetitions, and changes them."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core.i18n import _
from consult.core.paging import page_number, paginate
from consult.core.permissions import actor
from consult.core.web import route, row_ids, safe_next
from consult.drafts.queries import WHOLE_DRAFT
from consult.jobs import works
from consult.submissions.models import code_of
from consult.summaries import decision_queries, doubt_queries, theme_queries
from consult.summaries import decision_services as deciding
from consult.summaries import theme_services as services
from consult.summaries.blueprint import room
from consult.summaries.queries import provision_lines
from consult.summaries.sections import codes
from consult.summaries.tasks import KIND
from consult.summaries.theme_forms import ACTIONS, NEW, ThemeForm, title
from consult.summaries.theme_models import Theme, ThemePoint


@route(room, "/front/rounds/<int:round_id>/themes", permission="summary.work", load=load_round)
def themes(consultation: Consultation) -> ResponseReturnValue:
    """Show the round's themes by provision, with their numbers and lines, and what is new."""
    by_provision: dict[int | None, list[theme_queries.Row]] = {}
    for row in theme_queries.rows(consultation.id):
        by_provision.setdefault(row.provision_id, []).append(row)
    return render_template(
        "summaries/themes.html",
        consultation=consultation,
        build=theme_queries.newest_build(consultation.id),
        by_provision=by_provision,
        places={line.id: line for line in provision_lines(consultation.version_id)},
        coverage=theme_queries.coverage(consultation.id),
        lines=theme_queries.lines(consultation.id),
        changes=theme_queries.changes(consultation.id),
        doubtful=doubt_queries.numbers(consultation.id)[0],
        title=title,
    )


@route(
    room,
    "/front/rounds/<int:round_id>/themes/build",
    permission="summary.work",
    load=load_round,
    methods=("POST",),
)
def build_themes(consultation: Consultation) -> ResponseReturnValue:
    """Have the themes built; it may take a while and can be left."""
    work = works.start(
        KIND,
        {"round_id": consultation.id, "actor_id": actor().user_id},
        asked_by=actor().user_id,
        title=_("Themes of “%(title)s”", title=consultation.title),
        page=url_for("summaries.themes", round_id=consultation.id),
    )
    return redirect(url_for("desk.work", work_id=work.id, wait=1), 303)


@route(
    room,
    "/front/rounds/<int:round_id>/theme",
    permission="summary.work",
    load=load_round,
    methods=("GET", "POST"),
)
def theme(consultation: Consultation) -> ResponseReturnValue:
    """Show a theme's points (?id=), or those by themselves (?provision=); change it."""
    shown, provision_id = _asked_for(consultation)
    others = [
        other
        for other in theme_queries.themes_on(consultation.id, provision_id)
        if shown is None or other.id != shown.id
    ]
    chosen = frozenset(row_ids(request.form.getlist("point")))
    action = request.form.get("action", "")
    form = ThemeForm(name=title(shown) if shown else "")
    form.offer(others, action, len(chosen))
    if form.is_submitted() and form.validate() and action in ACTIONS:
        try:
            return _changed(consultation, shown, form, chosen)
        except services.NotInThisRound:
            form.form_errors = [_("Points or themes have changed meanwhile. Please look again.")]
    wanted = theme_queries.in_theme(shown.id if shown else None, provision_id)
    page = paginate(theme_queries.members(consultation.id, *wanted), number=page_number())
    shown_page = render_template(
        "summaries/theme.html",
        consultation=consultation,
        theme=shown,
        heading=title(shown) if shown else _("Points by themselves"),
        page=page,
        form=form,
        chosen=chosen,
        others=others,
        doubts=doubt_queries.of_points([member.point_id for member in page.rows]),
        code_of=code_of,
    )
    return shown_page, 422 if form.is_submitted() else 200


def _asked_for(consultation: Consultation) -> tuple[Theme | None, int | None]:
    """Return the theme of the address, or None and the provision whose lone points it wants.

    Of the whole draft, when it names nothing.
    """
    asked, key = request.args.get("id"), request.args.get("provision", WHOLE_DRAFT)
    if asked is not None:
        ids = row_ids([asked])
        found = theme_queries.theme(consultation.id, ids[0]) if ids else None
        if found is None:
            abort(404)
        return found, found.provision_id
    if key == WHOLE_DRAFT:
        return None, None
    lines = provision_lines(consultation.version_id)
    return None, next((line.id for line in lines if line.key == key), None) or abort(404)


def _changed(
    consultation: Consultation, shown: Theme | None, form: ThemeForm, chosen: frozenset[int]
) -> ResponseReturnValue:
    who = actor().user_id
    if form.action == "move":
        new = form.move_into.data == NEW
        into = None if new else int(form.move_into.data)
        name = form.new_name.data or ""
        target = services.move(services.Move(consultation.id, chosen, who, into, name))
        return _kept(consultation, (shown or target).id)
    if shown is None:
        abort(404)
    if form.action == "merge":
        into_id = int(form.merge_into.data)
        services.merge(services.Merge(consultation.id, shown.id, into_id, who))
        return _kept(consultation, into_id)
    services.rename(services.Rename(consultation.id, shown.id, form.name.data or "", who))
    return _kept(consultation, shown.id)


def _kept(consultation: Consultation, theme_id: int) -> ResponseReturnValue:
    flash(_("Kept. You can undo it on the page of all themes."), "success")
    return redirect(url_for("summaries.theme", round_id=consultation.id, id=theme_id), 303)


@route(
    room,
    "/front/rounds/<int:round_id>/themes/undo",
    permission="summary.work",
    load=load_round,
    methods=("POST",),
)
def undo_theme(consultation: Consultation) -> ResponseReturnValue:
    """Undo the newest change; lead back to where ``next`` says, else to the themes."""
    ids = row_ids(request.form.getlist("change"))
    try:
        services.undo(consultation.id, ids[0] if ids else 0, actor_id=actor().user_id)
    except services.NothingToUndo:
        flash(_("Not undone: it is not the newest change any more."), "danger")
    else:
        flash(_("The change is undone."), "success")
    here = url_for("summaries.themes", round_id=consultation.id)
    return redirect(safe_next(request.form.get("next")) or here, 303)


@route(
    room,
    "/front/rounds/<int:round_id>/themes/not-echoed",
    permission="summary.work",
    load=load_round,
)
def not_echoed(consultation: Consultation) -> ResponseReturnValue:
    """List the points that no proposed line says."""
    statement = theme_queries.members(consultation.id, ~ThemePoint.echoed)
    return render_template(
        "summaries/themes_not_echoed.html",
        consultation=consultation,
        page=paginate(statement, number=page_number()),
        coverage=theme_queries.coverage(consultation.id),
        title=title,
        code_of=code_of,
    )


# --- repetitions ---------------------------------------------------------------------------------


@route(
    room,
    "/front/rounds/<int:round_id>/campaigns",
    permission="summary.work",
    load=load_round,
    methods=("GET", "POST"),
)
def campaigns(consultation: Consultation) -> ResponseReturnValue:
    """Show which points repeat another one and what each added; confirm, refuse, take back."""
    if request.method == "POST":
        _decide(consultation)
        here = url_for("summaries.campaigns", round_id=consultation.id, page=page_number())
        return redirect(here, 303)
    page = paginate(theme_queries.campaigns(consultation.id), number=page_number(), size=10)
    members: dict[int, list[Any]] = {}
    leaders = [leader.id for leader in page.rows]
    for row in theme_queries.repetitions_of(consultation.id, leaders):
        members.setdefault(row.leader_id, []).append(row)
    point_ids = [row.point_id for rows in members.values() for row in rows]
    return render_template(
        "summaries/theme_campaigns.html",
        consultation=consultation,
        page=page,
        members=members,
        decided=decision_queries.decisions([*point_ids, *leaders]),
        code_of=code_of,
        shown=12,
    )


def _decide(consultation: Consultation) -> None:
    """Do what the pressed button says with the chosen points of one campaign."""
    action, who = request.form.get("action", ""), actor().user_id
    leaders = row_ids(request.form.getlist("leader"))
    points = frozenset(row_ids(request.form.getlist("point")))
    leader = leaders[0] if leaders else 0
    if request.form.get("whole") == "1":
        points = frozenset(
            row.point_id for row in theme_queries.repetitions_of(consultation.id, [leader])
        )
    changed: list[int] = []
    try:
        if action == "confirm":
            changed = services.confirm(consultation.id, leader, points, actor_id=who)
        elif action == "take_back":
            deciding.take_back(deciding.TakeBack(consultation.id, points, who))
            changed = sorted(points)
        elif action in ("refuse", "unrefuse"):
            undo = action == "unrefuse"
            changed = services.refuse(consultation.id, leader, points, actor_id=who, undo=undo)
    except deciding.Refused as refusal:
        named = codes(refusal.point_ids)
        flash(_("Not kept: these points have changed meanwhile: %(codes)s.", codes=named), "danger")
        return
    if changed:
        flash(_("Kept: %(codes)s.", codes=codes(changed)), "success")
    else:
        flash(_("Nothing was changed: tick at least one point."), "danger")
