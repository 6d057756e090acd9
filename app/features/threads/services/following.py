"""Hearing of a thread or not, small signs of thanks and agreement, and what was begun and not sent yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.core.cleaning import clean_line, clean_text
from app.core.clock import now
from app.core.database import insert_unless_there
from app.core.errors import Invalid
from app.features.threads.models import LONGEST_TITLE, REACTIONS, Draft, Post, Reaction, ThreadFollow
from app.features.vocabularies.queries import normalise_language

# More than a post may have: who wrote too much must not lose it.
LONGEST_DRAFT = 100_000


def follow_thread(session: Session, thread_id: int, person_id: int, following: bool) -> None:
    """Say whether a person wants to hear of a thread."""
    values = {"thread_id": thread_id, "person_id": person_id, "following": following}
    session.execute(insert_unless_there(session, ThreadFollow, **values))
    mine = (ThreadFollow.thread_id == thread_id, ThreadFollow.person_id == person_id)
    session.execute(update(ThreadFollow).where(*mine).values(following=following))


def toggle_reaction(session: Session, post: Post, person_id: int, kind: str) -> bool:
    """Add one of `REACTIONS` to a post, or take it back if it was there; returns whether it is there now."""
    if kind not in REACTIONS:
        raise Invalid
    mine = (Reaction.post_id == post.id, Reaction.person_id == person_id, Reaction.kind == kind)
    if session.scalar(delete(Reaction).where(*mine).returning(Reaction.kind)) is not None:
        return False
    values = {"post_id": post.id, "person_id": person_id, "kind": kind, "at": now()}
    session.execute(insert_unless_there(session, Reaction, **values))
    return True


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """What keeping a draft came to: when, and the newer text of another tab that it took the place of, if any."""

    at: datetime
    replaced: str | None = None


def keep_draft(
    session: Session,
    person_id: int,
    community_id: int,
    thread_id: int = 0,
    title: str = "",
    text: str = "",
    lang: str | None = None,
    answers_id: int | None = None,
    seen: str = "",
) -> KeptDraft:
    """Keep what was written so far; the newest wins. ``seen``: the moment of the draft the writer began from.

    Nothing written: the draft goes.
    """
    title, text = clean_line(title)[:LONGEST_TITLE], clean_text(text)[:LONGEST_DRAFT]
    place = {"person_id": person_id, "community_id": community_id, "thread_id": thread_id}
    moment = now()
    if not title and not text:
        drop_draft(session, **place)
        return KeptDraft(moment)
    session.execute(insert_unless_there(session, Draft, **place, updated_at=moment))
    draft = session.scalar(select(Draft).filter_by(**place).with_for_update())
    assert draft is not None
    other = draft.text if draft.text and draft.updated_at.isoformat() != seen else None
    draft.title, draft.text, draft.lang = title, text, normalise_language(lang) if lang else None
    draft.answers_id = session.scalar(select(Post.id).where(Post.id == answers_id)) if answers_id else None
    draft.updated_at = moment
    session.flush()
    return KeptDraft(moment, other if other != text else None)


def drop_draft(session: Session, person_id: int, community_id: int, thread_id: int = 0) -> None:
    """Forget what was begun, because it was sent or is not wanted any more."""
    mine = (Draft.person_id == person_id, Draft.community_id == community_id, Draft.thread_id == thread_id)
    session.execute(delete(Draft).where(*mine))
