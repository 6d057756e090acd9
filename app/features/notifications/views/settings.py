"""How somebody wants to hear of things."""

from __future__ import annotations

from datetime import time
from typing import Any

from babel.dates import get_day_names
from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_time, get_locale
from flask_babel import gettext as _

from app.core.errors import Invalid
from app.core.web.identity import current_actor
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.communities.queries import list_communities_of
from app.features.notifications.forms import LEVELS, SettingsForm
from app.features.notifications.models import EVERYTHING
from app.features.notifications.queries import find_settings, list_levels
from app.features.notifications.services import choose_level, save_settings
from app.features.notifications.views.blueprint import blueprint


def _offer(form: SettingsForm) -> None:
    names = get_day_names("wide", "stand-alone", locale=get_locale() or "en")
    form.weekday.choices = [(day, names[day]) for day in range(7)]
    form.hour.choices = [(hour, format_time(time(hour), "short", rebase=False)) for hour in range(24)]


def _communities() -> list[dict[str, Any]]:
    """The reader's communities with what they chose, or just typed."""
    actor = current_actor()
    if actor.person_id is None:
        return []
    levels = list_levels(db(), actor.person_id)
    return [
        {
            "id": community.id,
            "name": community.name,
            "lang": community.lang,
            "level": request.form.get(f"level-{community.id}") or levels.get(community.id, EVERYTHING),
        }
        for community, _member in list_communities_of(db(), actor.person_id)
    ]


def _page(form: SettingsForm, status: int = 200) -> ResponseReturnValue:
    _offer(form)
    timezone = (current_actor().timezone or "").replace("_", " ")
    html = render_template(
        "notifications/settings.html", form=form, communities=_communities(), levels=LEVELS, timezone=timezone
    )
    return html, status


@blueprint.get("/notices/settings")
def show_settings() -> ResponseReturnValue:
    """How it is set now."""
    actor = current_actor()
    form = SettingsForm(formdata=None)
    if actor.person_id is not None:
        wanted = find_settings(db(), actor.person_id)
        form.digest.data, form.weekday.data = wanted.digest, wanted.weekday
        form.hour.data, form.direct.data = wanted.hour, wanted.direct
        form.reminders.data = wanted.reminders
    return _page(form)


@blueprint.post("/notices/settings")
def save() -> ResponseReturnValue:
    """Set it."""
    actor, form = current_actor(), SettingsForm()
    if not form.validate():
        return _page(form, 422)
    levels = {
        int(name.removeprefix("level-")): value
        for name, value in request.form.items()
        if name.startswith("level-") and name[6:].isascii() and name[6:].isdigit() and len(name) < 25
    }
    try:
        weekday = form.weekday.data if form.weekday.data is not None else -1
        hour = form.hour.data if form.hour.data is not None else -1
        save_settings(db(), actor, form.digest.data or "", weekday, hour, bool(form.direct.data), form.reminders.data)
        choose_level(db(), actor, levels)
    except Invalid as problem:
        form.show(problem)
        return _page(form, 422)
    flash(_("Saved."), "ok")
    return go(url_for("notifications.show_settings"))
