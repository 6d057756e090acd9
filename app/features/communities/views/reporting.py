"""Telling the coordinators: the form, and what became of what one reported."""

from __future__ import annotations

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Forbidden, Invalid
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, limit
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.communities.forms.order import ReportThingForm
from app.features.communities.models.order import FORWARDED
from app.features.communities.policies import Standing
from app.features.communities.queries import get_standing
from app.features.communities.queries.order import Thing, list_own_reports
from app.features.communities.services import order as services
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.frame import render_in_community
from app.features.communities.views.order_words import (
    answer_label,
    person_line,
    reason_label,
    thing_values,
    views_of,
)
from app.features.threads.forms import language_choices


def page_mark(name: str) -> int | None:
    """Where a page begins, from the address; anything but a number means the first page."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _report_page(standing: Standing, thing: Thing, form: ReportThingForm, status: int = 200) -> ResponseReturnValue:
    form.lang.choices = language_choices(current_actor())
    form.lang.data = form.lang.data or form.lang.choices[0][0]
    author = views_of([thing.person_id]).get(thing.person_id or 0)
    html = render_in_community(
        standing, "communities/order/report.html", "", form=form, thing=thing_values(thing, standing.community.slug),
        author=person_line(author) if thing.person_id is not None else None,
    )  # fmt: skip
    return html, status


@blueprint.get("/communities/<slug>/report/<kind>/<int:thing_id>")
def report_thing(slug: str, kind: str, thing_id: int) -> ResponseReturnValue:
    """The page to tell the coordinators about a post or a person."""
    session = db()
    standing = get_standing(session, current_actor(), slug)
    thing = services.get_thing(session, standing, kind, thing_id)
    return _report_page(standing, thing, ReportThingForm(formdata=None))


@blueprint.post("/communities/<slug>/report/<kind>/<int:thing_id>")
def send_report(slug: str, kind: str, thing_id: int) -> ResponseReturnValue:
    """Tell the coordinators."""
    session, actor = db(), current_actor()
    standing = get_standing(session, actor, slug)
    thing = services.get_thing(session, standing, kind, thing_id)
    limit("communities.report", 30, DAY, key=f"account:{actor.account_id}")
    form = ReportThingForm()
    try:
        if not form.validate():
            return _report_page(standing, thing, form, 422)
        report, new = services.report_thing(
            session, standing, kind, thing_id, form.reason.data or "", form.note.data or "", form.lang.data
        )
    except Invalid as problem:
        form.show(problem)
        return _report_page(standing, thing, form, 422)
    if not new:
        flash(_("You reported this before. What you wrote now was added to it."), "ok")
    elif report.outcome == FORWARDED:
        flash(_("Thank you. Nobody here can decide this impartially: the moderators of Commonweave look at it."), "ok")
    else:
        flash(_("Thank you. The coordinators look at it, and you hear what became of it."), "ok")
    return go(url_for("communities.list_own_reports", slug=slug))


@blueprint.get("/communities/<slug>/reported", endpoint="list_own_reports")
def show_own_reports(slug: str) -> ResponseReturnValue:
    """What the reader reported here, and what became of it."""
    session, actor = db(), current_actor()
    standing = get_standing(session, actor, slug)
    if actor.person_id is None:
        raise Forbidden
    found, more = list_own_reports(session, standing.community.id, actor.person_id, page_mark("before"))
    views = views_of(row.about_id for row in found)
    rows = [
        {
            "kind": row.kind,
            "about": person_line(views.get(row.about_id or 0)),
            "reason": reason_label(row.reason),
            "note": row.note,
            "lang": row.lang,
            "at": row.created_at,
            "answer": answer_label(row),
            "open": row.outcome is None,
        }
        for row in found
    ]
    following = url_for("communities.list_own_reports", slug=slug, before=more) if more else None
    return render_in_community(standing, "communities/order/reported.html", "", rows=rows, next=following)
