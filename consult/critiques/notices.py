"""Who is told of what happens to a commission."""

from __future__ import annotations

from collections.abc import Iterable

from consult.accounts import queries as accounts
from consult.core import clock
from consult.core.i18n import format_datetime
from consult.critiques.models import Commission, PanelRole, Seat
from consult.jobs.services import enqueue


def ordered(commission: Commission) -> None:
    """Enqueue telling the union's secretariat that an order has come."""
    _tell(commission, "commission.ordered", _secretariat(), name=commission.orderer.name)


def moved(commission: Commission, transition: str, reason: str) -> None:
    """Enqueue telling those whom a change of stage concerns."""
    orderers, panel = set(_orderers(commission)), {seat.user_id for seat in commission.sitting()}
    staff = set(_secretariat())
    whom: dict[str, set[int]] = {
        "accept": orderers,
        "decline": orderers,
        "start": panel,
        "meet": panel,
        "report": orderers | panel,
        "answer": panel | staff,
        "cancel": orderers | staff | {s.user_id for s in commission.seats if s.accepted},
    }
    at = commission.reviews_due_at if transition == "start" else commission.deadline
    url = f"/critiques/{commission.id}"
    _tell(
        commission,
        f"commission.{transition}",
        whom[transition],
        at=format_datetime(at),
        reason=reason,
        url=url,
    )


def invited(seat: Seat) -> None:
    """Enqueue the invitation."""
    commission = seat.commission
    _tell(
        commission,
        "panel.invited",
        [seat.user_id],
        name=commission.orderer.name,
        at=format_datetime(commission.deadline),
        url=f"/critiques/{commission.id}/invitation",
        fact=seat.invited_at.isoformat(),
    )


def replied(seat: Seat) -> None:
    """Enqueue telling the secretariat what an invited person replied or declared."""
    _tell(
        seat.commission,
        "panel.replied",
        _secretariat(),
        name=seat.user.full_name,
        url=f"/critiques/{seat.commission_id}/panel",
        fact=_now(),
    )


def decided(seat: Seat) -> None:
    """Enqueue telling a member whether a declared conflict stands in the way."""
    url = f"/critiques/{seat.commission_id}/invitation"
    kind = "panel.cleared" if seat.cleared else "panel.barred"
    _tell(seat.commission, kind, [seat.user_id], reason=seat.clearance_note, url=url, fact=_now())


def released(seat: Seat, reason: str) -> None:
    """Enqueue telling a member that the secretariat has taken the seat back."""
    _tell(seat.commission, "panel.released", [seat.user_id], reason=reason, fact=_now())


def opened(commission: Commission) -> None:
    """Enqueue telling the panel and the secretariat that the reviews can be compared."""
    whom = {*_secretariat(), *(seat.user_id for seat in commission.sitting())}
    _tell(commission, "reviews.opened", whom, url=f"/critiques/{commission.id}/reviews")


def due(commission: Commission, seats: Iterable[Seat], which: str) -> None:
    """Enqueue reminding these members; once for each ``which`` of one due instant."""
    instant = commission.reviews_due_at
    _tell(
        commission,
        "review.overdue" if which == "overdue" else "review.due",
        [seat.user_id for seat in seats],
        at=format_datetime(instant),
        url=f"/critiques/{commission.id}/review",
        fact=f"{which}:{instant.isoformat() if instant else ''}",
    )


def rescheduled(commission: Commission, at: str, place: str) -> None:
    """Enqueue telling the panel when and where the meeting is now."""
    url = f"/critiques/{commission.id}/meeting"
    whom = [seat.user_id for seat in commission.sitting()]
    _tell(commission, "meeting.set", whom, at=at, name=place, url=url, fact=_now())


def minutes_written(commission: Commission, revision: int) -> None:
    """Enqueue asking chair and secretary to confirm the minutes."""
    url = f"/critiques/{commission.id}/meeting"
    _tell(commission, "minutes.written", _leads(commission), url=url, fact=str(revision))


def signed(commission: Commission, revision: int) -> None:
    """Enqueue telling the secretariat that the report can be delivered."""
    url = f"/critiques/{commission.id}/report"
    _tell(commission, "critique_report.signed", _secretariat(), url=url, fact=str(revision))


def _leads(commission: Commission) -> list[int]:
    leads = (PanelRole.CHAIR, PanelRole.SECRETARY)
    return [seat.user_id for seat in commission.sitting() if seat.role in leads]


def _orderers(commission: Commission) -> list[int]:
    organisation = commission.orderer_id if commission.ordered_as == "official" else None
    return [u.id for u in accounts.users_with_role(commission.ordered_as, organisation)]


def _secretariat() -> list[int]:
    return [user.id for user in accounts.users_with_role("secretariat")]


def _now() -> str:
    return clock.now().isoformat()


def _tell(
    commission: Commission,
    kind: str,
    people: Iterable[int],
    *,
    name: str = "",
    at: str = "",
    reason: str = "",
    url: str | None = None,
    fact: str = "",
) -> None:
    ids = sorted(set(people))
    if ids:
        enqueue(
            "notifications.tell",
            {
                "user_ids": ids,
                "kind": kind,
                "params": {"title": commission.title, "name": name, "at": at, "reason": reason},
                "url": url or f"/critiques/{commission.id}",
                "dedupe": f"{kind}:{commission.id}:{fact}",
            },
        )
