"""Kinds of a round's questions and the answers to them; earlier questions ask for free text.

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0009"
down_revision = "0008"

KIND = sa.Enum(
    "free_text",
    "single",
    "multiple",
    "scale",
    name="questionkind",
    native_enum=False,
    create_constraint=True,
    length=20,
)


def upgrade() -> None:
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("help", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("kind", KIND, server_default="free_text", nullable=False))
        batch_op.add_column(sa.Column("options", sa.JSON(), server_default="[]", nullable=False))
        for end in ("low", "high"):
            batch_op.add_column(
                sa.Column(end, sa.String(length=100), server_default="", nullable=False)
            )
        batch_op.add_column(sa.Column("steps", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(
            sa.Column("is_required", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.create_table(
        "answer_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=32), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=True),
        sa.Column("replaced_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_answer_sheets_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_sheets")),
        sa.UniqueConstraint(
            "submission_id", "number", name=op.f("uq_answer_sheets_submission_id_number")
        ),
        sa.UniqueConstraint(
            "submission_id", "form_key", name=op.f("uq_answer_sheets_submission_id_form_key")
        ),
    )
    op.create_table(
        "question_answers",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["answer_sheets.id"], name=op.f("fk_question_answers_sheet_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_question_answers_question_id")
        ),
        sa.PrimaryKeyConstraint("sheet_id", "question_id", name=op.f("pk_question_answers")),
    )
    op.create_index(op.f("ix_question_answers_question_id"), "question_answers", ["question_id"])


def downgrade() -> None:
    op.drop_table("question_answers")
    op.drop_table("answer_sheets")
    with op.batch_alter_table("questions", schema=None) as batch_op:
        for name in ("is_required", "steps", "high", "low", "options"):
            batch_op.drop_column(name)
        batch_op.drop_constraint(op.f("ck_questions_questionkind"), type_="check")
        batch_op.drop_column("kind")
        batch_op.drop_column("help")
