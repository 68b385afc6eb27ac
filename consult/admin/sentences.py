"""The audit log in words: what each act is called, its details, the kinds of subjects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from consult.admin import labels
from consult.core.audit import AuditEntry
from consult.core.i18n import N_, _, _l, format_number

Names = Mapping[str, Mapping[int, str]]
# action → (what it is called, what is added from the entry's details, made readable)
ACTS: dict[str, tuple[str, str]] = {
    "account.registered": (_l("Registered an account"), ""),
    "account.confirmed": (_l("Confirmed the e-mail address"), ""),
    "account.renamed": (_l("Changed the name of the account"), ""),
    "account.password_changed": (_l("Changed the password"), ""),
    "account.password_reset": (_l("Set a new password by a link"), ""),
    "account.disabled": (_l("Disabled an account"), ""),
    "account.enabled": (_l("Enabled an account again"), ""),
    "account.sessions_ended": (_l("Signed somebody out everywhere"), N_("%(count)s sessions")),
    "role.granted": (_l("Gave a role"), "%(role)s"),
    "role.revoked": (_l("Took a role away"), "%(role)s"),
    "organisation.added": (_l("Added an organisation"), ""),
    "organisation.changed": (_l("Changed an organisation"), ""),
    "settings.changed": (_l("Changed the settings"), "%(changed)s"),
    "period.added": (_l("Added a period rule"), "%(name)s"),
    "period.removed": (_l("Removed a period rule"), "%(name)s"),
    "holiday.added": (_l("Added a holiday"), "%(name)s"),
    "holiday.removed": (_l("Removed a holiday"), "%(name)s"),
    "job.retried": (_l("Let a parked job be tried again"), "%(name)s"),
    "profile.requested": (_l("Asked for verification"), ""),
    "profile.checked": (_l("Checked the evidence of a title"), ""),
    "profile.verified": (_l("Verified a profile"), ""),
    "certificate.issued": (_l("Issued a certificate of contributions"), ""),
    "certificate.declined": (_l("Declined a request for a certificate"), ""),
    "certificate.revoked": (_l("Revoked a certificate of contributions"), ""),
    "evidence.deleted": (_l("Deleted evidence of a title after the period of keeping"), ""),
    "profile.returned": (_l("Returned a profile for correction"), ""),
    "club.accepted": (_l("Accepted a member"), "%(user)s"),
    "club.declined": (_l("Declined a request for membership"), "%(user)s"),
    "club.left": (_l("Left a club or association"), ""),
    "club.role_set": (_l("Set a member's function"), "%(user)s"),
    "club.invited": (_l("Invited somebody to a club"), "%(user)s"),
    "club.joined": (_l("Accepted a club's invitation"), ""),
    "club.refused": (_l("Declined a club's invitation"), ""),
    "club.removed": (_l("Ended a membership"), "%(user)s"),
    "joint.opened": (_l("Opened a joint submission"), ""),
    "joint.start_signing": (_l("Laid a joint submission before the members"), ""),
    "joint.answered": (_l("Signed a joint submission or dissented"), ""),
    "joint.reopen": (_l("Opened a joint submission for changes"), "%(reason)s"),
    "joint.approve": (_l("Signed a joint submission off"), ""),
    "joint.send": (_l("Sent a joint submission"), ""),
    "joint.drop": (_l("Gave a joint submission up"), "%(reason)s"),
    "draft.version_added": (_l("Added a version of a draft"), N_("version %(version)s")),
    "draft.scan_received": (_l("Uploaded a scan of a draft"), N_("%(pages)s pages")),
    "draft.reading_confirmed": (
        _l("Confirmed how a draft was recovered from its file"),
        N_("version %(version)s"),
    ),
    "draft.corrected": (
        _l("Corrected how a draft is divided"),
        N_("version %(version)s, correction %(correction)s"),
    ),
    "draft.correction_undone": (
        _l("Undid a correction of how a draft is divided"),
        N_("version %(version)s, correction %(correction)s"),
    ),
    "submission.transcribed": (_l("Entered a contribution that came otherwise than online"), ""),
    "submission.compared": (_l("Compared a transcription with its original"), ""),
    "answers.changed": (_l("Changed answers to the round's questions"), ""),
    "point.hidden": (_l("Hid a point from the public"), "%(reason)s"),
    "point.appealed": (_l("Appealed against the hiding of a point"), ""),
    "point.taken_back": (_l("Took back the hiding of a point"), ""),
    "point.appeal_granted": (_l("Granted an appeal: the point is shown again"), ""),
    "point.appeal_refused": (_l("Refused an appeal: the point stays hidden"), ""),
    "point.reports_settled": (_l("Closed the reports on a point"), ""),
    "identity.requested": (
        _l("Asked for a sealed identity to be opened"),
        N_("request %(request)s"),
    ),
    "identity.approved": (
        _l("Approved that a sealed identity be opened"),
        N_("request %(request)s"),
    ),
    "identity.refused": (_l("Refused to open a sealed identity"), N_("request %(request)s")),
    "identity.seen": (_l("Looked at an opened identity"), N_("request %(request)s")),
    "version.published": (_l("Published a revised draft"), N_("version %(version)s")),
    "version.final": (_l("Published the final draft"), N_("version %(version)s")),
    "mapping.confirmed": (_l("Confirmed a doubtful mapping"), N_("version %(version)s")),
    "mapping.confirmed_all": (_l("Confirmed doubtful mappings"), N_("%(count)s mappings")),
    "mapping.parted": (_l("Parted two mapped provisions"), N_("version %(version)s")),
    "mapping.chosen": (_l("Chose the counterpart of a provision"), N_("version %(version)s")),
    "mapping.undone": (_l("Took back a decision on a mapping"), N_("version %(version)s")),
    "round.created": (_l("Prepared a consultation"), ""),
    "round.edited": (_l("Edited a consultation"), ""),
    "round.version_changed": (
        _l("Changed the text of a consultation"),
        N_("version %(version)s"),
    ),
    "round.publish": (_l("Published a consultation"), ""),
    "round.open": (_l("Opened a consultation"), ""),
    "round.close": (_l("Closed a consultation"), ""),
    "round.extend": (_l("Extended a consultation"), "%(reason)s"),
    "round.answer": (_l("Completed the answers of a consultation"), ""),
    "round.cancel": (_l("Cancelled a consultation"), "%(reason)s"),
    "submission.received": (_l("Sent a contribution"), N_("%(points)s points")),
    "submissions.imported": (_l("Imported contributions"), ""),
    "point.revised": (_l("Revised a point"), N_("revision %(revision)s")),
    "submission.withdrawn": (_l("Withdrew points"), N_("%(points)s points")),
    "answers.published": (_l("Published answers"), ""),
    "draft_reply.asked": (_l("Asked an expert for a draft reply"), "%(user)s"),
    "draft_reply.sent": (_l("Sent the draft reply that was asked for"), ""),
    "draft_reply.declined": (_l("Declined to write a draft reply"), ""),
    "draft_reply.cancelled": (_l("Cancelled the request for a draft reply"), ""),
    "round.reschedule": (_l("Changed until when a round is answered"), ""),
    "embargo.set": (_l("Held answers back until an instant"), ""),
    "embargo.changed": (_l("Changed the instant at which answers are published"), ""),
    "embargo.lifted": (_l("Let answers wait for no instant any more"), ""),
    "embargo.ended": (_l("Published answers at their instant"), ""),
    "answer.assigned": (_l("Assigned points to be answered"), "%(user)s"),
    "answer.unassigned": (_l("Took the assignment of points back"), ""),
    "answer.linked": (_l("Linked an answer to a change of the draft"), ""),
    "answer.unlinked": (_l("Took the link of an answer to a change away"), ""),
    "answer.corrected": (_l("Corrected a published answer"), ""),
    "commitment.made": (_l("Made a commitment in an answer"), ""),
    "commitment.done": (_l("Said that a commitment is done"), ""),
    "commitment.dropped": (_l("Dropped a commitment"), ""),
    "commitment.proven": (_l("Added a file as evidence to a commitment"), ""),
    "commitment.unproven": (_l("Took a file away from the evidence of a commitment"), ""),
    "commitment.open": (_l("Opened a commitment again"), ""),
    "answer.objected": (_l("Said that an answer misses the point"), ""),
    "point.asked": (_l("Asked the author of a point something"), ""),
    "point.replied": (_l("Replied to a question on a point"), ""),
    "decision.duplicates": (_l("Marked points as duplicates"), "%(codes)s"),
    "decision.set_aside": (_l("Set points aside"), "%(codes)s"),
    "decision.taken_back": (_l("Took decisions on points back"), "%(codes)s"),
    "themes.built": (_l("Built the themes of points"), N_("%(points)s points read")),
    "theme.rename": (_l("Renamed a theme"), "%(theme)s"),
    "theme.merge": (_l("Joined two themes"), "%(theme)s"),
    "theme.split": (_l("Made a new theme"), "%(theme)s"),
    "theme.move": (_l("Moved points to a theme"), "%(theme)s"),
    "theme.undone": (_l("Undid a change of themes"), "%(theme)s"),
    "repetition.refused": (_l("Said that points are no repetitions"), "%(codes)s"),
    "repetition.unrefused": (_l("Took back that points are no repetitions"), "%(codes)s"),
    "doubt.dismissed": (_l("Said that a doubtful stance is right"), "%(codes)s"),
    "doubt.reopened": (_l("Took back that a doubtful stance is right"), "%(codes)s"),
    "groups.built": (_l("Looked for opinion groups"), ""),
    "coding.drawn": (_l("Drew a sample to be read by two people"), N_("%(points)s points")),
    "coding.joined": (_l("Began to read a sample"), ""),
    "coding.finished": (_l("Finished reading a sample"), ""),
    "coding.resumed": (_l("Took back having finished reading a sample"), ""),
    "coding.left": (_l("Gave up reading a sample"), ""),
    "coding.settled": (_l("Settled what two people read differently"), "%(codes)s"),
    "coding.dropped": (_l("Dropped a sample"), ""),
    "triage.rated": (_l("Said how important a point is"), "%(codes)s"),
    "triage.noted": (_l("Wrote a note on a point"), "%(codes)s"),
    "triage.note_removed": (_l("Removed a note on a point"), "%(codes)s"),
    "triage.note_restored": (_l("Brought a note on a point back"), "%(codes)s"),
    "files.read": (_l("Marked attached files as read"), N_("%(files)s files")),
    "files.unread": (_l("Marked attached files as unread"), N_("%(files)s files")),
    "summary.started": (_l("Began a summary"), ""),
    "summary.edited": (_l("Changed a summary"), N_("number %(number)s")),
    "summary.sent": (_l("Sent a summary for review"), N_("number %(number)s")),
    "summary.returned": (_l("Sent a summary back to its writers"), N_("number %(number)s")),
    "summary.approved": (_l("Approved a summary"), N_("number %(number)s")),
    "summary.objected": (_l("An author objected to the record of a point"), "%(code)s"),
    "summary.objection_answered": (_l("Answered an author's objection"), "%(code)s"),
    "summary.released": (_l("Released a summary"), N_("number %(number)s")),
    "commission.ordered": (_l("Ordered a critique"), ""),
    "commission.accept": (_l("Took an order for a critique on"), ""),
    "commission.decline": (_l("Declined an order for a critique"), "%(reason)s"),
    "commission.criteria_set": (_l("Set the criteria of a critique"), ""),
    "commission.start": (_l("Started the reviews of a critique"), ""),
    "commission.meet": (_l("Called the meeting of a panel"), ""),
    "commission.report": (_l("Delivered the report of a critique"), ""),
    "commission.answer": (_l("Answered the recommendations of a critique"), ""),
    "commission.cancel": (_l("Cancelled a critique"), "%(reason)s"),
    "critique_template.changed": (_l("Changed a template of critiques"), ""),
    "panel.invited": (_l("Invited somebody to a panel"), "%(user)s"),
    "panel.role_set": (_l("Changed a role on a panel"), "%(user)s"),
    "panel.replied": (_l("Answered the invitation to a panel"), ""),
    "panel.declared": (_l("Declared on conflicts of interest"), ""),
    "panel.decided": (_l("Decided on a conflict of interest"), "%(user)s"),
    "panel.released": (_l("Released a member from a panel"), "%(user)s"),
    "review.sent": (_l("Sent a review"), ""),
    "reviews.opened": (_l("Opened the reviews of a panel"), ""),
    "minutes.saved": (_l("Wrote the minutes of a panel"), ""),
    "minutes.confirmed": (_l("Confirmed the minutes of a panel"), ""),
    "critique_report.saved": (_l("Wrote the report of a critique"), ""),
    "critique_report.signed": (_l("Signed the report of a critique"), ""),
    "dissent.saved": (_l("Recorded a differing opinion"), ""),
}
SUBJECTS: dict[str, str] = {
    "user": _l("User"),
    "organisation": _l("Organisation"),
    "portal": _l("Portal"),
    "period": _l("Period rule"),
    "holiday": _l("Holiday"),
    "job": _l("Job"),
    "draft": _l("Draft"),
    "round": _l("Consultation"),
    "submission": _l("Contribution"),
    "point": _l("Point"),
    "summary": _l("Summary"),
    "response": _l("Answer"),
    "commitment": _l("Commitment"),
    "commission": _l("Commissioned critique"),
    "joint": _l("Joint submission"),
    "critique_template": _l("Template of critiques"),
}


def acts() -> dict[str, str]:
    """Return what each known act is called."""
    return {action: name for action, (name, _details) in ACTS.items()}


def sentence(entry: AuditEntry, names: Names) -> str:
    """Return what was done, in the language in force; the bare code where no words are known.

    ``names`` says for the kinds "user" and "organisation" what the ids in the details mean.
    """
    if entry.action not in ACTS:
        return entry.action
    name, template = ACTS[entry.action]
    details: dict[str, Any] = entry.details
    words = {key: _readable(key, value) for key, value in details.items()}
    words["user"] = names["user"].get(details.get("user_id", 0), "")
    organisation = names["organisation"].get(details.get("organisation_id") or 0)
    wanted = re.findall(r"%\((\w+)\)", template)
    if not wanted or not all(words.get(key) for key in wanted):
        return str(name)  # also for an entry older than its words
    added = _(template) % words
    return f"{name}: {added} ({organisation})" if organisation else f"{name}: {added}"


def _readable(key: str, value: Any) -> str:
    if key == "role":
        return str(labels.ROLES.get(value, value))
    if key == "changed" and isinstance(value, dict):
        names = list(cast("dict[str, Any]", value))
        return ", ".join(str(labels.SETTINGS[n][0]) if n in labels.SETTINGS else n for n in names)
    return format_number(value) if isinstance(value, int) else str(value)
