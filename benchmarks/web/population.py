"""A small and a large community in a database of sample people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.features.communities.models import ACTIVE, CHARTER_PARTS, Charter, Community, CommunityFacet, Member
from app.features.profiles.models import Person
from app.features.threads.models import COMMUNITY, CommunityThread, Post, Thread

CHUNK = 5000
THREADS, ROWS = (cast(Table, model.__table__) for model in (Thread, CommunityThread))
LANGUAGES = ("en", "fr", "ar", "sw", "es")
TEXTS = {
    "en": "We tried this with two classes of forty. **Groups of four** worked best, and the paper version was needed.",
    "fr": "Nous avons essayé avec deux classes de quarante. Les **groupes de quatre** ont le mieux marché.",
    "ar": "جرّبنا ذلك مع صفّين في كل منهما أربعون تلميذًا، وكانت المجموعات الصغيرة أفضل.",
    "sw": "Tulijaribu na madarasa mawili ya wanafunzi arobaini. Vikundi vya wanne vilifanya kazi vizuri.",
    "es": "Lo probamos con dos clases de cuarenta. Los **grupos de cuatro** funcionaron mejor.",
}


def add_community(session: Session, slug: str, threads: int, posts: int, members: int) -> Community:
    """A public community with so many threads, posts and members; returns it."""
    people = session.scalars(select(Person.id).order_by(Person.id).limit(members)).all()
    community = Community(slug=slug, name=slug.title(), summary="A sample.", lang="en", member_count=len(people))
    community.facets = [CommunityFacet(kind="language", code=code) for code in LANGUAGES]
    session.add(community)
    session.flush()
    parts = dict.fromkeys(CHARTER_PARTS, "A sample.")
    session.add(Charter(community_id=community.id, version=1, lang="en", parts=parts))
    session.flush()
    joined = {"community_id": community.id, "state": ACTIVE, "role": "member", "joined_at": now(), "charter_version": 1}
    session.execute(insert(Member), [{**joined, "person_id": person} for person in people])
    first = _add_threads(session, community.id, threads, people)
    _add_posts(session, community.id, first, threads, posts, people)
    return community


def _add_threads(session: Session, community_id: int, count: int, people: Any) -> int:
    first = (session.scalar(select(func.max(Thread.id))) or 0) + 1
    begun = now() - timedelta(days=300)
    rows = [{"id": first + n, "kind": COMMUNITY, "created_at": begun} for n in range(count)]
    session.execute(insert(THREADS), rows)
    rows = [
        {
            "id": first + n, "community_id": community_id, "title": f"How do you teach fractions, part {n}?",
            "lang": LANGUAGES[n % 5], "token": f"{n:032x}", "opened_by": people[n % len(people)], "version": 1,
            "pinned": False, "post_count": 0, "last_post_at": begun,
        }
        for n in range(count)
    ]  # fmt: skip
    session.execute(insert(ROWS), rows)
    return first


def _add_posts(session: Session, community_id: int, first: int, threads: int, posts: int, people: Any) -> None:
    begun = now() - timedelta(days=300)
    step = timedelta(days=299) / posts
    for start in range(0, posts, CHUNK):
        rows = [
            {
                "thread_id": first + n % threads, "community_id": community_id, "author_id": people[n % len(people)],
                "text": f"{TEXTS[LANGUAGES[n % 5]]} ({n})", "lang": LANGUAGES[n % 5], "token": f"{n:032x}",
                "created_at": begun + step * n, "version": 1, "via": "page",
            }
            for n in range(start, min(posts, start + CHUNK))
        ]  # fmt: skip
        session.execute(insert(Post), rows)
    session.execute(
        update(ROWS)
        .where(ROWS.c.community_id == community_id)
        .values(
            post_count=_of_posts(func.count(Post.id)),
            last_post_at=_of_posts(func.max(Post.created_at)),
            last_post_id=_of_posts(func.max(Post.id)),
        )
    )


def _of_posts(value: Any) -> Any:
    return select(value).where(Post.thread_id == ROWS.c.id).scalar_subquery()
