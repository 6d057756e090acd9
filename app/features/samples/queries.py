"""Reads of the sample world."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.features.accounts.models import Account, AccountRole
from app.features.profiles.models import (
    NEED,
    OFFER,
    Person,
    Profile,
    ProfileActivity,
    ProfileLanguage,
    ProfileLevel,
    ProfileSubject,
)
from app.features.profiles.queries.visible import CEFR_NAMES

CHUNK = 500


def has_profiles(session: Session) -> bool:
    """Whether there is any profile, sample or not."""
    return session.scalar(select(Profile.id).limit(1)) is not None


def count_people(session: Session) -> int:
    """How many sample people there are, without those who run the platform."""
    return session.scalar(select(func.count()).select_from(Account).where(Account.sample, ~Account.roles.any())) or 0


def list_people(session: Session) -> list[dict[str, Any]]:
    """The sample people with their facets as plain data, by handle; those who run the platform are left out."""
    runs = exists().where(AccountRole.account_id == Person.account_id)
    people = session.execute(
        select(Person.id, Person.handle, Person.name, Person.country, Person.city, Person.suggestible)
        .where(Person.sample, Person.hidden_at.is_(None), ~runs)
        .order_by(Person.handle)
    ).all()
    listed: list[dict[str, Any]] = []
    for start in range(0, len(people), CHUNK):
        listed += _describe(session, people[start : start + CHUNK])
    return listed


def _describe(session: Session, people: Sequence[Any]) -> Iterator[dict[str, Any]]:
    ids = [row.id for row in people]
    subjects = _codes(session, ProfileSubject, ids)
    levels = _codes(session, ProfileLevel, ids)
    languages: dict[int, list[dict[str, Any]]] = defaultdict(list)
    spoken = select(ProfileLanguage).where(ProfileLanguage.profile_id.in_(ids))
    for row in session.scalars(spoken.order_by(ProfileLanguage.level.desc(), ProfileLanguage.tag)):
        languages[row.profile_id].append(
            {
                "tag": row.tag,
                "cefr": CEFR_NAMES[row.level - 1],
                "teaches": row.teaches,
                "accepts": CEFR_NAMES[row.accepts - 1],
            }
        )
    activities = _activities(session, ids)
    for person in people:
        yield {
            "handle": person.handle,
            "name": person.name,
            "country": person.country,
            "city": person.city,
            "languages": languages[person.id],
            "subjects": subjects[person.id],
            "levels": levels[person.id],
            "offers": activities[person.id, OFFER],
            "needs": activities[person.id, NEED],
            "suggestible": person.suggestible,
        }


def _codes(
    session: Session, table: type[ProfileSubject] | type[ProfileLevel], ids: Sequence[int]
) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for profile_id, code in session.execute(
        select(table.profile_id, table.code).where(table.profile_id.in_(ids)).order_by(table.profile_id, table.code)
    ):
        found[profile_id].append(code)
    return found


def _activities(session: Session, ids: Sequence[int]) -> dict[tuple[int, str], list[dict[str, str | None]]]:
    found: dict[tuple[int, str], list[dict[str, str | None]]] = defaultdict(list)
    rows = select(ProfileActivity).where(ProfileActivity.profile_id.in_(ids)).order_by(ProfileActivity.id)
    for row in session.scalars(rows):
        found[row.profile_id, row.direction].append(
            {"activity": row.code, "subject": row.subject, "language": row.language}
        )
    return found
