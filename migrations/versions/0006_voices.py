"""Endorsements and reports of points; moderation and appeals; which points are hidden.

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0006"
down_revision = "0005"

HIDDEN = sa.text("hidden_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("points", sa.Column("hidden_at", UTCDateTime(), nullable=True))
    op.add_column(
        "points",
        sa.Column("hidden_reason", sa.String(length=200), server_default="", nullable=False),
    )
    op.create_index(
        "ix_points_hidden",
        "points",
        ["consultation_id", "hidden_at"],
        sqlite_where=HIDDEN,
        postgresql_where=HIDDEN,
    )
    endorsements()
    reports()
    moderations()


def endorsements() -> None:
    op.create_table(
        "endorsements",
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("value", one_of("voice", "agree", "disagree"), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["point_id"], ["points.id"], name=op.f("fk_endorsements_point_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_endorsements_user_id")),
        sa.PrimaryKeyConstraint("point_id", "user_id", name=op.f("pk_endorsements")),
    )
    op.create_index(op.f("ix_endorsements_user_id"), "endorsements", ["user_id"])


def reports() -> None:
    op.create_table(
        "point_reports",
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["point_id"], ["points.id"], name=op.f("fk_point_reports_point_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_point_reports_user_id")),
        sa.PrimaryKeyConstraint("point_id", "user_id", name=op.f("pk_point_reports")),
    )
    op.create_index(op.f("ix_point_reports_user_id"), "point_reports", ["user_id"])


def moderations() -> None:
    op.create_table(
        "moderations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("hidden_at", UTCDateTime(), nullable=False),
        sa.Column("hidden_by", sa.Integer(), nullable=False),
        sa.Column("appeal", sa.Text(), nullable=False),
        sa.Column("appealed_at", UTCDateTime(), nullable=True),
        sa.Column("outcome", one_of("outcome", "upheld", "shown", "taken_back"), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["point_id"], ["points.id"], name=op.f("fk_moderations_point_id")),
        sa.ForeignKeyConstraint(["hidden_by"], ["users.id"], name=op.f("fk_moderations_hidden_by")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name=op.f("fk_moderations_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderations")),
    )
    op.create_index("ix_moderations_hidden_at", "moderations", ["hidden_at", "id"])
    op.create_index(op.f("ix_moderations_point_id"), "moderations", ["point_id"])


def one_of(name: str, *values: str) -> sa.Enum:
    """Return the type of a column that holds one of ``values``, as text with a check."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def downgrade() -> None:
    op.drop_table("moderations")
    op.drop_table("point_reports")
    op.drop_table("endorsements")
    op.drop_index("ix_points_hidden", table_name="points")
    op.drop_column("points", "hidden_reason")
    op.drop_column("points", "hidden_at")
