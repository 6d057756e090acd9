"""Newcomers: for coordinators who came and who was never answered, for themselves a first small task."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Forbidden
from app.core.web.identity import current_actor
from app.core.web.pages import go, link_for
from app.core.web.sessions import db
from app.features.communities.policies import can_facilitate
from app.features.communities.queries import get_standing
from app.features.communities.queries.newcomers import count_unanswered, list_newcomers
from app.features.communities.services import newcomers as services
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.frame import render_in_community
from app.features.communities.views.people import home_of, line_of, views_of
from app.features.communities.views.reporting import page_mark


@blueprint.get("/communities/<slug>/newcomers")
def newcomers(slug: str) -> ResponseReturnValue:
    """Who joined in the last sixty days, who looks after them, and who was never answered."""
    standing = get_standing(db(), current_actor(), slug)
    if not can_facilitate(standing):
        raise Forbidden
    only, after = request.args.get("unanswered") == "1", page_mark("after")
    rows, following = list_newcomers(db(), standing, only, after)
    views = views_of([number for row in rows for number in (row.member.person_id, row.member.buddy_id)])
    lines = [
        line_of(
            views[row.member.person_id],
            member=row.member,
            buddy=line_of(views[row.member.buddy_id]) if row.member.buddy_id in views else None,
            unanswered=row.unanswered,
            post=_post_address(slug, row.thread_id, row.post_id),
        )
        for row in rows
        if row.member.person_id in views
    ]
    kept: dict[str, Any] = {"unanswered": 1} if only else {}
    return render_in_community(
        standing,
        "communities/newcomers/list.html",
        section="members",
        lines=lines,
        only=only,
        unanswered=count_unanswered(db(), standing),
        more=url_for("communities.newcomers", slug=slug, after=following, **kept) if following else None,
        first=url_for("communities.newcomers", slug=slug, **kept) if after else None,
    )


def _post_address(slug: str, thread_id: int | None, post_id: int | None) -> str | None:
    if thread_id is None:
        return None
    address = link_for("communities.show_thread", slug=slug, thread_id=thread_id, post=post_id)
    return f"{address}#p-{post_id}" if address else None


@blueprint.post("/communities/<slug>/task")
def finish_task(slug: str) -> ResponseReturnValue:
    """Say that one did the first small task."""
    standing = get_standing(db(), current_actor(), slug)
    if not standing.is_member:
        raise Forbidden
    services.finish_task(db(), standing)
    flash(_("Well done. Thank you."), "ok")
    return go(home_of(slug))
