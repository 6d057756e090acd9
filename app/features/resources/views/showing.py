"""The page of a resource, and the same for programs."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, json, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.markdown import render_markdown
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.sessions import db
from app.features.communities.policies import can_write
from app.features.communities.queries import list_communities_of
from app.features.profiles.views.cards import word
from app.features.renditions.queries import list_languages
from app.features.resources import wording
from app.features.resources.formats import judge, sum_up
from app.features.resources.licences import LICENCES, allows, name_of, problems_of
from app.features.resources.lrmi import write_record
from app.features.resources.lrmi.writing import CONTEXT
from app.features.resources.models import CRITERIA, DEAD, LEVEL, SUBJECT, Resource, Review
from app.features.resources.policies import Seen, can_edit, can_review, is_open_to_all
from app.features.resources.queries.lineage import Branch, Lineage, get_lineage
from app.features.resources.queries.practice import list_notes_about
from app.features.resources.queries.reading import values_of
from app.features.resources.queries.reviews import find_review, list_opinions, list_reviews
from app.features.resources.queries.seeing import get_resource
from app.features.resources.queries.translations import Translations, list_translations
from app.features.resources.views.blueprint import blueprint
from app.features.resources.views.pages import people, trail_of
from app.features.resources.views.rows import language_chips, opinion_words, shown_of, titled
from app.features.threads.rendering import plain_with_links

JSONLD = "application/ld+json"


def base_url() -> str:
    """The address of this site as others know it."""
    base: str = current_app.extensions["settings"].base_url
    return base


def page_address(resource_id: int) -> str:
    """The full address of a resource's page."""
    return base_url() + url_for("resources.show_resource", resource_id=resource_id)


def record_of(resource: Resource, also: Translations) -> dict[str, Any]:
    """A resource as LRMI, with its page here and its dates."""
    dates = {"dateCreated": resource.created_at.isoformat(), "dateModified": resource.changed_at.isoformat()}
    return write_record(values_of(resource), page_address(resource.id), dates, also)


def json_ld(document: dict[str, Any]) -> Response:
    """A document of JSON-LD, to be read by anyone."""
    response = Response(json.dumps(document, ensure_ascii=False, indent=1), mimetype=JSONLD)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.add("Cookie")
    return response


def _branches(branches: tuple[Branch, ...], titles: dict[int, dict[str, str]]) -> list[dict[str, Any]]:
    shown = []
    for branch in branches:
        resource = branch.resource
        shown.append(
            {
                "relation": _(wording.RELATIONS[branch.relation]),
                "crosses": branch.relation == "translation",
                "href": url_for("resources.show_resource", resource_id=resource.id) if resource else branch.url,
                "title": titles[resource.id]["title"] if resource else branch.url,
                "lang": titles[resource.id]["lang"] if resource else None,
                "outside": resource is None,
                "licence": translate(name_of(branch.licence)) if branch.licence else None,
                "branches": _branches(branch.branches, titles),
            }
        )
    return shown


def _resources_in(branches: tuple[Branch, ...]) -> list[Resource]:
    found = []
    for branch in branches:
        found += [branch.resource] if branch.resource else []
        found += _resources_in(branch.branches)
    return found


def _lineage_words(seen: Seen, lineage: Lineage) -> dict[str, Any]:
    others = {row.id: row for row in _resources_in((*lineage.sources, *lineage.made))}
    shown = shown_of(others.values())
    titles = {number: titled(row, shown.get(number)) for number, row in others.items()}
    problems = problems_of(lineage.licences, seen.resource.licence)
    return {
        "sources": _branches(lineage.sources, titles),
        "made": _branches(lineage.made, titles),
        "problems": [translate(problem) for problem in problems],
    }


def _format_rows(resource: Resource) -> dict[str, Any] | None:
    summary = sum_up(resource.formats)
    if summary is None:
        return None
    rows = []
    for media in resource.formats:
        verdict = judge(media)
        rows.append(
            (
                _(verdict.name),
                _(wording.EDITABLE[verdict.editable]),
                _(wording.PRINTABLE[verdict.printable]),
                translate(verdict.needs),
            )
        )
    return {"words": [translate(text) for text in summary.words], "rows": rows}


def _review_rows(reviews: list[Review], names: dict[int, dict[str, str | None]]) -> list[dict[str, Any]]:
    actor = current_actor()
    shown = []
    for review in reviews:
        place = [word("country", review.country)] if review.country else []
        place += [word("language", review.language)] if review.language else []
        answers = [(_(wording.CRITERIA[name]), _(wording.ANSWERS[getattr(review, name)])) for name in CRITERIA]
        shown.append(
            {
                "id": review.id,
                "answers": answers,
                "place": place,
                "text": plain_with_links(review.text) if review.text else None,
                "lang": review.lang,
                "by": names.get(review.person_id or 0),
                "own": review.person_id is not None and review.person_id == actor.person_id,
                "at": review.edited_at or review.created_at,
            }
        )
    return shown


def _notes(resource: Resource, communities: list[int]) -> list[dict[str, Any]]:
    return [
        {
            "title": note.title,
            "lang": note.lang,
            "href": url_for("resources.show_practice", slug=community.slug, note_id=note.id),
            "community": community.name,
            "community_lang": community.lang,
            "place": word("country", note.country) if note.country else None,
            "again": _(wording.AGAIN_LONG[note.again]),
        }
        for note, community in list_notes_about(db(), resource.id, communities)
    ]


def _facts(resource: Resource) -> list[tuple[str, str]]:
    joined = " · ".join
    return [
        (_("What it is"), _(wording.TYPES.get(resource.type, wording.TYPES["other"]))),
        (_("Subjects"), joined(word("subject", code) for code in resource.codes(SUBJECT))),
        (_("Levels"), joined(word("level", code) for code in resource.codes(LEVEL))),
        (_("For"), joined(_(wording.AUDIENCES[code]) for code in resource.audiences if code in wording.AUDIENCES)),
    ]


@blueprint.get("/resources/<int:resource_id>")
def show_resource(resource_id: int) -> ResponseReturnValue:
    """One resource: what it is, what may be done with it, what it was made from, what peers say."""
    session, actor = db(), current_actor()
    seen = get_resource(session, actor, resource_id)
    resource = seen.resource
    before = request.args.get("before", "")
    mark = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    reviews, more = list_reviews(session, resource.id, mark)
    names = people([resource.added_by, *(review.person_id for review in reviews)])
    mine = (
        [community.id for community, _member in list_communities_of(session, actor.person_id)]
        if actor.person_id
        else []
    )
    shown = shown_of([resource]).get(resource.id)
    said = (shown.text("description") if shown else None) or resource.description
    licence = LICENCES.get(resource.licence)
    public = is_open_to_all(resource, seen.community)
    return render_template(
        "resources/show.html",
        resource=resource,
        community=seen.community,
        trail=trail_of(seen.community),
        shown=shown,
        head=titled(resource, shown),
        description=render_markdown(said) if said else None,
        description_lang=shown.lang if shown and shown.text("description") else resource.lang,
        kept_in=list_languages(session, "resource", [resource.id]).get(resource.id, ()),
        lead=" · ".join(row[1] for row in _facts(resource)[:2] if row[1]),
        facts=[row for row in _facts(resource) if row[1]],
        languages=language_chips(resource),
        licence={
            "name": translate(name_of(resource.licence)),
            "href": licence.address if licence else "",
            "open": licence is not None and licence.open,
            "words": [translate(text) for text in allows(resource.licence)],
        },
        formats=_format_rows(resource),
        lineage=_lineage_words(seen, get_lineage(session, seen)),
        opinion=opinion_words(list_opinions(session, [resource.id]).get(resource.id)),
        reviews=_review_rows(reviews, names),
        more_href=url_for("resources.show_resource", resource_id=resource.id, before=more) if more else None,
        own_review=find_review(session, resource.id, actor.person_id) is not None,
        notes=_notes(resource, mine),
        by=names.get(resource.added_by or 0),
        dead=resource.link_failed_since if resource.link_state == DEAD else None,
        can_edit=can_edit(seen),
        can_review=can_review(seen),
        note_href=_note_href(seen),
        json_ld={"@context": CONTEXT, **record_of(resource, list_translations(session, [resource.id])[resource.id])}
        if public
        else None,
    )


def _note_href(seen: Seen) -> str | None:
    if seen.standing is None or not can_write(seen.standing):
        return None
    return url_for("resources.new_practice", slug=seen.standing.community.slug, resource=seen.resource.id)


@blueprint.get("/resources/<int:resource_id>.jsonld")
def export_resource(resource_id: int) -> ResponseReturnValue:
    """One resource as LRMI."""
    session = db()
    seen = get_resource(session, current_actor(), resource_id)
    also = list_translations(session, [resource_id])[resource_id]
    return json_ld({"@context": CONTEXT, **record_of(seen.resource, also)})
