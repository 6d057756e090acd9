"""Ending mails by a link in them, without signing in: a page asks, a POST does it, also one of a mail program."""

from __future__ import annotations

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from app.core.errors import NotFound
from app.core.messages import N_
from app.core.settings import Settings
from app.core.web.sessions import db
from app.features.notifications.services import stop_mails
from app.features.notifications.views.blueprint import blueprint
from app.features.notifications.words import DIGEST, DIRECT, REMINDING, read_stop_word
from app.features.profiles.models import Person

_KINDS = {DIGEST: "digest", DIRECT: "direct", REMINDING: "reminders"}


def _read(word: str) -> tuple[int, int]:
    settings: Settings = current_app.extensions["settings"]
    found = read_stop_word(settings.secret_key, word)
    if found is None or db().get(Person, found[0]) is None:
        raise NotFound(N_("This link is not complete. You can set what we mail you on your own pages."))
    return found


@blueprint.get("/notices/stop/<word>")
def ask_stop(word: str) -> ResponseReturnValue:
    """Ask whether the mails should end."""
    _person, what = _read(word)
    return render_template("notifications/stop.html", kind=_KINDS[what], word=word, done=False)


@blueprint.post("/notices/stop/<word>")
def stop(word: str) -> ResponseReturnValue:
    """End them. Mail programs send this by themselves (RFC 8058), so it needs no page before it."""
    person_id, what = _read(word)
    stop_mails(db(), person_id, what)
    return render_template("notifications/stop.html", kind=_KINDS[what], word=word, done=True)
