"""The pages of a draft's versions: the list of them, publishing one."""

from __future__ import annotations

from collections import defaultdict

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.consultations import queries as rounds
from consult.consultations.models import Consultation
from consult.core.i18n import _
from consult.core.permissions import actor
from consult.core.web import route
from consult.drafts import queries as drafts
from consult.drafts import version_queries
from consult.drafts.models import DraftVersion
from consult.responses import publishing
from consult.responses import version_queries as points
from consult.responses.blueprint import room
from consult.responses.forms import PublishVersionForm

# The page of a version's text, which belongs to a room below, tells of them too.
room.add_app_template_global(points.waiting_points, "waiting_points")


@route(
    room,
    "/office/drafts/<int:draft_id>/versions",
    permission="draft.prepare",
    load=version_queries.newest_of,
)
def versions(newest: DraftVersion) -> ResponseReturnValue:
    """The draft's versions with their rounds, and what can be done next."""
    on_version: defaultdict[int, list[Consultation]] = defaultdict(list)
    for round_ in rounds.rounds_of_draft(newest.draft_id):
        on_version[round_.version_id].append(round_)
    lines = version_queries.versions_of(newest.draft_id)
    return render_template(
        "responses/versions.html",
        newest=newest,
        lines=lines,
        states={line.id: version_queries.state(line, newest.number) for line in lines},
        rounds=on_version,
        comparable=[line.id for line in lines if any(_before(line, other) for other in lines)],
    )


def _before(line: version_queries.VersionLine, other: version_queries.VersionLine) -> bool:
    return other.number < line.number and other.frozen_at is not None


@route(
    room,
    "/office/versions/<int:version_id>/publish",
    permission="draft.prepare",
    load=drafts.version,
    methods=("GET", "POST"),
)
def publish_version(version: DraftVersion) -> ResponseReturnValue:
    """Publish the version as the revised draft or as final; says what is missing."""
    form = PublishVersionForm()
    if version.published_at is not None:
        form.only_final()
    if not form.validate_on_submit():
        return _publish_page(version, form)
    final = form.as_what.data == "final"
    command = publishing.PublishVersion(
        version, final, bool(form.no_state_secret.data), actor().user_id
    )
    try:
        publishing.publish(command)
    except publishing.NotReady as error:
        return _publish_page(version, form, refused=error.obstacles)
    if final:
        flash(_("Version %(number)s is published as final.", number=version.number), "success")
    else:
        flash(
            _("Version %(number)s is published as the revised draft.", number=version.number),
            "success",
        )
    return redirect(url_for(".versions", draft_id=version.draft_id), 303)


def _publish_page(
    version: DraftVersion,
    form: PublishVersionForm,
    refused: list[publishing.Obstacle] | None = None,
) -> ResponseReturnValue:
    as_final = publishing.obstacles(version, final=True)
    page = render_template(
        "responses/publish_version.html",
        version=version,
        form=form,
        refused=refused or [],
        as_revised=[o for o in as_final if o.code not in publishing.ONLY_FOR_FINAL],
        as_final=as_final,
        remarks=publishing.remarks(version) if version.published_at is None else None,
    )
    return page, 422 if form.errors or refused else 200
