"""Reading for summaries: the matrix, a cell's points, evidence, versions."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.drafts.models import Provision
from consult.submissions.models import Authorship, Point, Stance, Submission
from consult.submissions.queries import PointFilter, PointState, points_statement, standing
from consult.summaries.decision_queries import undecided
from consult.summaries.matrix import Count, Line, Matrix, build
from consult.summaries.models import Passage, Section, Step, Summary
from consult.summaries.passages import Opinion, Quotation, find_exact

# Proposals are made from so many points of a cell at most; the lists show all of them.
MOST_READ = 1000


def provision_lines(version_id: int) -> list[Line]:
    """Return the version's provisions in the draft's order, texts cut short; one query."""
    rows = db.session.execute(
        select(
            Provision.id,
            Provision.key,
            Provision.kind,
            Provision.citation,
            Provision.title,
            func.substr(Provision.text, 1, 160),
            Provision.depth,
            Provision.parent_id,
            Provision.ordinal,
        )
        .where(Provision.version_id == version_id)
        .order_by(Provision.ordinal)
    )
    return [Line(*row) for row in rows]


def counts(consultation_id: int, *conditions: ColumnElement[bool]) -> list[Count]:
    """Return the counts of standing points by provision, stance and kind of author; one query.

    Of the points that meet ``conditions`` only.
    """
    on_behalf = case(
        (or_(Authorship.organisation_id.is_not(None), Authorship.organisation_name != ""), 1),
        else_=0,
    )
    rows = db.session.execute(
        select(Point.provision_id, Point.stance, on_behalf, func.count())
        .join(Authorship, Authorship.submission_id == Point.submission_id)
        .where(Point.consultation_id == consultation_id, *standing(), *conditions)
        .group_by(Point.provision_id, Point.stance, on_behalf)
    )
    return [Count(provision, stance, bool(behalf), n) for provision, stance, behalf, n in rows]


def matrix(consultation: Consultation) -> Matrix:
    """Return the round's matrix; two queries, whatever the number of points."""
    return build(provision_lines(consultation.version_id), counts(consultation.id))


# --- the points of a cell ------------------------------------------------------------------------


class Cell(Struct, frozen=True):
    """Some of a round's standing points: of these provisions (None: all) and this stance.

    ``on_whole_draft`` asks for the points on no provision instead; ``not_quoted_in`` leaves
    out those that the summary of that id quotes, and those decided otherwise.
    """

    consultation_id: int
    provision_ids: tuple[int, ...] | None = None
    on_whole_draft: bool = False
    stance: Stance | None = None
    not_quoted_in: int | None = None


def cell_points(cell: Cell) -> Select[Point]:
    """Return the statement for the cell's points, with all that is shown of them."""
    statement = points_statement(PointFilter(cell.consultation_id, stance=cell.stance))
    return statement.where(*conditions_of(cell)).order_by(None).order_by(Point.id)


def conditions_of(cell: Cell) -> list[ColumnElement[bool]]:
    """Return the conditions on `Point` that the cell means, beside its round."""
    conditions: list[ColumnElement[bool]] = []
    if cell.on_whole_draft:
        conditions.append(Point.provision_id.is_(None))
    elif cell.provision_ids is not None:
        conditions.append(Point.provision_id.in_(cell.provision_ids))
    if cell.stance is not None:
        conditions.append(Point.stance == cell.stance)
    if cell.not_quoted_in is not None:
        conditions += (Point.id.not_in(quoted_ids(cell.not_quoted_in)), undecided())
    return conditions


def quoted_ids(summary_id: int) -> Select[int]:
    """Return the statement for the points that the summary quotes, withdrawn ones too."""
    return select(Passage.point_id).where(Passage.summary_id == summary_id, Passage.is_quoted)


def cell_opinions(cell: Cell) -> list[Opinion]:
    """Return the words of the cell's first MOST_READ points, for choosing passages; one query."""
    statement = _opinions().where(
        Point.consultation_id == cell.consultation_id, *standing(), *conditions_of(cell)
    )
    rows = db.session.execute(statement.order_by(Point.id).limit(MOST_READ))
    return [_opinion(*row[2:]) for row in rows]


def opinions_by_cell(
    consultation_id: int, *, most: int | None = MOST_READ
) -> dict[tuple[int | None, Stance], list[Opinion]]:
    """Return the words of the points that may be quoted, cell by cell, up to ``most`` each.

    Duplicates and points set aside are not among them; one query.
    """
    found: dict[tuple[int | None, Stance], list[Opinion]] = {}
    statement = _opinions().where(
        Point.consultation_id == consultation_id, *standing(), undecided()
    )
    for row in db.session.execute(statement.order_by(Point.id)):
        opinions = found.setdefault(row[:2], [])
        if most is None or len(opinions) < most:
            opinions.append(_opinion(*row[2:]))
    return found


def _opinions() -> Select[int | None, Stance, int, str, int, int | None, str | None, str, str]:
    return select(
        Point.provision_id,
        Point.stance,
        Point.id,
        Point.argument,
        Authorship.submission_id,
        Authorship.user_id,
        Authorship.tag,
        Authorship.name,
        Authorship.organisation_name,
    ).join(Authorship, Authorship.submission_id == Point.submission_id)


def _opinion(
    point_id: int,
    text: str,
    submission_id: int,
    user_id: int | None,
    tag: str | None,
    name: str,
    body: str,
) -> Opinion:
    author: Hashable = user_id or tag
    if author is None:
        author = (name, body) if name or body else (submission_id,)
    return Opinion(point_id, author, text)


def find_passage(consultation_id: int, provision_id: int | None, pasted: str) -> Quotation | None:
    """Return where ``pasted`` stands verbatim in a quotable point on the provision, or None.

    Neither withdrawn ones, duplicates nor points set aside may be quoted. Of several points
    that have it, the one with the smallest id; one query.
    """
    rows = db.session.execute(
        select(Point.id, Point.argument)
        .where(
            Point.consultation_id == consultation_id,
            Point.provision_id.is_(None)
            if provision_id is None
            else Point.provision_id == provision_id,
            *standing(),
            undecided(),
        )
        .order_by(Point.id)
    )
    for point_id, text in rows:
        place = find_exact(text, pasted)
        if place is not None:
            return Quotation(point_id, *place, text[place[0] : place[1]])
    return None


# --- summaries -----------------------------------------------------------------------------------


def newest(consultation_id: int) -> Summary | None:
    """Return the newest version of the round's summary, released or not, or None; one query."""
    return db.session.scalars(
        select(Summary)
        .where(Summary.consultation_id == consultation_id)
        .order_by(Summary.number.desc())
        .limit(1)
    ).first()


def summary(summary_id: int) -> Summary | None:
    """Return the summary with its round and its steps, or None; one query."""
    statement = select(Summary).where(Summary.id == summary_id).options(*with_steps())
    return db.session.scalars(statement).unique().first()


def with_steps() -> tuple[ExecutableOption, ...]:
    """Return the options that load a summary's round, its steps and who took them."""
    return (
        joinedload(Summary.consultation),
        joinedload(Summary.creator).lazyload("*"),
        joinedload(Summary.steps).joinedload(Step.actor).lazyload("*"),
    )


def released(
    *, consultation_ids: Collection[int] | None = None, limit: int | None = None
) -> Sequence[Summary]:
    """Return the newest released summary of each round, newest first, rounds loaded; one query.

    Of ``consultation_ids`` only, when given. Whoever shows them asks "summary.read" for each.
    """
    latest = (
        select(Summary.consultation_id, func.max(Summary.number).label("number"))
        .where(Summary.released_at.is_not(None))
        .group_by(Summary.consultation_id)
        .subquery()
    )
    statement = (
        select(Summary)
        .join(
            latest,
            and_(
                Summary.consultation_id == latest.c.consultation_id,
                Summary.number == latest.c.number,
            ),
        )
        .options(joinedload(Summary.consultation))
        .order_by(Summary.released_at.desc(), Summary.id.desc())
    )
    if consultation_ids is not None:
        statement = statement.where(Summary.consultation_id.in_(consultation_ids))
    if limit is not None:
        statement = statement.limit(limit)
    return db.session.scalars(statement).unique().all()


def narratives(summary_id: int) -> dict[int | None, str]:
    """Return the staff's words by provision (None: the whole draft); one query."""
    rows = db.session.execute(
        select(Section.provision_id, Section.narrative).where(Section.summary_id == summary_id)
    )
    return dict(rows.all())


def evidence(
    summary_id: int, *, only_quoted: bool = False, only_quotable: bool = False
) -> Sequence[Passage]:
    """Return the summary's passages with their points and authors, as chosen; one query.

    ``only_quotable`` leaves out those of duplicates and of points set aside since.
    """
    statement = (
        select(Passage)
        .where(Passage.summary_id == summary_id)
        .options(
            joinedload(Passage.point, innerjoin=True)
            .joinedload(Point.submission, innerjoin=True)
            .joinedload(Submission.authorship, innerjoin=True)
            .options(joinedload(Authorship.user).lazyload("*"), joinedload(Authorship.organisation))
        )
        .order_by(Passage.id)
    )
    if only_quoted:
        statement = statement.where(Passage.is_quoted)
    if only_quotable:
        statement = statement.join(Passage.point).where(undecided())
    return db.session.scalars(statement).unique().all()


def outdated_passages(summary_id: int) -> dict[int, int]:
    """Return the quoted passages whose point no longer has the words: point by passage."""
    rows = db.session.execute(
        select(Passage.id, Passage.point_id)
        .join(Passage.point)
        .where(
            Passage.summary_id == summary_id,
            Passage.is_quoted,
            func.substr(Point.argument, Passage.start + 1, Passage.end - Passage.start)
            != Passage.text,
        )
    )
    return dict(rows.all())


def points_by_id(
    consultation_id: int, point_ids: Sequence[int], *, files: bool = True
) -> list[Point]:
    """Return those points of the round in the order of ``point_ids``, withdrawn ones too.

    One query, two with their ``files``.
    """
    received = PointFilter(consultation_id, state=PointState.RECEIVED)
    statement = points_statement(received, files=files)
    found = {
        point.id: point
        for point in db.session.scalars(
            statement.where(Point.id.in_(point_ids)).order_by(None)
        ).unique()
    }
    return [found[point_id] for point_id in point_ids if point_id in found]
