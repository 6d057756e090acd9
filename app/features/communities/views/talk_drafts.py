"""What was begun and not sent: kept by a button, every few seconds where scripts run, and when a post is refused."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_time
from flask_babel import gettext as _

from app.core.errors import Forbidden
from app.core.web.identity import current_actor
from app.core.web.limits import HOUR, limit
from app.core.web.pages import go
from app.core.web.sessions import database, db
from app.features.communities.forms.talk import AnswerForm, NewThreadForm
from app.features.communities.policies import Standing, can_read
from app.features.communities.queries import get_standing
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.frame import render_in_community
from app.features.threads.queries.talk import find_draft, get_community_thread
from app.features.threads.services.following import KeptDraft, drop_draft, keep_draft


def _values(form: AnswerForm) -> dict[str, object]:
    title = form.title.data if isinstance(form, NewThreadForm) else ""
    return {
        "title": title or "", "text": form.text.data or "", "lang": form.lang.data, "answers_id": form.answers_id,
        "seen": form.seen.data or "",
    }  # fmt: skip


def keep_refused(standing: Standing, thread_id: int, form: AnswerForm) -> bool:
    """Keep what could not be sent, in a transaction of its own: that of the refused request is taken back."""
    person, community_id = standing.actor.person_id, standing.community.id
    if person is None or not form.text.data:
        return False
    db().rollback()
    with database().transaction() as session:
        keep_draft(session, person, community_id, thread_id, **_values(form))  # type: ignore[arg-type]
    return True


def _keep(standing: Standing, thread_id: int, form: AnswerForm) -> ResponseReturnValue:
    """Keep it, and say so: to the page around it in a line, else on the page itself."""
    session, actor = db(), current_actor()
    if actor.person_id is None:
        raise Forbidden
    limit("talk.draft", 1200, HOUR, key=f"account:{actor.account_id}")
    if request.form.get("drop"):
        drop_draft(session, actor.person_id, standing.community.id, thread_id)
        flash(_("The draft is gone."), "ok")
        return go(_back(standing, thread_id))
    kept = keep_draft(session, actor.person_id, standing.community.id, thread_id, **_values(form))  # type: ignore[arg-type]
    if "HX-Request" in request.headers:
        return render_template("communities/talk/kept.html", kept=kept, at=format_time(kept.at, "short"))
    if kept.replaced is not None:
        return _both(standing, thread_id, kept)
    flash(_("Kept as a draft. Only you see it."), "ok")
    return go(_back(standing, thread_id))


def _back(standing: Standing, thread_id: int) -> str:
    slug = standing.community.slug
    if not thread_id:
        return url_for("communities.new_thread", slug=slug)
    return url_for("communities.show_thread", slug=slug, thread_id=thread_id, _anchor="answer")


def _both(standing: Standing, thread_id: int, kept: KeptDraft) -> ResponseReturnValue:
    """Another tab kept something else before: the newest counts, the other can be copied from here."""
    draft = find_draft(db(), current_actor().person_id or 0, standing.community.id, thread_id)
    return render_in_community(
        standing, "communities/talk/two_drafts.html", "threads", draft=draft, other=kept.replaced,
        back=_back(standing, thread_id),
    )  # fmt: skip


@blueprint.post("/communities/<slug>/threads/new/draft")
def keep_new_draft(slug: str) -> ResponseReturnValue:
    """Keep a thread that is not opened yet."""
    return _keep(get_standing(db(), current_actor(), slug), 0, NewThreadForm())


@blueprint.post("/communities/<slug>/threads/<int:thread_id>/draft")
def keep_answer_draft(slug: str, thread_id: int) -> ResponseReturnValue:
    """Keep an answer that is not sent yet."""
    standing = get_standing(db(), current_actor(), slug)
    if not can_read(standing):
        raise Forbidden
    thread = get_community_thread(db(), standing.community.id, thread_id)
    return _keep(standing, thread.id, AnswerForm())
