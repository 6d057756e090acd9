"""The threads of a community: the list, one of them, opening one, answering in one."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Forbidden, Invalid, NotFound
from app.core.markdown import quote_of
from app.core.messages import N_
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.limits import HOUR, limit
from app.core.web.pages import go
from app.core.web.sessions import after_response, db
from app.features.communities.forms.talk import AnswerForm, NewThreadForm
from app.features.communities.policies import Standing, can_facilitate, can_read, obstacle_to_write
from app.features.communities.queries import get_standing, standing_in
from app.features.communities.queries.talk import list_communities_named, list_hiding_reasons
from app.features.communities.services import talk as services
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.frame import render_in_community
from app.features.communities.views.talk_drafts import keep_refused
from app.features.communities.views.talk_words import (
    number_in_address,
    post_values,
    present_reading,
    thread_values,
)
from app.features.profiles.queries.names import list_names
from app.features.renditions.queries.best import list_best
from app.features.threads.models import CommunityThread
from app.features.threads.queries import talk as reads
from app.features.threads.queries.posts import (
    PostPage,
    count_posts_by_language,
    find_first_unread,
    find_post,
    list_posts,
)
from app.features.threads.queries.talk import OwnMarks, get_community_thread, load_own_marks
from app.features.threads.services import CannotWrite, mark_read
from app.features.vocabularies.queries import autonym


def readable(slug: str) -> Standing:
    """Where the reader stands in a community whose threads they may read; raises otherwise."""
    standing = get_standing(db(), current_actor(), slug)
    if not can_read(standing):
        raise Forbidden(N_("Only members read what is written here."))
    return standing


def _language_filter(counts: dict[str, int], chosen: str, slug: str) -> list[dict[str, Any]]:
    """The languages of the threads as links, each with how many there are; nothing where there is but one."""
    if len(counts) < 2 and not chosen:
        return []
    url = url_for("communities.list_threads", slug=slug)
    every = {"label": _("All"), "count": sum(counts.values()), "href": url, "here": not chosen, "lang": None}
    return [every] + [
        {"label": autonym(lang), "count": count, "href": f"{url}?language={lang}", "here": lang == chosen, "lang": lang}
        for lang, count in counts.items()
    ]


@blueprint.get("/communities/<slug>/threads")
def list_threads(slug: str) -> ResponseReturnValue:
    """What is talked about: pinned threads first, then those in which somebody wrote last."""
    session, actor, standing = db(), current_actor(), readable(slug)
    counts = reads.count_threads_by_language(session, standing.community.id)
    chosen = request.args.get("language", "").replace("\0", "")[:35]
    mark = request.args.get("after")
    waiting = request.args.get("waiting") == "1"
    page = reads.list_threads(session, standing.community.id, actor.person_id, chosen or None, mark, unanswered=waiting)
    reading = present_reading()
    originals = {row.id: row.lang for row in page.threads if row.hidden_at is None}
    titles = list_best(session, actor, "thread", originals, reading=reading.tags)
    names = list_names(session, actor, {row.last_author_id for row in page.threads if row.last_author_id is not None})
    url = url_for("communities.list_threads", slug=slug)
    again = (f"&language={chosen}" if chosen in counts else "") + ("&waiting=1" if waiting else "")
    return render_in_community(
        standing,
        "communities/talk/list.html",
        "threads",
        threads=thread_values(page.threads, names, titles, reading, slug),
        total=sum(counts.values()),
        foreign=reading.count_unread(counts),
        languages=_language_filter(counts, chosen, slug) if not waiting else [],
        waiting=waiting,
        all_href=url,
        later=f"{url}?after={page.later}{again}" if page.later else None,
        first=f"{url}?{again[1:]}" if mark else None,
        obstacle=obstacle_to_write(standing),
    )


def _new_thread_page(standing: Standing, form: NewThreadForm, status: int = 200) -> ResponseReturnValue:
    form.offer_languages(current_actor(), [standing.community.lang])
    html = render_in_community(standing, "communities/talk/new.html", "threads", form=form)
    return html, status


@blueprint.get("/communities/<slug>/threads/new")
def new_thread(slug: str) -> ResponseReturnValue:
    """A page to open a thread, with what was begun before."""
    session, actor, standing = db(), current_actor(), readable(slug)
    obstacle = obstacle_to_write(standing)
    if obstacle is not None or actor.person_id is None:
        raise CannotWrite(obstacle.key if obstacle else None, **(dict(obstacle.values) if obstacle else {}))
    form = NewThreadForm()
    draft = reads.find_draft(session, actor.person_id, standing.community.id)
    if draft is not None:
        form.take_draft(draft)
    form.renew()
    return _new_thread_page(standing, form)


@blueprint.post("/communities/<slug>/threads/new")
def open_thread(slug: str) -> ResponseReturnValue:
    """Open a thread."""
    session, standing = db(), readable(slug)
    limit("talk.post", 60, HOUR, key=f"account:{standing.actor.account_id}")
    form = NewThreadForm()
    try:
        if not form.validate():
            return _new_thread_page(standing, form, 422)
        thread = services.open_thread(
            session, standing, form.title.data or "", form.text.data or "", form.lang.data or "", form.token.data or ""
        )
    except CannotWrite as problem:
        kept = keep_refused(standing, 0, form)
        flash(translate(problem.text), "warning")
        if kept:
            flash(_("What you wrote is kept as a draft."), "info")
        return _new_thread_page(standing, form, 403)
    except Invalid as problem:
        form.show(problem)
        if not problem.fields:
            form.renew()
        return _new_thread_page(standing, form, 422)
    flash(_("Your thread is open."), "ok")
    return go(url_for("communities.show_thread", slug=slug, thread_id=thread.id))


def _page_of(thread: CommunityThread, newest: bool) -> PostPage:
    """The page of posts that the address asks for; from the beginning if it asks for none, unless ``newest``."""
    return list_posts(
        db(),
        thread.id,
        start=number_in_address("post"),
        after=number_in_address("after"),
        before=number_in_address("before"),
        newest=newest or "newest" in request.args,
    )


def _thread_page(
    standing: Standing, thread: CommunityThread, form: AnswerForm, marks: OwnMarks, status: int = 200, **more: Any
) -> ResponseReturnValue:
    """A thread with the form to answer; what the reader does not read is folded, and counted on top."""
    session, actor, reading = db(), current_actor(), present_reading()
    page = _page_of(thread, newest=status != 200)
    counts = count_posts_by_language(session, thread.id)
    show_all, me = request.args.get("show") == "all", actor.person_id
    obstacle = services.obstacle_to_answer(standing, thread)
    if me is not None and page.posts and status == 200 and page.posts[-1].id > marks.last_read_id:
        number, last = thread.id, page.posts[-1].id
        after_response(lambda writer: mark_read(writer, number, me, last))
    unread = find_first_unread(session, thread.id, marks.last_read_id, me) if me is not None else None
    titles = list_best(session, actor, "thread", {thread.id: thread.lang}, reading=reading.tags)
    form.offer_languages(actor, [thread.lang] if reading.reads(thread.lang) else [])
    html = render_in_community(
        standing,
        "communities/talk/thread.html",
        "threads",
        thread=thread,
        title=titles.get(thread.id),
        title_is_foreign=not reading.reads(thread.lang),
        posts=post_values(standing, thread, page.posts, marks, show_all, obstacle is None),
        page=page,
        url=url_for("communities.show_thread", slug=standing.community.slug, thread_id=thread.id),
        total=sum(counts.values()),
        folded=reading.count_unread(counts),
        show_all=show_all,
        unread=unread if unread is not None and unread not in {post.id for post in page.posts} else None,
        form=form,
        marks=marks,
        obstacle=obstacle,
        keeps_order=can_facilitate(standing),
        **more,
    )
    return html, status


def _elsewhere(thread_id: int) -> ResponseReturnValue:
    """The way to a thread that was moved to another community; raises `NotFound` if there is none."""
    session = db()
    thread = reads.find_community_thread(session, thread_id)
    place = list_communities_named(session, [thread.community_id] if thread is not None else [])
    for community in place.values():
        # Where a thread stands that one may not read is nobody's to learn by trying numbers.
        if can_read(standing_in(session, current_actor(), community)):
            return go(url_for("communities.show_thread", slug=community.slug, thread_id=thread_id))
    raise NotFound


def _hidden_page(standing: Standing, thread: CommunityThread) -> str:
    """What stands in the place of a thread that is out of sight: that it is, by whom and why."""
    reasons = list_hiding_reasons(db(), "thread", [thread.id])
    return render_in_community(
        standing, "communities/talk/hidden.html", "threads", thread=thread, by_house=thread.id in reasons,
        reason=reasons.get(thread.id),
    )  # fmt: skip


def _quoting(form: AnswerForm, thread: CommunityThread) -> None:
    """Begin the answer with the words of the post that the address names, after what was begun before."""
    number = number_in_address("quote")
    post = find_post(db(), number) if number is not None else None
    if post is None or post.thread_id != thread.id or post.hidden_at is not None or post.withdrawn_at is not None:
        return
    begun = (form.text.data or "").rstrip()
    form.text.data = f"{begun}\n\n{quote_of(post.text)}".lstrip("\n")
    form.answers.data = str(post.id)


@blueprint.get("/communities/<slug>/threads/<int:thread_id>")
def show_thread(slug: str, thread_id: int) -> ResponseReturnValue:
    """Read a thread, oldest posts first."""
    session, actor, standing = db(), current_actor(), readable(slug)
    try:
        thread = get_community_thread(session, standing.community.id, thread_id)
    except NotFound:
        return _elsewhere(thread_id)
    if thread.id != thread_id:
        return go(url_for("communities.show_thread", slug=slug, thread_id=thread.id, post=request.args.get("post")))
    if thread.hidden_at is not None and not can_facilitate(standing):
        return _hidden_page(standing, thread)
    marks = load_own_marks(session, thread.id, standing.community.id, actor.person_id)
    form = AnswerForm(formdata=None)
    if marks.draft is not None:
        form.take_draft(marks.draft)
    _quoting(form, thread)
    form.renew()
    return _thread_page(standing, thread, form, marks)


@blueprint.post("/communities/<slug>/threads/<int:thread_id>")
def answer(slug: str, thread_id: int) -> ResponseReturnValue:
    """Answer in a thread."""
    session, actor, standing = db(), current_actor(), readable(slug)
    thread = get_community_thread(session, standing.community.id, thread_id)
    limit("talk.post", 60, HOUR, key=f"account:{actor.account_id}")
    form = AnswerForm()
    if thread.hidden_at is not None and not can_facilitate(standing):
        return _taken_away(standing, thread, form)
    try:
        if not form.validate():
            return _refused(standing, thread, form, 422)
        post = services.answer(
            session, standing, thread.id, form.text.data or "", form.lang.data or "", form.token.data or "",
            form.answers_id,
        )  # fmt: skip
    except CannotWrite as problem:
        flash(translate(problem.text), "warning")
        if keep_refused(standing, thread.id, form):
            flash(_("What you wrote is kept as a draft."), "info")
        return _refused(standing, thread, form, 403)
    except Invalid as problem:
        form.show(problem)
        if not problem.fields:
            form.renew()
        return _refused(standing, thread, form, 422)
    flash(_("Your answer stands here."), "ok")
    return go(url_for("communities.show_thread", slug=slug, thread_id=thread.id, post=post.id, _anchor=f"p-{post.id}"))


def _taken_away(standing: Standing, thread: CommunityThread, form: AnswerForm) -> ResponseReturnValue:
    """The thread went out of sight while somebody wrote: their words are kept, those of the thread stay away."""
    kept, number, community = keep_refused(standing, thread.id, form), thread.id, standing.community.slug
    if kept:
        flash(_("What you wrote is kept as a draft."), "info")
    again = readable(community)
    return _hidden_page(again, get_community_thread(db(), again.community.id, number)), 403


def _refused(standing: Standing, thread: CommunityThread, form: AnswerForm, status: int) -> ResponseReturnValue:
    marks = load_own_marks(db(), thread.id, standing.community.id, current_actor().person_id)
    return _thread_page(standing, thread, form, marks, status)
