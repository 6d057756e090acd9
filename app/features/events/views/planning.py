"""Planning a meeting, changing and cancelling it, and what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.errors import Conflict, Forbidden, Invalid
from app.core.web.i18n import translate
from app.core.web.limits import HOUR, limit
from app.core.web.pages import go
from app.core.web.sessions import READING, db
from app.features.communities.policies import Standing
from app.features.communities.views.frame import render_in_community
from app.features.events.forms import AfterwardsForm, CancelForm, EventForm
from app.features.events.models import MOST_MEETINGS, MOST_PEOPLE, PLANNED, Event
from app.features.events.policies import can_edit_event, can_plan
from app.features.events.queries import get_event, list_series
from app.features.events.services import planning
from app.features.events.views.blueprint import blueprint
from app.features.events.views.showing import readable
from app.features.events.views.words import when
from app.features.profiles.queries.profiles import find_own_person
from app.features.threads.forms import language_choices

STAMP = "%Y%m%dT%H%MZ"


def stamp_of(moment: datetime) -> str:
    """A moment as it stands in an address."""
    return moment.astimezone(UTC).strftime(STAMP)


def _given_starts() -> list[datetime]:
    """Times found before, from the address or the form; what is none is passed over."""
    found = []
    for text in request.values.getlist("start")[:MOST_MEETINGS]:
        try:
            found.append(datetime.strptime(text, STAMP).replace(tzinfo=UTC))
        except ValueError:
            continue
    return sorted(set(found))


def _given_people() -> list[int]:
    typed = (text for text in request.values.getlist("person")[:MOST_PEOPLE])
    return [int(text) for text in typed if text.isascii() and text.isdigit() and len(text) < 19]


def _country(standing: Standing) -> str | None:
    person = find_own_person(db(), standing.actor)
    return person.country if person is not None else None


def _page(
    standing: Standing, form: EventForm, event: Event | None = None, status: int = 200, starts: Sequence[datetime] = ()
) -> ResponseReturnValue:
    form.prepare(standing.actor, standing.community.codes("language"), _country(standing))
    zone = str(form.zone.data or standing.actor.timezone or "UTC")
    page = render_in_community(
        standing,
        "events/form.html",
        section="events",
        form=form,
        event=event,
        starts=[{"stamp": stamp_of(start), "when": when(start, zone)} for start in starts],
        people=_given_people(),
    )
    return page, status


def _begin(form: EventForm, standing: Standing) -> None:
    form.renew()
    form.zone.data = request.args.get("zone") or standing.actor.timezone or "UTC"
    form.minutes.data = request.args.get("minutes") or "60"
    form.languages.data = list(standing.community.codes("language"))
    form.lang.data = standing.community.lang


@blueprint.route("/communities/<slug>/events/new", methods=["GET", "POST"])
def plan_event(slug: str) -> ResponseReturnValue:
    """Plan a meeting, or a series; times found before come with the address."""
    session, standing = db(), readable(slug)
    if not can_plan(standing):
        raise Forbidden
    form, starts = EventForm(), _given_starts()
    if request.method in READING:
        _begin(form, standing)
        return _page(standing, form, starts=starts)
    limit("events.plan", 30, HOUR, key=f"account:{standing.actor.account_id}")
    try:
        if not form.validate():
            return _page(standing, form, status=422, starts=starts)
        draft = form.draft(starts or form.starts())
        event = planning.plan_events(session, standing, draft, form.token.data or "", _given_people())
    except Invalid as problem:
        form.show(problem)
        if not problem.fields:
            form.renew()
        return _page(standing, form, status=422, starts=starts)
    if event is None:
        flash(_("This was sent already; it stands here once."), "info")
        return go(url_for("events.list_events", slug=slug))
    flash(_("Planned. The members are told; now say whether you come."), "ok")
    return go(url_for("events.show_event", slug=slug, event_id=event.id))


def _editable(slug: str, event_id: int) -> tuple[Standing, Event]:
    standing = readable(slug)
    event = get_event(db(), standing, event_id)
    if not can_edit_event(standing, event):
        raise Forbidden
    return standing, event


@blueprint.route("/communities/<slug>/events/<int:event_id>/edit", methods=["GET", "POST"])
def edit_event(slug: str, event_id: int) -> ResponseReturnValue:
    """Change one meeting."""
    standing, event = _editable(slug, event_id)
    form = EventForm()
    if request.method in READING:
        form.fill(event, event.starts_at.astimezone(ZoneInfo(event.zone)))
        return _page(standing, form, event)
    # Each change may tell many.
    limit("events.change", 60, HOUR, key=f"account:{standing.actor.account_id}")
    try:
        if not form.validate():
            return _page(standing, form, event, 422)
        told = planning.change_event(db(), standing, event, form.draft(form.starts()), form.opened_at())
    except Invalid as problem:
        form.show(problem)
        return _page(standing, form, event, 422)
    except Conflict as problem:
        return _after_conflict(standing, form, event, problem)
    flash(_("Saved. Those who come are told, and their calendars follow.") if told else _("Saved."), "ok")
    return go(url_for("events.show_event", slug=slug, event_id=event_id))


def _after_conflict(standing: Standing, form: EventForm, event: Event, problem: Conflict) -> ResponseReturnValue:
    """What was typed is kept; what is stored stands beside it, and sending again takes its place."""
    session = db()
    event_id, slug = event.id, standing.community.slug
    session.rollback()
    again = readable(slug)
    stored = get_event(session, again, event_id)
    form.version.data = form.version.raw_data = None
    form.version.process(None, str(stored.version))
    flash(translate(problem.text), "warning")
    return _page(again, form, stored, 409)


@blueprint.route("/communities/<slug>/events/<int:event_id>/cancel", methods=["GET", "POST"])
def cancel_event(slug: str, event_id: int) -> ResponseReturnValue:
    """Cancel a meeting, or it and the later ones of its series."""
    standing, event = _editable(slug, event_id)
    form = CancelForm()
    later = [one for one in list_series(db(), event) if one.starts_at > event.starts_at and one.state == PLANNED]
    status = 200
    if request.method not in READING:
        limit("events.change", 60, HOUR, key=f"account:{standing.actor.account_id}")
        try:
            if form.validate():
                count = planning.cancel_event(
                    db(), standing, event, form.reason.data or "", bool(form.following.data and later)
                )
                flash(ngettext("%(num)s event is cancelled.", "%(num)s events are cancelled.", count), "ok")
                return go(url_for("events.show_event", slug=slug, event_id=event_id))
        except Invalid as problem:
            form.show(problem)
        status = 422
    zone = standing.actor.timezone or event.zone
    page = render_in_community(
        standing,
        "events/cancel.html",
        section="events",
        form=form,
        event=event,
        later=len(later),
        when=when(event.starts_at, zone),
    )
    return page, status


@blueprint.route("/communities/<slug>/events/<int:event_id>/afterwards", methods=["GET", "POST"])
def afterwards(slug: str, event_id: int) -> ResponseReturnValue:
    """Keep the recording and the notes of a meeting."""
    standing, event = _editable(slug, event_id)
    form, status = AfterwardsForm(), 200
    form.notes_lang.choices = language_choices(standing.actor, [event.lang, *event.languages])
    if request.method in READING:
        form.recording.data, form.notes.data = event.recording, event.notes
        form.notes_lang.data, form.version.data = event.notes_lang or event.lang, str(event.version)
    else:
        try:
            if form.validate():
                typed = str(form.version.data or "")
                version = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1
                planning.write_afterwards(
                    db(), standing, event, form.recording.data or "", form.notes.data or "", form.notes_lang.data,
                    version,
                )  # fmt: skip
                flash(_("Saved. Thank you for those who could not come."), "ok")
                return go(url_for("events.show_event", slug=slug, event_id=event_id))
            status = 422
        except Invalid as problem:
            form.show(problem)
            status = 422
        except Conflict as problem:
            flash(translate(problem.text), "warning")
            form.version.raw_data, form.version.data = None, str(event.version)
            status = 409
    page = render_in_community(standing, "events/afterwards.html", section="events", form=form, event=event)
    return page, status
