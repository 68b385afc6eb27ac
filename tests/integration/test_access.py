"""Deny by default: what each role gets at each address, against one table; only surprises fail.

Reads are tried with every subject of the scene, posts with the subjects of other people, whose
things must be the same afterwards.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from tests.support import scene as scenes
from tests.support.browsing import signed_in, token
from tests.support.scene import Scene, fingerprint

WRITERS = {"sealed author", "club author", "public author", "another intellectual", "club officer"}
STAFF = {
    "official",
    "official of another agency",
    "front",
    "second of the front",
    "council",
    "secretariat",
    "admin",
}
EVERYBODY = WRITERS | STAFF | {"nobody", "unverified"}
SIGNED_IN = EVERYBODY - {"nobody"}
FRONT = {"front", "second of the front"}

# endpoint → who may come in at all. Where the subject matters, `SUBJECTS` says more.
READERS: dict[str, Collection[str]] = {
    "reading.home": EVERYBODY,
    "reading.rounds": EVERYBODY,
    "search.results": EVERYBODY,
    "ledger.home": EVERYBODY,
    "ledger.checkpoint": EVERYBODY,
    "ledger.key": EVERYBODY,
    "ledger.consistency": EVERYBODY,
    "accounts.sign_in": EVERYBODY,
    "accounts.register": EVERYBODY,
    "accounts.letter_sent": EVERYBODY,
    "accounts.forgot": EVERYBODY,
    "accounts.account": SIGNED_IN,
    "people.profile": SIGNED_IN,
    "people.evidence_page": SIGNED_IN,
    "documents.record": SIGNED_IN,
    "documents.own_extract": SIGNED_IN,
    "documents.check_certificate": EVERYBODY,
    "documents.certificates_queue": {"secretariat"},
    "people.clubs": SIGNED_IN,
    "reading.mine": SIGNED_IN,
    "notifications.inbox": SIGNED_IN,
    "desk.home": SIGNED_IN,
    "desk.my_works": SIGNED_IN,
    "people.verifications": {"secretariat"},
    "people.verification": {"secretariat"},
    "submissions.moderation_log": EVERYBODY,
    "submissions.moderation_queue": {*FRONT, "secretariat"},
    "submissions.identities": {"secretariat", "admin"},
    "submissions.identity": {"secretariat", "admin"},
    "drafts.upload": {"official", "official of another agency"},
    "desk.drafts": {"official", "official of another agency"},
    # The scene's commission is ordered by the official; its panel is being formed.
    "critiques.home": SIGNED_IN,
    "critiques.order": {"official"},
    "critiques.commission": {"official", "secretariat", "another intellectual", "public author"},
    "critiques.panel": {"secretariat"},
    "critiques.seat": {"secretariat"},
    "critiques.criteria": {"secretariat"},
    "critiques.templates": {"secretariat"},
    "critiques.edit_template": {"secretariat"},
    "critiques.invitation": {"another intellectual", "public author"},
    "critiques.text": {"secretariat", "another intellectual"},
    "critiques.review": {"another intellectual"},
    **dict.fromkeys(
        ("submissions.joint", "submissions.suggest", "submissions.dissent"),
        frozenset({"club officer", "club author"}),
    ),
    **dict.fromkeys(
        (
            "submissions.edit_joint",
            "submissions.reopen_joint",
            "submissions.drop_joint",
            "submissions.decline_suggestion",
        ),
        frozenset({"club officer"}),
    ),
    **dict.fromkeys(
        (
            "critiques.reviews",
            "critiques.meeting",
            "critiques.call_meeting",
            "critiques.minutes",
            "critiques.report",
            "critiques.edit_report",
            "critiques.answers",
            "documents.review_sheet",
            "documents.critique_minutes",
            "documents.critique_report",
        ),
        frozenset[str](),
    ),
    **dict.fromkeys(
        (
            "drafts.version",
            "drafts.correct",
            "drafts.provision",
            "drafts.unassigned",
            "drafts.corrections",
            "drafts.guess",
            "consultations.new",
            "consultations.manage",
            "consultations.edit",
            "consultations.preview",
            "responses.table",
            "responses.commit",
            "responses.answer",
            "responses.due",
            "responses.experts",
            "responses.embargo",
            "responses.embargoed",
            "responses.versions",
            "responses.comparison",
            "responses.comparison_state",
            "responses.publish_version",
            # The scene's versions are not public; `reading/test_versions.py` has some that are.
            "reading.version",
            "reading.version_piece",
        ),
        frozenset({"official"}),
    ),
    "summaries.scale": EVERYBODY,
    "summaries.matrix": FRONT,
    "summaries.cell": FRONT,
    "summaries.edit": FRONT,
    "summaries.decisions": FRONT,
    "summaries.decide": FRONT,
    "summaries.files": FRONT,
    "summaries.answer_objection": set(),  # nobody has objected in the scene
    "summaries.themes": FRONT,
    "summaries.theme": FRONT,
    "summaries.not_echoed": FRONT,
    "summaries.campaigns": FRONT,
    "summaries.reading": FRONT,
    "summaries.missed": FRONT,
    "summaries.doubts": FRONT,
    "summaries.groups": FRONT,
    "summaries.coding": FRONT,
    "summaries.coding_sample": set(),  # none is drawn in the scene
    "documents.exports": {"official", *FRONT},
    "documents.export": {"official", *FRONT},
    **dict.fromkeys(
        (
            "admin.users",
            "admin.user",
            "admin.organisations",
            "admin.new_organisation",
            "admin.organisation",
            "admin.settings",
            "admin.periods",
            "admin.audit",
            "admin.jobs",
            "admin.mail",
        ),
        frozenset({"admin"}),
    ),
    "people.evidence_file": set(),
    "documents.certificate": set(),
    "documents.certificate_pdf_file": set(),
    # No link, no file, no public and no compared versions in the scene: nobody gets anything.
    "accounts.confirm": set(),
    "accounts.reset": set(),
    "submissions.paper_scan": set(),
    "drafts.original": set(),
    "drafts.scan": set(),
    "drafts.scanned_pages": set(),
    "drafts.page_picture": set(),
    "drafts.recognised_text": set(),
    "responses.counterpart": set(),
    "responses.commitment_file": set(),  # the scene's commitment has none
    "responses.draft_reply": set(),  # none is asked for in the scene
    "responses.draft_replies": SIGNED_IN,
    "reading.source": set(),
    "reading.version_source": set(),
    "reading.draft": set(),
    "reading.compare": set(),
    "documents.comparison_docx": set(),
    "documents.comparison_xlsx": set(),
}


def expected(scene: Scene, endpoint: str, role: str, values: dict[str, object]) -> bool:
    """Return whether ``role`` gets in at ``endpoint`` with these subjects."""
    if endpoint in READERS:
        rounds_own_affair = "round_id" in values and endpoint.startswith(
            ("summaries.", "documents.")
        )
        if rounds_own_affair and role in FRONT and READERS[endpoint]:
            return values.get("round_id") != scene.rounds["preparing"]
        return role in READERS[endpoint]
    return SUBJECTS[endpoint](scene, role, values)


def _round(scene: Scene, role: str, values: dict[str, object]) -> bool:
    return values["round_id"] != scene.rounds["preparing"] or role == "official"


def _club(scene: Scene, role: str, values: dict[str, object]) -> bool:
    clubs = (scene.organisations["club"], scene.organisations["sealed club"])
    return role in SIGNED_IN and values["organisation_id"] in clubs


def _points(scene: Scene, role: str, values: dict[str, object]) -> bool:
    return _round(scene, role, values)


def _write(scene: Scene, role: str, values: dict[str, object]) -> bool:
    return role in WRITERS and values["round_id"] != scene.rounds["preparing"]


def _point(scene: Scene, role: str, values: dict[str, object]) -> bool:
    return values["point_id"] != scene.points["basket"] or role == "sealed author"


def _moderate(scene: Scene, role: str, values: dict[str, object]) -> bool:
    return values["point_id"] != scene.points["basket"] and role in (*FRONT, "secretariat")


def _others_point(scene: Scene, role: str, values: dict[str, object]) -> bool:
    return (
        role in WRITERS
        and values["point_id"] != scene.points["basket"]
        and not _own_point(scene, role, values)
    )


def _own_point(scene: Scene, role: str, values: dict[str, object]) -> bool:
    label = next(k for k, v in scene.points.items() if v == values["point_id"])
    author = "sealed" if label == "basket" else label.split()[1].replace("withdrawn", "sealed")
    return role == f"{author} author"


def _attachment(scene: Scene, role: str, values: dict[str, object]) -> bool:
    label = next(k for k, v in scene.attachments.items() if v == values["attachment_id"])
    if "withdrawn" in label or "hidden" in label:
        mine = _own_point(scene, role, {"point_id": scene.points[label]})
        return mine or role in ("official", *FRONT, "secretariat")
    return role in EVERYBODY


def _basket_point(scene: Scene, role: str, values: dict[str, object]) -> bool:
    mine = (scene.rounds["open"], scene.points["basket"])
    return role == "sealed author" and (values["round_id"], values["point_id"]) == mine


def _receipt(scene: Scene, role: str, values: dict[str, object]) -> bool:
    label = next(k for k, v in scene.references.items() if v == values["reference"])
    author = "sealed" if label == "basket" else label.split()[1].replace("withdrawn", "sealed")
    return role == f"{author} author"


def _receipt_file(scene: Scene, role: str, values: dict[str, object]) -> bool:
    return values["reference"] != scene.references["basket"] and _receipt(scene, role, values)


def _papers(scene: Scene, role: str, values: dict[str, object]) -> bool:
    """Whoever enters contributions; what is being prepared is its agency's own affair."""
    if values.get("round_id") == scene.rounds["preparing"]:
        return role == "official"
    return role in ("official", *FRONT, "secretariat")


def _correct_paper(scene: Scene, role: str, values: dict[str, object]) -> bool:
    theirs = {id_ for label, id_ in scene.points.items() if label.startswith("paper")}
    return values["point_id"] in theirs and _papers(scene, role, values)


def _ask_identity(scene: Scene, role: str, values: dict[str, object]) -> bool:
    sealed = {id_ for label, id_ in scene.points.items() if "sealed" in label or "drawn" in label}
    return role == "secretariat" and values["point_id"] in sealed


def _summary(scene: Scene, role: str, values: dict[str, object]) -> bool:
    return values["summary_id"] == scene.summaries["released"] or role in FRONT


def _summary_file(scene: Scene, role: str, values: dict[str, object]) -> bool:
    """The annex for everybody with an account, the rest for whom it was released to."""
    if role in FRONT or values["summary_id"] != scene.summaries["released"]:
        return role in FRONT
    public = str(values["document"]).startswith("annex.")
    return role in SIGNED_IN if public else role in ("council", "official")


def _review(scene: Scene, role: str, values: dict[str, object]) -> bool:
    return role in FRONT and values["round_id"] == scene.rounds["closed"]


def _recorded(scene: Scene, role: str, values: dict[str, object]) -> bool:
    wrote = role in ("sealed author", "club author", "public author")
    return wrote and values["summary_id"] == scene.summaries["released"]


# Members of the clubs; the officer is an officer of both.
MEMBERS = {
    "club": {"club officer", "club author"},
    "sealed club": {"club officer", "sealed author"},
}


def _members(scene: Scene, role: str, values: dict[str, object]) -> bool:
    return any(
        values["organisation_id"] == scene.organisations[club] and role in members
        for club, members in MEMBERS.items()
    )


def _officers(scene: Scene, role: str, values: dict[str, object]) -> bool:
    return role == "club officer" and _members(scene, role, values)


def _ends_membership(scene: Scene, role: str, values: dict[str, object]) -> bool:
    deciding = role in ("club officer", "secretariat")
    return deciding and _members(scene, "club officer", values)


def _work(scene: Scene, role: str, values: dict[str, object]) -> bool:
    label = next(k for k, v in scene.works.items() if v == values["work_id"])
    return label.split(":")[0] == role


def _joint_point(scene: Scene, role: str, values: dict[str, object]) -> bool:
    return role == "club officer" and values["point_id"] == 1


SUBJECTS = {
    "people.remove": _ends_membership,
    "submissions.club_points": _club,
    "submissions.joints": _members,
    "submissions.open_joint": _officers,
    "submissions.joint_point": _joint_point,
    "reading.round": _round,
    "reading.piece": _round,
    "documents.form_docx": _round,
    "documents.form": _write,
    "reading.answers": _round,
    "people.club": _club,
    "reading.points": _points,
    "reading.point": _point,
    "submissions.write": _write,
    "submissions.basket": _write,
    "submissions.questions": _write,
    "submissions.answer_results": _points,
    "submissions.edit_point": _basket_point,
    "submissions.papers": _papers,
    "submissions.enter_paper": _papers,
    "submissions.import_table": _papers,
    "submissions.paper": _papers,
    "submissions.paper_receipt": _papers,
    "submissions.correct_paper": _correct_paper,
    "submissions.attachment": _attachment,
    "submissions.ask_identity": _ask_identity,
    "submissions.moderate_point": _moderate,
    "submissions.report": _others_point,
    "submissions.appeal": _own_point,
    "responses.dialogue": lambda s, r, v: (
        v["point_id"] != s.points["basket"] and _own_point(s, r, v)
    ),
    "responses.commitments": _round,
    "documents.commitments_csv": _round,
    "responses.settle": lambda s, r, v: r == "official" and v["round_id"] == s.rounds["closed"],
    "responses.ask": lambda s, r, v: r == "official" and v["point_id"] != s.points["basket"],
    "submissions.revise": lambda s, r, v: (
        v["point_id"] != s.points["basket"] and _own_point(s, r, v)
    ),
    "submissions.receipt": _receipt,
    "submissions.receipt_file": _receipt_file,
    "desk.work": _work,
    "documents.made_file": _work,
    "summaries.read": _summary,
    "documents.summary_files": _summary,
    "documents.summary_file": _summary_file,
    "summaries.review": _review,
    "summaries.preview": _review,
    "summaries.own": _recorded,
}


@pytest.fixture
def scene(sqlite_app: Flask) -> Scene:
    return scenes.build(sqlite_app)


def client_of(scene: Scene, role: str) -> FlaskClient:
    if role == "nobody":
        return scene.app.test_client()
    return signed_in(scene.app, scene.users[role])


def addresses(scene: Scene, method: str) -> Iterator[tuple[str, dict[str, object], str]]:
    """Yield (endpoint, values of the arguments, url) of each address with each subject."""
    for rule in scene.app.url_map.iter_rules():
        if method not in (rule.methods or ()):
            continue
        names = sorted(rule.arguments)
        tried = [scene.values(name)[:12] for name in names]
        for chosen in itertools.product(*tried):
            values = dict(zip(names, chosen, strict=True))
            with scene.app.test_request_context():
                yield rule.endpoint, values, url_for(rule.endpoint, **values)


def test_the_table_speaks_of_every_page(sqlite_app: Flask) -> None:
    """A page that nobody thought about fails here, before it is tried."""
    pages = {r.endpoint for r in sqlite_app.url_map.iter_rules() if "GET" in (r.methods or ())}
    assert pages == set(READERS) | set(SUBJECTS)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_role_gets_what_the_table_says(scene: Scene) -> None:
    surprises: list[str] = []
    met: set[tuple[str, bool]] = set()
    reads = list(addresses(scene, "GET"))
    for role in sorted(EVERYBODY):
        client = client_of(scene, role)
        for endpoint, values, url in reads:
            status = client.get(url).status_code
            welcome = expected(scene, endpoint, role, values)
            met.add((endpoint, welcome))
            to_sign_in = role == "nobody" and status == 302
            # 200, or on to where the thing is (a basket, the desk); never a fault of ours.
            came_in = status in (200, 303) or (status == 302 and not to_sign_in)
            refused = status in (403, 404, 410) or to_sign_in
            if endpoint == "people.verification" and role == "secretariat" and status == 404:
                continue  # no profile has been made
            if came_in != welcome or refused == welcome:
                surprises.append(f"{role}: {url} ({endpoint}) answered {status}")
    assert surprises == []
    never = {e for e in set(READERS) | set(SUBJECTS) if (e, True) not in met}
    assert never == {e for e, who in READERS.items() if not who}


# --- posts ---------------------------------------------------------------------------------------

# Posts whose subject is the person who posts, or that only begin something for oneself.
OWN = {
    "accounts.sign_in",
    "accounts.sign_out",
    "accounts.register",
    "accounts.forgot",
    "accounts.reset",
    "accounts.confirm",
    "accounts.change_name",
    "accounts.change_password",
    "accounts.sign_out_elsewhere",
    "accounts.resend_confirmation",
    "accounts.language",
    "people.profile",
    "people.evidence_page",
    "documents.request_certificate",
    "documents.form",  # into one's own basket
    "documents.summary_file",  # for oneself; who may is in the table
    "people.join",
    "people.leave",
    "people.answer_invitation",
    "notifications.read",
    "submissions.write",
    "submissions.questions",
    "submissions.keep",
    "submissions.preview",
    "submissions.send",
}
PAPER = {
    f"submissions.{act}" for act in ("enter_paper", "check_paper", "correct_paper", "import_table")
}
FILES = {"documents.export", "desk.cancel_work"}
MODERATION = {"submissions.hide_point", "submissions.settle_reports"}
JOINT_WORK = {
    f"submissions.{act}"
    for act in (
        "open_joint",
        "edit_joint",
        "start_signing",
        "joint_point",
        "move_joint_point",
        "put_back_joint_point",
        "suggest",
        "take_suggestion",
        "take_suggestion_back",
        "decline_suggestion",
        "sign_joint",
        "dissent",
        "unsign_joint",
        "reopen_joint",
        "drop_joint",
        "approve_joint",
        "send_joint",
    )
}
READERS_ANSWER = {"submissions.endorse", "submissions.report"}
# role → the rooms whose posts are that role's work, with anybody's things.
WORK = {
    "official": {"drafts", "consultations", "responses", "critiques", *FILES, *PAPER},
    "official of another agency": {"drafts.upload"},
    # It hid the scene's hidden point, and the author has appealed: another person decides.
    "front": {"summaries", "submissions.take_back", *FILES, *MODERATION, *PAPER},
    "second of the front": {"summaries", "submissions.decide", *FILES, *MODERATION, *PAPER},
    "secretariat": {
        "people",
        "critiques",
        "submissions.decide",
        *MODERATION,
        *PAPER,
        "submissions.ask_identity",
        "submissions.decide_identity",
        "submissions.see_identity",
    },
    "admin": {"admin", "submissions.decide_identity"},
    "club officer": {
        *(f"people.{act}" for act in ("decide", "set_role", "invite", "remove", "hand_over")),
        *JOINT_WORK,
        *READERS_ANSWER,
    },
    "another intellectual": {"critiques", *READERS_ANSWER},
    "sealed author": {"submissions", "responses.dialogue", "summaries.object_to"},
    "club author": {"submissions", "responses.dialogue", "summaries.object_to"},
    "public author": {
        "submissions",
        "responses.dialogue",
        "critiques.invitation",
        "summaries.object_to",
    },
}
ALL_AT_ONCE = {
    "action": "start",
    "all": "1",
    "point": "1",
    "full_name": "Kẻ Gian",
    "title": "Kẻ Gian",
    "stance": "agree",
    "argument": "Kẻ gian sửa.",
    "disposition": "noted",
    "reason": "Kẻ gian trả lời",
    "extend-closes_at": "2099-01-01T00:00",
    "extend-reason": "Kẻ gian",
    "cancel-reason": "Kẻ gian hủy đợt lấy ý kiến này",
    "no_state_secret": "y",
    "role": "admin",
    "decision": "accept",
    "identity": "public",
    "note": "Kẻ gian",
    "introduction": "Kẻ gian",
}


def posts(scene: Scene) -> list[tuple[str, str]]:
    return [
        (endpoint, url)
        for endpoint, _values, url in addresses(scene, "POST")
        if endpoint not in OWN
    ]


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_nobody_changes_what_is_not_his(scene: Scene) -> None:
    tried = posts(scene)
    assert len({endpoint for endpoint, _ in tried}) > 30
    clients = {role: client_of(scene, role) for role in sorted(EVERYBODY)}
    before = fingerprint(scene)
    surprises: list[str] = []
    notices = {v: int(k.split(":")[0]) for k, v in scene.notices.items()}
    works = {v: k.split(":")[0] for k, v in scene.works.items()}
    for role, client in clients.items():
        data = {"csrf_token": token(client)}
        work = WORK.get(role, set())
        for endpoint, url in tried:
            if endpoint.split(".")[0] in work or endpoint in work:
                continue
            if endpoint == "notifications.open_notice":
                notice = int(url.split("/")[2])
                if notices[notice] == scene.users.get(role):
                    continue
            if endpoint == "desk.cancel_work" and works[int(url.split("/")[2])] == role:
                continue
            status = client.post(url, data={**ALL_AT_ONCE, **data}).status_code
            wanted = (401,) if role == "nobody" else (403, 404)
            if status not in wanted and not (role == "nobody" and status == 404):
                surprises.append(f"{role}: POST {url} ({endpoint}) answered {status}")
    assert surprises == []
    assert fingerprint(scene) == before


def submission_posts(scene: Scene, label: str) -> list[str]:
    reference, open_round = scene.references[label], scene.rounds["open"]
    basket = f"/rounds/{open_round}/basket/{scene.points['basket']}"
    return [f"/receipts/{reference}/withdraw", basket, f"{basket}/delete"]


@pytest.mark.parametrize("role", ["club author", "public author", "another intellectual"])
def test_an_author_changes_nothing_of_another(scene: Scene, role: str) -> None:
    client = client_of(scene, role)
    data = {**ALL_AT_ONCE, "csrf_token": token(client)}
    before = fingerprint(scene)
    for url in submission_posts(scene, "open sealed"):
        assert client.post(url, data=data).status_code == 404, url
    # Another's basket, named by its code, is not sent by posting it as one's own.
    data["reference"] = scene.references["basket"]
    client.post(f"/rounds/{scene.rounds['open']}/send", data=data)
    assert fingerprint(scene) == before


def test_an_author_withdraws_only_points_of_the_receipt(scene: Scene) -> None:
    client = client_of(scene, "public author")
    before = fingerprint(scene)
    client.post(
        f"/receipts/{scene.references['open public']}/withdraw",
        data={
            "csrf_token": token(client),
            "point": [str(scene.points["open sealed"]), str(scene.points["closed public"])],
        },
    )
    assert fingerprint(scene) == before


def test_an_official_touches_no_other_rounds_points(scene: Scene) -> None:
    """The address names one's own round, the form another's points."""
    from tests.support import factories as make

    with scene.app.app_context():
        agency = scene.organisations["other agency"]
        own_round = make.consultation(agency, make.version(agency))
    client = client_of(scene, "official of another agency")
    data = {"csrf_token": token(client), **ALL_AT_ONCE}
    before = fingerprint(scene)
    stolen = str(scene.points["closed public"])
    response = str(scene.responses["public"])
    office = f"/office/rounds/{own_round}"
    for url in (f"{office}/answer", f"{office}/answer?response={response}"):
        client.post(url, data={**data, "point": stolen, "action": "answer"})
        client.post(url, data={**data, "point": stolen, "action": "move", "response": response})
    client.post(f"{office}/answers/publish", data={**data, "all": "0", "point": stolen})
    page = client.get(f"{office}/answer?point={stolen}", follow_redirects=True).text
    assert "công khai ở closed" not in page
    assert fingerprint(scene) == before


def test_a_drafted_answer_and_an_unreleased_summary_are_seen_by_nobody_else(
    scene: Scene,
) -> None:
    words = "trả lời còn là bản nháp"
    round_id = scene.rounds["closed"]
    pages = [
        f"/rounds/{round_id}",
        f"/rounds/{round_id}/points",
        f"/rounds/{round_id}/answers",
        f"/points/{scene.points['closed public']}",
        f"/rounds/{round_id}/export/points.csv",
        f"/office/rounds/{round_id}/answers",
        f"/summaries/{scene.summaries['released']}?all=1",
        f"/front/rounds/{round_id}/cell",
        "/my/contributions",
        "/desk",
    ]
    for role in sorted(EVERYBODY - {"official"}):
        client = client_of(scene, role)
        for page in pages:
            assert words not in client.get(page).text, f"{role}: {page}"
        if role not in FRONT:
            unreleased = client.get(f"/summaries/{scene.summaries['unreleased']}")
            assert unreleased.status_code in (302, 403, 404)
    assert words in client_of(scene, "official").get(pages[5]).text


def test_the_secretariat_grants_no_role(scene: Scene) -> None:
    """Members' functions are set by a club's own officers, roles by administrators."""
    client = client_of(scene, "secretariat")
    data = {"csrf_token": token(client), "role": "admin"}
    before = fingerprint(scene)
    user = scene.users["another intellectual"]
    assert client.post(f"/admin/users/{user}/roles", data=data).status_code == 403
    club = scene.organisations["club"]
    member = scene.users["club author"]
    assert client.post(f"/clubs/{club}/members/{member}/role", data=data).status_code == 400
    assert fingerprint(scene) == before
