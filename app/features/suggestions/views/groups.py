"""The list of communities and networks that suit somebody, each with why."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app.core.web.identity import current_actor
from app.core.web.pages import link_for
from app.core.web.sessions import db
from app.features.communities.models import Community, ExternalNetwork
from app.features.communities.views.finding import cards_of_communities
from app.features.communities.views.fit_words import reasons_of, say
from app.features.communities.views.networks import cards_of_networks
from app.features.suggestions.services.groups import Group, SuggestedGroup, SuggestedGroups, suggest_groups
from app.features.suggestions.views.asking import Asking, choices_of
from app.features.suggestions.views.gaps import gap_lines

SHOWN = 20


def _named(group: Group) -> dict[str, str]:
    network = isinstance(group, ExternalNetwork)
    endpoint = "communities.show_network" if network else "communities.show_community"
    return {"name": group.name, "lang": group.lang, "href": url_for(endpoint, slug=group.slug)}


def _not_href(one: SuggestedGroup, asking: Asking) -> str:
    values: dict[str, Any] = {"network" if one.fit.external else "community": one.group.slug}
    return url_for("suggestions.dismiss_group", **values, **asking.link)


def cards_of(found: SuggestedGroups, asking: Asking) -> list[dict[str, Any]]:
    """The cards of a list in its order; ``network``: of one that lives elsewhere."""
    communities = cards_of_communities([one.group for one in found.items if isinstance(one.group, Community)], set())
    networks = cards_of_networks([one.group for one in found.items if isinstance(one.group, ExternalNetwork)])

    def card(one: SuggestedGroup) -> dict[str, Any]:
        gap = next((say(gap.message) for gap in one.fit.gaps), None)
        cards = networks if one.fit.external else communities
        more = {"reasons": reasons_of(one.fit), "score": one.fit.score, "gap": gap, "not_href": _not_href(one, asking)}
        return {**cards[one.group.id], **more}

    return [card(one) for one in found.items]


def communities_page(
    asking: Asking, title: str, lead: str, tabs: list[dict[str, Any]], may_change: bool
) -> ResponseReturnValue:
    """The page of the kind "communities"."""
    found = suggest_groups(db(), current_actor(), asking.profile, SHOWN)
    number = found.hidden_by_language
    hidden = ngettext("%(num)s more in languages you don't read.", "%(num)s more in languages you don't read.", number)
    return render_template(
        "suggestions/communities.html",
        title=title,
        lead=lead,
        tabs=tabs,
        choices=choices_of(asking, "communities"),
        asking=asking,
        cards=cards_of(found, asking),
        aside_href=url_for("suggestions.aside_groups", **asking.link),
        total=found.total,
        gaps=gap_lines(asking, found.gaps, may_change, say, lambda gap: [_named(one) for one in found.whom(gap)]),
        hidden=hidden if number else None,
        hidden_href=url_for("communities.list_communities", subject=list(found.asking.subjects)),
        missing_href=link_for("communities.list_missing"),
        back=request.full_path.rstrip("?"),
    )
