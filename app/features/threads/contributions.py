"""What threads contribute: their part of the download, their going, messages that can be reported, search rows.

Of posts only the person's own part is here: it goes, or loses its author, by the rules of the tables when the person
goes. Who may read a post is known to communities, which let posts be reported and translated.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.core.actor import MODERATOR, OPERATOR, Actor
from app.core.backup import after_restore
from app.core.messages import N_
from app.core.notices import NoticeKind, add_notice_kind
from app.core.registries import Reportable, add_eraser, add_exporter, add_reportable
from app.features.profiles.queries.profiles import find_person_of_account
from app.features.threads.models import Thread
from app.features.threads.policies import can_read
from app.features.threads.queries import find_message, list_acting_ids, list_written_by
from app.features.threads.queries.posts import list_posts_by, list_reactions_of, list_versions
from app.features.threads.queries.talk import list_drafts_of
from app.features.threads.services import hide_message, leave_threads
from app.features.threads.services.search_rows import rebuild_after_restore


def export_messages(session: Session, account_id: int) -> Any:
    """What a person wrote in threads; what others wrote to them belongs to the others."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return []
    return [
        {
            "thread": message.thread_id,
            "written_at": message.created_at.isoformat(),
            "language": message.lang,
            "text": message.text,
        }
        for message in list_written_by(session, person.id)
    ]


def erase_messages(session: Session, account_id: int) -> None:
    """Take the person out of their threads; their words stay for the other side, without a name."""
    person = find_person_of_account(session, account_id)
    if person is not None:
        leave_threads(session, person.id)


def export_posts(session: Session, account_id: int) -> Any:
    """What a person wrote in communities, what they began there, and the signs they gave."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return {}
    return {
        "posts": [
            {
                "community": post.community_id,
                "thread": post.thread_id,
                "written_at": post.created_at.isoformat(),
                "edited_at": post.edited_at.isoformat() if post.edited_at else None,
                "language": post.lang,
                "text": post.text,
                "earlier": [version.text for version in list_versions(session, post.id)] if post.edited_at else [],
            }
            for post in list_posts_by(session, person.id)
        ],
        "drafts": [
            {
                "community": draft.community_id,
                "thread": draft.thread_id or None,
                "title": draft.title,
                "text": draft.text,
                "language": draft.lang,
            }
            for draft in list_drafts_of(session, person.id)
        ],
        "signs": [
            {"post": sign.post_id, "sign": sign.kind, "at": sign.at.isoformat()}
            for sign in list_reactions_of(session, person.id)
        ],
    }


def describe_message(session: Session, actor: Actor, message_id: int) -> dict[str, Any] | None:
    """A message as it is reported, for its readers and for those who moderate."""
    message = find_message(session, message_id)
    thread = session.get(Thread, message.thread_id) if message else None
    if message is None or thread is None:
        return None
    moderates = bool(actor.roles & {OPERATOR, MODERATOR})
    if not moderates and (message.hidden_at is not None or not can_read(thread, list_acting_ids(session, actor))):
        return None
    return {
        "text": message.text,
        "lang": message.lang,
        "at": message.created_at,
        "author_id": message.author_profile_id,
        "person_id": message.by_person_id,
        "hidden": message.hidden_at is not None,
    }


def hide(session: Session, _actor: Actor, message_id: int, hidden: bool) -> None:
    """Take a message out of sight, or show it again."""
    hide_message(session, message_id, hidden)


add_exporter("messages", export_messages)
add_exporter("posts", export_posts)
after_restore.append(rebuild_after_restore)
add_eraser("threads", erase_messages)
add_reportable(Reportable("message", describe_message, hide))
_ONE = ("thread_id",)
add_notice_kind(NoticeKind("message", N_("%(name)s wrote to you"), "threads.show", _ONE, mail=True, once=_ONE))
add_notice_kind(NoticeKind("message_unnamed", N_("You have a new message"), "threads.show", _ONE, mail=True, once=_ONE))
