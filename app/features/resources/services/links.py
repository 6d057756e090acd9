"""Looking whether links still lead somewhere, politely: a few of each host a run, and never twice a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import zip_longest

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from app.core.fetching import Fetched, FetchProblem
from app.core.notices import tell
from app.features.resources.addresses import host_of
from app.features.resources.models import DEAD, FAILING, FINE, UNCHECKED, Resource

# How many links a run looks at, and how many of one host: the next run takes the others.
MOST_IN_RUN, MOST_OF_HOST = 200, 8
WHEN_FINE, WHEN_FAILING = timedelta(days=14), timedelta(hours=20)
DAYS_UNTIL_DEAD = 3
# Answers that only say that a program may not look, or not now: the page is there.
_SHY = frozenset((401, 403, 405, 406, 407, 429, 451, 999))

Ask = Callable[[str, str], Fetched]


def list_due(session: Session, moment: datetime) -> list[tuple[int, str]]:
    """The links to look at in this run: number and address, those of one host never in a row where others wait."""
    fine, failing = moment - WHEN_FINE, moment - WHEN_FAILING
    due = or_(
        Resource.link_checked_at.is_(None),
        and_(Resource.link_state.in_((FINE, UNCHECKED)), Resource.link_checked_at < fine),
        and_(Resource.link_state == FAILING, Resource.link_checked_at < failing),
        and_(Resource.link_state == DEAD, Resource.link_checked_at < fine),
    )
    rows = session.execute(
        select(Resource.id, Resource.url)
        # The addresses of samples are made up.
        .where(Resource.withdrawn_at.is_(None), Resource.sample.is_(False), due)
        .order_by(Resource.link_checked_at.is_not(None), Resource.link_checked_at, Resource.id)
        .limit(5 * MOST_IN_RUN)
    )
    by_host: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, url in rows:
        if len(by_host[host_of(url)]) < MOST_OF_HOST:
            by_host[host_of(url)].append((number, url))
    mixed = [row for round_ in zip_longest(*by_host.values()) for row in round_ if row is not None]
    return mixed[:MOST_IN_RUN]


def answers(url: str, ask: Ask) -> bool:
    """Whether something is at an address; servers that don't know HEAD are asked once more."""
    for method in ("HEAD", "GET"):
        try:
            status = ask(url, method).status
        except FetchProblem:
            continue
        if status < 400 or status in _SHY:
            return True
    return False


def note_answer(session: Session, resource_id: int, url: str, works: bool, moment: datetime) -> None:
    """Keep what came of it; who brought it is told once the link is dead.

    Written past the row's version: nobody who edits it meanwhile is to be disturbed, and what they change wins.
    """
    row = session.execute(
        select(
            Resource.link_state, Resource.link_checked_at, Resource.link_failed_since, Resource.link_failed_days,
            Resource.added_by, Resource.title,
        ).where(Resource.id == resource_id, Resource.url == url)
    ).one_or_none()  # fmt: skip
    if row is None:
        return
    values: dict[str, object] = {"link_checked_at": moment}
    if works:
        values |= {"link_state": FINE, "link_failed_since": None, "link_failed_days": 0}
    else:
        # Several failures on one day are one.
        again = row.link_failed_days and row.link_checked_at and row.link_checked_at.date() == moment.date()
        days = row.link_failed_days if again else row.link_failed_days + 1
        state = DEAD if days >= DAYS_UNTIL_DEAD else FAILING
        since = row.link_failed_since or moment
        values |= {"link_state": state, "link_failed_since": since, "link_failed_days": days}
        if state == DEAD and row.link_state != DEAD and row.added_by is not None:
            tell(session, [row.added_by], "resource_link_dead", title=row.title, resource_id=resource_id)
    statement = update(Resource).where(Resource.id == resource_id, Resource.url == url).values(**values)
    session.execute(statement.execution_options(synchronize_session=False))
