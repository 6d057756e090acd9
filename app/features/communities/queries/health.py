"""What a community's posts and members add up to: a fixed number of statements, each an aggregate over an index.

These are the raw sums. They are shown only as `app.matching.participation` makes them coarse enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, distinct, extract, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.features.communities.models import ACTIVE, Member
from app.features.profiles.models import Profile, ProfileLanguage
from app.features.renditions.models import RenditionRequest
from app.features.threads.models import CommunityThread, Post, Thread

# B1: from there on somebody works in a language.
WORKS = 3
WEEK = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class AuthorSum:
    """How much a person wrote; ``role`` is None for who does not belong to the community now.

    Not ``named``: what those wrote together whose accounts are closed.
    """

    posts: int
    country: str | None
    role: str | None
    named: bool = True


@dataclass(frozen=True, slots=True)
class Crossing:
    """Answers from somebody to somebody else: how many cross something, how many don't, and of how many people."""

    across: int
    across_people: int
    within: int
    within_people: int


@dataclass(frozen=True, slots=True)
class WeekSum:
    """A week, counted from the oldest one."""

    number: int
    posts: int
    people: int


def _tongue(column: Any) -> ColumnElement[str]:
    """A language itself, without script and region: the first two or three letters of its tag."""
    return func.lower(func.rtrim(func.substr(column, 1, 3), "-"))


def _heard(community_id: int, since: datetime) -> ColumnElement[bool]:
    return and_(
        Post.community_id == community_id,
        Post.created_at >= since,
        Post.hidden_at.is_(None),
        Post.withdrawn_at.is_(None),
    )


def _members(community_id: int) -> ColumnElement[bool]:
    return and_(Member.community_id == community_id, Member.state == ACTIVE)


def count_members(session: Session, community_id: int) -> list[tuple[str | None, str, int]]:
    """How many members there are by country and role."""
    rows = (
        select(Profile.country, Member.role, func.count())
        .join(Profile, Profile.id == Member.person_id)
        .where(_members(community_id))
        .group_by(Profile.country, Member.role)
    )
    return list(session.execute(rows))


def sum_authors(session: Session, community_id: int, since: datetime) -> list[AuthorSum]:
    """How much each person wrote since then, the most first."""
    sums = (
        select(Post.author_id, func.count().label("posts"))
        .where(_heard(community_id, since))
        .group_by(Post.author_id)
        .subquery()
    )
    belongs = and_(Member.person_id == sums.c.author_id, _members(community_id))
    rows = (
        select(sums.c.posts, Profile.country, Member.role, sums.c.author_id)
        .outerjoin(Profile, Profile.id == sums.c.author_id)
        .outerjoin(Member, belongs)
        .order_by(sums.c.posts.desc())
    )
    found = session.execute(rows)
    return [AuthorSum(posts, country, role, number is not None) for posts, country, role, number in found]


def count_languages(session: Session, community_id: int, since: datetime) -> dict[str, tuple[int, int]]:
    """Posts since then by language: how many, and of how many people."""
    tongue = _tongue(Post.lang)
    rows = (
        select(tongue, func.count(), func.count(distinct(Post.author_id)))
        .where(_heard(community_id, since))
        .group_by(tongue)
    )
    return {tag: (posts, people) for tag, posts, people in session.execute(rows)}


def count_readers(session: Session, community_id: int) -> dict[str, int]:
    """How many members work in each language."""
    tongue = _tongue(ProfileLanguage.tag)
    rows = (
        select(tongue, func.count(distinct(ProfileLanguage.profile_id)))
        .join(Member, Member.person_id == ProfileLanguage.profile_id)
        .where(_members(community_id), ProfileLanguage.level >= WORKS)
        .group_by(tongue)
    )
    return dict(session.execute(rows).all())


def count_crossings(session: Session, community_id: int, since: datetime) -> tuple[Crossing, Crossing]:
    """Answers across borders, and across languages.

    A post answers the one it names, else who opened the thread. Answers to oneself don't count, nor do those where
    one of the two countries is not known.
    """
    asked, own, other = aliased(Post), aliased(Profile), aliased(Profile)
    threads: Any = CommunityThread.__table__
    whom = func.coalesce(asked.author_id, threads.c.opened_by)
    spoken = func.coalesce(asked.lang, threads.c.lang)
    known = and_(own.country.is_not(None), other.country.is_not(None))
    border = and_(known, own.country != other.country)
    inside = and_(known, own.country == other.country)
    abroad = _tongue(Post.lang) != _tongue(spoken)
    # First by person: counting different people over all rows at once takes much longer.
    sides = [func.sum(case((holds, 1), else_=0)).label(f"n{place}")
             for place, holds in enumerate((border, inside, abroad, ~abroad))]  # fmt: skip
    by_person = (
        select(*sides)
        .select_from(Post)
        .join(threads, threads.c.id == Post.thread_id)
        .outerjoin(asked, asked.id == Post.answers_id)
        .join(own, own.id == Post.author_id)
        .join(other, other.id == whom)
        .where(_heard(community_id, since), Post.author_id != whom)
        .group_by(Post.author_id)
        .subquery()
    )
    columns = [part for side in by_person.c for part in (func.sum(side), func.sum(case((side > 0, 1), else_=0)))]
    rows = select(*columns)
    found = [int(value or 0) for value in session.execute(rows).one()]
    return Crossing(*found[:4]), Crossing(*found[4:])


def list_first_steps(session: Session, community_id: int, since: datetime) -> list[tuple[datetime, datetime | None]]:
    """Of members who wrote for the first time since then: when, and when they were first answered."""
    rows = select(Member.first_post_at, Member.first_answer_at).where(
        _members(community_id), Member.first_post_at >= since
    )
    return [(first, answer) for first, answer in session.execute(rows) if first is not None]


def list_first_answers(session: Session, community_id: int, since: datetime) -> list[tuple[datetime, datetime | None]]:
    """Of threads opened since then: when, and when somebody else first answered."""
    threads: Any = CommunityThread.__table__
    base: Any = Thread.__table__
    answered = and_(
        Post.thread_id == threads.c.id,
        Post.author_id != threads.c.opened_by,
        Post.hidden_at.is_(None),
        Post.withdrawn_at.is_(None),
    )
    rows = (
        select(base.c.created_at, func.min(Post.created_at))
        .select_from(threads)
        .join(base, base.c.id == threads.c.id)
        .outerjoin(Post, answered)
        .where(
            threads.c.community_id == community_id,
            base.c.created_at >= since,
            threads.c.hidden_at.is_(None),
            threads.c.moved_to_id.is_(None),
        )
        .group_by(threads.c.id, base.c.created_at)
    )
    return list(session.execute(rows))


def sum_weeks(session: Session, community_id: int, weeks: int, until: datetime) -> list[WeekSum]:
    """Posts and people of the last whole weeks, the oldest first; the quiet ones stand there, too."""
    since = until - timedelta(weeks=weeks)
    week = (cast(extract("epoch", Post.created_at), BigInteger) - int(since.timestamp())) // WEEK
    rows = (
        select(week, func.count(), func.count(distinct(Post.author_id)))
        .where(_heard(community_id, since), Post.created_at < until)
        .group_by(week)
    )
    found = {int(number): (posts, people) for number, posts, people in session.execute(rows)}
    return [WeekSum(number, *found.get(number, (0, 0))) for number in range(weeks)]


def count_wishes(session: Session, community_id: int) -> dict[str, int]:
    """Open requests for translations of posts, threads and the community itself, by the language wished for."""
    of_post = select(Post.id).where(Post.id == RenditionRequest.thing_id, Post.community_id == community_id)
    threads: Any = CommunityThread.__table__
    of_thread = select(threads.c.id).where(
        threads.c.id == RenditionRequest.thing_id, threads.c.community_id == community_id
    )
    here = or_(
        and_(RenditionRequest.kind == "post", of_post.exists()),
        and_(RenditionRequest.kind == "thread", of_thread.exists()),
        and_(RenditionRequest.kind.in_(("community", "charter")), RenditionRequest.thing_id == community_id),
    )
    rows = (
        select(RenditionRequest.lang_base, func.count())
        .where(RenditionRequest.answered_at.is_(None), here)
        .group_by(RenditionRequest.lang_base)
    )
    return dict(session.execute(rows).all())
