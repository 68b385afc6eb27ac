"""Reading answers to a round's questions: an author's own, and the counts of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct
from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from consult.consultations.models import Question
from consult.core.db import db
from consult.ledger.models import Leaf
from consult.submissions import own, vault
from consult.submissions.answers.models import AnswerSheet, QuestionAnswer
from consult.submissions.models import Authorship, Point, Submission, SubmissionState
from consult.submissions.queries import standing


def own_sheet(author_id: int, consultation_id: int) -> AnswerSheet | None:
    """Return the sheet by which the author answers the round now, else None; one query.

    The received one that counts, before the one that waits in the basket. Raises KeyMissing.
    """
    return (
        db.session.scalars(
            select(AnswerSheet)
            .join(AnswerSheet.submission)
            .join(Submission.authorship)
            .options(
                contains_eager(AnswerSheet.submission).contains_eager(Submission.authorship),
                joinedload(AnswerSheet.answers),
            )
            .where(
                vault.written_by(author_id, [consultation_id]),
                Submission.consultation_id == consultation_id,
                Submission.state != SubmissionState.WITHDRAWN,
                AnswerSheet.replaced_at.is_(None),
            )
            .order_by(AnswerSheet.received_at.is_(None), AnswerSheet.id.desc())
            .limit(1)
        )
        .unique()
        .one_or_none()
    )


class Voices(Struct, frozen=True):
    """How many submissions, by whether somebody wrote for himself or for an organisation."""

    people: int = 0
    organisations: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.people + self.organisations

    def __add__(self, other: Voices) -> Voices:
        return Voices(self.people + other.people, self.organisations + other.organisations)


class Result(Struct, frozen=True):
    """What became of one question.

    ``counts`` go with the question's choices, in order; ``answered`` and ``silent`` together are
    the round's standing submissions. ``points`` are the standing points on the question.
    """

    question: Question
    counts: tuple[Voices, ...]
    answered: Voices
    silent: Voices
    points: int

    @property
    def rows(self) -> list[tuple[str, Voices, int]]:
        """Each choice's label, its counts, and its share of the answers in whole per cent."""
        whole = self.answered.total or 1
        return [
            (label, voices, int(Decimal(100 * voices.total / whole).quantize(0, ROUND_HALF_UP)))
            for (_, label), voices in zip(self.question.choices, self.counts, strict=True)
        ]

    @property
    def mean(self) -> Decimal | None:
        """The mean of a scale's steps to one decimal, half up; None without answers."""
        if not self.answered.total:
            return None
        whole = sum(step * v.total for step, v in enumerate(self.counts, 1))
        return (Decimal(whole) / self.answered.total).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def median(self) -> Decimal | None:
        """The median of a scale's steps, between two of them a half; None without answers."""
        number = self.answered.total
        if not number:
            return None
        low, high = (self._step_at(place) for place in ((number - 1) // 2, number // 2))
        return Decimal(low + high) / 2

    def _step_at(self, place: int) -> int:
        """Return the step of the answer at ``place`` (from 0) when all stand in order."""
        seen = 0
        for step, voices in enumerate(self.counts, 1):
            seen += voices.total
            if place < seen:
                return step
        raise IndexError(place)


def results(consultation_id: int) -> list[Result]:
    """Return what the round's questions brought, in order; four queries.

    Of submissions that stand, the answers that count now. Whoever wrote under seal counts as a
    person: for which organisation would tell who it is.
    """
    everybody = _voices(consultation_id)
    chosen = _chosen(consultation_id)
    points = _points(consultation_id)
    return [
        _result(question, chosen.get(question.id, {}), everybody, points.get(question.id, 0))
        for question in own.questions(consultation_id)
    ]


def _result(
    question: Question, chosen: Mapping[str, Voices], everybody: Voices, points: int
) -> Result:
    counts: defaultdict[int, Voices] = defaultdict(Voices)
    for numbers, voices in chosen.items():
        for number in numbers.split(","):
            counts[int(number)] += voices
    answered = sum(chosen.values(), Voices())
    return Result(
        question,
        tuple(counts[number] for number, _ in question.choices),
        answered,
        Voices(
            everybody.people - answered.people, everybody.organisations - answered.organisations
        ),
        points,
    )


_for_organisation = or_(Authorship.organisation_id.is_not(None), Authorship.organisation_name != "")
_people = func.sum(case((_for_organisation, 0), else_=1))
_organisations = func.sum(case((_for_organisation, 1), else_=0))


def for_organisation(authorship: Authorship) -> bool:
    """Return whether it counts as an organisation's; a sealed one never does."""
    return authorship.organisation_id is not None or authorship.organisation_name != ""


def _voices(consultation_id: int) -> Voices:
    people, organisations = db.session.execute(
        select(func.coalesce(_people, 0), func.coalesce(_organisations, 0))
        .select_from(Submission)
        .join(Submission.authorship)
        .where(
            Submission.consultation_id == consultation_id,
            Submission.state == SubmissionState.RECEIVED,
        )
    ).one()
    return Voices(int(people), int(organisations))


def _chosen(consultation_id: int) -> dict[int, dict[str, Voices]]:
    """Return how many chose what, by question and by what was chosen together."""
    found: defaultdict[int, dict[str, Voices]] = defaultdict(dict)
    for question_id, chosen, people, organisations in db.session.execute(
        select(QuestionAnswer.question_id, QuestionAnswer.chosen, _people, _organisations)
        .join(AnswerSheet, AnswerSheet.id == QuestionAnswer.sheet_id)
        .join(AnswerSheet.submission)
        .join(Submission.authorship)
        .where(
            Submission.consultation_id == consultation_id,
            Submission.state == SubmissionState.RECEIVED,
            AnswerSheet.replaced_at.is_(None),
        )
        .group_by(QuestionAnswer.question_id, QuestionAnswer.chosen)
    ):
        found[question_id][chosen] = Voices(int(people), int(organisations))
    return found


def _points(consultation_id: int) -> dict[int | None, int]:
    return dict(
        db.session.execute(
            select(Point.question_id, func.count())
            .where(
                Point.consultation_id == consultation_id,
                Point.question_id.is_not(None),
                *standing(),
            )
            .group_by(Point.question_id)
        ).all()
    )


def leaves(sheets: Iterable[AnswerSheet]) -> list[Leaf]:
    """Return the log's leaves of the later sheets, in the log's order; at most one query."""
    ids = [sheet.id for sheet in sheets if sheet.number]
    if not ids:
        return []
    statement = select(Leaf).where(Leaf.kind == "answers", Leaf.subject_id.in_(ids))
    return list(db.session.scalars(statement.order_by(Leaf.index)))


def answered_sheets(consultation_id: int) -> list[AnswerSheet]:
    """Return the sheets that count now, with who stands behind them, oldest first; two queries."""
    return list(
        db.session.scalars(
            select(AnswerSheet)
            .join(AnswerSheet.submission)
            .join(Submission.authorship)
            .outerjoin(Authorship.user)
            .outerjoin(Authorship.organisation)
            .options(
                contains_eager(AnswerSheet.submission)
                .contains_eager(Submission.authorship)
                .options(contains_eager(Authorship.user), contains_eager(Authorship.organisation))
            )
            .where(
                and_(
                    Submission.consultation_id == consultation_id,
                    Submission.state == SubmissionState.RECEIVED,
                    AnswerSheet.replaced_at.is_(None),
                )
            )
            .order_by(Submission.received_at, Submission.id)
        ).unique()
    )
