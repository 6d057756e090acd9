"""What is done with a post: found, edited, taken back, thanked for; and whether one hears of its thread."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Forbidden, Invalid, NotFound
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.limits import HOUR, limit
from app.core.web.pages import go
from app.core.web.sessions import db
from app.core.wording import EFFORT, compare_wordings
from app.features.communities.forms.talk import EditPostForm
from app.features.communities.policies import Standing, can_facilitate
from app.features.communities.queries import get_standing
from app.features.communities.services import talk as services
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.frame import render_in_community
from app.features.communities.views.talk import readable
from app.features.communities.views.talk_words import language_word, number_in_address, person_values, when
from app.features.profiles.queries.names import list_names
from app.features.threads.models import Post
from app.features.threads.queries.posts import get_post, list_versions
from app.features.threads.queries.talk import get_community_thread
from app.features.threads.services import CannotWrite
from app.features.threads.services.posts import EditConflict

# So many changes of a post stand on one page of its history.
HISTORY_PAGE = 20


def address_of_post(slug: str, post: Post) -> str:
    """Where a post stands now."""
    return url_for("communities.show_thread", slug=slug, thread_id=post.thread_id, post=post.id, _anchor=f"p-{post.id}")


@blueprint.get("/communities/<slug>/posts/<int:post_id>")
def show_post(slug: str, post_id: int) -> ResponseReturnValue:
    """The lasting address of a post: leads to the thread it stands in now."""
    standing = readable(slug)
    return go(address_of_post(slug, get_post(db(), standing.community.id, post_id)))


def _own(slug: str, post_id: int) -> tuple[Standing, Post]:
    standing = readable(slug)
    post = get_post(db(), standing.community.id, post_id)
    if post.author_id is None or post.author_id != current_actor().person_id:
        raise Forbidden
    return standing, post


def _edit_page(
    standing: Standing, post: Post, form: EditPostForm, status: int = 200, **more: Any
) -> ResponseReturnValue:
    form.offer_languages(current_actor(), [post.lang])
    thread = get_community_thread(db(), standing.community.id, post.thread_id)
    html = render_in_community(
        standing, "communities/talk/edit.html", "threads", form=form, post=post, thread=thread,
        back=address_of_post(standing.community.slug, post), **more,
    )  # fmt: skip
    return html, status


@blueprint.get("/communities/<slug>/posts/<int:post_id>/edit")
def edit_post(slug: str, post_id: int) -> ResponseReturnValue:
    """A page to put other words in one's own post, or to take it back."""
    standing, post = _own(slug, post_id)
    form = EditPostForm(formdata=None)
    form.text.data, form.lang.data, form.version.data = post.text, post.lang, str(post.version)
    return _edit_page(standing, post, form)


@blueprint.post("/communities/<slug>/posts/<int:post_id>/edit")
def change_post(slug: str, post_id: int) -> ResponseReturnValue:
    """Put other words in one's own post."""
    standing, post = _own(slug, post_id)
    limit("talk.edit", 120, HOUR, key=f"account:{standing.actor.account_id}")
    form = EditPostForm()
    try:
        if not form.validate():
            return _edit_page(standing, post, form, 422)
        services.edit(db(), standing, post_id, form.text.data or "", form.lang.data or "", form.begun_from)
    except EditConflict as problem:
        # What stands there now is shown beside what was typed; sending again takes its place.
        form.version.data = str(problem.post.version)
        pieces = compare_wordings(problem.post.text, form.text.data or "")
        return _edit_page(standing, post, form, 409, pieces=pieces)
    except CannotWrite as problem:
        flash(translate(problem.text), "warning")
        return _edit_page(standing, post, form, 403)
    except Invalid as problem:
        form.show(problem)
        return _edit_page(standing, post, form, 422)
    flash(_("Changed. What it said before stays in its history."), "ok")
    return go(address_of_post(slug, post))


@blueprint.post("/communities/<slug>/posts/<int:post_id>/withdraw")
def withdraw_post(slug: str, post_id: int) -> ResponseReturnValue:
    """Take one's own post back, or put it there again."""
    standing, post = _own(slug, post_id)
    back = request.form.get("return") == "1"
    services.withdraw(db(), standing, post_id, not back)
    flash(_("Your post stands here again.") if back else _("Your post is taken back. A line says so."), "ok")
    return go(address_of_post(slug, post))


@blueprint.get("/communities/<slug>/posts/<int:post_id>/history")
def post_history(slug: str, post_id: int) -> ResponseReturnValue:
    """What a post said before, and what changed each time; newest first."""
    session, actor, standing = db(), current_actor(), readable(slug)
    post = get_post(session, standing.community.id, post_id)
    thread = get_community_thread(session, standing.community.id, post.thread_id)
    out_of_sight = post.hidden_at is not None or post.withdrawn_at is not None or thread.hidden_at is not None
    if out_of_sight and not can_facilitate(standing):
        raise NotFound
    upto = number_in_address("upto")
    # One more than is shown, to see whether there is more; the oldest shown is what the next page begins with.
    most = HISTORY_PAGE + (1 if upto is None else 2)
    versions = list_versions(session, post_id, min(upto, post.version) if upto else None, most)
    versions, more = (versions[1:], True) if len(versions) == most else (versions, False)
    earlier = versions[0].version if more else None
    wordings = [(v.text, v.lang, v.at) for v in versions]
    if upto is None or not wordings:
        wordings.append((post.text, post.lang, post.edited_at or post.created_at))
    effort = EFFORT // max(1, len(wordings) - 1)
    changes = [
        {
            "when": when(at), "at": at, "lang": lang, "language": language_word(lang) if lang != former[1] else None,
            "pieces": compare_wordings(former[0], text, effort),
        }
        for former, (text, lang, at) in pairwise(wordings)
    ]  # fmt: skip
    first_text, first_lang, first_at = wordings[0]
    names = list_names(session, actor, [post.author_id] if post.author_id is not None else [])
    return render_in_community(
        standing, "communities/talk/history.html", "threads", post=post, thread=thread, changes=changes[::-1],
        first={"text": first_text, "lang": first_lang, "when": when(first_at), "at": first_at},
        author=person_values(names, post.author_id), back=address_of_post(slug, post),
        earlier=url_for("communities.post_history", slug=slug, post_id=post_id, upto=earlier) if earlier else None,
    )  # fmt: skip


@blueprint.post("/communities/<slug>/posts/<int:post_id>/react")
def react(slug: str, post_id: int) -> ResponseReturnValue:
    """Give a post one of the four signs, or take it back."""
    session, standing = db(), readable(slug)
    limit("talk.react", 600, HOUR, key=f"account:{standing.actor.account_id}")
    services.react(session, standing, post_id, request.form.get("kind", ""))
    return go(address_of_post(slug, get_post(session, standing.community.id, post_id)))


@blueprint.post("/communities/<slug>/threads/<int:thread_id>/follow")
def follow_thread(slug: str, thread_id: int) -> ResponseReturnValue:
    """Hear of a thread, or not any more."""
    session, standing = db(), get_standing(db(), current_actor(), slug)
    following = request.form.get("follow") == "1"
    services.follow(session, standing, thread_id, following)
    flash(_("You will hear of answers.") if following else _("You will not hear of answers any more."), "ok")
    return go(url_for("communities.show_thread", slug=slug, thread_id=thread_id))
