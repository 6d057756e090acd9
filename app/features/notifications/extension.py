"""Joins notices to the application: their number on every page, their words in mails, read by being on their page."""

from __future__ import annotations

from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFProtect

from app.core.notices import notice_kinds
from app.core.web.identity import current_actor
from app.core.web.sessions import after_response, db
from app.features.notifications.queries import count_unread
from app.features.notifications.services import mark_seen
from app.features.notifications.views.stopping import stop
from app.features.notifications.views.words import address_of, reason_of, sentence_of


def unread_notices() -> int:
    """How many notices the reader has not read; asked once for a page."""
    person_id = current_actor().person_id
    if person_id is None or g.get("mail"):
        return 0
    if "unread_notices" not in g:
        g.unread_notices = count_unread(db(), person_id)
    return int(g.unread_notices)


def _note_seen(response: Response) -> Response:
    """Whoever has a page before them has read the notices that lead there."""
    unread, endpoint, place = g.get("unread_notices"), request.endpoint, dict(request.view_args or {})
    person_id = current_actor().person_id if unread else None
    if unread and person_id is not None and endpoint and request.method == "GET" and response.status_code == 200:
        number, name = person_id, endpoint
        if any(kind.endpoint == name for kind in notice_kinds()):
            after_response(lambda session: mark_seen(session, number, name, place))
    return response


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Give the templates their globals, and let mail programs end mails with one POST."""
    app.jinja_env.globals.update(
        unread_notices=unread_notices, notice_sentence=sentence_of, notice_address=address_of, reason_sentence=reason_of
    )
    app.after_request(_note_seen)
    csrf.exempt(stop)
