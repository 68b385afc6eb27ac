"""What the Front's staff have read, importance of points, notes on them.

Revision: 0021, after 0020
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "point_readings",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("read_at", UTCDateTime(), nullable=False),
        refers("point_readings", "user_id", "users.id"),
        refers("point_readings", "point_id", "points.id"),
        sa.PrimaryKeyConstraint("user_id", "point_id", name=op.f("pk_point_readings")),
    )
    op.create_table(
        "point_importances",
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND 3", name=op.f("ck_point_importances_levels")),
        refers("point_importances", "point_id", "points.id"),
        refers("point_importances", "set_by", "users.id"),
        sa.PrimaryKeyConstraint("point_id", name=op.f("pk_point_importances")),
    )
    op.create_table(
        "point_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.Column("removed_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        refers("point_notes", "point_id", "points.id"),
        refers("point_notes", "written_by", "users.id"),
        refers("point_notes", "removed_by", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_notes")),
    )
    op.create_index(op.f("ix_point_notes_point_id"), "point_notes", ["point_id"])


def refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    op.drop_table("point_notes")
    op.drop_table("point_importances")
    op.drop_table("point_readings")
