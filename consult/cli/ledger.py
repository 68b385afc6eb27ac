"""Commands about the log: its checkpoint and key, checking receipts, auditing the database."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import asdict

from consult.cli.base import Failure, application, json_option, print_json

if TYPE_CHECKING:
    from consult.ledger.auditing import Source

_FILE = click.Path(path_type=Path)


@click.group()
def ledger() -> None:
    """The log of what was received and published."""


@ledger.command("verify")
@click.argument("receipt", type=_FILE)
@click.option("--key", "key_file", type=_FILE, help="A file with the log's public key.")
@json_option
def verify(receipt: Path, key_file: Path | None, as_json: bool) -> None:
    """Check RECEIPT (a downloaded file) without a database or a network.

    Says what the log holds; what else stands in the file is not proved. Without --key the key
    written in the receipt is used, which you compare yourself with the one that the portal has
    published (“ledger key”, the page /ledger). Ends with a code other than 0 when it does not
    hold.
    """
    from consult.ledger.verifying import NotProved, keys_in, verify_receipt

    text = _read(receipt)
    known = keys_in(_read(key_file) if key_file else text)
    if not known:
        raise Failure(f"There is no public key in {key_file or receipt}.")
    try:
        proved = verify_receipt(text, known)
    except NotProved as error:
        if as_json:
            print_json({"proved": False, "reason": str(error)})
        raise Failure(str(error)) from error
    facts = [
        {
            "entry": one.entry,
            "leaf": one.index,
            "hash": one.leaf_hash,
            "log": one.head.origin,
            "size": one.head.size,
            "root": base64.b64encode(one.head.root).decode(),
        }
        for one in proved
    ]
    if as_json:
        print_json({"proved": True, "own_key": not key_file, "keys": known, "entries": facts})
        return
    for one in proved:
        click.echo(f"Proved: {_told(one.entry)}")
        click.echo(f"  entry {one.index} of {one.head.size} in the log {one.head.origin}")
    if not key_file:
        click.echo(
            "Checked with the key written in the receipt itself. Compare it with the portal's "
            f"published key: {known[0]}"
        )


@ledger.command("audit")
@click.option(
    "--checkpoint",
    "outside",
    type=_FILE,
    multiple=True,
    help="A checkpoint kept elsewhere; may be repeated.",
)
@click.option("--key", "key_file", type=_FILE, help="A file with the log's public keys.")
@json_option
def audit(outside: tuple[Path, ...], key_file: Path | None, as_json: bool) -> None:
    """Compare the whole database with the log and name every row that differs.

    Covered are submissions with their points and authors, withdrawals, published answers,
    released summaries, published versions, critiques' reviews, reports and answers, redactions,
    and the log's own tables. Somebody who holds the signing key too can only be found out by
    checkpoints kept elsewhere: give them with --checkpoint. Ends with a code other than 0 when
    something differs.
    """
    from consult.ledger import auditing, keys
    from consult.ledger.verifying import NotProved, keys_in

    with application():
        from consult.core.db import transaction

        with transaction(write=False):
            try:
                known = keys_in(_read(key_file)) if key_file else [keys.signer().verifier]
                found = auditing.audit(sources(), known, [_read(path) for path in outside])
            except (keys.KeyUnavailable, NotProved, ValueError) as error:
                raise Failure(str(error)) from error
    if as_json:
        print_json(
            {
                "sound": found.sound,
                "size": found.size,
                "root": base64.b64encode(found.root).decode(),
                "checkpoints": found.checkpoints,
                "findings": [asdict(finding) for finding in found.findings],
            }
        )
    else:
        for finding in found.findings:
            place = "" if finding.leaf is None else f" (entry {finding.leaf})"
            detail = f": {finding.detail}" if finding.detail else ""
            click.echo(f"{finding.problem} {finding.table} {finding.row}{place}{detail}")
        click.echo(f"{found.size} entries, {found.checkpoints} checkpoints compared.")
    if not found.sound:
        number = sum(not finding.harmless for finding in found.findings)
        raise Failure(f"{number} difference(s) between database and log.")


@ledger.command("checkpoint")
@json_option
def checkpoint(as_json: bool) -> None:
    """Print the log's signed checkpoint, and keep it."""
    from consult.ledger import checkpoints

    signed = _inside(lambda: (checkpoints.store(), checkpoints.current())[1], write=True)
    if as_json:
        print_json(
            {
                "log": signed.head.origin,
                "size": signed.head.size,
                "root": base64.b64encode(signed.head.root).decode(),
                "key": signed.key,
                "note": signed.note,
            }
        )
    else:
        click.echo(signed.note, nl=False)


@ledger.command("consistency")
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@click.option("--proof", type=_FILE, help="The proof, as /ledger/consistency/OLD/NEW gives it.")
@click.option("--key", "key_file", type=_FILE, help="A file with the log's public key.")
@json_option
def consistency(
    old: Path, new: Path, proof: Path | None, key_file: Path | None, as_json: bool
) -> None:
    """Check that the log of the checkpoint NEW only adds to that of the checkpoint OLD.

    A witness gives --proof and --key and needs no database; without them both are taken from
    this installation.
    """
    from consult.ledger import keys, merkle, tree
    from consult.ledger.formats import BadFormat, hash_of
    from consult.ledger.verifying import NotProved, keys_in
    from consult.ledger.verifying import checkpoint as opened

    try:
        known = (
            keys_in(_read(key_file)) if key_file else [_inside(keys.signer, write=False).verifier]
        )
        first, last = opened(_read(old), known), opened(_read(new), known)
        if proof:
            hashes = [hash_of(line) for line in _read(proof).split()]
        elif 0 < first.size <= last.size:
            hashes = _inside(
                lambda: tree.Tree(last.size, [first.size - 1]).consistency(first.size), write=False
            )
        else:
            hashes = []
    except (NotProved, BadFormat, LookupError) as error:
        raise Failure(f"Not consistent: {error}") from error
    holds = merkle.proves_consistency(first.size, last.size, first.root, last.root, hashes)
    if as_json:
        encoded = [base64.b64encode(value).decode() for value in hashes]
        print_json({"consistent": holds, "old": first.size, "new": last.size, "proof": encoded})
    if not holds:
        raise Failure(
            f"Not consistent: the log of {last.size} entries does not begin with the "
            f"{first.size} entries of the older checkpoint."
        )
    if not as_json:
        click.echo(f"Consistent: entries 0 to {first.size - 1} are the same in both.")


@ledger.command("key")
@click.option("--new", is_flag=True, help="Begin a new key; the old file is kept beside it.")
@json_option
def key(new: bool, as_json: bool) -> None:
    """Print the public key with which receipts and checkpoints are verified."""
    from consult.ledger import keys

    public = _inside(keys.renew if new else keys.signer, write=False).verifier
    if as_json:
        print_json({"key": str(public), "name": public.name})
    else:
        click.echo(str(public))


def _inside(action: Any, *, write: bool) -> Any:
    from consult.ledger.keys import KeyUnavailable

    with application():
        from consult.core.db import transaction

        try:
            with transaction(write=write):
                return action()
        except KeyUnavailable as error:
            raise Failure(str(error)) from error


def sources() -> dict[str, Source]:
    """Return how each room tells what its rows hold, by the kind of leaf."""
    from consult.critiques.leaves import CritiqueAnswers, Reports, Reviews
    from consult.drafts.leaves import Versions
    from consult.responses import commitment_leaves, reply_leaves
    from consult.responses.leaves import Answers
    from consult.submissions.answers.leaves import Sheets
    from consult.submissions.identity.leaves import Unsealings
    from consult.submissions.joint.leaves import JOINT, SIGNATURE, Joints, JointSignatures
    from consult.submissions.leaves import Opinions
    from consult.submissions.moderation.leaves import MODERATIONS
    from consult.submissions.paper.leaves import KIND as COMPARISON
    from consult.submissions.paper.leaves import Comparisons
    from consult.submissions.revisions.leaves import Revisions
    from consult.summaries import objection_leaves
    from consult.summaries.leaves import Summaries

    opinions = Opinions()
    acts = (
        MODERATIONS,
        reply_leaves.OBJECTIONS,
        reply_leaves.INQUIRIES,
        objection_leaves.OBJECTIONS,
        commitment_leaves.CHANGES,
        commitment_leaves.FILES,
    )
    return {
        **{kind: source for source in acts for kind in source.kinds},
        "unsealing": Unsealings(),
        "submission": opinions,
        "withdrawal": opinions,
        "revision": Revisions(),
        COMPARISON: Comparisons(),
        "answers": Sheets(),
        JOINT: Joints(),
        SIGNATURE: JointSignatures(),
        "response": Answers(),
        "summary": Summaries(),
        "version": Versions(),
        "review": Reviews(),
        "critique_report": Reports(),
        "critique_answer": CritiqueAnswers(),
    }


def _told(entry: dict[str, Any]) -> str:
    content: dict[str, Any] = entry.get("content", entry)
    at = entry.get("at") or content.get("received_at", "")
    kind = entry.get("kind") or content.get("type", "entry")
    answers: list[Any] = content.get("answers") or []
    parts = [f"{len(content.get('points', []))} point(s)"]
    if answers:
        parts.append(f"{len(answers)} answer(s)")
    return f"{kind} {content.get('reference', '')} of {', '.join(parts)}, {at}"


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        raise Failure(f"There is no file {file}.") from error
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Failure(f"{file} is no text in UTF-8.") from error
