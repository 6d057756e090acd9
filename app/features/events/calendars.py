"""Meetings as iCalendar (RFC 5545): what a calendar program subscribes to or takes in.

Moments are written in UTC, so that no program has to know our zones: each meeting of a series is an event of its own,
already reckoned by the clocks of its zone, and stays right when a country changes its rules. ``UID`` never changes;
``SEQUENCE`` rises with each change, and what is cancelled stays, as cancelled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, vText
from icalendar import Event as Entry

from app.features.events.models import CANCELLED, Event

PRODUCT = "-//Commonweave//Meetings//EN"
REFRESH = timedelta(hours=1)


def _moment(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _entry(event: Event, community: str, address: str, with_room: bool) -> Entry:
    entry = Entry()
    entry.add("uid", event.uid)
    # When this wording was made: a program takes the later of two.
    entry.add("dtstamp", _moment(event.updated_at))
    entry.add("last-modified", _moment(event.updated_at))
    entry.add("created", _moment(event.created_at))
    entry.add("dtstart", _moment(event.starts_at))
    entry.add("dtend", _moment(event.ends_at))
    entry.add("sequence", event.sequence)
    entry.add("status", "CANCELLED" if event.state == CANCELLED else "CONFIRMED")
    entry.add("summary", vText(event.title, params={"LANGUAGE": event.lang}))
    room = event.link if with_room else ""
    parts = [event.cancel_reason if event.state == CANCELLED else "", event.description, event.agenda, room, address]
    entry.add("description", "\n\n".join(part for part in parts if part))
    place = event.place or room
    if place:
        entry.add("location", place)
    entry.add("url", address)
    entry.add("categories", [community])
    entry.add("transp", "TRANSPARENT" if event.state == CANCELLED else "OPAQUE")
    return entry


def calendar_of(
    events: Iterable[tuple[Event, str, bool]], name: str, address_of: Callable[[Event], str], single: bool = False
) -> bytes:
    """A calendar of meetings, each with the name of its community and whether the room is shown."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if not single:
        calendar.add("x-wr-calname", name)
        calendar.add("name", name)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    for event, community, with_room in events:
        calendar.add_component(_entry(event, community, address_of(event), with_room))
    return bytes(calendar.to_ical())
