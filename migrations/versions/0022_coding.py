"""Doubts about declared stances, opinion groups, samples read by two people.

Revision: 0022, after 0021
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0022"
down_revision = "0021"

STANCES = ("agree", "agree_with_changes", "disagree", "none")


def upgrade() -> None:
    op.create_table(
        "stance_doubts",
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("stance", one_of("stance", *STANCES), nullable=False),
        sa.Column("reads", sa.String(length=10), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("dismissed_at", UTCDateTime(), nullable=True),
        sa.Column("dismissed_by", sa.Integer(), nullable=True),
        refers("stance_doubts", "point_id", "points.id"),
        refers("stance_doubts", "consultation_id", "consultations.id"),
        refers("stance_doubts", "dismissed_by", "users.id"),
        sa.PrimaryKeyConstraint("point_id", name=op.f("pk_stance_doubts")),
    )
    indexed("stance_doubts", "consultation_id")
    op.create_table(
        "opinion_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("built_at", UTCDateTime(), nullable=False),
        sa.Column("built_by", sa.Integer(), nullable=True),
        refers("opinion_groups", "consultation_id", "consultations.id"),
        refers("opinion_groups", "built_by", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_groups")),
    )
    indexed("opinion_groups", "consultation_id")
    coding()


def coding() -> None:
    codes = (*STANCES, "unclear")
    op.create_table(
        "coding_samples",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("drawn_from", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("dropped_at", UTCDateTime(), nullable=True),
        refers("coding_samples", "consultation_id", "consultations.id"),
        refers("coding_samples", "created_by", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding_samples")),
    )
    indexed("coding_samples", "consultation_id")
    op.create_table(
        "coding_coders",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("joined_at", UTCDateTime(), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("place IN (1, 2)", name=op.f("ck_coding_coders_two")),
        refers("coding_coders", "sample_id", "coding_samples.id"),
        refers("coding_coders", "user_id", "users.id"),
        sa.PrimaryKeyConstraint("sample_id", "user_id", name=op.f("pk_coding_coders")),
        sa.UniqueConstraint("sample_id", "place", name=op.f("uq_coding_coders_sample_id_place")),
    )
    op.create_table(
        "coding_points",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("settled", one_of("code", *codes), nullable=True),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        refers("coding_points", "sample_id", "coding_samples.id"),
        refers("coding_points", "point_id", "points.id"),
        refers("coding_points", "settled_by", "users.id"),
        sa.PrimaryKeyConstraint("sample_id", "point_id", name=op.f("pk_coding_points")),
        sa.UniqueConstraint(
            "sample_id", "ordinal", name=op.f("uq_coding_points_sample_id_ordinal")
        ),
    )
    indexed("coding_points", "point_id")
    op.create_table(
        "codings",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code", one_of("code", *codes), nullable=False),
        sa.Column("coded_at", UTCDateTime(), nullable=False),
        refers("codings", "sample_id", "coding_samples.id"),
        refers("codings", "point_id", "points.id"),
        refers("codings", "user_id", "users.id"),
        sa.PrimaryKeyConstraint("sample_id", "point_id", "user_id", name=op.f("pk_codings")),
    )


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def indexed(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table in (
        "codings",
        "coding_points",
        "coding_coders",
        "coding_samples",
        "opinion_groups",
        "stance_doubts",
    ):
        op.drop_table(table)
