"""Pages of a version's tree: beside the text, one provision with its corrections, the history."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.core.i18n import _
from consult.core.permissions import actor
from consult.core.web import route
from consult.drafts import correcting, correction_labels, correction_queries, labels, queries
from consult.drafts import tree_page as pages
from consult.drafts.blueprint import room
from consult.drafts.correction_forms import FORMS, CorrectionForm, Describe, Divide, Move
from consult.drafts.correction_queries import State
from consult.drafts.corrections import Correction, Refused, Tree, Unit, document
from consult.drafts.models import DraftVersion

_REFUSALS = (Refused, correcting.Frozen, correcting.Stale, correcting.Needed)


@route(
    room,
    "/office/versions/<int:version_id>",
    permission="draft.prepare",
    load=correction_queries.version_with_text,
)
def version(version: DraftVersion) -> ResponseReturnValue:
    """The text as read and its tree side by side, with what a person should look at."""
    lines = queries.provisions(version.id)
    text = pages.Text(version.text)
    tree = pages.rows(text, lines, queries.extents(version.id))
    found = pages.remarks(version.warnings, tree)
    wanted = request.args.get("remarks", "")
    history = correction_queries.history(version.id)
    return render_template(
        "drafts/version.html",
        version=version,
        newest=queries.newest(version.draft_id),
        total=len(lines),
        counts=labels.counts(queries.kinds(lines)),
        chunks=text.chunks(),
        tree=tree,
        remarks=[remark for remark in found if wanted in ("", remark.filter)],
        all_remarks=len(found),
        filters=pages.filters(found),
        wanted=wanted,
        history=history,
        step=correction_queries.step(history),
        last=next((entry for entry in history if entry.undone_at is None), None),
        sentence=correction_labels.correction,
    )


@route(
    room,
    "/office/versions/<int:version_id>/provisions/<key>",
    permission="draft.prepare",
    load=correction_queries.version_with_text,
)
def provision(version: DraftVersion, key: str) -> ResponseReturnValue:
    """One provision: its own text, and the forms that correct it."""
    state = correction_queries.state(version)
    tree = state.tree()
    names = _names(tree)
    unit = next((u for u in tree.units if names[u.id].key == key), None)
    if unit is None:
        return render_template("errors/404.html"), 404
    return _provision_page(state, tree, unit)


@route(
    room,
    "/office/versions/<int:version_id>/unassigned",
    permission="draft.prepare",
    load=correction_queries.version_with_text,
)
def unassigned(version: DraftVersion) -> ResponseReturnValue:
    """A run of unassigned text, named by its line, and the form that makes a provision of it."""
    state = correction_queries.state(version)
    tree = state.tree()
    return _unassigned_page(state, tree, request.args.get("line", 1, int))


@route(
    room,
    "/office/versions/<int:version_id>/corrections",
    permission="draft.prepare",
    load=correction_queries.version_with_text,
)
def corrections(version: DraftVersion) -> ResponseReturnValue:
    """Who corrected what and when; each can be undone as long as nothing builds on it."""
    history = correction_queries.history(version.id)
    return render_template(
        "drafts/corrections.html",
        version=version,
        history=history,
        step=correction_queries.step(history),
        sentence=correction_labels.correction,
    )


@route(
    room,
    "/office/versions/<int:version_id>/guess",
    permission="draft.prepare",
    load=correction_queries.version_with_text,
)
def guess(version: DraftVersion) -> ResponseReturnValue:
    """The tree as the parser found it, whatever was corrected since."""
    found = correction_queries.state(version).guess
    return render_template("drafts/guess.html", version=version, provisions=found.provisions)


@route(
    room,
    "/office/versions/<int:version_id>/corrections",
    permission="draft.prepare",
    load=correction_queries.version_with_text,
    methods=("POST",),
)
def amend(version: DraftVersion) -> ResponseReturnValue:
    """Make the correction that a provision's forms ask for."""
    state = correction_queries.state(version)
    tree = state.tree()
    unit = next((u for u in tree.units if u.id == request.form.get("unit")), None)
    name = request.form.get("form", "")
    if name not in FORMS:
        return _merge(state, unit)
    line = request.form.get("line", 1, int)
    if unit is None and (name != "divide" or request.form.get("unit")):
        return _lost(state)
    form = _form(name, tree, unit, line)
    if form.validate_on_submit():
        try:
            done = _correct(state, form.correction(tree, unit), form.seen.data)
            return _done(version, done)
        except _REFUSALS as error:
            form.refuse(error)
    if form.seen.data != state.step:
        form.seen.data, form.seen.raw_data = state.step, None
    if unit is None:
        return _unassigned_page(state, tree, line, form)
    return _provision_page(state, tree, unit, {name: form})


@route(
    room,
    "/office/versions/<int:version_id>/corrections/<int:ordinal>/undo",
    permission="draft.prepare",
    load=queries.version,
    methods=("POST",),
)
def undo(version: DraftVersion, ordinal: int) -> ResponseReturnValue:
    """Undo one correction."""
    return _revert(version, ordinal, correcting.undo, _("The correction was undone."))


@route(
    room,
    "/office/versions/<int:version_id>/corrections/<int:ordinal>/redo",
    permission="draft.prepare",
    load=queries.version,
    methods=("POST",),
)
def redo(version: DraftVersion, ordinal: int) -> ResponseReturnValue:
    """Make an undone correction again."""
    return _revert(version, ordinal, correcting.redo, _("The correction was made again."))


def _revert(version: DraftVersion, ordinal: int, act: Any, sentence: str) -> ResponseReturnValue:
    seen = request.form.get("seen", -1, int)
    try:
        done = act(correcting.Revert(version.id, ordinal, actor().user_id, seen))
    except (*_REFUSALS, correcting.NotUndoable) as error:
        flash(correction_labels.refusal(error), "warning")
        return redirect(url_for(".corrections", version_id=version.id), 303)
    flash(sentence, "success")
    return redirect(url_for(".version", version_id=version.id, _anchor=done.key), 303)


def _correct(state: State, correction: Correction, seen: int | None) -> correcting.Done:
    seen = -1 if seen is None else seen
    return correcting.correct(
        correcting.Correct(state.version.id, correction, actor().user_id, seen)
    )


def _merge(state: State, unit: Unit | None) -> ResponseReturnValue:
    """Join the unit to what precedes it; nothing is typed, so a refusal is told on the page."""
    into, merged = request.form.get("into", ""), request.form.get("merge", "")
    operation = "unmark" if request.form.get("form") == "unmark" else "merge"
    correction = Correction(operation, {"unit": merged, "into": into})
    try:
        done = _correct(state, correction, request.form.get("seen", -1, int))
    except _REFUSALS as error:
        flash(correction_labels.refusal(error), "warning")
        key = _names(state.tree())[unit.id].key if unit else None
        return redirect(url_for(".version", version_id=state.version.id, _anchor=key), 303)
    return _done(state.version, done)


def _done(version: DraftVersion, done: correcting.Done) -> ResponseReturnValue:
    flash(_("The correction was made. It can be undone at the head of the tree."), "success")
    return redirect(url_for(".version", version_id=version.id, _anchor=done.key), 303)


def _names(tree: Tree) -> dict[str, Any]:
    """Return the provisions by the ids of their units."""
    made = document(tree).provisions
    return {unit.id: p for unit, p in zip(tree.units, made, strict=True)}


def _form(
    name: str, tree: Tree, unit: Unit | None, line: int, *, fresh: bool = False
) -> CorrectionForm:
    prefix = f"{name}-"
    form = FORMS[name](formdata=None, prefix=prefix) if fresh else FORMS[name](prefix=prefix)
    if isinstance(form, Divide):
        start, end = (unit.body, unit.end) if unit else _run(tree, line) or (0, 0)
        form.offer(tree, start, end, first=unit is None or unit.body > unit.start)
    if isinstance(form, Move) and unit is not None:
        form.offer(tree, unit, {k: p.citation for k, p in _names(tree).items()})
    return form


def _fresh(name: str, state: State, tree: Tree, unit: Unit) -> CorrectionForm:
    form = _form(name, tree, unit, 1, fresh=True)
    form.seen.data = state.step
    if isinstance(form, (Describe, Move)):
        form.fill(unit)
    if isinstance(form, Divide):
        form.kind.data = unit.kind
    return form


def _run(tree: Tree, line: int) -> tuple[int, int] | None:
    """Return the run of unassigned text on that line or after it, else the first."""
    runs = tree.unassigned()
    text = pages.Text(tree.text)
    later = [run for run in runs if text.line(run[1] - 1) >= line]
    return next(iter(later or runs), None)


def _provision_page(
    state: State, tree: Tree, unit: Unit, typed: dict[str, CorrectionForm] | None = None
) -> ResponseReturnValue:
    names = _names(tree)
    before, after = tree.before(unit), tree.after(unit)
    text = pages.Text(tree.text)
    forms = typed or {}
    forms = {name: forms.get(name) or _fresh(name, state, tree, unit) for name in FORMS}
    wrong = any(form.errors for form in forms.values())
    page = render_template(
        "drafts/_provision.html" if _is_fragment() else "drafts/provision.html",
        version=state.version,
        provision=names[unit.id],
        unit=unit,
        own=tree.own(unit),
        first=text.line(unit.start),
        last=text.line(max(unit.start, unit.end - 1)),
        forms=forms,
        before=names[before.id] if before else None,
        before_id=before.id if before else "",
        after=names[after.id] if after else None,
        after_id=after.id if after else "",
        step=state.step,
        kinds=correction_labels.KINDS,
    )
    return page, 422 if wrong else 200


def _unassigned_page(
    state: State, tree: Tree, line: int, typed: CorrectionForm | None = None
) -> ResponseReturnValue:
    run = _run(tree, line)
    form = typed or _form("divide", tree, None, line, fresh=True)
    if typed is None:
        form.seen.data = state.step
        form["kind"].data = "paragraph"
    page = render_template(
        "drafts/_unassigned.html" if _is_fragment() else "drafts/unassigned.html",
        version=state.version,
        run=tree.text[run[0] : run[1]] if run else "",
        line=pages.Text(tree.text).line(run[0]) if run else line,
        form=form,
    )
    return page, 422 if form.errors else 200


def _lost(state: State) -> ResponseReturnValue:
    """The provision is gone from the tree: say so, and show what was typed."""
    typed = [
        value
        for name, value in request.form.items()
        if name.endswith(("-number", "-title", "-words")) and value.strip()
    ]
    reason = correction_labels.refusal(Refused("gone"))
    return render_template(
        "drafts/gone.html", version=state.version, reason=reason, typed=typed
    ), 422


def _is_fragment() -> bool:
    return request.headers.get("HX-Request") == "true"
