"""What the Front's documents are made of: a summary, its accounting, the points it speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from consult.consultations.models import Consultation
from consult.core.portal import Portal, portal
from consult.documents import joints, queries
from consult.documents.model import Mau10Dissent
from consult.documents.services import checkpoint_line
from consult.people.models import Organisation
from consult.submissions.joint.queries import signed_in_round
from consult.submissions.models import Point
from consult.summaries import queries as summaries
from consult.summaries.commands import PointsMissing
from consult.summaries.figures import figures
from consult.summaries.matrix import Line
from consult.summaries.models import Passage, State, Summary
from consult.summaries.printing import words_of
from consult.summaries.release_services import manifest
from consult.summaries.review_queries import quoted_now
from consult.summaries.review_services import checked
from consult.summaries.sections import Apart, SectionView, apart_in, compose, frozen_counts


class Material(Struct, frozen=True):
    """A summary with all that its documents say; every number of points is from ``manifest``.

    ``introduction`` and ``conclusion`` are as they are printed, with their figures.
    ``manifest`` is that of the release, before it what a release now would freeze. ``points``
    has every received point, ``draft`` the draft's words at the provisions of ``sections``.
    """

    summary: Summary
    introduction: str
    conclusion: str
    consultation: Consultation
    manifest: Mapping[str, Any]
    lines: list[Line]
    sections: list[SectionView]
    apart: Apart
    points: Mapping[int, Point]
    draft: Mapping[int, str]
    dissents: tuple[Mau10Dissent, ...]
    front: Organisation | None
    addressees: tuple[str, ...]
    settings: Portal
    log: str

    @property
    def state(self) -> str:
        """What stands under the subject: nothing once the words are approved."""
        if self.summary.state in (State.APPROVED, State.RELEASED):
            return ""
        return "DỰ THẢO - chưa được duyệt, chưa có giá trị công bố"

    @property
    def standing(self) -> int:
        """How many points were received and not withdrawn."""
        return self.manifest["received"] - len(self.manifest["withdrawn"])


def frozen(summary: Summary) -> Mapping[str, Any]:
    """Return the accounting on which documents of the summary rest.

    That of the release; of an unreleased one what it would be now. Raises PointsMissing where
    it does not hold, for an unreleased one whatever stands against sending it for review
    (`summaries.commands.REFUSALS`).
    """
    if summary.released_at is None:
        round_id = summary.consultation_id
        return manifest(round_id, checked(summary), figures(round_id).whole)
    kept = summary.manifest
    apart = [*kept.get("duplicates", ()), *kept.get("set_aside", ())]
    ids = [*kept["body"], *kept["appendix"], *kept["withdrawn"], *(one[0] for one in apart)]
    if len(ids) != kept["received"] or len(set(ids)) != len(ids):
        known = set(ids)
        received = queries.received_points(summary.consultation_id)
        raise PointsMissing(
            [point_id for point_id in received if point_id not in known],
            [point_id for point_id in known if ids.count(point_id) > 1],
        )
    return kept


def material(summary: Summary) -> Material:
    """Return what documents of the summary say; raises what `frozen` does.

    Reads in a constant number of queries, writes nothing.
    """
    kept = frozen(summary)
    consultation = queries.consultation(summary.consultation_id)
    lines = summaries.provision_lines(consultation.version_id)
    words = words_of(summary)
    sections = compose(lines, frozen_counts(kept), words.narratives, _passages(summary))
    settings = portal()
    return Material(
        summary=summary,
        introduction=words.introduction,
        conclusion=words.conclusion,
        consultation=consultation,
        manifest=kept,
        lines=lines,
        sections=sections,
        apart=apart_in(kept),
        points=queries.received_points(consultation.id),
        draft=queries.draft_words([one.line.id for one in sections if one.line]),
        dissents=joints.recorded_dissents(signed_in_round(consultation.id)),
        front=queries.front(),
        addressees=tuple(queries.addressees()),
        settings=settings,
        log=checkpoint_line(settings) or "",
    )


def _passages(summary: Summary) -> list[Passage]:
    """Return what the summary quotes: frozen once released, before that what may be quoted."""
    if summary.released_at is None:
        return quoted_now(summary)
    return list(summaries.evidence(summary.id, only_quoted=True))
