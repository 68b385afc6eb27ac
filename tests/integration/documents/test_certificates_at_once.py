"""Certificates issued at the same time: one number each, none twice, none left out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from consult.consultations.models import Stage
from consult.core.db import transaction
from consult.documents.certificate_models import Certificate
from tests.support import factories as make
from tests.support.browsing import post, signed_in

PEOPLE, CLICKS = 4, 3


@pytest.fixture
def asked(app: Flask) -> list[int]:
    """Certificates that as many people have asked for."""
    with app.app_context():
        agency = make.organisation()
        make.organisation("union", "Liên hiệp các Hội", document_symbol="LHH")
        round_id = make.consultation(agency, make.version(agency), stage=Stage.CLOSED)
        people = [make.user(verified=True) for _ in range(PEOPLE)]
        for person in people:
            make.point(round_id, person)
    for person in people:
        post(signed_in(app, person), "/my/record/certificate")
    with app.app_context(), transaction(write=False) as session:
        return [row.id for row in session.query(Certificate).order_by(Certificate.id)]


def test_issued_at_once_each_has_one_number_of_its_own(app: Flask, asked: list[int]) -> None:
    assert len(asked) == PEOPLE
    with app.app_context():
        secretary = make.user(roles=(("secretariat", None),))

    def issue(certificate_id: int) -> int:
        client = signed_in(app, secretary)
        return post(client, f"/secretariat/certificates/{certificate_id}/issue").status_code

    with ThreadPoolExecutor(PEOPLE * CLICKS) as pool:
        answers = list(pool.map(issue, asked * CLICKS))
    assert set(answers) == {200}
    with app.app_context(), transaction(write=False) as session:
        rows = session.query(Certificate).all()
        assert {row.state for row in rows} == {"issued"}
        assert sorted(row.number or 0 for row in rows) == list(range(1, PEOPLE + 1))
        assert len({row.code for row in rows}) == PEOPLE
