"""Reading themes: what each has, what is echoed, repetitions, changes, proposed lines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, case, distinct, func, select
from sqlalchemy.orm import aliased, joinedload

from consult.core.db import db
from consult.drafts.models import Provision
from consult.submissions.models import Authorship, Point, Stance
from consult.submissions.queries import standing
from consult.summaries.decision_queries import not_set_aside, undecided
from consult.summaries.passages import Quotation
from consult.summaries.text_queries import Texts
from consult.summaries.theme_models import (
    Repetition,
    Theme,
    ThemeBuild,
    ThemeChange,
    ThemeLine,
    ThemePoint,
)

Place = tuple[int | None, Stance]
_BY_REASON = case((ThemeLine.reason == "stance", 0), (ThemeLine.reason == "theme", 1), else_=2)


def newest_build(consultation_id: int) -> ThemeBuild | None:
    """Return the round's newest build, or None; one query."""
    return db.session.scalars(
        select(ThemeBuild)
        .where(ThemeBuild.consultation_id == consultation_id)
        .order_by(ThemeBuild.id.desc())
        .limit(1)
    ).first()


def theme(consultation_id: int, theme_id: int) -> Theme | None:
    """Return the round's theme of that id with its provision, or None; one query."""
    return db.session.scalars(
        select(Theme)
        .where(Theme.id == theme_id, Theme.consultation_id == consultation_id)
        .options(joinedload(Theme.provision))
    ).first()


class Numbers(NamedTuple):
    """What stands behind a theme, each counted by itself."""

    points: int
    people: int
    organisations: int
    distinct: int


class Row(Struct, frozen=True):
    """A theme, None for the points by themselves, on a provision, with its numbers."""

    theme: Theme | None
    provision_id: int | None
    numbers: Numbers
    decided: bool


def rows(consultation_id: int) -> list[Row]:
    """Return the themes with standing points, in the draft's order, the largest first.

    Those by themselves come last of their provision, the whole draft last; two queries.
    """
    texts = Texts()
    behind = select(
        ThemePoint.theme_id,
        Point.provision_id,
        func.count(Point.id).label("points"),
        _people().label("people"),
        _organisations().label("organisations"),
        texts.number.label("distinct"),
        func.max(case((ThemePoint.decided, 1), else_=0)).label("decided"),
    )
    found = db.session.execute(
        texts.join(behind.select_from(ThemePoint).join(ThemePoint.point))
        .where(ThemePoint.consultation_id == consultation_id, *standing(), not_set_aside())
        .join(Authorship, Authorship.submission_id == Point.submission_id)
        .outerjoin(Provision, Provision.id == Point.provision_id)
        .group_by(ThemePoint.theme_id, Point.provision_id, Provision.ordinal)
        .order_by(
            Provision.ordinal.is_(None),
            Provision.ordinal,
            ThemePoint.theme_id.is_(None),
            func.count(Point.id).desc(),
            ThemePoint.theme_id,
        )
    ).all()
    themes = {
        theme.id: theme
        for theme in db.session.scalars(
            select(Theme).where(Theme.consultation_id == consultation_id)
        )
    }
    return [
        Row(
            None if theme_id is None else themes[theme_id],
            provision_id,
            Numbers(*numbers),
            bool(decided),
        )
        for theme_id, provision_id, *numbers, decided in found
    ]


def _people() -> ColumnElement[int]:
    return (
        func.count(distinct(Authorship.user_id))
        + func.count(distinct(Authorship.tag))
        + func.count(distinct(func.nullif(Authorship.name, "")))
    )


def _organisations() -> ColumnElement[int]:
    return func.count(distinct(Authorship.organisation_id)) + func.count(
        distinct(func.nullif(Authorship.organisation_name, ""))
    )


class Coverage(NamedTuple):
    """Of the standing points that are not set aside: how many there are, and are so."""

    points: int
    assigned: int
    echoed: int

    @property
    def not_echoed(self) -> int:
        """How many points no chosen line says."""
        return self.assigned - self.echoed

    @property
    def new(self) -> int:
        """How many points came after the themes were built."""
        return self.points - self.assigned


def coverage(consultation_id: int) -> Coverage:
    """Return the three figures of the present themes; one query."""
    row = db.session.execute(
        select(
            func.count(Point.id),
            func.count(ThemePoint.point_id),
            func.count(case((ThemePoint.echoed, 1))),
        )
        .select_from(Point)
        .outerjoin(ThemePoint, ThemePoint.point_id == Point.id)
        .where(Point.consultation_id == consultation_id, *standing(), not_set_aside())
    ).one()
    return Coverage(*row)


def members(consultation_id: int, *conditions: ColumnElement[bool]) -> Select[ThemePoint]:
    """Return the statement for the placed points that meet the conditions, points loaded."""
    return (
        select(ThemePoint)
        .join(ThemePoint.point)
        .where(
            ThemePoint.consultation_id == consultation_id,
            *standing(),
            not_set_aside(),
            *conditions,
        )
        .options(
            joinedload(ThemePoint.point, innerjoin=True).joinedload(Point.provision),
            joinedload(ThemePoint.theme),
        )
        .order_by(ThemePoint.point_id)
    )


def in_theme(theme_id: int | None, provision_id: int | None) -> list[ColumnElement[bool]]:
    """Return the conditions of the points in a theme, or by themselves on a provision."""
    if theme_id is not None:
        return [ThemePoint.theme_id == theme_id]
    on = (
        Point.provision_id.is_(None) if provision_id is None else Point.provision_id == provision_id
    )
    return [ThemePoint.theme_id.is_(None), on]


def places(consultation_id: int, point_ids: Collection[int]) -> Sequence[ThemePoint]:
    """Return where those standing points are; one query."""
    return db.session.scalars(members(consultation_id, ThemePoint.point_id.in_(point_ids))).all()


def themes_of(consultation_id: int) -> Sequence[Theme]:
    """Return the round's themes that have points, in the order of their making; one query."""
    filled = select(ThemePoint.theme_id).where(ThemePoint.theme_id.is_not(None))
    return db.session.scalars(
        select(Theme)
        .where(Theme.consultation_id == consultation_id, Theme.id.in_(filled))
        .order_by(Theme.id)
    ).all()


def themes_on(consultation_id: int, provision_id: int | None) -> list[Theme]:
    """Return those of them on the provision; one query."""
    return [t for t in themes_of(consultation_id) if t.provision_id == provision_id]


def changes(consultation_id: int) -> Sequence[ThemeChange]:
    """Return what staff changed since the themes were built, newest first; one query."""
    newest = (
        select(func.max(ThemeBuild.id))
        .where(ThemeBuild.consultation_id == consultation_id)
        .scalar_subquery()
    )
    return db.session.scalars(
        select(ThemeChange)
        .where(ThemeChange.build_id == newest)
        .options(joinedload(ThemeChange.maker).lazyload("*"))
        .order_by(ThemeChange.id.desc())
    ).all()


# --- lines ---------------------------------------------------------------------------------------


def lines(consultation_id: int) -> dict[int | None, list[ThemeLine]]:
    """Return the lines by theme (None: of points by themselves), points loaded; one query.

    Only of standing points that may be quoted.
    """
    found: dict[int | None, list[ThemeLine]] = {}
    rows_ = db.session.execute(
        select(ThemePoint.theme_id, ThemeLine)
        .join(ThemePoint, ThemePoint.point_id == ThemeLine.point_id)
        .join(ThemeLine.point)
        .where(ThemeLine.consultation_id == consultation_id, *standing(), undecided())
        .options(joinedload(ThemeLine.point, innerjoin=True))
        .order_by(ThemeLine.point_id, ThemeLine.start)
    )
    for theme_id, line in rows_:
        found.setdefault(theme_id, []).append(line)
    return found


def lines_for(consultation_id: int) -> dict[Place, list[Quotation]]:
    """Return the built lines of standing, quotable points by provision and stance; one query.

    Those chosen to let a stance be heard come first, then those of themes, the rest last. A line
    whose point has other words by now is not among them.
    """
    found: dict[Place, list[Quotation]] = {}
    rows_ = db.session.execute(
        select(ThemeLine, Point.provision_id, Point.stance, Point.argument)
        .join(ThemeLine.point)
        .where(ThemeLine.consultation_id == consultation_id, *standing(), undecided())
        .order_by(_BY_REASON, ThemeLine.point_id, ThemeLine.start)
    )
    for line, provision_id, stance, words in rows_:
        if words[line.start : line.end] == line.text:
            found.setdefault((provision_id, stance), []).append(
                Quotation(line.point_id, line.start, line.end, line.text)
            )
    return found


# --- repetitions ---------------------------------------------------------------------------------


def campaigns(consultation_id: int) -> Select[Point]:
    """Return the statement for the points that others may repeat, the most repeated first."""
    sizes = (
        select(Repetition.leader_id, func.count().label("size"))
        .where(Repetition.consultation_id == consultation_id)
        .group_by(Repetition.leader_id)
        .subquery()
    )
    return (
        select(Point)
        .join(sizes, sizes.c.leader_id == Point.id)
        .where(*standing())
        .options(joinedload(Point.provision))
        .order_by(sizes.c.size.desc(), Point.id)
    )


def repetitions_of(consultation_id: int, leader_ids: Collection[int]) -> Sequence[Repetition]:
    """Return the standing points that may repeat those points, points loaded; one query."""
    member = aliased(Point)
    return db.session.scalars(
        select(Repetition)
        .join(member, member.id == Repetition.point_id)
        .where(
            Repetition.consultation_id == consultation_id,
            Repetition.leader_id.in_(leader_ids),
            member.withdrawn_at.is_(None),
        )
        .options(joinedload(Repetition.point, innerjoin=True))
        .order_by(Repetition.point_id)
    ).all()
