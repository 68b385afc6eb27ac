"""Kinds of a round's questions and the answers to them.

Revision: 0009, after 0008
"""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Filled by the slice that needs it."""


def downgrade() -> None:
    """Filled by the slice that needs it."""
