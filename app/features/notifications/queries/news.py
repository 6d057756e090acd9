"""What is new for somebody's digest: notices that were in no mail yet, and threads and posts of their communities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, func, or_, select
from sqlalchemy.orm import Session

from app.core.notices import notice_kinds, stamp_of
from app.features.communities.models import Community, Member
from app.features.notifications.models import NOTHING, Notice
from app.features.notifications.policies import wants_threads
from app.features.threads.models import CommunityThread, Post, Thread

MOST_NOTICES, MOST_THREADS = 40, 6
OLDEST = timedelta(days=30)
_threads, _all_threads = cast(Table, CommunityThread.__table__), cast(Table, Thread.__table__)


@dataclass(frozen=True, slots=True)
class NewThread:
    """A thread that somebody opened, with its first words."""

    id: int
    title: str
    lang: str
    text: str
    text_lang: str


@dataclass
class Corner:
    """What is new in one community."""

    community: Community
    notices: list[Notice] = field(default_factory=list)
    threads: list[NewThread] = field(default_factory=list)
    thread_count: int = 0
    # Posts by language.
    posts: Counter[str] = field(default_factory=Counter)


@dataclass
class News:
    """All that is new for a person; ``rest`` belongs to no community of theirs."""

    corners: list[Corner]
    rest: list[Notice]
    more_notices: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write about."""
        return not self.rest and not any(c.notices or c.thread_count or c.posts for c in self.corners)

    @property
    def notices(self) -> list[Notice]:
        """Every notice in it."""
        return [*self.rest, *(notice for corner in self.corners for notice in corner.notices)]


def _not_over(moment: datetime) -> list[ColumnElement[bool]]:
    """That what a notice reminds of has not begun yet."""
    return [
        or_(Notice.kind != kind.kind, Notice.values[kind.moment].as_string() > stamp_of(moment))
        for kind in notice_kinds()
        if kind.moment
    ]


def _list_waiting(session: Session, person_id: int, silent: Collection[int], moment: datetime) -> tuple[Any, int]:
    """The notices that nobody read or mailed yet, and how many there are beyond those given."""
    wanted = (
        Notice.person_id == person_id, Notice.read_at.is_(None), Notice.mailed_at.is_(None),
        Notice.created_at > moment - OLDEST, Notice.created_at <= moment,
        or_(Notice.community_id.is_(None), Notice.community_id.not_in(silent)), *_not_over(moment),
    )  # fmt: skip
    rows = list(session.scalars(select(Notice).where(*wanted).order_by(Notice.id).limit(MOST_NOTICES)))
    if len(rows) < MOST_NOTICES:
        return rows, 0
    total = session.scalar(select(func.count()).select_from(Notice).where(*wanted)) or 0
    return rows, total - len(rows)


def _since(places: Mapping[int, datetime], column: Any, at: Any) -> Any:
    return or_(*(and_(column == number, at > moment) for number, moment in places.items()))


def _add_posts(
    session: Session, corners: Mapping[int, Corner], places: Mapping[int, datetime], person_id: int, blocked: set[int]
) -> None:
    seen = (Post.hidden_at.is_(None), Post.withdrawn_at.is_(None), _threads.c.hidden_at.is_(None))
    query = (
        select(Post.community_id, Post.lang, func.count())
        .join(_threads, _threads.c.id == Post.thread_id)
        .where(_since(places, Post.community_id, Post.created_at), *seen)
        .where(or_(Post.author_id.is_(None), Post.author_id.not_in({person_id, *blocked})))
        .group_by(Post.community_id, Post.lang)
    )
    for community_id, lang, count in session.execute(query):
        corners[community_id].posts[lang] += count


def _add_threads(
    session: Session, corners: Mapping[int, Corner], places: Mapping[int, datetime], person_id: int, blocked: set[int]
) -> None:
    c = _threads.c
    created = _all_threads.c.created_at
    number = func.row_number().over(partition_by=c.community_id, order_by=(created.desc(), c.id.desc()))
    total = func.count().over(partition_by=c.community_id)
    first = select(func.min(Post.id)).where(Post.thread_id == c.id).correlate(_threads).scalar_subquery()
    ranked = (
        select(c.id, c.community_id, c.title, c.lang, number.label("place"), total.label("total"), first.label("first"))
        .join(_all_threads, _all_threads.c.id == c.id)
        .where(_since(places, c.community_id, created), c.hidden_at.is_(None), c.moved_to_id.is_(None))
        .where(c.post_count > 0)
        .where(or_(c.opened_by.is_(None), c.opened_by.not_in({person_id, *blocked})))
        .subquery()
    )
    query = (
        select(ranked, Post.text, Post.lang.label("text_lang"), Post.hidden_at, Post.withdrawn_at)
        .outerjoin(Post, Post.id == ranked.c.first)
        .where(ranked.c.place <= MOST_THREADS)
        .order_by(ranked.c.community_id, ranked.c.place)
    )
    for row in session.execute(query):
        corner = corners[row.community_id]
        corner.thread_count = row.total
        shown = row.hidden_at is None and row.withdrawn_at is None
        words = (row.text or "") if shown else ""
        corner.threads.append(NewThread(row.id, row.title, row.lang, words, row.text_lang or row.lang))


def collect_news(
    session: Session,
    person_id: int,
    memberships: Collection[tuple[Community, Member]],
    levels: Mapping[int, str],
    since: datetime,
    moment: datetime,
    blocked: set[int],
) -> News:
    """What is new for a person since a moment: three queries, however many communities they belong to."""
    corners = {community.id: Corner(community) for community, _member in memberships}
    silent = [number for number, level in levels.items() if level == NOTHING]
    waiting, more = _list_waiting(session, person_id, silent, moment)
    rest: list[Notice] = []
    for notice in waiting:
        corner = corners.get(notice.community_id or 0)
        (corner.notices if corner is not None else rest).append(notice)
    places = {
        community.id: max(since, member.joined_at or since)
        for community, member in memberships
        if wants_threads(levels.get(community.id))
    }
    if places:
        _add_posts(session, corners, places, person_id, blocked)
        _add_threads(session, corners, places, person_id, blocked)
    return News(list(corners.values()), rest, more)
