"""Rows for tests: each function adds one thing and returns its id; open no transaction."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import insert, select

from consult.accounts.models import RoleGrant, User
from consult.consultations.models import (
    Audience,
    Consultation,
    Kind,
    PointsVisibility,
    Question,
    QuestionKind,
    Stage,
)
from consult.core import clock
from consult.core.db import db, transaction
from consult.drafts.models import Draft, DraftVersion, Provision
from consult.people.models import Membership, Organisation, Profile
from consult.submissions import vault
from consult.submissions.models import (
    Authorship,
    Identity,
    Point,
    SealedIdentity,
    Stance,
    Submission,
    SubmissionState,
)

_numbers = itertools.count(1)
PASSWORD = "mật khẩu thử nghiệm 1"
# Argon2id of PASSWORD with small parameters, so that making users is quick.
_hashes: list[str] = []


def password_hash() -> str:
    """Return a hash of PASSWORD, made once."""
    if not _hashes:
        from argon2 import PasswordHasher

        _hashes.append(PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD))
    return _hashes[0]


def organisation(kind: str = "agency", name: str | None = None, **values: Any) -> int:
    """Add an organisation."""
    number = next(_numbers)
    with transaction() as session:
        row = Organisation(
            name=name or f"Sở số {number}",
            short_name=values.pop("short_name", f"Sở {number}"),
            kind=kind,
            **values,
        )
        session.add(row)
        session.flush()
        return row.id


def user(
    name: str = "Nguyễn Văn An",
    *,
    roles: tuple[tuple[str, int | None], ...] = (),
    verified: bool = False,
    email: str | None = None,
    **profile: Any,
) -> int:
    """Add a confirmed user (password PASSWORD) with roles; verified ones get a profile."""
    number, now = next(_numbers), clock.now()
    with transaction() as session:
        row = User(
            email=email or f"user{number}@example.org",
            full_name=name,
            password_hash=password_hash(),
            created_at=now,
            email_confirmed_at=now,
            verified_at=now if verified else None,
        )
        session.add(row)
        session.flush()
        for role, organisation_id in roles:
            session.add(
                RoleGrant(
                    user_id=row.id, role=role, organisation_id=organisation_id, granted_at=now
                )
            )
        if verified or profile:
            session.add(
                Profile(
                    user_id=row.id,
                    **{
                        "state": "verified" if verified else "draft",
                        "degree": "TS",
                        "field_code": "505",
                        "organisation_name": "Trường Đại học Đồng Nai",
                        "locality": "Biên Hòa",
                    }
                    | profile,
                )
            )
        return row.id


def member(user_id: int, club_id: int, *, state: str = "accepted", role: str = "member") -> None:
    """Make the user a member of the club."""
    with transaction() as session:
        session.add(
            Membership(
                organisation_id=club_id,
                user_id=user_id,
                state=state,
                role=role,
                requested_at=clock.now(),
                decided_at=clock.now(),
            )
        )


def version(agency_id: int, *, articles: int = 3, title: str = "Dự thảo Quyết định") -> int:
    """Add a draft with one version: a chapter with articles of two clauses each."""
    now = clock.now()
    with transaction() as session:
        draft = Draft(title=title, agency_id=agency_id, created_at=now)
        session.add(draft)
        session.flush()
        row = DraftVersion(
            draft_id=draft.id,
            number=1,
            text="",
            remainder="",
            parts=[],
            warnings=[],
            created_at=now,
        )
        session.add(row)
        session.flush()
        ordinals = itertools.count(1)
        text: list[str] = []

        def add(key: str, kind: str, number: str, citation: str, **values: Any) -> int:
            ordinal = next(ordinals)
            start = sum(len(line) + 1 for line in text)
            words = " ".join(filter(None, (values.get("title"), values.get("text"))))
            text.append(f"{number}. {words}" if kind == "clause" else f"{citation}. {words}")
            provision = Provision(
                version_id=row.id,
                ordinal=ordinal,
                key=key,
                part="main",
                kind=kind,
                number=number,
                citation=citation,
                start=start,
                end=start + len(text[-1]),
                **{"title": "", "text": "", "parent_id": None, "depth": 0} | values,
            )
            session.add(provision)
            session.flush()
            return provision.id

        chapter = add("c1", "chapter", "I", "Chương I", title="Quy định chung")
        for n in range(1, articles + 1):
            article = add(
                f"d{n}",
                "article",
                str(n),
                f"Điều {n}",
                title=f"Nội dung {n}",
                depth=1,
                parent_id=chapter,
            )
            for k in (1, 2):
                add(
                    f"d{n}.k{k}",
                    "clause",
                    str(k),
                    f"khoản {k} Điều {n}",
                    depth=2,
                    parent_id=article,
                    text=f"Trí thức được hỗ trợ {k}{n} triệu đồng mỗi năm.",
                )
        row.text = "\n".join(text)
        return row.id


def consultation(
    agency_id: int,
    version_id: int,
    *,
    stage: Stage = Stage.OPEN,
    opens: timedelta = timedelta(days=-5),
    closes: timedelta = timedelta(days=10),
    **values: Any,
) -> int:
    """Add a round; ``opens`` and ``closes`` count from now."""
    now = clock.now()
    with transaction() as session:
        row = Consultation(
            version_id=version_id,
            agency_id=agency_id,
            stage=stage,
            opens_at=now + opens,
            closes_at=now + closes,
            created_at=now,
            **{
                "kind": Kind.CRITIQUE,
                "title": "Lấy ý kiến dự thảo Quyết định về đãi ngộ trí thức",
                "summary": "Tóm tắt dự thảo.",
                "audience": Audience.EVERYONE,
                "points_visibility": PointsVisibility.AT_ONCE,
                "responsible_name": "Trần Thị Bình",
            }
            | values,
        )
        session.add(row)
        session.flush()
        return row.id


def point(
    consultation_id: int,
    user_id: int | None,
    *,
    provision: str | None = "d1.k1",
    stance: Stance = Stance.AGREE,
    argument: str = "Tôi đồng ý với quy định này vì phù hợp thực tiễn.",
    proposed_wording: str = "",
    identity: Identity = Identity.PUBLIC,
    organisation_id: int | None = None,
    state: SubmissionState = SubmissionState.RECEIVED,
) -> int:
    """Add a submission of one point straight to the tables (no ledger, no jobs)."""
    number, now = next(_numbers), clock.now()
    with transaction() as session:
        round_ = session.get_one(Consultation, consultation_id)
        provision_id = None
        if provision is not None:
            provision_id = (
                session.query(Provision.id)
                .filter_by(version_id=round_.version_id, key=provision)
                .scalar()
            )
        received = None if state is SubmissionState.DRAFT else now
        submission = Submission(
            reference=f"T{number:08d}",
            consultation_id=consultation_id,
            state=state,
            created_at=now,
            received_at=received,
        )
        if state is SubmissionState.DRAFT:
            identity = Identity.SEALED
            submission.draft_of = vault.basket_mark(user_id or 0, consultation_id)
        session.add(submission)
        session.flush()
        author = vault.Author(user_id, organisation_id)
        _stand_behind(consultation_id, [(submission.id, author, identity, f"key-{number}")])
        row = Point(
            submission_id=submission.id,
            consultation_id=consultation_id,
            provision_id=provision_id,
            ordinal=1,
            stance=stance,
            argument=argument,
            argument_html=f"<p>{argument}</p>",
            proposed_wording=proposed_wording,
            form_key=f"form-{number}",
            created_at=now,
            received_at=received,
        )
        session.add(row)
        session.flush()
        return row.id


def _stand_behind(round_id: int, rows: list[tuple[int, vault.Author, Identity, str]]) -> None:
    """Add authorships of (submission, author, identity, key); sealed names go into the vault."""
    shown: list[dict[str, Any]] = []
    sealed: list[dict[str, Any]] = []
    for submission_id, author, identity, key in rows:
        values = {"submission_id": submission_id, "identity": identity, "idempotency_key": key}
        tag = None
        if identity is Identity.SEALED:
            tag = vault.tag(author, round_id)
            sealed.append(vault.sealed_row(submission_id, author))
        open_author = vault.Author(None) if identity is Identity.SEALED else author
        shown.append(values | asdict(open_author) | {"tag": tag})
    db.session.execute(insert(Authorship), shown)
    if sealed:
        db.session.execute(insert(SealedIdentity), sealed)


def many_points(
    consultation_id: int, number: int, *, user_ids: tuple[int, ...], **values: Any
) -> None:
    """Add ``number`` received points quickly, spread over provisions, stances and users."""
    now, key = clock.now(), f"many-{next(_numbers)}"
    with transaction() as session:
        version_id = session.get_one(Consultation, consultation_id).version_id
        provisions: list[int | None] = [
            None,
            *session.scalars(select(Provision.id).where(Provision.version_id == version_id)),
        ]
        submissions = session.scalars(
            insert(Submission).returning(Submission.id, sort_by_parameter_order=True),
            [
                {
                    "reference": f"M{next(_numbers):08d}",
                    "consultation_id": consultation_id,
                    "state": SubmissionState.RECEIVED,
                    "created_at": now,
                    "received_at": now,
                }
                for _ in range(number)
            ],
        ).all()
        authors = [vault.Author(user_id) for user_id in user_ids]
        _stand_behind(
            consultation_id,
            [
                (submission_id, authors[n % len(authors)], list(Identity)[n % 3], f"{key}-{n}")
                for n, submission_id in enumerate(submissions)
            ],
        )
        stances = list(Stance)
        session.execute(
            insert(Point),
            [
                {
                    "submission_id": submission_id,
                    "consultation_id": consultation_id,
                    "provision_id": provisions[n % len(provisions)],
                    "ordinal": 1,
                    "stance": stances[n // len(provisions) % len(stances)],
                    "argument": f"Đề nghị nâng mức hỗ trợ lên {n} triệu đồng, vì mức cũ quá thấp.",
                    "argument_html": f"<p>Đề nghị nâng mức hỗ trợ lên {n} triệu đồng.</p>",
                    "form_key": f"{key}-{n}",
                    "created_at": now,
                    "received_at": now,
                }
                | values
                for n, submission_id in enumerate(submissions)
            ],
        )


def count(model: type[Any]) -> int:
    """Return how many rows ``model`` has."""
    with transaction(write=False):
        return db.session.query(model).count()


def question(consultation_id: int, ordinal: int, kind: str = "free_text", **values: Any) -> int:
    """Add a question to the round, to be answered in words unless ``kind`` says otherwise."""
    with transaction() as session:
        row = Question(
            consultation_id=consultation_id,
            ordinal=ordinal,
            kind=QuestionKind(kind),
            **{"text": f"Câu hỏi số {ordinal}?"} | values,
        )
        session.add(row)
        session.flush()
        return row.id
