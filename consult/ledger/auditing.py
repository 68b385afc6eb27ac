"""Comparing the database with the log: what each room reports, and the log's own soundness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Protocol

from msgspec import Struct
from sqlalchemy import func, select

from consult.core.db import db
from consult.ledger import merkle
from consult.ledger.entries import covered, leaf_hash, unaltered
from consult.ledger.formats import BadFormat, TreeHead
from consult.ledger.models import Checkpoint, Head, Leaf, Redaction, Subtree
from consult.ledger.notes import Verifier
from consult.ledger.services import redaction_content
from consult.ledger.tree import WIDTH
from consult.ledger.verifying import NotProved, checkpoint

# Leaves that are compared at once: bounds the memory, not what is found.
_AT_ONCE = 200
# Up to so many altered leaves are tried in one another's places, to tell moved ones.
_MOVED = 300


class Finding(Struct, frozen=True):
    """A row that is not as the log has it.

    ``problem`` is "altered", "deleted", "inserted", "reordered", "unlogged" (older than the
    log's coverage) or "unknown" (cannot be told); ``table`` and ``row`` name it, ``leaf`` is its
    entry in the log where there is one.
    """

    problem: str
    table: str
    row: int
    leaf: int | None = None
    detail: str = ""

    @property
    def harmless(self) -> bool:
        """Whether nothing need have been done to the row."""
        return self.problem in ("unlogged", "unknown")


class Source(Protocol):
    """What a room tells of its rows: ``table`` is where a kind's subjects are."""

    table: str

    def contents(self, leaves: Sequence[Leaf]) -> Mapping[int, dict[str, Any] | None]:
        """Return the content of each leaf, by its index, as the rows have it now.

        A leaf whose row is gone is not in it; None for one that cannot be told.
        """
        ...

    def others(self) -> Iterable[Finding]:
        """Return what is wrong with rows beside that their leaf does not fit."""
        ...


class Report(Struct, frozen=True):
    """What an audit looked at and what it found; ``size`` and ``root`` are the log's now."""

    size: int
    root: bytes
    checkpoints: int
    findings: list[Finding]

    @property
    def sound(self) -> bool:
        """Whether the database is as the log and its checkpoints have it."""
        return all(finding.harmless for finding in self.findings)


def audit(
    sources: Mapping[str, Source], known: Sequence[Verifier], outside: Sequence[str] = ()
) -> Report:
    """Compare every row that the log covers with its leaf, and the leaves with the checkpoints.

    ``sources`` has the rooms' by kind of leaf, ``known`` are the keys that may have signed
    checkpoints, ``outside`` are notes kept elsewhere. Reads all; writes nothing.
    """
    findings, counted = _log(known, outside)
    findings += _rows({**sources, "redaction": Redactions()})
    for source in _distinct(sources):
        findings += source.others()
    return Report(*counted, _without_repeats(findings))


# --- the leaves against one another, the subtrees and the checkpoints ----------------------------


def _log(
    known: Sequence[Verifier], outside: Sequence[str]
) -> tuple[list[Finding], tuple[int, bytes, int]]:
    findings: list[Finding] = []
    heads = list(_heads(known, outside, findings))
    wanted = {head.size: head for _, head in heads}
    roots, peaks, expected = {0: merkle.EMPTY_ROOT}, list[tuple[int, bytes]](), 0
    for index, value in _hashes():
        findings += [Finding("deleted", "ledger_leaves", n, n) for n in range(expected, index)]
        expected = index + 1
        _add(peaks, bytes.fromhex(value))
        if expected in wanted:
            roots[expected] = _root_of(peaks)
    last = _root_of(peaks)
    head = db.session.scalar(select(Head.size).where(Head.id == 1)) or 0
    if head != expected:
        problem, rows = ("deleted", range(expected, head))
        if head < expected:
            problem, rows = ("inserted", range(head, expected))
        findings += [Finding(problem, "ledger_leaves", n, n) for n in rows]
    good = 0
    for name, signed in sorted(heads, key=lambda pair: pair[1].size):
        if roots.get(signed.size) == signed.root:
            good = max(good, signed.size)
            continue
        cut = signed.size > expected
        findings.append(
            Finding(
                "deleted" if cut else "altered",
                "ledger_leaves",
                expected if cut else good,
                detail=f"entries {good} to {signed.size - 1} are not as {name} has them",
            )
        )
    findings += _subtrees()
    return findings, (expected, last, len(heads))


def _heads(
    known: Sequence[Verifier], outside: Sequence[str], findings: list[Finding]
) -> Iterator[tuple[str, TreeHead]]:
    for row in db.session.scalars(select(Checkpoint).order_by(Checkpoint.size)):
        try:
            head = checkpoint(row.note, known)
        except (NotProved, BadFormat) as error:
            findings.append(Finding("altered", "ledger_checkpoints", row.size, detail=str(error)))
            continue
        if head.size != row.size:
            findings.append(Finding("altered", "ledger_checkpoints", row.size))
        yield f"the checkpoint of size {head.size}", head
    for number, note in enumerate(outside, 1):
        head = checkpoint(note, known)
        yield f"the given checkpoint {number} of size {head.size}", head


def _hashes() -> Iterator[tuple[int, str]]:
    start = -1
    while rows := db.session.execute(
        select(Leaf.index, Leaf.leaf_hash)
        .where(Leaf.index > start)
        .order_by(Leaf.index)
        .limit(20_000)
    ).all():
        for index, value in rows:
            yield index, value if len(value) == 64 else "00" * 32
        start = rows[-1][0]


def _add(peaks: list[tuple[int, bytes]], value: bytes) -> None:
    """Add a leaf to the roots of complete subtrees, the largest first."""
    height = 0
    while peaks and peaks[-1][0] == height:
        value = merkle.node_hash(peaks.pop()[1], value)
        height += 1
    peaks.append((height, value))


def _root_of(peaks: Sequence[tuple[int, bytes]]) -> bytes:
    if not peaks:
        return merkle.EMPTY_ROOT
    found = peaks[-1][1]
    for _, value in reversed(peaks[:-1]):
        found = merkle.node_hash(value, found)
    return found


def _subtrees() -> Iterator[Finding]:
    """Yield the kept subtrees that are not the roots over what lies below them."""
    rows = db.session.execute(
        select(Subtree.level, Subtree.index, Subtree.root_hash).order_by(Subtree.level)
    ).all()
    kept = {(level, index): value for level, index, value in rows}
    for (level, index), value in kept.items():
        first, last = index * WIDTH, (index + 1) * WIDTH
        if level == 1:
            below = db.session.scalars(
                select(Leaf.leaf_hash)
                .where(Leaf.index >= first, Leaf.index < last)
                .order_by(Leaf.index)
            ).all()
        else:
            below = [kept.get((level - 1, n), "") for n in range(first, last)]
        if merkle.root([bytes.fromhex(text) for text in below]).hex() != value:
            unit = WIDTH**level
            yield Finding(
                "altered",
                "ledger_subtrees",
                index,
                detail=f"level {level}, entries {index * unit} to {(index + 1) * unit - 1}",
            )


# --- the leaves against the rows -----------------------------------------------------------------


class Redactions:
    """The log's own rows: what was destroyed, and why."""

    table = "ledger_redactions"

    def contents(self, leaves: Sequence[Leaf]) -> Mapping[int, dict[str, Any] | None]:
        """Return the content of the tombstones among ``leaves``."""
        wanted = [leaf.subject_id for leaf in leaves]
        rows = db.session.scalars(select(Redaction).where(Redaction.leaf_index.in_(wanted)))
        known = {row.leaf_index: redaction_content(row) for row in rows}
        return {leaf.index: known[leaf.subject_id] for leaf in leaves if leaf.subject_id in known}

    def others(self) -> Iterable[Finding]:
        """Return nothing: a redaction without a tombstone leaves its leaf altered."""
        return ()


def _rows(sources: Mapping[str, Source]) -> list[Finding]:
    findings: list[Finding] = []
    suspects: list[tuple[Leaf, str, dict[str, Any]]] = []
    tombstones = {
        row.subject_id for row in db.session.scalars(select(Leaf).where(Leaf.kind == "redaction"))
    }
    for leaves in _leaves():
        for kind, group in groupby(sorted(leaves, key=_kind), key=_kind):
            source, chosen = sources.get(kind), list(group)
            if source is None:
                findings += [
                    Finding("altered", "ledger_leaves", leaf.index, leaf.index, "unknown kind")
                    for leaf in chosen
                ]
                continue
            contents = source.contents(chosen)
            for leaf in chosen:
                if not leaf.salt and leaf.index in tombstones:
                    continue
                if leaf.index not in contents:
                    findings.append(Finding("deleted", source.table, leaf.subject_id, leaf.index))
                    continue
                content = contents[leaf.index]
                if content is None:
                    findings.append(Finding("unknown", source.table, leaf.subject_id, leaf.index))
                elif not unaltered(leaf, content):
                    suspects.append((leaf, source.table, content))
        db.session.expunge_all()
    return findings + _told_apart(suspects)


def _told_apart(suspects: Sequence[tuple[Leaf, str, dict[str, Any]]]) -> list[Finding]:
    """Return the findings of leaves that do not fit: moved from another place, or altered."""
    places = [leaf.index for leaf, _, _ in suspects] if len(suspects) <= _MOVED else []
    findings: list[Finding] = []
    for leaf, table, content in suspects:
        was = next((place for place in places if _fits_at(leaf, place, content)), None)
        if was is None:
            findings.append(Finding("altered", table, leaf.subject_id, leaf.index))
        else:
            detail = f"recorded as entry {was}"
            findings.append(Finding("reordered", "ledger_leaves", leaf.index, leaf.index, detail))
    return findings


def _fits_at(leaf: Leaf, place: int, content: dict[str, Any]) -> bool:
    if leaf.format == 1 or len(leaf.salt) != 64:
        return False
    moved = covered(leaf, content) | {"index": place}
    return leaf_hash(leaf.salt, moved) == leaf.leaf_hash


def _leaves() -> Iterator[list[Leaf]]:
    start = -1
    while rows := list(
        db.session.scalars(
            select(Leaf).where(Leaf.index > start).order_by(Leaf.index).limit(_AT_ONCE)
        )
    ):
        start = rows[-1].index
        yield rows


def _kind(leaf: Leaf) -> str:
    return leaf.kind


def _distinct(sources: Mapping[str, Source]) -> list[Source]:
    return list({id(source): source for source in sources.values()}.values())


def _without_repeats(findings: Iterable[Finding]) -> list[Finding]:
    return list(dict.fromkeys(findings))


def logged(kind: str) -> set[int]:
    """Return the ids of the subjects that have a leaf of ``kind``; one query."""
    return set(db.session.scalars(select(Leaf.subject_id).where(Leaf.kind == kind)))


def covered_since() -> Any:
    """Return the instant of the first leaf of format 2 (aware), or None; one query."""
    return db.session.scalar(select(func.min(Leaf.at)).where(Leaf.format > 1))
