"""Notices as they are given, and marked as read."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from app.features.api.schemas.fields import Between, Body, Whole, Words, said
from app.features.notifications.models import Notice
from app.features.notifications.queries.notices import PAGE
from app.features.notifications.views.words import address_of, sentence_of

MOST = 100
HIGHEST = 2**63 - 1


class NoticesQuery(Schema):
    """A page of notices."""

    limit = fields.Integer(load_default=PAGE, validate=Between(1, MOST))
    cursor = Words(validate=validate.Regexp(r"^[0-9]{1,18}\Z"), **said("`next` of an earlier answer."))


class NoticeSchema(Schema):
    """Something you were told of."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True, **said("A word for programs, such as thread_answered."))
    text = fields.String(required=True, **said("A sentence in your language."))
    url = fields.String(required=True, allow_none=True, **said("The address of the page it leads to."))
    created_at = fields.DateTime(required=True)
    read_at = fields.DateTime(required=True, allow_none=True)


class NoticesSchema(Schema):
    """A page of notices, the newest first."""

    unread = fields.Integer(required=True, **said("How many you have not read, counted up to a hundred."))
    notices = fields.List(fields.Nested(NoticeSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class ReadBody(Body):
    """What was read."""

    up_to = Whole(
        required=True, validate=Between(1, HIGHEST), **said("The newest notice you have read: all older ones are, too.")
    )


def as_notice(notice: Notice) -> dict[str, Any]:
    """A notice as it is given."""
    given = {name: getattr(notice, name) for name in ("id", "kind", "created_at", "read_at")}
    place = {"text": sentence_of(notice.kind, notice.values), "url": address_of(notice.kind, notice.values)}
    return {**given, **place}
