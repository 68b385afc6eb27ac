"""Files attached to points.

Revision: 0010, after 0009
"""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Filled by the slice that needs it."""


def downgrade() -> None:
    """Filled by the slice that needs it."""
