"""What somebody was told: the list, the way from a line to its page, and all of it read."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta

from app.core.clock import now
from app.core.web.identity import current_actor
from app.core.web.pages import go
from app.core.web.sessions import after_response, db
from app.features.notifications.queries import get_notice, list_notices
from app.features.notifications.services import mark_all_read, mark_read
from app.features.notifications.views.blueprint import blueprint
from app.features.notifications.views.words import address_of, marked_sentence_of


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


@blueprint.get("/notices")
def index() -> ResponseReturnValue:
    """What is new for somebody, the newest first."""
    actor, before = current_actor(), _number(request.args.get("before"))
    moment = now()
    page = list_notices(db(), actor.person_id, before) if actor.person_id is not None else None
    rows = [
        {
            "sentence": marked_sentence_of(notice.kind, notice.values),
            "href": url_for("notifications.open_notice", notice_id=notice.id),
            "leads": address_of(notice.kind, notice.values) is not None,
            "new": notice.read_at is None,
            "at": notice.created_at,
            "when": format_timedelta(notice.created_at - moment, add_direction=True),
        }
        for notice in (page.notices if page is not None else [])
    ]
    return render_template(
        "notifications/index.html",
        rows=rows,
        newest=page.notices[0].id if page is not None and page.notices else None,
        any_new=any(row["new"] for row in rows),
        older=url_for("notifications.index", before=page.older) if page is not None and page.older else None,
        first=url_for("notifications.index") if before is not None else None,
    )


@blueprint.get("/notices/<int:notice_id>")
def open_notice(notice_id: int) -> ResponseReturnValue:
    """Go where a notice leads; it is read then."""
    actor = current_actor()
    notice = get_notice(db(), actor.person_id, notice_id)
    person_id, number = notice.person_id, notice.id
    after_response(lambda session: mark_read(session, person_id, number))
    return go(address_of(notice.kind, notice.values) or url_for("notifications.index"))


@blueprint.post("/notices/read")
def read_all() -> ResponseReturnValue:
    """Note that somebody has seen all that stood on the page."""
    actor, newest = current_actor(), _number(request.form.get("newest"))
    if actor.person_id is not None and newest is not None:
        mark_all_read(db(), actor.person_id, newest)
    return go(url_for("notifications.index"))
