"""Rounds for tests, made as the agency makes them: through the services."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from consult.consultations import queries, services
from consult.consultations.commands import Asked, RoundFields
from consult.consultations.models import Kind, Stage
from consult.core import clock
from consult.core.db import transaction
from consult.drafts import queries as drafts
from consult.jobs.runner import run_due
from tests.support import factories


def said(**changed: object) -> RoundFields:
    """Return complete fields of a round that opens tomorrow for ten days."""
    now = clock.now().replace(microsecond=0)
    complete = RoundFields(
        kind=Kind.CRITIQUE,
        title="Lấy ý kiến về chính sách đối với trí thức",
        summary="Dự thảo hỗ trợ trí thức về công tác tại tỉnh.",
        questions=(Asked("Mức hỗ trợ đã hợp lý chưa?"),),
        opens_at=now + timedelta(days=1),
        closes_at=now + timedelta(days=11),
        responsible_name="Trần Thị Bình",
    )
    return replace(complete, **changed)  # type: ignore[arg-type]


def prepared(**changed: object) -> tuple[int, int]:
    """Add a round that is being prepared; return its id and that of its official."""
    agency = factories.organisation()
    user = factories.user("Lê Thị Hoa", roles=(("official", agency),))
    version = factories.version(agency)
    with transaction():
        version_row = drafts.version(version)
        assert version_row is not None
        return services.create(version_row, said(**changed), created_by=user).id, user


def publish(round_id: int, user_id: int) -> None:
    """Publish the round as its official."""
    with transaction():
        row = queries.consultation(round_id)
        assert row is not None
        services.publish(row, actor_id=user_id, no_state_secret=True)


def published(**changed: object) -> tuple[int, int]:
    """Add a published round; return its id and that of its official."""
    round_id, user = prepared(**changed)
    publish(round_id, user)
    return round_id, user


def stage(round_id: int) -> Stage:
    """Return the round's stage as it is in the database."""
    with transaction(write=False):
        row = queries.consultation(round_id)
        assert row is not None
        return row.stage


def work() -> None:
    """Run the jobs that are due by the clock."""
    run_due()
