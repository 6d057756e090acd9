"""Feeds of communities: new ones, the threads of one, the posts of a thread; each as everybody may read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.core.actor import GUEST
from app.core.errors import Forbidden, NotFound
from app.core.markdown import render_markdown
from app.core.messages import N_
from app.core.web.feeds import MOST_ENTRIES, Entry, Feed, answer_feed
from app.core.web.i18n import current_locale
from app.core.web.pages import full_address
from app.core.web.sessions import db
from app.features.communities.policies import Standing, can_read
from app.features.communities.queries import get_standing
from app.features.communities.queries.feeds import (
    changed_at,
    list_newest_communities,
    list_newest_posts,
    list_threads_with_words,
)
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.talk_words import person_values
from app.features.profiles.queries.names import PersonName, list_names
from app.features.threads.queries.talk import get_community_thread


def read_by_all(slug: str) -> Standing:
    """A community as a guest stands in it, whoever asks: a feed is kept by programs and shown to anybody."""
    standing = get_standing(db(), GUEST, slug)
    if not can_read(standing):
        raise Forbidden(N_("Only members read what is written here."))
    return standing


def _names(ids: Iterable[int | None]) -> dict[int, PersonName]:
    return list_names(db(), GUEST, {number for number in ids if number is not None})


@blueprint.get("/communities.atom")
def feed_of_communities() -> ResponseReturnValue:
    """The newest communities."""
    entries = [
        Entry(
            tag=f"community/{one.id}",
            title=one.name,
            lang=one.lang,
            href=full_address("communities.show_community", slug=one.slug),
            published=one.created_at,
            updated=one.created_at,
            html=Markup("<p>{}</p>").format(one.summary),
        )
        for one in list_newest_communities(db(), MOST_ENTRIES)
    ]
    href = full_address("communities.list_communities")
    return answer_feed(Feed("communities", _("New communities"), current_locale().code, href, entries))


@blueprint.get("/communities/<slug>/threads.atom")
def feed_of_threads(slug: str) -> ResponseReturnValue:
    """The threads of a community; one that goes on comes up again."""
    standing = read_by_all(slug)
    community = standing.community
    rows = list_threads_with_words(db(), community.id, MOST_ENTRIES)
    names = _names(row.opened_by for row in rows)
    entries = [
        Entry(
            tag=f"thread/{row.id}",
            title=row.title,
            lang=row.text_lang or row.lang,
            href=full_address("communities.show_thread", slug=slug, thread_id=row.id),
            published=row.created_at,
            updated=row.last_post_at,
            html=render_markdown(row.text or ""),
            author=person_values(names, row.opened_by)["who"],
        )
        for row in rows
    ]
    href = full_address("communities.list_threads", slug=slug)
    tag = f"community/{community.id}/threads"
    return answer_feed(Feed(tag, community.name, community.lang, href, entries, community.created_at))


@blueprint.get("/communities/<slug>/threads/<int:thread_id>.atom")
def feed_of_thread(slug: str, thread_id: int) -> ResponseReturnValue:
    """The newest posts of a thread."""
    standing = read_by_all(slug)
    thread = get_community_thread(db(), standing.community.id, thread_id)
    if thread.hidden_at is not None:
        raise NotFound
    posts = list_newest_posts(db(), thread.id, MOST_ENTRIES)
    names = _names(post.author_id for post in posts)
    place: dict[str, Any] = {"slug": slug, "thread_id": thread.id}
    entries = [
        Entry(
            tag=f"post/{post.id}",
            title=thread.title,
            lang=post.lang,
            href=full_address("communities.show_thread", **place, post=post.id, _anchor=f"p-{post.id}"),
            published=post.created_at,
            updated=changed_at(post),
            html=render_markdown(post.text),
            author=person_values(names, post.author_id)["who"],
        )
        for post in posts
    ]
    href = full_address("communities.show_thread", **place)
    return answer_feed(Feed(f"thread/{thread.id}/posts", thread.title, thread.lang, href, entries, thread.created_at))
