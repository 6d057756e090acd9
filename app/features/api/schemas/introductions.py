"""Introductions as they are taken and given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from marshmallow import Schema, fields, validate

from app.features.api.schemas.fields import Body, Words, one_of, said
from app.features.api.schemas.profiles import NamedSchema, named
from app.features.introductions.models import (
    ACCEPTED,
    DECLINE_REASONS,
    DECLINED,
    EXPIRED,
    PENDING,
    WITHDRAWN,
    Introduction,
)
from app.features.introductions.policies import LONGEST_NOTE, SHORTEST_NOTE, state_at
from app.features.profiles.queries.visible import ProfileView

BOXES = ("received", "sent")
STATES = (PENDING, ACCEPTED, DECLINED, EXPIRED, WITHDRAWN)
_LANG = said("The BCP 47 tag of the language it is written in.")


class IntroductionsQuery(Schema):
    """Which introductions."""

    box = one_of(BOXES, load_default="received")
    as_ = Words(
        data_key="as", load_default=None, **said("Only those of this institution; without it all you may answer.")
    )
    cursor = Words(
        load_default=None,
        validate=validate.Regexp(r"^[01]-[0-9]{1,18}\Z"),
        **said("Where the page begins: `next` of an earlier answer."),
    )


class AskBody(Body):
    """Asking for contact."""

    to = Words(required=True, **said("The handle of the one asked."))
    note = Words(required=True, **said(f"{SHORTEST_NOTE} to {LONGEST_NOTE} characters."))
    lang = Words(allow_none=True, load_default=None, **_LANG)
    as_ = Words(
        data_key="as", allow_none=True, load_default=None, **said("The handle of an institution you speak for.")
    )


class AcceptBody(Body):
    """Saying yes, with or without a few words."""

    reply = Words(load_default="")
    lang = Words(allow_none=True, load_default=None, **_LANG)


class DeclineBody(AcceptBody):
    """Saying no, politely."""

    reason = one_of(DECLINE_REASONS, required=True)


class TextSchema(Schema):
    """Somebody's words in their language."""

    text = fields.String(required=True)
    lang = fields.String(required=True, allow_none=True)


class IntroductionSchema(Schema):
    """An introduction. Sides that are not there for the reader are null."""

    id = fields.Integer(required=True)
    state = one_of(STATES, required=True)
    from_ = fields.Nested(NamedSchema, data_key="from", required=True, allow_none=True)
    to = fields.Nested(NamedSchema, required=True, allow_none=True)
    by = fields.Nested(
        NamedSchema, required=True, allow_none=True, **said("The person who asked, perhaps for an institution.")
    )
    note = fields.Nested(TextSchema, required=True, allow_none=True)
    reply = fields.Nested(TextSchema, required=True, allow_none=True)
    reason = one_of(DECLINE_REASONS, required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    expires_at = fields.DateTime(required=True)
    decided_at = fields.DateTime(required=True, allow_none=True)
    url = fields.String(required=True, **said("The address of its page."))


class IntroductionsSchema(Schema):
    """A page of introductions: those that wait first, then the newest."""

    introductions = fields.List(fields.Nested(IntroductionSchema), required=True)
    next = fields.String(required=True, allow_none=True)


def as_introduction(row: Introduction, views: Mapping[int, ProfileView], moment: datetime) -> dict[str, Any]:
    """An introduction as it is given; a note that was taken out of sight stays so."""

    def side(number: int | None) -> dict[str, Any] | None:
        view = views.get(number) if number is not None else None
        return named(view) if view is not None else None

    return {
        "id": row.id,
        "state": state_at(row, moment),
        "from_": side(row.from_profile_id),
        "to": side(row.to_profile_id),
        "by": side(row.by_person_id),
        "note": {"text": row.note, "lang": row.note_lang} if row.hidden_at is None else None,
        "reply": {"text": row.reply, "lang": row.reply_lang} if row.reply else None,
        "reason": row.decline_reason,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "decided_at": row.decided_at,
        "url": url_for("introductions.show", introduction_id=row.id),
    }
