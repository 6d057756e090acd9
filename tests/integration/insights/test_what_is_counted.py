"""Which lists the figures are about, and shares by group of countries that point at nobody."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.features.suggestions.models import ExposureReport, GuestListing, SuggestionAppearance, SuggestionShown
from app.features.suggestions.services.appearing import count_appearances
from app.features.suggestions.services.showing import GUEST_LISTS, KEPT, purge_shown
from tests.integration.suggestions.world import OPEN, teacher

GUEST = "/?subject=0541&level=2&language=sw:C1&country=KE"


def people_of(session, country: str, number: int, **values) -> None:
    for at in range(number):
        teacher(session, f"{country.lower()}{at}", country=country, audiences=OPEN, **values)


@pytest.fixture
def world(database):
    """Tanzania is one of the least developed countries, Uganda that and landlocked, Fiji a small island; Kenya none."""

    def make(**numbers: int) -> None:
        with database.transaction() as session:
            for country, number in numbers.items():
                people_of(session, country, number)

    return make


@pytest.fixture
def measured(runner, database):
    """What is told after the lists so far were shown some times more."""

    def told(more: int = 3):
        with database.transaction() as session:
            for row in session.scalars(select(SuggestionShown)).all():
                for _time in range(more):
                    session.add(SuggestionShown(profile_id=row.profile_id, kind=row.kind, shown=row.shown))
        result = runner.invoke(args=["insights", "exposure", "--measure", "--json"])
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    return told


def look(sign_in, *handles: str, at: str = "/suggestions") -> None:
    for handle in handles:
        assert sign_in(handle).get(at).status_code == 200


def figures_of(database):
    with database.reading() as session:
        return session.scalars(select(ExposureReport).order_by(ExposureReport.id.desc())).first().figures


def test_shares_by_group_of_countries(world, sign_in, measured, client):
    world(KE=8, TZ=7, UG=6, FJ=1)
    look(sign_in, *(f"ke{at}" for at in range(6)))
    found = measured()
    shares = {one["key"]: (one["given"], one["due"]) for one in found["groups"]}
    assert set(shares) == {"199", "432"} and found["groups_left_out"] == 1
    # Of the 21 others who fit each of them 13 are in the least developed countries, and six in landlocked ones.
    assert shares["199"][1] == pytest.approx(13 / 21, abs=0.02)
    assert shares["432"][1] == pytest.approx(6 / 21, abs=0.02)
    assert 0 < shares["432"][0] < shares["199"][0] <= 1
    page = client.get("/insights/exposure").get_data(as_text=True)
    assert "Least developed countries" in page and "Landlocked developing countries" in page
    assert "Small island" not in page and "1 group has too few people here" in page
    assert "country_group,199,Least developed countries," in client.get("/insights/exposure.csv").get_data(as_text=True)
    assert client.get("/api/v1/insights/exposure").json == client.get("/insights/exposure.json").json == found


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        # Outside the least developed countries there are three: the whole less the group would tell of them.
        ({"KE": 3, "TZ": 9, "UG": 8}, {"432"}),
        # The least developed less the landlocked are two.
        ({"KE": 9, "TZ": 2, "UG": 8}, {"199"}),
        # Africa is told; two in Nepal are what the least developed have more than Uganda and Tanzania, who are Africa.
        ({"TZ": 7, "UG": 8, "NP": 2, "FR": 6, "CN": 6}, {"432"}),
    ],
)
def test_no_sum_or_difference_tells_of_a_few(world, sign_in, measured, numbers, told):
    world(**numbers)
    look(sign_in, *(f"ug{at}" for at in range(6)))
    assert {one["key"] for one in measured()["groups"]} == told


def test_lists_from_before_groups_were_measured_are_no_part_of_their_shares(world, sign_in, measured, database):
    world(KE=8, TZ=7)
    look(sign_in, *(f"ke{at}" for at in range(6)))
    before = measured()
    with database.transaction() as session:
        for row in session.scalars(select(SuggestionShown)).all():
            gave = {name: value for name, value in row.shown["gave"].items() if name not in ("groups", "grouped")}
            session.add(SuggestionShown(profile_id=row.profile_id, kind=row.kind, shown={**row.shown, "gave": gave}))
    assert measured()["groups"] == before["groups"] != []


def test_first_pages_and_bridges_are_counted_beside_the_lists(world, sign_in, measured, database):
    world(KE=6)
    with database.transaction() as session:
        teacher(session, "chen", country="CN", languages=[("zh", 7, True)])
        for at in range(3):
            teacher(session, f"between{at}", country="SG", languages=[("zh", 6, True), ("en", 6, True)])
    handles = [f"ke{at}" for at in range(6)]
    look(sign_in, *handles, at="/")
    look(sign_in, *handles, at="/suggestions?kind=bridges")
    look(sign_in, *handles, at="/suggestions/bridges/chen")
    found = measured()
    assert found["kinds"] == {"bridges": 48, "home": 24} and found["lists"] == 72
    assert found["most_given_up"] <= found["promised"]
    asia = figures_of(database)["regions"]["142"]
    assert asia[0] > 0, "the bridges stand in Asia"


@pytest.mark.parametrize(
    ("kinds", "told", "words"),
    [
        ({"peers": 92, "home": 90, "bridges": 1}, {"peers": 92, "others": 91}, "91 lists of other kinds"),
        ({"peers": 92, "bridges": 3, "home": 2}, {"peers": 92, "others": 5}, "5 lists of other kinds"),
        ({"peers": 92, "bridges": 1}, {}, "93 lists</p>"),
        ({"peers": 92, "home": 6}, {"peers": 92, "home": 6}, "6 on first pages"),
    ],
)
def test_kinds_add_up_and_few_of_a_kind_stand_with_others(
    kinds, told, words, world, sign_in, measured, client, database
):
    world(KE=6)
    look(sign_in, *(f"ke{at}" for at in range(6)))
    measured()
    with database.transaction() as session:
        report = session.scalars(select(ExposureReport)).one()
        report.figures = {**report.figures, "kinds": kinds, "lists": sum(kinds.values()), "guest_lists": 0}
    found = client.get("/insights/exposure.json").json
    assert found["kinds"] == told and (not told or sum(told.values()) == found["lists"])
    page = client.get("/insights/exposure").get_data(as_text=True)
    assert words in page and "1 list of bridges" not in page


def test_a_guests_list_counts_once_a_day_and_never_steers_what_members_see(world, client, sign_in, measured, database):
    world(KE=8, TZ=7)
    look(sign_in, *(f"ke{at}" for at in range(6)))
    before = measured()
    owed = figures_of(database)["owed"]
    for _time in range(3):
        assert client.get(GUEST).status_code == 200
    client.get("/?subject=0541&level=3&language=sw:C1&country=TZ")
    with database.reading() as session:
        rows = session.scalars(select(GuestListing)).all()
        assert len(rows) == 2 and {*rows[0].shown} == {"ids", "for", "gave"}
    found = measured(0)
    assert found["lists"] == before["lists"] + 2
    after = figures_of(database)
    assert after["guest_lists"] == 2 and after["owed"] == owed


def test_lists_of_guests_are_told_to_those_who_stood_on_them_and_forgotten(world, client, sign_in, database):
    world(KE=3)
    client.get(GUEST)
    with database.transaction() as session:
        session.scalars(select(GuestListing)).one().day -= timedelta(days=2)
    with database.transaction() as session:
        count_appearances(session)
    with database.reading() as session:
        assert {row.kind for row in session.scalars(select(SuggestionAppearance))} == {"guests"}
    assert "Lists of guests" in sign_in("ke0").get("/suggestions/me").get_data(as_text=True)
    with database.transaction() as session:
        session.scalars(select(GuestListing)).one().day -= KEPT
    with database.transaction() as session:
        purge_shown(session)
    with database.reading() as session:
        assert session.scalars(select(GuestListing)).all() == []


def test_whoever_asks_as_a_guest_all_day_fills_no_table(world, client, database, monkeypatch):
    world(KE=3, TZ=3)
    monkeypatch.setattr("app.features.suggestions.services.showing.GUEST_LISTS", 1)
    assert GUEST_LISTS >= 100
    client.get(GUEST)
    client.get("/?subject=0541&level=2&language=sw:C1&country=TZ")
    with database.reading() as session:
        assert len(session.scalars(select(GuestListing)).all()) == 1


def test_the_page_says_what_is_counted(client):
    page = client.get("/insights/exposure").get_data(as_text=True)
    assert "what guests see, the same list once a day" in page and "Not counted are the directory" in page
