"""Digests: once a day or a week, at everybody's own hour, what is new for them in one mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, func, or_, select, update
from sqlalchemy.orm import Session

from app.core.database import Database
from app.core.jobs import Progress
from app.core.mail import queue_mail, sending_settings
from app.core.markdown import plain_of
from app.features.accounts.models import Account
from app.features.accounts.queries import build_actor
from app.features.communities.queries import list_communities_of
from app.features.notifications.models import NEVER, WEEKLY, Notice, NoticeSettings
from app.features.notifications.policies import can_be_mailed, is_due, zone_of
from app.features.notifications.queries import find_settings, list_levels
from app.features.notifications.queries.news import Corner, News, NewThread, collect_news
from app.features.notifications.services.choosing import make_settings
from app.features.notifications.services.telling import stop_path
from app.features.notifications.words import DIGEST
from app.features.profiles.models import Person
from app.features.profiles.queries.reading import primary
from app.features.relations.queries import list_blocked_ids
from app.features.vocabularies.queries import autonym

BATCH = 200
FIRST_LOOK = timedelta(days=7)
LONGEST_EXCERPT = 220


def _list_candidates(session: Session, after: int) -> list[tuple[int, str | None, NoticeSettings | None]]:
    """A batch of persons who may want a digest, by number; whether it is due now is still to be seen."""
    digest = func.coalesce(NoticeSettings.digest, WEEKLY)
    query = (
        select(Person.id, Person.timezone, NoticeSettings)
        .join(Account, Account.id == Person.account_id)
        .outerjoin(NoticeSettings, NoticeSettings.person_id == Person.id)
        .where(Person.id > after, Person.hidden_at.is_(None), digest != NEVER)
        .where(Account.verified_at.is_not(None), Account.suspended_at.is_(None))
        .order_by(Person.id)
        .limit(BATCH)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def send_digests(database: Database, moment: datetime, progress: Progress | None = None) -> int:
    """Write every digest that is due; returns how many. Each is a commit of its own, so that it can go on anywhere."""
    after = int(((progress.cursor if progress else None) or {}).get("after", 0))
    sent = done = 0
    while True:
        with database.reading() as session:
            batch = _list_candidates(session, after)
            default = NoticeSettings(digest=WEEKLY, weekday=0, hour=7)
            due = [number for number, zone, row in batch if is_due(row or default, zone, moment)]
        if not batch:
            return sent
        for number in due:
            with database.transaction() as session:
                sent += send_digest(session, number, moment)
        after, done = batch[-1][0], done + len(batch)
        if progress is not None:
            progress.advance(done, cursor={"after": after})


def _claim(session: Session, person_id: int, timezone: str | None, moment: datetime) -> bool:
    """Take today's digest of a person; False if another worker has it. Whoever comes second waits for the first."""
    today = moment.astimezone(zone_of(timezone)).date()
    taken = session.execute(
        update(NoticeSettings)
        .where(NoticeSettings.person_id == person_id)
        .where(or_(NoticeSettings.digest_on.is_(None), NoticeSettings.digest_on < today))
        .values(digest_on=today, digest_at=moment)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", taken).rowcount == 1


def send_digest(session: Session, person_id: int, moment: datetime) -> bool:
    """Write the digest of one person, if it is due and there is something to write about."""
    # The first statement writes, so that SQLite lets nobody come between it and what is read after.
    make_settings(session, person_id)
    person = session.get_one(Person, person_id)
    wanted = find_settings(session, person_id)
    since = wanted.digest_at or moment - FIRST_LOOK
    if not is_due(wanted, person.timezone, moment) or not _claim(session, person_id, person.timezone, moment):
        return False
    account = session.get_one(Account, person.account_id)
    actor = build_actor(session, account)
    if not can_be_mailed(account):
        return False
    news = collect_news(
        session, person_id, list_communities_of(session, person_id), list_levels(session, person_id), since, moment,
        list_blocked_ids(session, person_id),
    )  # fmt: skip
    if news.is_empty:
        return False
    stop = stop_path(sending_settings().secret_key, person_id, DIGEST)
    known = frozenset(primary(tag) for tag in actor.languages)
    queue_mail(
        session, account.email, "digest", account.locale, extra={"stop": stop}, stop=stop,
        **_plain(news, known),
    )  # fmt: skip
    ids = [notice.id for notice in news.notices]
    session.execute(update(Notice).where(Notice.id.in_(ids)).values(mailed_at=moment))
    return True


def _plain(news: News, known: frozenset[str]) -> dict[str, Any]:
    """The news as plain data for the mail."""
    corners = [_plain_corner(corner, known) for corner in news.corners]
    return {
        "corners": [corner for corner in corners if corner["told"] or corner["threads"] or corner["posts"]],
        "rest": [_plain_notice(notice) for notice in news.rest],
        "more": news.more_notices,
    }


def _plain_notice(notice: Notice) -> dict[str, Any]:
    return {"kind": notice.kind, "values": notice.values}


def _plain_corner(corner: Corner, known: frozenset[str]) -> dict[str, Any]:
    return {
        "name": corner.community.name,
        "slug": corner.community.slug,
        "told": [_plain_notice(notice) for notice in corner.notices],
        "threads": [_plain_thread(thread, known) for thread in corner.threads],
        "more_threads": corner.thread_count - len(corner.threads),
        "posts": corner.posts.total(),
        # Nothing is left out silently: what they can't read is counted.
        "foreign": sum(count for lang, count in corner.posts.items() if primary(lang) not in known),
    }


def _plain_thread(thread: NewThread, known: frozenset[str]) -> dict[str, Any]:
    reads = primary(thread.text_lang) in known
    return {
        "id": thread.id,
        "title": thread.title,
        "words": plain_of(thread.text, LONGEST_EXCERPT) if reads else "",
        "language": None if primary(thread.lang) in known and reads else autonym(thread.text_lang),
    }
