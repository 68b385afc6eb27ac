"""Whatever people do in whatever order: no summary is released that its own writer approved."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.consultations.models import Stage
from consult.core import clock
from consult.core.db import transaction
from consult.submissions.models import Point
from consult.summaries import commands, release_services, review_services, services, steps
from consult.summaries.models import State, Summary
from tests.support import factories as make

ACTS = ("write", "send", "approve", "give back", "release", "withdraw", "propose")
STORY = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.booleans()), min_size=3, max_size=14
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STORY)
def test_nobody_releases_what_only_its_writers_approved(
    sqlite_app: Flask, story: list[tuple[str, int, bool]]
) -> None:
    with sqlite_app.app_context():
        agency = make.organisation()
        round_id = make.consultation(
            agency, make.version(agency), stage=Stage.CLOSED, closes=timedelta(days=-1)
        )
        author = make.user("Tác giả", verified=True)
        points = [make.point(round_id, author) for _ in range(3)]
        front = [make.user(f"Cán bộ {n}") for n in range(3)]
        with transaction():
            summary_id = services.start(round_id, actor_id=front[0]).id
        wrote, approved_words = {front[0]}, ""
        for number, (act, who, late) in enumerate(story):
            words = f"Lời {number}"
            done = tries(act, summary_id, front[who], words, points, late=late)
            if done and act in ("write", "send", "propose"):
                wrote.add(front[who])
            with transaction(write=False) as session:
                row = session.get_one(Summary, summary_id)
                if done and act == "approve":
                    assert front[who] not in wrote
                    approved_words = row.introduction
                assert (row.state is State.RELEASED) == (row.released_at is not None)
                if row.state is State.RELEASED:
                    approval = [s for s in row.steps if s.kind.value == "approved"][-1]
                    assert approval.actor_id not in wrote
                    assert row.introduction == approved_words
                    account = [*row.manifest["body"], *row.manifest["appendix"]]
                    standing = {p for p in points if not session.get_one(Point, p).withdrawn_at}
                    assert set(account) == standing
                    break


def tries(
    act: str, summary_id: int, actor_id: int, words: str, points: list[int], *, late: bool
) -> bool:
    """Do that as that person; return whether it was not refused."""
    try:
        with transaction() as session:
            summary = session.get_one(Summary, summary_id)
            # Somebody who comes late decides on an older page.
            step_id = max(steps.last_id(summary) - late, 0)
            if act == "write":
                services.save(commands.SaveSummary(summary_id, actor_id, introduction=words))
            elif act == "propose":
                before = summary.state, len(summary.steps)
                services.propose(summary, actor_id=actor_id)
                return (summary.state, len(summary.steps)) != before
            elif act == "send":
                review_services.send(summary_id, actor_id=actor_id, step_id=step_id)
            elif act == "approve":
                review_services.approve(
                    commands.Approve(summary_id, actor_id, step_id, points_seen=late)
                )
            elif act == "give back":
                review_services.give_back(
                    summary_id, actor_id=actor_id, step_id=step_id, reason="Sửa."
                )
            elif act == "release":
                release_services.release(
                    commands.Release(summary_id, actor_id, step_id, early="Gấp.")
                )
            else:
                session.get_one(Point, points[late]).withdrawn_at = clock.now()
    except (*commands.REFUSALS, commands.NotADraft):
        return False
    return True
