"""Which piece of guidance a person is shown, and when it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import distinct, exists, func, literal, select
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


def list_choices(session: Session, community_id: int) -> Mapping[str, GuidanceChoice]:
    """What a community decided about the pieces, by name."""
    rows = session.scalars(select(GuidanceChoice).where(GuidanceChoice.community_id == community_id))
    return {row.piece: row for row in rows}


def piece_for(session: Session, actor: Actor, name: str, community_id: int | None = None) -> Piece | None:
    """A piece as it is shown to somebody, in a community or outside; None where it is off, or read already.

    One query; two where there is anything to show to somebody signed in.
    """
    guide = BY_NAME[name]
    choice = session.get(GuidanceChoice, (community_id, name)) if community_id is not None else None
    if choice is not None and choice.off:
        return None
    own = choice is not None and bool(choice.text)
    scope = community_id if own and community_id is not None else 0
    if actor.person_id is not None:
        read = session.get(GuidanceRead, (actor.person_id, name, scope))
        # Own words that were changed since are new.
        if read is not None and (choice is None or not own or read.at >= choice.at):
            return None
    if choice is None or not own:
        return Piece(guide, 0)
    return Piece(guide, scope, choice.text, choice.lang)


def piece_in(session: Session, standing: Standing, name: str, thread_id: int | None = None) -> Piece | None:
    """A piece in a community, if it is needed there now: see the ``when`` of each."""
    if not can_write(standing) or not _is_needed(session, standing, name, thread_id):
        return None
    return piece_for(session, standing.actor, name, standing.community.id)


def _is_needed(session: Session, standing: Standing, name: str, thread_id: int | None) -> bool:
    if name == "first_post":
        fresh = standing.member is not None and standing.member.first_post_at is None
        return fresh and is_multicultural(session, standing.community.id)
    if name == "one_country":
        return thread_id is not None and is_of_one_country(session, standing.community.id, thread_id)
    return True


def is_multicultural(session: Session, community_id: int) -> bool:
    """Whether members come from three countries, or have two first languages."""
    member = (Member.community_id == community_id, Member.state == ACTIVE)
    countries = select(func.count(distinct(Profile.country))).join(Member, Member.person_id == Profile.id)
    if (session.scalar(countries.where(*member)) or 0) >= FROM_COUNTRIES:
        return True
    tags = select(distinct(ProfileLanguage.tag)).join(Member, Member.person_id == ProfileLanguage.profile_id)
    found = session.scalars(tags.where(*member, ProfileLanguage.level >= NATIVE))
    return len({primary(tag) for tag in found}) >= FROM_LANGUAGES


def is_of_one_country(session: Session, community_id: int, thread_id: int) -> bool:
    """Whether most of the newest posts of a thread come from one country, while members come from several. One query.

    Posts of people who left, or whose country is not known, are not counted.
    """
    recent = (
        select(Profile.country.label("country"))
        .join(Post, Post.author_id == Profile.id)
        .where(Post.thread_id == thread_id, Post.hidden_at.is_(None), Post.withdrawn_at.is_(None))
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
        .where(Member.community_id == community_id, Member.state == ACTIVE)
        .where(other.country != top.c.country)
    )
    row = session.execute(select(top.c.times, total, elsewhere)).first()
    if row is None:
        return False
    most, posts, several = row
    return bool(several) and posts >= FROM_POSTS and most * 100 >= posts * SHARE
