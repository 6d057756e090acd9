"""Blocking, and the list of those blocked. Here and not in relations, which know nothing of handles."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Forbidden, NotFound
from app.core.web.identity import current_actor
from app.core.web.pages import go, link_for
from app.core.web.sessions import db
from app.features.introductions import services
from app.features.introductions.queries import list_blocks
from app.features.introductions.views import blueprint
from app.features.introductions.views.wording import (
    chosen_speaker,
    day,
    nameless,
    speaker_choices,
    speakers,
)
from app.features.profiles.models import INSTITUTION, PERSON, Profile
from app.features.profiles.queries.profiles import find_profile
from app.features.profiles.queries.visible import ProfileView, present
from app.features.profiles.views.cards import address_of, reading_languages, title_of


def _target(kind: str, handle: str) -> tuple[Profile, ProfileView]:
    session = db()
    profile = find_profile(session, handle)
    if profile is None or profile.kind != kind:
        raise NotFound
    view = present(session, current_actor(), profile, reading_languages())
    if view is None:
        raise NotFound
    return profile, view


def _question(kind: str, handle: str) -> ResponseReturnValue:
    _profile, view = _target(kind, handle)
    found = speakers(db())
    if not found:
        return go(link_for("profiles.edit_person") or "/")
    return render_template(
        "introductions/block.html", title=title_of(view), back=address_of(view), choices=speaker_choices(found)
    )


def _block(kind: str, handle: str) -> ResponseReturnValue:
    profile, view = _target(kind, handle)
    speaker = chosen_speaker(speakers(db()), request.form.get("speaker"))
    if speaker is None:
        raise Forbidden
    name = title_of(view)
    services.block_profile(db(), current_actor(), speaker.id, profile)
    flash(_("%(name)s is blocked. They are not told.", name=name), "ok")
    return go(url_for("introductions.blocks"))


@blueprint.get("/people/<handle>/block")
def ask_block_person(handle: str) -> ResponseReturnValue:
    """The question before a person is blocked."""
    return _question(PERSON, handle)


@blueprint.post("/people/<handle>/block")
def block_person(handle: str) -> ResponseReturnValue:
    """Block a person."""
    return _block(PERSON, handle)


@blueprint.get("/institutions/<handle>/block")
def ask_block_institution(handle: str) -> ResponseReturnValue:
    """The question before an institution is blocked."""
    return _question(INSTITUTION, handle)


@blueprint.post("/institutions/<handle>/block")
def block_institution(handle: str) -> ResponseReturnValue:
    """Block an institution."""
    return _block(INSTITUTION, handle)


@blueprint.get("/blocks")
def blocks() -> ResponseReturnValue:
    """Those one has blocked, for oneself and for institutions one speaks for."""
    session = db()
    found = {view.id: view for view in speakers(session)}
    rows = [
        {
            "line": {
                "name": row.name or nameless(row.country),
                "key": row.handle,
                "kind": row.kind,
                "when": _("Blocked on %(day)s", day=day(row.at)),
                "state": None if found[row.blocker_id].own else title_of(found[row.blocker_id]),
            },
            "handle": row.handle,
            "speaker": found[row.blocker_id].handle,
        }
        for row in list_blocks(session, current_actor(), list(found))
    ]
    return render_template("introductions/blocks.html", rows=rows)


@blueprint.post("/blocks/<handle>/lift")
def unblock(handle: str) -> ResponseReturnValue:
    """Lift a block."""
    session = db()
    speaker = chosen_speaker(speakers(session), request.form.get("speaker"))
    profile = find_profile(session, handle)
    if speaker is None or profile is None:
        raise NotFound
    services.unblock_profile(session, current_actor(), speaker.id, profile.id)
    flash(_("The block is lifted. You are not connected; say hello if you like."), "ok")
    return go(url_for("introductions.blocks"))
