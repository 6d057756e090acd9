"""The list of connections."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import NotFound
from app.core.web.identity import current_actor
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.introductions import services
from app.features.introductions.queries import ConnectionRow, list_connections
from app.features.introductions.views import blueprint
from app.features.introductions.views.wording import chosen_speaker, day, line_of, speakers, views_by_id
from app.features.profiles.queries.profiles import find_profile
from app.features.profiles.queries.visible import ProfileView, present
from app.features.profiles.views.cards import reading_languages, title_of
from app.features.threads.queries import count_unread, find_thread_ids


def _line(
    row: ConnectionRow, views: dict[int, ProfileView], home: str | None, threads: dict[int, int], unread: dict[int, int]
) -> dict[str, Any]:
    view = views.get(row.other_id)
    thread = threads.get(row.other_id)
    news = unread.get(thread or 0, 0)
    crosses = bool(view and home and view.country and view.country != home)
    return {
        "line": line_of(
            view,
            when=_("Connected since %(day)s", day=day(row.since)),
            crosses=_("Across a border") if crosses else None,
        ),
        "thread": url_for("threads.show", thread_id=thread) if thread else None,
        "unread": news,
        "handle": view.handle if view else None,
    }


def _address(speaker: ProfileView, after: str | None = None) -> str:
    """The list of connections of a side."""
    values: dict[str, Any] = {"as": None if speaker.own else speaker.handle, "after": after}
    return url_for("introductions.connections", **values)


@blueprint.get("/connections")
def connections() -> ResponseReturnValue:
    """Connections, the newest first: one's own, or with ``as`` those of an institution one speaks for."""
    session, actor = db(), current_actor()
    found = speakers(session)
    speaker = chosen_speaker(found, request.args.get("as"))
    if speaker is None and request.args.get("as"):
        raise NotFound
    rows, more = list_connections(session, speaker.id, request.args.get("after")) if speaker else ([], None)
    ids = [row.other_id for row in rows]
    views = views_by_id(session, ids)
    threads = find_thread_ids(session, speaker.id, ids) if speaker else {}
    unread = count_unread(session, actor.person_id or 0, list(threads.values()))
    handle = speaker.handle if speaker and not speaker.own else None
    return render_template(
        "introductions/connections.html",
        speaker=speaker,
        tabs=[
            {
                "label": _("Yours") if view.own else title_of(view),
                "href": _address(view),
                "here": speaker is not None and view.id == speaker.id,
            }
            for view in found
        ],
        rows=[_line(row, views, speaker.country if speaker else None, threads, unread) for row in rows],
        next=_address(speaker, more) if speaker and more else None,
        as_handle=handle,
    )


def _pair(handle: str) -> tuple[ProfileView, ProfileView]:
    """The side the reader speaks for (``as``) and the connected profile of that handle."""
    session = db()
    speaker = chosen_speaker(speakers(session), request.values.get("as"))
    other = find_profile(session, handle)
    view = present(session, current_actor(), other, reading_languages()) if other is not None else None
    if speaker is None or view is None:
        raise NotFound
    return speaker, view


@blueprint.post("/connections/<handle>/talk")
def begin_talk(handle: str) -> ResponseReturnValue:
    """Go to the thread of a connection that has none yet."""
    speaker, view = _pair(handle)
    thread = services.begin_talk(db(), current_actor(), speaker.id, view.id)
    return go(url_for("threads.show", thread_id=thread.id))


@blueprint.get("/connections/<handle>/end")
def ask_end(handle: str) -> ResponseReturnValue:
    """The question before a connection ends."""
    speaker, view = _pair(handle)
    return render_template(
        "introductions/end.html", name=title_of(view), handle=handle, as_handle="" if speaker.own else speaker.handle
    )


@blueprint.post("/connections/<handle>/end")
def end(handle: str) -> ResponseReturnValue:
    """End a connection; what was written stays readable."""
    speaker, view = _pair(handle)
    services.end_connection(db(), current_actor(), speaker.id, view.id)
    flash(_("The connection has ended. What you wrote to each other can still be read."), "ok")
    return go(_address(speaker))
