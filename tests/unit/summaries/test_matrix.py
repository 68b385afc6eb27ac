"""The matrix adds up: rows, parts, people and organisations."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from consult.submissions.models import Stance
from consult.summaries.matrix import Count, Line, build, differing, lone_stances, with_parts


@st.composite
def trees(draw: st.DrawFn) -> list[Line]:
    lines: list[Line] = []
    for number in range(1, draw(st.integers(1, 12)) + 1):
        parent = draw(st.one_of(st.none(), st.sampled_from([*range(1, number)] or [None])))
        depth = 0 if parent is None else lines[parent - 1].depth + 1
        lines.append(Line(number, f"k{number}", "x", f"{number}", "", "", depth, parent, number))
    return lines


@given(st.data(), trees())
def test_totals_add_up(data: st.DataObject, lines: list[Line]) -> None:
    places = [None, *(line.id for line in lines)]
    counts = data.draw(
        st.lists(
            st.builds(
                Count,
                st.sampled_from(places),
                st.sampled_from(list(Stance)),
                st.booleans(),
                st.integers(1, 50),
            ),
            max_size=20,
        )
    )
    table = build(lines, counts)
    assert table.total == sum(count.number for count in counts)
    assert table.total == table.people + table.organisations == sum(table.totals.values())
    for row in table.rows:
        assert row.own_total == row.people + row.organisations
        inside = with_parts(lines, row.line.id) if row.line else [None]
        for stance in Stance:
            expected = sum(
                c.number for c in counts if c.provision_id in inside and c.stance is stance
            )
            assert row.whole[stance] == expected
    commented = table.commented()
    assert sum(row.own_total for row in commented) == table.total
    assert all(row.whole_total for row in commented)


def test_rows_follow_the_draft_and_the_whole_draft_is_last() -> None:
    lines = [
        Line(7, "b", "x", "b", "", "", 0, None, 2),
        Line(9, "a", "x", "a", "", "", 0, None, 1),
    ]
    assert [row.line.key if row.line else None for row in build(lines, []).rows] == ["a", "b", None]


def test_who_differs_and_who_stands_alone() -> None:
    agree, changes, disagree = Stance.AGREE, Stance.AGREE_WITH_CHANGES, Stance.DISAGREE
    assert differing({agree: 1, disagree: 1})
    assert differing({changes: 3, disagree: 2})
    assert not differing({agree: 4, Stance.NONE: 2})
    assert lone_stances({agree: 2, disagree: 1}) == (disagree,)
    assert lone_stances({changes: 1, disagree: 3}) == (agree, changes)
    assert lone_stances({agree: 1, disagree: 1}) == ()
    assert lone_stances({agree: 5}) == ()
