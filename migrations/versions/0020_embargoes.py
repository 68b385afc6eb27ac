"""Answers that wait for an instant to be published.

Revision: 0020, after 0019
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "embargoes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("publish_at", UTCDateTime(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_embargoes_consultation_id")
        ),
        sa.ForeignKeyConstraint(["set_by"], ["users.id"], name=op.f("fk_embargoes_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_embargoes")),
    )
    op.create_index(op.f("ix_embargoes_consultation_id"), "embargoes", ["consultation_id"])
    op.create_index(op.f("ix_embargoes_ended_at"), "embargoes", ["ended_at", "publish_at"])
    op.create_table(
        "embargoed_points",
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("embargo_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["embargo_id"], ["embargoes.id"], name=op.f("fk_embargoed_points_embargo_id")
        ),
        sa.ForeignKeyConstraint(
            ["point_id"], ["points.id"], name=op.f("fk_embargoed_points_point_id")
        ),
        sa.PrimaryKeyConstraint("point_id", name=op.f("pk_embargoed_points")),
    )
    op.create_index(op.f("ix_embargoed_points_embargo_id"), "embargoed_points", ["embargo_id"])


def downgrade() -> None:
    op.drop_table("embargoed_points")
    op.drop_table("embargoes")
