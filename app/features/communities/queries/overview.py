"""What stands on a community's own page: who reads which language, who coordinates."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.features.communities.models import ACTIVE, Community, Member
from app.features.profiles.models import Profile, ProfileLanguage
from app.features.profiles.queries.directory.seeing import base_query, looker_of, part_open
from app.features.profiles.queries.reading import primary

# From B1 on one can follow a conversation in writing.
READS = 3


def count_readers(session: Session, actor: Actor, community: Community) -> dict[str, int]:
    """How many members read each language, of those who show the actor which languages they know."""
    members = select(Member.person_id).where(Member.community_id == community.id, Member.state == ACTIVE)
    looker = looker_of(session, actor)
    shown = base_query(looker).where(Profile.id.in_(members), part_open(looker, "languages"))
    rows = (
        select(ProfileLanguage.tag, func.count(func.distinct(ProfileLanguage.profile_id)))
        .where(ProfileLanguage.profile_id.in_(shown), ProfileLanguage.level >= READS)
        .group_by(ProfileLanguage.tag)
    )
    readers: Counter[str] = Counter()
    for tag, count in session.execute(rows):
        readers[primary(tag)] += count
    return dict(readers)
