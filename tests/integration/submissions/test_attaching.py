"""Files attached to points: waiting with the form, in the basket, received, downloaded, swept."""

from __future__ import annotations

import hashlib
import io
import os
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import text

from config import Settings
from consult.cli.ledger import sources
from consult.consultations.models import Consultation
from consult.core import files
from consult.core.db import transaction
from consult.jobs import runner
from consult.ledger import auditing
from consult.ledger.models import Leaf
from consult.submissions.attachments.models import Attachment, FileKind
from consult.submissions.attachments.queries import attachments_of_round
from consult.submissions.models import Identity, Point
from tests.integration.submissions.test_writing import Scene, rows, scene
from tests.support import attachable, factories
from tests.support.browsing import post, signed_in
from tests.support.exports import download
from tests.support.said import said
from tests.support.statements import counted

assert scene  # the fixture


def upload(*files_: tuple[str, bytes]) -> list[Any]:
    return [(io.BytesIO(data), name) for name, data in files_]


@pytest.fixture
def small(scene: Scene) -> Iterator[Scene]:
    """Limits that small files reach: 1 MB a file, 2 files a point, 1 MB in all."""
    kept: Settings = scene.app.extensions["consult_settings"]
    limits = {"max_attachment_bytes": 1 << 20, "max_attachments": 2, "max_attached_bytes": 1 << 20}
    scene.app.extensions["consult_settings"] = replace(kept, **limits)
    yield scene
    scene.app.extensions["consult_settings"] = kept


def stored(app: Flask, digest: str) -> Path:
    with app.app_context():
        return files.place(digest)


def attachments(scene: Scene) -> list[Attachment]:
    return sorted(rows(scene.app, Attachment), key=lambda row: row.id)


def attach(scene: Scene, *files_: tuple[str, bytes], url: str = "write", **changed: Any) -> Any:
    data = scene.fill(action="attach", files=upload(*files_), **changed)
    return post(scene.browser, scene.url(url), data, follow_redirects=False)


def audited(app: Flask) -> list[str]:
    with app.app_context(), transaction(write=False):
        found = auditing.audit(sources(), []).findings
    return [f"{f.problem} {f.table} {f.row} {f.detail}".strip() for f in found if not f.harmless]


def test_a_file_waits_with_its_form_and_goes_with_its_point(scene: Scene) -> None:
    page = attach(scene, ("số liệu.xlsx", attachable.xlsx()))
    assert page.status_code == 200
    assert "số liệu.xlsx" in page.text
    assert scene.fill()["argument"] in page.text.replace("&#39;", "'")
    [row] = attachments(scene)
    assert (row.point_id, row.form_key, row.kind) == (None, "form-1", FileKind.XLSX)
    # The page opened anew, in another browser too, still has it.
    anew = scene.browser.get(scene.url("write?provision=d1.k1")).text
    assert "số liệu.xlsx" in anew
    assert 'value="form-1"' in anew
    assert "số liệu.xlsx" not in scene.browser.get(scene.url("write?provision=c1")).text

    assert scene.write(attached="1").status_code == 303
    [point] = rows(scene.app, Point)
    [row] = attachments(scene)
    assert (row.point_id, row.owner, row.form_key) == (point.id, None, "")
    assert "số liệu.xlsx" in scene.browser.get(scene.url("basket")).text

    answer = scene.send_basket()
    receipt = scene.browser.get(answer.location).text
    assert "số liệu.xlsx" in receipt
    file = scene.browser.get(answer.location + ".txt").text
    kept = stored(scene.app, row.sha256).read_bytes()
    assert hashlib.sha256(kept).hexdigest() == row.sha256
    assert len(kept) == row.size
    assert not attachable.holds(kept)
    assert f'"name":"số liệu.xlsx","sha256":"{row.sha256}","size":{row.size}' in file
    assert audited(scene.app) == []


def test_a_point_sent_at_once_brings_its_files(scene: Scene) -> None:
    sent = scene.send_now(files=upload(("a.pdf", attachable.pdf()), ("b.png", attachable.png())))
    assert sent.status_code == 303
    assert [row.name for row in attachments(scene)] == ["a.pdf", "b.png"]
    receipt = scene.browser.get(sent.location)
    assert "b.png" in receipt.text
    assert "alert-danger" not in receipt.text, "the log has what the database holds"
    assert audited(scene.app) == []


def test_a_point_without_files_has_the_leaf_that_it_always_had(scene: Scene) -> None:
    sent = scene.send_now()
    assert "attachments" not in scene.browser.get(sent.location + ".txt").text


def test_a_file_is_not_asked_for_again_after_a_mistake(scene: Scene) -> None:
    page = scene.write(argument="", files=upload(("a.pdf", attachable.pdf())))
    assert page.status_code == 422
    assert "a.pdf" in page.text
    attached = re.search(r'name="attached" value="(\w*)"', page.text)
    assert attached
    assert attached[1]
    scene.write(attached=attached[1])
    assert [row.point_id is not None for row in attachments(scene)] == [True]


def test_a_refused_file_keeps_the_words_and_the_others(scene: Scene) -> None:
    page = scene.write(
        files=upload(("a.pdf", attachable.pdf()), ("b.docx", attachable.png()), ("c.png", b""))
    )
    assert page.status_code == 422
    assert scene.fill()["proposed_wording"] in page.text
    wrong = said(
        scene.app,
        "The file is really of type %(actual)s, not what its name says. Give its name the ending "
        "%(ending)s and choose it again.",
        actual="PNG",
        ending=".png",
    )
    assert f"b.docx: {wrong}" in page.text
    assert "c.png: " + said(scene.app, "The file is empty.") in page.text
    assert [row.name for row in attachments(scene)] == ["a.pdf"]
    assert rows(scene.app, Point) == []


def test_a_script_gets_the_files_part_alone(scene: Scene) -> None:
    data = scene.fill(action="attach", files=upload(("a.png", attachable.png())))
    answer = post(scene.browser, scene.url(), data, headers={"X-Attach": "1"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "a.png" in answer.text
    data = scene.fill(action="attach", files=upload(("b.png", attachable.EICAR)), attached="1")
    answer = post(scene.browser, scene.url(), data, headers={"X-Attach": "1"})
    assert answer.status_code == 422
    assert "field-error" in answer.text
    [row] = attachments(scene)
    data = scene.fill(action=f"detach:{row.id}", attached="1")
    answer = post(scene.browser, scene.url(), data, headers={"X-Attach": "1"})
    assert "a.png" not in answer.text
    assert attachments(scene) == []


def test_files_of_a_point_in_the_basket(scene: Scene) -> None:
    scene.write()
    [point] = rows(scene.app, Point)
    path = f"basket/{point.id}"
    attach(scene, ("a.png", attachable.png()), url=path)
    [row] = attachments(scene)
    assert row.point_id == point.id
    page = scene.browser.get(scene.url(path)).text
    assert f"detach:{row.id}" in page
    scene.browser.get(scene.url(path))
    post(scene.browser, scene.url(path), scene.fill(action=f"detach:{row.id}"))
    assert attachments(scene) == []
    attach(scene, ("a.png", attachable.png()), url=path)
    post(scene.browser, scene.url(f"{path}/delete"))
    assert attachments(scene) == []
    assert rows(scene.app, Point) == []


def test_limits_and_repeats(small: Scene) -> None:
    heavy = attachable.png() + bytes(1 << 20)
    too_large = said(
        small.app, "The file is larger than %(limit)s MB. Make it smaller, or divide it.", limit=1
    )
    assert too_large in attach(small, ("a.png", heavy)).text
    assert attach(small, ("a.png", attachable.png())).status_code == 200
    same = said(
        small.app, "The same file is attached to this point already, as “%(other)s”.", other="a.png"
    )
    again = attach(small, ("anh khac.png", attachable.png()), attached="1")
    assert again.status_code == 422
    assert same in again.text
    noise = os.urandom(800_000)
    picture = {"word/media/a.bin": noise}
    assert attach(small, ("b.docx", attachable.docx(more=picture)), attached="1").status_code == 200
    many = said(small.app, "A point takes at most %(limit)s files. Remove one first.", limit=2)
    assert many in attach(small, ("c.pdf", attachable.pdf()), attached="1").text
    # All files of a contribution count, whichever point they are on.
    other = attachable.docx("khác", more={"word/media/a.bin": noise[::-1]})
    page = attach(small, ("d.docx", other), provision="c1", form_key="form-2")
    assert page.status_code == 422
    assert len(attachments(small)) == 2


def test_going_back_and_sending_the_saved_form_takes_its_files_along(scene: Scene) -> None:
    attach(scene, ("a.png", attachable.png()))
    scene.write(attached="1")
    attach(scene, ("b.png", attachable.png(3)))
    sent = scene.send_now(attached="1")
    assert sent.location.startswith("/receipts/")
    [point] = rows(scene.app, Point)
    assert {(row.name, row.point_id) for row in attachments(scene)} == {
        ("a.png", point.id),
        ("b.png", point.id),
    }
    assert audited(scene.app) == []


def test_nobody_takes_anothers_waiting_files(scene: Scene) -> None:
    attach(scene, ("a.png", attachable.png()))
    [row] = attachments(scene)
    with scene.app.app_context():
        stranger = factories.user(verified=True)
    other = replace(scene, author_id=stranger, browser=signed_in(scene.app, stranger))
    assert "a.png" not in other.browser.get(other.url("write?provision=d1.k1")).text
    other.write(action=f"detach:{row.id}", attached="1")
    other.write(attached="1")
    [row] = attachments(scene)
    assert row.point_id is None
    assert other.browser.get(f"/attachments/{row.id}").status_code == 404


def test_under_seal_a_file_loses_its_name(scene: Scene) -> None:
    name = "Phạm Thị Hồng Đào - góp ý.docx"
    sent = scene.send_now(identity="sealed", files=upload((name, attachable.docx())))
    [row] = attachments(scene)
    assert row.name == "tai-lieu-1.docx"
    assert name not in scene.browser.get(sent.location + ".txt").text
    answer = scene.browser.get(f"/attachments/{row.id}")
    assert "tai-lieu-1.docx" in answer.headers["Content-Disposition"]
    assert audited(scene.app) == []


def test_a_file_is_handed_out_safely_and_to_the_points_readers_only(scene: Scene) -> None:
    scene.send_now(files=upload(("số liệu.pdf", attachable.pdf())))
    [row] = attachments(scene)
    url = f"/attachments/{row.id}"
    answer = scene.browser.get(url)
    assert answer.data == stored(scene.app, row.sha256).read_bytes()
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Last-Modified" not in answer.headers
    with scene.app.app_context():
        reader = factories.user(verified=True)
    someone = signed_in(scene.app, reader)
    assert someone.get(url).status_code == 200, "the round shows its points at once"
    for hidden in ("hidden_at", "withdrawn_at"):
        with scene.app.app_context(), transaction() as session:
            session.execute(text(f"UPDATE points SET {hidden} = '2026-01-01 00:00:00+00:00'"))
        assert someone.get(url).status_code == 404, hidden
        assert scene.browser.get(url).status_code == 200, hidden
        with scene.app.app_context(), transaction() as session:
            session.execute(text(f"UPDATE points SET {hidden} = NULL"))
    with scene.app.app_context(), transaction() as session:
        session.execute(text("UPDATE consultations SET points_visibility = 'staff_only'"))
    assert someone.get(url).status_code == 404
    stored(scene.app, row.sha256).unlink()
    assert scene.browser.get(url).status_code == 404


def test_the_audit_names_altered_and_missing_files(scene: Scene) -> None:
    sent = scene.send_now(
        files=upload(("a.pdf", attachable.pdf()), ("b.png", attachable.png())), identity="public"
    )
    assert sent.status_code == 303
    pdf, png = attachments(scene)
    path = stored(scene.app, pdf.sha256)
    data = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(data.replace(b"200", b"201"))
    stored(scene.app, png.sha256).unlink()
    assert audited(scene.app) == [
        f"altered attachments {pdf.id} its file",
        f"deleted attachments {png.id} its file",
    ]
    path.write_bytes(data)
    edits = (
        "UPDATE attachments SET name = 'khac.pdf' WHERE kind = 'pdf'",
        "UPDATE attachments SET size = size + 1 WHERE kind = 'pdf'",
        "UPDATE attachments SET ordinal = 9 WHERE kind = 'pdf'",
        "DELETE FROM attachments WHERE kind = 'pdf'",
    )
    [leaf] = rows(scene.app, Leaf)
    for edit in edits:
        with scene.app.app_context(), transaction() as session:
            session.execute(text(edit))
            found = [
                f"{f.problem} {f.table} {f.row}" for f in auditing.audit(sources(), []).findings
            ]
            session.rollback()
        assert f"altered submissions {leaf.subject_id}" in found, edit


def test_files_that_nothing_names_are_swept_after_a_day(scene: Scene) -> None:
    scene.send_now(files=upload(("a.pdf", attachable.pdf())), identity="public")
    attach(scene, ("b.png", attachable.png()), form_key="form-2")
    with scene.app.app_context():
        orphan, fresh = files.place(files.keep(b"orphan")), files.place(files.keep(b"fresh"))
        half = orphan.parent.parent / "tmpabc"
        half.write_bytes(b"half")
        old = time.time() - 25 * 3600
        kept = [files.place(row.sha256) for row in attachments(scene)]
        for path in (orphan, half, *kept):
            os.utime(path, (old, old))
        with transaction(write=False):
            assert files.sweep() == 2
        assert [path.exists() for path in (orphan, half, fresh, *kept)] == [
            False, False, True, True, True,
        ]  # fmt: skip
        # A received file is evidence: it stays even where its row was deleted.
        with transaction() as session:
            session.execute(text("DELETE FROM attachments"))
        os.utime(fresh, (old, old))
        with transaction(write=False):
            assert files.sweep() == 2
        assert [path.exists() for path in kept] == [True, False]


def test_the_rounds_files_are_listed_for_its_account(scene: Scene) -> None:
    scene.send_now(files=upload(("a.pdf", attachable.pdf()), ("b.png", attachable.png())))
    attach(scene, ("c.png", attachable.png(3)), form_key="form-2")
    [point] = rows(scene.app, Point)
    with scene.app.app_context(), transaction(write=False):
        found = attachments_of_round(scene.round_id)
        assert {key: [row.name for row in value] for key, value in found.items()} == {
            point.id: ["a.pdf", "b.png"]
        }


def test_a_revised_point_keeps_its_files(scene: Scene) -> None:
    scene.send_now(files=upload(("a.pdf", attachable.pdf())))
    [point] = rows(scene.app, Point)
    url = f"/points/{point.id}/revise"
    assert "a.pdf" in scene.browser.get(url).text
    data = scene.fill(action="revise", base="0", argument="Nói rõ hơn.", form_key="r1")
    assert post(scene.browser, url, data, follow_redirects=False).status_code == 303
    assert audited(scene.app) == []
    assert [row.name for row in attachments(scene)] == ["a.pdf"]


def test_the_number_of_statements_does_not_grow(scene: Scene) -> None:
    scene.write(files=upload(("a.png", attachable.png())))
    with counted(scene.app) as one:
        scene.browser.get(scene.url("basket"))
    for number in range(3):
        data = {"provision": "c1", "form_key": f"f{number}", "argument": f"Lý do {number}"}
        scene.write(**data, files=upload((f"{number}.png", attachable.png(number + 3))))
    with counted(scene.app) as many:
        scene.browser.get(scene.url("basket"))
    assert len(many) == len(one)
    with counted(scene.app) as sending:
        scene.send_basket()
    assert len(sending) <= 36, "two requests: the token's page and the post"


def test_sealed_and_public_are_told_apart_by_name_only(scene: Scene) -> None:
    scene.write(files=upload(("a.png", attachable.png())))
    scene.send_basket(identity=Identity.SEALED.value)
    [row] = attachments(scene)
    assert row.name == "tai-lieu-1.png"
    assert audited(scene.app) == []


def test_files_are_shown_wherever_the_point_is(scene: Scene) -> None:
    scene.send_now(files=upload(("số liệu.pdf", attachable.pdf()), ("ảnh.png", attachable.png())))
    [point] = rows(scene.app, Point)
    with scene.app.app_context():
        runner.tick()
        with transaction(write=False) as session:
            agency = session.get_one(Consultation, scene.round_id).agency_id
        official = factories.user(roles=(("official", agency),))
        front = factories.user(roles=(("front", factories.organisation("front")),))
    staff = {official: signed_in(scene.app, official), front: signed_in(scene.app, front)}
    link = f'href="/attachments/{attachments(scene)[0].id}"'
    assert link in scene.app.test_client().get(f"/points/{point.id}").text
    answer = staff[official].get(f"/office/rounds/{scene.round_id}/answer?point={point.id}")
    assert link in answer.text
    cell = staff[front].get(f"/front/rounds/{scene.round_id}/cell?provision=d1.k1")
    assert link in cell.text
    csv = download(staff[official], f"/rounds/{scene.round_id}/export/points.csv").text
    assert "số liệu.pdf\nảnh.png" in csv.replace("\r\n", "\n")
    sheet = download(staff[official], f"/rounds/{scene.round_id}/export/points.xlsx").data
    [cell_] = [
        cell
        for row in load_workbook(io.BytesIO(sheet)).worksheets[0].iter_rows()
        for cell in row
        if cell.hyperlink
    ]
    assert cell_.hyperlink.target.endswith(f"/points/{point.id}")
    found = scene.app.test_client().get("/search?q=giữ+chân+người+giỏi").text
    assert (
        said(scene.app, "%(count)s attached file", "%(count)s attached files", 2, count=2) in found
    )
