"""Authors' replies to answers, questions back to them, commitments.

Revision: 0019, after 0018
"""

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
