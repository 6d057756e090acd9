"""What communities talk about: threads and their posts, each in its own language."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from flask import request, url_for

from app.core.errors import Invalid
from app.core.messages import N_, Text
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.limits import HOUR, limit
from app.core.web.sessions import db
from app.features.api.describing import operations
from app.features.api.queries import get_readable
from app.features.api.schemas.threads import (
    AnswerBody,
    PostSchema,
    PostsQuery,
    ThreadBody,
    ThreadsQuery,
    ThreadsSchema,
    ThreadWholeSchema,
    as_post,
    as_thread,
)
from app.features.api.schemas.translations import Translations
from app.features.communities.policies import Standing, can_facilitate
from app.features.communities.queries.talk import list_hiding_reasons
from app.features.communities.services import talk as services
from app.features.communities.views.people import views_of
from app.features.threads.models import CommunityThread
from app.features.threads.queries import posts
from app.features.threads.queries import talk as threads
from app.features.vocabularies.queries import normalise_language


def _standing(slug: str) -> Standing:
    return get_readable(db(), current_actor(), slug)


def _language(query: dict[str, Any]) -> str | None:
    if "language" not in query:
        return None
    tag = normalise_language(query["language"])
    if tag is None:
        raise Invalid({"language": Text(N_("There is no such code."))})
    return tag


@operations.arguments(ThreadsQuery, location="query")
@operations.response(200, ThreadsSchema)
def list_threads(query: dict[str, Any], slug: str) -> dict[str, Any]:
    """The threads of a community: pinned ones first, then those in which somebody wrote last."""
    session, standing = db(), _standing(slug)
    number, me = standing.community.id, standing.actor.person_id
    page = threads.list_threads(session, number, me, _language(query), query.get("cursor"), query["limit"])
    views = views_of(who for row in page.threads for who in (row.opened_by, row.last_author_id))
    texts = Translations("thread", {row.id: row.lang for row in page.threads})
    keeps_order = can_facilitate(standing)
    given = []
    for row in page.threads:
        news = me is not None and row.last_author_id != me and (row.last_post_id or 0) > row.last_read_id
        shown = as_thread(row, slug, views, texts, row.hidden_at is None or keeps_order)
        given.append({**shown, "unread": news})
    return {"languages": threads.count_threads_by_language(session, number), "threads": given, "next": page.later}


def _page(query: dict[str, Any], thread_id: int) -> posts.PostPage:
    cursor = query.get("cursor", "")
    at = int(cursor[1:]) if cursor else None
    return posts.list_posts(
        db(),
        thread_id,
        start=query.get("post") if at is None else None,
        after=at if cursor.startswith("a") else None,
        before=at if cursor.startswith("b") else None,
        newest=query["newest"] and at is None,
        limit=query["limit"],
    )


def _given(rows: Sequence[posts.PostRow], slug: str, thread_id: int) -> list[dict[str, Any]]:
    """Posts with all that belongs to them, in a fixed number of queries."""
    session, shown = db(), [row for row in rows if row.is_shown]
    views = views_of(row.author_id for row in rows)
    texts = Translations("post", {row.id: row.lang for row in shown}, {row.id: row.version for row in shown})
    reactions = posts.list_reactions(session, [row.id for row in shown], current_actor().person_id)
    reasons = list_hiding_reasons(session, "post", [row.id for row in rows if row.hidden_at is not None])
    return [
        as_post(row, slug, thread_id, views, texts, reactions.get(row.id), reasons.get(row.id)) for row in rows
    ]  # fmt: skip


def _thread(standing: Standing, thread: CommunityThread, page: posts.PostPage) -> dict[str, Any]:
    session, slug = db(), standing.community.slug
    hidden = thread.hidden_at is not None
    open_ = not hidden or can_facilitate(standing)
    obstacle = services.obstacle_to_answer(standing, thread)
    texts = Translations("thread", {thread.id: thread.lang})
    views = views_of([thread.opened_by, thread.last_author_id])
    return {
        **as_thread(thread, slug, views, texts, open_),
        "community": slug,
        "languages": posts.count_posts_by_language(session, thread.id) if open_ else {},
        "reason": (list_hiding_reasons(session, "thread", [thread.id]).get(thread.id) or None) if hidden else None,
        "obstacle": translate(obstacle) if obstacle is not None else None,
        "posts": _given(page.posts, slug, thread.id) if open_ else [],
        "previous": f"b{page.earlier}" if open_ and page.earlier is not None else None,
        "next": f"a{page.later}" if open_ and page.later is not None else None,
    }


@operations.arguments(PostsQuery, location="query")
@operations.response(200, ThreadWholeSchema)
def read_thread(query: dict[str, Any], slug: str, thread_id: int) -> dict[str, Any]:
    """A thread with a page of its posts, oldest first; one that was joined to another is that other."""
    standing = _standing(slug)
    thread = threads.get_community_thread(db(), standing.community.id, thread_id)
    return _thread(standing, thread, _page(query, thread.id))


def _token(body: dict[str, Any]) -> str:
    """The mark by which what is sent twice is known: the sender's own and of this address, whatever others send."""
    if not body.get("token"):
        return secrets.token_hex(16)
    return hashlib.sha256(f"{current_actor().person_id} {request.path} {body['token']}".encode()).hexdigest()


_LOCATION = {"Location": {"schema": {"type": "string"}}}


@operations.arguments(ThreadBody, location="json")
@operations.response(201, ThreadWholeSchema, headers=_LOCATION)
def open_thread(body: dict[str, Any], slug: str) -> Any:
    """Open a thread with its first post."""
    session, standing = db(), _standing(slug)
    limit("talk.post", 60, HOUR, key=f"account:{standing.actor.account_id}")
    thread = services.open_thread(session, standing, body["title"], body["text"], body["lang"], _token(body))
    answer = _thread(standing, thread, posts.list_posts(session, thread.id))
    return answer, 201, {"Location": url_for("api.read_thread", slug=slug, thread_id=thread.id)}


@operations.arguments(AnswerBody, location="json")
@operations.response(201, PostSchema, headers=_LOCATION)
def answer_thread(body: dict[str, Any], slug: str, thread_id: int) -> Any:
    """Answer in a thread."""
    session, standing = db(), _standing(slug)
    limit("talk.post", 60, HOUR, key=f"account:{standing.actor.account_id}")
    made = services.answer(session, standing, thread_id, body["text"], body["lang"], _token(body), body["answers"])
    row = posts.list_posts(session, made.thread_id, start=made.id, limit=1).posts
    place = url_for("api.read_thread", slug=slug, thread_id=made.thread_id, post=made.id)
    return _given(row, slug, made.thread_id)[0], 201, {"Location": place}
