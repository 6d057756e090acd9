"""From rows to what the matching core knows: the one place where profiles become its dataclasses.

Only what may be matched gets through: nobody who is hidden, suspended or unconfirmed, no institution that nobody acts
for or that was merged, and of each person only the parts that every member may see. ``public`` marks those of whom a
guest may see all that a guest is matched by: what they teach, and their languages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, Row, Select, Table, and_, or_, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.features.accounts.models import Account
from app.features.introductions.queries import count_received_since
from app.features.profiles.models import (
    INSTITUTION,
    OFFER,
    PERSON,
    Institution,
    Person,
    Profile,
    ProfileActivity,
    ProfileHours,
    ProfileLanguage,
    ProfileLevel,
    ProfileRefusal,
    ProfileSubject,
    ProfileTag,
    ProfileText,
)
from app.features.profiles.policies import ALL_PARTS, parts_open
from app.features.profiles.queries.refusing import is_willing
from app.features.vocabularies.queries import groups_of, regions_of
from app.matching import facets
from app.matching.hours import usual_hours

CHUNK = 1000
CAPACITY_SPAN = timedelta(days=30)
MEMBERS = frozenset({"everyone", "members"})
EVERYONE = frozenset({"everyone"})
GUEST_PARTS = frozenset({"teaching", "languages"})
GUESTS = "guests"
# On which lists those stand who may be suggested as this, where it is not the list of the same name: an institution
# stands on those of institutions, be it a person or another institution who asks for its like.
LISTS_OF = {"institutions": ("institutions", "peers")}

_profiles: Table = Profile.__table__  # type: ignore[assignment]
_persons: Table = Person.__table__  # type: ignore[assignment]
_institutions: Table = Institution.__table__  # type: ignore[assignment]
_accounts: Table = Account.__table__  # type: ignore[assignment]
_joined = (
    _profiles.outerjoin(_persons, _persons.c.id == _profiles.c.id)
    .outerjoin(_accounts, _accounts.c.id == _persons.c.account_id)
    .outerjoin(_institutions, _institutions.c.id == _profiles.c.id)
)
_columns = (
    _profiles.c.id,
    _profiles.c.kind,
    _profiles.c.country,
    _profiles.c.timezone,
    _profiles.c.monthly_contacts,
    _profiles.c.confirmed_at,
    _persons.c.audiences,
    _institutions.c.type,
)

# Which rows of a table belong to the profiles in hand: a range of ids, or a few.
Having = Callable[[Any], ColumnElement[bool]]


def matchable() -> ColumnElement[bool]:
    """Who may be suggested to anybody, as a condition on the joined tables."""
    person = and_(_profiles.c.kind == PERSON, _accounts.c.verified_at.is_not(None), _accounts.c.suspended_at.is_(None))
    institution = and_(
        _profiles.c.kind == INSTITUTION, _institutions.c.claimed, _institutions.c.merged_into_id.is_(None)
    )
    return and_(_profiles.c.hidden_at.is_(None), _profiles.c.suggestible, or_(person, institution))


def select_matchable(*columns: Any) -> Select[Any]:
    """A query for columns of those who may be suggested; joined are profiles, persons, accounts and institutions."""
    return select(*columns).select_from(_joined).where(matchable())


def list_matchable_ids(session: Session, ids: Iterable[int], kind: str | None = None, guest: bool = False) -> set[int]:
    """Those of ``ids`` that may be suggested now; on lists of a kind, if one is named, and to guests."""
    query = select(_profiles.c.id).select_from(_joined).where(_profiles.c.id.in_(list(ids)), matchable())
    if kind is not None:
        asked = {kind, *(one for one, lists in LISTS_OF.items() if kind in lists), *((GUESTS,) if guest else ())}
        query = query.where(is_willing(_profiles.c.id, sorted(asked)))
    return set(session.scalars(query))


def stream_matchable(session: Session, chunk: int = CHUNK, after: int = 0) -> Iterator[facets.Profile]:
    """Every profile that may be suggested, by id, beginning after one; a fixed number of queries a chunk."""
    while True:
        query = select(*_columns).select_from(_joined).where(_profiles.c.id > after, matchable())
        rows = session.execute(query.order_by(_profiles.c.id).limit(chunk)).all()
        if not rows:
            return
        low, high = rows[0].id, rows[-1].id
        yield from _together(session, rows, _between(low, high))
        after = high


def load_matchable(session: Session, ids: Sequence[int]) -> list[facets.Profile]:
    """Those of ``ids`` that may be suggested, as others may match them."""
    query = select(*_columns).select_from(_joined).where(_profiles.c.id.in_(ids), matchable()).order_by(_profiles.c.id)
    return list(_together(session, session.execute(query).all(), _among(ids)))


def load_asking(session: Session, profile_id: int) -> facets.Profile | None:
    """The profile of the one who asks, with all they said: nobody else sees what is worked out from it."""
    query = select(*_columns).select_from(_joined).where(_profiles.c.id == profile_id)
    return next(_together(session, session.execute(query).all(), _among([profile_id]), own=True), None)


def _between(low: int, high: int) -> Having:
    return lambda column: column.between(low, high)


def _among(ids: Sequence[int]) -> Having:
    return lambda column: column.in_(ids)


def _together(session: Session, rows: Sequence[Any], having: Having, own: bool = False) -> Iterator[facets.Profile]:
    if not rows:
        return
    said, moment = _Said(session, [row.id for row in rows], having), now()
    for row in rows:
        yield _profile(row, said, moment, own)


def _grouped(session: Session, having: Having, *columns: Any) -> dict[int, list[Row[Any]]]:
    """Rows of a table of facets, grouped by their profile (the first column)."""
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(select(*columns).where(having(columns[0])).order_by(*columns[:2])):
        found[row[0]].append(row)
    return found


class _Said:
    """What a chunk of profiles says of itself, one query a facet."""

    def __init__(self, session: Session, ids: Sequence[int], having: Having) -> None:
        subject, level, tag = (one.__table__.c for one in (ProfileSubject, ProfileLevel, ProfileTag))
        tongue, activity, text = (one.__table__.c for one in (ProfileLanguage, ProfileActivity, ProfileText))
        self.subjects = _grouped(session, having, subject.profile_id, subject.code)
        self.levels = _grouped(session, having, level.profile_id, level.code)
        self.tags = _grouped(session, having, tag.profile_id, tag.tag)
        self.languages = _grouped(
            session, having, tongue.profile_id, tongue.tag, tongue.level, tongue.teaches, tongue.accepts
        )
        self.activities = _grouped(
            session,
            having,
            activity.profile_id,
            activity.id,
            activity.direction,
            activity.code,
            activity.subject,
            activity.language,
        )
        texts = select(text.profile_id, text.text).where(having(text.profile_id), text.field == "interests")
        self.interests: dict[int, list[str]] = defaultdict(list)
        for profile_id, interests in session.execute(texts.order_by(text.profile_id, text.lang)):
            self.interests[profile_id].append(interests)
        hours, refusal = ProfileHours.__table__.c, ProfileRefusal.__table__.c
        self.hours = _grouped(session, having, hours.profile_id, hours.weekday, hours.begin, hours.end)
        self.refusals = _grouped(session, having, refusal.profile_id, refusal.kind)
        self.received = count_received_since(session, ids, now() - CAPACITY_SPAN)


def _open_parts(row: Row[Any], own: bool) -> frozenset[str]:
    return ALL_PARTS if own or row.kind != PERSON else parts_open(row.audiences or {}, MEMBERS)


def _is_public(row: Row[Any], refused: Sequence[str]) -> bool:
    return GUESTS not in refused and (row.kind != PERSON or parts_open(row.audiences or {}, EVERYONE) >= GUEST_PARTS)


def _activities(rows: Iterable[Row[Any]], direction: str) -> tuple[facets.Activity, ...]:
    return tuple(facets.Activity(r.code, r.subject, r.language) for r in rows if r.direction == direction)


@lru_cache(maxsize=1000)
def _utc_offset(timezone: str, hour: datetime) -> int | None:
    """Minutes that the clocks of a zone are ahead of UTC in an hour; None of a zone nobody knows."""
    try:
        offset = hour.astimezone(ZoneInfo(timezone)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return round(offset.total_seconds() / 60) if offset is not None else None


def _hours(row: Row[Any], said: _Said, moment: datetime) -> tuple[int, int]:
    """The half hours somebody works, and how far their clocks are ahead; nothing without a zone, which they hang on."""
    spans = said.hours.get(row.id)
    offset = _utc_offset(row.timezone, moment.replace(minute=0, second=0, microsecond=0)) if row.timezone else None
    if offset is None or not spans:
        return 0, offset or 0
    week: list[list[tuple[int, int]]] = [[] for _day in range(7)]
    for span in spans:
        week[span.weekday].append((span.begin, span.end))
    return usual_hours(week, offset), offset


def _profile(row: Row[Any], said: _Said, moment: datetime, own: bool) -> facets.Profile:
    key, parts = row.id, _open_parts(row, own)
    refused = [one.kind for one in said.refusals.get(key, ())]
    teaching, tongues = "teaching" in parts, "languages" in parts
    activities = said.activities.get(key, []) if "exchange" in parts else []
    texts = "texts" in parts
    welcome = row.monthly_contacts
    # Hours and zone belong to the place: of someone who keeps that from members no list tells when they work.
    hours, offset = _hours(row, said, moment) if "place" in parts else (0, 0)
    return facets.Profile(
        key=key,
        kind=row.kind,
        country=row.country,
        regions=regions_of(row.country) if row.country else (),
        subjects=tuple(r.code for r in said.subjects.get(key, ())) if teaching else (),
        levels=tuple(r.code for r in said.levels.get(key, ())) if teaching else (),
        languages=tuple(
            facets.Language(r.tag, r.level, r.teaches, r.accepts) for r in said.languages.get(key, ()) if tongues
        ),
        offers=_activities(activities, OFFER),
        needs=tuple(facets.Activity(r.code, r.subject, r.language) for r in activities if r.direction != OFFER),
        interests="\n".join(said.interests.get(key, ())) if texts else "",
        tags=tuple(r.tag for r in said.tags.get(key, ())) if texts else (),
        capacity=None if welcome is None else max(0, welcome - said.received.get(key, 0)),
        fresh_days=max(0, (moment - row.confirmed_at).days),
        hours=hours,
        utc_offset=offset,
        institution_type=row.type,
        public=_is_public(row, refused),
        not_as=tuple(sorted({kind for one in refused for kind in LISTS_OF.get(one, (one,))})),
        groups=groups_of(row.country) if row.country else (),
    )
