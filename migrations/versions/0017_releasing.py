"""Review, approval and audiences of summaries; objections of authors.

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0017"
down_revision = "0016"

RELEASED_ONCE = "(state = 'released') = (released_at IS NOT NULL)"


def upgrade() -> None:
    # What was released before went to the council and the agency; drafts will say to whom.
    with op.batch_alter_table("summaries", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("state", sa.String(20), server_default="draft", nullable=False)
        )
        for audience in ("for_council", "for_agency"):
            batch_op.add_column(
                sa.Column(audience, sa.Boolean(), server_default=sa.true(), nullable=False)
            )
    op.execute("UPDATE summaries SET state = 'released' WHERE released_at IS NOT NULL")
    states = "state IN ('draft', 'in_review', 'approved', 'released')"
    with op.batch_alter_table("summaries", schema=None) as batch_op:
        batch_op.create_check_constraint(op.f("ck_summaries_state"), states)
        batch_op.create_check_constraint(op.f("ck_summaries_released_once"), RELEASED_ONCE)
    op.create_table(
        "summary_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("summary_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            one_of("stepkind", "edited", "sent", "returned", "approved", "released"),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        refers("summary_steps", "summary_id", "summaries.id"),
        refers("summary_steps", "actor_id", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_steps")),
    )
    op.create_index(op.f("ix_summary_steps_summary_id"), "summary_steps", ["summary_id"])
    op.create_table(
        "summary_objections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("summary_id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("outcome", one_of("outcome", "changed", "kept"), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(outcome IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_summary_objections_answered_at_once"),
        ),
        refers("summary_objections", "summary_id", "summaries.id"),
        refers("summary_objections", "point_id", "points.id"),
        refers("summary_objections", "answered_by", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_objections")),
        sa.UniqueConstraint(
            "summary_id", "point_id", name=op.f("uq_summary_objections_summary_id_point_id")
        ),
    )


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    op.drop_table("summary_objections")
    op.drop_table("summary_steps")
    with op.batch_alter_table("summaries", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_summaries_released_once"), type_="check")
        batch_op.drop_constraint(op.f("ck_summaries_state"), type_="check")
        batch_op.drop_column("for_agency")
        batch_op.drop_column("for_council")
        batch_op.drop_column("state")
