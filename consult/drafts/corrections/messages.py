"""Why a correction is refused, in English for gettext."""

from __future__ import annotations

from typing import Final


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    """Mark ``message`` for extraction and return it unchanged."""
    return message


class Refused(Exception):
    """A correction that cannot be made; ``reason`` is a key of `REFUSALS`.

    ``params`` fill the placeholders of that sentence.
    """

    def __init__(self, reason: str, **params: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params


REFUSALS: Final[dict[str, str]] = {
    "gone": N_("This provision is no longer in the tree. Choose it again on the page."),
    "not_its_text": N_(
        "A provision can be divided only inside its own text, after its number and title."
    ),
    "nothing_before": N_("Nothing would be left before this place. Change the kind instead."),
    "no_place": N_("Choose where the second half begins, or type its first words."),
    "words_missing": N_(
        "These words do not occur in the text of the provision. Copy them exactly as they stand."
    ),
    "words_repeated": N_("These words occur %(count)s times. Type some more of them."),
    "kind_unknown": N_("Choose what kind of provision this is."),
    "number_missing": N_("Type the number as it stands in the text, for example 2, II or b."),
    "number_too_long": N_("A number has at most 20 characters."),
    "number_not_first": N_(
        "The number must be the one with which the provision begins in the text, exactly as it "
        "stands there."
    ),
    "cannot_hold": N_(
        "“%(unit)s” cannot stand inside “%(parent)s”: a provision stands only under one of a "
        "higher level."
    ),
    "frame": N_("A preamble, a signature or a list of recipients stands under no provision."),
    "not_open": N_(
        "“%(parent)s” is not open at this place. A provision stands under one that begins before "
        "it, with no other of that level between them."
    ),
    "same_place": N_("The provision stands there already."),
    "same_kind": N_("The provision is already of this kind, with this number and title."),
    "title_not_first": N_(
        "The title must be the first words of the provision after its number, exactly as they "
        "stand in the text."
    ),
    "title_none": N_("A provision of this kind has no title."),
    "first_unit": N_("Nothing precedes this provision, so its text cannot join another one."),
    "first_appendix": N_("The document cannot begin with an appendix."),
    "first_attached": N_("The main document begins here: an attached one can only follow it."),
    "part_already": N_("An attached document or an appendix begins here already."),
    "name_missing": N_("Type what the attached document is called in citations."),
    "name_too_long": N_("This name has at most %(limit)s characters."),
    "not_adjacent": N_(
        "“%(other)s” now stands between the two: only neighbours in the text can be merged."
    ),
    "unassigned_between": N_(
        "Unassigned text stands between the two. Mark that text first, then merge."
    ),
    "no_heading": N_("This provision has no number or title, so it is no heading."),
    "not_unassigned": N_("This text has been assigned to a provision since."),
}
