"""The log under many hands, its checkpoints, and the commands of operators and witnesses."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select, text, update

from consult.cli.ledger import sources
from consult.cli.main import main
from consult.core import clock
from consult.core.db import transaction
from consult.ledger import auditing, checkpoints, keys, merkle, tree
from consult.ledger import services as ledger
from consult.ledger.auditing import Finding
from consult.ledger.entries import covered, leaf_hash
from consult.ledger.models import Checkpoint, Head, Leaf, Redaction, Subtree
from consult.ledger.notes import Signer
from tests.support.statements import counted

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    settings = app.extensions["consult_settings"]
    environment = {
        "CONSULT_DATA_DIR": str(settings.data_dir),
        "CONSULT_SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
    }

    def call(*arguments: Any) -> Result:
        return CliRunner().invoke(main, ["ledger", *map(str, arguments)], env=environment)

    return call


def grow(app: Flask, number: int) -> None:
    """Append redactions of nothing: entries that need no other rows."""
    with app.app_context(), transaction() as session:
        start = tree.size()
        facts = [(n, {"leaf": n, "reason": "x"}) for n in range(start, start + number)]
        ledger.append_many("redaction", facts, at=clock.now())
        session.add_all(
            Redaction(leaf_index=n, reason="x", at=clock.now())
            for n in range(start, start + number)
        )


def store(app: Flask) -> str:
    with app.app_context(), transaction():
        kept = checkpoints.store()
        assert kept
        return kept.note


def found(app: Flask, *outside: str) -> list[Finding]:
    with app.app_context(), transaction(write=False):
        report = auditing.audit(sources(), [keys.signer().verifier], outside)
        assert report.sound is (report.findings == [])
        return report.findings


def test_appends_at_once_have_neither_gaps_nor_doubles(app: Flask) -> None:
    def work(number: int) -> None:
        for n in range(8):
            with app.app_context(), transaction():
                ledger.append_many("test", [(number, {}), (n, {})], at=clock.now())

    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context(), transaction(write=False) as session:
        indexes = session.scalars(select(Leaf.index).order_by(Leaf.index)).all()
        assert indexes == list(range(80))
        assert tree.size() == 80


def test_a_rolled_back_fact_leaves_no_leaf(app: Flask) -> None:
    grow(app, 2)
    with app.app_context():
        with suppress(ZeroDivisionError), transaction():
            ledger.append("test", 1, {}, at=clock.now())
            raise ZeroDivisionError
        with transaction(write=False):
            assert tree.size() == 2
    assert found(app) == []


def test_kept_subtrees_change_no_root_and_are_made_again(app: Flask) -> None:
    grow(app, 700)
    with app.app_context(), transaction(write=False):
        before = checkpoints.current().head
    store(app)
    with app.app_context(), transaction() as session:
        assert checkpoints.current().head == before
        assert [row.index for row in session.scalars(select(Subtree))] == [0, 1]
        leaves = [bytes.fromhex(value) for value in session.scalars(select(Leaf.leaf_hash))]
        assert len(leaves) == 700
        leaf = session.get_one(Leaf, 300)
        [proof], signed = checkpoints.prove(leaf)
        assert merkle.proves_inclusion(
            bytes.fromhex(leaf.leaf_hash), 300, 700, proof.hashes, signed.head.root
        )
        assert checkpoints.store() is None, "one for a size is enough"
        session.execute(text("DELETE FROM ledger_subtrees"))
    assert found(app) == []
    with app.app_context(), transaction():
        assert tree.keep() == 2
        assert checkpoints.current().head == before


def test_an_altered_subtree_is_named(app: Flask) -> None:
    grow(app, 260)
    store(app)
    with app.app_context(), transaction() as session:
        session.execute(update(Subtree).values(root_hash="00" * 32))
    [finding] = found(app)
    assert (finding.problem, finding.table, finding.row) == ("altered", "ledger_subtrees", 0)


def rewrite(app: Flask, index: int) -> None:
    """Alter a fact and everything in the log that tells of it, but for what was signed."""
    with app.app_context(), transaction() as session:
        session.get_one(Redaction, index).reason = "y"
        leaf = session.get_one(Leaf, index)
        leaf.leaf_hash = leaf_hash(leaf.salt, covered(leaf, {"leaf": index, "reason": "y"}))
        session.execute(text("DELETE FROM ledger_subtrees"))


def test_a_log_made_anew_contradicts_what_was_signed(app: Flask) -> None:
    grow(app, 3)
    store(app)
    grow(app, 3)
    store(app)
    grow(app, 2)
    rewrite(app, 4)
    [finding] = found(app)
    assert finding.detail.startswith("entries 3 to 5 are not as the checkpoint of size 6")


def test_who_holds_the_key_too_is_found_out_by_a_checkpoint_kept_elsewhere(
    app: Flask, run: Run, tmp_path: Path
) -> None:
    grow(app, 5)
    (tmp_path / "witness").write_text(store(app), "utf-8")
    rewrite(app, 2)
    with app.app_context(), transaction() as session:
        session.execute(text("DELETE FROM ledger_checkpoints"))
    store(app)
    assert found(app) == []
    assert run("audit").exit_code == 0
    refused = run("audit", "--checkpoint", tmp_path / "witness", "--json")
    assert refused.exit_code == 1
    [finding] = json.loads(refused.stdout)["findings"]
    assert "given checkpoint" in finding["detail"]
    assert json.loads(run("audit", "--json").stdout)["sound"]


def test_a_shortened_log_is_found_out(app: Flask) -> None:
    grow(app, 4)
    note = store(app)
    with app.app_context(), transaction() as session:
        session.execute(text("DELETE FROM ledger_redactions WHERE leaf_index = 3"))
        session.execute(text('DELETE FROM ledger_leaves WHERE "index" = 3'))
        session.execute(update(Head).values(size=3))
        session.execute(text("DELETE FROM ledger_checkpoints"))
    assert found(app) == []
    [finding] = found(app, note)
    assert (finding.problem, finding.row) == ("deleted", 3)


def test_a_checkpoint_with_a_forged_signature_is_named(app: Flask) -> None:
    grow(app, 2)
    store(app)
    with app.app_context(), transaction() as session:
        row = session.scalars(select(Checkpoint)).one()
        row.note = Signer.generate(keys.signer().name).sign(row.note.rpartition("\n\n")[0] + "\n")
    [finding] = found(app)
    assert (finding.problem, finding.table) == ("altered", "ledger_checkpoints")


def test_witnesses_check_that_the_log_only_grows(app: Flask, run: Run, tmp_path: Path) -> None:
    old, new, proof, key = (tmp_path / name for name in ("old", "new", "proof", "key"))
    client = app.test_client()
    grow(app, 5)
    old.write_bytes(client.get("/ledger/checkpoint").data)
    grow(app, 8)
    new.write_text(run("checkpoint").stdout, "utf-8")
    proof.write_bytes(client.get("/ledger/consistency/5/13").data)
    key.write_text(run("key").stdout, "utf-8")
    assert run("consistency", old, new).exit_code == 0
    away = CliRunner().invoke(
        main,
        ["ledger", "consistency", *map(str, (old, new, "--proof", proof, "--key", key)), "--json"],
        env={"DATABASE_URL": "sqlite:////nowhere/none", "CONSULT_DATA_DIR": "/proc/none"},
    )
    assert away.exit_code == 0, away.output
    assert json.loads(away.stdout)["consistent"]
    assert json.loads(away.stdout)["proof"] == proof.read_text().split()
    assert run("consistency", new, old).exit_code == 1
    proof.write_text(base64.b64encode(bytes(32)).decode())
    assert "does not begin" in run("consistency", old, new, "--proof", proof).output
    rewrite(app, 2)
    forged = tmp_path / "forged"
    forged.write_text(run("checkpoint").stdout, "utf-8")
    assert run("consistency", old, forged).exit_code == 1
    for path in ("0/5", "6/5", "5/14"):
        assert client.get(f"/ledger/consistency/{path}").status_code == 404


def test_an_empty_log_has_a_checkpoint_too(app: Flask, run: Run) -> None:
    signed = json.loads(run("checkpoint", "--json").stdout)
    assert signed["size"] == 0
    assert base64.b64decode(signed["root"]) == merkle.EMPTY_ROOT
    assert app.test_client().get("/ledger").status_code == 200


def test_files_that_are_none_are_refused_with_a_sentence(run: Run, tmp_path: Path) -> None:
    empty, binary = tmp_path / "empty", tmp_path / "binary"
    empty.write_text("")
    binary.write_bytes(b"\xff\xfe\x00")
    for arguments, sentence in (
        (("verify", tmp_path / "none"), "There is no file"),
        (("verify", empty), "no public key"),
        (("verify", binary), "no text in UTF-8"),
        (("consistency", empty, empty), "Not consistent"),
        (("audit", "--checkpoint", empty), "not to be trusted"),
    ):
        done = run(*arguments)
        assert done.exit_code == 1
        assert sentence in done.output
        assert "Traceback" not in done.output


def test_a_new_key_keeps_the_old_one_beside_it(app: Flask, run: Run, tmp_path: Path) -> None:
    grow(app, 1)
    store(app)
    path: Path = app.extensions["consult_settings"].ledger_key
    before = path.read_bytes()
    old = run("key").stdout
    new = run("key", "--new").stdout
    try:
        assert new != old
        assert path.stat().st_mode & 0o777 == 0o600
        assert before in [file.read_bytes() for file in path.parent.glob("ledger.key.until-*")]
        assert run("audit").exit_code == 1, "the old checkpoint needs the old key"
        both = tmp_path / "keys"
        both.write_text(old + new, "utf-8")
        assert run("audit", "--key", both).exit_code == 0
    finally:
        path.write_bytes(before)


def test_public_pages_read_little_of_a_large_log(app: Flask) -> None:
    grow(app, 600)
    store(app)
    client = app.test_client()
    for path in ("/ledger", "/ledger/checkpoint", "/ledger/consistency/300/600"):
        client.get(path)
        with counted(app) as statements:
            assert client.get(path).status_code == 200
        assert len(statements) <= 12, path
