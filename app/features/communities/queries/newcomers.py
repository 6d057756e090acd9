"""Reads of newcomers: who came lately, who looks after them, and whether anybody answered them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.features.communities.models import ACTIVE, MEMBER, Member
from app.features.communities.policies import Standing
from app.features.communities.queries.members import ANSWER_WITHIN, unanswered
from app.features.profiles.models import Person
from app.features.threads.models import Post

LATELY = timedelta(days=60)
PAGE = 30


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody new, with their first post (thread and post) if they wrote one."""

    member: Member
    thread_id: int | None
    post_id: int | None
    unanswered: bool


def list_newcomers(
    session: Session, standing: Standing, only_unanswered: bool = False, after: int | None = None, limit: int = PAGE
) -> tuple[list[Newcomer], int | None]:
    """Those who joined lately, the newest first, and from whom to go on."""
    community_id = standing.community.id
    rows = (
        select(Member)
        .join(Person, Person.id == Member.person_id)
        .where(
            Member.community_id == community_id,
            Member.state == ACTIVE,
            # Who founded it or looks after it is no newcomer.
            Member.role == MEMBER,
            Member.joined_at > standing.moment - LATELY,
            Person.hidden_at.is_(None),
        )
    )
    if only_unanswered:
        rows = rows.where(unanswered(standing))
    last = session.get(Member, (community_id, after)) if after is not None else None
    if last is not None and last.joined_at is not None:
        same = and_(Member.joined_at == last.joined_at, Member.person_id < last.person_id)
        rows = rows.where(or_(Member.joined_at < last.joined_at, same))
    found = list(session.scalars(rows.order_by(Member.joined_at.desc(), Member.person_id.desc()).limit(limit + 1)))
    page = found[:limit]
    posts = _first_posts(session, community_id, [member.person_id for member in page])
    nothing: tuple[int | None, int | None] = (None, None)
    newcomers = []
    for member in page:
        thread_id, post_id = posts.get(member.person_id, nothing)
        newcomers.append(Newcomer(member, thread_id, post_id, _waits(member, standing)))
    return newcomers, page[-1].person_id if len(found) > limit else None


def _waits(member: Member, standing: Standing) -> bool:
    first = member.first_post_at
    return first is not None and member.first_answer_at is None and first < standing.moment - ANSWER_WITHIN


def _first_posts(session: Session, community_id: int, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """The first visible post of each, as thread and post."""
    first = (
        select(func.min(Post.id))
        .where(
            Post.community_id == community_id,
            Post.author_id.in_(ids),
            Post.hidden_at.is_(None),
            Post.withdrawn_at.is_(None),
        )
        .group_by(Post.author_id)
    )
    rows = session.execute(select(Post.author_id, Post.thread_id, Post.id).where(Post.id.in_(first)))
    return {author: (thread, post) for author, thread, post in rows if author is not None}


def count_unanswered(session: Session, standing: Standing) -> int:
    """How many of those who joined lately wrote and were not answered."""
    rows = (
        select(func.count())
        .select_from(Member)
        .where(
            Member.community_id == standing.community.id,
            Member.state == ACTIVE,
            Member.role == MEMBER,
            Member.joined_at > standing.moment - LATELY,
            unanswered(standing),
        )
    )
    return session.scalar(rows) or 0


def list_looked_after(session: Session, standing: Standing) -> list[int]:
    """The newcomers whose buddy the actor is, newest first."""
    rows = select(Member.person_id).where(
        Member.community_id == standing.community.id,
        Member.state == ACTIVE,
        Member.buddy_id == standing.actor.person_id,
        Member.joined_at > standing.moment - LATELY,
    )
    return list(session.scalars(rows.order_by(Member.joined_at.desc(), Member.person_id.desc()).limit(PAGE)))
