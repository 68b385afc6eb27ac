"""What the notices about summaries say: to the Front's staff, to readers, to authors."""

from __future__ import annotations

from consult.core.i18n import N_

# kind → (title, body), as in `messages.TEXTS`.
SUMMARIES: dict[str, tuple[str, str]] = {
    "summary.sent": (
        N_("A summary waits for your review"),
        N_("The summary of “%(round)s” has been sent for review. Read it, then approve it."),
    ),
    "summary.returned": (
        N_("A summary has been sent back to you"),
        N_("“%(round)s”: %(reason)s"),
    ),
    "summary.approved": (
        N_("Your summary has been approved"),
        N_("The summary of “%(round)s” has been approved and can be released."),
    ),
    "summary.released": (
        N_("A summary has been released"),
        N_("The summary of “%(round)s” can now be read."),
    ),
    "summary.covers": (
        N_("A summary that covers your points has been released"),
        N_("The summary of “%(round)s” can now be read: each of your points is in it."),
    ),
    "summary.recorded": (
        N_("See how your points are recorded"),
        N_(
            "The Front's summary of “%(round)s” has been approved. Before it is released you may "
            "object once to how each of your points is recorded."
        ),
    ),
    "summary.objected": (
        N_("An author objects to the record of point %(code)s"),
        N_("“%(round)s”: please read the objection and answer it before the release."),
    ),
    "summary.objection_answered": (
        N_("Your objection about point %(code)s has been answered"),
        N_("The Front writes: %(reason)s"),
    ),
}
