"""What the notices about answers say: when they are due, what agency and author tell each other."""

from __future__ import annotations

from consult.core.i18n import N_

# kind → (title, body), as in `messages.TEXTS`.
ANSWERS: dict[str, tuple[str, str]] = {
    "answers.due": (
        N_("Answers are due soon"),
        N_("“%(round)s”: %(count)s points wait for an answer, due by %(at)s."),
    ),
    "answers.overdue": (
        N_("Answers are overdue"),
        N_("“%(round)s”: %(count)s points wait for an answer, which was due by %(at)s."),
    ),
    "draft_reply.asked": (
        N_("%(agency)s asks you for a draft reply"),
        N_("“%(round)s”: please read the points and write, by %(at)s, how you would reply."),
    ),
    "draft_reply.sent": (
        N_("%(name)s has sent a draft reply"),
        N_("“%(round)s”: it stands beside the points; take it over or not."),
    ),
    "draft_reply.thanks": (
        N_("Thank you for your draft reply"),
        N_("%(agency)s has received your draft reply on “%(round)s” and thanks you for it."),
    ),
    "draft_reply.declined": (
        N_("%(name)s declines to write a draft reply"),
        N_("“%(round)s”: you may ask somebody else."),
    ),
    "draft_reply.cancelled": (
        N_("A draft reply is asked of you no more"),
        N_("“%(round)s”: nothing is left for you to do. Thank you for your readiness."),
    ),
    "answers.rescheduled": (
        N_("The points are answered by another day"),
        N_("“%(round)s”: the agency now answers by %(at)s. Reason: %(reason)s"),
    ),
    "embargo.ended": (
        N_("Answers were published at their instant"),
        N_("“%(round)s”: %(count)s answers were published at %(at)s; their authors are told."),
    ),
    "embargo.left_out": (
        N_("Answers were published at their instant; some were left out"),
        N_(
            "“%(round)s”: %(count)s answers were published at %(at)s. Left out, because they are "
            "for discussion, wait for another instant or were withdrawn: %(left)s."
        ),
    ),
    "inquiry.asked": (
        N_("The agency asks you something about your point %(code)s"),
        N_("“%(round)s”: please read the question and reply on the portal."),
    ),
    "inquiry.replied": (
        N_("The author of %(code)s has replied"),
        N_("“%(round)s”: the reply to your agency's question can be read."),
    ),
    "answer.objected": (
        N_("The author of %(code)s says that the answer misses the point"),
        N_("“%(round)s”: please read why and answer again where it is called for."),
    ),
}
