"""Earlier wordings of points that their authors revised.

Revision: 0008, after 0007
"""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Filled by the slice that needs it."""


def downgrade() -> None:
    """Filled by the slice that needs it."""
