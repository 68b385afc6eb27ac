"""The workspace: starting a summary, writing it, sending it for review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core.i18n import _
from consult.core.permissions import actor
from consult.core.web import route
from consult.submissions.joint.queries import signed_in_round
from consult.submissions.models import Stance
from consult.submissions.queries import contributor
from consult.summaries import (
    commands,
    decision_queries,
    queries,
    review_queries,
    services,
    steps,
)
from consult.summaries.beside import beside
from consult.summaries.blueprint import room
from consult.summaries.figures import figures
from consult.summaries.forms import SummaryForm, Typed, command, typed
from consult.summaries.merging import field_of, mark
from consult.summaries.models import Passage, Summary
from consult.summaries.refusals import no_such_figure
from consult.summaries.sections import SectionView, compose


@route(
    room,
    "/front/rounds/<int:round_id>/summary",
    permission="summary.work",
    load=load_round,
    methods=("GET", "POST"),
)
def edit(consultation: Consultation) -> ResponseReturnValue:
    """Write the summary: start a version, save it, have passages proposed anew."""
    summary = review_queries.in_work(consultation.id)
    if request.method == "GET":
        return _workspace(consultation, summary, SummaryForm(obj=summary))
    if request.form.get("action") == "start":
        return _start(consultation)
    kept = _save(consultation, summary)
    if not isinstance(kept, Summary):
        return kept
    if request.form.get("action") == "propose":
        services.propose(kept, actor_id=actor().user_id)
        flash(_("The summary is saved, and passages are proposed where there were none."))
    else:
        flash(_("The summary is saved."), "success")
    if request.form.get("action") == "review":
        return redirect(url_for("summaries.review", round_id=consultation.id), 303)
    return _to_workspace(consultation)


def _start(consultation: Consultation) -> ResponseReturnValue:
    try:
        services.start(consultation.id, actor_id=actor().user_id)
    except commands.AlreadyStarted:
        flash(_("Somebody has started this summary already: here it is."))
    return _to_workspace(consultation)


def _to_workspace(consultation: Consultation) -> ResponseReturnValue:
    return redirect(url_for("summaries.edit", round_id=consultation.id), 303)


def _save(consultation: Consultation, summary: Summary | None) -> Summary | ResponseReturnValue:
    """Keep the post's words and return the summary, or the page that says what is wrong."""
    form = SummaryForm()
    words = typed(queries.provision_lines(consultation.version_id))
    if summary is None or summary.released_at or request.form.get("summary") != str(summary.id):
        return render_template(
            "summaries/overtaken.html", consultation=consultation, form=form, words=words
        ), 409
    if form.validate() and not words.errors:
        try:
            return services.save(command(form, words, summary.id, actor().user_id))
        except commands.UnknownPlaceholders as error:
            _point_out(error, form, words)
        except commands.PassageNotFound as error:
            for provision_id in error.places:
                words.errors[f"add-{provision_id or 0}"] = _(
                    "No point on this provision has exactly these words. Copy them from one point."
                )
        except commands.SavedMeanwhile as error:
            _take_over(error, form, words)
            return _workspace(consultation, summary, form, words, error.conflicts), 409
    return _workspace(consultation, summary, form, words, began=words.seen), 422


def _point_out(error: commands.UnknownPlaceholders, form: SummaryForm, words: Typed) -> None:
    """Say at each field which of its placeholders stand for nothing."""
    for name, names in error.fields.items():
        if name in form:
            form[name].errors = [no_such_figure(names)]
        else:
            words.errors[name] = no_such_figure(names)


def _take_over(error: commands.SavedMeanwhile, form: SummaryForm, words: Typed) -> None:
    """Put the merged words into the fields: what was typed, and what only colleagues changed."""
    form.introduction.data = error.words["introduction"]
    form.conclusion.data = error.words["conclusion"]
    for name in words.narratives:
        words.narratives[name] = error.words[field_of(name)]
    words.quoted = error.ticked


def _workspace(
    consultation: Consultation,
    summary: Summary | None,
    form: SummaryForm,
    words: Typed | None = None,
    conflicts: Mapping[str, str] | None = None,
    began: Mapping[str, str] | None = None,
) -> str:
    """Show the workspace; ``conflicts`` are a colleague's words by field.

    ``began`` are the marks of the posted page, kept while what was typed is not saved.
    """
    if summary is None or summary.released_at:
        return render_template("summaries/start.html", consultation=consultation, summary=summary)
    lines = queries.provision_lines(consultation.version_id)
    found = figures(consultation.id)
    counts = {place: dict(one.stances) for place, one in found.places.items()}
    stored = services.stored_words(summary)
    narratives = services.narratives_in(stored) | (words.narratives if words else {})
    passages = queries.evidence(summary.id, only_quotable=True)
    sections = compose(lines, counts, narratives, passages)
    return render_template(
        "summaries/edit.html",
        consultation=consultation,
        summary=summary,
        form=form,
        sections=sections,
        words=words or Typed(),
        ticked=words.quoted if words else {p.id for p in passages if p.is_quoted},
        began_ticks=_began_ticks(passages, words if began is not None else None),
        conflicts=conflicts or {},
        began={name: mark(text) for name, text in stored.items()} | dict(began or {}),
        unwritten=mark(""),
        beside=beside(_written(form, sections), found),
        **_checks(consultation, sections, passages, found.whole.points),
        changes=review_queries.changes_since(consultation.id, review_queries.looked_at(summary)),
        returned=steps.last(summary),
        contributor=contributor,
        joints=signed_in_round(consultation.id),
        stances=list(Stance),
    )


def _written(form: SummaryForm, sections: Sequence[SectionView]) -> dict[str, str]:
    """Return the words that the page shows, by field."""
    return {
        "introduction": form.introduction.data or "",
        "conclusion": form.conclusion.data or "",
        **{field_of(one.line.id if one.line else None): one.narrative for one in sections},
    }


def _checks(
    consultation: Consultation,
    sections: list[SectionView],
    passages: Sequence[Passage],
    total: int,
) -> dict[str, Any]:
    """Return what the page says of how far the summary is from review; one query."""
    apart = decision_queries.tally(consultation.id)
    standing = {p.point_id for p in passages if p.is_quoted and p.point.withdrawn_at is None}
    return {
        "apart": apart,
        "bare": _bare(sections, standing),
        "closed": consultation.stage in services.RELEASABLE,
        "not_quoted": total - len(standing) - apart.duplicates,
        "total": total,
    }


def _began_ticks(passages: Sequence[Passage], posted: Typed | None) -> list[int]:
    """Return the ticks with which the page begins: those of the page that was posted, if any."""
    if posted is not None and posted.ticked is not None:
        return sorted(posted.ticked)
    return [passage.id for passage in passages if passage.is_quoted]


def _bare(sections: list[SectionView], standing: set[int]) -> list[tuple[SectionView, Stance]]:
    """Return the cells that have points, none of which is quoted."""
    return [
        (section, stance)
        for section in sections
        for stance, number in section.counts.items()
        if number and not any(p.point_id in standing for p in section.of(stance))
    ]
