"""The draft revised after the demonstration's closed round: uploaded, explained, published."""

from __future__ import annotations

import io
from typing import Any

from msgspec import Struct

from consult.core.db import db
from consult.demo.content import DRAFTS
from consult.drafts import change_queries, versioning
from consult.drafts import services as drafts
from consult.drafts.change_queries import ShownChange
from consult.drafts.models import DraftVersion, VersionComparison
from consult.drafts.parsing import ParsedDocument, parse_text
from consult.responses import publishing


class Revised(Struct, frozen=True):
    """The revised text as the agency's file, and as the parser reads it."""

    name: str
    text: str
    document: ParsedDocument


def revise(record: dict[str, Any], draft_file: str) -> Revised:
    """Return the text of ``draft_file`` with the record's edits; ValueError when one fails."""
    text = (DRAFTS / draft_file).read_text("utf-8")
    for edit in record["edits"]:
        if text.count(edit["find"]) != 1:
            raise ValueError(f"the draft does not say once: {edit['find']}")
        text = text.replace(edit["find"], edit["replace"])
    return Revised(record["file"], text, parse_text(text))


def upload(revised: Revised, version_id: int, *, official_id: int) -> int:
    """Keep the revised text as the next version of the draft of that version; return its id."""
    draft = db.session.get_one(DraftVersion, version_id).draft
    return drafts.create_version(
        drafts.CreateVersion(
            document=revised.document,
            title=draft.title,
            agency_id=draft.agency_id,
            created_by=official_id,
            draft_id=draft.id,
            original=drafts.Original(io.BytesIO(revised.text.encode()), revised.name, "text/plain"),
        )
    ).id


def publish(record: dict[str, Any], old_id: int, new_id: int, *, official_id: int) -> None:
    """Confirm the mapping of the two versions, write the reasons, publish the revised draft.

    ValueError when a reason's words are in no change.
    """
    comparison = change_queries.compared(old_id, new_id)
    if comparison is None:
        raise ValueError("the two versions have not been compared")
    versioning.confirm_all(comparison, 0, actor_id=official_id)
    for reason in record["reasons"]:
        _explain(comparison, reason, official_id)
    version = db.session.get_one(DraftVersion, new_id)
    publishing.publish(publishing.PublishVersion(version, False, True, official_id))


def _explain(comparison: VersionComparison, reason: dict[str, str], official_id: int) -> None:
    changed = [c for c in change_queries.changes(comparison.id) if c.kind != "unchanged"]
    shown = change_queries.with_texts(comparison.old_version_id, comparison.new_version_id, changed)
    change = next((one.change.first for one in shown if reason["words"] in _words(one)), None)
    if change is None:
        raise ValueError(f"no change says: {reason['words']}")
    where = versioning.OnChange(comparison, change.old_key, change.new_key, official_id)
    versioning.give_reason(where, reason["reason"])


def _words(one: ShownChange) -> str:
    """Return the wording after the change, or the one that was deleted."""
    return "\n".join(line.text for line in one.new or one.old)
