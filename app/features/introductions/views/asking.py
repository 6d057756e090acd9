"""Asking for contact: the form, and the button on a profile's page leads here."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.core.errors import Forbidden, Invalid, NotFound
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, limit
from app.core.web.pages import go, link_for
from app.core.web.sessions import db
from app.features.introductions import services
from app.features.introductions.forms import AskForm
from app.features.introductions.policies import LONGEST_NOTE, SHORTEST_NOTE, Obstacle
from app.features.introductions.views import blueprint
from app.features.introductions.views.wording import chosen_speaker, say, speaker_choices, speakers
from app.features.profiles.models import Profile
from app.features.profiles.queries.profiles import find_profile
from app.features.profiles.queries.visible import ProfileView, present
from app.features.profiles.views.cards import address_of, card_of, reading_languages, title_of
from app.features.threads.forms import language_choices
from app.features.threads.queries import find_thread


def next_step(session: Session, obstacle: Obstacle, speaker_id: int | None, to_id: int) -> tuple[str, str] | None:
    """What can be done instead of asking: a label and an address."""
    if obstacle.code == "profile":
        return _("Make your profile"), link_for("profiles.edit_person") or "/"
    if obstacle.code == "unverified":
        return _("To your account"), link_for("accounts.settings") or "/"
    if obstacle.code == "asked_me":
        return _("Read and answer"), url_for("introductions.show", introduction_id=obstacle.introduction_id)
    if obstacle.code == "asked_them":
        return _("See what you wrote"), url_for("introductions.show", introduction_id=obstacle.introduction_id)
    if obstacle.code == "connected" and speaker_id is not None:
        thread = find_thread(session, speaker_id, to_id)
        if thread is not None:
            return _("Write to each other"), url_for("threads.show", thread_id=thread.id)
        return _("Your connections"), url_for("introductions.connections")
    if obstacle.code in ("closed", "full", "declined", "nobody"):
        directory = link_for("directory.search") or link_for("profiles.directory")
        return (_("Look for others in the directory"), directory) if directory else None
    return None


def _page(
    form: AskForm, to: Profile, view: ProfileView, found: list[ProfileView], status: int = 200,
    obstacle: Obstacle | None = None,
) -> ResponseReturnValue:  # fmt: skip
    session, actor = db(), current_actor()
    shared = [language for language in view.languages if language.shared]
    form.speaker.choices = speaker_choices(found)
    form.lang.choices = language_choices(actor, [language.tag for language in shared])
    form.lang.data = form.lang.data or form.lang.choices[0][0]
    speaker = chosen_speaker(found, form.speaker.data)
    html = render_template(
        "introductions/ask.html",
        form=form,
        view=view,
        card=card_of(view),
        title=title_of(view),
        back=address_of(view),
        shared=shared,
        several=len(found) > 1,
        obstacle=say(obstacle.text) if obstacle else None,
        step=next_step(session, obstacle, speaker.id if speaker else None, to.id) if obstacle else None,
        writes=obstacle is None or (request.method == "POST" and bool(form.note.data)),
        limits={"shortest": SHORTEST_NOTE, "longest": LONGEST_NOTE},
        bridge=link_for("suggestions.bridges", handle=view.handle) if not view.is_institution else None,
    )
    return html, status


@blueprint.get("/introductions/ask/<handle>")
def ask(handle: str) -> ResponseReturnValue:
    """The page to say hello from, or why that is not possible now."""
    session, actor = db(), current_actor()
    to, view = _receiver(session, handle)
    found = speakers(session)
    speaker = chosen_speaker(found, request.args.get("as"))
    if speaker is None and request.args.get("as"):
        raise NotFound
    services.get_receiver(session, actor, speaker.id if speaker else None, to)
    obstacle = services.find_obstacle(session, actor, speaker.id if speaker else None, to)
    form = AskForm(formdata=None)
    form.speaker.data = speaker.handle if speaker else None
    return _page(form, to, view, found, obstacle=obstacle)


def _receiver(session: Session, handle: str) -> tuple[Profile, ProfileView]:
    to = find_profile(session, handle)
    view = present(session, current_actor(), to, reading_languages()) if to is not None else None
    if to is None or view is None:
        raise NotFound
    return to, view


@blueprint.post("/introductions/ask/<handle>")
def send(handle: str) -> ResponseReturnValue:
    """Say hello."""
    session, actor = db(), current_actor()
    to, view = _receiver(session, handle)
    found = speakers(session)
    form = AskForm()
    speaker = chosen_speaker(found, form.speaker.data)
    if speaker is None and form.speaker.data and found:
        raise Forbidden
    limit("introductions.ask", 60, DAY, key=f"account:{actor.account_id}")
    try:
        if not form.validate():
            return _page(form, to, view, found, 422)
        from_id = speaker.id if speaker else None
        introduction = services.ask(session, actor, to, form.note.data or "", form.lang.data, from_id)
    except Invalid as problem:
        form.show(problem)
        return _page(form, to, view, found, 422)
    except services.CannotAsk as problem:
        return _refused(problem.obstacle, form, to, view, found)
    flash(_("Your note is on its way. You will hear from us when there is an answer."), "ok")
    return go(url_for("introductions.show", introduction_id=introduction.id))


def _refused(
    obstacle: Obstacle, form: AskForm, to: Profile, view: ProfileView, found: list[ProfileView]
) -> ResponseReturnValue:
    if obstacle.introduction_id is not None:
        flash(say(obstacle.text), "info")
        return go(url_for("introductions.show", introduction_id=obstacle.introduction_id))
    return _page(form, to, view, found, 429 if obstacle.code == "often" else 422, obstacle)
