"""Themes of a round's points, proposed and edited.

Revision: 0018, after 0017
"""

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
