"""What a round's summary may have missed, worked out of counts: silent provisions and groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from consult.core.text import fold, squeeze
from consult.critiques.models import Commission, SeatState
from consult.drafts.queries import HEADINGS
from consult.submissions.models import Stance
from consult.summaries.matrix import Line, Row

# Groups of fewer verified people are not shown: a number could stand for one known person. Nor
# is how many there are beside those heard, when so few are left that it tells who wrote unseen.
SMALLEST = 5


class Cell(Struct, frozen=True):
    """The standing points of one stance on one provision (None: the whole draft).

    Of all ``points`` the ``listed`` are not set aside; ``quoted`` ones stand in the summary,
    ``unquoted`` are those of the listed that do not, and are nobody's duplicates.
    """

    provision_id: int | None
    stance: Stance
    points: int
    listed: int
    quoted: int
    unquoted: int

    @property
    def bare(self) -> bool:
        """Whether the summary shows no passage of it, though it has points."""
        return self.listed > 0 and self.quoted == 0


class Silent(Struct, frozen=True):
    """A provision without any point on it or its ``parts`` (how many provisions these are)."""

    line: Line
    parts: int

    @property
    def is_heading(self) -> bool:
        """Whether it is an article or something above articles."""
        return self.line.kind in HEADINGS


def silent_provisions(rows: Sequence[Row]) -> list[Silent]:
    """Return the provisions without points, each with its parts as one, in the draft's order."""
    silent = {row.line.id for row in rows if row.line and not row.whole_total}
    parts: dict[int, int] = {}
    tops: dict[int, int] = {}
    found: list[Line] = []
    for row in rows:
        if row.line is None or row.line.id not in silent:
            continue
        parent = row.line.parent_id
        if parent in silent:
            top = tops[parent]
            parts[top] += 1
        else:
            top = row.line.id
            parts[top] = 0
            found.append(row.line)
        tops[row.line.id] = top
    return [Silent(line, parts[line.id]) for line in found]


class Group(Struct, frozen=True):
    """Verified people who share something, and how many of them wrote under their own name."""

    name: str
    verified: int
    heard: int


class Groups(Struct, frozen=True):
    """Groups large enough to be shown; ``small`` counts the others."""

    shown: Sequence[Group]
    small: int

    @property
    def absent(self) -> list[Group]:
        """Those of whom nobody wrote under his or her own name, the largest first."""
        return [group for group in self.shown if not group.heard]

    @property
    def present(self) -> list[Group]:
        """The others, the largest first."""
        return [group for group in self.shown if group.heard]


def groups(people: Iterable[Group]) -> Groups:
    """Join the groups of the same name, whatever its diacritics and case; leave out small ones.

    Those without a name are no group.
    """
    joined: dict[str, Group] = {}
    for group in sorted(people, key=lambda group: (-group.verified, group.name)):
        name = squeeze(group.name)
        if not name:
            continue
        known = joined.get(fold(name)) or Group(name, 0, 0)
        joined[fold(name)] = Group(
            known.name, known.verified + group.verified, known.heard + group.heard
        )
    large = [group for group in joined.values() if group.verified >= SMALLEST]
    shown = sorted(large, key=lambda group: (-group.verified, group.name))
    return Groups(shown, len(joined) - len(large))


def verified_in_all(people: Iterable[Group]) -> tuple[int, int]:
    """Return how many verified people there are, 0 when it must not be told, and are heard."""
    known = list(people)
    verified, heard = sum(g.verified for g in known), sum(g.heard for g in known)
    return (verified if verified - heard >= SMALLEST else 0), heard


class Panel(Struct, frozen=True):
    """How many were invited to a commission's panel, and how far they have come."""

    commission: Commission
    invited: int
    unanswered: int
    declined: int
    sitting: int
    sent: int

    @property
    def silent(self) -> int:
        """Those who have not answered the invitation, or sit there without a review sent."""
        return self.unanswered + self.sitting - self.sent


def panel(commission: Commission, seats_sent: set[int]) -> Panel:
    """Count the seats of the commission; released and passed-on invitations are left out."""
    gone = (SeatState.RELEASED, SeatState.DELEGATED)
    seats = [seat for seat in commission.seats if seat.state not in gone]
    sitting = [seat for seat in seats if seat.accepted]
    return Panel(
        commission,
        invited=len(seats),
        unanswered=sum(seat.invited for seat in seats),
        declined=sum(seat.state is SeatState.DECLINED for seat in seats),
        sitting=len(sitting),
        sent=sum(seat.id in seats_sent for seat in sitting),
    )
