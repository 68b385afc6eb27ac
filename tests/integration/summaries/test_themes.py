"""Themes of a round: built, changed by staff, kept when built anew; repetitions; the command."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from consult.cli.main import main
from consult.consultations.models import Stage
from consult.core import clock
from consult.core.db import transaction
from consult.jobs.runner import run_due
from consult.jobs.work_models import Work
from consult.submissions.models import Identity, Point, Stance
from consult.summaries import services as summaries
from consult.summaries import theme_building as building
from consult.summaries import theme_queries as reading
from consult.summaries import theme_services as services
from consult.summaries.decision_models import PointDecision
from consult.summaries.models import Passage
from consult.summaries.theme_models import Repetition, Theme, ThemeLine, ThemePoint
from tests.integration.cli.test_commands import environment_of
from tests.integration.summaries.test_workspace import Round, closed_round
from tests.support import factories as make
from tests.support.browsing import post, signed_in
from tests.support.said import said
from tests.support.statements import counted

PLACES = ("Biên Hoà", "Long Khánh", "Xuân Lộc", "Trảng Bom", "Bình Long", "Phước Long")
HOUSES = "Đề nghị xây thêm nhà ở xã hội cho công nhân khu công nghiệp {}."
BUSES = "Nên mở tuyến xe buýt từ trung tâm về các xã miền núi {}."
APPEAL = "Tôi tán thành mức hỗ trợ 30 triệu đồng cho trí thức trẻ về công tác tại vùng biên giới."


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        found = closed_round()
        for n, place in enumerate(PLACES):
            writer = found.writers[n % 5]
            make.point(found.id, writer, argument=HOUSES.format(place))
            make.point(found.id, writer, argument=BUSES.format(place))
        return found


def built(case: Round) -> dict[str, Any]:
    with transaction(write=False):
        read = building.material(case.id)
    result = building.propose(read)
    with transaction():
        building.store(read, result, actor_id=case.front_id)
    return result


def themes(case: Round) -> dict[str, set[int]]:
    """Return the points of each theme by its name, else its label; "" are those by themselves."""
    with transaction(write=False) as session:
        rows = session.query(ThemePoint, Theme).outerjoin(ThemePoint.theme)
        found: dict[str, set[int]] = {}
        for place, theme in rows.filter(ThemePoint.consultation_id == case.id):
            name = (theme.name or theme.label) if theme else ""
            found.setdefault(name, set()).add(place.point_id)
        return found


def theme_of(point_id: int) -> int:
    with transaction(write=False) as session:
        theme_id = session.get_one(ThemePoint, point_id).theme_id
        assert theme_id is not None
        return theme_id


def ids(case: Round, part: str) -> list[int]:
    with transaction(write=False) as session:
        rows = session.query(Point.id).filter(
            Point.consultation_id == case.id, Point.argument.contains(part)
        )
        return sorted(row[0] for row in rows)


def rename(case: Round, theme_id: int, name: str) -> None:
    with transaction():
        services.rename(services.Rename(case.id, theme_id, name, case.front_id))


def test_each_point_has_a_place_and_each_line_is_verbatim(app: Flask, case: Round) -> None:
    with app.app_context():
        odd = make.point(case.id, case.writers[0], argument="Zebra quagga okapi", provision=None)
        built(case)
        found = themes(case)
        assert set(map(frozenset, found.values())) == {
            frozenset(ids(case, "nhà ở")),
            frozenset(ids(case, "xe buýt")),
            frozenset([odd]),
        }
        with transaction(write=False) as session:
            lines = session.query(ThemeLine).all()
            assert lines
            for line in lines:
                assert line.point.argument[line.start : line.end] == line.text
            coverage = reading.coverage(case.id)
        assert (coverage.points, coverage.assigned) == (13, 13)
        assert 2 <= coverage.echoed <= 13


def test_what_staff_decided_stays_when_it_is_built_anew(app: Flask, case: Round) -> None:
    with app.app_context():
        built(case)
        houses = theme_of(ids(case, "nhà ở")[0])
        rename(case, houses, "Nhà ở cho công nhân")
        stray = ids(case, "xe buýt")[0]
        with transaction():
            services.move(services.Move(case.id, frozenset([stray]), case.front_id, into_id=houses))
        later = make.point(
            case.id, case.writers[1], argument=HOUSES.format("Đồng Xoài") + " Giá thuê quá cao."
        )
        built(case)
        assert themes(case)["Nhà ở cho công nhân"] == {*ids(case, "nhà ở"), stray, later}
        with transaction(write=False) as session:
            assert session.get_one(ThemePoint, stray).decided
            assert not session.get_one(ThemePoint, later).decided
            assert {row.numbers.points for row in reading.rows(case.id)} == {8, 5}


def test_every_change_can_be_undone_in_turn(app: Flask, case: Round) -> None:
    with app.app_context():
        built(case)
        before = snapshot(case)
        first, second = (theme_of(ids(case, part)[0]) for part in ("nhà ở", "xe buýt"))
        rename(case, first, "Nhà")
        chosen = frozenset(ids(case, "xe buýt")[:2])
        with transaction():
            services.move(services.Move(case.id, chosen, case.front_id, name="Mới"))
        after_split = snapshot(case)
        with transaction():
            services.merge(services.Merge(case.id, second, first, case.front_id))
        assert set(themes(case)) == {"Nhà", "Mới"}
        with transaction(write=False):
            newest, *older = [change.id for change in reading.changes(case.id)]
        with pytest.raises(services.NothingToUndo), transaction():
            services.undo(case.id, older[0], actor_id=case.front_id)
        with transaction():
            services.undo(case.id, newest, actor_id=case.front_id)
        assert snapshot(case) == after_split
        for change_id in older:
            with transaction():
                services.undo(case.id, change_id, actor_id=case.front_id)
        assert snapshot(case) == before


def snapshot(case: Round) -> list[tuple[Any, ...]]:
    with transaction(write=False) as session:
        rows = session.query(ThemePoint).filter_by(consultation_id=case.id)
        return sorted(
            (row.point_id, row.theme_id, row.decided, row.theme.name if row.theme else "")
            for row in rows
        )


def test_themes_of_other_provisions_and_rounds_are_refused(app: Flask, case: Round) -> None:
    with app.app_context():
        elsewhere = make.point(case.id, case.writers[0], argument="Zebra okapi", provision="d2.k1")
        other = closed_round()
        foreign = make.point(other.id, other.writers[0])
        built(case)
        built(other)
        mine = theme_of(ids(case, "nhà ở")[0])
        with pytest.raises(services.NotInThisRound), transaction():
            services.move(services.Move(case.id, frozenset([elsewhere]), None, into_id=mine))
        with pytest.raises(services.NotInThisRound), transaction():
            services.move(services.Move(case.id, frozenset([foreign]), None, name="A"))
        with pytest.raises(services.NotInThisRound), transaction():
            services.rename(services.Rename(other.id, mine, "A", None))


def test_a_campaign_is_confirmed_at_once_and_a_refusal_is_kept(app: Flask, case: Round) -> None:
    with app.app_context():
        leader = make.point(case.id, case.writers[0], argument=APPEAL)
        plain = make.point(case.id, case.writers[1], argument=APPEAL.upper())
        added = make.point(
            case.id, case.writers[2], argument=f"{APPEAL} Hàng xóm của tôi cũng mong như vậy."
        )
        changed = make.point(case.id, case.writers[3], argument=APPEAL.replace("30", "50"))
        built(case)
        with transaction(write=False) as session:
            rows = {row.point_id: row for row in session.query(Repetition)}
            assert rows.keys() == {plain, added}  # another figure is another opinion
            assert changed not in rows
            [(start, end)] = rows[added].added
            words = session.get_one(Point, added).argument
        assert words[start:end] == "Hàng xóm của tôi cũng mong như vậy."
    front, url = signed_in(app, case.front_id), f"/front/rounds/{case.id}/campaigns"
    page = front.get(url).text
    assert "+</strong> Hàng xóm của tôi cũng mong như vậy." in page
    refusal = {"action": "refuse", "leader": str(leader), "point": str(added)}
    assert post(front, url, refusal).status_code == 200
    post(front, url, {"action": "confirm", "leader": str(leader), "whole": "1"})
    with app.app_context():
        with transaction(write=False) as session:
            assert [(d.point_id, d.leader_id) for d in session.query(PointDecision)] == [
                (plain, leader)
            ]
        built(case)
        with transaction(write=False) as session:
            kept = {row.point_id: row.refused_at is not None for row in session.query(Repetition)}
            assert kept == {plain: False, added: True}
            assert session.get_one(ThemePoint, plain).theme_id == (
                session.get_one(ThemePoint, leader).theme_id
            )
    post(front, url, {"action": "unrefuse", "leader": str(leader), "point": str(added)})
    post(front, url, {"action": "take_back", "leader": str(leader), "point": str(plain)})
    with app.app_context(), transaction(write=False) as session:
        assert session.query(PointDecision).count() == 0
        assert session.get_one(Repetition, added).refused_at is None


def test_a_summary_is_offered_the_built_lines(app: Flask, case: Round) -> None:
    with app.app_context():
        built(case)
        with transaction(write=False) as session:
            known = {(line.point_id, line.start, line.end) for line in session.query(ThemeLine)}
            best = reading.lines_for(case.id)
        with transaction():
            summary_id = summaries.start(case.id, actor_id=case.front_id).id
        with transaction(write=False) as session:
            offered = session.query(Passage).filter_by(summary_id=summary_id).all()
            chosen = {(passage.point_id, passage.start, passage.end) for passage in offered}
            assert len(chosen) == 2
            assert chosen <= known
            [lines] = best.values()
            assert chosen == {(line.point_id, line.start, line.end) for line in lines[:2]}
        # The author has other words by now: the line is no longer offered.
        with transaction() as session:
            session.get_one(Point, lines[0].point_id).argument = "Ý khác hẳn."
        with transaction(write=False):
            assert lines[0] not in reading.lines_for(case.id)[next(iter(best))]


def test_the_pages_from_building_to_undoing(app: Flask, case: Round) -> None:
    front, url = signed_in(app, case.front_id), f"/front/rounds/{case.id}"
    assert said(app, "No themes have been built yet.") in front.get(f"{url}/themes").text
    post(front, f"{url}/themes/build", {})
    post(front, f"{url}/themes/build", {})  # the same work
    with app.app_context():
        run_due()
        with transaction(write=False) as session:
            assert [work.state for work in session.query(Work)] == ["done"]
        theme_id, other = (theme_of(ids(case, part)[0]) for part in ("nhà ở", "xe buýt"))
        point_id = ids(case, "nhà ở")[0]
    page = front.get(f"{url}/themes").text
    assert "12 / 12" in page
    address = f"{url}/theme?id={theme_id}"
    bad = post(front, address, {"action": "move", "point": str(point_id), "move_into": "new"})
    assert bad.status_code == 422
    assert said(app, "Please type a name.") in bad.text
    assert "checked" in bad.text
    assert post(front, address, {"action": "rename", "name": " "}).status_code == 422
    assert post(front, address, {"action": "merge", "merge_into": "999999"}).status_code == 422
    assert post(front, address, {"action": "merge", "merge_into": str(other)}).status_code == 200
    page = front.get(f"{url}/themes").text
    assert said(app, "Undo") in page
    with app.app_context(), transaction(write=False):
        change = reading.changes(case.id)[0].id
    post(front, f"{url}/themes/undo", {"change": str(change)})
    with app.app_context():
        assert theme_of(point_id) == theme_id
    again = post(front, f"{url}/themes/undo", {"change": str(change)}).text
    assert said(app, "Not undone: it is not the newest change any more.") in again
    assert front.get(f"{url}/theme?id=999999").status_code == 404
    assert front.get(f"{url}/theme?provision=nowhere").status_code == 404
    assert front.get(f"{url}/theme?provision=general").status_code == 200


def test_the_numbers_of_statements_do_not_grow(app: Flask, case: Round) -> None:
    with app.app_context():
        make.many_points(case.id, 60, user_ids=tuple(case.writers))
        built(case)
        theme_id = theme_of(ids(case, "nhà ở")[0])
    front, url = signed_in(app, case.front_id), f"/front/rounds/{case.id}"
    for path in ("themes", f"theme?id={theme_id}", "themes/not-echoed", "campaigns"):
        with counted(app) as statements:
            assert front.get(f"{url}/{path}").status_code == 200
        assert len(statements) <= 12, (path, len(statements), statements)


def test_withdrawn_and_new_points_show_in_the_figures(app: Flask, case: Round) -> None:
    with app.app_context():
        built(case)
        make.point(case.id, case.writers[0], argument="Một ý kiến đến sau.")
        gone = ids(case, "nhà ở")[0]
        with transaction() as session:
            session.get_one(Point, gone).withdrawn_at = clock.now()
        with transaction(write=False):
            coverage = reading.coverage(case.id)
            assert (coverage.points, coverage.assigned, coverage.new) == (12, 11, 1)
            assert sum(row.numbers.points for row in reading.rows(case.id)) == 11


def test_the_command_prints_the_same_bytes_whatever_came_first(
    app: Flask, case: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "CONSULT_LOCALE", "CONSULT_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with app.app_context():
        make.point(
            case.id,
            case.writers[0],
            argument="Tôi không tán thành.",
            stance=Stance.DISAGREE,
            identity=Identity.SEALED,
        )
    runner, environment = CliRunner(), environment_of(app)

    def run(*options: str) -> str:
        arguments = ["summaries", "build", str(case.id), *options]
        result = runner.invoke(main, arguments, env=environment)
        assert result.exit_code == 0, result.output
        return result.stdout

    first = run("--json")
    assert run("--json") == first
    with app.app_context():
        assert make.count(Theme) == 0
    run("--keep")
    assert run("--json") == first  # what the machine kept teaches nothing
    found = json.loads(first)
    [provision] = found["provisions"]
    assert provision["provision"] == "d1.k1"
    assert {line["stance"] for line in provision["lines"]} == {"agree", "disagree"}
    assert found["coverage"]["assigned"] == found["coverage"]["texts"] == 13
    assert len(found["manifest"]) == 13
    assert "Trí thức" not in first
    assert "author" not in first.replace("authors", "")
    missing = runner.invoke(main, ["summaries", "build", "999"], env=environment)
    assert missing.exit_code == 1


def test_a_closed_round_of_nothing_is_built(app: Flask) -> None:
    with app.app_context():
        empty = closed_round(Stage.CLOSED)
        built(empty)
        assert themes(empty) == {}
    page = signed_in(app, empty.front_id).get(f"/front/rounds/{empty.id}/themes").text
    assert said(app, "There are no points to build themes of.") in page
