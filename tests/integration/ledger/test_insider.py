"""Somebody with the database's password alters, deletes, inserts, reorders: the audit names it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, text

from consult.cli.ledger import sources
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db, transaction
from consult.drafts.models import DraftVersion
from consult.ledger import auditing, checkpoints, keys
from consult.ledger import services as ledger
from consult.ledger.auditing import Report
from consult.ledger.models import Leaf
from consult.responses import publishing, services
from consult.responses.models import Disposition
from consult.submissions import services as submissions
from consult.submissions import vault
from consult.submissions.commands import NewPoint, SubmitPoints
from consult.submissions.models import Identity, Point, Stance, Submission
from consult.submissions.moderation import services as moderating
from consult.submissions.revisions import services as revising
from consult.summaries import services as summaries
from tests.support import factories as make
from tests.support.summaries import approver, release
from tests.support.tampering import unnamed
from tests.support.versions import Revised, revised


class Undo(Exception):
    """Ends a transaction without a trace."""


def send(
    r: Revised,
    author_id: int | None,
    key: str,
    *words: str,
    identity: Identity = Identity.SEALED,
    **values: str,
) -> None:
    """Receive a submission of one point for each of ``words``, the first on d3.k1."""
    places = ["d3.k1", "d1.k1", None]
    with transaction() as session:
        submissions.submit(
            SubmitPoints(
                session.get_one(Consultation, r.round),
                author_id,
                [
                    NewPoint(place, Stance.DISAGREE, word, f"{key}-{word}", quote="100 triệu")
                    for place, word in zip(places, words, strict=False)
                ],
                identity,
                key,
                clock.now() - timedelta(days=2),
                channel="online" if author_id else "import",
                **values,
            )
        )


def fill(app: Flask) -> Revised:
    """Make something of every kind that the log covers."""
    r = revised(app)
    with app.app_context():
        author, other = make.user("Một", verified=True), make.user("Hai", verified=True)
        make.user("Ba", verified=True)
        approver_id = approver()
        send(r, author, "a", "Mức này thấp.", "Nên rõ hơn.", "Cần phụ lục.")
        send(r, other, "b", "Tôi phản đối.", identity=Identity.PUBLIC)
        paper = {"name": "Trần Văn Giấy", "organisation_name": "Tổ 1"}
        send(r, None, "c", "Ý kiến trên giấy.", identity=Identity.PUBLIC, **paper)
        send(r, None, "d", "Có dữ liệu cá nhân.", name="Cần Xóa")
        with transaction() as session:
            first, second, *_, last = session.scalars(select(Submission).order_by(Submission.id))
            point = first.points[2].id
            submissions.withdraw(first, author_id=author, point_ids=[point], at=clock.now())
            ids = [point.id for point in first.points[:2]]
            answer(r, *ids, reason="Giữ nguyên vì ngân sách.")
            answer(r, second.points[0].id, reason="Đã rõ.")
            leaf = session.scalars(select(Leaf).where(Leaf.subject_id == last.id)).one()
            ledger.redact(leaf, "Theo yêu cầu của người góp ý.", at=clock.now())
        with transaction():
            services.publish(r.round, actor_id=r.official)
        with transaction():
            services.correct(
                services.AnswerPoints(
                    r.round, frozenset(ids[:1]), Disposition.ACCEPTED, "Sửa lại.", r.official
                )
            )
        with transaction() as session:
            summary = summaries.start(r.round, actor_id=r.official)
            summary.introduction, summary.conclusion = "Mở đầu.", "Kết luận."
            release(summary.id, actor_id=r.official, approver_id=approver_id)
        with transaction() as session:
            version = session.get_one(DraftVersion, r.new)
            publishing.publish(publishing.PublishVersion(version, False, True, r.official))
        with transaction() as session:
            summary = summaries.start(r.round, actor_id=r.official)
            summary.introduction = "Mở đầu, lần hai."
            release(summary.id, actor_id=r.official, approver_id=approver_id)
        with transaction():
            assert checkpoints.store()
    return r


def answer(r: Revised, *points: int, reason: str) -> None:
    services.answer(
        services.AnswerPoints(
            r.round, frozenset(points), Disposition.NOT_ACCEPTED, reason, r.official
        )
    )


def audit() -> Report:
    return auditing.audit(sources(), [keys.signer().verifier])


NOW = "'2026-01-01 00:00:00.000000'"
LAST_RESPONSE = "(SELECT max(id) FROM responses)"
FIRST_POINT = "(SELECT min(id) FROM points)"
# What the insider does, and a line of the audit's report that must be there then. Rows are of
# the scene above: submissions 1 to 4, points 1 to 6, answers 1 to 3, entries 0 to 11.
EDITS = [
    # points
    ("UPDATE points SET argument = 'Mức này cao.' WHERE id = 1", "altered submissions 1"),
    ("UPDATE points SET argument_html = '<p>Cao.</p>' WHERE id = 1", "altered points 1"),
    ("UPDATE points SET stance = 'agree' WHERE id = 2", "altered submissions 1"),
    ("UPDATE points SET proposed_wording = 'x' WHERE id = 4", "altered submissions 2"),
    ("UPDATE points SET quote = '' WHERE id = 5", "altered submissions 3"),
    ("UPDATE points SET quote_start = 1, quote_end = 9 WHERE id = 5", "altered submissions 3"),
    ("UPDATE points SET kind = 'objection' WHERE id = 4", "altered submissions 2"),
    ("UPDATE points SET provision_id = NULL WHERE id = 1", "altered submissions 1"),
    (
        "UPDATE points SET provision_id = provision_id + 1 WHERE id = 1",
        "altered submissions 1",
    ),
    ("UPDATE points SET ordinal = 4 - ordinal WHERE submission_id = 1", "altered submissions 1"),
    ("UPDATE points SET submission_id = 2, ordinal = 2 WHERE id = 2", "altered submissions 1"),
    ("UPDATE points SET submission_id = 2, ordinal = 2 WHERE id = 2", "altered submissions 2"),
    (f"UPDATE points SET withdrawn_at = {NOW} WHERE id = 4", "altered points 4"),
    ("UPDATE points SET withdrawn_at = NULL WHERE id = 3", "altered submissions 1"),
    (f"UPDATE points SET received_at = {NOW} WHERE id = 4", "altered points 4"),
    ("UPDATE points SET received_at = NULL WHERE id = 4", "altered points 4"),
    (
        "INSERT INTO points (submission_id, consultation_id, ordinal, stance, quote, argument,"
        " argument_html, proposed_wording, folded, form_key, created_at, received_at)"
        " SELECT 2, consultation_id, 2, stance, quote, argument, argument_html,"
        " proposed_wording, folded, 'new', created_at, received_at FROM points WHERE id = 4",
        "altered submissions 2",
    ),
    # submissions and who stands behind them
    (f"UPDATE submissions SET received_at = {NOW} WHERE id = 2", "altered submissions 2"),
    ("UPDATE submissions SET received_at = NULL WHERE id = 2", "altered submissions 2"),
    ("UPDATE submissions SET reference = 'AAAA' WHERE id = 2", "altered submissions 2"),
    ("UPDATE submissions SET channel = 'online' WHERE id = 3", "altered submissions 3"),
    ("UPDATE submissions SET state = 'draft' WHERE id = 2", "altered submissions 2"),
    ("UPDATE submissions SET state = 'withdrawn' WHERE id = 2", "altered submissions 2"),
    ("UPDATE authorships SET identity = 'public' WHERE submission_id = 1", "altered submissions 1"),
    (
        "UPDATE authorships SET user_id = user_id + 1 WHERE submission_id = 2",
        "altered submissions 2",
    ),
    ("UPDATE authorships SET name = 'Khác' WHERE submission_id = 3", "altered submissions 3"),
    (
        "UPDATE authorships SET organisation_name = '' WHERE submission_id = 3",
        "altered submissions 3",
    ),
    ("DELETE FROM authorships WHERE submission_id = 3", "deleted submissions 3"),
    # the vault: submissions 1 and 4 are sealed
    ("UPDATE authorships SET tag = NULL WHERE submission_id = 1", "altered submissions 1"),
    ("UPDATE authorships SET tag = 'ab' WHERE submission_id = 1", "altered submissions 1"),
    ("DELETE FROM sealed_identities WHERE submission_id = 1", "deleted sealed_identities 1"),
    (
        "UPDATE sealed_identities SET ciphertext = 'AAAA' WHERE submission_id = 1",
        "altered submissions 1",
    ),
    (
        "UPDATE sealed_identities SET nonce = 'AAAA' WHERE submission_id = 1",
        "altered submissions 1",
    ),
    ("UPDATE sealed_identities SET moved = true WHERE submission_id = 1", "altered submissions 1"),
    (
        "UPDATE sealed_identities SET wrapped = 'AAAA' WHERE submission_id = 1",
        "altered sealed_identities 1",
    ),
    (
        "UPDATE sealed_identities SET key_id = 'x' WHERE submission_id = 1",
        "altered sealed_identities 1",
    ),
    (
        "DELETE FROM sealed_identities WHERE submission_id = 1;"
        " UPDATE sealed_identities SET submission_id = 1 WHERE submission_id = 4",
        "altered submissions 1",
    ),
    (
        "DELETE FROM sealed_identities WHERE submission_id = 1;"
        " UPDATE sealed_identities SET submission_id = 1 WHERE submission_id = 4",
        "deleted sealed_identities 4",
    ),
    (
        "INSERT INTO sealed_identities (submission_id, key_id, wrapped, nonce, ciphertext, moved)"
        " SELECT 2, key_id, wrapped, nonce, ciphertext, moved FROM sealed_identities"
        " WHERE submission_id = 1",
        "inserted sealed_identities 2",
    ),
    (
        "DELETE FROM summary_passages WHERE point_id = 4; DELETE FROM answered_points"
        " WHERE point_id = 4; DELETE FROM points WHERE id = 4",
        "altered submissions 2",
    ),
    (
        "DELETE FROM summary_passages WHERE point_id = 5; DELETE FROM points WHERE id = 5;"
        " DELETE FROM authorships WHERE submission_id = 3; DELETE FROM submissions WHERE id = 3",
        "deleted submissions 3",
    ),
    (
        "INSERT INTO submissions (reference, consultation_id, state, channel, created_at,"
        " received_at) SELECT 'NEW', consultation_id, state, channel, created_at, received_at"
        " FROM submissions WHERE id = 2",
        "inserted submissions",
    ),
    # answers
    ("UPDATE responses SET reason = 'Khác.' WHERE id = 1", "altered responses 1"),
    ("UPDATE responses SET disposition = 'accepted' WHERE id = 2", "altered responses 2"),
    (f"UPDATE responses SET published_at = {NOW} WHERE id = 2", "altered responses 2"),
    ("UPDATE responses SET published_at = NULL WHERE id = 2", "deleted responses 2"),
    ("UPDATE responses SET answered_ids = '[1]' WHERE id = 2", "altered responses 2"),
    ("UPDATE responses SET answered_ids = NULL WHERE id = 2", "altered responses 2"),
    (
        "DELETE FROM answered_points WHERE response_id = 2; DELETE FROM responses WHERE id = 2",
        "deleted responses 2",
    ),
    (
        "INSERT INTO responses (consultation_id, disposition, reason, created_at, published_at)"
        " SELECT consultation_id, disposition, reason, created_at, published_at FROM responses"
        " WHERE id = 2",
        "inserted responses",
    ),
    (
        "UPDATE answered_points SET response_id = 1 WHERE point_id = 1",
        "altered answered_points 1",
    ),
    ("DELETE FROM answered_points WHERE point_id = 4", "deleted answered_points 4"),
    (
        "INSERT INTO answered_points (point_id, response_id) VALUES (5, 2)",
        "inserted answered_points 5",
    ),
    # summaries
    ("UPDATE summaries SET introduction = 'Khác.'", "altered summaries 1"),
    ("UPDATE summaries SET conclusion = ''", "altered summaries 1"),
    ("UPDATE summaries SET manifest = '{}'", "altered summaries 1"),
    (f"UPDATE summaries SET released_at = {NOW}", "altered summaries 1"),
    ("UPDATE summary_passages SET text = 'Khác.' WHERE id = 1", "altered summaries 1"),
    ("UPDATE summary_passages SET is_quoted = false WHERE id = 1", "altered summaries 1"),
    ("DELETE FROM summary_passages WHERE id = 1", "altered summaries 1"),
    (
        "INSERT INTO summary_sections (summary_id, narrative) VALUES (1, 'Lời chêm.')",
        "altered summaries 1",
    ),
    (
        "DELETE FROM summary_passages; DELETE FROM summary_sections; DELETE FROM summary_steps;"
        " DELETE FROM summaries",
        "deleted summaries 1",
    ),
    (
        "INSERT INTO summaries (consultation_id, number, introduction, conclusion, is_public,"
        " state, created_at, released_at, manifest) SELECT consultation_id, 3, introduction,"
        " conclusion, is_public, state, created_at, released_at, manifest FROM summaries"
        " WHERE number = 1",
        "inserted summaries",
    ),
    ("UPDATE summaries SET introduction = 'Khác.' WHERE number = 2", "altered summaries 2"),
    (
        "DELETE FROM summary_passages WHERE summary_id = 2; DELETE FROM summary_sections"
        " WHERE summary_id = 2; DELETE FROM summary_steps WHERE summary_id = 2;"
        " DELETE FROM summaries WHERE number = 2",
        "deleted summaries 2",
    ),
    # versions
    ("UPDATE draft_versions SET text = text || '.' WHERE number = 2", "altered draft_versions 2"),
    (
        "UPDATE provisions SET text = 'Tiến sĩ được hỗ trợ 1 triệu.' WHERE version_id = 2"
        " AND key = 'd4.k1'",
        "altered draft_versions 2",
    ),
    (f"UPDATE draft_versions SET final_at = {NOW} WHERE number = 2", "sound"),
    (
        "UPDATE draft_versions SET final_at = published_at WHERE number = 2",
        "altered draft_versions 2",
    ),
    (f"UPDATE draft_versions SET published_at = {NOW} WHERE number = 1", "draft_versions 1"),
    # the log itself
    ('UPDATE ledger_leaves SET leaf_hash = repeated WHERE "index" = 1', "altered submissions 2"),
    ('UPDATE ledger_leaves SET salt = repeated WHERE "index" = 1', "altered submissions 2"),
    ("UPDATE ledger_leaves SET salt = '' WHERE \"index\" = 1", "altered submissions 2"),
    ('UPDATE ledger_leaves SET blind = repeated WHERE "index" = 1', "altered submissions 2"),
    ('UPDATE ledger_leaves SET format = 1 WHERE "index" = 1', "altered submissions 2"),
    (f'UPDATE ledger_leaves SET at = {NOW} WHERE "index" = 1', "altered submissions 2"),
    ('UPDATE ledger_leaves SET subject_id = 3 WHERE "index" = 1', "altered submissions 3"),
    ('UPDATE ledger_leaves SET subject_id = 99 WHERE "index" = 1', "deleted submissions 99"),
    ("UPDATE ledger_leaves SET kind = 'other' WHERE \"index\" = 1", "altered ledger_leaves 1"),
    ('DELETE FROM ledger_leaves WHERE "index" = 1', "deleted ledger_leaves 1"),
    ('DELETE FROM ledger_leaves WHERE "index" = 11', "deleted ledger_leaves 11"),
    (
        'DELETE FROM ledger_leaves WHERE "index" = 11; UPDATE ledger_head SET size = 11',
        "deleted ledger_leaves 11",
    ),
    (
        'UPDATE ledger_leaves SET "index" = 99 WHERE "index" = 1;'
        ' UPDATE ledger_leaves SET "index" = 1 WHERE "index" = 2;'
        ' UPDATE ledger_leaves SET "index" = 2 WHERE "index" = 99',
        "reordered ledger_leaves 1",
    ),
    (
        'INSERT INTO ledger_leaves ("index", leaf_hash, kind, subject_id, salt, at, format,'
        " blind) SELECT 12, leaf_hash, kind, subject_id, salt, at, format, blind"
        ' FROM ledger_leaves WHERE "index" = 1',
        "inserted ledger_leaves 12",
    ),
    ("UPDATE ledger_head SET size = 13", "deleted ledger_leaves 12"),
    ("UPDATE ledger_checkpoints SET note = note || 'x'", "altered ledger_checkpoints 12"),
    ("UPDATE ledger_checkpoints SET size = 11", "altered ledger_checkpoints 11"),
    ("UPDATE ledger_redactions SET reason = 'Khác.'", "altered ledger_redactions 3"),
    ("DELETE FROM ledger_redactions", "deleted ledger_redactions 3"),
]


def test_every_edit_is_named(app: Flask) -> None:
    fill(app)
    missed: list[str] = []
    with app.app_context():
        with transaction(write=False):
            found = audit()
        assert found.findings == []
        assert (found.size, found.checkpoints) == (12, 1)
        for statements, expected in EDITS:
            lines = after(statements)
            if not any(expected in line for line in lines):
                missed.append(f"{statements}: {expected} is not in {lines}")
        missed += unnamed(
            after, "submission", "withdrawal", "response", "summary", "version", "redaction"
        )
        with transaction(write=False):
            assert audit().sound, "nothing of the edits is left"
    assert missed == []


def after(statements: str) -> list[str]:
    """Return what the audit says after the statements, which are then undone."""
    lines: list[str] = []
    with suppress(Undo), transaction() as session:
        done = [
            session.execute(text(statement))
            for statement in statements.replace("repeated", f"'{'ab' * 32}'").split(";")
        ]
        assert getattr(done[-1], "rowcount", 0) > 0, statements
        db.session.expire_all()
        report = audit()
        lines = [f"{f.problem} {f.table} {f.row} {f.detail}" for f in report.findings]
        lines += ["sound"] * report.sound
        raise Undo
    return lines


# --- moderation ----------------------------------------------------------------------------------

# Moderation 1 of point 1 was appealed and upheld, 2 of point 2 taken back, 3 of point 4 waits.
MODERATION_EDITS = [
    (f"UPDATE points SET hidden_at = {NOW} WHERE id = 5", "altered points 5 hidden without"),
    ("UPDATE points SET hidden_at = NULL WHERE id = 1", "altered points 1 shown without"),
    (
        "UPDATE points SET hidden_at = NULL, hidden_reason = '' WHERE id = 4",
        "altered points 4 shown without",
    ),
    (f"UPDATE points SET hidden_at = {NOW} WHERE id = 1", "altered points 1 hidden without"),
    ("UPDATE points SET hidden_reason = 'Khác' WHERE id = 1", "altered points 1 why"),
    ("UPDATE points SET hidden_reason = '' WHERE id = 2", "altered points 2 why"),
    ("UPDATE points SET hidden_reason = 'Khác' WHERE id = 5", "altered points 5 why"),
    ("UPDATE moderations SET reason = 'Khác' WHERE id = 1", "altered moderations 1"),
    ("UPDATE moderations SET note = '' WHERE id = 1", "altered moderations 1"),
    (f"UPDATE moderations SET hidden_at = {NOW} WHERE id = 2", "altered moderations 2"),
    ("UPDATE moderations SET hidden_by = hidden_by + 1 WHERE id = 3", "altered moderations 3"),
    ("UPDATE moderations SET point_id = 5 WHERE id = 3", "altered moderations 3"),
    ("UPDATE moderations SET appeal = 'Khác' WHERE id = 1", "altered moderations 1"),
    (f"UPDATE moderations SET appealed_at = {NOW} WHERE id = 3", "altered moderations 3"),
    ("UPDATE moderations SET appealed_at = NULL WHERE id = 3", "altered moderations 3"),
    ("UPDATE moderations SET appeal = 'Chêm' WHERE id = 2", "altered moderations 2 its appeal"),
    ("UPDATE moderations SET outcome = 'shown' WHERE id = 1", "altered moderations 1"),
    ("UPDATE moderations SET outcome = NULL WHERE id = 2", "altered moderations 2"),
    ("UPDATE moderations SET outcome = 'upheld' WHERE id = 3", "altered moderations 3 its outcome"),
    ("UPDATE moderations SET decision = '' WHERE id = 1", "altered moderations 1"),
    (f"UPDATE moderations SET decided_at = {NOW} WHERE id = 1", "altered moderations 1"),
    ("UPDATE moderations SET decided_by = hidden_by WHERE id = 1", "altered moderations 1"),
    ("DELETE FROM moderations WHERE id = 1", "deleted moderations 1"),
    ("DELETE FROM moderations WHERE id = 1", "altered points 1 hidden without"),
    (
        "INSERT INTO moderations (point_id, reason, note, hidden_at, hidden_by, appeal, decision)"
        " SELECT 5, reason, note, hidden_at, hidden_by, '', '' FROM moderations WHERE id = 3",
        "inserted moderations 4",
    ),
    (
        "DELETE FROM ledger_leaves WHERE kind = 'moderation_outcome' AND subject_id = 1",
        "altered moderations 1 its outcome",
    ),
]


def test_no_point_is_hidden_or_shown_in_silence(app: Flask) -> None:
    fill(app)
    missed: list[str] = []
    with app.app_context():
        moderate()
        with transaction(write=False):
            assert audit().findings == []
        for statements, expected in MODERATION_EDITS:
            lines = after(statements)
            if not any(line.startswith(expected) for line in lines):
                missed.append(f"{statements}: {expected} is not in {lines}")
        missed += unnamed(after, "moderation", "moderation_appeal", "moderation_outcome")
        with transaction(write=False):
            assert audit().sound, "nothing of the edits is left"
    assert missed == []


def moderate() -> None:
    """Hide three points: an appeal is refused, a hiding taken back, an appeal waits."""
    front, other = (make.user(roles=(("front", None),)) for _ in range(2))
    at = clock.now()

    def hide(point_id: int) -> moderating.Moderation:
        point = db.session.get_one(Point, point_id)
        return moderating.hide(moderating.Hide(point, "Quảng cáo", "Vì sao.", front, at))

    with transaction():
        first = hide(1)
        moderating.appeal(first, "Không phải.", at=at)
        moderating.decide(moderating.Decide(first, False, "Vẫn là.", other, at))
    with transaction():
        moderating.take_back(hide(2), actor_id=front, at=at)
    with transaction():
        moderating.appeal(hide(4), "Không phải.", at=at)


# --- revisions -----------------------------------------------------------------------------------

# Point 1 was revised twice (1, 2), point 2 once (3), each by its author.
FIRST_WORDS = "(SELECT argument FROM point_revisions WHERE id = 1)"
REVISION_EDITS = [
    # what was received first, what the revisions in between said, what counts now
    ("UPDATE point_revisions SET argument = 'Khác' WHERE id = 1", "altered submissions 1"),
    ("UPDATE point_revisions SET stance = 'agree' WHERE id = 3", "altered submissions 1"),
    ("UPDATE point_revisions SET kind = 'objection' WHERE id = 1", "altered submissions 1"),
    ("UPDATE point_revisions SET quote = '' WHERE id = 1", "altered submissions 1"),
    ("UPDATE point_revisions SET quote_start = 1, quote_end = 9 WHERE id = 1", "altered submissi"),
    ("UPDATE point_revisions SET proposed_wording = 'x' WHERE id = 1", "altered submissions 1"),
    ("UPDATE point_revisions SET argument = 'Khác' WHERE id = 2", "altered point_revisions 1"),
    ("UPDATE points SET argument = 'Khác' WHERE id = 1", "altered point_revisions 2"),
    ("UPDATE points SET proposed_wording = 'x' WHERE id = 2", "altered point_revisions 3"),
    # when, in which order, whose
    (f"UPDATE point_revisions SET revised_at = {NOW} WHERE id = 1", "altered point_revisions 1"),
    (f"UPDATE point_revisions SET revised_at = {NOW} WHERE id = 2", "altered points 1 when"),
    (f"UPDATE points SET revised_at = {NOW} WHERE id = 1", "altered points 1 when"),
    ("UPDATE points SET revised_at = NULL WHERE id = 1", "altered points 1 when"),
    (f"UPDATE points SET revised_at = {NOW} WHERE id = 4", "altered points 4 when"),
    ("UPDATE point_revisions SET number = number + 5 WHERE id = 2", "altered point_revisions 2"),
    (
        "UPDATE point_revisions SET number = 9 WHERE id = 1;"
        " UPDATE point_revisions SET number = 1 WHERE id = 2;"
        " UPDATE point_revisions SET number = 2 WHERE id = 1",
        "altered point_revisions 1",
    ),
    (
        "UPDATE point_revisions SET number = 9 WHERE id = 1;"
        " UPDATE point_revisions SET number = 1 WHERE id = 2;"
        " UPDATE point_revisions SET number = 2 WHERE id = 1",
        "altered point_revisions 2",
    ),
    ("UPDATE point_revisions SET point_id = 2, number = 2 WHERE id = 2", "altered point_revisio"),
    ("UPDATE point_revisions SET point_id = 4 WHERE id = 3", "altered submissions 1"),
    # taken away, put in
    ("DELETE FROM point_revisions WHERE id = 1", "deleted point_revisions 1"),
    ("DELETE FROM point_revisions WHERE id = 2", "deleted point_revisions 2"),
    (
        f"UPDATE points SET argument = {FIRST_WORDS}, revised_at = NULL WHERE id = 1;"
        " DELETE FROM point_revisions WHERE point_id = 1",
        "deleted point_revisions 1",
    ),
    (
        "INSERT INTO point_revisions (point_id, number, form_key, revised_at, kind, stance, quote,"
        " argument, proposed_wording) SELECT 4, 1, 'x', revised_at, kind, stance, quote, argument,"
        " proposed_wording FROM point_revisions WHERE id = 1",
        "inserted point_revisions 4",
    ),
    (
        "DELETE FROM ledger_leaves WHERE kind = 'revision' AND subject_id = 2",
        "inserted point_revisions 2",
    ),
]


def test_every_wording_of_a_point_is_covered(app: Flask) -> None:
    r = fill(app)
    missed: list[str] = []
    with app.app_context():
        revise(r.round)
        with transaction(write=False):
            assert audit().findings == []
        for statements, expected in REVISION_EDITS:
            lines = after(statements)
            if not any(line.startswith(expected) for line in lines):
                missed.append(f"{statements}: {expected} is not in {lines}")
        missed += unnamed(after, "revision")
        with transaction(write=False):
            assert audit().sound, "nothing of the edits is left"
    assert missed == []


def revise(round_id: int) -> None:
    """Revise point 1 twice and point 2 once, as of a time when the round was open."""
    open_then = clock.now() - timedelta(days=2)
    for number, (point_id, base) in enumerate([(1, 0), (1, 1), (2, 0)]):
        with transaction() as session:
            point = session.get_one(Point, point_id)
            assert point.consultation_id == round_id
            author_id = vault.accounts_behind([point.submission_id])[point.submission_id]
            key = point.provision.key if point.provision else None
            words = NewPoint(key, Stance.DISAGREE, f"Sửa lần {number}.", f"sửa-{number}")
            at = open_then + timedelta(minutes=number)
            assert revising.revise(revising.RevisePoint(point, author_id, words, base, at))
