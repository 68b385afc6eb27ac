"""The staff's page of what changed between two versions, and the decisions taken on it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.core.i18n import _, _n, format_number
from consult.core.paging import page_number
from consult.core.permissions import actor
from consult.core.text import fold
from consult.core.web import route, safe_next
from consult.drafts import change_queries, version_queries, versioning
from consult.drafts import queries as drafts
from consult.drafts.models import DraftVersion, VersionComparison
from consult.responses import comparison_page
from consult.responses.blueprint import room
from consult.responses.forms import ReasonForm

PAGE = 50
_MOST_CANDIDATES = 100


@route(
    room,
    "/office/versions/<int:version_id>/comparison",
    permission="draft.prepare",
    load=drafts.version,
)
def comparison(version: DraftVersion) -> ResponseReturnValue:
    """What changed since an earlier version, with differences, doubts, points and reasons."""
    earlier = version_queries.earlier_public(version)
    old = next((v for v in earlier if str(v.id) == request.args.get("against")), None)
    old = old or (earlier[0] if earlier else None)
    if old is None:
        flash(_("No earlier version has been shown to others: there is nothing to compare."))
        return redirect(url_for("drafts.version", version_id=version.id), 303)
    asked = request.args.get("against")
    if asked and asked != str(old.id):
        flash(
            _(
                "Version %(number)s is compared only with an earlier version that has been shown "
                "to others. Below: version %(old)s.",
                number=version.number,
                old=old.number,
            ),
            "warning",
        )
    record = change_queries.compared(old.id, version.id)
    changes = change_queries.changes(record.id) if record else []
    wanted = comparison_page.Wanted.named(request.args.get("show", ""))
    chosen = [change for change in changes if wanted.keeps(change)]
    number = min(page_number(), max(1, -(-len(chosen) // PAGE)))
    return render_template(
        "responses/comparison.html",
        version=version,
        old=old,
        earlier=earlier,
        record=record,
        comparing=version_queries.is_comparing(version.id),
        counts=comparison_page.counts(changes),
        confirmable=comparison_page.confirmable(changes),
        proposed=comparison_page.PERCENT,
        wanted=wanted,
        page=comparison_page.page(old.id, version.id, chosen, number=number, size=PAGE),
        side_by_side=request.args.get("layout") == "side",
    )


@route(
    room,
    "/office/versions/<int:version_id>/comparison/state",
    permission="draft.prepare",
    load=drafts.version,
)
def comparison_state(version: DraftVersion) -> ResponseReturnValue:
    """The line that says whether the comparison is still being made; asked again and again."""
    running = version_queries.is_comparing(version.id)
    page = render_template(
        "responses/_comparison_state.html",
        version=version,
        comparing=running,
        finished=not running,
        against=request.args.get("against", ""),
    )
    # With nothing on the page that could be lost, the page is shown anew by itself.
    again = not running and request.args.get("empty") == "1"
    return page, 200, {"HX-Refresh": "true"} if again else {}


# --- deciding ------------------------------------------------------------------------------------


@route(
    room,
    "/office/versions/<int:version_id>/comparison/decide",
    permission="draft.prepare",
    load=drafts.version,
    methods=("POST",),
)
def decide(version: DraftVersion) -> ResponseReturnValue:
    """Confirm a mapping, part it, choose another counterpart, or take a decision back."""
    record = _record(version)
    action = request.form.get("action", "")
    acts = {
        "confirm": (versioning.confirm, _("The mapping is confirmed.")),
        "part": (versioning.part, _("They are now one deleted and one added provision.")),
        "pair": (versioning.pair, _("The new counterpart is kept.")),
        "undo": (versioning.undo, _("The decision is taken back.")),
    }
    if action not in acts:
        abort(400)
    act, done = acts[action]
    try:
        act(_change(record))
    except versioning.Settled:
        flash(_settled(version), "warning")
    except versioning.NoSuchChange:
        flash(_("The comparison has changed meanwhile. Here is how it stands."), "warning")
    else:
        flash(done, "success")
    return _back(record)


@route(
    room,
    "/office/versions/<int:version_id>/comparison/confirm",
    permission="draft.prepare",
    load=drafts.version,
    methods=("POST",),
)
def confirm_all(version: DraftVersion) -> ResponseReturnValue:
    """Confirm every doubtful mapping of a certain likeness."""
    record = _record(version)
    percent = request.form.get("percent", -1, type=int)
    if not 0 <= percent <= 100:
        flash(_("Write a percentage from 0 to 100."), "danger")
        return _back(record)
    try:
        count = versioning.confirm_all(record, percent / 100, actor_id=actor().user_id)
    except versioning.Settled:
        flash(_settled(version), "warning")
        return _back(record)
    if count:
        flash(
            _n(
                "%(count)s mapping is confirmed.",
                "%(count)s mappings are confirmed.",
                count,
                count=format_number(count),
            ),
            "success",
        )
    else:
        flash(_("There is no doubtful mapping of such likeness."))
    return _back(record)


@route(
    room,
    "/office/versions/<int:version_id>/comparison/counterpart",
    permission="draft.prepare",
    load=drafts.version,
)
def counterpart(version: DraftVersion) -> ResponseReturnValue:
    """The provisions without a counterpart among which the official chooses one."""
    record = _record(version)
    if version.published_at is not None:
        flash(_settled(version), "warning")
        return _back(record)
    old_key, new_key = request.args.get("old"), request.args.get("new")
    changes = change_queries.changes(record.id)
    this = next(
        (c for c in changes if old_key in c.old or (not old_key and new_key in c.new)), None
    )
    if this is None:
        abort(404)
    candidates = comparison_page.candidates(record, changes, for_old=bool(old_key))
    q = fold(request.args.get("q", "").strip())
    found = [line for line in candidates if q in fold(f"{line.citation} {line.title} {line.text}")]
    [shown] = change_queries.with_texts(record.old_version_id, version.id, [this])
    provision = next(line for line in (*shown.old, *shown.new) if line.key == (old_key or new_key))
    found.sort(key=lambda line: line.kind != provision.kind)  # its own kind first
    return render_template(
        "responses/counterpart.html",
        version=version,
        record=record,
        shown=shown,
        provision=provision,
        old_key=old_key,
        new_key=new_key,
        candidates=found[:_MOST_CANDIDATES],
        total=len(found),
        back=_next(record),
    )


@route(
    room,
    "/office/versions/<int:version_id>/comparison/reason",
    permission="draft.prepare",
    load=drafts.version,
    methods=("POST",),
)
def reason(version: DraftVersion) -> ResponseReturnValue:
    """Keep the reason of a change; a failed post shows the words again."""
    record = _record(version)
    form = ReasonForm()
    if not form.validate_on_submit():
        page = render_template(
            "responses/reason.html", version=version, record=record, form=form, back=_next(record)
        )
        return page, 422
    try:
        versioning.give_reason(_change(record), str(form.reason.data or ""))
    except (versioning.NoSuchChange, versioning.Settled) as error:
        if isinstance(error, versioning.Settled):
            form.refuse(_settled(version))
        else:
            form.refuse(_("The comparison has changed meanwhile: this pair is no longer in it."))
        page = render_template(
            "responses/reason.html", version=version, record=record, form=form, back=_next(record)
        )
        return page, 409
    flash(_("The reason is saved."), "success")
    return _back(record)


def _settled(version: DraftVersion) -> str:
    return _(
        "Version %(number)s is published: which provisions correspond, and the reasons, "
        "can no longer be changed.",
        number=version.number,
    )


def _record(version: DraftVersion) -> VersionComparison:
    against = request.values.get("against", 0, type=int)
    record = change_queries.compared(against, version.id) if 0 < against < 2**31 else None
    if record is None:
        abort(404)
    return record


def _change(record: VersionComparison) -> versioning.OnChange:
    form: Any = request.form
    return versioning.OnChange(
        record, form.get("old") or None, form.get("new") or None, actor().user_id
    )


def _page_url(record: VersionComparison) -> str:
    return url_for(".comparison", version_id=record.new_version_id, against=record.old_version_id)


def _next(record: VersionComparison) -> str:
    return safe_next(request.values.get("next")) or _page_url(record)


def _back(record: VersionComparison) -> ResponseReturnValue:
    return redirect(_next(record), 303)
