"""A law of 260 articles: what the page sends at once, and that the pieces hold all of it."""

from __future__ import annotations

import gzip
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.core.db import transaction
from consult.drafts import queries, services
from tests.support import factories, laws
from tests.support.statements import counted

_KEY = re.compile(r'<div class="provision depth-\d" id="([^"]+)"')
_LATER = re.compile(r'<div class="piece piece-later" id="[^"]+">\s*<p>\s*<a href="([^"]+)"')
_ASSET = re.compile(r'(?:href|src)="(/assets/[^"]+)"')
MOST = 100_000


@pytest.fixture
def law(sqlite_app: Flask) -> tuple[FlaskClient, int, list[str]]:
    """A client, the round on the law, and the keys of its provisions in order."""
    with sqlite_app.app_context():
        agency = factories.organisation()
        with transaction():
            version = services.create_version(
                services.CreateVersion(
                    document=laws.long_law(), title="Bộ luật", agency_id=agency, created_by=None
                )
            ).id
        with transaction(write=False):
            lines = queries.provisions(version)
        round_id = factories.consultation(agency, version)
    assert sum(line.kind == "article" for line in lines) == laws.ARTICLES
    return sqlite_app.test_client(), round_id, [line.key for line in lines]


def test_the_first_content_is_small(law: tuple[FlaskClient, int, list[str]]) -> None:
    """Page, style and script together, as a browser gets them."""
    client, round_id, _ = law
    compressed = {"Accept-Encoding": "gzip"}
    answer = client.get(f"/rounds/{round_id}", headers=compressed)
    sizes = [len(answer.data)]
    for url in _ASSET.findall(gzip.decompress(answer.data).decode()):
        sizes.append(len(client.get(url, headers=compressed).data))
    assert len(sizes) == 3
    assert sum(sizes) < MOST, sizes


def test_the_pieces_hold_the_whole_text_once(law: tuple[FlaskClient, int, list[str]]) -> None:
    client, round_id, keys = law
    page = client.get(f"/rounds/{round_id}").text
    found, urls = _KEY.findall(page), _LATER.findall(page)
    assert len(urls) > 3
    for url in urls:
        found += _KEY.findall(client.get(url).text)
    assert found == keys
    for piece in re.findall(r'<li class="toc-\d"><a href="([^"]+)"', page):
        assert re.fullmatch(r"(/rounds/\d+/text/\d+)?#[\w.-]+", piece)


def test_the_contents_lead_to_the_page_that_has_the_article(
    law: tuple[FlaskClient, int, list[str]],
) -> None:
    client, round_id, _ = law
    page = client.get(f"/rounds/{round_id}").text
    [link] = re.findall(r'<a href="([^"]+)#d259"', page)
    assert 'id="d259"' in client.get(link).text
    assert 'id="d259"' not in page


def test_a_piece_that_is_not_there(law: tuple[FlaskClient, int, list[str]]) -> None:
    client, round_id, _ = law
    for number in ("0", "999"):
        assert client.get(f"/rounds/{round_id}/text/{number}").status_code == 404


def test_a_piece_takes_few_statements(
    sqlite_app: Flask, law: tuple[FlaskClient, int, list[str]]
) -> None:
    client, round_id, _ = law
    with counted(sqlite_app) as statements:
        client.get(f"/rounds/{round_id}/text/5")
    assert len(statements) <= 8
