"""As what one may be suggested: chosen kind by kind, and true in every list, on every way in, at once."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from app.features.profiles.models import SUGGESTED_AS, Person, Profile, ProfileRefusal
from app.features.suggestions.queries.rows import list_matchable_ids, load_matchable
from tests.integration.suggestions.world import OPEN, make_world, teacher

PERSON, INSTITUTION = SUGGESTED_AS["person"], SUGGESTED_AS["institution"]


@pytest.fixture
def world(database):
    with database.transaction() as session:
        found = make_world(session)
        found["asha"] = teacher(session, "asha", audiences=OPEN)
        return {name: profile.id for name, profile in found.items()}


@pytest.fixture
def listed(runner):
    """``listed(handle, kind)``: who stands on that list now, as the command says."""

    def read(handle: str, kind: str = "peers", *more: str) -> set[str]:
        result = runner.invoke(args=["suggestions", "for", handle, "--kind", kind, "--json", *more])
        assert result.exit_code == 0, result.stderr
        return {item["id"] for item in json.loads(result.stdout)["suggestions"]}

    return read


def choose(browser, ticked, handle: str | None = None):
    """Tick some kinds on the page, and no others."""
    more = {"as": handle} if handle else {}
    page = f"/suggestions/me{f'?as={handle}' if handle else ''}"
    return browser.submit("/suggestions/me/kinds", {"kinds": list(ticked), **more}, page=page)


def refuse(browser, kind: str, handle: str | None = None) -> None:
    every = INSTITUTION if handle else PERSON
    assert choose(browser, [one for one in every if one != kind], handle).status_code == 303


LISTS = {
    "peers": ("amina", "peers", "baraka"),
    "collaborators": ("amina", "collaborators", "dalia"),
    "bridges": ("amina", "bridges", "lin"),
}


@pytest.mark.parametrize("refused", LISTS)
def test_who_refuses_a_kind_leaves_that_list_and_stays_on_the_others(world, listed, sign_in, refused):
    before = {kind: listed(asker, kind) for asker, kind, _who in LISTS.values()}
    asker, kind, who = LISTS[refused]
    assert who in before[kind]
    refuse(sign_in(who), refused)
    for other in before:
        assert listed("amina", other) == before[other] - ({who} if other == kind else set())
    assert choose(sign_in(who), PERSON).status_code == 303
    assert listed(asker, kind) == before[kind]


def test_nobody_stands_on_a_list_of_a_kind_they_refused(world, listed, database, runner):
    """An audit of all lists, after everyone refused something else: the same before and after a rebuild."""
    with database.transaction() as session:
        people = session.scalars(select(Profile).order_by(Profile.id)).all()
        for number, profile in enumerate(people):
            kinds = SUGGESTED_AS[profile.kind]
            for kind in {kinds[number % len(kinds)], kinds[(number + 2) % len(kinds)]}:
                profile.refusals.append(ProfileRefusal(kind=kind))
    lists_of = {"institutions": {"institutions", "peers"}}
    with database.reading() as session:
        refused = {
            one.handle: set().union(*(lists_of.get(row.kind, {row.kind}) for row in one.refusals))
            for one in session.scalars(select(Profile))
        }

    def audit() -> int:
        shown = 0
        for asker in ("amina", "baraka", "chen", "dalia", "lin", "college"):
            for kind in ("peers", "collaborators", "institutions", "bridges"):
                found = listed(asker, kind)
                shown += len(found)
                assert [one for one in found if kind in refused[one]] == []
        return shown

    first = audit()
    assert first
    assert runner.invoke(args=["suggestions", "rebuild"]).exit_code == 0
    assert audit() == first


def test_an_institution_leaves_the_lists_of_institutions_whoever_asks(world, listed, sign_in, database):
    with database.transaction() as session:
        teacher(session, "owner")
        from tests.support.people import make_institution

        make_institution(session, "other", owner=session.scalar(select(Person).where(Person.handle == "owner")),
                         country="KE", subjects=["0541"], levels=["2"], languages=[("sw", 7, True)])  # fmt: skip
    assert "college" in listed("baraka", "institutions") and "college" in listed("other", "peers")
    refuse(sign_in("amina"), "institutions", "college")
    assert "college" not in listed("baraka", "institutions") | listed("other", "peers")
    assert "college" in listed("dalia", "collaborators")


def test_guests_no_longer_see_who_refused_them(world, client, sign_in):
    address = "/?subject=0541&level=2&language=sw:C1&country=KE"
    assert ">Asha" in client.get(address).get_data(as_text=True)
    refuse(sign_in("asha"), "guests")
    assert ">Asha" not in client.get(address).get_data(as_text=True)
    assert ">Asha" in sign_in("amina").get("/suggestions").get_data(as_text=True)


def test_the_last_look_holds_where_the_index_is_behind(world, database):
    """What the database says counts, even before any index has taken it in."""
    with database.transaction() as session:
        session.add(ProfileRefusal(profile_id=world["baraka"], kind="peers"))
        session.add(ProfileRefusal(profile_id=world["college"], kind="institutions"))
    with database.reading() as session:
        every = [world["baraka"], world["college"]]
        assert list_matchable_ids(session, every) == set(every)
        assert list_matchable_ids(session, every, "peers") == set()
        assert list_matchable_ids(session, every, "collaborators") == set(every)
        assert list_matchable_ids(session, every, "peers", guest=True) == set()
        assert [one.not_as for one in load_matchable(session, every)] == [("peers",), ("institutions", "peers")]


def test_the_first_page_follows(world, sign_in):
    browser = sign_in("baraka")
    assert ">Baraka" in sign_in("amina").get("/").get_data(as_text=True)
    refuse(browser, "peers")
    assert ">Baraka" not in sign_in("amina").get("/").get_data(as_text=True)


def test_all_taken_off_is_not_suggested_to_anybody(world, sign_in, listed):
    browser = sign_in("baraka")
    assert choose(browser, []).status_code == 303
    page = browser.get("/suggestions/me").get_data(as_text=True)
    assert "Not suggested to anybody" in page and "Nothing is ticked below" in page
    assert "baraka" not in listed("amina") | listed("amina", "bridges")
    assert browser.get("/suggestions").status_code == 200


def test_what_is_no_such_kind_is_refused_and_changes_nothing(world, sign_in, database):
    browser = sign_in("baraka")
    answer = choose(browser, ["peers", "kings"])
    assert answer.status_code == 422 and "kings" not in answer.get_data(as_text=True).partition("<main")[0]
    assert choose(sign_in("dalia"), ["collaborators"], "college").status_code == 404
    with database.reading() as session:
        assert session.scalars(select(ProfileRefusal)).all() == []


def test_saving_the_section_of_contacts_leaves_the_kinds_alone(world, sign_in, database):
    browser = sign_in("baraka")
    refuse(browser, "bridges")
    answer = browser.submit("/profile/contacts", {"suggestible": "y", "monthly_contacts": "3"})
    assert answer.status_code == 303
    with database.reading() as session:
        assert [row.kind for row in session.get_one(Person, world["baraka"]).refusals] == ["bridges"]
    assert "On some lists" in browser.get("/profile").get_data(as_text=True)


def test_it_is_in_ones_own_download_and_goes_with_oneself(world, sign_in, database):
    from app.features.profiles.services.leaving import erase_person, export_person

    refuse(sign_in("baraka"), "groups")
    with database.transaction() as session:
        account = session.get_one(Person, world["baraka"]).account_id
        assert tuple(export_person(session, account)["not_suggested_as"]) == ("groups",)
        erase_person(session, account)
    with database.reading() as session:
        assert session.scalars(select(ProfileRefusal)).all() == []
