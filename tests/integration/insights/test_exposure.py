"""The published figures on whom suggestions bring to attention: right, coarse, and the same everywhere."""

from __future__ import annotations

import csv
import io
import json

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.features.suggestions.models import ExposureReport, SuggestionShown
from app.features.suggestions.queries.exposure import find_owed
from app.features.suggestions.services.exposing import measure_exposure
from tests.integration.suggestions.world import teacher

TONGUES = [("sw", 7, True), ("en", 5, False)]


@pytest.fixture
def world(database):
    """Ten in Kenya and six in France; Oceania has one, and one says no country; Fijian is spoken by one."""
    with database.transaction() as session:
        people = [teacher(session, f"kenya{n}") for n in range(10)]
        people += [teacher(session, f"france{n}", country="FR") for n in range(6)]
        people.append(teacher(session, "alone", country="FJ", languages=[*TONGUES, ("fj", 7, True)]))
        people.append(teacher(session, "nowhere", country=None))
        return {one.handle: one.id for one in people}


@pytest.fixture
def looked(sign_in, world):
    """Six of Kenya look at two kinds of lists, twenty times in all."""
    for number in range(6):
        browser = sign_in(f"kenya{number}")
        for kind in ("peers", "collaborators", "institutions"):
            assert browser.get(f"/suggestions?kind={kind}").status_code == 200


def more_lists(database, world, times: int) -> None:
    """The same lists shown again on other days."""
    with database.transaction() as session:
        for row in session.scalars(select(SuggestionShown)).all():
            for _time in range(times):
                session.add(SuggestionShown(profile_id=row.profile_id, kind=row.kind, shown=row.shown))


@pytest.fixture
def told(runner, database, world, looked):
    more_lists(database, world, 3)

    def read(*more: str):
        result = runner.invoke(args=["insights", "exposure", "--measure", "--json", *more])
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    return read


def test_nothing_is_told_before_there_is_enough(client, runner, database, world, sign_in):
    assert "Too early for figures" in client.get("/insights/exposure").get_data(as_text=True)
    assert client.get("/insights/exposure.json").json == {"enough": False}
    sign_in("kenya0").get("/suggestions")
    more_lists(database, world, 50)
    measure_exposure(database)
    assert client.get("/insights/exposure.json").json == {"enough": False}, "one person's lists tell what they see"
    assert runner.invoke(args=["insights", "exposure"]).exit_code == 0


def test_shares_of_regions_add_up_and_follow_those_who_fit(told):
    found = told()
    assert found["enough"] and found["lists"] >= 20
    assert sum(one["given"] for one in found["regions"]) == pytest.approx(1, abs=0.02)
    assert sum(one["due"] for one in found["regions"]) == pytest.approx(1, abs=0.02)
    africa = next(one for one in found["regions"] if one["key"] == "002")
    assert 0 < africa["given"] < 1 and 0 < africa["due"] < 1
    assert found["given_up"] <= found["most_given_up"] <= found["promised"] == 0.1


def test_nobody_is_singled_out(told, client):
    found = told()
    keys = [one["key"] for one in found["regions"]]
    # One in Oceania and one nowhere are too few together; the next smallest group stands with them.
    assert "009" not in keys and "unknown" not in keys
    assert keys == ["002", "others"]
    assert "fj" not in [one["key"] for one in found["languages"]] and found["left_out"] == 0
    page = client.get("/insights/exposure").get_data(as_text=True)
    assert "Oceania" not in page and "Fijian" not in page
    assert "Others, together" in page


def test_a_language_of_few_is_left_out(told, database, world):
    with database.transaction() as session:
        for row in session.scalars(select(SuggestionShown)).all():
            gave = {**row.shown.get("gave", {}), "languages": {"sw": [5000, 6000], "fj": [900, 900]}}
            row.shown = {**row.shown, "gave": gave} if "gave" in row.shown else row.shown
    found = told()
    assert [one["key"] for one in found["languages"]] == ["sw"] and found["left_out"] == 1


def test_page_downloads_api_and_command_say_the_same(told, client, runner):
    found = told()
    assert "\nSwahili" in runner.invoke(args=["insights", "exposure"]).output
    assert client.get("/insights/exposure.json").json == found
    assert client.get("/api/v1/insights/exposure").json == found
    answer = client.get("/insights/exposure.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert answer.get_data().startswith(b"\xef\xbb\xbf"), "or a spreadsheet takes it for another encoding"
    assert found["at"][:10] in answer.headers["Content-Disposition"]
    assert {"002": "Africa", "sw": "Swahili"}.items() <= {row["code"]: row["name"] for row in rows}.items()
    assert [(row["code"], float(row["share_of_attention"])) for row in rows if row["group"] == "region"] == [
        (one["key"], one["given"]) for one in found["regions"]
    ]
    french = client.get("/insights/exposure.csv?lang=fr").get_data().decode("utf-8-sig")
    assert "002,Afrique," in french
    page = client.get("/insights/exposure?lang=en").get_data(as_text=True)
    assert "Africa" in page and "Swahili" in page
    for handle in ("kenya0", "france0", "alone"):
        assert handle not in page and handle.title() not in page


def test_old_lists_are_not_counted(told, database):
    before = told()["lists"]
    with database.transaction() as session:
        row = session.scalars(select(SuggestionShown).where(SuggestionShown.kind == "peers")).first()
        row.at = now().replace(year=now().year - 1)
    assert told()["lists"] == before - 1


def test_summing_up_again_finds_the_same(told):
    first, second = told(), told()
    assert {**first, "at": "", "begin": ""} == {**second, "at": "", "begin": ""}


def test_what_a_region_is_owed_changes_the_order_of_the_next_lists_and_never_a_score(database, world, runner):
    def listed():
        result = runner.invoke(args=["suggestions", "for", "kenya0", "--json", "--limit", "9"])
        return {item["id"]: item["score"] for item in json.loads(result.stdout)["suggestions"]}

    before = listed()
    with database.transaction() as session:
        session.add(ExposureReport(figures={"owed": {"regions": {"150": 600, "002": -600}, "languages": {}}}))
    with database.reading() as session:
        assert find_owed(session).regions["150"] == 600
    after = listed()
    assert next(iter(before)).startswith("kenya") and next(iter(after)).startswith("france")
    assert all(before[one] == score for one, score in after.items() if one in before)


def test_the_footer_leads_there(client):
    assert 'href="/insights/exposure"' in client.get("/").get_data(as_text=True)
