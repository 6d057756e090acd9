"""A person's secret calendar address."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Forbidden
from app.core.tokens import hash_token, new_token
from app.features.events.models import CalendarFeed
from app.features.profiles.models import Person


def renew_feed(session: Session, actor: Actor) -> str:
    """Make a new secret address; the one before is void. The token is told this once."""
    if actor.person_id is None:
        raise Forbidden
    token = new_token()
    feed = session.get(CalendarFeed, actor.person_id)
    if feed is None:
        session.add(CalendarFeed(person_id=actor.person_id, token_hash=hash_token(token)))
    else:
        feed.token_hash, feed.created_at = hash_token(token), now()
    session.flush()
    return token


def revoke_feed(session: Session, actor: Actor) -> None:
    """Make the secret address void."""
    session.execute(delete(CalendarFeed).where(CalendarFeed.person_id == actor.person_id))


def find_feed_owner(session: Session, token: str) -> int | None:
    """The person whose secret address has this token, unless they are hidden."""
    rows = (
        select(Person.id)
        .join(CalendarFeed, CalendarFeed.person_id == Person.id)
        .where(CalendarFeed.token_hash == hash_token(token), Person.hidden_at.is_(None))
    )
    return session.scalar(rows)
