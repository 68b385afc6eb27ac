"""Kinds of points, where their quotes stand, and words kept while they are written.

Revision: 0004, after 0003
"""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Filled by the slice that needs it."""


def downgrade() -> None:
    """Filled by the slice that needs it."""
