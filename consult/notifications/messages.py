"""What each notification says: a title and a sentence for each kind, in the reader's language."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from consult.core.i18n import N_, _
from consult.notifications.answer_messages import ANSWERS
from consult.notifications.summary_messages import SUMMARIES


class Message(Struct, frozen=True):
    """A notification as shown: ``title`` is also the e-mail's subject."""

    title: str
    body: str


# kind → (title, body); the placeholders are the notification's params.
TEXTS: dict[str, tuple[str, str]] = {
    "profile.requested": (
        N_("A profile waits for verification"),
        N_("%(name)s asks to be verified as an intellectual of the province."),
    ),
    "profile.verified": (
        N_("Your profile has been verified"),
        N_("You can now write opinions in every open consultation."),
    ),
    "profile.returned": (
        N_("Your profile needs a correction"),
        N_("The secretariat writes: %(note)s"),
    ),
    "profile.halfway": (
        N_("Your evidence has been checked"),
        N_("A second person of the secretariat now confirms your degree or title."),
    ),
    "profile.checked": (
        N_("A title waits for your confirmation"),
        N_("The evidence of %(name)s has been checked; a second person has to confirm it."),
    ),
    "certificate.requested": (
        N_("A certificate of contributions is asked for"),
        N_("%(name)s asks for a certificate. Look through it and issue or decline it."),
    ),
    "certificate.issued": (
        N_("Your certificate of contributions has been issued"),
        N_("Certificate %(number)s can be downloaded from your record."),
    ),
    "certificate.declined": (
        N_("Your request for a certificate was declined"),
        N_("Reason: %(reason)s"),
    ),
    "certificate.revoked": (
        N_("A certificate of your contributions has been revoked"),
        N_("Certificate %(number)s is no longer in force. Reason: %(reason)s"),
    ),
    "club.requested": (
        N_("A request to join %(club)s"),
        N_("%(name)s asks to become a member."),
    ),
    "club.accepted": (
        N_("You are now a member of %(club)s"),
        N_("You can write opinions on its behalf."),
    ),
    "club.declined": (
        N_("Your request to join %(club)s was declined"),
        N_("You can still write opinions in your own name."),
    ),
    "club.invited": (
        N_("%(club)s invites you to become a member"),
        N_("Open the club's page and answer the invitation."),
    ),
    "club.joined": (
        N_("A new member of %(club)s"),
        N_("%(name)s has accepted the invitation."),
    ),
    "club.refused": (
        N_("An invitation to %(club)s was declined"),
        N_("%(name)s has declined the invitation."),
    ),
    "club.removed": (
        N_("Your membership of %(club)s has ended"),
        N_("Reason: %(reason)s What you have sent stays."),
    ),
    "club.chair": (
        N_("You are now the chair of %(club)s"),
        N_("You sign off and send the club's joint submissions."),
    ),
    "joint.opened": (
        N_("%(club)s opens a joint submission"),
        N_("“%(title)s”, on “%(round)s”: suggest points for it."),
    ),
    "joint.taken": (
        N_("Your suggestion has been taken over"),
        N_("It now stands in the text of “%(title)s”."),
    ),
    "joint.declined": (
        N_("Your suggestion has been declined"),
        N_("It does not stand in the text of “%(title)s”. Reason: %(reason)s"),
    ),
    "joint.signing": (
        N_("A joint submission is ready to be signed"),
        N_("“%(title)s”: read the text, then sign it or attach a dissent."),
    ),
    "joint.voided": (
        N_("Your signature no longer counts: the text is being changed"),
        N_("“%(title)s” has been opened for changes. Reason: %(reason)s You are asked again."),
    ),
    "joint.approved": (
        N_("The chair has signed a joint submission off"),
        N_("“%(title)s” can now be sent."),
    ),
    "joint.sent": (
        N_("A joint submission has been sent"),
        N_("“%(title)s” of %(club)s has been received in “%(round)s”."),
    ),
    "joint.dropped": (
        N_("A joint submission has been given up"),
        N_("“%(title)s” will not be sent. Reason: %(reason)s"),
    ),
    "joint.due": (
        N_("A joint submission of your club waits"),
        N_("“%(title)s” is not sent yet, and “%(round)s” closes at %(at)s."),
    ),
    "submission.received": (
        N_("Your contribution %(reference)s has been received"),
        N_("“%(round)s”: %(count)s points received at %(at)s. Your receipt is kept on the portal."),
    ),
    "submission.answered": (
        N_("Your contribution %(reference)s has been received"),
        N_(
            "“%(round)s”: answers to %(answers)s questions and %(count)s points received at "
            "%(at)s. Your receipt is kept on the portal."
        ),
    ),
    "point.revised": (
        N_("Your revision of point %(code)s has been received"),
        N_("“%(round)s”: revision %(number)s received at %(at)s. It counts from now on."),
    ),
    "submission.kept": (
        N_("Your contribution has been received"),
        N_("Sign in and open “My contributions”: your receipt is kept there."),
    ),
    "contribution.news": (
        N_("There is news of your contributions"),
        N_("Sign in and open “My contributions” to read it."),
    ),
    "contribution.opened": (
        N_("Important: please read what happened to one of your contributions"),
        N_("Sign in and open “My contributions”: what was done, by whom and why stands there."),
    ),
    "point.hidden": (
        N_("Your point %(code)s has been hidden from the public"),
        N_(
            "Reason: %(reason)s. It still counts and the staff still read it. If you do not "
            "agree, open the point and appeal: another person will decide."
        ),
    ),
    "point.shown": (
        N_("Your point %(code)s is shown to the public again"),
        N_("Nothing is left to do. What was decided and why stands beside the point."),
    ),
    "appeal.upheld": (
        N_("Your appeal was decided: point %(code)s stays hidden"),
        N_("Reason: %(reason)s"),
    ),
    "appeal.received": (
        N_("An author appeals against the hiding of point %(code)s"),
        N_("Consultation “%(round)s”. Please read the point and decide."),
    ),
    "identity.requested": (
        N_("A request to open a sealed identity waits"),
        N_("It concerns “%(round)s” and needs a second person's decision within seven days."),
    ),
    "identity.approved": (
        N_("Your request to open a sealed identity was approved"),
        N_("You can see the identity for 24 hours. It concerns “%(round)s”."),
    ),
    "identity.refused": (
        N_("Your request to open a sealed identity was refused"),
        N_("It concerns “%(round)s”."),
    ),
    "round.opened": (
        N_("A consultation has opened"),
        N_("“%(round)s” takes opinions until %(closes)s."),
    ),
    "round.closed": (
        N_("A consultation has closed"),
        N_("“%(round)s” no longer takes opinions. It is time to summarise and answer them."),
    ),
    "round.extended": (
        N_("A consultation has been extended"),
        N_("“%(round)s” now takes opinions until %(closes)s."),
    ),
    "round.cancelled": (
        N_("A consultation has been cancelled"),
        N_("“%(round)s” has been cancelled. Reason: %(reason)s"),
    ),
    **SUMMARIES,
    "answers.published": (
        N_("Your points have been answered"),
        N_("The drafting agency has answered %(count)s of your points in “%(round)s”."),
    ),
    **ANSWERS,
    "answer.assigned": (
        N_("Points are assigned to you to answer"),
        N_("%(count)s points of “%(round)s” are yours to answer."),
    ),
    "version.published": (
        N_("A revised draft has been published"),
        N_(
            "Version %(number)s of “%(draft)s” changes provisions that you wrote on. "
            "See beside your points how they read now."
        ),
    ),
    "version.final": (
        N_("The final draft has been published"),
        N_(
            "The final text of “%(draft)s” changes provisions that you wrote on. "
            "See beside your points how they read now."
        ),
    ),
    "commission.ordered": (
        N_("A critique has been ordered"),
        N_("%(name)s orders: “%(title)s”. Look through it and take it on or decline it."),
    ),
    "commission.accept": (
        N_("The union takes your order on"),
        N_("“%(title)s”: the union now forms the panel."),
    ),
    "commission.decline": (
        N_("The union declines your order"),
        N_("“%(title)s” was declined. Reason: %(reason)s"),
    ),
    "commission.start": (
        N_("Your review can be written now"),
        N_("“%(title)s”: please send your review by %(at)s."),
    ),
    "commission.meet": (
        N_("The panel meets"),
        N_("The reviews of “%(title)s” are followed by a meeting. See when and where it is."),
    ),
    "commission.report": (
        N_("The report of a critique has been delivered"),
        N_("The report on “%(title)s” can now be read."),
    ),
    "commission.answer": (
        N_("The recommendations of a critique have been answered"),
        N_("See what becomes of each recommendation on “%(title)s”."),
    ),
    "commission.cancel": (
        N_("A critique has been cancelled"),
        N_("“%(title)s” has been cancelled. Reason: %(reason)s"),
    ),
    "panel.invited": (
        N_("You are invited to a critique panel"),
        N_("%(name)s has ordered “%(title)s”; the report is due at %(at)s. Please answer."),
    ),
    "panel.replied": (
        N_("News of a critique panel"),
        N_("%(name)s has answered the invitation or declared an interest: “%(title)s”."),
    ),
    "panel.cleared": (
        N_("You can take part in the panel"),
        N_("“%(title)s”: what you declared does not stand in the way. %(reason)s"),
    ),
    "panel.barred": (
        N_("You do not take part in the panel"),
        N_("“%(title)s”: what you declared stands in the way. %(reason)s"),
    ),
    "panel.released": (
        N_("You have been released from a panel"),
        N_("“%(title)s”. Reason: %(reason)s"),
    ),
    "reviews.opened": (
        N_("The reviews are open to the panel"),
        N_("“%(title)s”: compare the reviews; members may revise their own once."),
    ),
    "review.due": (
        N_("Your review is due soon"),
        N_("“%(title)s”: your review is due at %(at)s and has not been sent."),
    ),
    "review.overdue": (
        N_("Your review is overdue"),
        N_("“%(title)s”: your review was due at %(at)s and has not been sent."),
    ),
    "meeting.set": (
        N_("Time and place of the panel's meeting"),
        N_("“%(title)s”: the panel meets at %(at)s. Place: %(name)s"),
    ),
    "minutes.written": (
        N_("Minutes wait for your confirmation"),
        N_("The minutes of the meeting on “%(title)s” can be confirmed."),
    ),
    "critique_report.signed": (
        N_("A report has been signed"),
        N_("The chair has signed the report on “%(title)s”: it can be delivered."),
    ),
    "role.changed": (
        N_("Your rights on the portal have changed"),
        N_("An administrator has changed your roles. Open your desk to see what you can do."),
    ),
}


def message(kind: str, params: dict[str, Any]) -> Message:
    """Return the text of a notification in the language in force; KeyError for no such kind."""
    title, body = TEXTS[kind]
    return Message(_(title) % params, _(body) % params)
