"""Reads of communities that should exist: who would be in them now, as far as each may still be suggested."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, or_, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.features.accounts.models import Account
from app.features.communities.models import MissingCommunity, MissingMember
from app.features.profiles.models import INSTITUTION, PERSON, Delegation, Institution, Person, Profile
from app.features.profiles.policies import OWNER
from app.features.profiles.queries.refusing import is_willing
from app.features.relations.queries import list_blocked_ids
from app.matching.communities import LEAST_PEOPLE

PAGE = 12
# As what those in such a group are suggested.
GROUPS = "groups"
# So many of each are looked at for a few names.
FEW_NAMES = 8

_profiles: Table = Profile.__table__  # type: ignore[assignment]
_persons: Table = Person.__table__  # type: ignore[assignment]
_institutions: Table = Institution.__table__  # type: ignore[assignment]
_accounts: Table = Account.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Missing:
    """A community that should exist, with how many would be in it now and some of them."""

    row: MissingCommunity
    people: int
    institutions: int
    some_ids: tuple[int, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class MissingPage:
    """A page of them, and where the next one begins."""

    items: tuple[Missing, ...]
    next: str | None


def _open_now(kind: str) -> ColumnElement[bool]:
    """Who may be suggested to anybody as this at this moment, whatever the job found."""
    person = and_(_profiles.c.kind == PERSON, _accounts.c.verified_at.is_not(None), _accounts.c.suspended_at.is_(None))
    institution = and_(
        _profiles.c.kind == INSTITUTION, _institutions.c.claimed, _institutions.c.merged_into_id.is_(None)
    )
    return and_(
        _profiles.c.hidden_at.is_(None), _profiles.c.suggestible, is_willing(_profiles.c.id, [kind]),
        or_(person, institution),
    )  # fmt: skip


def _with_persons(profiles: Any) -> Any:
    return (
        profiles.outerjoin(_persons, _persons.c.id == _profiles.c.id)
        .outerjoin(_accounts, _accounts.c.id == _persons.c.account_id)
        .outerjoin(_institutions, _institutions.c.id == _profiles.c.id)
    )


def _members(*columns: Any) -> Any:
    joined = _with_persons(MissingMember.__table__.join(_profiles, _profiles.c.id == MissingMember.profile_id))
    return select(*columns).select_from(joined).where(_open_now(GROUPS))


def list_open_ids(session: Session, ids: Iterable[int], kind: str) -> set[int]:
    """Those of ``ids`` who may be suggested to anybody as this (of `SUGGESTED_AS`) at this moment."""
    query = select(_profiles.c.id).select_from(_with_persons(_profiles))
    return set(session.scalars(query.where(_profiles.c.id.in_(list(ids)), _open_now(kind))))


def _read_place(cursor: str | None) -> tuple[int, int] | None:
    """Where a page begins; None for none and for anything that was never written."""
    if not cursor or re.fullmatch("[0-9]{1,9}-[0-9]{1,18}", cursor, re.ASCII) is None:
        return None
    people, _dash, number = cursor.partition("-")
    return int(people), int(number)


def list_own_missing(session: Session, person_id: int, limit: int = 3) -> tuple[Missing, ...]:
    """Those a person would be in, the largest first."""
    mine = select(MissingMember.missing_id).where(MissingMember.profile_id == person_id)
    rows = select(MissingCommunity).where(MissingCommunity.id.in_(mine))
    rows = rows.order_by(MissingCommunity.people.desc(), MissingCommunity.id).limit(limit)
    return _described(session, list(session.scalars(rows)), person_id)


def list_missing(session: Session, person_id: int | None, cursor: str | None, limit: int = PAGE) -> MissingPage:
    """All others, the largest first."""
    row, at = MissingCommunity, _read_place(cursor)
    query = select(row)
    if person_id is not None:
        query = query.where(
            row.id.not_in(select(MissingMember.missing_id).where(MissingMember.profile_id == person_id))
        )
    if at is not None:
        query = query.where(or_(row.people < at[0], and_(row.people == at[0], row.id > at[1])))
    rows = list(session.scalars(query.order_by(row.people.desc(), row.id).limit(limit + 1)))
    shown = rows[:limit]
    following = f"{shown[-1].people}-{shown[-1].id}" if len(rows) > limit else None
    return MissingPage(_described(session, shown, person_id), following)


def _described(session: Session, rows: Sequence[MissingCommunity], person_id: int | None) -> tuple[Missing, ...]:
    """With how many would be in each now; those with too few left are passed over. Two queries."""
    ids = [row.id for row in rows]
    if not ids:
        return ()
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    member = MissingMember
    grouped = _members(member.missing_id, _profiles.c.kind, func.count()).where(member.missing_id.in_(ids))
    for number, kind, count in session.execute(grouped.group_by(member.missing_id, _profiles.c.kind)):
        counts[number][kind] = count
    some: dict[int, list[int]] = defaultdict(list)
    own = set()
    first = _members(member.missing_id, member.profile_id).where(
        member.missing_id.in_(ids), or_(member.place < FEW_NAMES, member.profile_id == person_id)
    )
    for number, profile_id in session.execute(first.order_by(member.missing_id, member.place)):
        if profile_id == person_id:
            own.add(number)
        else:
            some[number].append(profile_id)
    return tuple(
        Missing(
            row, counts[row.id].get(PERSON, 0), counts[row.id].get(INSTITUTION, 0), tuple(some[row.id]), row.id in own
        )
        for row in rows
        if counts[row.id].get(PERSON, 0) >= LEAST_PEOPLE
    )


def get_missing(session: Session, person_id: int, missing_id: int) -> Missing:
    """One of them; raises `NotFound` where it is gone, or has become too small."""
    row = session.get(MissingCommunity, missing_id)
    found = _described(session, [row], person_id) if row is not None else ()
    if not found:
        raise NotFound
    return found[0]


def list_askable_ids(session: Session, missing_id: int, person_id: int) -> list[int]:
    """Whom ``person_id`` could invite to it, the most central first: its people, and of its institutions whoever has
    acted for them the longest; nobody with whom there is a block."""
    member = MissingMember
    rows = session.execute(
        _members(member.profile_id, _profiles.c.kind).where(member.missing_id == missing_id).order_by(member.place)
    ).all()
    speaks = _first_delegates(session, [row.profile_id for row in rows if row.kind == INSTITUTION])
    blocked = list_blocked_ids(session, person_id)
    asked = (row.profile_id if row.kind == PERSON else speaks.get(row.profile_id) for row in rows)
    kept = dict.fromkeys(one for one in asked if one is not None and one != person_id)
    return [one for one in kept if one not in blocked]


def _first_delegates(session: Session, institution_ids: Iterable[int]) -> dict[int, int]:
    """Who speaks for each institution: an owner before others, then whoever has the longest."""
    rows = session.execute(
        select(Delegation.institution_id, Delegation.person_id)
        .where(Delegation.institution_id.in_(list(institution_ids)), Delegation.accepted_at.is_not(None))
        .order_by(Delegation.role == OWNER, Delegation.id.desc())
    )
    # The last one written for an institution stays: the order is the other way round.
    return {row.institution_id: row.person_id for row in rows}
