"""Words for what the administrator's pages list: roles, kinds, states, settings, jobs."""

from __future__ import annotations

import re

from consult.core.i18n import _l
from consult.notifications.models import OutgoingEmail

ROLES = {
    "official": _l("Official of a drafting agency"),
    "front": _l("Fatherland Front"),
    "council": _l("People's Council delegate"),
    "secretariat": _l("Secretariat of the union"),
    "admin": _l("Administrator"),
}
USER_STATES = {
    "verified": _l("Verified"),
    "unverified": _l("Not verified"),
    "unconfirmed": _l("E-mail not confirmed"),
    "disabled": _l("Disabled"),
}
ORGANISATION_KINDS = {
    "agency": _l("Drafting agency"),
    "front": _l("Fatherland Front"),
    "council": _l("People's Council"),
    "union": _l("Union of science and technology associations"),
    "association": _l("Association"),
    "club": _l("Club"),
    "university": _l("University or institute"),
    "other": _l("Other"),
}
PERIOD_UNITS = {"calendar": _l("Calendar days"), "working": _l("Working days")}
JOB_STATES = {
    "ready": _l("Waiting"),
    "running": _l("Running"),
    "parked": _l("Parked"),
    "done": _l("Done in the last two weeks"),
}
EMPTY = _l("Empty means the wording of the form itself.")
ISSUED = _l("Printed as it stands on documents made from now on.")
# (label, hint) of each of the portal's settings, in the order of the page.
SETTINGS = {
    "name": (_l("Name of the portal"), _l("Stands at the top of every page and in every letter.")),
    "province": (_l("Province or city"), _l("Stands below the portal's name.")),
    "place": (
        _l("Place name in documents"),
        _l("Stands before the date of official documents."),
    ),
    "contact_email": (
        _l("Contact address"),
        _l("Stands at the foot of every page; may stay empty."),
    ),
    "front_symbol": (
        _l("Document symbol of the Fatherland Front"),
        _l("What follows the number of its reports, such as BC-MTTQ-BTT."),
    ),
    "agency_symbol": (
        _l("Document symbol of drafting agencies"),
        _l("Used for an agency that has no symbol of its own."),
    ),
    "answer_days": (
        _l("Working days for answering"),
        _l(
            "How long after the closing of a round its agency answers, where the round says "
            "nothing else; empty means no such period."
        ),
    ),
    "mau10_legal_basis": (
        _l("Legal basis in the record of answers"),
        _l("The opening words of form No. 10, without a full stop."),
    ),
    "mau10_title": (_l("Title of form No. 10"), EMPTY),
    "mau10_column_provision": (_l("Form No. 10, heading of column 1: provision"), EMPTY),
    "mau10_column_contributor": (_l("Form No. 10, heading of column 2: contributor"), EMPTY),
    "mau10_column_content": (_l("Form No. 10, heading of column 3: opinion"), EMPTY),
    "mau10_column_response": (_l("Form No. 10, heading of column 4: answer"), EMPTY),
    "report_title": (_l("Front's documents: title of the full report"), ISSUED),
    "brief_title": (_l("Front's documents: title of the brief"), ISSUED),
    "annex_title": (_l("Front's documents: title of the public annex"), ISSUED),
    "letter_title": (_l("Front's documents: title of the letter of social critique"), ISSUED),
    "letter_symbol": (
        _l("Front's documents: symbol of the letter"),
        _l("What follows the number of the letter of social critique."),
    ),
    "front_legal_basis": (
        _l("Front's documents: legal basis"),
        _l("The opening words of its documents, without a full stop."),
    ),
    "front_authority": (_l("Front's documents: authority of the signature"), ISSUED),
    "front_office": (_l("Front's documents: office of the signer"), ISSUED),
    "reply_request": (
        _l("Front's documents: request for a reply"),
        _l("Closes the letter of social critique; the day by which to answer follows it."),
    ),
    "hiding_reasons": (
        _l("Reasons for hiding an opinion"),
        _l(
            "One reason a line, of at most 200 characters; the public log of moderation shows them."
        ),
    ),
    "notice": (
        _l("Notice on every page"),
        _l("For example of planned maintenance; empty shows nothing."),
    ),
}
# The facts of which only authors are told.
_TO_AUTHORS = (
    "submission:",
    "sealed:",
    "answers.published:",
    "moderation:",
    "inquiry.asked:",
    "objection:",
    "summary.recorded:",
    "summary.covers:",
    "version.final:",
    "version.published:",
)
_REFERENCE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}\b")


def addressee(letter: OutgoingEmail) -> str:
    """Return to whom a letter goes, as far as the administrator needs it.

    Nothing where the letter shows that somebody contributed: with the instant beside it, even
    a part of the address would tell who stands behind a sealed contribution.
    """
    if letter.dedupe_key.startswith(_TO_AUTHORS):
        return "…"
    return masked(letter.to_address)


def masked(address: str) -> str:
    """Return an e-mail address with most of what stands before the @ left out."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:2]}…@{domain}"


def shown_subject(subject: str) -> str:
    """Return a letter's subject without a receipt's reference.

    Beside the address the reference would tell who stands behind a sealed contribution.
    """
    return _REFERENCE.sub("…", subject)
