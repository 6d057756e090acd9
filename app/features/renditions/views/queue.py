"""The queue: what waits for somebody with both languages, what one asked for, what of one's own is outdated."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date

from app.core.web.i18n import current_locale
from app.core.web.identity import current_actor
from app.core.web.sessions import db
from app.features.renditions.policies import ENOUGH
from app.features.renditions.queries import title_of_original
from app.features.renditions.queries.renditions import list_levels
from app.features.renditions.queries.waiting import (
    Wish,
    list_own_stale,
    list_own_wishes,
    list_pairs_without_anybody,
    list_wishes,
)
from app.features.renditions.views.blueprint import blueprint
from app.features.vocabularies.queries import label


def _language(tag: str) -> str:
    return label("language", tag, current_locale().code)


def _row(wish: Wish) -> dict[str, Any]:
    asked = wish.request
    place: dict[str, Any] = {"kind": asked.kind, "thing_id": asked.thing_id}
    in_language = {**place, "lang": asked.lang}
    return {
        "title": title_of_original(wish.original),
        "title_lang": wish.original.lang,
        "source": _language(wish.original.lang),
        "target": _language(asked.lang),
        "asked": format_date(asked.created_at, "medium"),
        "askers": wish.askers,
        "done": asked.answered_at is not None,
        "href": url_for("renditions.show", **in_language)
        if asked.answered_at
        else url_for("renditions.choose", **place),
        "edit": url_for("renditions.edit", **in_language),
    }


@blueprint.get("/translations")
def index() -> ResponseReturnValue:
    """What waits to be translated."""
    session, actor = db(), current_actor()
    after = request.args.get("after", "")
    mark = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
    wishes, more = list_wishes(session, actor, mark)
    levels = list_levels(session, actor.person_id)
    first = mark is None
    stale = list_own_stale(session, actor) if first and actor.person_id else []
    return render_template(
        "renditions/index.html",
        wishes=[_row(wish) for wish in wishes],
        next=url_for("renditions.index", after=more) if more else None,
        first=first,
        own=[_row(wish) for wish in list_own_wishes(session, actor)] if first and actor.person_id else [],
        stale=[
            {
                "title": title_of_original(original),
                "title_lang": original.lang,
                "target": _language(rendition.lang),
                "edit": url_for(
                    "renditions.edit", kind=rendition.kind, thing_id=rendition.thing_id, lang=rendition.lang
                ),
            }
            for rendition, original in stale
        ],
        alone=[
            {"source": _language(pair.source), "target": _language(pair.target), "number": pair.number}
            for pair in (list_pairs_without_anybody(session) if first else [])
        ],
        both=sum(level >= ENOUGH for level in levels.values()) > 1,
    )
