"""Making communities, members, threads and posts for the tests, as rows."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.core.clock import now
from app.features.communities.models import (
    ACTIVE,
    CHARTER_PARTS,
    COORDINATOR,
    MEMBER,
    Charter,
    Community,
    CommunityFacet,
    Member,
)
from app.features.profiles.models import Person
from app.features.threads.models import CommunityThread, Post

_numbers = itertools.count(1)


def make_community(
    session: Session,
    slug: str,
    founder: Person | None = None,
    facets: Mapping[str, Iterable[str]] | None = None,
    **values: Any,
) -> Community:
    """A living, open community with a first charter; ``founder`` coordinates it."""
    values = {"name": slug.replace("-", " ").title(), "lang": "en", "summary": f"What {slug} is about.", **values}
    community = Community(slug=slug, created_by=founder.id if founder else None, **values)
    pairs = [(kind, code) for kind, codes in (facets or {}).items() for code in codes]
    community.facets = [CommunityFacet(kind=kind, code=code) for kind, code in pairs]
    session.add(community)
    session.flush()
    parts = {part: f"Our {part}." for part in CHARTER_PARTS}
    session.add(Charter(community_id=community.id, version=1, lang=community.lang, parts=parts))
    if founder is not None:
        add_member(session, community, founder, COORDINATOR)
    session.flush()
    return community


def add_member(session: Session, community: Community, person: Person, role: str = MEMBER, **values: Any) -> Member:
    """A member, who accepted the first charter."""
    values = {"state": ACTIVE, "joined_at": now(), "charter_version": 1, **values}
    member = Member(community_id=community.id, person_id=person.id, role=role, **values)
    session.add(member)
    if member.state == ACTIVE:
        community.member_count = (community.member_count or 0) + 1
    session.flush()
    return member


def make_thread(
    session: Session,
    community: Community,
    author: Person,
    title: str = "A question",
    text: str = "How do you begin?",
    lang: str = "en",
    at: datetime | None = None,
) -> CommunityThread:
    """A thread with its first post."""
    at = at or now()
    thread = CommunityThread(
        community_id=community.id, title=title, lang=lang, token=f"{next(_numbers):032x}", opened_by=author.id,
        created_at=at, last_post_at=at,
    )  # fmt: skip
    session.add(thread)
    session.flush()
    make_post(session, thread, author, text, lang, at)
    return thread


def make_post(
    session: Session, thread: CommunityThread, author: Person, text: str = "Like this.", lang: str = "en",
    at: datetime | None = None, **values: Any,
) -> Post:  # fmt: skip
    """A post in a thread, counted there."""
    at = at or now()
    post = Post(
        thread_id=thread.id, community_id=thread.community_id, author_id=author.id, text=text, lang=lang,
        token=f"{next(_numbers):032x}", created_at=at, **values,
    )  # fmt: skip
    session.add(post)
    session.flush()
    thread.post_count = (thread.post_count or 0) + 1
    thread.last_post_at, thread.last_post_id, thread.last_author_id = at, post.id, author.id
    session.flush()
    return post
