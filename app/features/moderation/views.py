"""The pages of moderation: reporting, and for operators and moderators the reports."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Conflict, Forbidden, Invalid
from app.core.registries import translatable
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, limit
from app.core.web.pages import go, link_for
from app.core.web.sessions import db
from app.features.accounts.models import Account
from app.features.accounts.policies import can_suspend
from app.features.moderation import services
from app.features.moderation.forms import REASON_WORDS, DecideForm, ReportForm
from app.features.moderation.models import DISMISS, HIDE, LIFT, PROFILE, SUSPEND, UNHIDE, ModerationLog, Report
from app.features.moderation.policies import can_change, can_decide, is_party
from app.features.moderation.queries import (
    Thing,
    count_open,
    count_reports_of,
    find_account_behind,
    find_thing,
    get_report,
    list_log,
    list_reports,
    names_of,
)
from app.features.profiles.models import INSTITUTION
from app.features.threads.forms import language_choices
from app.features.threads.rendering import plain_with_links

blueprint = Blueprint("moderation", __name__)


def kind_label(kind: str) -> str:
    """What was reported, in a word."""
    words = {
        "profile": _("Profile"),
        "rendition": _("Translation"),
        "network": _("Network"),
        "community": _("Community"),
        "resource": _("Resource"),
        "review": _("Review"),
        "practice": _("Practice note"),
        "introduction": _("Introduction"),
        "message": _("Message"),
        "post": _("Post"),
        "thread": _("Thread"),
        "event": _("Event"),
    }
    return words.get(kind, kind)


def action_label(action: str | None) -> str:
    """What was done about it."""
    words = {
        HIDE: _("Taken out of sight"),
        UNHIDE: _("Shown again"),
        SUSPEND: _("Account suspended"),
        LIFT: _("Suspension lifted"),
        DISMISS: _("Left as it is"),
    }
    return words.get(action or "", action or "")


def _report_page(thing: Thing, form: ReportForm, status: int = 200) -> ResponseReturnValue:
    form.lang.choices = language_choices(current_actor())
    form.lang.data = form.lang.data or form.lang.choices[0][0]
    html = render_template(
        "moderation/report.html",
        form=form,
        thing=thing,
        kind=kind_label(thing.kind),
        text=plain_with_links(thing.text) if thing.kind != "profile" else None,
    )
    return html, status


@blueprint.get("/report/<kind>/<int:thing_id>")
def report(kind: str, thing_id: int) -> ResponseReturnValue:
    """The page to report something from."""
    return _report_page(services.get_thing(db(), current_actor(), kind, thing_id), ReportForm(formdata=None))


@blueprint.post("/report/<kind>/<int:thing_id>")
def send_report(kind: str, thing_id: int) -> ResponseReturnValue:
    """Report something."""
    session, actor = db(), current_actor()
    thing = services.get_thing(session, actor, kind, thing_id)
    limit("moderation.report", 30, DAY, key=f"account:{actor.account_id}")
    form = ReportForm()
    try:
        if not form.validate():
            return _report_page(thing, form, 422)
        services.report(session, actor, kind, thing_id, form.reason.data or "", form.note.data or "", form.lang.data)
    except Invalid as problem:
        form.show(problem)
        return _report_page(thing, form, 422)
    return go(url_for("moderation.thanks", kind=kind, thing_id=thing_id))


@blueprint.get("/report/<kind>/<int:thing_id>/thanks")
def thanks(kind: str, thing_id: int) -> ResponseReturnValue:
    """Say what happens next."""
    session = db()
    thing = find_thing(session, replace(current_actor(), roles=frozenset()), kind, thing_id)
    profile = names_of(session, [thing.author_id]).get(thing.author_id) if thing and thing.author_id else None
    block = None
    if profile is not None:
        endpoint = "ask_block_institution" if profile["kind"] == INSTITUTION else "ask_block_person"
        block = link_for(f"introductions.{endpoint}", handle=profile["handle"])
    return render_template("moderation/thanks.html", block=block)


@blueprint.get("/reports")
def reports() -> ResponseReturnValue:
    """The reports: those that wait, the oldest first, or with ``state=decided`` those decided."""
    session, actor = db(), current_actor()
    decided = request.args.get("state") == "decided"
    after = request.args.get("after", "")
    mark = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
    found, more = list_reports(session, decided, mark)
    counts = count_reports_of(session, {(row.kind, row.thing_id) for row in found})
    rows = [
        {
            "id": row.id,
            "kind": kind_label(row.kind),
            "reason": REASON_WORDS.get(row.reason, row.reason),
            "at": row.created_at,
            "times": counts.get((row.kind, row.thing_id), 1),
            "decision": action_label(row.decision) if row.decision else None,
            "own": row.reporter_account_id == actor.account_id,
        }
        for row in found
    ]
    following = url_for("moderation.reports", state="decided" if decided else None, after=more) if more else None
    return render_template(
        "moderation/reports.html", rows=rows, decided=decided, waiting=count_open(session), next=following
    )


def _choices(matter: Report, thing: Thing | None, account: Account | None, undoing: bool) -> list[tuple[str, str]]:
    actor = current_actor()
    may_suspend = account is not None and can_suspend(actor, account)
    suspended = account is not None and account.suspended_at is not None
    if undoing:
        found = []
        # A suspended person's profile comes back with the person, not before.
        if thing is not None and thing.hidden and not (suspended and thing.kind == PROFILE):
            found.append((UNHIDE, _("Show it again")))
        if may_suspend and suspended:
            found.append((LIFT, _("Let the person in again")))
        return found
    found = [(DISMISS, _("Leave it as it is"))]
    if thing is not None:
        found.append((HIDE, _("Take it out of sight")))
        if may_suspend:
            found.append((SUSPEND, _("Suspend the account: the person is told why by mail and can't sign in")))
    return found


def _log_rows(rows: list[ModerationLog]) -> list[dict[str, Any]]:
    return [{"action": action_label(row.action), "at": row.at, "reason": row.reason} for row in rows]


def _place_of(thing: Thing | None) -> dict[str, str | None] | None:
    """The page a thing stands on, to read it in its surroundings; None for what this moderator can't open."""
    known = translatable(thing.kind) if thing is not None else None
    original = known.load(db(), current_actor(), thing.id) if known is not None and thing is not None else None
    href = link_for(original.endpoint, **original.values) if original is not None else None
    return {"title": original.title, "href": href} if original is not None and href else None


def _show(matter: Report, form: DecideForm, status: int = 200) -> ResponseReturnValue:
    session, actor = db(), current_actor()
    thing = find_thing(session, actor, matter.kind, matter.thing_id)
    account = find_account_behind(session, thing)
    account_id = account.id if account else None
    names = names_of(session, {i for i in (thing.author_id, thing.person_id) if i}) if thing else {}
    undoing = not can_decide(actor, matter, account_id)
    may = can_change(actor, matter, account_id) if undoing else True
    form.action.choices = _choices(matter, thing, account, undoing) if may else []
    html = render_template(
        "moderation/show.html",
        matter=matter,
        kind=kind_label(matter.kind),
        reason=REASON_WORDS.get(matter.reason, matter.reason),
        note=plain_with_links(matter.note) if matter.note else None,
        thing=thing,
        place=_place_of(thing),
        text=plain_with_links(thing.text) if thing and thing.text else None,
        author=names.get(thing.author_id or 0) if thing else None,
        person=names.get(thing.person_id or 0) if thing and thing.person_id != thing.author_id else None,
        suspended=account.suspended_at if account else None,
        party=is_party(actor, matter, account_id),
        undoing=undoing,
        decision=action_label(matter.decision) if matter.decision else None,
        log=_log_rows(list_log(session, matter.id)),
        form=form,
    )
    return html, status


@blueprint.get("/reports/<int:report_id>")
def show(report_id: int) -> ResponseReturnValue:
    """One report, what it is about, and what can be done."""
    return _show(get_report(db(), report_id), DecideForm(formdata=None))


@blueprint.post("/reports/<int:report_id>")
def decide(report_id: int) -> ResponseReturnValue:
    """Decide a report, or undo what was done."""
    session, actor = db(), current_actor()
    matter = get_report(session, report_id)
    form = DecideForm()
    action, reason = form.action.data or "", form.reason.data or ""
    try:
        if not form.validate():
            return _show(matter, form, 422)
        if action in (UNHIDE, LIFT):
            services.undo(session, actor, report_id, action, reason)
        else:
            services.decide(session, actor, report_id, action, reason)
    except Invalid as problem:
        form.show(problem)
        return _show(matter, form, 422)
    except (Conflict, Forbidden) as problem:
        flash(translate(problem.text), "warning")
        return _show(matter, form, problem.status)
    flash(_("Done, and noted in the log."), "ok")
    return go(url_for("moderation.show", report_id=report_id))
