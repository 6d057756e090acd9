"""Meetings of communities as they are asked and given."""

from __future__ import annotations

from typing import Any

from flask import url_for
from marshmallow import Schema, fields

from app.features.api.schemas.fields import Between, Cursor, one_of, said
from app.features.api.schemas.introductions import TextSchema
from app.features.api.schemas.profiles import NamedSchema
from app.features.api.schemas.translations import TranslatedSchema, Translations
from app.features.communities.policies import Standing
from app.features.events.models import ANSWERS, CANCELLED, PLANNED, Event
from app.features.events.policies import can_see_room, is_over
from app.features.events.queries.events import PAGE

MOST = 100


class EventsQuery(Schema):
    """Which meetings."""

    past = fields.Boolean(load_default=False, **said("Those that have begun, the last first; else the coming ones."))
    limit = fields.Integer(load_default=PAGE, validate=Between(1, MOST))
    cursor = Cursor()


class EventSchema(TranslatedSchema):
    """A meeting as lists show it."""

    id = fields.Integer(required=True)
    uid = fields.String(required=True, **said("What calendars know it by."))
    title = fields.String(required=True)
    lang = fields.String(required=True, **said("The language of its texts."))
    starts_at = fields.DateTime(required=True)
    ends_at = fields.DateTime(required=True)
    zone = fields.String(required=True, **said("Where the time was set."))
    state = one_of((PLANNED, CANCELLED), required=True)
    over = fields.Boolean(required=True)
    languages = fields.List(fields.String(), required=True, **said("Spoken."))
    interpretation = fields.List(
        fields.List(fields.String()), required=True, **said("Pairs of languages: from one into the other.")
    )
    series = fields.String(required=True, allow_none=True, **said("The meetings of a series share it."))
    yes = fields.Integer(required=True, **said("How many come."))
    maybe = fields.Integer(required=True)
    capacity = fields.Integer(required=True, allow_none=True)
    answer = one_of(ANSWERS, required=True, allow_none=True, **said("What you said."))
    sample = fields.Boolean(required=True, **said("Made up, for trying things out."))
    url = fields.String(required=True, **said("The address of its page."))


class EventsSchema(Schema):
    """A page of meetings."""

    events = fields.List(fields.Nested(EventSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class EventWholeSchema(EventSchema):
    """A meeting, whole."""

    community = fields.String(required=True)
    description = fields.String(required=True, **said("Markdown."))
    agenda = fields.String(required=True, **said("Markdown."))
    place = fields.String(required=True)
    room = fields.String(required=True, allow_none=True, **said("The address of the video room, for members."))
    cancel_reason = fields.String(required=True, allow_none=True)
    recording = fields.String(required=True, allow_none=True)
    notes = fields.Nested(TextSchema, required=True, allow_none=True, **said("Markdown, written afterwards."))
    created_by = fields.Nested(NamedSchema, required=True, allow_none=True)
    calendar = fields.String(required=True, **said("The address of the same as iCalendar."))


_SAID = ("id", "uid", "title", "lang", "starts_at", "ends_at", "zone", "state", "languages", "interpretation", "series",
         "capacity", "sample")  # fmt: skip


def as_event(event: Event, standing: Standing, answer: str | None, texts: Translations) -> dict[str, Any]:
    """A meeting as lists show it."""
    return {
        **{name: getattr(event, name) for name in _SAID},
        **texts.of(event.id),
        "over": is_over(standing, event),
        "yes": event.yes_count,
        "maybe": event.maybe_count,
        "answer": answer,
        "url": url_for("events.show_event", slug=standing.community.slug, event_id=event.id),
    }


def whole(event: Event, standing: Standing) -> dict[str, Any]:
    """What its own page says on top; strangers are not told where the room is."""
    slug = standing.community.slug
    return {
        **{name: getattr(event, name) for name in ("description", "agenda", "place")},
        "community": slug,
        "room": event.link if event.link and can_see_room(standing) else None,
        "cancel_reason": event.cancel_reason or None,
        "recording": event.recording or None,
        "notes": {"text": event.notes, "lang": event.notes_lang} if event.notes else None,
        "calendar": url_for("events.event_calendar", slug=slug, event_id=event.id),
    }
