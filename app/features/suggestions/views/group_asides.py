"""Putting a community or a network aside, looking at those that were, and taking that back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import NotFound
from app.core.web.identity import current_actor
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.communities.models import Community, ExternalNetwork
from app.features.communities.queries.suiting import list_asides
from app.features.communities.views.finding import cards_of_communities
from app.features.suggestions.forms import DismissGroupForm
from app.features.suggestions.models import GROUP_REASONS
from app.features.suggestions.queries.marks import read_place, write_place
from app.features.suggestions.services.dismissing import check_asking
from app.features.suggestions.services.group_asides import (
    COMMUNITY,
    NETWORK,
    dismiss_group,
    get_group,
    restore_group,
)
from app.features.suggestions.services.groups import COMMUNITIES, Group
from app.features.suggestions.views import blueprint
from app.features.suggestions.views.asides import PAGE, ask_why, asking_one
from app.features.suggestions.views.asking import Asking


def kind_of(group: Group) -> str:
    """The word by which addresses and answers tell the two apart."""
    return NETWORK if isinstance(group, ExternalNetwork) else COMMUNITY


def _asked() -> Group:
    """The group that the address or the form names."""
    kind = NETWORK if request.values.get(NETWORK) else COMMUNITY
    return get_group(db(), current_actor(), kind, request.values.get(kind, ""))


def _names(groups: Sequence[Group]) -> list[tuple[str, str]]:
    """The name of each group and its language, as on the cards: translated where there is a translation."""
    cards = cards_of_communities([group for group in groups if isinstance(group, Community)], set())
    named = {key: (card["name"], card["name_lang"]) for key, card in cards.items()}
    return [named[group.id] if isinstance(group, Community) else (group.name, group.lang) for group in groups]


def _list_address(asking: Asking) -> str:
    return url_for("suggestions.index", kind=COMMUNITIES, **asking.link)


@blueprint.route("/suggestions/communities/dismiss", methods=["GET", "POST"], endpoint="dismiss_group")
def dismiss() -> ResponseReturnValue:
    """Not for me, because …: the question as a page, and the answer."""
    asking, group = asking_one(), _asked()
    [(name, name_lang)] = _names([group])
    return ask_why(
        DismissGroupForm(),
        lambda reason: dismiss_group(db(), current_actor(), asking.profile, group, reason),
        done=_("Put aside. It is not suggested to you any more."),
        name=name,
        name_lang=name_lang,
        fields={kind_of(group): group.slug, **asking.link},
        action=url_for("suggestions.dismiss_group"),
        promise=_("It will not be suggested to you again, and nobody there is told. You can change your mind later."),
        back=_list_address(asking),
    )


def _line(group: Group, name: tuple[str, str], reason: str) -> dict[str, Any]:
    kind = kind_of(group)
    endpoint = "communities.show_network" if kind == NETWORK else "communities.show_community"
    return {
        "fields": {kind: group.slug},
        "name": name[0],
        "name_lang": name[1],
        "key": group.slug,
        "kind": "institution",
        "href": url_for(endpoint, slug=group.slug),
        "about": _("A network elsewhere") if kind == NETWORK else _("A community here"),
        "state": _(GROUP_REASONS.get(reason, GROUP_REASONS["other"])),
    }


@blueprint.get("/suggestions/communities/aside", endpoint="aside_groups")
def aside() -> ResponseReturnValue:
    """The communities and networks that were put aside, the latest first, with the way back."""
    asking = asking_one()
    check_asking(db(), current_actor(), asking.profile)
    rows, after = list_asides(db(), asking.profile.id, read_place(request.args.get("after", "")), PAGE)
    names = _names([row.group for row in rows])
    return render_template(
        "suggestions/aside.html",
        groups=True,
        lines=[_line(row.group, name, row.reason) for row, name in zip(rows, names, strict=True)],
        action=url_for("suggestions.restore_group"),
        asking=asking,
        back=_list_address(asking),
        next=url_for("suggestions.aside_groups", after=write_place(after), **asking.link) if after else None,
    )


@blueprint.post("/suggestions/communities/restore", endpoint="restore_group")
def restore() -> ResponseReturnValue:
    """Let a community or a network be suggested again."""
    asking = asking_one()
    try:
        restore_group(db(), current_actor(), asking.profile, _asked())
    except NotFound:
        # It is gone, or out of sight: there is nothing left to take back.
        return go(url_for("suggestions.aside_groups", **asking.link))
    flash(_("It may be suggested again."), "ok")
    return go(url_for("suggestions.aside_groups", **asking.link))
