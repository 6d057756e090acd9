"""The page of a thread."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_time
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.limits import HOUR, limit
from app.core.web.pages import go
from app.core.web.sessions import after_response, db
from app.features.profiles.queries.visible import ProfileView, present_many
from app.features.profiles.views.cards import address_of, card_of, reading_languages, title_of
from app.features.threads import services
from app.features.threads.forms import MessageForm, language_choices
from app.features.threads.models import Message
from app.features.threads.policies import is_shown
from app.features.threads.queries import MessagePage, ThreadView, get_thread, list_messages
from app.features.threads.rendering import plain_with_links

blueprint = Blueprint("threads", __name__)


def _number(name: str) -> int | None:
    """A page mark from the address; anything but a number means the newest page."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _message(message: Message, view: ThreadView, names: dict[int, ProfileView]) -> dict[str, Any]:
    actor = current_actor()
    own = message.author_profile_id == view.side
    author = names.get(message.author_profile_id or 0)
    who = title_of(author) if author else _("A person who left")
    if own and message.by_person_id not in (None, actor.person_id):
        colleague = names.get(message.by_person_id or 0)
        who = title_of(colleague) if colleague else who
    return {
        "id": message.id,
        "text": plain_with_links(message.text) if is_shown(message) else None,
        "lang": message.lang,
        "own_side": own,
        "mine": own and message.by_person_id == actor.person_id,
        "who": who,
        "at": message.created_at,
        "when": _(
            "%(day)s, %(time)s",
            day=format_date(message.created_at, "medium"),
            time=format_time(message.created_at, "short"),
        ),
    }


def _names(session: Session, view: ThreadView, page: MessagePage) -> dict[int, ProfileView]:
    ids = {i for m in page.messages for i in (m.author_profile_id, m.by_person_id) if i is not None}
    ids |= {i for i in (view.side, view.other) if i is not None}
    return {v.id: v for v in present_many(session, current_actor(), sorted(ids), reading_languages())}


def _newest_lang(page: MessagePage, view: ThreadView) -> str | None:
    return next((m.lang for m in reversed(page.messages) if m.author_profile_id == view.side and m.lang), None)


def _page(view: ThreadView, form: MessageForm, status: int = 200) -> ResponseReturnValue:
    session, actor = db(), current_actor()
    page = list_messages(session, view.thread.id, _number("before"), _number("after"))
    names = _names(session, view, page)
    other = names.get(view.other or 0)
    shared = [language.tag for language in other.languages if language.shared] if other else []
    form.lang.choices = language_choices(actor, shared)
    if not form.lang.data:
        form.lang.data = _newest_lang(page, view) or form.lang.choices[0][0]
    html = render_template(
        "threads/thread.html",
        view=view,
        other=other,
        side=names.get(view.side) if view.side != actor.person_id else None,
        title=title_of(other) if other else _("Someone who is not here now") if view.other else _("A person who left"),
        other_href=address_of(other) if other else None,
        card=card_of(other) if other else None,
        messages=[_message(message, view, names) for message in page.messages],
        page=page,
        form=form,
        obstacle=translate(view.obstacle) if view.obstacle else None,
    )
    return html, status


@blueprint.get("/threads/<int:thread_id>")
def show(thread_id: int) -> ResponseReturnValue:
    """Read a thread, the newest messages first to be seen."""
    session, actor = db(), current_actor()
    view = get_thread(session, actor, thread_id)
    newest = list_messages(session, thread_id, _number("before"), _number("after")).messages
    if newest and actor.person_id is not None:
        last, person = newest[-1].id, actor.person_id
        after_response(lambda writer: services.mark_read(writer, thread_id, person, last))
    form = MessageForm()
    form.renew()
    return _page(view, form)


@blueprint.post("/threads/<int:thread_id>")
def post(thread_id: int) -> ResponseReturnValue:
    """Write in a thread."""
    session, actor = db(), current_actor()
    view = get_thread(session, actor, thread_id)
    limit("threads.post", 120, HOUR, key=f"account:{actor.account_id}")
    form = MessageForm()
    try:
        if not form.validate():
            return _page(view, form, 422)
        number = services.post_message(
            session, actor, thread_id, form.text.data or "", form.lang.data, form.token.data or ""
        )
    except services.CannotWrite as problem:
        flash(translate(problem.text), "warning")
        return _page(view, form, 403)
    except Invalid as problem:
        form.show(problem)
        if not problem.fields:
            form.renew()
        return _page(view, form, 422)
    flash(_("Sent.") if number is not None else _("This was sent already; it stands here once."), "ok")
    return go(url_for("threads.show", thread_id=thread_id) + "#newest")
