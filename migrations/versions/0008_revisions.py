"""Earlier wordings of points that their authors revised; the web processes, for closings.

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("points", sa.Column("revised_at", UTCDateTime(), nullable=True))
    op.create_table(
        "point_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=60), nullable=False),
        sa.Column("revised_at", UTCDateTime(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            one_of("pointkind", "remark", "wording", "question", "objection"),
            nullable=False,
        ),
        sa.Column(
            "stance",
            one_of("stance", "agree", "agree_with_changes", "disagree", "none"),
            nullable=False,
        ),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("quote_start", sa.Integer(), nullable=True),
        sa.Column("quote_end", sa.Integer(), nullable=True),
        sa.Column("argument", sa.Text(), nullable=False),
        sa.Column("proposed_wording", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["point_id"], ["points.id"], name=op.f("fk_point_revisions_point_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_point_revisions_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_revisions")),
        sa.UniqueConstraint("point_id", "number", name=op.f("uq_point_revisions_point_id_number")),
        sa.UniqueConstraint(
            "point_id", "form_key", name=op.f("uq_point_revisions_point_id_form_key")
        ),
    )
    op.create_table(
        "web_workers",
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("asked_until", UTCDateTime(), nullable=True),
        sa.Column("done_until", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_web_workers")),
    )


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def downgrade() -> None:
    op.drop_table("web_workers")
    op.drop_table("point_revisions")
    with op.batch_alter_table("points", schema=None) as batch_op:
        batch_op.drop_column("revised_at")
