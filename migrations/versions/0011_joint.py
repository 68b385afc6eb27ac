"""Joint submissions of clubs: suggestions, signatures, dissent.

Revision: 0011, after 0010
"""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Filled by the slice that needs it."""


def downgrade() -> None:
    """Filled by the slice that needs it."""
