"""Who could introduce groups to each other: a community to others, those of one language to those of another."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Forbidden
from app.core.web.identity import current_actor
from app.core.web.pages import link_for
from app.core.web.sessions import db
from app.features.communities.models import Community
from app.features.communities.policies import Standing, can_coordinate
from app.features.communities.queries.between import (
    Between,
    ToCommunity,
    list_bridged_languages,
    list_language_pairs,
    list_to_communities,
)
from app.features.communities.queries.standing import get_standing
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.frame import render_in_community
from app.features.communities.views.summaries import domain_of
from app.features.profiles.queries.reading import primary
from app.features.profiles.views.cards import address_of, does_of, place_of, reading_languages, title_of
from app.features.vocabularies.queries import autonym

SHOWN, IN_PANEL = 20, 3
MOST_CHOICES = 24


def _line(one: Between, why: str) -> dict[str, Any]:
    """Somebody as a line; ``why`` they stand between."""
    view = one.view
    return {
        "name": title_of(view), "name_lang": view.name_lang, "href": address_of(view), "key": view.handle,
        "kind": view.kind, "about": " · ".join(part for part in (does_of(view), place_of(view)) if part), "when": why,
        "hello_href": link_for("introductions.ask", handle=view.handle),
    }  # fmt: skip


def _why_between_communities(one: Between) -> str:
    """In words, without numbers: whom somebody knows is told as little as it takes."""
    if one.role == "both":
        return _("Belongs to both communities.")
    if one.role == "one":
        return _("Belongs to one of the two and knows people of the other.")
    return _("Knows people of both communities.")


def entry_of(found: ToCommunity) -> dict[str, Any]:
    """Another community with those who could introduce it."""
    other: Community = found.community
    return {
        "name": other.name,
        "lang": other.lang,
        "href": url_for("communities.show_community", slug=other.slug),
        "domain": domain_of(other),
        "people": [_line(one, _why_between_communities(one)) for one in found.people],
    }


def entries_for(standing: Standing, limit: int) -> list[dict[str, Any]]:
    """The communities that somebody could introduce this one to."""
    found = list_to_communities(db(), standing.actor, standing.community, limit, reading_languages())
    return [entry_of(one) for one in found]


@blueprint.get("/communities/<slug>/between")
def show_introducers(slug: str) -> ResponseReturnValue:
    """For its coordinators: who could introduce a community to others."""
    standing = get_standing(db(), current_actor(), slug)
    if not can_coordinate(standing):
        raise Forbidden
    return render_in_community(
        standing, "communities/between/community.html", "overview", entries=entries_for(standing, SHOWN)
    )


def _asked_language(offered: list[str]) -> str | None:
    """The language asked for, else the reader's own best bridged one, else the most bridged."""
    asked = request.args.get("language", "")
    own = [primary(tag) for tag in current_actor().languages]
    return next((tag for tag in (asked, *own, *offered) if tag in offered), None)


@blueprint.get("/communities/between", endpoint="list_between")
def show_between_languages() -> ResponseReturnValue:
    """Who could introduce those who work in one language to those who work in another."""
    actor, session = current_actor(), db()
    offered = list_bridged_languages(session) if actor.verified else []
    here = _asked_language(offered)
    pairs = list_language_pairs(session, actor, here, SHOWN, reading_languages()) if here else []
    why = _("Works in both languages and knows people on either side.")
    return render_template(
        "communities/between/languages.html",
        language={"tag": here, "name": autonym(here)} if here else None,
        choices=[
            {"tag": tag, "name": autonym(tag), "here": tag == here,
             "href": url_for("communities.list_between", language=tag)}
            for tag in offered[:MOST_CHOICES]
        ],
        pairs=[
            {
                "tag": pair.other,
                "name": autonym(pair.other),
                "people": [_line(one, why) for one in pair.people],
            }
            for pair in pairs
        ],
    )  # fmt: skip
