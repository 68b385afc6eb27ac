"""Writing a panel: inviting, replying, declaring conflicts of interest, clearing, releasing."""

from __future__ import annotations

from consult.accounts import queries as accounts
from consult.core import audit, clock
from consult.core.db import db
from consult.critiques import notices, queries, stages
from consult.critiques.checks import SINGLE_ROLES
from consult.critiques.models import (
    Clearance,
    Commission,
    CommissionStage,
    Declaration,
    PanelRole,
    Seat,
    SeatState,
)
from consult.critiques.review_services import SINCE_START, open_when_all_sent

# A seat can be given until the reviews are opened: somebody may have to be replaced.
_FORMING = (CommissionStage.FORMING, CommissionStage.REVIEWING)


class NotInvitable(Exception):
    """The person is not a verified intellectual who can sign in."""


class AlreadySeated(Exception):
    """The person has been invited already, or sits on the panel."""


class RoleTaken(Exception):
    """The role is held or offered already, and only one may hold it."""


class AlreadySent(Exception):
    """The member has sent a review, which stays."""


class NotNow(Exception):
    """The invitation was answered, withdrawn or decided meanwhile."""


def invite(
    commission_id: int,
    user_id: int,
    role: PanelRole,
    *,
    actor_id: int | None,
    delegate_of: int | None = None,
) -> Seat:
    """Invite a person to the panel, and return the seat, flushed.

    ``delegate_of`` is the seat whose holder proposed this person. Somebody who declined can be
    invited again. Writes the seat and an audit entry; tells the person. Raises NotInvitable,
    AlreadySeated, RoleTaken, stages.NotAllowed.
    """
    commission = _forming(commission_id)
    user = accounts.user(user_id)
    if user is None or user.verified_at is None or user.disabled_at is not None:
        raise NotInvitable
    seat = commission.seat_of(user_id)
    if seat is not None and seat.state in (SeatState.INVITED, SeatState.ACCEPTED):
        raise AlreadySeated
    _free(commission, role, seat)
    if seat is None:
        seat = Seat(user=user, commission=commission)
        db.session.add(seat)
    seat.role, seat.state = role, SeatState.INVITED
    seat.invited_at, seat.invited_by = clock.now(), actor_id
    seat.replied_at, seat.reply, seat.delegate_of = None, "", delegate_of
    seat.declaration, seat.conflict, seat.declared_at = Declaration.NOT_YET, "", None
    seat.clearance, seat.clearance_note = Clearance.NOT_NEEDED, ""
    db.session.flush()
    _record("panel.invited", seat, actor_id)
    notices.invited(seat)
    return seat


def set_role(commission_id: int, seat_id: int, role: PanelRole, *, actor_id: int | None) -> Seat:
    """Give a member another role before reviewing starts.

    Writes the seat and an audit entry. Raises RoleTaken, NotNow, stages.NotAllowed.
    """
    commission = queries.locked(commission_id)
    stages.require(commission, CommissionStage.FORMING, act="role")
    seat = _active(commission, seat_id)
    _free(commission, role, seat)
    seat.role = role
    _record("panel.role_set", seat, actor_id)
    return seat


def reply(commission_id: int, user_id: int, *, state: SeatState, words: str = "") -> Seat:
    """Answer one's invitation: accepted, declined, or delegated to whom ``words`` name.

    Writes the seat and an audit entry; tells the secretariat. Opens the reviews when nobody else
    is waited for. Raises NotNow.
    """
    commission = _forming(commission_id)
    seat = commission.seat_of(user_id)
    if seat is None or not seat.invited:
        raise NotNow
    seat.state, seat.reply, seat.replied_at = state, words, clock.now()
    _record("panel.replied", seat, user_id)
    notices.replied(seat)
    open_when_all_sent(commission)
    return seat


def declare(commission_id: int, user_id: int, *, conflict: str) -> Seat:
    """Say what conflict of interest one has, or with empty words that there is none.

    A declared one waits for the secretariat. Writes the seat and an audit entry; tells the
    secretariat of a conflict. Raises NotNow.
    """
    commission = _forming(commission_id)
    seat = commission.seat_of(user_id)
    if (
        seat is None
        or seat.state is not SeatState.ACCEPTED
        or seat.declaration is not Declaration.NOT_YET
    ):
        raise NotNow
    seat.declared_at, seat.conflict = clock.now(), conflict
    if conflict:
        seat.declaration, seat.clearance = Declaration.DECLARED, Clearance.WAITING
        notices.replied(seat)
    else:
        seat.declaration, seat.clearance = Declaration.NO_CONFLICT, Clearance.NOT_NEEDED
    _record("panel.declared", seat, user_id)
    return seat


def decide(
    commission_id: int, seat_id: int, *, cleared: bool, note: str, actor_id: int | None
) -> Seat:
    """Decide whether a declared conflict stands in the way.

    Writes the seat and an audit entry; tells the member. Raises NotNow.
    """
    commission = _forming(commission_id)
    seat = _active(commission, seat_id)
    if seat.clearance is not Clearance.WAITING:
        raise NotNow
    seat.clearance = Clearance.CLEARED if cleared else Clearance.BARRED
    seat.clearance_note, seat.decided_by, seat.decided_at = note, actor_id, clock.now()
    _record("panel.decided", seat, actor_id)
    notices.decided(seat)
    open_when_all_sent(commission)
    return seat


def release(commission_id: int, seat_id: int, *, reason: str, actor_id: int | None) -> Seat:
    """Take a seat back before its holder has sent a review.

    Opens the reviews when all who remain have sent. Writes the seat and an audit entry; tells
    the person. Raises AlreadySent, NotNow, stages.NotAllowed.
    """
    commission = _forming(commission_id)
    seat = _active(commission, seat_id)
    if commission.stage in SINCE_START and seat.id in queries.seats_sent(commission_id):
        raise AlreadySent
    seat.state = SeatState.RELEASED
    audit.record(
        "panel.released",
        actor_id=actor_id,
        subject=("commission", commission_id),
        details={"user_id": seat.user_id, "reason": reason},
    )
    notices.released(seat, reason)
    open_when_all_sent(commission)
    return seat


def _forming(commission_id: int) -> Commission:
    commission = queries.locked(commission_id)
    stages.require(commission, *_FORMING, act="panel")
    return commission


def _active(commission: Commission, seat_id: int) -> Seat:
    seat = next((seat for seat in commission.seats if seat.id == seat_id), None)
    if seat is None or seat.state not in (SeatState.INVITED, SeatState.ACCEPTED):
        raise NotNow
    return seat


def _free(commission: Commission, role: PanelRole, own: Seat | None) -> None:
    """Raise RoleTaken when another holds or is offered a role that only one may hold."""
    held = [
        seat
        for seat in commission.seats
        if seat is not own
        and seat.role is role
        and (seat.state is SeatState.INVITED or seat.accepted)
    ]
    if held and role in SINGLE_ROLES:
        raise RoleTaken


def _record(action: str, seat: Seat, actor_id: int | None) -> None:
    audit.record(
        action,
        actor_id=actor_id,
        subject=("commission", seat.commission_id),
        details={"user_id": seat.user_id, "role": seat.role.value, "state": seat.state.value},
    )
