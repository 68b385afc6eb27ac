"""Checking an imported table: columns, provisions, stances, every wrong row named at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from consult.consultations.models import Consultation
from consult.core.i18n import N_
from consult.core.text import fold
from consult.drafts.queries import ProvisionLine
from consult.submissions.commands import LONGEST, NewPoint, SubmitPoints
from consult.submissions.incoming.spreadsheet import Row
from consult.submissions.models import Identity, PointKind, Stance
from consult.submissions.places import Ambiguous, NoSuchPlace, Places

LONGEST_NAME, LONGEST_ORGANISATION = 120, 200

COLUMNS = {
    "author": "author|name|ho ten|ho va ten|nguoi gop y|chu the gop y|chu the|tac gia|ten",
    "organisation": "organisation|organization|don vi|co quan|to chuc|don vi cong tac"
    "|co quan to chuc|co quan don vi|don vi to chuc",
    "provision": "provision|dieu khoan|dieu khoan gop y|dieu khoan diem|vi tri|muc gop y"
    "|nhom van de dieu khoan",
    "stance": "stance|lap truong|quan diem|thai do",
    "content": "content|argument|opinion|noi dung|noi dung gop y|y kien|y kien gop y|gop y",
    "proposed wording": "proposed wording|proposal|de xuat|de xuat sua doi|de nghi sua doi"
    "|de nghi sua thanh|noi dung de xuat|phuong an sua doi|de xuat noi dung",
    "kind": "kind|loai y kien|loai gop y|loai",
}
KINDS = {
    PointKind.REMARK: "remark|nhan xet|gop y|y kien",
    PointKind.WORDING: "wording|wording proposal|de nghi sua cau chu|de xuat cau chu|sua cau chu"
    "|de nghi sua loi van",
    PointKind.QUESTION: "question|cau hoi|hoi",
    PointKind.OBJECTION: "objection|y kien phan doi|phan doi|phan bac",
}
STANCES = {
    Stance.AGREE: "agree|dong y|tan thanh|nhat tri|ung ho|hoan toan dong y|hoan toan nhat tri"
    "|hoan toan tan thanh",
    Stance.AGREE_WITH_CHANGES: "agree with changes|dong y co sua doi|dong y co chinh sua"
    "|dong y nhung sua doi|dong y nhung can sua|dong y can sua doi|dong y voi sua doi"
    "|nhat tri co sua doi|nhat tri co bo sung|tan thanh co sua doi|tan thanh co dieu kien"
    "|tan thanh de nghi sua doi|dong y de nghi sua|dong y neu sua doi"
    "|dong y va de nghi sua doi|de nghi sua doi",
    Stance.DISAGREE: "disagree|khong dong y|khong tan thanh|khong nhat tri|phan doi",
    Stance.NONE: "none|no stance|khong neu|khong neu lap truong|khong co|khac|y kien khac",
}

MESSAGES = {
    "no_content_column": N_(
        "There is no column “content” (nội dung góp ý). Columns found: %(found)s."
    ),
    "no_author_column": N_(
        "There is neither a column “author” (người góp ý) nor “organisation” (đơn vị). Columns "
        "found: %(found)s."
    ),
    "double_column": N_("Two columns mean the same: %(found)s."),
    "no_rows": N_("Below the headings there are no rows."),
    "no_author": N_("Neither an author nor an organisation is given."),
    "no_content": N_("The content is empty."),
    "too_long": N_("The text has %(length)s characters; at most %(limit)s are possible."),
    "unknown_stance": N_(
        "The stance “%(value)s” is not known. Write one of: tán thành; tán thành, đề nghị sửa "
        "đổi; không tán thành; or leave it empty."
    ),
    "unknown_kind": N_(
        "The kind “%(value)s” is not known. Write one of: nhận xét; đề nghị sửa câu chữ; câu hỏi; "
        "ý kiến phản đối; or leave it empty."
    ),
    "no_wording": N_("A wording proposal needs the proposed wording."),
    "unknown_provision": N_("The draft has no provision “%(value)s”."),
    "ambiguous_provision": N_(
        "“%(value)s” can mean several provisions of the draft. Write its key, one of: %(keys)s."
    ),
    "repeated": N_("This row says the same as row %(first)s."),
}


class RowError(Struct, frozen=True):
    """What is wrong: row as a spreadsheet shows it (None: the table), ``code`` of MESSAGES."""

    row: int | None
    column: str
    code: str
    params: dict[str, str | int]


class ImportedRow(Struct, frozen=True):
    """A row that can be received; ``provision`` is a key, None for the whole draft."""

    row: int
    author: str
    organisation: str
    provision: str | None
    citation: str
    stance: Stance
    content: str
    proposed_wording: str
    kind: PointKind = PointKind.REMARK


class Table(Struct, frozen=True):
    """A checked table: it is received only when ``errors`` is empty.

    ``ignored`` names the columns that nothing is taken from.
    """

    rows: list[ImportedRow]
    errors: list[RowError]
    ignored: list[str]


def words(text: str) -> str:
    """Return ``text`` folded, only letters and digits, single spaces."""
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


def _meanings(
    table: dict[str, str] | dict[Stance, str] | dict[PointKind, str],
) -> dict[str, str]:
    return {alias: str(key) for key, aliases in table.items() for alias in aliases.split("|")}


_COLUMN_OF = _meanings(COLUMNS)
_STANCE_OF = _meanings(STANCES)
_KIND_OF = _meanings(KINDS)


def check_table(rows: Sequence[Row], provisions: Sequence[ProvisionLine]) -> Table:
    """Return the table with each row understood and every error found, in the rows' order.

    ``rows`` are non-empty and begin with the headings; ``provisions`` are the round's.
    """
    headings = rows[0][1]
    known = [_COLUMN_OF.get(words(heading), "") for heading in headings]
    errors = _heading_errors(headings, known)
    ignored = [h for h, column in zip(headings, known, strict=True) if h and not column]
    if errors:
        return Table([], errors, ignored)
    reader = _Reader(Places(provisions))
    for number, cells in rows[1:]:
        padded = [*cells, *[""] * len(known)]
        values = {column: padded[i] for i, column in enumerate(known) if column}
        reader.read(number, values)
    if not rows[1:]:
        reader.errors.append(RowError(None, "", "no_rows", {}))
    return Table(reader.rows, reader.errors, ignored)


def _heading_errors(headings: list[str], known: list[str]) -> list[RowError]:
    found: dict[str, str | int] = {"found": ", ".join(h for h in headings if h)}
    double = [h for h, c in zip(headings, known, strict=True) if c and known.count(c) > 1]
    if double:
        return [RowError(None, double[0], "double_column", {"found": ", ".join(double)})]
    errors: list[RowError] = []
    if "content" not in known:
        errors.append(RowError(None, "content", "no_content_column", found))
    if not {"author", "organisation"} & set(known):
        errors.append(RowError(None, "author", "no_author_column", found))
    return errors


class _Reader:
    """Understands one row after the other and collects what is wrong."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.rows: list[ImportedRow] = []
        self.errors: list[RowError] = []
        self._seen: dict[tuple[str, ...], int] = {}

    def read(self, number: int, values: dict[str, str]) -> None:
        before = len(self.errors)
        author, organisation = values.get("author", ""), values.get("organisation", "")
        content, wording = values.get("content", ""), values.get("proposed wording", "")
        if not author and not organisation:
            self._wrong(number, "author", "no_author")
        if not content:
            self._wrong(number, "content", "no_content")
        for column, text, limit in (
            ("author", author, LONGEST_NAME),
            ("organisation", organisation, LONGEST_ORGANISATION),
            ("content", content, LONGEST),
            ("proposed wording", wording, LONGEST),
        ):
            if len(text) > limit:
                self._wrong(number, column, "too_long", length=len(text), limit=limit)
        stance = self._stance(number, values.get("stance", ""))
        kind = self._kind(number, values.get("kind", ""), wording)
        key, citation = self._provision(number, values.get("provision", ""))
        same = (words(author), words(organisation), key or "", words(content), words(wording))
        if len(self.errors) == before and same in self._seen:
            self._wrong(number, "", "repeated", first=self._seen[same])
        self._seen.setdefault(same, number)
        if len(self.errors) == before:
            self.rows.append(
                ImportedRow(
                    number, author, organisation, key, citation, stance, content, wording, kind
                )
            )

    def _stance(self, number: int, value: str) -> Stance:
        known = _STANCE_OF.get(words(value), "none" if not value else "")
        if not known:
            self._wrong(number, "stance", "unknown_stance", value=value)
        return Stance(known or "none")

    def _kind(self, number: int, value: str, wording: str) -> PointKind:
        known = _KIND_OF.get(words(value), "remark" if not value else "")
        if not known:
            self._wrong(number, "kind", "unknown_kind", value=value)
        if known == PointKind.WORDING and not wording:
            self._wrong(number, "proposed wording", "no_wording")
        return PointKind(known or "remark")

    def _provision(self, number: int, value: str) -> tuple[str | None, str]:
        try:
            found = self.places.find(value)
        except NoSuchPlace:
            self._wrong(number, "provision", "unknown_provision", value=value)
        except Ambiguous as error:
            keys = ", ".join(error.keys[:5])
            self._wrong(number, "provision", "ambiguous_provision", value=value, keys=keys)
        else:
            return (found.key, found.citation) if found else (None, "")
        return None, ""

    def _wrong(self, row: int, column: str, code: str, **params: str | int) -> None:
        self.errors.append(RowError(row, column, code, params))


def fingerprint(data: bytes) -> str:
    """Return the SHA-256 of an imported file, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def commands(
    rows: Sequence[ImportedRow], consultation: Consultation, digest: str, received_at: datetime
) -> list[SubmitPoints]:
    """Return one submission for each author and organisation, in the order of the rows.

    The same file for the same round gives the same keys, so it is received once only.
    """
    groups: dict[tuple[str, str], list[ImportedRow]] = {}
    for row in rows:
        groups.setdefault((words(row.author), words(row.organisation)), []).append(row)
    key = f"import:{consultation.id}:{digest[:24]}"
    return [
        SubmitPoints(
            consultation=consultation,
            author_id=None,
            points=[
                NewPoint(
                    provision=row.provision,
                    stance=row.stance,
                    argument=row.content,
                    proposed_wording=row.proposed_wording,
                    kind=row.kind,
                    form_key=f"{key}:{row.row}",
                )
                for row in group
            ],
            identity=Identity.PUBLIC if group[0].author else Identity.ORGANISATION,
            idempotency_key=f"{key}:{number}",
            received_at=received_at,
            channel="import",
            name=group[0].author,
            organisation_name=group[0].organisation,
        )
        for number, group in enumerate(groups.values(), 1)
    ]
