"""Commissions, panels, reviews and meetings.

Revision: 0007, after 0006
"""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Filled by the slice that needs it."""


def downgrade() -> None:
    """Filled by the slice that needs it."""
