"""Where somebody belongs: their communities, what they asked to join, who invites them."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.web.identity import current_actor
from app.core.web.sessions import db
from app.features.communities.forms.membership import ROLE_WORDS
from app.features.communities.models import ASKED
from app.features.communities.queries.own import OwnPage, find_own_page, list_waiting_for
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.reporting import page_mark
from app.features.communities.views.summaries import state_word


def _part(page: OwnPage, name: str) -> dict[str, Any]:
    """A list of the page, with the addresses of its neighbours; the other lists begin anew there."""
    rows = [
        {
            "name": community.name,
            "lang": community.lang,
            "slug": community.slug,
            "state": state_word(community),
            "active_at": community.active_at,
            "role": ROLE_WORDS[member.role],
            "asked_at": member.asked_at,
        }
        for community, member in page.rows
    ]

    def address(mark: str | None) -> str | None:
        values: dict[str, Any] = {name: mark}
        return url_for("communities.list_own", **values) if mark else None

    return {"rows": rows, "previous": address(page.previous), "next": address(page.next)}


@blueprint.get("/memberships")
def list_own() -> ResponseReturnValue:
    """One's communities, requests and invitations, each list page by page."""
    session, person_id = db(), current_actor().person_id
    if person_id is None:
        return render_template("communities/own.html", own=None, asked=None, invited=[], more=None)
    waiting, further = list_waiting_for(session, person_id, now(), page_mark("before"))
    invited = [
        {"name": c.name, "lang": c.lang, "href": url_for("communities.show_invitation", code=row.code)}
        for row, c in waiting
    ]
    own = find_own_page(session, person_id, request.args.get("after"))
    asked = find_own_page(session, person_id, request.args.get("asked"), state=ASKED)
    return render_template(
        "communities/own.html",
        own=_part(own, "after"),
        asked=_part(asked, "asked"),
        invited=invited,
        more=url_for("communities.list_own", before=further) if further else None,
    )
