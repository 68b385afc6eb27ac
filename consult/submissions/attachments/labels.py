"""The sentences about attached files, and how they are listed."""

from __future__ import annotations

from typing import Final

from consult.core.i18n import N_, _
from consult.core.settings import settings
from consult.submissions.attachments.models import FileKind
from consult.submissions.attachments.screening import Refused

# What a browser offers to choose from; a telephone offers its camera too.
ACCEPTED: Final = ",".join(
    [*(f".{kind.value}" for kind in FileKind), ".jpeg", *(kind.media_type for kind in FileKind)]
)

REASONS: Final[dict[str, str]] = {
    "empty": N_("The file is empty."),
    "too_large": N_("The file is larger than %(limit)s MB. Make it smaller, or divide it."),
    "too_many": N_("A point takes at most %(limit)s files. Remove one first."),
    "too_much": N_(
        "With this file, all files of your contribution would be larger than %(limit)s MB. Remove "
        "one first, or make it smaller."
    ),
    "twice": N_("The same file is attached to this point already, as “%(other)s”."),
    "sent": N_("The point has been sent meanwhile, so the file was not attached."),
    "not_allowed": N_(
        "Files of this type are not taken. Attach a PDF, DOCX, XLSX, PNG or JPG file; save older "
        "Word and Excel files as .docx and .xlsx first."
    ),
    "mislabelled": N_(
        "The file is really of type %(actual)s, not what its name says. Give its name the ending "
        "%(ending)s and choose it again."
    ),
    "broken": N_(
        "The file is damaged or was cut off, so it cannot be opened. Open it on your device, save "
        "it again and choose the new file."
    ),
    "bomb": N_(
        "The file unpacks to far more than such a file needs, or takes too long to read. Save it "
        "again in a simpler form."
    ),
    "too_many_pages": N_("The file has too many pages. Divide it and attach the parts."),
    "too_many_pixels": N_("The picture has too many points. Make it smaller."),
    "encrypted": N_(
        "The file is protected by a password or restricted. Take the protection off and choose it "
        "again."
    ),
    "macros": N_("The file carries macros. Save it as .docx or .xlsx without macros."),
    "embedded": N_(
        "Another file or a program is embedded in the file. Take it out and attach it by itself."
    ),
    "external": N_(
        "The file fetches something from elsewhere when it is opened (a picture, a template, "
        "data). Put that into the file itself, or take it out."
    ),
    "active": N_(
        "The file does something by itself when it is opened (a script, a form that sends, a "
        "program). Save it without that, for example by printing it as PDF."
    ),
    "entities": N_(
        "The file declares entities, which no office program writes. Save it again and choose the "
        "new file."
    ),
    "polyglot": N_(
        "There is something else in front of or behind the file's own content. Save it again and "
        "choose the new file."
    ),
    "virus": N_("The file was recognised as malicious, so it was not taken. Check your device."),
    "unchecked": N_(
        "The file could not be checked for viruses just now, so it was not taken. Try again in a "
        "few minutes; your words are kept."
    ),
}


def refusal(name: str, refused: Refused) -> str:
    """Return why the file with that name was not attached."""
    return f"{name}: {_(REASONS[refused.reason], **refused.params)}"


def hint() -> str:
    """Return what may be attached."""
    return _(
        "PDF, DOCX, XLSX, PNG or JPG; at most %(files)s files of %(each)s MB each on a point, "
        "%(all)s MB in your whole contribution.",
        files=settings().max_attachments,
        each=settings().max_attachment_bytes >> 20,
        all=settings().max_attached_bytes >> 20,
    )
