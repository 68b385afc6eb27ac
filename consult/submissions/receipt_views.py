"""The receipts' pages: what was received, its proof as a file, withdrawing it."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.core.i18n import _, _n, format_number
from consult.core.web import received_at, route, row_ids
from consult.ledger import checkpoints
from consult.ledger.entries import canonical, covered, unaltered
from consult.ledger.keys import KeyUnavailable
from consult.ledger.models import Leaf
from consult.ledger.queries import leaves_of
from consult.ledger.verifying import block
from consult.submissions import own, queries, receipts, services, vault
from consult.submissions.answers.queries import leaves as answer_leaves
from consult.submissions.answers.record import in_order
from consult.submissions.blueprint import room
from consult.submissions.joint import leaves as joint_leaves
from consult.submissions.joint import queries as joint_queries
from consult.submissions.joint.models import JointSignature, JointSubmission
from consult.submissions.models import Submission
from consult.submissions.pages import author_id, opening, receipt_url, redline_of, site_url
from consult.submissions.revisions.queries import leaves as revision_leaves
from consult.submissions.revisions.queries import revised

_KINDS = ("submission", "withdrawal")


@route(
    room,
    "/receipts/<reference>",
    permission="submission.own",
    load=own.own_submission,
)
def receipt(submission: Submission) -> ResponseReturnValue:
    """The receipt of what was received; a basket's reference leads to the basket."""
    if submission.received_at is None:
        return redirect(url_for("submissions.basket", round_id=submission.consultation_id))
    points = own.points_of(submission.id)
    revisions = revised(points)
    leaves = leaves_of(_KINDS, submission.id)
    later = revision_leaves(revisions.values())
    changes = answer_leaves(submission.sheets)
    leaf = leaves[0] if leaves else None
    joint = joint_queries.sent_by(submission)
    url = receipt_url(submission)
    return render_template(
        "submissions/receipt.html",
        submission=submission,
        points=points,
        redline_of=redline_of,
        leaf=leaf,
        intact=all(
            receipts.fits(one, submission, points, revisions) for one in [*leaves, *later, *changes]
        )
        and (joint is None or _whole(*joint)),
        signed=joint_queries.shown(*joint) if joint else None,
        sheets=submission.sheets,
        in_order=in_order,
        changes={one.subject_id: one for one in changes},
        opening=opening(submission.consultation),
        revisions=revisions,
        entries={one.subject_id: one for one in later},
        contributor=queries.contributor(submission.authorship),
        sealed_club=vault.own_organisation(submission),
        # The printed code carries the fingerprint too, so that paper alone can be compared.
        qr=receipts.qr_code(f"{url}#{leaf.leaf_hash}" if leaf else url),
        keep=f"{author_id()}:{submission.consultation_id}:",
    )


def _whole(joint: JointSubmission, live: list[JointSignature]) -> bool:
    """Return whether the club's signatures and dissents are as the log has them."""
    recorded = joint_leaves.records(joint, live)
    fitting = all(unaltered(leaf, content) for leaf, content in recorded)
    return fitting and len(recorded) == len(live) + 1


@route(
    room,
    "/receipts/<reference>.txt",
    permission="submission.own",
    load=own.own_submission,
)
def receipt_file(submission: Submission) -> ResponseReturnValue:
    """The receipt as a text file that proves itself without the portal."""
    return receipt_text(submission, url_for("submissions.receipt", reference=submission.reference))


def receipt_text(submission: Submission, back: str) -> ResponseReturnValue:
    """Return the file of a receipt; when the log cannot be signed, the way ``back`` and why."""
    leaves = leaves_of(_KINDS, submission.id)
    if submission.received_at is None or not leaves:
        abort(404)
    try:
        text = _text(submission, leaves)
    except KeyUnavailable:
        flash(
            _(
                "The log cannot be signed just now, so there is no file of the receipt. What you "
                "sent is received; try again later."
            ),
            "warning",
        )
        return redirect(back, 303)
    name = f"bien-nhan-{submission.reference}.txt"
    return Response(
        text,
        mimetype="text/plain",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


def _text(submission: Submission, leaves: list[Leaf]) -> str:
    points = own.points_of(submission.id)
    revisions = revised(points)
    later = [*revision_leaves(revisions.values()), *answer_leaves(submission.sheets)]
    joint = joint_queries.sent_by(submission)
    entries = [
        (leaf, receipts.stored_content(leaf, submission, points, revisions))
        for leaf in sorted([*leaves, *later], key=lambda leaf: leaf.index)
    ] + (joint_leaves.records(*joint) if joint else [])
    leaves = [leaf for leaf, _content in entries]
    proofs, signed = checkpoints.prove(*leaves)
    lines = [canonical(covered(leaf, content)) for leaf, content in entries]
    blocks = [block(line, proof) for line, proof in zip(lines, proofs, strict=True)]
    return render_template(
        "submissions/receipt.txt",
        submission=submission,
        points=points,
        leaf=leaves[0],
        url=receipt_url(submission),
        own_block=blocks[0],
        answers=bool(submission.sheets),
        later=[(leaf.kind, text) for leaf, text in zip(leaves[1:], blocks[1:], strict=True)],
        key=signed.key,
        log_url=site_url(url_for("ledger.home")),
    )


@route(
    room,
    "/receipts/<reference>/withdraw",
    permission="submission.own",
    load=own.own_submission,
    methods=("POST",),
)
def withdraw(submission: Submission) -> ResponseReturnValue:
    """Withdraw one point (``point``), or the whole submission."""
    chosen = row_ids(request.form.getlist("point"))
    number = services.withdraw(
        submission, author_id=author_id(), point_ids=chosen or None, at=received_at()
    )
    if number:
        flash(
            _n(
                "%(count)s point withdrawn. It stays on record as withdrawn.",
                "%(count)s points withdrawn. They stay on record as withdrawn.",
                number,
                count=format_number(number),
            )
            if chosen or not submission.sheets
            else _("Everything is withdrawn. It stays on record as withdrawn."),
            "success",
        )
    return redirect(url_for("submissions.receipt", reference=submission.reference), 303)
