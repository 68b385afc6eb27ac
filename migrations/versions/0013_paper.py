"""Contributions that came on paper, by e-mail or from meetings.

Revision: 0013, after 0012
"""

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Filled by the slice that needs it."""


def downgrade() -> None:
    """Filled by the slice that needs it."""
