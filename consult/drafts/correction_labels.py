"""Words for corrections: kinds of provisions, what was done, why something is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from consult.core.i18n import _, _l, format_number
from consult.drafts import correcting
from consult.drafts.corrections import REFUSALS, Refused

KINDS: Final[dict[str, str]] = {
    "part": _l("Part"),
    "chapter": _l("Chapter"),
    "section": _l("Section"),
    "subsection": _l("Subsection"),
    "article": _l("Article"),
    "clause": _l("Clause"),
    "letter": _l("Lettered point"),
    "roman": _l("Main heading (I, II …)"),
    "numeral": _l("Item (1, 2 …)"),
    "decimal": _l("Sub-item (1.1 …)"),
    "bullet": _l("Bullet"),
    "paragraph": _l("Paragraph"),
    "table": _l("Table"),
    "quote": _l("Quoted text"),
    "appendix": _l("Appendix"),
    "preamble": _l("Preamble"),
    "signature": _l("Signature"),
    "recipients": _l("Recipients"),
}
# Warnings as a person filters them; what is not here is "other".
FILTERS: Final[dict[str, str]] = {
    "duplicate_number": _l("Repeated numbers"),
    "number_gap": _l("Missing numbers"),
    "doubtful_heading": _l("Doubtful headings"),
    "unassigned_text": _l("Unassigned text"),
    "no_structure": _l("Headings not recognised"),
    "other": _l("Other remarks"),
}
# Warnings that a person looks for under the name of another.
_ALIKE: Final = {"out_of_order": "doubtful_heading", "no_marks": "no_structure"}


def filter_of(code: str) -> str:
    """Return the key of `FILTERS` under which warnings of that code are found."""
    code = _ALIKE.get(code, code)
    return code if code in FILTERS else "other"


def what(kind: str, number: str) -> str:
    """Return a kind with its number, such as "Clause 2"."""
    return f"{KINDS[kind]} {number}".strip()


def correction(operation: str, params: Mapping[str, Any]) -> str:
    """Return the sentence that says what a stored correction did."""
    words = params["words"]
    if operation == "retitle" and not params["title"]:
        return _("“%(words)s” has no title any more.", words=words)
    if operation == "retitle":
        return _("“%(words)s” got the title “%(title)s”.", words=words, title=params["title"])
    if operation == "merge":
        return _("“%(words)s” was merged with what precedes it.", words=words)
    if operation == "unmark":
        return _("“%(words)s” is no heading; it was joined to what precedes it.", words=words)
    if operation == "reparent":
        if params["parent"] is None:
            return _("“%(words)s” was placed under no other provision.", words=words)
        return _("“%(words)s” was placed under “%(above)s”.", words=words, above=params["above"])
    if operation == "attach":
        return _("“%(words)s” begins a document: %(name)s.", words=words, name=params["name"])
    made = what(params["kind"], params["number"])
    if operation == "retype":
        return _("“%(words)s” became: %(what)s.", words=words, what=made)
    return _("“%(words)s” became a provision of its own: %(what)s.", words=words, what=made)


def refusal(error: Exception) -> str:
    """Return why a correction, an undoing or a redoing was not made."""
    if isinstance(error, Refused):
        return _(REFUSALS[error.reason], **error.params)
    if isinstance(error, correcting.Needed):
        return _(
            "Correction %(number)s builds on this one. Undo that first.",
            number=format_number(error.ordinal),
        )
    if isinstance(error, correcting.Stale):
        return _(
            "The tree was corrected in the meantime, so nothing was changed. Look at it as it is "
            "now and send your correction again."
        )
    if isinstance(error, correcting.NotUndoable):
        return _("This correction is in that state already.")
    return _("This text has been shown to others, so its division stays as it is.")
