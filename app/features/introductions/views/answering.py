"""Introductions received and sent, and answering them."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.clock import now
from app.core.errors import Conflict, Invalid, NotFound
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.introductions import services
from app.features.introductions.forms import AcceptForm, DeclineForm
from app.features.introductions.models import ACCEPTED, PENDING, Introduction
from app.features.introductions.policies import can_answer, can_withdraw, is_waiting, state_at
from app.features.introductions.queries import count_waiting, find_thread_of, get_introduction, list_introductions
from app.features.introductions.views import blueprint
from app.features.introductions.views.wording import (
    day,
    line_of,
    reason_label,
    state_label,
    views_by_id,
)
from app.features.profiles.queries.visible import ProfileView
from app.features.profiles.views.cards import card_of, title_of
from app.features.threads.forms import language_choices
from app.features.threads.queries import list_acting_ids
from app.features.threads.rendering import plain_with_links

EXCERPT = 140


def _when(introduction: Introduction, waiting: bool) -> str:
    if waiting:
        last = day(introduction.expires_at)
        return _("%(day)s · can be answered until %(last)s", day=day(introduction.created_at), last=last)
    return day(introduction.decided_at or introduction.created_at)


def _line(introduction: Introduction, received: bool, views: dict[int, ProfileView]) -> dict[str, Any]:
    waiting = is_waiting(introduction, now())
    other_id = introduction.from_profile_id if received else introduction.to_profile_id
    side = views.get(introduction.to_profile_id if received else introduction.from_profile_id)
    note = introduction.note if len(introduction.note) <= EXCERPT else introduction.note[:EXCERPT].rstrip() + "…"
    return {
        "id": introduction.id,
        "waiting": waiting,
        "line": line_of(
            views.get(other_id),
            when=_when(introduction, waiting),
            state=state_label(state_at(introduction, now())) if not (waiting and received) else None,
        ),
        "note": note if introduction.hidden_at is None else None,
        "lang": introduction.note_lang,
        "institution": title_of(side) if side and side.is_institution else None,
    }


@blueprint.get("/introductions")
def index() -> ResponseReturnValue:
    """Introductions, those that wait first: received, or with ``box=sent`` those one asked for."""
    session, actor = db(), current_actor()
    received = request.args.get("box") != "sent"
    sides = list_acting_ids(session, actor)
    page = list_introductions(session, sides, received, request.args.get("after"))
    views = views_by_id(session, [i for row in page.items for i in (row.from_profile_id, row.to_profile_id)])
    return render_template(
        "introductions/index.html",
        received=received,
        rows=[_line(row, received, views) for row in page.items],
        waiting=count_waiting(session, sides),
        next=url_for("introductions.index", box=None if received else "sent", after=page.after) if page.after else None,
        first=not request.args.get("after"),
        no_profile=actor.person_id is None,
    )


def _show(introduction: Introduction, form: AcceptForm, status: int = 200) -> ResponseReturnValue:
    session, actor = db(), current_actor()
    acting = list_acting_ids(session, actor)
    received, moment = can_answer(introduction, acting), now()
    # Somebody may act for both sides; then it is shown as to the one who answers.
    other_id = introduction.from_profile_id if received else introduction.to_profile_id
    side_id = introduction.to_profile_id if received else introduction.from_profile_id
    views = views_by_id(session, (other_id, side_id, introduction.by_person_id, introduction.decided_by_id))
    other, side = views.get(other_id), views.get(side_id)
    by = views.get(introduction.by_person_id or 0)
    shared = [language.tag for language in other.languages if language.shared] if other else []
    form.lang.choices = language_choices(actor, shared)
    form.lang.data = form.lang.data or form.lang.choices[0][0]
    state = state_at(introduction, moment)
    thread = find_thread_of(session, introduction) if state == ACCEPTED else None
    html = render_template(
        "introductions/show.html",
        introduction=introduction,
        received=received,
        waiting=state == PENDING,
        connected=state == ACCEPTED,
        state=state_label(state),
        reason=reason_label(introduction.decline_reason),
        card=card_of(other) if other else None,
        title=title_of(other) if other else _("Someone who is not here now"),
        handle=other.handle if other else None,
        other_kind=other.kind if other else None,
        institution=title_of(side) if side and side.is_institution else None,
        by=title_of(by) if by and by.id not in (other_id, actor.person_id) else None,
        note=plain_with_links(introduction.note) if introduction.hidden_at is None else None,
        reply=plain_with_links(introduction.reply) if introduction.reply else None,
        sent=day(introduction.created_at),
        until=day(introduction.expires_at),
        decided=day(introduction.decided_at) if introduction.decided_at else None,
        thread=url_for("threads.show", thread_id=thread.id) if thread else None,
        form=form,
    )
    return html, status


@blueprint.get("/introductions/<int:introduction_id>")
def show(introduction_id: int) -> ResponseReturnValue:
    """One introduction, with what can be done about it."""
    introduction = get_introduction(db(), current_actor(), introduction_id)
    return _show(introduction, AcceptForm(formdata=None))


def _too_late(introduction_id: int, problem: Conflict) -> ResponseReturnValue:
    """Say what happened meanwhile, and lead to where things stand."""
    flash(translate(problem.text), "info")
    return go(url_for("introductions.show", introduction_id=introduction_id))


@blueprint.post("/introductions/<int:introduction_id>/accept")
def accept(introduction_id: int) -> ResponseReturnValue:
    """Say yes."""
    session, actor = db(), current_actor()
    introduction = get_introduction(session, actor, introduction_id)
    form = AcceptForm()
    try:
        if not form.validate():
            return _show(introduction, form, 422)
        services.accept(session, actor, introduction_id, form.reply.data or "", form.lang.data)
    except Invalid as problem:
        form.show(problem)
        return _show(introduction, form, 422)
    except Conflict as problem:
        return _too_late(introduction_id, problem)
    thread = find_thread_of(session, introduction)
    if thread is None:
        return go(url_for("introductions.show", introduction_id=introduction_id))
    flash(_("You are connected. Here you can write to each other."), "ok")
    return go(url_for("threads.show", thread_id=thread.id))


def _decline_page(introduction: Introduction, form: DeclineForm, status: int = 200) -> ResponseReturnValue:
    session = db()
    other = views_by_id(session, [introduction.from_profile_id]).get(introduction.from_profile_id)
    form.lang.choices = language_choices(current_actor(), filter(None, [introduction.note_lang]))
    form.lang.data = form.lang.data or form.lang.choices[0][0]
    html = render_template(
        "introductions/decline.html",
        form=form,
        introduction=introduction,
        name=title_of(other) if other else _("Someone who is not here now"),
    )
    return html, status


def _to_decline(introduction_id: int) -> Introduction:
    session, actor = db(), current_actor()
    introduction = get_introduction(session, actor, introduction_id)
    if not can_answer(introduction, list_acting_ids(session, actor)):
        raise NotFound
    return introduction


@blueprint.get("/introductions/<int:introduction_id>/decline")
def ask_decline(introduction_id: int) -> ResponseReturnValue:
    """The page to say no from."""
    introduction = _to_decline(introduction_id)
    if not is_waiting(introduction, now()):
        return go(url_for("introductions.show", introduction_id=introduction_id))
    return _decline_page(introduction, DeclineForm(formdata=None))


@blueprint.post("/introductions/<int:introduction_id>/decline")
def decline(introduction_id: int) -> ResponseReturnValue:
    """Say no."""
    session, actor = db(), current_actor()
    introduction = _to_decline(introduction_id)
    form = DeclineForm()
    try:
        if not form.validate():
            return _decline_page(introduction, form, 422)
        services.decline(session, actor, introduction_id, form.reason.data or "", form.reply.data or "", form.lang.data)
    except Invalid as problem:
        form.show(problem)
        return _decline_page(introduction, form, 422)
    except Conflict as problem:
        return _too_late(introduction_id, problem)
    flash(_("Your answer is on its way. They are not told more than you wrote."), "ok")
    return go(url_for("introductions.index"))


@blueprint.post("/introductions/<int:introduction_id>/withdraw")
def withdraw(introduction_id: int) -> ResponseReturnValue:
    """Take back what one asked."""
    session, actor = db(), current_actor()
    introduction = get_introduction(session, actor, introduction_id)
    if not can_withdraw(introduction, list_acting_ids(session, actor)):
        raise NotFound
    try:
        services.withdraw(session, actor, introduction_id)
    except Conflict as problem:
        return _too_late(introduction_id, problem)
    flash(_("Taken back. Your note is no longer waiting for an answer."), "ok")
    return go(url_for("introductions.index", box="sent"))
