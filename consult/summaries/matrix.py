"""The matrix of provisions by stance: what each row counts, and that it all adds up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from consult.core.text import shorten
from consult.submissions.models import Stance


class Line(Struct, frozen=True):
    """A provision as lists show it; ``text`` is only the beginning of its words."""

    id: int
    key: str
    kind: str
    citation: str
    title: str
    text: str
    depth: int
    parent_id: int | None
    ordinal: int

    @property
    def place(self) -> str:
        """The citation, fit to begin a line: "Khoản 2 Điều 5"."""
        return self.citation[:1].upper() + self.citation[1:]

    @property
    def words(self) -> str:
        """The title, or the beginning of the text where there is none."""
        return self.title or shorten(self.text, 90)


class Count(Struct, frozen=True):
    """``number`` points of one stance on one provision (None: the whole draft).

    ``on_behalf`` tells those sent on behalf of an organisation from people's own.
    """

    provision_id: int | None
    stance: Stance
    on_behalf: bool
    number: int


@dataclass
class Row:
    """One provision (None: the whole draft): its own points, and those of its parts too."""

    line: Line | None
    own: dict[Stance, int] = field(default_factory=lambda: dict.fromkeys(Stance, 0))
    whole: dict[Stance, int] = field(default_factory=lambda: dict.fromkeys(Stance, 0))
    people: int = 0
    organisations: int = 0

    @property
    def own_total(self) -> int:
        """The points on the provision itself; equals people plus organisations."""
        return sum(self.own.values())

    @property
    def whole_total(self) -> int:
        """The points on the provision and on its parts."""
        return sum(self.whole.values())


class Matrix(Struct, frozen=True):
    """All rows, in the draft's order with the whole draft last; sums of the own counts."""

    rows: Sequence[Row]

    @property
    def totals(self) -> dict[Stance, int]:
        """The sum of each stance over all rows: parts are not counted twice."""
        return {stance: sum(row.own[stance] for row in self.rows) for stance in Stance}

    @property
    def total(self) -> int:
        """How many points there are."""
        return sum(row.own_total for row in self.rows)

    @property
    def people(self) -> int:
        """How many of the points people sent for themselves."""
        return sum(row.people for row in self.rows)

    @property
    def organisations(self) -> int:
        """How many of the points were sent on behalf of an organisation."""
        return sum(row.organisations for row in self.rows)

    def commented(self) -> list[Row]:
        """Return the rows that count anything, in themselves or in their parts."""
        return [row for row in self.rows if row.whole_total]


def build(lines: Iterable[Line], counts: Iterable[Count]) -> Matrix:
    """Return the matrix; KeyError for a count on a provision that is not among ``lines``."""
    ordered = sorted(lines, key=lambda line: line.ordinal)
    rows: dict[int | None, Row] = {line.id: Row(line) for line in ordered}
    rows[None] = Row(None)
    for count in counts:
        row = rows[count.provision_id]
        row.own[count.stance] += count.number
        if count.on_behalf:
            row.organisations += count.number
        else:
            row.people += count.number
        _add_upwards(rows, row, count)
    return Matrix(list(rows.values()))


def _add_upwards(rows: dict[int | None, Row], row: Row, count: Count) -> None:
    row.whole[count.stance] += count.number
    while row.line is not None and row.line.parent_id is not None:
        row = rows[row.line.parent_id]
        row.whole[count.stance] += count.number


def with_parts(lines: Iterable[Line], provision_id: int) -> list[int]:
    """Return the ids of the provision and of everything under it."""
    inside = {provision_id}
    for line in sorted(lines, key=lambda line: line.ordinal):
        if line.parent_id in inside:
            inside.add(line.id)
    return sorted(inside)


def differing(own: dict[Stance, int]) -> bool:
    """Return whether there are points for the provision and points against it."""
    agreeing = own.get(Stance.AGREE, 0) + own.get(Stance.AGREE_WITH_CHANGES, 0)
    return agreeing > 0 and own.get(Stance.DISAGREE, 0) > 0


def lone_stances(own: dict[Stance, int]) -> tuple[Stance, ...]:
    """Return the stance of the one point that stands against at least two others, if any."""
    agreeing = own.get(Stance.AGREE, 0) + own.get(Stance.AGREE_WITH_CHANGES, 0)
    against = own.get(Stance.DISAGREE, 0)
    if against == 1 and agreeing >= 2:
        return (Stance.DISAGREE,)
    if agreeing == 1 and against >= 2:
        return (Stance.AGREE, Stance.AGREE_WITH_CHANGES)
    return ()
