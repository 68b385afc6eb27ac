"""Versions of a draft: compared by a job, decided on, read side by side by whoever may."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from consult.consultations.models import Audience, Consultation, Stage
from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import db, transaction
from consult.core.permissions import NOBODY, Actor
from consult.drafts import change_queries, comparing, services, version_queries, versioning
from consult.drafts.change_queries import MappedChange
from consult.drafts.models import DraftVersion, Provision, VersionComparison
from consult.drafts.parsing import parse_text
from consult.jobs.models import Job
from consult.jobs.services import enqueue
from consult.policy import POLICY
from tests.support import factories as make
from tests.support.browsing import signed_in
from tests.support.statements import counted
from tests.support.versions import AFTER, BEFORE, TITLE, Revised, freeze, revised, version, work


def record(r: Revised) -> VersionComparison:
    found = change_queries.compared(r.old, r.new)
    assert found is not None
    return found


def changes(app: Flask, r: Revised) -> dict[tuple[tuple[str, ...], tuple[str, ...]], MappedChange]:
    with app.app_context(), transaction(write=False):
        return {(c.old, c.new): c for c in change_queries.changes(record(r).id)}


def kinds(app: Flask, r: Revised) -> dict[tuple[str | None, str | None], str]:
    return {
        (c.first.old_key, c.first.new_key): c.kind
        for c in changes(app, r).values()
        if c.kind != "unchanged"
    }


def act(app: Flask, r: Revised, what: str, old: str | None, new: str | None) -> None:
    with app.app_context(), transaction():
        getattr(versioning, what)(versioning.OnChange(record(r), old, new, r.official))


EXPECTED = {
    (None, "d2"): "added",
    ("d2", "d3"): "renumbered",
    ("d3", "d4"): "renumbered",
    ("d3.k1", "d4.k1"): "changed",
    ("d4", "d5"): "renumbered",
    ("d4.k2", None): "deleted",
}


def test_a_revised_draft_is_compared_with_what_was_shown(app: Flask) -> None:
    r = revised(app)
    assert kinds(app, r) == EXPECTED
    with app.app_context(), transaction(write=False) as session:
        [job] = session.scalars(select(Job).where(Job.name == "drafts.compare")).all()
        assert (job.payload, job.state) == ({"version_id": r.new}, "done")
        assert session.get_one(DraftVersion, r.new).number == 2
        assert not version_queries.is_comparing(r.new)


def test_after_a_revised_draft_comes_the_comparison(app: Flask) -> None:
    r = revised(app)
    client = signed_in(app, r.official)
    page = client.get(f"/office/versions/{r.new}").text
    assert f'class="btn btn-primary"\n           href="/office/versions/{r.new}/comparison"' in page
    assert page.count("btn btn-primary") == 1, "one thing to do next"
    assert "So sánh với phiên bản 1" in page
    assert "/comparison" not in client.get(f"/office/versions/{r.old}").text


def test_comparing_again_changes_nothing(app: Flask) -> None:
    r = revised(app)
    before = changes(app, r)
    with app.app_context(), transaction():
        for _ in range(2):
            enqueue("drafts.compare", {"version_id": r.new})
        assert version_queries.is_comparing(r.new)
        assert not version_queries.is_comparing(r.old)
    work(app)
    assert changes(app, r) == before
    with app.app_context():
        assert make.count(VersionComparison) == 1


def test_nothing_is_compared_before_something_was_shown(app: Flask) -> None:
    with app.app_context():
        agency = make.organisation()
        official = make.user(roles=(("official", agency),))
    old = version(app, BEFORE, agency=agency, official=official)
    with app.app_context(), transaction(write=False) as session:
        draft = session.get_one(DraftVersion, old).draft_id
    new = version(app, AFTER, agency=agency, official=official, draft=draft)
    with app.app_context(), transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 0
    freeze(app, old)  # a round takes up the older text after all
    work(app)
    with app.app_context(), transaction(write=False):
        assert change_queries.compared(old, new) is not None


def test_a_version_in_preparation_gives_way_to_a_corrected_file(app: Flask) -> None:
    r = revised(app)
    third = version(app, BEFORE, agency=r.agency, official=r.official, draft=r.draft)
    work(app)
    with app.app_context(), transaction(write=False):
        lines = version_queries.versions_of(r.draft)
        assert [line.number for line in lines] == [3, 2, 1]
        assert [version_queries.state(line, 3).value for line in lines] == [
            "preparing",
            "superseded",
            "consulted",
        ]
        assert (lines[0].uploaded_by, lines[0].file) == ("Phạm Cán Bộ", "")
        assert [v.id for v in version_queries.versions_of(r.draft, public_only=True)] == [r.old]
        same = change_queries.compared(r.old, third)
        assert same is not None
        assert {c.kind for c in change_queries.changes(same.id)} == {"unchanged"}
        assert change_queries.compared(r.new, third) is None, "nobody saw version 2"


def test_after_the_final_version_no_text_follows(app: Flask) -> None:
    r = revised(app)
    with app.app_context(), transaction() as session:
        final = session.get_one(DraftVersion, r.new)
        versioning.publish(final, final=True, actor_id=r.official, at=clock.now())
    command = services.CreateVersion(
        parse_text(BEFORE), TITLE, r.agency, created_by=r.official, draft_id=r.draft
    )
    with app.app_context(), pytest.raises(services.Finished), transaction():
        services.create_version(command)


# --- decisions -----------------------------------------------------------------------------------


def test_decisions_and_reasons_outlive_a_new_comparison(app: Flask) -> None:
    r = revised(app)
    act(app, r, "part", "d3.k1", "d4.k1")
    act(app, r, "pair", "d4.k2", "d4.k1")
    with app.app_context(), transaction():
        on = versioning.OnChange(record(r), "d4.k2", "d4.k1", r.official)
        versioning.give_reason(on, "Theo ý kiến của Mặt trận")
        enqueue("drafts.compare", {"version_id": r.new})
    decided = changes(app, r)
    work(app)
    again = changes(app, r)
    assert again.keys() == decided.keys()
    pair = again[("d4.k2",), ("d4.k1",)]
    assert (pair.kind, pair.decided, pair.doubtful) == ("moved", True, False)
    assert pair.reason == "Theo ý kiến của Mặt trận"
    assert again[("d3.k1",), ()].decided
    with app.app_context(), transaction(write=False) as session:
        acts = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert [a for a in acts if a.startswith("mapping.")] == ["mapping.parted", "mapping.chosen"]


def test_what_stands_below_a_chosen_counterpart_follows_it(app: Flask) -> None:
    after = """Chương I
QUY ĐỊNH CHUNG
Điều 1. Thủ tục hành chính trên môi trường điện tử
1. Cổng dịch vụ công quốc gia tiếp nhận và trả kết quả bằng tài khoản định danh.
2. Thạc sĩ về công tác tại tỉnh hưởng phụ cấp hằng tháng bằng lương cơ sở.
"""
    r = revised(app, BEFORE, after)
    assert (("d3.k2",), ("d1.k2",)) not in changes(app, r)
    act(app, r, "pair", "d3", "d1")
    work(app)
    found = changes(app, r)
    assert (("d3",), ("d1",)) in found
    assert (("d3.k2",), ("d1.k2",)) in found


def test_undoing_a_decision_gives_the_engines_mapping_back(app: Flask) -> None:
    r = revised(app)
    before = changes(app, r)
    act(app, r, "part", "d3.k1", "d4.k1")
    assert changes(app, r)[("d3.k1",), ()].kind == "deleted"
    act(app, r, "undo", None, "d4.k1")
    work(app)
    assert changes(app, r) == before
    with app.app_context(), pytest.raises(versioning.NoSuchChange), transaction():
        versioning.undo(versioning.OnChange(record(r), "d3.k1", "d4.k1", r.official))


def doubt(app: Flask) -> Revised:
    """A comparison with one mapping that is marked as doubtful."""
    r = revised(app)
    with app.app_context(), transaction():
        comparison = record(r)
        rows = [
            row._replace(doubtful=True, similarity=0.42) if row.old_key == "d3.k1" else row
            for row in comparing.rows(comparison.id)
        ]
        comparing.store(comparison.id, rows)
    return r


def test_a_confirmed_mapping_is_doubtful_again_when_undone(app: Flask) -> None:
    r = doubt(app)
    pair = (("d3.k1",), ("d4.k1",))
    assert changes(app, r)[pair].doubtful
    act(app, r, "confirm", "d3.k1", "d4.k1")
    row = changes(app, r)[pair].first
    assert (row.decided_by, row.doubtful) == (r.official, True)
    assert not changes(app, r)[pair].doubtful
    act(app, r, "undo", "d3.k1", "d4.k1")
    assert changes(app, r)[pair].doubtful
    with app.app_context(), transaction():
        assert versioning.confirm_all(record(r), 0.5, actor_id=r.official) == 0
        assert versioning.confirm_all(record(r), 0.4, actor_id=r.official) == 1
    assert not changes(app, r)[pair].doubtful


# --- reading -------------------------------------------------------------------------------------


def test_a_comparison_is_read_in_three_statements(app: Flask) -> None:
    r = revised(app)
    with app.app_context(), counted(app) as statements, transaction(write=False):
        whole = change_queries.comparison(r.old, r.new)
        assert whole is not None
        assert (whole.comparison.old_version_id, whole.comparison.new_version_id) == (r.old, r.new)
        [changed] = [c for c in whole.changes if c.change.kind == "changed"]
        assert "100 triệu" in changed.old[0].text
        assert "200 triệu" in changed.new[0].text
        assert changed.new[0].citation == "khoản 1 Điều 4"
        assert change_queries.comparison(r.new, r.old) is None
    assert len(statements) <= 4


def test_the_later_wording_is_that_of_the_newest_public_version(app: Flask) -> None:
    r = revised(app)
    with app.app_context(), transaction(write=False) as session:
        ids = {
            key: id_
            for id_, key in session.execute(
                select(Provision.id, Provision.key).where(Provision.version_id == r.old)
            )
        }
        assert change_queries.later_wording([]) == {}
        assert change_queries.later_wording(list(ids.values())) == {}, "version 2 is not public"
    freeze(app, r.new)
    with app.app_context(), counted(app) as statements, transaction(write=False):
        found = change_queries.later_wording([ids["d3.k1"], ids["d4.k2"], ids["d1.k1"]])
        assert len(statements) == 1
        [changed] = found[ids["d3.k1"]]
        assert (changed.version_id, changed.version_number) == (r.new, 2)
        assert (changed.kind, changed.key, changed.changed) == ("changed", "d4.k1", True)
        assert changed.text is not None
        assert "200 triệu" in changed.text
        [deleted] = found[ids["d4.k2"]]
        assert (deleted.kind, deleted.key, deleted.text, deleted.changed) == (
            "deleted",
            None,
            None,
            True,
        )
        assert not found[ids["d1.k1"]][0].changed
    third = version(app, BEFORE, agency=r.agency, official=r.official, draft=r.draft)
    work(app)
    freeze(app, third)
    with app.app_context(), transaction(write=False):
        [back] = change_queries.later_wording([ids["d3.k1"]])[ids["d3.k1"]]
        assert (back.version_number, back.kind) == (3, "unchanged")


def test_who_reads_a_version(app: Flask) -> None:
    r = revised(app)
    official = Actor(user_id=r.official, roles=frozenset({("official", r.agency)}))
    elsewhere = Actor(user_id=99, roles=frozenset({("official", 12345)}))
    expert = Actor(user_id=98, verified=True)

    def readers(version_id: int) -> list[bool]:
        with app.app_context(), transaction(write=False):
            subject = db.session.get_one(DraftVersion, version_id)
            return [
                POLICY.allows(actor, "version.read", subject)
                for actor in (NOBODY, expert, elsewhere, official)
            ]

    assert readers(r.old) == [True, True, True, True]
    assert readers(r.new) == [False, False, False, True]
    freeze(app, r.new)
    assert readers(r.new) == [True, True, True, True]
    with app.app_context():
        make.consultation(r.agency, r.new, stage=Stage.PREPARING, audience=Audience.VERIFIED)
    assert readers(r.new) == [True, True, True, True], "a round in preparation says nothing"
    with app.app_context(), transaction() as session:
        second = session.scalars(select(Consultation).order_by(Consultation.id.desc())).first()
        assert second is not None
        second.stage = Stage.OPEN
    assert readers(r.old) == [False, True, True, True], "a comparison would show the newer words"
