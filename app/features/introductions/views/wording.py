"""What the pages of introductions say, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.core.messages import Text
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.features.introductions.forms import REASONS
from app.features.introductions.models import ACCEPTED, DECLINED, EXPIRED, PENDING, WITHDRAWN
from app.features.profiles.queries.visible import ProfileView, present_many
from app.features.profiles.views.cards import address_of, does_of, place_of, reading_languages, title_of, word
from app.features.threads.queries import list_institution_ids


def say(text: Text) -> str:
    """A message with its dates written as the reader writes them."""
    values = {k: format_date(v, "long") if isinstance(v, date) else v for k, v in text.values.items()}
    return translate(Text(text.key, values))


def day(moment: datetime) -> str:
    """A day as the reader writes it."""
    return str(format_date(moment, "long"))


def nameless(country: str | None) -> str:
    """How somebody is called whose name is not open to the reader."""
    return _("A teacher in %(country)s", country=word("country", country)) if country else _("A teacher")


def state_label(state: str) -> str:
    """The state of an introduction in a word or two."""
    words = {
        PENDING: _("Waiting"),
        ACCEPTED: _("Connected"),
        DECLINED: _("Declined"),
        EXPIRED: _("No answer in time"),
        WITHDRAWN: _("Taken back"),
    }
    return words.get(state, state)


def reason_label(reason: str | None) -> str:
    """The reason of a no."""
    return str(REASONS[reason]) if reason in REASONS else ""


def views_by_id(session: Session, ids: Iterable[int | None]) -> dict[int, ProfileView]:
    """What the reader may see of these profiles, by number, in a fixed number of queries."""
    wanted = sorted({i for i in ids if i is not None})
    return {view.id: view for view in present_many(session, current_actor(), wanted, reading_languages())}


def line_of(view: ProfileView | None, **more: Any) -> dict[str, Any]:
    """The values of `components/line.html` for a profile, or for one that is not there any more."""
    if view is None:
        return {"name": _("Someone who is not here now"), "key": "", "kind": "person", **more}
    about = " · ".join(part for part in (does_of(view), place_of(view)) if part)
    line = {
        "name": title_of(view),
        "name_lang": view.name_lang,
        "href": address_of(view),
        "key": view.handle,
        "kind": view.kind,
        "about": about,
    }
    return {**line, **more}


def speakers(session: Session) -> list[ProfileView]:
    """The profiles the reader may speak for: their own first."""
    actor = current_actor()
    if actor.person_id is None:
        return []
    views = views_by_id(session, [actor.person_id, *list_institution_ids(session, actor)])
    return sorted(views.values(), key=lambda view: (not view.own, view.id))


def speaker_choices(found: list[ProfileView]) -> list[tuple[str, str]]:
    """The choices of the field that asks for whom somebody speaks."""
    return [(view.handle, _("Myself, %(name)s", name=title_of(view)) if view.own else title_of(view)) for view in found]


def chosen_speaker(found: list[ProfileView], handle: str | None) -> ProfileView | None:
    """The profile of that handle among those one may speak for; without one, one's own; None if not theirs."""
    if not handle:
        return found[0] if found else None
    return next((view for view in found if view.handle == handle), None)
