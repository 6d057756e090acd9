"""Calendars to subscribe to: of a community, of a person, of one meeting."""

from __future__ import annotations

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.actor import GUEST
from app.core.errors import Forbidden, NotFound
from app.core.web.identity import current_actor
from app.core.web.limits import HOUR, limit
from app.core.web.pages import full_address, go
from app.core.web.sessions import db
from app.features.communities.models import EVERYONE, Community
from app.features.communities.queries import get_standing, list_communities_of
from app.features.events.calendars import Shown, calendar_of
from app.features.events.models import YES, CalendarFeed, Event
from app.features.events.policies import can_see_room
from app.features.events.queries import get_event, list_answers_of, list_for_calendar
from app.features.events.services.feeds import find_feed_owner, renew_feed, revoke_feed
from app.features.events.views.blueprint import blueprint
from app.features.events.views.showing import readable


def _answer(body: bytes, name: str, public: bool = False) -> Response:
    response = Response(body, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.ics"'
    # Programs ask again and again; what has not changed need not be sent.
    response.headers["Cache-Control"] = "public, max-age=600" if public else "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _address_in(slugs: dict[int, str], event: Event) -> str:
    return full_address("events.show_event", slug=slugs[event.community_id], event_id=event.id)


@blueprint.get("/communities/<slug>/events.ics")
def community_calendar(slug: str) -> ResponseReturnValue:
    """The meetings of a community that everyone reads; rooms are left out, for the address is nobody's."""
    # As a guest stands in it, whoever asks: the answer is kept by whatever stands between, and given to others.
    community = get_standing(db(), GUEST, slug).community
    if community.reading != EVERYONE:
        raise NotFound
    events = list_for_calendar(db(), [community.id])
    rows = [Shown(event, community.name) for event in events]
    return _answer(calendar_of(rows, community.name, lambda e: _address_in({community.id: slug}, e)), slug, public=True)


@blueprint.get("/communities/<slug>/events/<int:event_id>/event.ics")
def event_calendar(slug: str, event_id: int) -> ResponseReturnValue:
    """One meeting, to be taken into a calendar."""
    standing = readable(slug)
    event = get_event(db(), standing, event_id)
    community: Community = standing.community
    rows = [Shown(event, community.name, can_see_room(standing))]
    body = calendar_of(rows, community.name, lambda e: _address_in({community.id: slug}, e), single=True)
    return _answer(body, f"{slug}-{event.id}")


@blueprint.get("/calendar/<token>.ics")
def calendar_feed(token: str) -> ResponseReturnValue:
    """Every meeting of a person's communities that they did not decline, for whoever holds the secret address; the
    time of those they did not say yes to stays free."""
    person_id = find_feed_owner(db(), token[:100])
    if person_id is None:
        raise NotFound
    communities = {community.id: community for community, _member in list_communities_of(db(), person_id)}
    events = list_for_calendar(db(), list(communities), person_id)
    slugs = {number: community.slug for number, community in communities.items()}
    answers = list_answers_of(db(), person_id, [event.id for event in events])
    rows = [
        Shown(event, communities[event.community_id].name, with_room=True, free=answers.get(event.id) != YES)
        for event in events
    ]
    return _answer(calendar_of(rows, _("Commonweave events"), lambda e: _address_in(slugs, e)), "commonweave")


def _page(token: str | None = None) -> str:
    feed = db().get(CalendarFeed, current_actor().person_id) if current_actor().person_id is not None else None
    secret = full_address("events.calendar_feed", token=token) if token else None
    return render_template("events/calendar.html", feed=feed, secret=secret)


@blueprint.get("/calendar")
def own_calendar() -> ResponseReturnValue:
    """One's own calendar address: what it is for, and the ways to make it and to make it void."""
    if current_actor().person_id is None:
        return go(url_for("profiles.edit_person"))
    return _page()


@blueprint.post("/calendar")
def renew_calendar() -> ResponseReturnValue:
    """Make a new secret address and show it this once: on this very page, so that it goes into no cookie."""
    if current_actor().person_id is None:
        raise Forbidden
    limit("events.calendar", 20, HOUR, key=f"account:{current_actor().account_id}")
    return _page(renew_feed(db(), current_actor()))


@blueprint.post("/calendar/revoke")
def revoke_calendar() -> ResponseReturnValue:
    """Make the address void."""
    revoke_feed(db(), current_actor())
    flash(_("The address is void. Calendars that used it will not be told of anything any more."), "ok")
    return go(url_for("events.own_calendar"))
