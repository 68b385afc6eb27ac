"""Choices kept while they are made: what survives, and that nothing received ever changes by it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from consult.core.db import transaction
from consult.submissions.models import KeptWords
from tests.integration.submissions.test_answering import FIRST, Scene, scene
from tests.support.browsing import post, signed_in, token
from tests.support.said import said
from tests.support.statements import counted

assert scene  # the fixture
KEY = "kept-form-key"


def keep(scene: Scene, browser: FlaskClient | None = None, **changed: Any) -> Any:
    data = {"place": "sheet:", "form_key": KEY, "base": 0, "writer": "a", "sequence": 1} | changed
    return post(browser or scene.browser, f"/rounds/{scene.round_id}/keep", data)


def chosen(scene: Scene, browser: FlaskClient | None = None) -> set[str]:
    """Return the ids of what is ticked on the page of the questions."""
    page = (browser or scene.browser).get(scene.url).text
    boxes = [part.partition(">")[0] for part in page.split("<input")[1:]]
    ticked = {
        box.partition('id="')[2].partition('"')[0]
        for box in boxes
        if re.search(r"\schecked\b", box)
    }
    return {one for one in ticked if not one.endswith("-none")}


def kept(scene: Scene) -> list[dict[str, str]]:
    with scene.app.app_context(), transaction(write=False) as session:
        return [row.fields for row in session.query(KeptWords).filter_by(closed=False)]


def test_choices_are_there_on_another_device_and_are_no_answers_yet(scene: Scene) -> None:
    assert keep(scene, q1="2", q2="1,3", argument="Không lưu").json["state"] == "kept"
    assert kept(scene) == [{"q1": "2", "q2": "1,3"}]
    other = signed_in(scene.app, scene.author_id)
    assert chosen(scene, other) == {"q1-2", "q2-1", "q2-3"}
    page = other.get(f"/rounds/{scene.round_id}").text
    assert f'name="form_key" value="{KEY}"' in page, "the reading page has them too"
    assert scene.sheets() == []
    _id, stranger = scene.person()
    assert chosen(scene, stranger) == set()


@pytest.mark.parametrize("sent", [False, True])
def test_what_was_saved_or_sent_stands_until_it_is_saved_or_sent_anew(
    scene: Scene, *, sent: bool
) -> None:
    scene.answer()
    if sent:
        scene.send()
    before, counts, sound = scene.sheets(), scene.counts(), scene.sound()
    assert keep(scene, q1="1", q2="2", q3="").json["state"] == "kept"
    assert (scene.sheets(), scene.counts(), scene.sound()) == (before, counts, sound)
    assert chosen(scene) == {"q1-1", "q2-2"}
    if sent:
        told = said(
            scene.app, "You have answered. What you sent counts until you send the changed answers."
        )
        assert told in scene.browser.get(scene.url).text
    scene.answer(q1="1", q2="2", form_key=KEY, kept="1")
    assert scene.sheets()[-1] == ["1", "2"]
    assert kept(scene) == []
    assert keep(scene, sequence=9, q1="2").json["state"] == "closed", "a late attempt"
    assert chosen(scene) == {"q1-1", "q2-2"}


def test_saving_here_lets_go_of_what_was_left_unsaved_elsewhere(scene: Scene) -> None:
    keep(scene, q1="1")
    keep(scene, form_key="another", writer="b", q1="1", q3="5")
    scene.answer(**FIRST)
    assert kept(scene) == []
    assert chosen(scene) == {"q1-2", "q2-1", "q2-3", "q3-4"}


def test_a_refused_form_goes_on_being_kept(scene: Scene) -> None:
    keep(scene, q2="2")
    page = scene.answer(q2="2", form_key=KEY, kept="1")
    assert page.status_code == 422
    assert f'value="{KEY}"' in page.text
    assert chosen(scene) == {"q2-2"}


def test_too_late_the_choices_are_kept_without_a_script(scene: Scene) -> None:
    form = FIRST | {"csrf_token": token(scene.browser), "form_key": KEY, "kept": ""}
    scene.close()
    assert scene.browser.post(scene.url, data=form).status_code == 409
    assert chosen(scene, signed_in(scene.app, scene.author_id)) == {"q1-2", "q2-1", "q2-3", "q3-4"}
    assert scene.sheets() == []


def test_discarding_shows_what_was_saved(scene: Scene) -> None:
    scene.answer(q1="2")
    keep(scene, q1="1")
    assert chosen(scene) == {"q1-1"}
    answer = scene.answer(action="discard", form_key=KEY, kept="1")
    assert answer.status_code == 303
    assert chosen(scene) == {"q1-2"}
    assert scene.sheets() == [["2"]]


def test_what_is_no_choice_is_not_ticked(scene: Scene) -> None:
    keep(scene, q1="7", q2="x,2,99", q3="<b>", q4="1", q1000="1")
    assert kept(scene) == [{"q1": "7", "q2": "x,2,99", "q3": "<b>", "q4": "1"}]
    assert chosen(scene) == {"q2-2"}


def test_the_way_back_of_the_browser_changes_what_was_sent(scene: Scene) -> None:
    scene.answer(q1="1", form_key=KEY)
    scene.send()
    scene.answer(q1="2", form_key=KEY)
    assert scene.sheets() == [["1"], ["2"]], "said otherwise, under the key of the form before"
    scene.answer(q1="1", form_key=KEY)
    assert scene.sheets() == [["1"], ["2"]], "a late repetition of the first"
    assert scene.counts()[1] == ([0, 1], 1, 0)
    assert scene.sound() == []


def test_the_pages_take_few_statements(scene: Scene) -> None:
    scene.answered()
    keep(scene, q1="1")
    for page in (f"/rounds/{scene.round_id}", scene.url):
        with counted(scene.app) as seen:
            assert scene.browser.get(page).status_code == 200
        assert len(seen) <= 12, "\n".join(seen)
    form = {"csrf_token": token(scene.browser), "form_key": KEY, "kept": "1", "q1": "1"}
    with counted(scene.app) as seen:
        assert scene.browser.post(scene.url, data=form).status_code == 303
    assert len(seen) <= 20, "\n".join(seen)
