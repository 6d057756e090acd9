"""Which piece of guidance a person is shown, and when it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Select, bindparam, exists, func, literal, select, union
from sqlalchemy.orm import Session, aliased

from app.core.actor import Actor
from app.features.communities.guidance import BY_NAME, Guide
from app.features.communities.models import ACTIVE, GuidanceChoice, GuidanceRead, Member
from app.features.communities.policies import Standing, can_write
from app.features.profiles.models import NATIVE, Profile, ProfileLanguage
from app.features.profiles.queries.reading import primary
from app.features.threads.models import Post

FROM_COUNTRIES, FROM_LANGUAGES = 3, 2
# A thread in which one country has the word: so many posts, of which this share in percent; the newest ones count.
FROM_POSTS, SHARE, LOOKED_AT = 8, 70, 200


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of guidance to show: ours, or with ``text`` in the community's own words (Markdown, in ``lang``)."""

    guide: Guide
    community_id: int
    text: str = ""
    lang: str | None = None

    @property
    def name(self) -> str:
        """Which piece it is."""
        return self.guide.name

    @property
    def own(self) -> bool:
        """Whether the community replaced our words."""
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was decided about every piece: by the community, and by the person who has read some."""

    community_id: int | None
    choices: Mapping[str, GuidanceChoice]
    read: Mapping[tuple[str, int], datetime]


def list_choices(session: Session, community_id: int) -> Mapping[str, GuidanceChoice]:
    """What a community decided about the pieces, by name."""
    rows = session.scalars(select(GuidanceChoice).where(GuidanceChoice.community_id == community_id))
    return {row.piece: row for row in rows}


def load_decisions(session: Session, actor: Actor, community_id: int | None = None) -> Decisions:
    """Everything that was decided about guidance, for one person in one community or outside; two queries at most."""
    choices = list_choices(session, community_id) if community_id is not None else {}
    if actor.person_id is None:
        return Decisions(community_id, choices, {})
    rows = session.execute(
        select(GuidanceRead.piece, GuidanceRead.community_id, GuidanceRead.at).where(
            GuidanceRead.person_id == actor.person_id, GuidanceRead.community_id.in_((0, community_id or 0))
        )
    )
    return Decisions(community_id, choices, {(row[0], row[1]): row[2] for row in rows})


def piece_of(decisions: Decisions, name: str) -> Piece | None:
    """A piece as it is shown after these decisions; None where it is off, or read already."""
    guide, choice = BY_NAME[name], decisions.choices.get(name)
    if choice is None or not choice.text:
        off = choice is not None and choice.off
        return None if off or (name, 0) in decisions.read else Piece(guide, 0)
    read = decisions.read.get((name, choice.community_id))
    # Own words that were changed since are new.
    if choice.off or (read is not None and read >= choice.at):
        return None
    return Piece(guide, choice.community_id, choice.text, choice.lang)


def piece_for(session: Session, actor: Actor, name: str) -> Piece | None:
    """A piece outside communities."""
    return piece_of(load_decisions(session, actor), name)


def piece_in(
    session: Session, standing: Standing, name: str, thread_id: int | None = None, decisions: Decisions | None = None
) -> Piece | None:
    """A piece in a community, if it is needed there now: see the ``when`` of each.

    ``decisions``: of `load_decisions`, where several pieces are asked for. Then one more query at most for each.
    """
    if not can_write(standing):
        return None
    decisions = decisions or load_decisions(session, standing.actor, standing.community.id)
    piece = piece_of(decisions, name)
    return piece if piece is not None and _is_needed(session, standing, name, thread_id) else None


def _is_needed(session: Session, standing: Standing, name: str, thread_id: int | None) -> bool:
    if name == "first_post":
        fresh = standing.member is not None and standing.member.first_post_at is None
        return fresh and is_multicultural(session, standing.community.id)
    if name == "one_country":
        return thread_id is not None and is_of_one_country(session, standing.community.id, thread_id)
    return True


def is_multicultural(session: Session, community_id: int) -> bool:
    """Whether members come from three countries, or have two first languages. One query."""
    member = (Member.community_id == community_id, Member.state == ACTIVE)
    countries = select(literal("country"), Profile.country).join(Member, Member.person_id == Profile.id)
    tags = select(literal("language"), ProfileLanguage.tag).join(Member, Member.person_id == ProfileLanguage.profile_id)
    both: CompoundSelect[Any] = union(
        countries.where(*member, Profile.country.is_not(None)), tags.where(*member, ProfileLanguage.level >= NATIVE)
    )
    found: dict[str, set[str]] = {"country": set(), "language": set()}
    for kind, code in session.execute(both):
        found[kind].add(primary(code) if kind == "language" else code)
    return len(found["country"]) >= FROM_COUNTRIES or len(found["language"]) >= FROM_LANGUAGES


def is_of_one_country(session: Session, community_id: int, thread_id: int) -> bool:
    """Whether most of the newest posts of a thread come from one country, while members come from several. One query.

    Posts of people who left, or whose country is not known, are not counted.
    """
    row = session.execute(_countries_of_talk(), {"community": community_id, "thread": thread_id}).first()
    if row is None:
        return False
    most, posts, several = row
    return bool(several) and posts >= FROM_POSTS and most * 100 >= posts * SHARE


@cache
def _countries_of_talk() -> Select[Any]:
    """The query for it; to put it together takes each page of a thread far longer than its answer."""
    recent = (
        select(Profile.country.label("country"))
        .join(Post, Post.author_id == Profile.id)
        .where(Post.thread_id == bindparam("thread"), Post.hidden_at.is_(None), Post.withdrawn_at.is_(None))
        .where(Profile.country.is_not(None))
        .order_by(Post.id.desc())
        .limit(LOOKED_AT)
        .cte("recent")
    )
    times = func.count().label("times")
    top = (
        select(recent.c.country.label("country"), times)
        .group_by(recent.c.country)
        .order_by(times.desc(), recent.c.country)
        .limit(1)
        .cte("top")
    )
    total = select(func.count()).select_from(recent).scalar_subquery()
    other = aliased(Profile)
    elsewhere = exists(
        select(literal(1))
        .select_from(Member)
        .join(other, other.id == Member.person_id)
        .where(Member.community_id == bindparam("community"), Member.state == ACTIVE)
        .where(other.country != top.c.country)
    )
    return select(top.c.times, total, elsewhere)
