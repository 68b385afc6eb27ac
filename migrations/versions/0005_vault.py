"""Sealed identities in a table of their own, encrypted; requests to open them.

Revision: 0005, after 0004
"""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Filled by the slice that needs it."""


def downgrade() -> None:
    """Filled by the slice that needs it."""
