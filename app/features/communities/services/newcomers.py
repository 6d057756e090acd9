"""Newcomers: a buddy in their language, and a first small task."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.notices import tell
from app.features.communities.models import ACTIVE, Community, Member
from app.features.communities.policies import Standing
from app.features.communities.services.words import name_for_members
from app.features.profiles.models import Person, ProfileLanguage
from app.features.profiles.queries.reading import primary
from app.features.relations.queries import list_blocked_ids
from app.matching.buddies import Buddy, Welcomer, choose_buddy

# So long somebody counts as a newcomer.
NEW_FOR = timedelta(days=60)
# Of many who are willing, those who were active last are looked at.
MOST_WELCOMERS = 200


def welcome(session: Session, community: Community, member: Member) -> None:
    """Find a buddy for somebody who just came in, and tell both."""
    buddy = find_buddy(session, community.id, member.person_id)
    if buddy is None:
        return
    member.buddy_id = buddy.person_id
    session.flush()
    there = {"community": community.name, "slug": community.slug}
    tell(session, [member.person_id], "buddy_found", name=name_for_members(session, buddy.person_id), **there)
    tell(session, [buddy.person_id], "newcomer_to_meet", name=name_for_members(session, member.person_id), **there)


def find_buddy(session: Session, community_id: int, person_id: int, but: int | None = None) -> Buddy | None:
    """Who would welcome a person here; ``but``: not this one."""
    moment = now()
    rows = session.execute(
        select(Member.person_id, func.coalesce(Member.active_at, Member.joined_at))
        .join(Person, Person.id == Member.person_id)
        .where(
            Member.community_id == community_id,
            Member.state == ACTIVE,
            Member.buddy_willing.is_(True),
            Person.hidden_at.is_(None),
        )
        .order_by(func.coalesce(Member.active_at, Member.joined_at).desc(), Member.person_id)
        .limit(MOST_WELCOMERS)
    )
    out = {person_id, but} | list_blocked_ids(session, person_id)
    seen = {row[0]: row[1] for row in rows if row[0] not in out}
    if not seen:
        return None
    languages = _languages_of(session, [person_id, *seen])
    burdens = _count_newcomers(session, community_id, list(seen))
    welcomers = [
        Welcomer(number, languages.get(number, {}), burdens.get(number, 0), max(0, (moment - at).days))
        for number, at in seen.items()
    ]
    return choose_buddy(languages.get(person_id, {}), welcomers)


def _languages_of(session: Session, ids: list[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    rows = session.execute(
        select(ProfileLanguage.profile_id, ProfileLanguage.tag, ProfileLanguage.level).where(
            ProfileLanguage.profile_id.in_(ids)
        )
    )
    for number, tag, level in rows:
        known = found.setdefault(number, {})
        known[primary(tag)] = max(level, known.get(primary(tag), 0))
    return found


def _count_newcomers(session: Session, community_id: int, ids: list[int]) -> dict[int, int]:
    rows = session.execute(
        select(Member.buddy_id, func.count())
        .where(
            Member.community_id == community_id,
            Member.state == ACTIVE,
            Member.buddy_id.in_(ids),
            Member.joined_at > now() - NEW_FOR,
        )
        .group_by(Member.buddy_id)
    )
    return {number: count for number, count in rows if number is not None}


def replace_buddy(session: Session, community: Community, gone_id: int) -> None:
    """Find another buddy for each newcomer whose own one left; older ties just end."""
    rows = session.scalars(
        select(Member).where(
            Member.community_id == community.id, Member.state == ACTIVE, Member.buddy_id == gone_id
        )
    )  # fmt: skip
    for member in list(rows):
        member.buddy_id = None
        session.flush()
        if member.joined_at is not None and member.joined_at > now() - NEW_FOR:
            welcome(session, community, member)


def finish_task(session: Session, standing: Standing) -> None:
    """Note that somebody did the first small task; once is enough."""
    member = standing.member
    if member is not None and standing.is_member and member.task_done_at is None:
        member.task_done_at = now()
        session.flush()
