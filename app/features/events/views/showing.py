"""The meetings of a community, and one of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Conflict, Forbidden, Invalid, SignInNeeded
from app.core.messages import N_
from app.core.registries import version_of
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.limits import HOUR, limit
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.communities.policies import Standing, can_read
from app.features.communities.queries import get_standing
from app.features.communities.views.frame import render_in_community
from app.features.events.models import ANSWERS, NO, YES, Event
from app.features.events.policies import can_answer, can_edit_event, can_plan, can_see_room, is_over
from app.features.events.queries import events as reads
from app.features.events.queries.loads import list_loads
from app.features.events.services.answering import answer_event
from app.features.events.views.blueprint import blueprint
from app.features.events.views.words import (
    interpreted_of,
    length_of,
    line_of,
    spoken_of,
    state_of,
    texts_of,
    times_of,
    when,
)
from app.features.profiles.queries.visible import ProfileView, present_many
from app.features.profiles.views.cards import reading_languages
from app.features.renditions.queries import list_best, list_languages

MOST_NAMED = 60


def readable(slug: str) -> Standing:
    """Where the actor stands in a community whose inside they may read."""
    standing = get_standing(db(), current_actor(), slug)
    if not can_read(standing):
        if not standing.actor.signed_in:
            raise SignInNeeded
        raise Forbidden(N_("Only members see the events of this community. You can join it on its first page."))
    return standing


def _mark(place: tuple[datetime, int] | None) -> str | None:
    return f"{place[0].strftime('%Y%m%dT%H%M%S%f')}-{place[1]}" if place else None


def _place() -> tuple[datetime, int] | None:
    moment, _dash, number = request.args.get("after", "").partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    try:
        return datetime.strptime(moment, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC), int(number)
    except ValueError:
        return None


@blueprint.get("/communities/<slug>/events")
def list_events(slug: str) -> ResponseReturnValue:
    """Coming or past meetings."""
    session, standing = db(), readable(slug)
    past, place = bool(request.args.get("past")), _place()
    page = reads.list_events(session, standing.community.id, standing.moment, past, place)
    answers = reads.list_answers_of(session, standing.actor.person_id, [event.id for event in page.events])
    after = _mark(page.next)
    return render_in_community(
        standing,
        "events/list.html",
        section="events",
        past=past,
        events=[line_of(event, standing.actor, answers.get(event.id)) for event in page.events],
        next=url_for("events.list_events", slug=slug, past=1 if past else None, after=after) if after else None,
        previous=url_for("events.list_events", slug=slug, past=1 if past else None) if place else None,
        can_plan=can_plan(standing),
        has_feed=standing.community.reading == "everyone",
    )


def _coming(session: Any, event: Event, standing: Standing) -> dict[str, Any]:
    """Who comes: names for members, numbers for everybody else."""
    if not standing.is_member:
        return {"yes": [], "maybe": [], "more": 0}
    rows = [row for row in reads.list_answers(session, event.id) if row.answer != NO]
    named = sorted(rows, key=lambda row: row.answer != YES)[:MOST_NAMED]
    views = {v.id: v for v in present_many(session, standing.actor, [r.person_id for r in named], reading_languages())}
    said: dict[str, list[ProfileView]] = {"yes": [], "maybe": []}
    for row in named:
        if row.person_id in views:
            said[row.answer].append(views[row.person_id])
    return {**said, "more": len(rows) - len(said["yes"]) - len(said["maybe"])}


def _burdens(session: Any, events: Sequence[Event], standing: Standing) -> list[tuple[ProfileView, int]]:
    """What the times of a series cost those they were found for, as far as their place is open to the reader."""
    if not standing.is_member:
        return []
    totals: dict[int, int] = {}
    for loads in list_loads(session, [event.id for event in events if event.state == "planned"]).values():
        for person, points in loads.items():
            totals[person] = totals.get(person, 0) + points
    views = present_many(session, standing.actor, sorted(totals), reading_languages())
    shown = [(view, totals[view.id]) for view in views if "place" in view.open_parts]
    return sorted(shown, key=lambda pair: (-pair[1], pair[0].id))


@blueprint.get("/communities/<slug>/events/<int:event_id>")
def show_event(slug: str, event_id: int) -> ResponseReturnValue:
    """One meeting: when it is by the reader's clocks, where, in which languages, who comes."""
    session, standing = db(), readable(slug)
    event = reads.get_event(session, standing, event_id)
    return show(standing, event)


def show(standing: Standing, event: Event, status: int = 200) -> ResponseReturnValue:
    """The page of a meeting."""
    session, actor = db(), standing.actor
    series = reads.list_series(session, event)
    zone = actor.timezone or event.zone
    versions = {event.id: version_of(texts_of(event))}
    shown = list_best(session, actor, "event", {event.id: event.lang}, versions, reading_languages())
    kept = list_languages(session, "event", [event.id])
    page = render_in_community(
        standing,
        "events/show.html",
        section="events",
        event=event,
        state=state_of(event),
        over=is_over(standing, event),
        shown=shown.get(event.id),
        kept=kept.get(event.id, ()),
        times=times_of(event, actor),
        length=length_of(event.minutes),
        spoken=spoken_of(event),
        interpreted=interpreted_of(event),
        room=event.link if can_see_room(standing) else None,
        room_hidden=bool(event.link) and not can_see_room(standing),
        answer=reads.list_answers_of(session, actor.person_id, [event.id]).get(event.id),
        can_answer=can_answer(standing, event),
        can_edit=can_edit_event(standing, event),
        coming=_coming(session, event, standing),
        full=event.capacity is not None and event.yes_count >= event.capacity,
        series=[
            {"id": one.id, "here": one.id == event.id, "when": when(one.starts_at, zone), "state": state_of(one)}
            for one in series
        ]
        if len(series) > 1
        else [],
        burdens=_burdens(session, series, standing),
    )
    return page, status


@blueprint.post("/communities/<slug>/events/<int:event_id>/answer", endpoint="answer_event")
def answer(slug: str, event_id: int) -> ResponseReturnValue:
    """Say whether one comes."""
    session, standing = db(), readable(slug)
    event = reads.get_event(session, standing, event_id)
    limit("events.answer", 120, HOUR, key=f"account:{standing.actor.account_id}")
    said = request.form.get("answer", "")
    try:
        answer_event(session, standing, event, said)
    except (Conflict, Invalid) as problem:
        flash(translate(problem.text), "warning")
        return show(standing, event, problem.status)
    texts = (_("Noted: you come."), _("Noted: perhaps."), _("Noted: you do not come."))
    flash(dict(zip(ANSWERS, texts, strict=True))[said], "ok")
    return go(url_for("events.show_event", slug=slug, event_id=event_id))
