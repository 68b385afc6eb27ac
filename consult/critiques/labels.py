"""Words for what this room's codes mean."""

from __future__ import annotations

from consult.core.i18n import _, _l, _n
from consult.critiques.candidate_queries import Reason
from consult.critiques.models import Clearance, Declaration, Seat, SeatState
from consult.people.fields import field_name

_STAGES = {
    "ordered": _l("Ordered"),
    "declined": _l("Declined by the union"),
    "forming": _l("Panel being formed"),
    "reviewing": _l("Under review"),
    "meeting": _l("Meeting of the panel"),
    "reported": _l("Report delivered"),
    "answered": _l("Recommendations answered"),
    "cancelled": _l("Cancelled"),
}
_TRANSITIONS = {
    "accept": _l("Taken on by the union"),
    "decline": _l("Declined by the union"),
    "start": _l("Reviewing started"),
    "meet": _l("Meeting called"),
    "report": _l("Report delivered"),
    "answer": _l("Recommendations answered"),
    "cancel": _l("Cancelled"),
}
_ROLES = {
    "chair": _l("Chair of the panel"),
    "secretary": _l("Secretary of the panel"),
    "reviewer_1": _l("Reviewer 1"),
    "reviewer_2": _l("Reviewer 2"),
    "member": _l("Panel member"),
}
_CONCLUSIONS = {
    "approve": _l("Approve the draft"),
    "approve_if_amended": _l("Approve on condition that it is amended"),
    "disapprove": _l("Do not approve"),
}
CHECKS = {
    "chair": _l("There is exactly one chair"),
    "secretary": _l("There is exactly one secretary"),
    "reviewer_1": _l("There is exactly one reviewer 1"),
    "reviewer_2": _l("There is exactly one reviewer 2"),
    "replied": _l("Everybody invited has replied"),
    "declared": _l("Every member has declared whether there is a conflict of interest"),
    "decided": _l("Every declared conflict of interest is decided on"),
    "criteria": _l("There are criteria"),
    "minutes": _l("Chair and secretary have confirmed the minutes"),
    "assessment": _l("The assessment as a whole is written"),
    "findings": _l("The agreed findings are written"),
    "conclusion": _l("The panel's conclusion is chosen"),
    "recommendations": _l("There is at least one recommendation"),
}


def commission_stage(stage: str) -> str:
    """Return what a commission's stage is called."""
    return _STAGES[stage]


def commission_transition(name: str) -> str:
    """Return what a change of stage is called in the history."""
    return _TRANSITIONS[name]


def panel_role(role: str) -> str:
    """Return what a role on a panel is called."""
    return _ROLES[role]


def critique_conclusion(conclusion: str) -> str:
    """Return what an overall conclusion is called."""
    return _CONCLUSIONS[conclusion]


def reason(found: Reason) -> str:
    """Return the sentence that says why somebody is suggested."""
    if found.code == "field":
        return _("Works in the ordered field: %(field)s.", field=field_name(found.words))
    if found.code == "group":
        return _("Works in a neighbouring field: %(field)s.", field=field_name(found.words))
    if found.code == "speciality":
        return _("The speciality shares words with the order: %(words)s.", words=found.words)
    if found.code == "locality":
        return _("Lives or works in a place that the order names: %(place)s.", place=found.words)
    if found.code == "draft":
        return _n(
            "Wrote %(count)s point on this draft.",
            "Wrote %(count)s points on this draft.",
            found.count,
            count=found.count,
        )
    if found.code == "points":
        return _n(
            "Wrote %(count)s point in consultations.",
            "Wrote %(count)s points in consultations.",
            found.count,
            count=found.count,
        )
    return _n(
        "Sat on %(count)s panel before.",
        "Sat on %(count)s panels before.",
        found.count,
        count=found.count,
    )


def seat_state(seat: Seat) -> str:
    """Return where an invitation stands, in words."""
    if seat.state is SeatState.INVITED:
        return _("Invited, no reply yet")
    if seat.state is SeatState.DECLINED:
        return _("Declined the invitation")
    if seat.state is SeatState.DELEGATED:
        return _("Proposed somebody else")
    if seat.state is SeatState.RELEASED:
        return _("No longer on the panel")
    if seat.declaration is Declaration.NOT_YET:
        return _("Accepted, conflict of interest not declared yet")
    if seat.clearance is Clearance.WAITING:
        return _("Declared a conflict of interest, to be decided")
    if seat.clearance is Clearance.BARRED:
        return _("Does not take part: conflict of interest")
    if seat.clearance is Clearance.CLEARED:
        return _("Takes part: the declared conflict does not stand in the way")
    return _("Takes part, no conflict of interest")
