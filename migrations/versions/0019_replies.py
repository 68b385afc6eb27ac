"""Authors' replies to answers, questions back to them, commitments.

Revision: 0019, after 0018
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    with op.batch_alter_table("consultations", schema=None) as batch_op:
        # Of rounds that closed before, nobody has said until when they are answered.
        batch_op.add_column(sa.Column("answer_by", UTCDateTime(), nullable=True))
    op.create_table(
        "answer_objections",
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        refers("answer_objections", "point_id", "points.id"),
        refers("answer_objections", "response_id", "responses.id"),
        sa.PrimaryKeyConstraint("point_id", name=op.f("pk_answer_objections")),
    )
    op.create_index(op.f("ix_answer_objections_response_id"), "answer_objections", ["response_id"])
    op.create_table(
        "point_inquiries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_at", UTCDateTime(), nullable=True),
        refers("point_inquiries", "point_id", "points.id"),
        refers("point_inquiries", "asked_by", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_inquiries")),
    )
    op.create_index(op.f("ix_point_inquiries_point_id"), "point_inquiries", ["point_id"])
    states = ("open", "done", "dropped")
    op.create_table(
        "commitments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *states,
                name="commitmentstate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        refers("commitments", "consultation_id", "consultations.id"),
        refers("commitments", "response_id", "responses.id"),
        refers("commitments", "made_by", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
    )
    for column in ("consultation_id", "response_id"):
        op.create_index(op.f(f"ix_commitments_{column}"), "commitments", [column])


def refers(
    table: str, column: str, target: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete=ondelete)


def downgrade() -> None:
    op.drop_table("commitments")
    op.drop_table("point_inquiries")
    op.drop_table("answer_objections")
    with op.batch_alter_table("consultations", schema=None) as batch_op:
        batch_op.drop_column("answer_by")
