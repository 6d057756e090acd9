"""Resources as lists show them: in words the reader reads, with what may be done with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.markdown import plain_of
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.sessions import db
from app.features.profiles.queries.reading import primary
from app.features.profiles.views.cards import reading_languages, word
from app.features.renditions.queries import Shown, list_best
from app.features.resources import wording
from app.features.resources.formats import sum_up
from app.features.resources.licences import LICENCES, name_of
from app.features.resources.models import DEAD, LANGUAGE, LEVEL, SUBJECT, Resource
from app.features.resources.queries.reviews import Opinion, list_opinions
from app.features.resources.queries.seeing import names_of_communities
from app.features.vocabularies.queries import autonym

EXCERPT = 220


def shown_of(resources: Iterable[Resource]) -> dict[int, Shown]:
    """For those whose words the reader does not read, the best translations there are."""
    rows = list(resources)
    langs, versions = {row.id: row.lang for row in rows}, {row.id: row.version for row in rows}
    return list_best(db(), current_actor(), "resource", langs, versions, reading_languages())


def titled(resource: Resource, shown: Shown | None) -> dict[str, str]:
    """The title that the reader gets, and the language it is in."""
    text = shown.text("title") if shown else None
    lang = shown.lang if shown and text else resource.lang
    return {"title": text or resource.title, "lang": lang}


def opinion_words(opinion: Opinion | None) -> list[str]:
    """What peers say together, in words; how many they are while it is too early for more."""
    if opinion is None:
        return []
    number = ngettext("%(num)s review by a peer", "%(num)s reviews by peers", opinion.number)
    averages = wording.average_words(opinion)
    said = [
        _("%(criterion)s: %(answer)s", criterion=_(wording.CRITERIA[name]), answer=_(answer))
        for name, answer in averages.items()
    ]
    return [number, *said]


def language_chips(resource: Resource) -> list[dict[str, Any]]:
    """The languages of a resource in their own names, those the reader reads filled."""
    reads = {primary(tag) for tag in reading_languages()}
    return [
        {"tag": tag, "name": autonym(tag), "level": None, "shared": primary(tag) in reads, "teaches": False}
        for tag in resource.codes(LANGUAGE)
    ]


def row_of(resource: Resource, shown: Shown | None, opinion: Opinion | None = None, **more: Any) -> dict[str, Any]:
    """One resource of a list."""
    text = (shown.text("description") if shown else None) or resource.description
    licence = LICENCES.get(resource.licence)
    summary = sum_up(resource.formats)
    return {
        **titled(resource, shown),
        "href": url_for("resources.show_resource", resource_id=resource.id),
        "type": _(wording.TYPES.get(resource.type, wording.TYPES["other"])),
        "subjects": [word("subject", code) for code in resource.codes(SUBJECT)[:3]],
        "levels": [word("level", code) for code in resource.codes(LEVEL)[:3]],
        "languages": language_chips(resource),
        "licence": translate(name_of(resource.licence)),
        "open": licence is not None and licence.open,
        "excerpt": plain_of(text, EXCERPT) if text else "",
        "excerpt_lang": shown.lang if shown and shown.text("description") else resource.lang,
        "shown": shown,
        "opinion": opinion_words(opinion),
        "dead": resource.link_failed_since if resource.link_state == DEAD else None,
        "edited": resource.edited_at,
        "editable": summary.editable == "yes" if summary else False,
        "printable": summary.printable == "yes" if summary else False,
        "sample": resource.sample,
        **more,
    }


def rows_of(resources: Sequence[Resource], with_community: bool = False) -> list[dict[str, Any]]:
    """A list of resources in a fixed number of queries."""
    session = db()
    shown, opinions = shown_of(resources), list_opinions(session, [row.id for row in resources])
    ids = {row.community_id for row in resources if row.community_id is not None} if with_community else set()
    communities = names_of_communities(session, ids)
    rows = []
    for resource in resources:
        community = communities.get(resource.community_id or 0)
        place = {"name": community.name, "lang": community.lang, "slug": community.slug} if community else None
        rows.append(row_of(resource, shown.get(resource.id), opinions.get(resource.id), community=place))
    return rows
