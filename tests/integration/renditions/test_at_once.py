"""The same form sent twice, or two people at the same moment: one result, a clear message, nothing lost."""

from __future__ import annotations

from app.features.communities.models import ExternalNetwork
from app.features.renditions.models import Rendition, RenditionAsker, RenditionRequest, RenditionVersion
from tests.integration.introductions.test_at_once import at_once, count
from tests.integration.profiles.test_at_once import posting
from tests.integration.renditions.test_translating import EDIT, SHOW, write

FORM = {"version": 0, "of_version": 1, "t_title": "Fractions", "t_text": "Hello"}


def test_the_same_form_sent_three_times_is_one_translation(notes, people, sign_in, database):
    browsers = [sign_in("amina") for _ in range(3)]
    assert at_once(*(posting(one, EDIT, FORM, EDIT) for one in browsers)) == [303, 303, 303]
    assert (count(database, Rendition), count(database, RenditionVersion)) == (1, 0)
    assert write(sign_in("amina"), t_title="Fractions", t_text="Hello").status_code == 303
    assert count(database, RenditionVersion) == 0


def test_of_two_who_translate_at_once_the_second_is_shown_the_first(notes, people, sign_in, database):
    calls = [posting(sign_in(name), EDIT, {**FORM, "t_text": name}, EDIT) for name in ("amina", "kofi")]
    assert sorted(at_once(*calls)) == [303, 409]
    assert (count(database, Rendition), count(database, RenditionVersion)) == (1, 0)


def test_of_two_who_correct_at_once_one_is_told(notes, people, sign_in, database):
    write(sign_in("amina"))
    calls = [posting(sign_in(name), EDIT, {**FORM, "version": 1, "t_text": name}, EDIT) for name in ("amina", "kofi")]
    assert sorted(at_once(*calls)) == [303, 409]
    assert count(database, RenditionVersion) == 1


def test_asking_at_once_is_one_wish(notes, people, sign_in, database):
    page = "/translations/note/7"
    browsers = [sign_in(name) for name in ("wei", "ines", "wei")]
    assert at_once(*(posting(one, f"{page}/ask", {"lang": "en"}, page) for one in browsers)) == [303, 303, 303]
    assert (count(database, RenditionRequest), count(database, RenditionAsker)) == (1, 2)


def test_finding_it_right_twice_is_once(notes, people, sign_in, database):
    write(sign_in("amina"))
    browsers = [sign_in("kofi") for _ in range(2)]
    answers = at_once(*(posting(one, f"{SHOW}/review", {"version": 1}, SHOW) for one in browsers))
    assert 303 in answers and set(answers) <= {303, 403}


def test_a_network_sent_twice_is_listed_once(people, sign_in, database):
    path = "/communities/elsewhere/new"
    form = {
        "name": "Our network", "url": "https://network.example.org/", "summary": "What it is.", "lang": "en",
        "reach": "global", "who_can_join": "everyone",
    }  # fmt: skip
    browsers = [sign_in("amina") for _ in range(3)]
    answers = at_once(*(posting(one, path, form, path) for one in browsers))
    assert 303 in answers and set(answers) <= {303, 409, 422}, answers
    assert count(database, ExternalNetwork) == 1
