"""A sealed author stays sealed: every page and file, in every role, is searched for the name."""

from __future__ import annotations

import email
import email.policy
import html
import io
import itertools
import logging
import tarfile
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pypdfium2
import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.cli.backups import write_backup
from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import Base, transaction
from consult.core.text import fold
from consult.documents.certificate_models import Certificate
from consult.documents.export_list import EXPORTS
from consult.documents.summary_list import FILES
from consult.submissions.commands import NewPoint
from consult.submissions.models import Authorship, Identity, Point
from consult.submissions.revisions import services as revising
from consult.summaries import coding_queries, coding_services, theme_building
from consult.summaries.coding_models import Code
from consult.summaries.engine.build import build
from tests.support import scene as scenes
from tests.support.browsing import post, signed_in
from tests.support.exports import download
from tests.support.scene import Scene

# What tells who the sealed author is; looked for without diacritics and case.
SEALED = [scenes.SEALED_NAME, scenes.SEALED_EMAIL, *scenes.SEALED_PROFILE.values()]
SEALED += [scenes.PAPER_NAME, scenes.PAPER_ORGANISATION]
CLUB_AUTHOR = [scenes.CLUB_AUTHOR, scenes.CLUB_AUTHOR_EMAIL]
# Pages about people as members and accounts; they may name anybody but show no opinion.
ABOUT_PEOPLE = {
    "people.club",
    "people.clubs",
    "people.remove",
    "people.verification",
    "people.verifications",
    "documents.certificate",
    "documents.certificates_queue",
    "critiques.panel",  # whom to invite, by field and speciality
    "responses.experts",  # whom to ask for a draft reply
    "admin.users",
    "admin.user",
    "admin.audit",
}
ABOUT_CLUBS = ABOUT_PEOPLE | {"admin.organisations", "admin.organisation"}
ABOUT_CLUBS |= {"submissions.joints", "submissions.open_joint", "submissions.club_points"}
ABOUT_CLUBS |= {"people.remove"}
ABOUT_CLUBS |= {"admin.new_organisation", "submissions.write", "submissions.basket"}
# Documents of quoted passages alone: the sealed opinion is listed, not quoted.
WITHOUT_ITS_WORDS = {f"{key}.{form}" for key in ("brief", "letter") for form in ("docx", "pdf")}
# Address arguments that lead to more than the bare page does.
QUERIES: dict[str, list[str]] = {
    "reading.points": ["q={who}", "provision=d1.k1", "stance=disagree", "disposition=waiting"],
    "reading.rounds": ["q={who}"],
    "reading.answers": ["disposition=partly_accepted"],
    "search.results": ["q={who}", "q={words}", "q={words}&kind=point", "q={email}"],
    "critiques.panel": ["q={who}", "field="],
    "summaries.matrix": ["all=1"],
    "summaries.cell": ["provision=d1.k1", "provision=d1&parts=1", "provision=general", "quoted=no"],
    "summaries.read": ["all=1"],
    "summaries.preview": ["reader=council&all=1", "reader=agency", "reader=public&all=1"],
    "summaries.decide": ["point={point}"],
    "summaries.reading": ["provision=d1.k1", "provision=general", "show=unread", "quoted=no"],
    "summaries.theme": ["id=1", "id=2", "provision=d1.k1"],
    "summaries.doubts": ["dismissed=1"],
    "summaries.coding_sample": ["id=1", "id=2"],
    "responses.table": [
        "q={who}",
        "state=published",
        "state=drafted",
        "state=overdue",
        "provision=d1.k1",
        "talk=objected",
        "talk=replied",
    ],
    "responses.answer": ["point={point}", "response={response}", "every=1"],
    "responses.experts": ["point={point}"],
    "responses.embargo": ["point={point}"],
    "responses.ask": ["next=/desk"],
    "submissions.write": ["provision=d1.k1"],
    "admin.mail": ["state=sent", "state=waiting"],
    "admin.audit": ["actor={who}", "action=submission.received"],
}


@pytest.fixture
def scene(sqlite_app: Flask, caplog: pytest.LogCaptureFixture) -> Scene:
    caplog.set_level(logging.INFO)
    built = scenes.build(sqlite_app)
    revise_sealed(built)
    ask_for_certificates(built)
    build_themes(built)
    draw_samples(built)
    return built


def revise_sealed(scene: Scene) -> None:
    """Have the author of a sealed point revise it: its history is crawled too."""
    with scene.app.app_context(), transaction() as session:
        point = session.get_one(Point, scene.points["open sealed"])
        words = NewPoint(
            point.provision.key if point.provision else None,
            point.stance,
            f"{point.argument} (sửa)",
            "revised",
        )
        author_id = scene.users["sealed author"]
        command = revising.RevisePoint(point, author_id, words, 0, clock.now())
        assert revising.revise(command)


def ask_for_certificates(scene: Scene) -> None:
    """Have those who must not be named ask for certificates: what stands in them is crawled."""
    with scene.app.app_context(), transaction() as session:
        for name in ("sealed author", "club author"):
            user_id = scene.users[name]
            session.add(
                Certificate(
                    user_id=user_id, open_for=user_id, state="requested", requested_at=clock.now()
                )
            )


def build_themes(scene: Scene) -> None:
    """Have the themes of every round built: their pages show words of sealed points."""
    for round_id in scene.rounds.values():
        with scene.app.app_context():
            with transaction(write=False):
                read = theme_building.material(round_id)
            with transaction():
                theme_building.store(read, build(read.records, 60), actor_id=None)


def draw_samples(scene: Scene) -> None:
    """Have a sample of two rounds, read by both of the Front: all points, and none alike."""
    staff = [scene.users["front"], scene.users["second of the front"]]
    for name in ("open", "closed"):
        round_id = scene.rounds[name]
        with scene.app.app_context(), transaction() as session:
            _some, number = coding_queries.drawn(round_id, 2)
            sample_id = coding_services.draw(round_id, number, actor_id=staff[0]).id
            for user_id, code in zip(staff, (Code.AGREE, Code.UNCLEAR), strict=True):
                mine = coding_services.Mine(round_id, sample_id, user_id)
                coding_services.join(mine)
                points = session.scalars(coding_queries.points(sample_id)).unique()
                coding_services.keep(mine, {row.point_id: code for row in points})
                if name == "closed" or user_id == staff[1]:  # the other goes on reading
                    coding_services.finish(mine)


def addresses(scene: Scene) -> Iterator[tuple[str, str]]:
    """Yield (endpoint, url) of every page that can be asked for, with every subject."""
    app = scene.app
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()):
                continue
            names = sorted(rule.arguments)
            for chosen in itertools.product(*(subjects(scene, name) for name in names)):
                url = url_for(rule.endpoint, **dict(zip(names, chosen, strict=True)))
                yield rule.endpoint, url
                for query in QUERIES.get(rule.endpoint, []):
                    yield rule.endpoint, f"{url}?{filled(scene, query)}"


def subjects(scene: Scene, argument: str) -> list[Any]:
    if argument == "certificate_id":
        return [1, 2]
    if argument == "user_id":
        return [scene.users["sealed author"], scene.users["club author"]]
    return scene.values(argument)


def filled(scene: Scene, query: str) -> str:
    return query.format(
        who=quote("Canaria Tuyết"),
        email="chim-yen-7f3a",
        words=quote(scenes.SEALED_WORDS),
        point=scene.points["closed sealed"],
        response=scene.responses["sealed"],
    )


def readable(data: bytes) -> str:
    """Return the folded text of an answer; documents are unpacked."""
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [archive.read(name) for name in archive.namelist()]
        data = b"\n".join(parts)
    if data.startswith(b"%PDF-"):
        pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)]
        data += unicodedata.normalize("NFC", "\n".join(pages)).encode()
    return fold(html.unescape(data.decode("utf-8", errors="replace")))


def holds(text: str, secrets: list[str]) -> list[str]:
    return [secret for secret in secrets if fold(secret) in text]


def crawl(scene: Scene, client: FlaskClient) -> Iterator[tuple[str, str, int, str]]:
    for endpoint, url in addresses(scene):
        answer = client.get(url)
        yield endpoint, url, answer.status_code, readable(answer.data)


ROLES = [
    "nobody",
    "another intellectual",
    "public author",
    "club officer",
    "unverified",
    "official",
    "official of another agency",
    "front",
    "council",
    "secretariat",
    "admin",
]


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_no_page_or_file_names_a_sealed_author(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    leaks: list[str] = []
    pages: dict[str, int] = {}
    seen_by: dict[str, set[str]] = {}
    made: set[str] = set()
    noted: set[str] = set()  # who met what the agency's officials note for each other
    read: set[str] = set()  # who met what the author replied to the agency
    for role in ROLES:
        client = scene.app.test_client()
        if role != "nobody":
            client = signed_in(scene.app, scene.users[role])
        for endpoint, url, status, text in crawl(scene, client):
            assert status < 500, f"{role}: {url} answered {status}"
            pages[role] = pages.get(role, 0) + (status == 200)
            if fold(scenes.SEALED_WORDS) in text and f"q={quote(scenes.SEALED_WORDS)}" not in url:
                seen_by.setdefault(role, set()).add(endpoint)
                made |= {n.split(":")[1] for n, i in scene.works.items() if f"/works/{i}/" in url}
            found = holds(text, SEALED + CLUB_AUTHOR)
            if found and endpoint not in ABOUT_PEOPLE:
                leaks.append(f"{role}: {url} names {found}")
            if found and (fold(scenes.SEALED_WORDS) in text or fold(scenes.CLUB_WORDS) in text):
                leaks.append(f"{role}: {url} names {found} beside an opinion")
            if found and any(fold(code) in text for code in scene.references.values()):
                leaks.append(f"{role}: {url} names {found} beside a receipt")
            if fold(scenes.INTERNAL_WORDS) in text:
                noted.add(role)
            if fold(scenes.REPLY_WORDS) in text:
                read.add(role)
                assert endpoint in ("responses.ask", "reading.point"), f"{role}: {url}"
            if fold(scenes.SEALED_CLUB) in text and endpoint not in ABOUT_CLUBS:
                leaks.append(f"{role}: {url} names the club of a sealed opinion")
    assert leaks == []
    assert noted == {"official"}
    assert read == {"official", "front", "secretariat"}
    # The crawl really met the opinions and the pages about people.
    assert {"reading.points", "reading.point", "search.results"} <= seen_by["nobody"] | {
        "search.results"
    }
    assert "documents.made_file" in seen_by["official"] & seen_by["front"]
    # In each of these the opinion stands, and its author does not.
    assert made == {*EXPORTS, *FILES} - {"answers.csv"} - WITHOUT_ITS_WORDS
    assert "summaries.read" in seen_by["council"]
    assert "summaries.preview" in seen_by["front"]
    assert pages["admin"] > 30
    assert holds(fold(caplog.text), [*SEALED, *CLUB_AUTHOR, scenes.SEALED_CLUB]) == []


def test_an_author_sees_what_is_his(scene: Scene) -> None:
    client = signed_in(scene.app, scene.users["sealed author"])
    reference = scene.references["open sealed"]
    assert scenes.SEALED_WORDS in client.get(f"/receipts/{reference}").text
    assert client.get(f"/receipts/{reference}.txt").status_code == 200
    assert scenes.SEALED_WORDS in client.get("/my/contributions").text


def test_a_club_is_named_and_its_author_is_not(scene: Scene) -> None:
    client = scene.app.test_client()
    page = client.get(f"/rounds/{scene.rounds['open']}/points").text
    assert scenes.CLUB_WORDS in page
    assert scenes.CLUB in page
    assert scenes.PUBLIC_NAME in page
    assert scenes.CLUB_AUTHOR not in page
    official = signed_in(scene.app, scene.users["official"])
    export = download(official, f"/rounds/{scene.rounds['closed']}/export/points.csv").text
    assert scenes.CLUB in export
    assert scenes.CLUB_AUTHOR not in export


def test_a_name_finds_no_sealed_opinion(scene: Scene) -> None:
    front = signed_in(scene.app, scene.users["front"])
    code = f"YK-{scene.points['open sealed']}"
    assert code in front.get(f"/search?q={quote(scenes.SEALED_WORDS)}&kind=point").text
    for who in (scenes.SEALED_NAME, scenes.SEALED_EMAIL, scenes.SEALED_CLUB):
        assert code not in front.get(f"/search?q={quote(who)}").text


def test_the_index_holds_no_sealed_name(scene: Scene) -> None:
    folder = scene.app.extensions["consult_settings"].data_dir / "index"
    files = [path for path in folder.rglob("*") if path.is_file()]
    content = b"\n".join(path.read_bytes() for path in files)
    assert b"canaria" not in content.lower()
    for form in ("NFC", "NFD"):
        for secret in [*SEALED, *CLUB_AUTHOR, scenes.SEALED_CLUB]:
            for text in (secret, secret.lower(), fold(secret)):
                assert unicodedata.normalize(form, text).encode() not in content
    assert b"cong khai" in content or b"khai" in content  # names that are public do stand there


def letters(app: Flask) -> list[Any]:
    folder = app.extensions["consult_settings"].data_dir / "mail"
    return [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in folder.glob("*.eml")
    ]


def test_letters_name_an_author_to_nobody_else(scene: Scene) -> None:
    sent = letters(scene.app)
    own = [letter for letter in sent if letter["To"] == scenes.SEALED_EMAIL]
    assert len(own) >= 3  # two receipts and an answer
    for letter in sent:
        text = fold(letter.as_string() + letter.get_content())
        if letter["To"] != scenes.SEALED_EMAIL:
            assert holds(text, [*SEALED, scenes.SEALED_CLUB]) == []
        if letter["To"] != scenes.CLUB_AUTHOR_EMAIL:
            assert holds(text, CLUB_AUTHOR) == []


def test_the_outbox_tells_the_administrator_of_no_author(scene: Scene) -> None:
    """Not even in part: with the instant beside it, a part is enough."""
    page = signed_in(scene.app, scene.users["admin"]).get("/admin/mail").text
    lines = [line for line in page.split("</tr>") if "giau-kin.example.org" in line]
    # All members of a club are written to when it begins, whether they contribute or not.
    assert all("mở góp ý tập thể" in line for line in lines)
    assert len(page.split("…</td>")) > 3, "letters to authors are listed without an address"


def sealed_submissions(scene: Scene) -> set[int]:
    with scene.app.app_context(), transaction(write=False) as session:
        return set(
            session.scalars(
                select(Authorship.submission_id).where(Authorship.identity == Identity.SEALED)
            )
        )


def test_no_row_ties_the_account_to_what_it_sealed(scene: Scene) -> None:
    """Neither directly nor by the receipt's code: jobs, notices, letters, audit, all tables."""
    account, sealed = scene.users["sealed author"], sealed_submissions(scene)
    assert len(sealed) >= 4  # three received, one of them withdrawn, and a basket
    hidden = [scene.references[label] for label in scene.references if "sealed" in label]
    hidden += [scene.references["open withdrawn"], scene.references["basket"]]
    ties: list[str] = []
    with scene.app.app_context(), transaction(write=False) as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)).mappings():
                facts = {name: value for name, value in row.items() if value is not None}
                people = {c.name for c in table.columns if refers_to(c, "users.id")}
                named = any(facts.get(name) == account for name in people)
                text = repr(facts)
                if table.name == "jobs":
                    named = account in numbers(facts["payload"])
                if table.name == "outgoing_emails":
                    named = facts["to_address"] == scenes.SEALED_EMAIL
                about = facts.get("submission_id") in sealed or any(c in text for c in hidden)
                about |= facts.get("subject_kind") == "submission" and (
                    facts.get("subject_id") in sealed
                )
                if named and about:
                    ties.append(f"{table.name}: {text[:200]}")
    assert ties == []


def refers_to(column: Any, target: str) -> bool:
    return any(key.target_fullname == target for key in column.foreign_keys)


def numbers(value: Any) -> set[int]:
    """Return the numbers under the keys of a job's payload that speak of accounts."""
    found: set[int] = set()
    for key, inner in value.items():
        if "user" in key or "actor" in key or "author" in key:
            found |= set(inner) if isinstance(inner, list) else {inner}
    return found


def test_only_the_key_opens_the_vault(scene: Scene) -> None:
    """Whoever has the database, or a backup of it, finds the name nowhere beside the account's."""
    with scene.app.app_context():
        path = scene.app.extensions["consult_settings"].data_dir.parent / "backup.tar.gz"
        write_backup(path, scene.app.extensions["consult_settings"].data_dir)
        key = scene.app.extensions["consult_settings"].vault_key.read_text("ascii")
    with tarfile.open(path) as archive:
        files = {m.name: archive.extractfile(m) for m in archive.getmembers() if m.isfile()}
        content = {name: handle.read() for name, handle in files.items() if handle}
    held = {name for name, data in content.items() if fold(scenes.SEALED_NAME) in readable(data)}
    assert held <= {
        "tables/users.jsonl",
        "tables/profiles.jsonl",
        "tables/outgoing_emails.jsonl",
    }
    for line in key.splitlines()[1:]:
        assert all(line.split()[-1].encode() not in data for data in content.values())
    path.unlink()


def test_an_opened_identity_is_seen_on_one_page_only(scene: Scene) -> None:
    """The request's own page and every list stay without the name; the two may look by a post."""
    asked = scene.requests["closed"]
    for role in ("secretariat", "second of the secretariat"):
        client = signed_in(scene.app, scene.users[role])
        for page in ("/secretariat/identities", f"/secretariat/identities/{asked}", "/desk"):
            assert holds(readable(client.get(page).data), SEALED) == []
        shown = post(client, f"/secretariat/identities/{asked}/see")
        assert scenes.SEALED_NAME in shown.text
    for role in set(ROLES) - {"nobody", "secretariat"}:
        client = signed_in(scene.app, scene.users[role])
        refused = post(client, f"/secretariat/identities/{asked}/see")
        assert refused.status_code in (403, 404)
        assert holds(readable(refused.data), SEALED) == []


def test_what_is_logged_and_recorded_names_no_sealed_author(scene: Scene) -> None:
    hidden = {scene.users["sealed author"], scene.users["club author"]}
    with scene.app.app_context(), transaction(write=False) as session:
        entries = session.scalars(select(AuditEntry)).all()
        about = [entry for entry in entries if entry.subject_kind == "submission"]
        assert len(about) >= 7
        assert {entry.actor_id for entry in about} & hidden == set()
        assert not any(set(map(str, entry.details.values())) & set(map(str, hidden))
                       for entry in about)  # fmt: skip
        # No other table than those about people and what is sent to them holds the name.
        holding: set[str] = set()
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                if holds(fold(repr(tuple(row))), [*SEALED, *CLUB_AUTHOR]):
                    holding.add(table.name)
    assert holding == {"users", "profiles", "outgoing_emails"}
