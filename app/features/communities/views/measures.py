"""Measures about persons: muting, taking out, undoing; and what the person concerned reads."""

from __future__ import annotations

from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Conflict, Forbidden, Invalid
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.communities.forms.order import MUTE, REMOVE, RESTORE, UNMUTE, MeasureForm, UndoForm, without_days
from app.features.communities.models import ACTIVE, COORDINATOR, REMOVED, Member
from app.features.communities.policies import Standing, is_kept_out, mute_days
from app.features.communities.queries import get_standing, list_member_ids
from app.features.communities.queries.order import get_member_by_handle, list_measures
from app.features.communities.services import measures as services
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.frame import render_in_community
from app.features.communities.views.order import keeper_standing, order_tabs
from app.features.communities.views.order_words import name_of, person_line, until_label, views_of
from app.features.communities.views.reporting import page_mark
from app.features.threads.forms import language_choices


def state_label(member: Member, standing: Standing) -> str:
    """What is in force about somebody, in words; empty if nothing is."""
    if member.state == REMOVED and (member.removed_until is None or member.removed_until > standing.moment):
        return _("Taken out %(until)s", until=until_label(member.removed_until))
    if member.state == ACTIVE and member.muted_until is not None and member.muted_until > standing.moment:
        return _("Muted %(until)s", until=until_label(member.muted_until))
    return ""


@blueprint.get("/communities/<slug>/order/measures", endpoint="list_measures")
def show_measures(slug: str) -> ResponseReturnValue:
    """Those who are muted or taken out now."""
    session, standing = db(), keeper_standing(slug)
    found, more = list_measures(session, standing, page_mark("after"))
    views = views_of(member.person_id for member in found)
    rows = [
        {
            "line": person_line(views.get(member.person_id), state=state_label(member, standing)),
            "reason": member.measure_reason,
            "lang": member.measure_lang,
            "href": url_for("communities.measure_member", slug=slug, handle=view.handle) if view else None,
        }
        for member in found
        for view in (views.get(member.person_id),)
    ]
    return render_in_community(
        standing, "communities/order/measures.html", "order", rows=rows, order_tabs=order_tabs(standing, "measures"),
        next=url_for("communities.list_measures", slug=slug, after=more) if more else None,
    )  # fmt: skip


def _person_page(
    standing: Standing, member: Member, form: MeasureForm, undo: UndoForm, status: int = 200
) -> ResponseReturnValue:
    role = member.role if member.state == ACTIVE else None
    actions = services.list_actions(standing, member, role)
    form.offer([action for action in actions if action in (MUTE, REMOVE)], mute_days(standing))
    undo.offer([action for action in actions if action not in (MUTE, REMOVE)])
    for one in (form, undo):
        one.lang.choices = language_choices(current_actor(), [standing.community.lang])
        one.lang.data = one.lang.data or one.lang.choices[0][0]
    view = views_of([member.person_id]).get(member.person_id)
    html = render_in_community(
        standing, "communities/order/person.html", "order", form=form, undo=undo, name=name_of(view),
        person=person_line(view, state=state_label(member, standing)), reason=member.measure_reason,
        reason_lang=member.measure_lang, in_force=bool(state_label(member, standing)),
        order_tabs=order_tabs(standing, ""),
    )  # fmt: skip
    return html, status


@blueprint.get("/communities/<slug>/order/people/<handle>")
def measure_member(slug: str, handle: str) -> ResponseReturnValue:
    """What can be done about a person, without a report."""
    standing = keeper_standing(slug)
    member = get_member_by_handle(db(), standing.community.id, handle)
    return _person_page(
        standing, member, MeasureForm(formdata=None, prefix="do"), UndoForm(formdata=None, prefix="undo")
    )


@blueprint.post("/communities/<slug>/order/people/<handle>")
def take_measure(slug: str, handle: str) -> ResponseReturnValue:
    """Mute somebody, take them out, or undo it."""
    session, standing = db(), keeper_standing(slug)
    member = get_member_by_handle(session, standing.community.id, handle)
    form, undo = MeasureForm(prefix="do"), UndoForm(prefix="undo")
    undoing = bool(undo.action.data)
    sent: MeasureForm | UndoForm = undo if undoing else form
    try:
        if not sent.validate():
            return _person_page(standing, member, form, undo, 422)
        if undoing:
            _undo(standing, member.person_id, undo)
        else:
            _do(standing, member.person_id, form)
    except Invalid as problem:
        sent.show(problem)
        return _person_page(standing, member, form, undo, 422)
    except (Conflict, Forbidden) as problem:
        session.rollback()
        flash(translate(problem.text), "warning")
        standing = keeper_standing(slug)
        return _person_page(
            standing, get_member_by_handle(session, standing.community.id, handle), form, undo, problem.status
        )
    flash(_("Done, and noted in the log. They read your reason."), "ok")
    return go(url_for("communities.list_measures", slug=slug))


def _do(standing: Standing, person_id: int, form: MeasureForm) -> None:
    action, days = without_days(form.action.data)
    facts: dict[str, Any] = {"reason": form.reason.data or "", "lang": form.lang.data, "cause": form.cause.data or ""}
    if action == MUTE:
        services.mute(db(), standing, person_id, days or 0, **facts)
    elif action == REMOVE:
        services.remove(db(), standing, person_id, days, **facts)
    else:
        raise Invalid({"action": services.CHOOSE})


def _undo(standing: Standing, person_id: int, undo: UndoForm) -> None:
    acts = {UNMUTE: services.unmute, RESTORE: services.restore}
    act = acts.get(undo.action.data or "")
    if act is None:
        raise Invalid({"action": services.CHOOSE})
    act(db(), standing, person_id, undo.reason.data or "", undo.lang.data)


@blueprint.get("/communities/<slug>/measure")
def show_measure(slug: str) -> ResponseReturnValue:
    """What was decided about the reader: why, until when, and what they can do."""
    session = db()
    standing = get_standing(session, current_actor(), slug)
    member = standing.member
    if member is None:
        raise Forbidden
    keepers = views_of(list_member_ids(session, standing.community.id, (COORDINATOR,)))
    return render_in_community(
        standing, "communities/order/measure.html", "", measure=measure_values(standing),
        coordinators=[person_line(view) for view in keepers.values()],
    )  # fmt: skip


def measure_values(standing: Standing) -> dict[str, Any] | None:
    """What is in force about the reader, for the page and for the notice on top of all pages."""
    member = standing.member
    kept_out = is_kept_out(standing)
    if member is None or not (kept_out or (standing.is_member and standing.muted)):
        return None
    return {
        "kept_out": kept_out,
        "until": member.removed_until if kept_out else member.muted_until,
        "reason": member.measure_reason,
        "lang": member.measure_lang,
        "slug": standing.community.slug,
    }
