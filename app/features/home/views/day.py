"""The first page of someone signed in: their day. Who waits for an answer, whom they could meet, what is missing."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.clock import now
from app.core.web.identity import current_actor
from app.core.web.pages import link_for, load_panels
from app.core.web.sessions import after_response, db
from app.features.home.views import blueprint
from app.features.home.views.first import show_first
from app.features.profiles.models import Person
from app.features.profiles.queries.profiles import find_own_person
from app.features.suggestions.services import details_of, note_shown, suggest
from app.features.suggestions.services.keeping import BeingPrepared
from app.features.suggestions.views.asking import Asking
from app.features.suggestions.views.lists import cards_of

SHOWN = 4
# After so many days without a word, one is asked whether everything is still true.
STALE_DAYS = 180


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The first page: for a guest the first answers, for someone signed in their day."""
    actor = current_actor()
    if not actor.signed_in:
        return show_first()
    person = find_own_person(db(), actor)
    cards, partial = _suggestions(person)
    return render_template(
        "home/day.html",
        name=actor.name,
        person=person,
        steps=_steps(person),
        stale=person is not None and _is_stale(person),
        cards=cards,
        partial=partial,
        panels=load_panels("home", person),
    )


def _is_stale(person: Person) -> bool:
    return (now() - person.confirmed_at).days > STALE_DAYS


def _steps(person: Person | None) -> list[dict[str, str]]:
    """What is still missing, each with where it is done; the most helpful first."""
    actor, steps = current_actor(), []
    if not actor.verified:
        steps.append((_("Confirm your mail address"), link_for("accounts.unverified")))
    if person is None:
        steps.append((_("Make your profile, so that others can find you"), url_for("profiles.edit_person")))
    else:
        missing = (
            (not person.subjects, _("Say what you teach"), "teaching"),
            (not person.levels, _("Say at which level you work"), "teaching"),
            (not person.languages, _("Say which languages you speak, and how well"), "languages"),
            (not person.country, _("Say where you are"), "place"),
            (
                bool(person.country) and not person.timezone,
                _("Say your time zone, so that times are those of your clock"),
                "place",
            ),
            (not person.activities, _("Say what you offer and what you need"), "exchange"),
            (not person.texts, _("Write a few words about yourself"), "texts"),
            (person.monthly_contacts is None, _("Say how many new contacts a month you welcome"), "contacts"),
        )
        steps += [
            (words, url_for("profiles.edit_section", section=section)) for lacks, words, section in missing if lacks
        ]
    return [{"label": words, "href": href} for words, href in steps if href]


def _suggestions(person: Person | None) -> tuple[list[dict[str, Any]], bool]:
    """The best few peers of today, and whether a part of the network could not be asked for them."""
    if person is None or not current_actor().verified:
        return [], False
    try:
        found = suggest(db(), current_actor(), person, "peers", SHOWN, named=False)
    except BeingPrepared:
        return [], False
    shown, profile_id = [(item.view.id, item.match.score) for item in found.items], person.id
    details = details_of(found)
    after_response(lambda session: note_shown(session, profile_id, "home", shown, details))
    return cards_of(found, Asking(person)), found.partial
