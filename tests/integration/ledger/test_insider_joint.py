"""An insider edits what a club sent jointly, who signed it and who dissented: it is named."""

from __future__ import annotations

from flask import Flask

from consult.core.db import transaction
from tests.integration.ledger.test_insider import NOW, after, audit
from tests.support import factories as make
from tests.support import joints
from tests.support.tampering import unnamed

# Signatures 1 and 2 are signed, 3 is a dissent without a name.
EDITS = [
    ("UPDATE joint_submissions SET title = 'Khác'", "altered joint_submissions 1"),
    ("UPDATE joint_submissions SET note = ''", "altered joint_submissions 1"),
    ("UPDATE joint_submissions SET quorum_value = 2", "altered joint_submissions 1"),
    ("UPDATE joint_submissions SET members_at_opening = 30", "altered joint_submissions 1"),
    ("UPDATE joint_submissions SET quorum_kind = 'share'", "altered joint_submissions 1"),
    ("UPDATE joint_submissions SET approved_by = 2", "altered joint_submissions 1"),
    (f"UPDATE joint_submissions SET approved_at = {NOW}", "altered joint_submissions 1"),
    (f"UPDATE joint_submissions SET sent_at = {NOW}", "altered joint_submissions 1"),
    ("UPDATE joint_submissions SET submission_id = NULL", "altered joint_submissions 1"),
    ("UPDATE joint_submissions SET state = 'approved'", "altered joint_submissions 1 its state"),
    ("UPDATE joint_signatures SET shown_as = 'GS. X' WHERE id = 1", "altered joint_signatures 1"),
    ("UPDATE joint_signatures SET user_id = 4 WHERE id = 1", "altered joint_signatures 1"),
    ("UPDATE joint_signatures SET text = 'Đồng ý' WHERE id = 3", "altered joint_signatures 3"),
    ("UPDATE joint_signatures SET kind = 'signed' WHERE id = 3", "altered joint_signatures 3"),
    ("UPDATE joint_signatures SET named = NOT named WHERE id = 3", "altered joint_signatures 3"),
    (f"UPDATE joint_signatures SET at = {NOW} WHERE id = 2", "altered joint_signatures 2"),
    (f"UPDATE joint_signatures SET voided_at = {NOW} WHERE id = 3", "deleted joint_signatures 3"),
    ("DELETE FROM joint_signatures WHERE id = 3", "deleted joint_signatures 3"),
    ("DELETE FROM joint_signatures WHERE id = 3", "altered joint_submissions 1"),
    (
        "INSERT INTO joint_signatures"
        " (joint_id, user_id, kind, text_number, shown_as, named, text, at)"
        f" SELECT joint_id, 4, 'signed', 1, 'GS. X', named, '', {NOW}"
        " FROM joint_signatures WHERE id = 1",
        "inserted joint_signatures",
    ),
    (
        "DELETE FROM joint_signatures; DELETE FROM joint_points; DELETE FROM joint_suggestions;"
        " DELETE FROM joint_changes; DELETE FROM joint_submissions",
        "deleted joint_submissions 1",
    ),
    (
        "UPDATE points SET argument = 'Khác' WHERE id = 1",
        "altered submissions 1",
    ),
]


def test_every_edit_of_a_joint_submission_is_named(app: Flask) -> None:
    missed: list[str] = []
    with app.app_context():
        agency = make.organisation()
        round_id = make.consultation(agency, make.version(agency))
        club = make.organisation("club")
        people = [make.user(f"Người {n}", verified=True) for n in range(4)]
        for n, user_id in enumerate(people):
            make.member(user_id, club, role="chair" if n == 0 else "member")
        joints.whole(
            round_id,
            club,
            chair=people[0],
            signers=people[:2],
            dissents={people[2]: "Tôi không tán thành."},
        )
        with transaction(write=False):
            assert audit().findings == []
        for statements, expected in EDITS:
            lines = after(statements)
            if not any(expected in line for line in lines):
                missed.append(f"{statements}: {expected} is not in {lines}")
        missed += unnamed(after, "joint", "joint_signature")
        with transaction(write=False):
            assert audit().sound, "nothing of the edits is left"
    assert missed == []
