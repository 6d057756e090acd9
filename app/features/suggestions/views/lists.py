"""The lists: a page a kind, and who could stand between two who share no language."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.errors import NotFound
from app.core.web.identity import current_actor
from app.core.web.pages import link_for
from app.core.web.sessions import after_response, db
from app.features.profiles.models import Profile
from app.features.profiles.policies import EDITOR, OWNER
from app.features.profiles.queries.delegates import find_role
from app.features.profiles.queries.profiles import get_profile
from app.features.profiles.queries.visible import present, present_many
from app.features.profiles.views.cards import address_of, card_of, reading_languages, title_of
from app.features.suggestions.services import Suggestions, details_of, note_shown, suggest
from app.features.suggestions.services.groups import COMMUNITIES
from app.features.suggestions.views import blueprint
from app.features.suggestions.views.asking import Asking, choices_of, who_asks
from app.features.suggestions.views.cards import suggested_card
from app.features.suggestions.views.gaps import gap_lines
from app.features.suggestions.views.groups import communities_page
from app.features.suggestions.wording import say
from app.matching.query import KINDS, Gap, Kind

SHOWN = 20


def _kinds() -> dict[str, tuple[str, str]]:
    return {
        "peers": (_("Peers"), _("Alike in subject and level, with a language you share.")),
        "collaborators": (
            _("Collaborators"),
            _("Across a border: first those who offer what you need and need what you offer."),
        ),
        "institutions": (_("Institutions"), _("Institutions close to what you do, with a language you share.")),
        "bridges": (
            _("Bridges"),
            _("People who speak with you and with those of your best matches whose languages you don't share."),
        ),
        COMMUNITIES: (
            _("Communities"),
            _("Communities here and networks elsewhere that are about what you do, in a language you work in."),
        ),
    }


def _asked_kind() -> Kind:
    kind = request.args.get("kind", "peers")
    return kind if kind in KINDS else "peers"


def _tabs(asking: Asking, here: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "href": url_for("suggestions.index", kind=code, **asking.link), "here": code == here}
        for code, (label, _lead) in _kinds().items()
    ]


def not_yet() -> ResponseReturnValue | None:
    """What to do first, for someone who cannot be suggested anybody yet."""
    actor = current_actor()
    if not actor.verified:
        return render_template("suggestions/not_yet.html", unverified=True, step=link_for("accounts.unverified"))
    if actor.person_id is None:
        return render_template("suggestions/not_yet.html", unverified=False, step=url_for("profiles.edit_person"))
    return None


def may_change(asking: Asking) -> bool:
    """Whether the reader may change the profile that asks: oneself, or as owner or editor of an institution."""
    if not asking.institution:
        return True
    return find_role(db(), current_actor(), asking.profile.id) in (OWNER, EDITOR)


def gaps_of(asking: Asking, found: Suggestions) -> list[dict[str, Any]]:
    """What would bring more and whom, each with the way to do it."""

    def whom(gap: Gap) -> list[dict[str, Any]]:
        return [{"name": one.name, "lang": one.name_lang, "href": address_of(one)} for one in found.whom(gap)]

    return gap_lines(asking, found.gaps, may_change(asking), say, whom)


def cards_of(found: Suggestions, asking: Asking) -> list[dict[str, Any]]:
    """The cards of a list, with their two actions."""
    return [
        suggested_card(
            item,
            found,
            hello_href=link_for("introductions.ask", handle=item.view.handle, **asking.link),
            not_href=url_for("suggestions.dismiss", handle=item.view.handle, kind=found.kind, **asking.link),
        )
        for item in found.items
    ]


def _note(found: Suggestions, profile: Profile) -> None:
    shown, kind, profile_id = [(item.view.id, item.match.score) for item in found.items], found.kind, profile.id
    details = details_of(found)
    after_response(lambda session: note_shown(session, profile_id, kind, shown, details))


def _hidden(found: Suggestions) -> str | None:
    if found.kind == "bridges" or not found.hidden_by_language:
        return None
    return ngettext(
        "%(num)s more in a language you don't share.",
        "%(num)s more in languages you don't share.",
        found.hidden_by_language,
    )


@blueprint.get("/suggestions")
def index() -> ResponseReturnValue:
    """Whom one could meet, a page a kind, each with reasons and with what would change the list."""
    first = not_yet()
    if first is not None:
        return first
    asking, kind = who_asks(), _asked_kind()
    if asking is None:
        raise NotFound
    kinds = _kinds()
    if request.args.get("kind") == COMMUNITIES:
        return communities_page(asking, *kinds[COMMUNITIES], _tabs(asking, COMMUNITIES), may_change(asking))
    found = suggest(db(), current_actor(), asking.profile, kind, SHOWN)
    _note(found, asking.profile)
    return render_template(
        "suggestions/index.html",
        kind=kind,
        title=kinds[kind][0],
        lead=kinds[kind][1],
        tabs=_tabs(asking, kind),
        choices=choices_of(asking, kind),
        asking=asking,
        cards=cards_of(found, asking),
        by_history=found.by_history,
        total=found.total,
        partial=found.partial,
        gaps=gaps_of(asking, found),
        hidden=_hidden(found),
        bridges_href=url_for("suggestions.index", kind="bridges", **asking.link),
        aside_href=url_for("suggestions.aside", **asking.link),
        back=request.full_path.rstrip("?"),
    )


@blueprint.get("/suggestions/bridges/<handle>")
def bridges(handle: str) -> ResponseReturnValue:
    """Who could stand between oneself and someone with whom one shares no language."""
    first = not_yet()
    if first is not None:
        return first
    asking, target = who_asks(), get_profile(db(), handle)
    if asking is None or target.id == asking.profile.id:
        raise NotFound
    view = present(db(), current_actor(), target, reading_languages())
    if view is None:
        raise NotFound
    found = suggest(db(), current_actor(), asking.profile, "bridges", SHOWN, target)
    _note(found, asking.profile)
    own = present_many(db(), current_actor(), [asking.profile.id], reading_languages())
    return render_template(
        "suggestions/bridges.html",
        name=title_of(view),
        name_lang=view.name_lang,
        address=address_of(view),
        target=card_of(view),
        own=card_of(own[0]) if own else None,
        cards=cards_of(found, asking),
        gaps=gaps_of(asking, found),
        partial=found.partial,
        asking=asking,
    )
