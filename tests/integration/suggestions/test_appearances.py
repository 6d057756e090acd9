"""Why one is suggested to others: counted by day, told to oneself alone, and stopped by a switch."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.features.profiles.models import Profile
from app.features.suggestions.models import SuggestionAppearance, SuggestionShown
from app.features.suggestions.services.appearing import count_appearances
from tests.integration.suggestions.world import make_world, teacher


@pytest.fixture
def world(database):
    with database.transaction() as session:
        return {name: profile.id for name, profile in make_world(session).items()}


@pytest.fixture
def days_later(database):
    """``days_later(n)``: what was shown so far was shown ``n`` days ago, and was counted since."""

    def move(days: int) -> None:
        with database.transaction() as session:
            for row in session.scalars(select(SuggestionShown)):
                row.at -= timedelta(days=days)
        with database.transaction() as session:
            count_appearances(session)

    return move


def counts(database, handle: str) -> dict[str, int]:
    with database.reading() as session:
        rows = session.scalars(
            select(SuggestionAppearance)
            .join(Profile, Profile.id == SuggestionAppearance.profile_id)
            .where(Profile.handle == handle)
        )
        return {row.kind: row.times for row in rows}


def test_today_is_not_told_before_it_is_over(world, sign_in, database):
    sign_in("amina").get("/suggestions")
    with database.transaction() as session:
        assert count_appearances(session) == 0
    assert counts(database, "baraka") == {}
    assert "On no list yet" in sign_in("baraka").get("/suggestions/me").get_data(as_text=True)


def test_how_often_and_for_what_and_never_to_whom(world, sign_in, days_later):
    sign_in("amina").get("/suggestions")
    sign_in("dalia").get("/suggestions")
    days_later(3)
    page = sign_in("baraka").get("/suggestions/me").get_data(as_text=True)
    assert "On 2 lists in the last 30 days." in page
    assert "Lists of peers" in page and "Your subjects" in page
    # Beside the switch of that kind, too.
    assert "their lists and first pages. On 2 lists in the last 30 days." in page
    inside = page.partition("<main")[2].partition("</main>")[0]
    for handle in ("amina", "dalia"):
        assert handle not in inside and handle.title() not in inside


def test_each_day_is_counted_once_and_forgotten_after_a_time(world, sign_in, days_later, database):
    sign_in("amina").get("/suggestions")
    days_later(40)
    assert counts(database, "baraka") == {"peers": 1}
    with database.transaction() as session:
        assert count_appearances(session) == 0
    assert counts(database, "baraka") == {"peers": 1}
    page = sign_in("baraka").get("/suggestions/me").get_data(as_text=True)
    assert "On 0 lists in the last 30 days." in page and "Lists of peers" in page
    with database.transaction() as session:
        for row in session.scalars(select(SuggestionAppearance)):
            row.day -= timedelta(days=60)
        for row in session.scalars(select(SuggestionShown)):
            row.at -= timedelta(days=60)
    with database.transaction() as session:
        count_appearances(session)
    assert counts(database, "baraka") == {}


def test_who_has_gone_since_is_not_counted(world, sign_in, days_later, database):
    sign_in("amina").get("/suggestions")
    with database.transaction() as session:
        session.delete(session.get_one(Profile, world["chausiku"]))
    days_later(1)
    assert counts(database, "baraka") == {"peers": 1} and counts(database, "chausiku") == {}


def test_lists_from_before_reasons_were_noted_are_counted_too(world, database):
    with database.transaction() as session:
        kept = {"ids": [world["baraka"], world["chausiku"]], "scores": [5, 4]}
        at = now() - timedelta(days=2)
        session.add(SuggestionShown(profile_id=world["amina"], kind="peers", shown=kept, at=at))
    with database.transaction() as session:
        assert count_appearances(session) == 1
    assert counts(database, "baraka") == counts(database, "chausiku") == {"peers": 1}


def test_one_can_stop_it_and_begin_again(world, sign_in, runner):
    def peers() -> list[str]:
        return [
            item["id"]
            for item in json.loads(runner.invoke(args=["suggestions", "for", "amina", "--json"]).stdout)["suggestions"]
        ]

    assert "baraka" in peers()
    browser = sign_in("baraka")
    assert browser.submit("/suggestions/me", {"suggestible": "no"}).status_code == 303
    assert "baraka" not in peers()
    page = browser.get("/suggestions/me").get_data(as_text=True)
    assert "Not suggested to anybody" in page
    assert browser.get("/suggestions").status_code == 200
    assert browser.submit("/suggestions/me", {"suggestible": "yes"}).status_code == 303
    assert "baraka" in peers()


def test_what_one_keeps_from_members_plays_no_part(database, sign_in):
    with database.transaction() as session:
        teacher(session, "amina", audiences={"teaching": "connections"})
    page = sign_in("amina").get("/suggestions/me").get_data(as_text=True)
    teaching = page.partition("Subjects and levels</a>")[2].partition("</li>")[0]
    assert "Plays no part" in teaching and "athematics" not in teaching


def test_an_institution_has_such_a_page_for_those_who_act_for_it(world, sign_in, database):
    browser = sign_in("amina")
    page = browser.get("/suggestions/me?as=college").get_data(as_text=True)
    assert "Why your institution is suggested to others" in page
    assert browser.submit("/suggestions/me", {"suggestible": "no", "as": "college"}).status_code == 303
    with database.reading() as session:
        assert session.get_one(Profile, world["college"]).suggestible is False
        assert session.get_one(Profile, world["amina"]).suggestible is True
    assert sign_in("baraka").get("/suggestions/me?as=college").status_code == 404
    answer = sign_in("baraka").submit("/suggestions/me", {"suggestible": "no", "as": "college"}, page="/suggestions/me")
    assert answer.status_code == 404


def test_the_numbers_are_in_ones_own_download(world, sign_in, days_later, database, app):
    from app.features.suggestions.contributions import export_suggestions

    sign_in("amina").get("/suggestions")
    days_later(1)
    with database.reading() as session:
        account = session.get_one(Profile, world["baraka"]).account_id
        told = export_suggestions(session, account)["suggested_to_others"]
    assert [(one["kind"], one["times"]) for one in told] == [("peers", 1)]
    assert not re.search("amina", json.dumps(told))


def test_the_list_and_the_profile_lead_there(world, sign_in):
    browser = sign_in("amina")
    assert 'href="/suggestions/me"' in browser.get("/suggestions").get_data(as_text=True)
    assert 'href="/suggestions/me"' in browser.get("/profile/contacts").get_data(as_text=True)


def test_the_guest_signs_in_first(client, world):
    assert client.get("/suggestions/me").status_code == 303
