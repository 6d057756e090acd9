"""What a community takes along when it leaves: everything its members may read, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.communities.models import ACTIVE, Charter, Community, Member
from app.features.profiles.models import Person, Profile
from app.features.threads.models import CommunityThread, Post

CHUNK = 500


def export_community(session: Session, community_id: int) -> dict[str, Any]:
    """The community itself."""
    community = session.get_one(Community, community_id)
    plain = ("slug", "name", "summary", "lang", "template", "canvas", "state", "joining", "reading", "questions")
    return {
        **{name: getattr(community, name) for name in plain},
        "first_task": community.first_task,
        "facets": {kind: list(community.codes(kind)) for kind in ("subject", "level", "language", "place")},
        "created_at": community.created_at.isoformat(),
        "active_at": community.active_at.isoformat(),
    }


def export_charter(session: Session, community_id: int) -> list[dict[str, Any]]:
    """Every version of the charter, the first one first."""
    rows = session.scalars(select(Charter).where(Charter.community_id == community_id).order_by(Charter.version))
    return [
        {
            "version": row.version, "lang": row.lang, "parts": row.parts, "licence": row.licence, "note": row.note,
            "created_at": row.created_at.isoformat(),
        }
        for row in rows
    ]  # fmt: skip


def export_members(session: Session, community_id: int) -> Iterator[dict[str, Any]]:
    """Who belongs to it, by handle: members know of each other; what else they say of themselves stays theirs."""
    rows = (
        select(Profile.__table__.c.handle, Member.role, Member.joined_at)
        .join(Member, Member.person_id == Profile.__table__.c.id)
        .where(Member.community_id == community_id, Member.state == ACTIVE)
        .order_by(Member.joined_at, Member.person_id)
    )
    for row in session.execute(rows).yield_per(CHUNK):
        yield {
            "handle": row.handle,
            "role": row.role,
            "joined_at": row.joined_at.isoformat() if row.joined_at else None,
        }


def export_threads(session: Session, community_id: int) -> Iterator[dict[str, Any]]:
    """Every thread with its posts; what was hidden or taken back stays out. A few queries for each chunk of posts."""
    threads = session.scalars(
        select(CommunityThread)
        .where(CommunityThread.community_id == community_id, CommunityThread.hidden_at.is_(None))
        .order_by(CommunityThread.id)
    ).all()
    for thread in threads:
        yield {
            "id": thread.id, "title": thread.title, "lang": thread.lang, "created_at": thread.created_at.isoformat(),
            "pinned": thread.pinned, "locked": thread.locked_at is not None,
            "posts": [_post(row) for row in _posts_of(session, thread.id)],
        }  # fmt: skip
        session.expunge(thread)


def _posts_of(session: Session, thread_id: int) -> Iterator[Any]:
    handle = Person.__table__.c.id
    rows = (
        select(
            Post.id, Post.text, Post.lang, Post.answers_id, Post.created_at, Post.edited_at,
            Profile.__table__.c.handle,
        )
        .outerjoin(Person.__table__, handle == Post.author_id)
        .outerjoin(Profile.__table__, Profile.__table__.c.id == handle)
        .where(Post.thread_id == thread_id, Post.hidden_at.is_(None), Post.withdrawn_at.is_(None))
        .order_by(Post.id)
    )  # fmt: skip
    yield from session.execute(rows).yield_per(CHUNK)


def _post(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "author": row.handle,
        "lang": row.lang,
        "text": row.text,
        "answers": row.answers_id,
        "created_at": row.created_at.isoformat(),
        "edited_at": row.edited_at.isoformat() if row.edited_at else None,
    }
