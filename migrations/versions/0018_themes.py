"""Themes of a round's points, proposed and edited.

Revision: 0018, after 0017
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "theme_builds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("engine", sa.Integer(), nullable=False),
        sa.Column("inputs", sa.String(length=64), nullable=False),
        sa.Column("built_at", UTCDateTime(), nullable=False),
        sa.Column("built_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["built_by"], ["users.id"], name=op.f("fk_theme_builds_built_by")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_theme_builds_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_builds")),
    )
    op.create_index(op.f("ix_theme_builds_consultation_id"), "theme_builds", ["consultation_id"])
    op.create_table(
        "themes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_themes_consultation_id")
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provisions.id"], name=op.f("fk_themes_provision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_themes")),
    )
    op.create_index(op.f("ix_themes_consultation_id"), "themes", ["consultation_id"])
    op.create_table(
        "theme_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("build_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("theme", sa.String(length=300), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["build_id"], ["theme_builds.id"], name=op.f("fk_theme_changes_build_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_theme_changes_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_changes")),
    )
    op.create_index(op.f("ix_theme_changes_build_id"), "theme_changes", ["build_id"])
    op.create_table(
        "repetitions",
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("added", sa.JSON(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("refused_at", UTCDateTime(), nullable=True),
        sa.Column("refused_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("leader_id <> point_id", name=op.f("ck_repetitions_not_itself")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_repetitions_consultation_id")
        ),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["points.id"], name=op.f("fk_repetitions_leader_id")
        ),
        sa.ForeignKeyConstraint(["point_id"], ["points.id"], name=op.f("fk_repetitions_point_id")),
        sa.ForeignKeyConstraint(
            ["refused_by"], ["users.id"], name=op.f("fk_repetitions_refused_by")
        ),
        sa.PrimaryKeyConstraint("point_id", name=op.f("pk_repetitions")),
    )
    op.create_index(op.f("ix_repetitions_consultation_id"), "repetitions", ["consultation_id"])
    op.create_index(op.f("ix_repetitions_leader_id"), "repetitions", ["leader_id"])
    op.create_table(
        "theme_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_theme_lines_consultation_id")
        ),
        sa.ForeignKeyConstraint(["point_id"], ["points.id"], name=op.f("fk_theme_lines_point_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_lines")),
        sa.UniqueConstraint("point_id", "start", name=op.f("uq_theme_lines_point_id_start")),
    )
    op.create_index(op.f("ix_theme_lines_consultation_id"), "theme_lines", ["consultation_id"])
    op.create_table(
        "theme_points",
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.Column("echoed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_theme_points_consultation_id")
        ),
        sa.ForeignKeyConstraint(["point_id"], ["points.id"], name=op.f("fk_theme_points_point_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_theme_points_theme_id")),
        sa.PrimaryKeyConstraint("point_id", name=op.f("pk_theme_points")),
    )
    op.create_index(op.f("ix_theme_points_consultation_id"), "theme_points", ["consultation_id"])
    op.create_index(op.f("ix_theme_points_theme_id"), "theme_points", ["theme_id"])


def downgrade() -> None:
    op.drop_table("theme_changes")
    op.drop_table("theme_points")
    op.drop_table("theme_lines")
    op.drop_table("repetitions")
    op.drop_table("themes")
    op.drop_table("theme_builds")
