"""The pages: the same list as on the command line, and what can be done with it."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import delete, event, select

from app.core.clock import now
from app.factory import build_app
from app.features.accounts.models import Account
from app.features.introductions.models import Introduction
from app.features.profiles.models import Person, Profile, ProfileSubject
from app.features.profiles.services.changes import note_change
from app.features.relations.models import Block
from app.features.relations.services import connect
from app.features.suggestions.models import Dismissal, SuggestionShown
from app.matching.query import KINDS
from tests.integration.suggestions.world import make_world, teacher


@pytest.fixture
def world(database):
    with database.transaction() as session:
        return {name: profile.id for name, profile in make_world(session).items()}


@pytest.fixture
def listed(sign_in, world):
    """``listed()``: the handles on a page of Amina's, in their order."""
    browser = sign_in("amina")

    def read(query: str = "kind=peers", client=None) -> list[str]:
        page = (client or browser).get(f"/suggestions?{query}").get_data(as_text=True)
        cards = page.partition('<ul class="cards">')[2]
        return re.findall(r'<h3><a href="/(?:people|institutions)/([^"]+)"', cards)

    read.browser = browser
    return read


@pytest.mark.parametrize("kind", KINDS)
def test_page_and_command_say_the_same(listed, runner, kind):
    result = runner.invoke(args=["suggestions", "for", "amina", "--kind", kind, "--json"])
    told = json.loads(result.stdout)["suggestions"]
    assert told
    assert listed(f"kind={kind}") == [item["id"] for item in told]
    page = listed.browser.get(f"/suggestions?kind={kind}").get_data(as_text=True)
    for reason in told[0]["reasons"]:
        assert reason["evidence"] in page.replace("&#39;", "'")


def test_who_was_put_aside_is_gone_at_once_and_can_come_back(listed, database, world):
    assert "baraka" in listed()
    data = {"handle": "baraka", "kind": "peers", "reason": "known"}
    answer = listed.browser.submit("/suggestions/dismiss", data, page="/suggestions/dismiss?handle=baraka&kind=peers")
    assert answer.status_code == 303
    assert "baraka" not in listed() and "chausiku" in listed()
    with database.reading() as session:
        assert session.get(Dismissal, (world["amina"], world["baraka"])).reason == "known"
    assert "We already know each other" in listed.browser.get("/suggestions/aside").get_data(as_text=True)
    listed.browser.submit("/suggestions/restore", {"handle": "baraka"}, page="/suggestions/aside")
    assert "baraka" in listed()
    assert "You put nobody aside" in listed.browser.get("/suggestions/aside").get_data(as_text=True)


def test_nobody_puts_more_aside_in_an_hour_than_they_can_have_looked_at(listed, database, monkeypatch):
    monkeypatch.setattr("app.features.suggestions.views.asides.MOST_AN_HOUR", 2)
    data, page = {"handle": "baraka", "reason": "other"}, "/suggestions/dismiss?handle=baraka"
    answers = [listed.browser.submit("/suggestions/dismiss", data, page=page).status_code for _time in range(3)]
    assert answers == [303, 303, 429]


def test_a_reason_is_needed_and_the_page_says_so(listed, database):
    page = "/suggestions/dismiss?handle=baraka"
    for reason in ("", "rude"):
        answer = listed.browser.submit("/suggestions/dismiss", {"handle": "baraka", "reason": reason}, page=page)
        assert answer.status_code == 422
        assert "Please choose one of the reasons." in answer.get_data(as_text=True)
    with database.reading() as session:
        assert session.scalar(select(Dismissal)) is None


@pytest.mark.parametrize("handle", ["nobody", "amina", ""])
def test_only_others_who_are_there_can_be_put_aside(listed, handle):
    assert listed.browser.get(f"/suggestions/dismiss?handle={handle}").status_code == 404


def _hide(session, baraka):
    session.get_one(Profile, baraka).hidden_at = now()


def _suspend(session, baraka):
    account = session.get_one(Account, session.get_one(Person, baraka).account_id)
    account.suspended_at = now()


def _opt_out(session, baraka):
    session.get_one(Profile, baraka).suggestible = False


def _unconfirm(session, baraka):
    session.get_one(Account, session.get_one(Person, baraka).account_id).verified_at = None


@pytest.mark.parametrize("change", [_hide, _suspend, _opt_out, _unconfirm])
def test_what_may_not_be_shown_is_not_shown_even_before_the_index_knows(listed, database, world, change):
    assert "baraka" in listed()
    with database.transaction() as session:
        change(session, world["baraka"])  # no change row: only the last look can tell
    assert "baraka" not in listed() and "chausiku" in listed()


@pytest.mark.parametrize("blocker", ["amina", "baraka"])
def test_a_block_holds_in_both_directions(listed, database, world, blocker):
    assert "baraka" in listed()
    with database.transaction() as session:
        blocked = "baraka" if blocker == "amina" else "amina"
        session.add(Block(blocker_id=world[blocker], blocked_id=world[blocked]))
    assert "baraka" not in listed()


def test_who_is_connected_or_asked_is_not_suggested_again(listed, database, world):
    assert {"baraka", "chausiku"} <= set(listed())
    with database.transaction() as session:
        connect(session, world["amina"], world["baraka"])
        session.add(
            Introduction(
                from_profile_id=world["chausiku"],
                to_profile_id=world["amina"],
                by_person_id=world["chausiku"],
                note="Habari",
                state="pending",
                open_key="x",
                expires_at=now().replace(year=now().year + 1),
            )
        )
    assert not {"baraka", "chausiku"} & set(listed())


def test_a_changed_profile_is_in_the_next_answer_of_every_process(listed, database, world, settings, app):
    other = build_app(settings)
    with other.test_client() as client:
        client.set_cookie("commonweave", listed.browser.get_cookie("commonweave").value)
        before = listed(client=client)
        assert before.index("baraka") < before.index("chausiku")
        with database.transaction() as session:
            chausiku = session.get_one(Person, world["chausiku"])
            session.execute(delete(ProfileSubject).where(ProfileSubject.profile_id == chausiku.id))
            session.add(ProfileSubject(profile_id=chausiku.id, code="0541"))
            session.get_one(Person, world["baraka"]).subjects = []
            note_change(session, chausiku)
            note_change(session, session.get_one(Person, world["baraka"]))
            teacher(session, "dada")
        for browser in (listed.browser, client):
            after = listed(client=browser)
            assert "dada" in after
            assert after.index("chausiku") < after.index("baraka")
    other.extensions["database"].dispose()


def test_the_reasons_are_on_the_card_and_the_score_on_request(listed):
    page = listed.browser.get("/suggestions").get_data(as_text=True)
    assert "You both work on Mathematics" in page
    assert "<summary>How this adds up</summary>" in page
    assert "%" not in re.sub(r"<svg.*?</svg>|href=\"[^\"]*\"|value=\"[^\"]*\"", "", page, flags=re.S)


def test_a_name_that_is_not_open_is_not_told(listed, database, world, runner):
    with database.transaction() as session:
        baraka = session.get_one(Person, world["baraka"])
        baraka.audiences = {**baraka.audiences, "name": "connections"}
        note_change(session, baraka)
    page = listed.browser.get("/suggestions").get_data(as_text=True)
    assert "A teacher" in page and "Baraka" not in page
    result = runner.invoke(args=["suggestions", "for", "amina", "--json"])
    assert {"Baraka"} & {item["name"] for item in json.loads(result.stdout)["suggestions"]} == set()


def test_what_members_may_not_see_is_no_evidence(listed, database, world):
    with database.transaction() as session:
        baraka = session.get_one(Person, world["baraka"])
        baraka.audiences = {**baraka.audiences, "languages": "connections"}
        note_change(session, baraka)
    assert "baraka" not in listed()


def test_what_would_bring_more_is_counted_and_can_be_done(listed, database, world):
    with database.transaction() as session:
        for handle in ("eve", "faith"):
            teacher(session, handle, subjects=["0542"], levels=["6"], languages=[("sw", 2, False, 1)])
    before = listed()
    page = listed.browser.get("/suggestions").get_data(as_text=True)
    assert "Accept Swahili at A2: 2 more" in page
    data = {"facet": "language", "tag": "sw", "accepts": "2"}
    answer = listed.browser.submit("/suggestions/widen", data, page="/suggestions")
    assert answer.status_code == 303
    assert set(listed()) - set(before) == {"eve", "faith"}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"facet": "country", "code": "KE"},
        {"facet": "language", "tag": "zh", "accepts": "2"},
        {"facet": "language", "tag": "sw", "accepts": "x"},
        {"facet": "level", "code": "99"},
        {"facet": "subject", "code": "'; --"},
    ],
)
def test_a_made_up_change_is_refused(listed, change):
    assert listed.browser.submit("/suggestions/widen", change, page="/suggestions").status_code == 422


def test_for_an_institution_one_acts_for(listed, runner):
    result = runner.invoke(args=["suggestions", "for", "college", "--kind", "institutions", "--json"])
    told = [item["id"] for item in json.loads(result.stdout)["suggestions"]]
    assert told == listed("kind=institutions&as=college") == ["school"]
    assert listed.browser.get("/suggestions?as=school").status_code == 404
    assert listed.browser.get("/suggestions?as=baraka").status_code == 404


def test_the_bridge_page(listed):
    page = listed.browser.get("/suggestions/bridges/chen").get_data(as_text=True)
    assert "Lin" in page and "Who could stand between" in page
    assert "English with you, Chinese with the other side" in page
    assert "No bridge is needed" in listed.browser.get("/suggestions/bridges/baraka").get_data(as_text=True)
    assert listed.browser.get("/suggestions/bridges/amina").status_code == 404
    assert listed.browser.get("/suggestions/bridges/nobody").status_code == 404


def test_how_many_are_hidden_by_language_is_said(listed):
    page = listed.browser.get("/suggestions").get_data(as_text=True)
    assert "1 more in a language you don&#39;t share." in page


def test_what_was_shown_is_noted_once(listed, database, world):
    handles = listed()
    listed()
    with database.reading() as session:
        rows = session.scalars(select(SuggestionShown)).all()
        assert [(row.profile_id, row.kind) for row in rows] == [(world["amina"], "peers")]
        names = {profile.id: profile.handle for profile in session.scalars(select(Profile))}
        assert [names[key] for key in rows[0].shown["ids"]] == handles


def test_without_a_profile_or_a_confirmed_address_the_next_step_is_shown(sign_in, database):
    with database.transaction() as session:
        person = teacher(session, "amina", account={"verified_at": None})
        assert person.account_id
    page = sign_in("amina").get("/suggestions").get_data(as_text=True)
    assert "confirm your address" in page


def test_the_number_of_queries_does_not_grow_with_the_list(listed, database):
    def count() -> int:
        statements: list[str] = []

        def note(_connection, _cursor, statement, *_rest):
            statements.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            listed()
        finally:
            event.remove(database.engine, "before_cursor_execute", note)
        return len(statements)

    listed()
    before = count()
    with database.transaction() as session:
        for number in range(12):
            teacher(session, f"more{number}")
    listed()
    assert count() <= before


@pytest.mark.parametrize("kind", KINDS)
def test_the_api_gives_what_the_command_gives(app, runner, world, kind):
    token = runner.invoke(args=["accounts", "token", "amina@example.org", "--name", "test"]).stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}
    answer = app.test_client().get(f"/api/v1/suggestions?kind={kind}&limit=20", headers=headers)
    result = runner.invoke(args=["suggestions", "for", "amina", "--kind", kind, "--limit", "20", "--json"])
    assert answer.status_code == 200
    assert answer.json["suggestions"] == json.loads(result.stdout)["suggestions"] != []
