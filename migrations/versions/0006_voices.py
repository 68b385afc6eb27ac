"""Endorsements of points; moderation and appeals.

Revision: 0006, after 0005
"""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Filled by the slice that needs it."""


def downgrade() -> None:
    """Filled by the slice that needs it."""
