"""Draft replies asked of experts.

Revision: 0023, after 0022
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "draft_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        one_of("state", "draftstate", "asked", "sent", "declined", "cancelled"),
        one_of(
            "disposition",
            "disposition",
            "accepted",
            "partly_accepted",
            "not_accepted",
            "noted",
            nullable=True,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        refers("draft_requests", "asked_by", "users.id"),
        refers("draft_requests", "consultation_id", "consultations.id"),
        refers("draft_requests", "expert_id", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_requests")),
    )
    for column in ("consultation_id", "expert_id"):
        op.create_index(op.f(f"ix_draft_requests_{column}"), "draft_requests", [column])
    op.create_table(
        "draft_request_points",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        refers("draft_request_points", "point_id", "points.id"),
        refers("draft_request_points", "request_id", "draft_requests.id"),
        sa.PrimaryKeyConstraint("request_id", "point_id", name=op.f("pk_draft_request_points")),
    )
    op.create_index(op.f("ix_draft_request_points_point_id"), "draft_request_points", ["point_id"])


def one_of(column: str, name: str, *values: str, nullable: bool = False) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)
    return sa.Column(column, kind, nullable=nullable)


def refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    op.drop_table("draft_request_points")
    op.drop_table("draft_requests")
