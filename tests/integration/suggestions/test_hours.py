"""Working hours of both: a reason and a gap, by one's own clock, and only of those who show their place."""

from __future__ import annotations

import json

import pytest

from app.features.profiles.models import Person, ProfileHours
from app.features.profiles.services.changes import note_change
from app.features.suggestions.queries import rows
from tests.integration.suggestions.world import OPEN, teacher


def week(begin: int, end: int) -> list[ProfileHours]:
    """Monday to Friday, from one hour to another."""
    return [ProfileHours(weekday=day, begin=begin * 60, end=end * 60) for day in range(5)]


@pytest.fixture
def world(database):
    nairobi, honolulu = "Africa/Nairobi", "Pacific/Honolulu"
    with database.transaction() as session:
        people = [
            teacher(session, "amina", timezone=nairobi, hours=week(9, 17)),
            teacher(session, "near", timezone=nairobi, hours=week(14, 20)),
            teacher(session, "far", timezone=honolulu, hours=week(9, 17)),
            teacher(
                session, "private", timezone=nairobi, hours=week(14, 20), audiences={**OPEN, "place": "connections"}
            ),
            teacher(session, "unsaid", timezone=nairobi),
            teacher(session, "nowhere", hours=week(9, 17)),
        ]
        return {one.handle: one.id for one in people}


@pytest.fixture
def found(runner, world):
    def ask(handle: str = "amina") -> dict[str, dict[str, object]]:
        result = runner.invoke(args=["suggestions", "for", handle, "--json"])
        assert result.exit_code == 0, result.stderr
        return {item["id"]: item for item in json.loads(result.stdout)["suggestions"]}

    return ask


def hours_of(item) -> list[tuple[int, str]]:
    return [(one["contribution"], one["evidence"]) for one in item["reasons"] if one["criterion"] == "hours"]


def test_shared_hours_are_a_reason_by_ones_own_clock(found):
    [(points, said)] = hours_of(found()["near"])
    assert points == 15
    assert said.replace("\u202f", " ") == "You share 3 working hours on a usual day: 2:00 PM–5:00 PM, your time"


def test_no_shared_hour_is_a_gap(found):
    far = found()["far"]
    assert not hours_of(far)
    assert "you share no working hours" in [gap["text"] for gap in far["gaps"]]


@pytest.mark.parametrize("handle", ["private", "unsaid", "nowhere"])
def test_hours_that_are_private_or_not_known_say_nothing(found, handle):
    item = found()[handle]
    assert not hours_of(item)
    assert not [gap for gap in item["gaps"] if gap["gap"] == "hours.none"]


def test_who_keeps_their_hours_to_themselves_is_told_nonetheless(found):
    [(points, said)] = hours_of(found("private")["near"])
    assert points == 20 and said.startswith("You share 6 working hours")


def test_who_has_said_no_hours_is_told_nothing(found):
    assert not any(hours_of(item) for item in found("unsaid").values())


def test_the_page_says_it_and_a_change_of_hours_is_taken_in_at_once(sign_in, database, world):
    browser = sign_in("amina")
    page = browser.get("/suggestions").get_data(as_text=True)
    assert "You share 3 working hours on a usual day" in page
    with database.transaction() as session:
        near = session.get(Person, world["near"])
        near.hours = week(15, 20)
        note_change(session, near)
    assert "You share 2 working hours on a usual day" in browser.get("/suggestions").get_data(as_text=True)


def test_the_clock_of_the_moment_counts(database, world, monkeypatch):
    from datetime import UTC, datetime

    with database.transaction() as session:
        berlin = teacher(session, "berlin", timezone="Europe/Berlin", hours=week(9, 10)).id
    for month, hour in ((1, 8), (7, 7)):
        monkeypatch.setattr(rows, "now", lambda month=month: datetime(2026, month, 15, 12, tzinfo=UTC))
        with database.reading() as session:
            [profile] = rows.load_matchable(session, [berlin])
        assert profile.hours == 0b11 << 2 * hour


def test_a_zone_nobody_knows_is_as_none(database):
    with database.transaction() as session:
        person = teacher(session, "odd", timezone="Mars/Olympus", hours=week(9, 17)).id
    with database.reading() as session:
        assert rows.load_asking(session, person).hours == 0
