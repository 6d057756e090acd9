"""What events contribute: the tab, panels, notices, the download, what can be reported and translated."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.messages import N_, Text
from app.core.notices import NoticeKind, add_notice_kind
from app.core.registries import (
    Original,
    Panel,
    Reportable,
    Tab,
    Translatable,
    add_community_exporter,
    add_eraser,
    add_exporter,
    add_panel,
    add_reportable,
    add_tab,
    add_translatable,
    version_of,
)
from app.features.communities.models import ACTIVE, Community, Member
from app.features.communities.policies import Standing, can_read
from app.features.communities.queries import find_obstacle, standing_in
from app.features.events.models import REMINDER, Event
from app.features.events.policies import can_plan, can_see_event, moderates
from app.features.events.queries import list_answers_of, list_coming, list_events
from app.features.events.services.leaving import erase_events, export_events, export_meetings
from app.features.events.services.planning import hide_event
from app.features.events.views.words import city_of, line_of, texts_of
from app.features.profiles.models import Person, Profile
from app.features.profiles.queries.visible import visible_parts
from app.features.profiles.services.facets import Facets, HoursFacet
from app.features.profiles.views.summaries import summary_of
from app.features.relations.queries import are_connected


def load_hours(session: Session, actor: Actor, person: Profile) -> dict[str, Any] | None:
    """When a person works, for those to whom their place is open."""
    if not isinstance(person, Person) or not person.timezone:
        return None
    connected = actor.person_id is not None and are_connected(session, person.id, actor.person_id)
    if "place" not in visible_parts(person, actor, connected) or not person.hours:
        return None
    hours = tuple(HoursFacet(row.weekday, row.begin, row.end) for row in person.hours)
    return {"lines": summary_of("hours", Facets(hours=hours)), "city": city_of(person.timezone)}


def load_next(session: Session, actor: Actor, standing: Standing) -> dict[str, Any] | None:
    """The next meeting of a community, for those who read it."""
    if not can_read(standing):
        return None
    page = list_events(session, standing.community.id, standing.moment, limit=1, cancelled=False)
    found = page.events[0] if page.events else None
    answers = list_answers_of(session, actor.person_id, [found.id]) if found else {}
    return {
        "slug": standing.community.slug,
        "event": line_of(found, actor, answers.get(found.id)) if found else None,
        "can_plan": can_plan(standing),
    }


def load_coming(session: Session, actor: Actor, _subject: Any) -> dict[str, Any] | None:
    """The next meetings of a person's communities."""
    rows = list_coming(session, actor)
    if not rows:
        return None
    answers = list_answers_of(session, actor.person_id, [event.id for event, _community in rows])
    return {
        "events": [
            {
                **line_of(event, actor, answers.get(event.id)),
                "slug": community.slug,
                "community": community.name,
                "community_lang": community.lang,
            }
            for event, community in rows
        ]
    }


def _find(session: Session, actor: Actor, event_id: int) -> tuple[Event, Standing] | None:
    event = session.get(Event, event_id)
    community = session.get(Community, event.community_id) if event else None
    if event is None or community is None:
        return None
    standing = standing_in(session, actor, community)
    return (event, standing) if can_see_event(standing, event) or moderates(standing) else None


def describe_event(session: Session, actor: Actor, event_id: int) -> dict[str, Any] | None:
    """A meeting as it is reported, for its readers and for those who moderate."""
    found = _find(session, actor, event_id)
    if found is None:
        return None
    event, _standing = found
    return {
        "text": "\n\n".join(part for part in (event.title, event.description, event.agenda, event.notes) if part),
        "lang": event.lang,
        "at": event.created_at,
        "author_id": event.created_by,
        "person_id": event.created_by,
        "hidden": event.hidden_at is not None,
    }


def hide(session: Session, _actor: Actor, event_id: int, hidden: bool) -> None:
    """Take a meeting out of sight, or show it again."""
    event = session.get(Event, event_id)
    if event is not None:
        hide_event(session, event, hidden)


_LABELS = {"title": N_("Title"), "description": N_("What is it about?"), "agenda": N_("Agenda")}


def list_readers(session: Session, event_id: int) -> Select[Any] | None:
    """The members are asked to translate a meeting of their community."""
    event = session.get(Event, event_id)
    members = select(Member.person_id).where(Member.state == ACTIVE)
    return members.where(Member.community_id == event.community_id) if event else None


def obstacle_of(session: Session, actor: Actor, event_id: int) -> Text | None:
    """Why somebody does not translate a meeting: muted in its community, or taken out of it."""
    event = session.get(Event, event_id)
    return find_obstacle(session, actor, event.community_id if event is not None else None)


def load_original(session: Session, actor: Actor, event_id: int) -> Original | None:
    """The texts of a meeting, to be translated."""
    found = _find(session, actor, event_id)
    if found is None:
        return None
    event, standing = found
    fields = texts_of(event)
    return Original(
        kind="event",
        thing_id=event.id,
        title=event.title,
        lang=event.lang,
        version=version_of(fields),
        fields=fields,
        labels={name: _LABELS[name] for name in fields},
        endpoint="events.show_event",
        values={"slug": standing.community.slug, "event_id": event.id},
        markdown=frozenset({"description", "agenda"}),
        author_id=event.created_by,
    )


_PARTS = ("slug", "event_id")
add_tab(Tab("community", "events", N_("Events"), "events.list_events", order=30, open_to="readers"))
add_panel(Panel("community", "events.next", "events/next.html", load_next, order=30))
add_panel(Panel("person", "events.hours", "events/hours.html", load_hours, order=60))
add_panel(Panel("home", "events.coming", "events/home.html", load_coming, order=30))
add_notice_kind(
    NoticeKind("event_planned", N_("An event is planned: “%(title)s” in %(community)s"), "events.show_event", _PARTS)
)
add_notice_kind(
    NoticeKind("event_changed", N_("“%(title)s” in %(community)s was changed"), "events.show_event", _PARTS)
)
add_notice_kind(
    NoticeKind(
        "event_moved",
        N_("“%(title)s” in %(community)s is at another time now"),
        "events.show_event",
        _PARTS,
        mail=True,
        ends=(REMINDER,),
    )
)
add_notice_kind(
    NoticeKind(
        "event_cancelled",
        N_("“%(title)s” in %(community)s is cancelled"),
        "events.show_event",
        _PARTS,
        mail=True,
        ends=(REMINDER,),
    )
)
add_notice_kind(
    NoticeKind(
        REMINDER,
        N_("Reminder: “%(title)s” in %(community)s, %(starts)s"),
        "events.show_event",
        _PARTS,
        mail=True,
        moment="starts",
        reminder=True,
    )
)
add_exporter("events", export_events)
add_eraser("events", erase_events)
add_community_exporter("events", export_meetings)
add_reportable(Reportable("event", describe_event, hide))
add_translatable(Translatable("event", load_original, readers=list_readers, obstacle=obstacle_of))
