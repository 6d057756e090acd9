"""Threads and posts of communities as they are taken and given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from marshmallow import Schema, fields, validate

from app.features.api.schemas.fields import AtMost, Between, Body, Whole, Words, one_of, said
from app.features.api.schemas.profiles import NamedSchema, named
from app.features.api.schemas.translations import NOTHING, TranslatedSchema, Translations
from app.features.profiles.queries.visible import ProfileView
from app.features.threads.models import LONGEST_POST, LONGEST_TITLE, REACTIONS, CommunityThread
from app.features.threads.queries.posts import POSTS_PAGE, PostRow, Reactions
from app.features.threads.queries.talk import THREADS_PAGE, ThreadRow

MOST = 100
HIGHEST = 2**63 - 1
SHOWN, HIDDEN, WITHDRAWN = "shown", "hidden", "withdrawn"
_LANG = said("The BCP 47 tag of the language it is written in.")
_TOKEN = said("Any word of your own: what you send again with the same one is written once.")


class ThreadsQuery(Schema):
    """Which threads."""

    language = Words(**said("A BCP 47 tag: threads that were opened in it; pt finds pt-BR."))
    limit = fields.Integer(load_default=THREADS_PAGE, validate=Between(1, MOST))
    cursor = Words(
        validate=validate.Regexp(r"^[01]_[0-9]{1,11}\.[0-9]{6}_[0-9]{1,18}\Z"), **said("`next` of an earlier answer.")
    )


class PostsQuery(Schema):
    """Which posts of a thread."""

    post = fields.Integer(validate=Between(1, HIGHEST), **said("Begin with this post."))
    newest = fields.Boolean(load_default=False, **said("The last page instead of the first."))
    limit = fields.Integer(load_default=POSTS_PAGE, validate=Between(1, MOST))
    cursor = Words(
        validate=validate.Regexp(r"^[ab][0-9]{1,18}\Z"), **said("`next` or `previous` of an earlier answer.")
    )


class PostBody(Body):
    """Words in a thread."""

    text = Words(required=True, **said(f"Markdown, up to {LONGEST_POST} characters. `@handle` names a member."))
    lang = Words(required=True, **_LANG)
    token = Words(validate=AtMost(200), **_TOKEN)


class AnswerBody(PostBody):
    """An answer."""

    answers = Whole(
        allow_none=True, load_default=None, validate=Between(1, HIGHEST), **said("The post of this thread it answers.")
    )


class ThreadBody(PostBody):
    """A new thread with its first post."""

    title = Words(required=True, **said(f"Up to {LONGEST_TITLE} characters, in the same language."))


class ThreadSchema(TranslatedSchema):
    """A thread as lists show it."""

    id = fields.Integer(required=True)
    title = fields.String(required=True, allow_none=True, **said("Null for a thread that is out of sight."))
    lang = fields.String(required=True)
    post_count = fields.Integer(required=True)
    opened_by = fields.Nested(NamedSchema, required=True, allow_none=True)
    last_post_at = fields.DateTime(required=True)
    last_by = fields.Nested(NamedSchema, required=True, allow_none=True)
    pinned = fields.Boolean(required=True)
    locked = fields.Boolean(required=True, **said("Nobody writes in it any more."))
    hidden = fields.Boolean(required=True, **said("Taken out of sight."))
    url = fields.String(required=True, **said("The address of its page."))


class ThreadRowSchema(ThreadSchema):
    """A thread of a list, with whether there is something new for the reader."""

    unread = fields.Boolean(required=True)


class ThreadsSchema(Schema):
    """A page of threads: pinned ones first, then those in which somebody wrote last."""

    languages = fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True, **said("How many threads there are in each.")
    )
    threads = fields.List(fields.Nested(ThreadRowSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class PostSchema(TranslatedSchema):
    """A post. What is out of sight keeps its place."""

    id = fields.Integer(required=True)
    state = one_of((SHOWN, HIDDEN, WITHDRAWN), required=True)
    author = fields.Nested(
        NamedSchema, required=True, allow_none=True, **said("Null: somebody who left, or whom you do not see here.")
    )
    text = fields.String(required=True, allow_none=True, **said("Markdown."))
    lang = fields.String(required=True)
    answers = fields.Integer(required=True, allow_none=True, **said("The post it answers."))
    reason = fields.String(required=True, allow_none=True, **said("Why the coordinators took it out of sight."))
    created_at = fields.DateTime(required=True)
    edited_at = fields.DateTime(required=True, allow_none=True)
    by_mail = fields.Boolean(required=True)
    reactions = fields.Dict(
        keys=one_of(REACTIONS), values=fields.Integer(), required=True, **said("How many people gave each sign.")
    )
    url = fields.String(required=True)


class ThreadWholeSchema(ThreadSchema):
    """A thread with a page of its posts, oldest first."""

    community = fields.String(required=True)
    languages = fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True, **said("How many posts can be read in each.")
    )
    reason = fields.String(required=True, allow_none=True, **said("Why the coordinators took it out of sight."))
    obstacle = fields.String(required=True, allow_none=True, **said("Why you cannot answer, in your language."))
    posts = fields.List(fields.Nested(PostSchema), required=True)
    previous = fields.String(required=True, allow_none=True)
    next = fields.String(required=True, allow_none=True)


def _side(views: Mapping[int, ProfileView], number: int | None) -> dict[str, Any] | None:
    view = views.get(number) if number is not None else None
    return named(view) if view is not None else None


def as_thread(
    row: ThreadRow | CommunityThread, slug: str, views: Mapping[int, ProfileView], texts: Translations, open_: bool
) -> dict[str, Any]:
    """A thread; ``open_``: whether its title is shown to this reader."""
    return {
        "id": row.id,
        "title": row.title if open_ else None,
        "lang": row.lang,
        "post_count": row.post_count,
        "opened_by": _side(views, row.opened_by) if open_ else None,
        "last_post_at": row.last_post_at,
        "last_by": _side(views, row.last_author_id) if open_ else None,
        "pinned": row.pinned,
        "locked": row.locked_at is not None,
        "hidden": row.hidden_at is not None,
        "url": url_for("communities.show_thread", slug=slug, thread_id=row.id),
        **(texts.of(row.id) if open_ else NOTHING),
    }


def state_of(row: PostRow) -> str:
    """Whether a post is shown, and if not, who took it out of sight."""
    if row.hidden_at is not None:
        return HIDDEN
    return WITHDRAWN if row.withdrawn_at is not None else SHOWN


def as_post(
    row: PostRow, slug: str, thread_id: int, views: Mapping[int, ProfileView], texts: Translations,
    reactions: Reactions | None, reason: str | None,
) -> dict[str, Any]:  # fmt: skip
    """A post; of one that is out of sight its place and why."""
    return {
        "id": row.id,
        "state": state_of(row),
        "author": _side(views, row.author_id),
        "text": row.text if row.is_shown else None,
        "lang": row.lang,
        "answers": row.answers_id,
        "reason": reason or None,
        "created_at": row.created_at,
        "edited_at": row.edited_at,
        "by_mail": row.via == "mail",
        "reactions": reactions.counts if reactions is not None else {},
        "url": url_for("communities.show_thread", slug=slug, thread_id=thread_id, post=row.id, _anchor=f"p-{row.id}"),
        **(texts.of(row.id) if row.is_shown else NOTHING),
    }
