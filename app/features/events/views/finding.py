"""Finding a fair time: who, when, and what each proposal costs whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Forbidden, Invalid
from app.core.web.i18n import current_locale
from app.core.web.limits import HOUR, limit
from app.core.web.sessions import db
from app.features.communities.models import COORDINATOR, FACILITATOR
from app.features.communities.policies import Standing
from app.features.communities.views.frame import render_in_community
from app.features.events.forms import MeetForm
from app.features.events.models import MOST_PEOPLE
from app.features.events.policies import can_plan
from app.features.events.queries import find_event
from app.features.events.queries.loads import Attendee, list_recent_members, list_who_come
from app.features.events.services.finding import Found, Search, check_search, find_times
from app.features.events.views.blueprint import blueprint
from app.features.events.views.picture import DayPicture, day_picture
from app.features.events.views.planning import stamp_of
from app.features.events.views.showing import readable
from app.features.events.views.words import city_of, clock_of, day_of, when, zone_label, zone_of
from app.features.profiles.queries.visible import ProfileView, present_many
from app.features.profiles.views.cards import address_of, reading_languages, title_of
from app.matching.meetings import BREAK, EARLY, FREE_DAY, HOLIDAY, LATE, NIGHT, Load, Series, Slot

KEEPERS, ACTIVE, COME, CHOSEN = "keepers", "active", "come", "chosen"


def kind_word(kind: str) -> str:
    """Why a time is hard, in a word."""
    words = {
        EARLY: _("early"),
        LATE: _("late"),
        BREAK: _("in a break"),
        NIGHT: _("night"),
        FREE_DAY: _("day off"),
        HOLIDAY: _("holiday"),
    }
    return words.get(kind) or _("fine")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a slot costs a person, in words; ``private``: their zone is not open to the reader, so nothing is said."""

    name: str
    lang: str | None
    href: str
    private: bool
    local: str = ""
    zone: str = ""
    words: tuple[str, ...] = ()
    holiday: str = ""
    holiday_lang: str = ""
    points: int = 0
    assumed: bool = False
    zone_assumed: bool = False


class _Report:
    """Turns what was found into what is shown, for one reader."""

    def __init__(self, standing: Standing, found: Found, search: Search, views: dict[int, ProfileView]) -> None:
        self.standing, self.found, self.search, self.views = standing, found, search, views

    def is_open(self, attendee: Attendee) -> bool:
        """Whether the reader may know the person's zone."""
        view = self.views.get(attendee.participant.id)
        return view is not None and (view.own or "place" in view.open_parts)

    def cost(self, attendee: Attendee, slot: Slot, load: Load) -> Cost:
        """What a slot costs one person."""
        person, view = attendee.participant, self.views[attendee.participant.id]
        named = (title_of(view), view.name_lang if view.name else None, address_of(view))
        if not self.is_open(attendee):
            return Cost(*named, private=True)
        local = slot.start.astimezone(zone_of(person.zone))
        end = local + timedelta(minutes=self.search.minutes - 1)
        named_days = [attendee.days.names[d] for d in (local.date(), end.date()) if d in attendee.days.names]
        return Cost(
            *named,
            private=False,
            local=_("%(day)s, %(time)s", day=day_of(local, "medium"), time=clock_of(local)),
            zone=zone_label(person.zone, local),
            words=tuple(kind_word(kind) for kind in load.kinds),
            holiday=named_days[0] if named_days and HOLIDAY in load.kinds else "",
            holiday_lang=attendee.days.lang,
            points=load.points,
            assumed=person.assumed,
            zone_assumed=attendee.zone_assumed,
        )

    def costs(self, slot: Slot) -> list[Cost]:
        """What a slot costs everybody, the worst-off first, private ones last."""
        pairs = zip(self.found.attendees, slot.loads, strict=True)
        return sorted((self.cost(a, slot, load) for a, load in pairs), key=lambda c: (c.private, -c.points, c.name))

    def picture(self, slot: Slot) -> DayPicture | None:
        """The day around a slot."""
        shown = [
            (a.participant, title_of(self.views[a.participant.id])) for a in self.found.attendees if self.is_open(a)
        ]
        return day_picture(shown, slot.start, self.search.minutes, self.search.zone) if shown else None

    def plan_href(self, starts: Sequence[Slot]) -> str:
        """The form of a meeting with these times."""
        return url_for(
            "events.plan_event",
            slug=self.standing.community.slug,
            start=[stamp_of(slot.start) for slot in starts],
            person=[attendee.participant.id for attendee in self.found.attendees],
            minutes=self.search.minutes,
            zone=self.search.zone,
        )

    def slot(self, slot: Slot) -> dict[str, Any]:
        """A proposal."""
        return {
            "when": when(slot.start, self.search.zone),
            "utc": when(slot.start, "UTC"),
            "worst": slot.worst,
            "costs": self.costs(slot),
            "picture": self.picture(slot),
            "plan": self.plan_href([slot]),
        }

    def series(self, series: Series) -> dict[str, Any]:
        """A series: its meetings, and who carries how much."""
        people = []
        for at, attendee in enumerate(self.found.attendees):
            if not self.is_open(attendee):
                continue
            view = self.views[attendee.participant.id]
            loads = [slot.loads[at] for slot in series.slots]
            cells = [str(x.points) if not x.points else f"{x.points} · {kind_word(x.kinds[-1])}" for x in loads]
            before, total = attendee.participant.borne, series.totals[at]
            people.append({"name": title_of(view), "before": before, "cells": cells, "total": total})
        people.sort(key=lambda row: (-int(str(row["total"])), str(row["name"])))
        return {
            "worst": series.worst,
            "settled": series.settled,
            "least": series.least,
            "people": people,
            "meetings": [
                {
                    "when": when(slot.start, self.search.zone),
                    "utc": when(slot.start, "UTC", "medium"),
                    "day": day_of(slot.start.astimezone(zone_of(self.search.zone)), "short"),
                    "worst": slot.worst,
                }
                for slot in series.slots
            ],
            "picture": self.picture(series.slots[0]),
            "plan": self.plan_href(series.slots),
        }

    def names(self, ids: Sequence[int]) -> list[str]:
        """What some people are called."""
        return [title_of(self.views[number]) for number in ids if number in self.views]


def _whos(event_title: str | None) -> list[tuple[str, str]]:
    come = [(COME, _("Those who come, or perhaps, to “%(title)s”", title=event_title))] if event_title else []
    return [
        *come,
        (KEEPERS, _("Those who keep this community: coordinators and facilitators")),
        (ACTIVE, _("The members who were active last, at most %(limit)s", limit=MOST_PEOPLE)),
        (CHOSEN, _("Those ticked below")),
    ]


def _person_ids(form: MeetForm, standing: Standing, listed: Sequence[Any], event_id: int | None) -> list[int]:
    """Whom the form means; oneself is always among those listed."""
    if form.who.data == COME and event_id is not None:
        members = {member.person_id for member in listed}
        return [number for number in list_who_come(db(), event_id) if number in members]
    if form.who.data == KEEPERS:
        return [m.person_id for m in listed if m.role in (COORDINATOR, FACILITATOR)]
    if form.who.data == ACTIVE:
        return [m.person_id for m in listed][:MOST_PEOPLE]
    ticked = set(form.people.data or [])
    return [m.person_id for m in listed if str(m.person_id) in ticked]


def _event_id() -> int | None:
    text = request.args.get("event", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _begin(form: MeetForm, standing: Standing, zone: str) -> None:
    form.who.data = form.who.choices[0][0]
    form.minutes.data, form.days.data, form.every.data, form.times.data = "60", "7", "0", "6"
    form.first.data = standing.moment.astimezone(zone_of(zone)).date()
    form.remember.data = True


@blueprint.get("/communities/<slug>/meet")
def find_time(slug: str) -> ResponseReturnValue:
    """Ask for a fair time; the answer stands at its own address, so that it can be passed on."""
    session, standing = db(), readable(slug)
    if not can_plan(standing):
        raise Forbidden
    actor = standing.actor
    zone = actor.timezone if actor.timezone and zone_of(actor.timezone) else "UTC"
    listed = list_recent_members(session, standing.community.id)
    seen = present_many(session, actor, [member.person_id for member in listed], reading_languages())
    views = {view.id: view for view in seen}
    listed = [member for member in listed if member.person_id in views]
    number = _event_id()
    event = find_event(session, standing, number) if number is not None else None
    form = MeetForm(formdata=request.args if request.args.get("go") else None)
    form.prepare(_whos(event.title if event else None), [(str(view.id), title_of(view)) for view in seen])
    values: dict[str, Any] = {"form": form, "event": event, "zone": zone, "own_zone": bool(actor.timezone)}
    if not request.args.get("go"):
        _begin(form, standing, zone)
        return render_in_community(standing, "events/meet.html", section="events", **values)
    limit("events.meet", 60, HOUR, key=f"account:{actor.account_id}")
    status = 200
    try:
        if form.validate():
            search = form.search(_person_ids(form, standing, listed, number), zone)
            values |= _answer(standing, search, views)
        else:
            status = 422
    except Invalid as problem:
        form.show(problem)
        status = 422
    return render_in_community(standing, "events/meet.html", section="events", **values), status


def _answer(standing: Standing, search: Search, views: dict[int, ProfileView]) -> dict[str, Any]:
    check_search(search, standing.moment.astimezone(zone_of(search.zone)).date())
    open_ids = {view.id for view in views.values() if view.own or "place" in view.open_parts}
    found = find_times(db(), standing, search, open_ids, current_locale().code)
    report = _Report(standing, found, search, views)
    return {
        "found": found,
        "search": search,
        "clocks": city_of(search.zone),
        "proposals": [report.slot(slot) for slot in found.proposals],
        "series": report.series(found.series) if found.series else None,
        "fixed": report.series(found.fixed) if found.fixed else None,
        "unknown": report.names(found.unknown),
        "unsaid": report.names(found.unsaid),
        "private": sum(not report.is_open(attendee) for attendee in found.attendees),
        "assumed": any(a.participant.assumed for a in found.attendees if report.is_open(a)),
    }
