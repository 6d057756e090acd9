"""The house log: what was done to keep order, open to those concerned, and without names to every member."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.core.errors import Forbidden
from app.core.messages import N_
from app.core.web.identity import current_actor
from app.core.web.pages import link_for
from app.core.web.sessions import db
from app.features.communities.policies import Standing, can_coordinate, can_facilitate
from app.features.communities.queries import get_standing
from app.features.communities.queries.house_log import LogLine, list_log
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.frame import render_in_community
from app.features.communities.views.order import order_tabs
from app.features.communities.views.order_words import cause_label, deed_label, name_of, time_label, views_of
from app.features.communities.views.reporting import page_mark


def _row(line: LogLine, names: dict[int, str], standing: Standing) -> dict[str, Any]:
    href = None
    if line.open and line.thread_id:
        post = line.thing_id if line.kind == "post" else None
        href = link_for("communities.show_thread", slug=standing.community.slug, thread_id=line.thread_id, post=post)
    return {
        "at": line.at,
        "deed": deed_label(line.action, line.kind),
        "cause": cause_label(line.cause),
        "time": time_label(line.days),
        "open": line.open,
        "by": names.get(line.by_id or 0) if line.open else None,
        "about": names.get(line.person_id or 0) if line.open else None,
        "mine": line.open and line.person_id == standing.actor.person_id,
        "reason": line.reason,
        "lang": line.lang,
        "href": href,
        "title": line.title,
        "title_lang": line.title_lang,
    }


@blueprint.get("/communities/<slug>/log")
def show_log(slug: str) -> ResponseReturnValue:
    """What was done to keep order: all of it for coordinators; for members what concerns them, the rest unnamed."""
    session = db()
    standing = get_standing(session, current_actor(), slug)
    # Who was taken out reads what concerns them; the rest is the members' own.
    if standing.member is None:
        raise Forbidden(N_("The log is for the members of the community."))
    mine = not standing.is_member or request.args.get("about") == "me"
    found, more = list_log(session, standing, mine, page_mark("before"))
    views = views_of(number for line in found if line.open for number in (line.by_id, line.person_id))
    names = {number: name_of(view) for number, view in views.items()}
    following = url_for("communities.show_log", slug=slug, before=more, about="me" if mine else None) if more else None
    keeps = can_facilitate(standing)
    return render_in_community(
        standing, "communities/order/log.html", "order" if keeps else "",
        rows=[_row(line, names, standing) for line in found], mine=mine, next=following,
        order_tabs=order_tabs(standing, "log") if keeps else None, sees_all=can_coordinate(standing),
    )  # fmt: skip
