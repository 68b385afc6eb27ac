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
}
