"""What talk contributes: the tab, the newest threads on the overview, notices, what can be translated and reported,
the download, the going, and the search rows after a restore."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import MODERATOR, OPERATOR, Actor
from app.core.errors import NotFound
from app.core.messages import N_, Text
from app.core.notices import NoticeKind, add_notice_kind
from app.core.registries import (
    Original,
    Panel,
    Reportable,
    Tab,
    Translatable,
    add_panel,
    add_reportable,
    add_tab,
    add_translatable,
)
from app.features.communities.models import ACTIVE, Community, Member
from app.features.communities.policies import Standing, can_read
from app.features.communities.queries.standing import find_obstacle, standing_in
from app.features.communities.queries.talk import readable_ids
from app.features.communities.views.talk_words import newest_threads
from app.features.threads.models import CommunityThread, Post
from app.features.threads.services.order import set_post_hidden, set_thread_hidden


def _may_look(session: Session, actor: Actor, community_id: int) -> Community | None:
    """The community, if the actor may read in it or moderates the platform."""
    community = session.get(Community, community_id)
    if community is None:
        return None
    if actor.roles & {OPERATOR, MODERATOR} or can_read(standing_in(session, actor, community)):
        return community
    return None


def load_posts(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, Original]:
    """Posts as those who translate get them."""
    thread = CommunityThread.__table__
    query = (
        select(
            Post.id, Post.thread_id, Post.author_id, Post.text, Post.lang, Post.version, thread.c.title, Community.slug,
        )
        .join(thread, thread.c.id == Post.thread_id)
        .join(Community, Community.id == Post.community_id)
        .where(
            Post.id.in_(ids), Post.hidden_at.is_(None), Post.withdrawn_at.is_(None), thread.c.hidden_at.is_(None),
            Post.community_id.in_(readable_ids(actor)),
        )
    )  # fmt: skip
    return {
        row.id: Original(
            kind="post", thing_id=row.id, title=row.title, lang=row.lang, version=row.version,
            fields={"text": row.text}, labels={"text": N_("Post")}, markdown=frozenset({"text"}),
            endpoint="communities.show_thread", values={"slug": row.slug, "thread_id": row.thread_id, "post": row.id},
            author_id=row.author_id,
        )
        for row in session.execute(query)
    }  # fmt: skip


def load_post(session: Session, actor: Actor, post_id: int) -> Original | None:
    """The same of one."""
    return load_posts(session, actor, [post_id]).get(post_id)


def load_threads(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, Original]:
    """Titles of threads as those who translate get them."""
    thread = CommunityThread.__table__
    query = (
        select(thread.c.id, thread.c.title, thread.c.lang, thread.c.version, thread.c.opened_by, Community.slug)
        .join(Community, Community.id == thread.c.community_id)
        .where(thread.c.id.in_(ids), thread.c.hidden_at.is_(None), Community.id.in_(readable_ids(actor)))
    )
    return {
        row.id: Original(
            kind="thread", thing_id=row.id, title=row.title, lang=row.lang, version=row.version,
            fields={"title": row.title}, labels={"title": N_("Title")}, endpoint="communities.show_thread",
            values={"slug": row.slug, "thread_id": row.id}, author_id=row.opened_by,
        )
        for row in session.execute(query)
    }  # fmt: skip


def load_thread(session: Session, actor: Actor, thread_id: int) -> Original | None:
    """The same of one."""
    return load_threads(session, actor, [thread_id]).get(thread_id)


def _members_of(column: Any) -> Any:
    return select(Member.person_id).where(Member.community_id.in_(column), Member.state == ACTIVE)


def readers_of_post(_session: Session, post_id: int) -> Any:
    """The members of its community are asked to translate a post."""
    return _members_of(select(Post.community_id).where(Post.id == post_id))


def readers_of_thread(_session: Session, thread_id: int) -> Any:
    """The same of a title."""
    thread = CommunityThread.__table__
    return _members_of(select(thread.c.community_id).where(thread.c.id == thread_id))


def obstacle_of_post(session: Session, actor: Actor, post_id: int) -> Text | None:
    """Why somebody does not translate a post: muted in its community, or taken out of it."""
    post = session.get(Post, post_id)
    return find_obstacle(session, actor, post.community_id if post is not None else None)


def obstacle_of_thread(session: Session, actor: Actor, thread_id: int) -> Text | None:
    """The same of a title."""
    thread = session.get(CommunityThread, thread_id)
    return find_obstacle(session, actor, thread.community_id if thread is not None else None)


def describe_post(session: Session, actor: Actor, post_id: int) -> dict[str, Any] | None:
    """A post as it is reported, for its readers and for those who moderate."""
    post = session.get(Post, post_id)
    community = _may_look(session, actor, post.community_id) if post is not None else None
    if post is None or community is None:
        return None
    if post.hidden_at is not None and not actor.roles & {OPERATOR, MODERATOR}:
        return None
    return {
        "text": post.text, "lang": post.lang, "at": post.created_at, "author_id": post.author_id,
        "person_id": post.author_id, "hidden": post.hidden_at is not None, "slug": community.slug,
        "thread_id": post.thread_id,
    }  # fmt: skip


def hide_post(session: Session, _actor: Actor, post_id: int, hidden: bool) -> None:
    """Take a post out of sight for the whole platform, or show it again."""
    post = session.get(Post, post_id)
    if post is None:
        raise NotFound
    set_post_hidden(session, post, hidden)


def describe_thread(session: Session, actor: Actor, thread_id: int) -> dict[str, Any] | None:
    """A thread as it is reported: its title."""
    thread = session.get(CommunityThread, thread_id)
    community = _may_look(session, actor, thread.community_id) if thread is not None else None
    if thread is None or community is None:
        return None
    if thread.hidden_at is not None and not actor.roles & {OPERATOR, MODERATOR}:
        return None
    return {
        "text": thread.title, "lang": thread.lang, "at": thread.created_at, "author_id": thread.opened_by,
        "person_id": thread.opened_by, "hidden": thread.hidden_at is not None, "slug": community.slug,
        "thread_id": thread.id,
    }  # fmt: skip


def hide_thread(session: Session, _actor: Actor, thread_id: int, hidden: bool) -> None:
    """Take a thread out of sight for the whole platform, or show it again."""
    thread = session.get(CommunityThread, thread_id)
    if thread is None:
        raise NotFound
    set_thread_hidden(session, thread, hidden)


def load_newest(_session: Session, _actor: Actor, standing: Any) -> dict[str, Any] | None:
    """The newest threads, for the community's own page; nothing where they may not be read."""
    if not isinstance(standing, Standing) or not can_read(standing):
        return None
    return {"threads": newest_threads(standing), "slug": standing.community.slug}


_PAGE = ("slug", "thread_id", "post")
_THREAD = ("slug", "thread_id")
for _kind, _text, _parts, _mail in (
    ("thread_answered", N_("%(name)s answered in “%(title)s”"), _PAGE, False),
    ("thread_answered_unnamed", N_("There is an answer in “%(title)s”"), _PAGE, False),
    ("quoted", N_("%(name)s answered what you wrote in “%(title)s”"), _PAGE, True),
    ("quoted_unnamed", N_("What you wrote in “%(title)s” was answered"), _PAGE, True),
    ("mentioned", N_("%(name)s named you in “%(title)s”"), _PAGE, True),
    ("mentioned_unnamed", N_("You were named in “%(title)s”"), _PAGE, True),
    ("hide_post", N_("A post of yours in “%(title)s” was hidden by those who keep order: %(reason)s"), _PAGE, True),
    ("return_post", N_("A post of yours in “%(title)s” can be read again: %(reason)s"), _PAGE, False),
    ("return_post_plainly", N_("A post of yours in “%(title)s” can be read again"), _PAGE, False),
    ("hide_thread", N_("Your thread “%(title)s” was hidden by those who keep order: %(reason)s"), _THREAD, True),
    ("return_thread", N_("Your thread “%(title)s” can be read again: %(reason)s"), _THREAD, False),
    ("return_thread_plainly", N_("Your thread “%(title)s” can be read again"), _THREAD, False),
    ("lock_thread", N_("Your thread “%(title)s” was closed: %(reason)s"), _THREAD, False),
    ("unlock_thread", N_("Your thread “%(title)s” is open again: %(reason)s"), _THREAD, False),
    ("unlock_thread_plainly", N_("Your thread “%(title)s” is open again"), _THREAD, False),
    ("split_thread", N_("What you wrote stands in a thread of its own now, “%(title)s”: %(reason)s"), _THREAD, False),
    ("move_thread", N_("The thread “%(title)s” moved to another community: %(reason)s"), _THREAD, False),
    ("join_thread", N_("The thread “%(title)s” became part of “%(target)s”: %(reason)s"), _THREAD, False),
):
    add_notice_kind(NoticeKind(_kind, _text, "communities.show_thread", _parts, _mail))

add_tab(Tab("community", "threads", N_("Threads"), "communities.list_threads", order=20, open_to="readers"))
add_panel(Panel("community", "communities.threads", "communities/talk/newest.html", load_newest, order=20))
add_translatable(Translatable("post", load_post, load_posts, readers_of_post, obstacle_of_post))
add_translatable(Translatable("thread", load_thread, load_threads, readers_of_thread, obstacle_of_thread))
add_reportable(Reportable("post", describe_post, hide_post))
add_reportable(Reportable("thread", describe_thread, hide_thread))
