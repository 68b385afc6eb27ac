"""What the submissions room's services take, give and raise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar

from msgspec import Struct

from consult.consultations.models import Consultation
from consult.submissions.models import Identity, PointKind, Stance

LONGEST = 20_000  # characters of an argument, and of a proposed wording
LONGEST_QUOTE = 4_000


class NotAccepting(Exception):
    """The round does not take what arrived at that instant."""

    def __init__(self, consultation: Consultation) -> None:
        super().__init__()
        self.opens_at = consultation.opens_at
        self.closes_at = consultation.closes_at


class TooEarly(NotAccepting):
    """It opens later."""


class TooLate(NotAccepting):
    """It had closed."""


class Cancelled(NotAccepting):
    """It was cancelled."""


class NotAMember(Exception):
    """The author is not an accepted member of the organisation."""


class UnknownProvision(Exception):
    """The text under consultation has no provision with that ``key``."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class UnknownQuestion(Exception):
    """The round has no question with that number."""


class UnusableText(Exception):
    """An argument is empty, a text too long, or a wording proposal without its wording."""


class NothingToSend(Exception):
    """The basket has no point, or is not this author's."""


class AlreadySent(Exception):
    """The point has been received meanwhile: it can be withdrawn, no longer changed."""


class NewPoint(Struct, frozen=True):
    """A point as its author wrote it.

    ``provision`` is a key of the round's text (None: the whole draft), ``question`` a number
    of the round's questions; ``form_key`` tells a repeated post from a new one. ``before`` is
    what stands before the ``quote``: it tells which of several places is meant, and is not kept.
    ``attached`` is the key of the form for which files wait that belong to the point, "" when
    there are none.
    """

    provision: str | None
    stance: Stance
    argument: str
    form_key: str
    proposed_wording: str = ""
    quote: str = ""
    question: int | None = None
    kind: PointKind = PointKind.REMARK
    before: str = ""
    attached: str = ""


class SavePoint(Struct, frozen=True):
    """Put a point into the author's basket of the round."""

    consultation: Consultation
    author_id: int
    point: NewPoint


class Scan(Struct, frozen=True):
    """A scan as it is kept: "pdf", "jpg" or "png", the SHA-256 of its bytes and their number."""

    kind: str
    sha256: str
    size: int


class PaperFacts(Struct, frozen=True):
    """How a contribution came that staff enter; see `paper_models.PaperEntry`."""

    transcriber_id: int
    received_on: date
    register_number: str = ""
    late_reason: str = ""
    scan: Scan | None = None


class SubmitPoints(Struct, frozen=True):
    """Send points in one submission.

    ``author_id`` None is an import, or with ``paper`` what staff entered otherwise; then ``name``
    and ``organisation_name`` are as sheet or letter have them. ``organisation_id`` is the club on
    whose behalf the author writes.
    """

    consultation: Consultation
    author_id: int | None
    points: Sequence[NewPoint]
    identity: Identity
    idempotency_key: str
    received_at: datetime
    organisation_id: int | None = None
    channel: str = "online"
    name: str = ""
    organisation_name: str = ""
    paper: PaperFacts | None = None


class SendBasket(Struct, frozen=True):
    """Send what the basket with that reference holds; written by its author in the portal."""

    channel: ClassVar[str] = "online"
    name: ClassVar[str] = ""
    organisation_name: ClassVar[str] = ""
    paper: ClassVar[None] = None
    consultation: Consultation
    author_id: int
    reference: str
    identity: Identity
    received_at: datetime
    organisation_id: int | None = None


class Outcome(Struct, frozen=True):
    """What became of a post: the submission's reference and whether it is sent.

    ``repeated`` says that it had been done before and nothing was written now.
    """

    reference: str
    sent: bool
    repeated: bool = False
