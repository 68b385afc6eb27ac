"""Whatever members do in whatever order, nobody sees another's review before the opening."""

from __future__ import annotations

from contextlib import suppress

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.core.db import transaction
from consult.critiques import panel_services, queries, report_services, review_services, stages
from consult.critiques.models import PanelRole
from tests.support import panels
from tests.support.browsing import signed_in
from tests.support.panels import Story

LEADS = panels.ROLES[:4]
PAGES = ("", "/text", "/review", "/reviews", "/meeting", "/report", "/panel", "/answers")
ACTS = st.tuples(
    st.sampled_from(["save", "send", "send", "open", "release", "dissent", "meet"]),
    st.sampled_from(LEADS),
)
REFUSALS = (
    stages.NotAllowed,
    queries.StillBlind,
    review_services.NotAMember,
    review_services.AlreadySent,
    review_services.NotChair,
    report_services.NotYours,
    panel_services.AlreadySent,
    panel_services.NotNow,
)


def words_of(role: PanelRole) -> str:
    """Words that no other page has."""
    return f"lời kín của {role.value}"


def attempt(story: Story, act: str, role: PanelRole) -> bool:
    """Try the act; return whether it was done."""
    user_id = story.members[role]
    said = panels.words(story, 3, words_of(role))
    with suppress(*REFUSALS), transaction():
        if act == "save":
            review_services.save(story.commission, user_id, said)
        elif act == "send":
            review_services.send(story.commission, user_id, said)
        elif act == "open":
            review_services.open_by_chair(story.commission, user_id)
        elif act == "dissent":
            report_services.dissent(story.commission, user_id, words_of(role))
        elif act == "meet":
            commission = queries.locked(story.commission)
            held_at = commission.deadline
            report_services.call_meeting(story.commission, user_id, held_at=held_at, place="P")
        else:
            seat = queries.locked(story.commission).seat_of(user_id)
            assert seat is not None
            panel_services.release(story.commission, seat.id, reason="Bận", actor_id=None)
        return True
    return False


def may_be_open(story: Story) -> bool:
    """Tell from the rows alone: all who sit have sent, or the chair has and opened."""
    with transaction(write=False):
        commission = queries.locked(story.commission)
        sent = queries.seats_sent(story.commission)
        sitting = {seat.id for seat in commission.sitting()}
        chair = commission.seat_of(story.chair)
        by_chair = commission.opened_by == story.chair and chair is not None and chair.id in sent
        return bool(sitting) and (sitting <= sent or by_chair)


def others_words(story: Story, client: FlaskClient, role: PanelRole | None) -> list[str]:
    """Return the pages that show somebody else's words to this person."""
    secrets = [words_of(other) for other in story.members if other is not role]
    return [
        page
        for page in PAGES
        for text in [client.get(f"/critiques/{story.commission}{page}").text]
        if any(secret in text for secret in secrets)
    ]


@pytest.mark.slow
@given(st.lists(ACTS, min_size=1, max_size=6))
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_nobody_reads_anothers_review_before_the_opening(
    sqlite_app: Flask, acts: list[tuple[str, PanelRole]]
) -> None:
    with sqlite_app.app_context():
        story = panels.reviewing(panels.people(4))
    watchers: dict[FlaskClient, PanelRole | None] = {
        signed_in(sqlite_app, user_id): role for role, user_id in story.members.items()
    }
    for user_id in (story.official, story.secretariat, story.stranger):
        watchers[signed_in(sqlite_app, user_id)] = None
    outsiders = [client for client, role in watchers.items() if role is None][::2]
    for act, role in acts:
        with sqlite_app.app_context():
            if not attempt(story, act, role):
                continue
            opened = may_be_open(story)
        for client, own in watchers.items():
            if not opened or client in outsiders:
                assert others_words(story, client, own) == [], (act, role, own)


def test_the_words_are_seen_after_the_opening(sqlite_app: Flask) -> None:
    """The property above looks for what is there to be found."""
    with sqlite_app.app_context():
        story = panels.reviewing(panels.people(4))
        for role in LEADS:
            attempt(story, "send", role)
        assert may_be_open(story)
    chair = signed_in(sqlite_app, story.chair)
    assert others_words(story, chair, PanelRole.CHAIR) == ["/reviews"]
