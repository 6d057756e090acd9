"""The order in the house, for those who keep it: what was reported, and deciding about it."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Conflict, Forbidden, Invalid
from app.core.messages import N_
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.communities.forms.order import DecideReportForm, without_days
from app.features.communities.models import HouseReport
from app.features.communities.models.order import HIDDEN, OPEN_REPORT
from app.features.communities.policies import Standing, can_facilitate, mute_days
from app.features.communities.queries import get_standing
from app.features.communities.queries.order import (
    count_open,
    find_thing,
    find_things,
    get_report,
    list_reports,
    list_same,
)
from app.features.communities.services import order as services
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.frame import render_in_community
from app.features.communities.views.order_words import (
    name_of,
    outcome_label,
    person_line,
    reason_label,
    thing_values,
    views_of,
)
from app.features.communities.views.reporting import page_mark
from app.features.threads.forms import language_choices


def keeper_standing(slug: str) -> Standing:
    """Where the reader stands, if they keep order there; raises `Forbidden`."""
    standing = get_standing(db(), current_actor(), slug)
    if not can_facilitate(standing):
        raise Forbidden(N_("This page is for those who keep order in the community."))
    return standing


def order_tabs(standing: Standing, here: str) -> list[dict[str, Any]]:
    """The pages of the order in the house."""
    slug = standing.community.slug
    waiting = count_open(db(), standing)
    return [
        {"label": label, "href": href, "here": name == here, "count": count}
        for name, label, href, count in (
            ("open", _("Open reports"), url_for("communities.keep_order", slug=slug), waiting or None),
            ("decided", _("Decided"), url_for("communities.keep_order", slug=slug, state="decided"), None),
            ("measures", _("Muted or taken out"), url_for("communities.list_measures", slug=slug), None),
            ("log", _("Log"), url_for("communities.show_log", slug=slug), None),
        )
    ]


def _rows(standing: Standing, found: list[HouseReport]) -> list[dict[str, Any]]:
    session, community = db(), standing.community
    named = {(row.kind, row.thing_id) for row in found}
    things = find_things(session, community.id, named)
    waiting = list_same(session, community.id, named)
    views = views_of(
        number for row in (*found, *waiting) for number in (row.about_id, row.by_person_id, row.decided_by)
    )
    rows = []
    for row in found:
        # Open reports of the same thing are decided together, and stand together.
        others = [other for other in waiting if (other.kind, other.thing_id) == (row.kind, row.thing_id)]
        same = others if row.state == OPEN_REPORT else [row]
        rows.append(
            {
                "id": row.id,
                "kind": row.kind,
                "thing": thing_values(things.get((row.kind, row.thing_id)), community.slug),
                "about": person_line(views.get(row.about_id or 0)) if row.about_id else None,
                "by": [name_of(views.get(other.by_person_id or 0)) for other in same],
                "own": any(other.by_person_id == standing.actor.person_id for other in same),
                "reason": reason_label(row.reason),
                "notes": [(other.note, other.lang) for other in same if other.note],
                "at": row.created_at,
                "outcome": outcome_label(row.outcome) if row.outcome else None,
                "answer": row.answer,
                "decided_at": row.decided_at,
                "decider": name_of(views.get(row.decided_by)) if row.decided_by else None,
            }
        )
    return rows


@blueprint.get("/communities/<slug>/order")
def keep_order(slug: str) -> ResponseReturnValue:
    """The reports that wait, the oldest first; with ``state=decided`` those decided."""
    standing = keeper_standing(slug)
    decided = request.args.get("state") == "decided"
    found, more = list_reports(db(), standing, decided, page_mark("after"))
    state = "decided" if decided else None
    return render_in_community(
        standing, "communities/order/reports.html", "order", rows=_rows(standing, found), decided=decided,
        order_tabs=order_tabs(standing, "decided" if decided else "open"),
        next=url_for("communities.keep_order", slug=slug, state=state, after=more) if more else None,
    )  # fmt: skip


def _show(standing: Standing, report: HouseReport, form: DecideReportForm, status: int = 200) -> ResponseReturnValue:
    session = db()
    thing = find_thing(session, report.community_id, report.kind, report.thing_id)
    choices = services.choices_for(session, standing, report, thing)
    form.offer(choices, mute_days(standing))
    form.lang.choices = language_choices(current_actor(), [standing.community.lang])
    form.lang.data = form.lang.data or form.lang.choices[0][0]
    html = render_in_community(
        standing, "communities/order/decide.html", "order", form=form, row=_rows(standing, [report])[0],
        can_hide=HIDDEN in choices,
        order_tabs=order_tabs(standing, ""),
    )  # fmt: skip
    return html, status


@blueprint.get("/communities/<slug>/order/<int:report_id>")
def show_report(slug: str, report_id: int) -> ResponseReturnValue:
    """One report, what it is about, and what can be done."""
    standing = keeper_standing(slug)
    form = DecideReportForm(formdata=None)
    form.also_hide.data = True
    return _show(standing, get_report(db(), standing, report_id), form)


@blueprint.post("/communities/<slug>/order/<int:report_id>")
def decide_report(slug: str, report_id: int) -> ResponseReturnValue:
    """Decide a report."""
    session, standing = db(), keeper_standing(slug)
    report = get_report(session, standing, report_id)
    form = DecideReportForm()
    outcome, days = without_days(form.outcome.data)
    try:
        if not form.validate():
            return _show(standing, report, form, 422)
        services.decide(
            session, standing, report_id, outcome, form.reason.data or "", form.lang.data, days,
            bool(form.also_hide.data),
        )  # fmt: skip
    except (Invalid, Conflict) as problem:
        # Half of it may be done already: show what is, not what would have been.
        session.rollback()
        if isinstance(problem, Invalid):
            form.show(problem)
        else:
            flash(translate(problem.text), "warning")
        standing = keeper_standing(slug)
        return _show(standing, get_report(session, standing, report_id), form, problem.status)
    flash(_("Done, and noted in the log. Who reported it hears that you looked at it."), "ok")
    return go(url_for("communities.keep_order", slug=slug))
