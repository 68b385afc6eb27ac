"""What the machine proposes for a round, and what staff made of it: themes, lines, repetitions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import User
from consult.core.db import Base
from consult.drafts.models import Provision
from consult.submissions.models import Point


class ThemeBuild(Base):
    """One building of a round's themes. ``inputs`` is the SHA-256 of all that was read for it."""

    __tablename__ = "theme_builds"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    engine: Mapped[int]
    inputs: Mapped[str] = mapped_column(String(64))
    built_at: Mapped[datetime]
    built_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Theme(Base):
    """A subject of points on one provision (None: on the whole draft).

    ``label`` is the machine's proposal, ``name`` what staff call it, empty until they do.
    """

    __tablename__ = "themes"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    provision_id: Mapped[int | None] = mapped_column(ForeignKey("provisions.id"))
    label: Mapped[str] = mapped_column(String(300), default="")
    name: Mapped[str] = mapped_column(String(200), default="")

    provision: Mapped[Provision | None] = relationship()


class ThemePoint(Base):
    """Where a point is: in a theme, or by itself (None).

    ``decided``: staff decided so, building anew leaves it. ``echoed``: lines that were chosen
    when it was built say what it says.
    """

    __tablename__ = "theme_points"

    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"), index=True)
    decided: Mapped[bool] = mapped_column(default=False)
    echoed: Mapped[bool] = mapped_column(default=False)

    point: Mapped[Point] = relationship()
    theme: Mapped[Theme | None] = relationship()


class ThemeLine(Base):
    """A proposed line: exactly the characters ``start`` to ``end`` of the point's argument.

    ``reason``: "stance", "theme" or "coverage", whatever it was chosen for.
    """

    __tablename__ = "theme_lines"
    __table_args__ = (UniqueConstraint("point_id", "start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"))
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(10))

    point: Mapped[Point] = relationship()


class Repetition(Base):
    """A proposal to count a point as a duplicate of ``leader_id``.

    ``added`` and ``missing`` are [start, end] in the point's own words and in the leader's. A
    refused one is kept, and the point is never folded again; a confirmed one is a
    `PointDecision`.
    """

    __tablename__ = "repetitions"
    __table_args__ = (CheckConstraint("leader_id <> point_id", name="not_itself"),)

    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    leader_id: Mapped[int] = mapped_column(ForeignKey("points.id"), index=True)
    added: Mapped[list[Any]]
    missing: Mapped[list[Any]]
    refused_at: Mapped[datetime | None]
    refused_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    point: Mapped[Point] = relationship(foreign_keys=[point_id])


class ThemeChange(Base):
    """What staff changed: ``kind`` is "rename", "merge", "split" or "move".

    ``before`` is what it takes to undo it: "places" as [point, theme], "undecided" points and
    the "names" of themes. It can be undone until the themes are built anew.
    """

    __tablename__ = "theme_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    build_id: Mapped[int] = mapped_column(ForeignKey("theme_builds.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    theme: Mapped[str] = mapped_column(String(300))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    before: Mapped[dict[str, Any]]

    maker: Mapped[User | None] = relationship()
