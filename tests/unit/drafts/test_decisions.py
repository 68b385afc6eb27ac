"""A person's decisions on a mapping: what they leave of it, and what a new comparison keeps."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from consult.drafts.change_queries import ChangeRow, grouped
from consult.drafts.comparison import Unit, compare
from consult.drafts.decisions import Decision, Sides, carried_over, decide, rows_of

NOW = datetime(2026, 3, 5, 8, tzinfo=UTC)
TOPICS = (
    "cấp giấy phép khai thác nước dưới đất cho hộ gia đình",
    "thu phí sử dụng kết cấu hạ tầng tại cửa khẩu đường bộ",
    "hỗ trợ sinh viên sư phạm trở về công tác tại xã biên giới",
    "đấu giá quyền sử dụng đất ở khu dân cư mới quy hoạch",
    "bảo tồn giống cây bản địa trong vườn quốc gia",
    "tiếp nhận phản ánh về tiếng ồn của cơ sở sản xuất",
)


def unit(number: int, text: str, parent: str | None = None, kind: str = "article") -> Unit:
    return Unit(f"d{number}", "main", kind, str(number), "", text, parent)


def article(number: int, text: str) -> Unit:
    return unit(number, text)


OLD = [article(n, text) for n, text in enumerate(TOPICS[:4], 1)]
NEW = [article(1, TOPICS[0]), article(2, TOPICS[4]), article(3, TOPICS[2]), article(4, TOPICS[3])]
SIDES = Sides(OLD, NEW)


def decision(old: str | None, new: str | None) -> Decision:
    return Decision(old, new, 7, NOW)


def shape(rows: list[ChangeRow]) -> set[tuple[str, str | None, str | None]]:
    return {(row.kind, row.old_key, row.new_key) for row in rows}


def complete(rows: list[ChangeRow]) -> bool:
    """Every provision of both sides is in exactly one change."""
    changes = grouped(rows)
    return sorted(k for c in changes for k in c.old) == sorted(SIDES.old) and (
        sorted(k for c in changes for k in c.new) == sorted(SIDES.new)
    )


def test_a_chosen_counterpart_takes_both_out_of_where_they_were() -> None:
    rows = rows_of(compare(OLD, NEW).changes)
    assert ("deleted", "d2", None) in shape(rows)
    assert ("added", None, "d2") in shape(rows)
    chosen = decide(rows, decision("d2", "d2"), SIDES)
    [row] = [row for row in chosen if row.decided_at]
    assert (row.kind, row.old_key, row.new_key, row.wording_changed) == (
        "changed",
        "d2",
        "d2",
        True,
    )
    assert (row.decided_by, row.decided_at, row.doubtful) == (7, NOW, False)
    assert row.similarity < 0.9
    crossed = decide(chosen, decision("d1", "d2"), SIDES)
    assert {("added", None, "d1"), ("deleted", "d2", None)} <= shape(crossed)
    assert ("renumbered", "d1", "d2") in shape(crossed)
    assert complete(crossed)


def test_parted_provisions_are_deleted_and_added() -> None:
    rows = rows_of(compare(OLD, NEW).changes)
    for old, new in (("d3", None), (None, "d3")):
        rows = decide(rows, decision(old, new), SIDES)
    assert {("deleted", "d3", None), ("added", None, "d3")} <= shape(rows)
    assert sum(row.decided_at is not None for row in rows) == 2
    assert complete(rows)


def test_one_piece_of_a_split_leaves_the_others() -> None:
    split = [
        ChangeRow(n, "split", True, "d1", f"d{n}", 0.6, True, None, None, "Vì dài")
        for n in (1, 2, 3)
    ]
    rows = [*split, *(ChangeRow(9, "deleted", True, f"d{n}", None, 0, False, None, None, "")
                      for n in (2, 3, 4)),
            ChangeRow(9, "added", True, None, "d4", 0, False, None, None, "")]  # fmt: skip
    rows = decide(rows, decision(None, "d3"), SIDES)
    assert {("split", "d1", "d1"), ("split", "d1", "d2"), ("added", None, "d3")} <= shape(rows)
    rows = decide(rows, decision(None, "d2"), SIDES)
    assert ("unchanged", "d1", "d1") in shape(rows), "the pair that is left is judged anew"
    assert complete(rows)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, "d1", "d2", "d3", "d4"]),
            st.sampled_from([None, "d1", "d2", "d3", "d4"]),
        ).filter(any),
        max_size=8,
    )
)
def test_whatever_is_decided_every_provision_has_one_place(
    decisions: list[tuple[str | None, str | None]],
) -> None:
    rows = rows_of(compare(OLD, NEW).changes)
    for old, new in decisions:
        rows = decide(rows, decision(old, new), SIDES)
        assert complete(rows)
        assert any((row.old_key, row.new_key, row.decided_by) == (old, new, 7) for row in rows)


def test_a_new_comparison_keeps_decisions_and_reasons() -> None:
    engine = rows_of(compare(OLD, NEW).changes)
    decided = decide(engine, decision("d2", "d2"), SIDES)
    decided = [row._replace(reason=f"Lý do {row.old_key}") for row in decided]
    again = carried_over(engine, decided, SIDES)
    assert shape(again) == shape(decided)
    assert {row.old_key: row.reason for row in again} == {r.old_key: r.reason for r in decided}
    # A confirmation of what the engine no longer says is not forced upon it.
    confirmed = [
        row._replace(old_key="d1", new_key="d4", doubtful=True, decided_at=NOW)
        for row in decided[:1]
    ]
    assert shape(carried_over(engine, confirmed, SIDES)) == shape(engine)
    # Nor what names a provision that is gone.
    gone = [decided[0]._replace(old_key="d9", new_key="d1", doubtful=False, decided_at=NOW)]
    assert shape(carried_over(engine, gone, SIDES)) == shape(engine)
