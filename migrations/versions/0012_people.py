"""Evidence of titles and the second person's verification.

Revision: 0012, after 0011
"""

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Filled by the slice that needs it."""


def downgrade() -> None:
    """Filled by the slice that needs it."""
