"""Words for what a version holds: kinds of provisions, warnings, refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from consult.core.i18n import _, _n, format_number
from consult.drafts.parsing import DEFAULT, REASONS, WARNINGS, UnreadableDocument, helpers

_COUNTS: Final[dict[str, Callable[[int, str], str]]] = {
    "part": lambda n, c: _n("%(count)s part", "%(count)s parts", n, count=c),
    "chapter": lambda n, c: _n("%(count)s chapter", "%(count)s chapters", n, count=c),
    "section": lambda n, c: _n("%(count)s section", "%(count)s sections", n, count=c),
    "subsection": lambda n, c: _n("%(count)s subsection", "%(count)s subsections", n, count=c),
    "article": lambda n, c: _n("%(count)s article", "%(count)s articles", n, count=c),
    "roman": lambda n, c: _n("%(count)s main heading", "%(count)s main headings", n, count=c),
    "numeral": lambda n, c: _n("%(count)s item", "%(count)s items", n, count=c),
    "decimal": lambda n, c: _n("%(count)s sub-item", "%(count)s sub-items", n, count=c),
    "clause": lambda n, c: _n("%(count)s clause", "%(count)s clauses", n, count=c),
    "letter": lambda n, c: _n("%(count)s lettered point", "%(count)s lettered points", n, count=c),
    "bullet": lambda n, c: _n("%(count)s bullet", "%(count)s bullets", n, count=c),
    "paragraph": lambda n, c: _n("%(count)s paragraph", "%(count)s paragraphs", n, count=c),
    "table": lambda n, c: _n("%(count)s table", "%(count)s tables", n, count=c),
    "quote": lambda n, c: _n("%(count)s quoted text", "%(count)s quoted texts", n, count=c),
    "appendix": lambda n, c: _n("%(count)s appendix", "%(count)s appendices", n, count=c),
}


def counts(kinds: Mapping[str, int]) -> list[str]:
    """Return phrases such as "7 chapters", in the order of levels, in the language in force."""
    return [
        phrase(kinds[kind], format_number(kinds[kind]))
        for kind, phrase in _COUNTS.items()
        if kinds.get(kind)
    ]


def warning(entry: Mapping[str, Any]) -> str:
    """Return the sentence of a warning as a version keeps it."""
    sentence = WARNINGS[entry["code"]]
    return _(sentence, **entry["params"])


def reading(how: str) -> str:
    """Return the sentence that says how a text was recovered: "tcvn3", "vni" or "ocr"."""
    return _(WARNINGS[how]) if how else ""


def accepted(limit: int) -> str:
    """Return what can be uploaded on this server, of at most ``limit`` MB: helpers decide."""
    installed = helpers.found()
    if installed.office:
        types = _("A .docx, .doc, .odt, .rtf, .pdf or .txt file of at most %(limit)s MB.",
                  limit=format_number(limit))  # fmt: skip
    else:
        types = _("A .docx, .doc, .pdf or .txt file of at most %(limit)s MB.",
                  limit=format_number(limit))  # fmt: skip
    if installed.ocr:
        scans = _(
            "The words of a scanned PDF are recognised by a machine, in at most %(pages)s pages.",
            pages=format_number(DEFAULT.max_scanned),
        )
    else:
        scans = _("Scanned PDFs without text cannot be read on this server.")
    secret = _("Do not upload anything that is a state secret.")
    return f"{types} {scans} {secret}"


def refusal(error: UnreadableDocument) -> str:
    """Return the sentence that says why a file was not taken."""
    return _(REASONS[error.reason], **error.params)
