"""Long work with progress, and the files it produces.

Revision: 0016, after 0015
"""

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
