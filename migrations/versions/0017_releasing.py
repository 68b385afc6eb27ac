"""Review, approval and audiences of summaries; objections of authors.

Revision: 0017, after 0016
"""

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
