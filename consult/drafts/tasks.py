"""Jobs of the drafts room: comparing a version with the earlier ones, reading scans."""

from __future__ import annotations

from consult.core.db import db, transaction
from consult.core.files import StoredFile
from consult.drafts import comparing, readings
from consult.drafts.parsing import UnreadableDocument, parse_recognised, recognise_page
from consult.drafts.version_queries import COMPARE
from consult.jobs.registry import Payloads, Record, handles


@handles(COMPARE, slow=True)
def compare(payloads: Payloads) -> Record:
    """Compare the payload's version (version_id) with those that were shown before it."""
    found: dict[int, list[comparing.Compared]] = {}
    for payload in payloads:
        with transaction(write=False):
            found[payload["version_id"]] = comparing.compare_with_earlier(payload["version_id"])

    def record() -> None:
        for version_id, compared in found.items():
            comparing.keep_comparisons(version_id, compared)

    return record


@handles(readings.PAGE, slow=True)
def read_page(payloads: Payloads) -> Record:
    """Recognise the words of the payload's next page, or make a version of all of them.

    A page a job, so that mail and search wait for one page at most.
    """
    (payload,) = payloads
    words: list[str] = payload["words"]
    with transaction(write=False):
        path = db.session.get_one(StoredFile, payload["file_id"]).path
    try:
        if len(words) < payload["pages"]:
            found = recognise_page(path, len(words))
            return lambda: readings.go_on(payload, found)
        document = parse_recognised(words)
    except UnreadableDocument as error:
        refusal = error
        return lambda: readings.refuse(payload, refusal)
    return lambda: readings.keep(payload, document)
