"""Joint submissions of clubs: suggestions, signatures, dissent; the history of memberships.

What the memberships of before say of themselves becomes the beginning of their history.

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0011"
down_revision = "0010"

LIVE = sa.text("voided_at IS NULL")


def upgrade() -> None:
    membership_events()
    joint_submissions()
    joint_changes()
    joint_signatures()
    joint_suggestions()
    joint_points()
    for statement in KNOWN_STEPS:
        op.execute(statement)


# When somebody asked, where the membership stands now, and a function in the club.
KNOWN_STEPS = (
    """
    INSERT INTO membership_events (organisation_id, user_id, step, at, actor_id)
    SELECT organisation_id, user_id, 'requested', requested_at, user_id FROM memberships
    """,
    """
    INSERT INTO membership_events (organisation_id, user_id, step, at, actor_id)
    SELECT organisation_id, user_id, state, decided_at, decided_by FROM memberships
    WHERE state <> 'requested' AND decided_at IS NOT NULL
    """,
    """
    INSERT INTO membership_events (organisation_id, user_id, step, at, actor_id)
    SELECT organisation_id, user_id, role, decided_at, NULL FROM memberships
    WHERE state = 'accepted' AND role <> 'member' AND decided_at IS NOT NULL
    """,
)


def membership_events() -> None:
    op.create_table(
        "membership_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_membership_events_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_membership_events_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_membership_events_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_events")),
    )
    op.create_index(
        "ix_membership_events_organisation_id", "membership_events", ["organisation_id", "id"]
    )
    op.create_index(op.f("ix_membership_events_user_id"), "membership_events", ["user_id"])


def joint_submissions() -> None:
    op.create_table(
        "joint_submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            one_of("jointstate", "drafting", "signing", "approved", "sent", "dropped"),
            nullable=False,
        ),
        sa.Column("under_way", sa.String(length=40), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("text_number", sa.Integer(), nullable=False),
        sa.Column("quorum_kind", one_of("quorumkind", "number", "share"), nullable=False),
        sa.Column("quorum_value", sa.Integer(), nullable=False),
        sa.Column("members_at_opening", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", UTCDateTime(), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("reminded", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["users.id"], name=op.f("fk_joint_submissions_approved_by")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultations.id"],
            name=op.f("fk_joint_submissions_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["users.id"], name=op.f("fk_joint_submissions_opened_by")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_joint_submissions_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_joint_submissions_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_submissions")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_joint_submissions_submission_id")),
        sa.UniqueConstraint("under_way", name=op.f("uq_joint_submissions_under_way")),
    )
    op.create_index(
        op.f("ix_joint_submissions_consultation_id"), "joint_submissions", ["consultation_id"]
    )
    op.create_index(
        op.f("ix_joint_submissions_organisation_id"), "joint_submissions", ["organisation_id"]
    )
    op.create_index(op.f("ix_joint_submissions_state"), "joint_submissions", ["state"])


def joint_changes() -> None:
    op.create_table(
        "joint_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("joint_id", sa.Integer(), nullable=False),
        sa.Column("transition", sa.String(length=20), nullable=False),
        sa.Column("from_state", sa.String(length=10), nullable=False),
        sa.Column("to_state", sa.String(length=10), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_joint_changes_actor_id")),
        sa.ForeignKeyConstraint(
            ["joint_id"], ["joint_submissions.id"], name=op.f("fk_joint_changes_joint_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_changes")),
    )
    op.create_index(op.f("ix_joint_changes_joint_id"), "joint_changes", ["joint_id"])


def joint_signatures() -> None:
    op.create_table(
        "joint_signatures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("joint_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", one_of("signaturekind", "signed", "dissent"), nullable=False),
        sa.Column("text_number", sa.Integer(), nullable=False),
        sa.Column("shown_as", sa.String(length=160), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("voided_at", UTCDateTime(), nullable=True),
        sa.Column("voided_why", one_of("voided", "text", "taken_back", "left"), nullable=True),
        sa.ForeignKeyConstraint(
            ["joint_id"], ["joint_submissions.id"], name=op.f("fk_joint_signatures_joint_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_joint_signatures_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_signatures")),
    )
    op.create_index(op.f("ix_joint_signatures_joint_id"), "joint_signatures", ["joint_id"])
    op.create_index(op.f("ix_joint_signatures_user_id"), "joint_signatures", ["user_id"])
    op.create_index(
        "uq_joint_signatures_live",
        "joint_signatures",
        ["joint_id", "user_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def joint_suggestions() -> None:
    op.create_table(
        "joint_suggestions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("joint_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=60), nullable=False),
        sa.Column("suggested_at", UTCDateTime(), nullable=False),
        sa.Column(
            "state",
            one_of("suggestionstate", "waiting", "taken", "declined", "taken_back"),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("provision_id", sa.Integer(), nullable=True),
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
        sa.Column("argument", sa.Text(), nullable=False),
        sa.Column("proposed_wording", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name=op.f("fk_joint_suggestions_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["joint_id"], ["joint_submissions.id"], name=op.f("fk_joint_suggestions_joint_id")
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provisions.id"], name=op.f("fk_joint_suggestions_provision_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_joint_suggestions_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_suggestions")),
        sa.UniqueConstraint(
            "joint_id",
            "user_id",
            "form_key",
            name=op.f("uq_joint_suggestions_joint_id_user_id_form_key"),
        ),
    )
    op.create_index(
        op.f("ix_joint_suggestions_provision_id"), "joint_suggestions", ["provision_id"]
    )
    op.create_index(op.f("ix_joint_suggestions_user_id"), "joint_suggestions", ["user_id"])


def joint_points() -> None:
    op.create_table(
        "joint_points",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("joint_id", sa.Integer(), nullable=False),
        sa.Column("suggestion_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.Integer(), nullable=True),
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
        sa.Column("argument", sa.Text(), nullable=False),
        sa.Column("proposed_wording", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["joint_id"], ["joint_submissions.id"], name=op.f("fk_joint_points_joint_id")
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provisions.id"], name=op.f("fk_joint_points_provision_id")
        ),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["joint_suggestions.id"], name=op.f("fk_joint_points_suggestion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_points")),
        sa.UniqueConstraint("suggestion_id", name=op.f("uq_joint_points_suggestion_id")),
    )
    op.create_index(op.f("ix_joint_points_joint_id"), "joint_points", ["joint_id"])
    op.create_index(op.f("ix_joint_points_provision_id"), "joint_points", ["provision_id"])


def one_of(name: str, *values: str) -> sa.Enum:
    """Return the type of a column that holds one of ``values``, as text with a check."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def downgrade() -> None:
    for table in (
        "joint_points",
        "joint_suggestions",
        "joint_signatures",
        "joint_changes",
        "joint_submissions",
        "membership_events",
    ):
        op.drop_table(table)
