"""The demonstration's commissioned critique: ordered, its panel formed, reviews being written."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from consult.core import clock
from consult.core.db import transaction
from consult.critiques import panel_services, queries, review_services, services
from consult.critiques.commands import Checked, OrderCritique, RatingWords, ReviewWords
from consult.critiques.models import PanelRole, SeatState
from consult.critiques.review_models import Conclusion
from consult.demo.content import read
from consult.demo.people import Keys
from consult.jobs.runner import run_due


def critiques(
    key: str, now: datetime, *, round_id: int, version_id: int, organisations: Keys, people: Keys
) -> None:
    """Tell the critiques ordered in the round ``key``, as far as they have come by ``now``.

    Turns the clock to each day and opens transactions of its own.
    """
    for record in read("critiques"):
        if record["round"] != key:
            continue
        clock.move_to(now + timedelta(days=record["ordered_day"]))
        with transaction():
            commission = services.order(
                OrderCritique(
                    version_id=version_id,
                    consultation_id=round_id,
                    orderer_id=organisations[record["agency"]],
                    ordered_as="official",
                    ordered_by=people[record["ordered_by"]],
                    title=record["title"],
                    scope=record["scope"],
                    questions=record["questions"],
                    field_code=record["field_code"],
                    deadline=now + timedelta(days=record["deadline_day"]),
                    declared=frozenset({1, 2, 3, 4}),
                )
            )
            commission_id = commission.id
        run_due()
        _form(commission_id, record, people)
        clock.move_to(now + timedelta(days=record["started_day"]))
        with transaction():
            due = now + timedelta(days=record["reviews_due_day"])
            union = people[record["secretary_of_union"]]
            services.start(commission_id, due, actor_id=union)
        run_due()
        clock.move_to(now - timedelta(hours=5))
        _review(commission_id, record, people)
        run_due()


def _form(commission_id: int, record: dict[str, Any], people: Keys) -> None:
    union = people[record["secretary_of_union"]]
    with transaction():
        checked = {
            item.id: Checked(confirmed=True) for item in queries.locked(commission_id).intake
        }
        services.accept(commission_id, checked, actor_id=union)
        for place in record["panel"]:
            user_id, conflict = people[place["person"]], place.get("conflict", "")
            seat = panel_services.invite(
                commission_id, user_id, PanelRole(place["role"]), actor_id=union
            )
            panel_services.reply(commission_id, user_id, state=SeatState.ACCEPTED)
            panel_services.declare(commission_id, user_id, conflict=conflict)
            if conflict:
                panel_services.decide(
                    commission_id, seat.id, cleared=True, note=place["decision"], actor_id=union
                )


def _review(commission_id: int, record: dict[str, Any], people: Keys) -> None:
    for said in record["reviews"]:
        with transaction():
            criteria = queries.locked(commission_id).criteria
            words = ReviewWords(
                ratings={
                    criterion.id: RatingWords(value, not_applicable=value is None)
                    for criterion, value in zip(criteria, said["values"], strict=True)
                },
                conclusion=Conclusion(said["conclusion"]),
                general=said["general"],
            )
            review_services.send(commission_id, people[said["person"]], words)
