"""A community over four time zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.features.communities.models import FACILITATOR
from app.features.events.models import Event
from app.features.profiles.models import ProfileHours
from tests.support.communities import add_member, make_community
from tests.support.people import make_person

ZONES = {
    "amina": ("Africa/Nairobi", "KE"),
    "luc": ("Europe/Paris", "FR"),
    "mei": ("Asia/Tokyo", "JP"),
    "diego": ("America/Bogota", "CO"),
}
PLACE_OPEN = {"place": "members", "name": "members"}


@pytest.fixture
def world(database):
    """``maths``: amina coordinates, luc facilitates, mei and diego belong to it; zoe does not."""
    with database.transaction() as session:
        people = {
            handle: make_person(session, handle, timezone=zone, country=country, audiences=PLACE_OPEN)
            for handle, (zone, country) in ZONES.items()
        }
        people["zoe"] = make_person(session, "zoe")
        community = make_community(session, "maths", people["amina"], {"language": ["en", "sw"]})
        add_member(session, community, people["luc"], FACILITATOR)
        add_member(session, community, people["mei"])
        add_member(session, community, people["diego"])
        return {"community": community.id, **{handle: person.id for handle, person in people.items()}}


@pytest.fixture
def say_hours(database, world):
    """``say_hours("mei", 9, 17)``: the same hours every day."""

    def say(handle: str, begin: int, end: int) -> None:
        with database.transaction() as session:
            session.add_all(
                ProfileHours(profile_id=world[handle], weekday=day, begin=begin * 60, end=end * 60) for day in range(7)
            )

    return say


@pytest.fixture
def make_event(database, world):
    """``make_event(days=3, title=…)``: a meeting so many days from now, at noon UTC; its number."""
    count = iter(range(10_000))

    def make(days: float = 3, **values: object) -> int:
        noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
        number = next(count)
        with database.transaction() as session:
            event = Event(
                community_id=world["community"], uid=f"uid-{number}@example", token=f"{number:032x}",
                **{
                    "title": "Fractions", "lang": "en", "starts_at": noon + timedelta(days=days), "minutes": 60,
                    "zone": "Africa/Nairobi", "created_by": world["mei"], **values,
                },
            )  # fmt: skip
            session.add(event)
            session.flush()
            return event.id

    return make


@pytest.fixture
def day():
    """``day(3)``: the date so many days from now in Nairobi, as a form takes it."""
    return lambda days: (datetime.now(ZoneInfo("Africa/Nairobi")) + timedelta(days=days)).date().isoformat()
