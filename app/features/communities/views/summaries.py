"""A community as its card shows it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.web.i18n import side_by_side
from app.core.web.identity import current_actor
from app.features.communities.models import CLOSED, DORMANT, INVITATION, REQUEST, Community
from app.features.communities.starting import BY_CODE
from app.features.profiles.queries.reading import primary
from app.features.profiles.views.cards import word
from app.features.renditions.queries.best import Shown
from app.features.vocabularies.queries import autonym


def state_word(community: Community) -> str | None:
    """A word on a community that is not simply alive."""
    if community.state == CLOSED:
        return _("Closed")
    return _("Quiet for now") if community.state == DORMANT else None


def members_words(count: int) -> str:
    """How many belong to it."""
    return ngettext("%(num)s member", "%(num)s members", count)


def languages_of(community: Community) -> list[dict[str, Any]]:
    """The languages of a community as chips, those the reader knows filled."""
    known = {primary(tag) for tag in current_actor().languages}
    tags = community.codes("language") or (community.lang,)
    chips = [{"tag": tag, "name": autonym(tag), "shared": primary(tag) in known} for tag in tags]
    return sorted(chips, key=lambda chip: not chip["shared"])


def domain_of(community: Community) -> str:
    """In one line what it is for: subjects, levels, places."""
    groups = (
        [word("subject", code) for code in community.codes("subject")[:3]],
        [word("level", code) for code in community.codes("level")[:2]],
        [word("place", code) for code in community.codes("place")[:2]],
    )
    said = " · ".join(side_by_side(words) for words in groups if words)
    return said or (_(BY_CODE[community.template].title) if community.template in BY_CODE else "")


def summary_of_community(
    community: Community, shown: Mapping[int, Shown], joined: Collection[int] = (), **more: Any
) -> dict[str, Any]:
    """The values of `templates/communities/card.html`; ``shown``: its words in a language the reader reads."""
    best = shown.get(community.id)
    marks = [state_word(community), _("You are a member") if community.id in joined else None]
    if community.id not in joined:
        marks.append({INVITATION: _("By invitation"), REQUEST: _("On request")}.get(community.joining))
    return {
        "id": community.id,
        "href": url_for("communities.show_community", slug=community.slug),
        "key": community.slug,
        "name": (best.text("name") if best else None) or community.name,
        "name_lang": best.lang if best and best.text("name") else community.lang,
        "summary": (best.text("summary") if best else None) or community.summary,
        "summary_lang": best.lang if best and best.text("summary") else community.lang,
        "shown": best,
        "domain": domain_of(community),
        "members": members_words(community.member_count),
        "marks": [mark for mark in (*marks, _("Sample") if community.sample else None) if mark],
        "languages": languages_of(community),
        **more,
    }
