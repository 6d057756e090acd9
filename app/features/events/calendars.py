"""Meetings as iCalendar (RFC 5545): what a calendar program subscribes to or takes in.

Moments are written in UTC, so that no program has to know our zones: each meeting of a series is an event of its own,
already reckoned by the clocks of its zone, and stays right when a country changes its rules. ``UID`` never changes;
``SEQUENCE`` rises with each change, and what is cancelled stays, as cancelled. There is no ``METHOD``: nobody is
invited by such a file, which would need an organiser's address (RFC 5546); so ``DTSTAMP`` is when the event was revised
last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Timezone, TimezoneStandard, vText
from icalendar import Event as Entry

from app.features.events.models import CANCELLED, Event

PRODUCT = "-//Commonweave//Meetings//EN"
REFRESH = timedelta(hours=1)


def _moment(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Shown:
    """A meeting in a calendar, with the name of its community; ``with_room``: whether its address is told; ``free``:
    whether the time stays free, because its reader did not say that they come."""

    event: Event
    community: str
    with_room: bool = False
    free: bool = False


def _entry(shown: Shown, address: str) -> Entry:
    event, entry = shown.event, Entry()
    entry.add("uid", event.uid)
    # When this wording was made: a program takes the later of two that have the same sequence.
    entry.add("dtstamp", _moment(event.updated_at))
    entry.add("last-modified", _moment(event.updated_at))
    entry.add("created", _moment(event.created_at))
    entry.add("dtstart", _moment(event.starts_at))
    entry.add("dtend", _moment(event.ends_at))
    entry.add("sequence", event.sequence)
    entry.add("status", "CANCELLED" if event.state == CANCELLED else "CONFIRMED")
    entry.add("summary", vText(event.title, params={"LANGUAGE": event.lang}))
    room = event.link if shown.with_room else ""
    parts = [event.cancel_reason if event.state == CANCELLED else "", event.description, event.agenda, room, address]
    words = "\n\n".join(part for part in parts if part)
    entry.add("description", vText(words, params={"LANGUAGE": event.lang}))
    place = event.place or room
    if place:
        entry.add("location", place)
    entry.add("url", address)
    entry.add("categories", [shown.community])
    entry.add("transp", "TRANSPARENT" if shown.free or event.state == CANCELLED else "OPAQUE")
    return entry


def _world_time() -> Timezone:
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "Etc/UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - it must be a time of no zone
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    zone.add_component(standard)
    return zone


def calendar_of(events: Iterable[Shown], name: str, address_of: Callable[[Event], str], single: bool = False) -> bytes:
    """A calendar of meetings; ``single``: of one alone, to be taken into another one."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if not single:
        calendar.add("x-wr-calname", name)
        calendar.add("name", name)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    for shown in events:
        calendar.add_component(_entry(shown, address_of(shown.event)))
    if not calendar.subcomponents:
        # A calendar without any component is none; this one says nothing.
        calendar.add_component(_world_time())
    return bytes(calendar.to_ical())
