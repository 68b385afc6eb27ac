"""What was missed: silent provisions with their parts as one, groups too small to be shown."""

from __future__ import annotations

from consult.submissions.models import Stance
from consult.summaries.matrix import Count, Line, build
from consult.summaries.missed import (
    SMALLEST,
    Cell,
    Group,
    groups,
    silent_provisions,
    verified_in_all,
)


def line(id_: int, kind: str, parent: int | None) -> Line:
    return Line(id_, f"k{id_}", kind, f"điều {id_}", "", "", 0, parent, id_)


# Two chapters of two articles; the first article has two clauses.
LINES = [
    line(1, "chapter", None),
    line(2, "article", 1),
    line(3, "clause", 2),
    line(4, "clause", 2),
    line(5, "article", 1),
    line(6, "chapter", None),
    line(7, "article", 6),
    line(8, "article", 6),
]


def silent(*commented: int | None) -> list[tuple[int, int]]:
    counts = [Count(id_, Stance.AGREE, False, 1) for id_ in commented]
    return [(item.line.id, item.parts) for item in silent_provisions(build(LINES, counts).rows)]


def test_a_silent_provision_stands_for_its_parts() -> None:
    assert silent() == [(1, 4), (6, 2)]
    assert silent(None) == [(1, 4), (6, 2)]
    assert silent(3) == [(4, 0), (5, 0), (6, 2)]
    assert silent(2, 7) == [(3, 0), (4, 0), (5, 0), (8, 0)]
    assert silent(3, 4, 5, 7, 8) == []


def test_articles_and_what_is_above_are_told_from_smaller_parts() -> None:
    counts = [Count(3, Stance.NONE, False, 1)]
    found = silent_provisions(build(LINES, counts).rows)
    assert [item.line.kind for item in found if item.is_heading] == ["article", "chapter"]
    assert [item.line.kind for item in found if not item.is_heading] == ["clause"]


def test_small_groups_are_only_counted() -> None:
    found = groups(
        [
            Group("Biên Hoà", SMALLEST - 1, 0),
            Group("biên  hoà", 1, 0),
            Group("Long Khánh", SMALLEST - 1, 1),
            Group("", 50, 0),
            Group("Xuân Lộc", SMALLEST, 2),
        ]
    )
    assert [(group.name, group.verified) for group in found.absent] == [("Biên Hoà", SMALLEST)]
    assert [group.name for group in found.present] == ["Xuân Lộc"]
    assert found.small == 1


def test_a_cell_is_bare_when_nothing_of_it_is_quoted() -> None:
    assert Cell(1, Stance.AGREE, 2, 1, 0, 1).bare
    assert not Cell(1, Stance.AGREE, 2, 2, 1, 1).bare
    assert not Cell(1, Stance.AGREE, 1, 0, 0, 0).bare  # all set aside


def test_how_many_are_left_is_not_told_of_a_few() -> None:
    assert verified_in_all([Group("a", 6, 1), Group("b", 4, 4)]) == (10, 5)
    assert verified_in_all([Group("a", 6, 2), Group("b", 4, 4)]) == (0, 6)
