"""Writing summaries: starting one, proposing passages, keeping the staff's words."""

from __future__ import annotations

from collections.abc import Mapping

from consult.consultations.models import Stage
from consult.consultations.queries import locked
from consult.core import audit, clock
from consult.core.db import db
from consult.summaries import accounting, queries, steps, theme_queries
from consult.summaries.commands import (
    AlreadyStarted,
    NotADraft,
    PassageNotFound,
    SavedMeanwhile,
    SaveSummary,
    UnknownPlaceholders,
)
from consult.summaries.decision_queries import decisions
from consult.summaries.merging import field_of, is_narrative, merge, merge_ticks, provision_of
from consult.summaries.models import Passage, Section, StepKind, Summary
from consult.summaries.passages import Quotation, strongest
from consult.summaries.placeholders import unknown

# A cell with so many points gets a second passage.
_SECOND_FROM = 3
RELEASABLE = (Stage.CLOSED, Stage.ANSWERED)


def start(consultation_id: int, *, actor_id: int | None) -> Summary:
    """Begin the round's summary, or a new version of a released one, whose text it copies.

    The strongest passages of each cell without one are proposed, ticked. Returns the flushed
    row; raises AlreadyStarted. Writes the summary, its passages and sections, an audit entry.
    """
    last = queries.newest(consultation_id)
    if last is not None and last.released_at is None:
        raise AlreadyStarted
    fresh = Summary(
        consultation_id=consultation_id,
        number=1 if last is None else last.number + 1,
        introduction="" if last is None else last.introduction,
        conclusion="" if last is None else last.conclusion,
        for_council=last is None or last.for_council,
        for_agency=last is None or last.for_agency,
        is_public=last is None or last.is_public,
        created_by=actor_id,
        created_at=clock.now(),
        manifest={},
    )
    db.session.add(fresh)
    db.session.flush()
    if last is not None:
        _copy(last, fresh)
    _propose(fresh)
    audit.record("summary.started", actor_id=actor_id, subject=("summary", fresh.id))
    return fresh


def _copy(old: Summary, fresh: Summary) -> None:
    for provision_id, narrative in queries.narratives(old.id).items():
        db.session.add(Section(summary_id=fresh.id, provision_id=provision_id, narrative=narrative))
    decided = decisions({passage.point_id for passage in old.passages})
    for passage in old.passages:
        db.session.add(
            Passage(
                summary_id=fresh.id,
                point_id=passage.point_id,
                start=passage.start,
                end=passage.end,
                text=passage.text,
                chosen_by=passage.chosen_by,
                is_quoted=passage.is_quoted and passage.point_id not in decided,
            )
        )
    db.session.flush()


def propose(summary: Summary, *, actor_id: int | None = None) -> int:
    """Add the strongest passages of each cell that quotes nothing yet; return how many.

    Raises NotADraft. Writes passages, ticked, flushed; an edit, where anything changed.
    """
    locked(summary.consultation_id)
    _must_be_draft(summary)
    before = _words(summary)
    added = _propose(summary)
    if _words(summary) != before:
        steps.take(summary, StepKind.EDITED, actor_id=actor_id)
    return added


def _propose(summary: Summary) -> int:
    _unquote_outdated(summary)
    covered = accounting.quoted_cells(summary.id)
    offered = {(passage.point_id, passage.start): passage for passage in summary.passages}
    built = theme_queries.lines_for(summary.consultation_id)
    added = 0
    for cell, opinions in queries.opinions_by_cell(summary.consultation_id).items():
        if cell in covered:
            continue
        most = 2 if len(opinions) >= _SECOND_FROM else 1
        for quotation in built.get(cell, [])[:most] or strongest(opinions, most=most):
            added += _quote(summary, quotation, offered, chosen_by="machine")
    db.session.flush()
    return added


def _unquote_outdated(summary: Summary) -> None:
    outdated = queries.outdated_passages(summary.id).keys()
    for passage in summary.passages:
        passage.is_quoted = passage.is_quoted and passage.id not in outdated
    db.session.flush()


def _quote(
    summary: Summary,
    quotation: Quotation,
    offered: dict[tuple[int, int], Passage],
    *,
    chosen_by: str,
) -> bool:
    """Quote those words: tick what is offered already, else add it. Return whether added."""
    known = offered.get((quotation.point_id, quotation.start))
    if known is not None:
        # The same beginning with another end: the newer choice of words wins.
        known.end, known.text, known.is_quoted = quotation.end, quotation.text, True
        return False
    passage = Passage(
        point_id=quotation.point_id,
        start=quotation.start,
        end=quotation.end,
        text=quotation.text,
        chosen_by=chosen_by,
        is_quoted=True,
    )
    offered[quotation.point_id, quotation.start] = passage
    # Into the collection, which a release in the same transaction reads for the ledger's leaf.
    summary.passages.append(passage)
    return True


def save(command: SaveSummary) -> Summary:
    """Keep what the staff wrote and ticked; return the flushed summary.

    Raises NotADraft; UnknownPlaceholders, PassageNotFound or SavedMeanwhile with nothing
    written. Narratives of provisions that the command does not name stay as they are. A change
    takes review and approval back. Quotations that their author has revised since are no longer
    ticked.
    """
    known = db.session.get_one(Summary, command.summary_id)
    locked(known.consultation_id)
    summary = db.session.get_one(Summary, command.summary_id, populate_existing=True)
    _must_be_draft(summary)
    before = _words(summary)
    typed = _typed(command)
    known_placeholders(typed)
    merged, quoted = _merged(summary, command, typed)
    additions = _found(summary, command.additions or {})
    summary.introduction = merged.pop("introduction")
    summary.conclusion = merged.pop("conclusion")
    _save_narratives(summary, merged)
    offered = {(passage.point_id, passage.start): passage for passage in summary.passages}
    decided = decisions({passage.point_id for passage in summary.passages})
    for passage in summary.passages:
        if passage.id in command.shown:
            passage.is_quoted = passage.id in quoted and passage.point_id not in decided
    for quotation in additions:
        _quote(summary, quotation, offered, chosen_by="staff")
    _unquote_outdated(summary)
    if _words(summary) != before:
        steps.take(summary, StepKind.EDITED, actor_id=command.actor_id)
    return summary


def _typed(command: SaveSummary) -> dict[str, str]:
    typed = {"introduction": command.introduction, "conclusion": command.conclusion}
    for provision_id, narrative in (command.narratives or {}).items():
        typed[field_of(provision_id)] = narrative
    return typed


def known_placeholders(words: Mapping[str, str]) -> None:
    """Return when every placeholder in the words, by field, is one; raises UnknownPlaceholders."""
    wrong = {
        name: unknown(text, whole_round=not is_narrative(name)) for name, text in words.items()
    }
    wrong = {name: placeholders for name, placeholders in wrong.items() if placeholders}
    if wrong:
        raise UnknownPlaceholders(wrong)


def _merged(
    summary: Summary, command: SaveSummary, typed: Mapping[str, str]
) -> tuple[dict[str, str], frozenset[int]]:
    """Return the words by field, and the ticks; raises SavedMeanwhile."""
    merged = merge(stored_words(summary), typed, command.seen)
    ticks = command.quoted
    if command.ticked is not None:
        ticked_now = frozenset(p.id for p in summary.passages if p.is_quoted)
        ticks = merge_ticks(ticked_now & command.shown, command.quoted, command.ticked)
    if merged.conflicts:
        raise SavedMeanwhile(merged.words, merged.conflicts, ticks)
    return merged.words, ticks


def stored_words(summary: Summary) -> dict[str, str]:
    """Return the staff's words in the summary, by the field in which they are written."""
    return {
        "introduction": summary.introduction,
        "conclusion": summary.conclusion,
        **{field_of(section.provision_id): section.narrative for section in summary.sections},
    }


def narratives_in(words: Mapping[str, str]) -> dict[int | None, str]:
    """Return those of ``words``, by field, that are on provisions: by provision."""
    return {provision_of(name): text for name, text in words.items() if is_narrative(name)}


def _words(summary: Summary) -> tuple[dict[str, str], frozenset[tuple[int, int, int]]]:
    quoted = frozenset((p.point_id, p.start, p.end) for p in summary.passages if p.is_quoted)
    return {name: words for name, words in stored_words(summary).items() if words}, quoted


def _found(summary: Summary, additions: Mapping[int | None, str]) -> list[Quotation]:
    found: list[Quotation] = []
    missing: list[int | None] = []
    for provision_id, pasted in additions.items():
        quotation = queries.find_passage(summary.consultation_id, provision_id, pasted)
        if quotation is None:
            missing.append(provision_id)
        else:
            found.append(quotation)
    if missing:
        raise PassageNotFound(missing)
    return found


def _save_narratives(summary: Summary, narratives: Mapping[str, str]) -> None:
    known = {field_of(section.provision_id): section for section in summary.sections}
    for name, narrative in narratives.items():
        section, provision_id = known.get(name), provision_of(name)
        if section is not None:
            section.narrative = narrative
        elif narrative:
            summary.sections.append(Section(provision_id=provision_id, narrative=narrative))


def _must_be_draft(summary: Summary) -> None:
    if summary.released_at is not None:
        raise NotADraft
