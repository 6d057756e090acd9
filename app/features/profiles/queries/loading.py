"""Profiles as plain rows with everything that is shown of them: mapped objects of a page of twenty cost more than the
rest of the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Row, Select, Table, bindparam, select
from sqlalchemy.orm import Session

from app.features.profiles.models import (
    INSTITUTION,
    Institution,
    InstitutionName,
    Person,
    Profile,
    ProfileActivity,
    ProfileLanguage,
    ProfileLevel,
    ProfileSubject,
    ProfileTag,
    ProfileText,
)

Rows = Sequence[Row[Any]]

_profiles: Table = Profile.__table__  # type: ignore[assignment]
_persons: Table = Person.__table__  # type: ignore[assignment]
_institutions: Table = Institution.__table__  # type: ignore[assignment]
_ids: BindParameter[Any] = bindparam("ids", expanding=True)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A profile: the row of its own columns, and those of what hangs on it, in the order in which it is shown."""

    own: Row[Any]
    subjects: Rows
    levels: Rows
    languages: Rows
    activities: Rows
    tags: Rows
    texts: Rows
    names: Rows


# Made once: to put a statement together takes longer than to run it.
_OWN = (
    select(
        *(_profiles.c[name] for name in ("id", "kind", "handle", "country", "city", "timezone", "monthly_contacts")),
        *(_profiles.c[name] for name in ("confirmed_at", "hidden_at", "sample")),
        *(_persons.c[name] for name in ("name", "name_lang", "audiences")),
        *(_institutions.c[name] for name in ("type", "website", "ror_id", "ror_status", "claimed")),
        *(_institutions.c[name] for name in ("verified_by", "verified_at")),
    )
    .select_from(
        _profiles.outerjoin(_persons, _persons.c.id == _profiles.c.id).outerjoin(
            _institutions, _institutions.c.id == _profiles.c.id
        )
    )
    .where(_profiles.c.id.in_(_ids))
)


def _of(model: Any, *names: str, order: Sequence[Any], owner: str = "profile_id") -> Select[Any]:
    """The statement for a table that hangs on profiles: the profile first, then the columns ``names``."""
    kept = model.__table__.c
    return select(kept[owner], *(kept[name] for name in names)).where(kept[owner].in_(_ids)).order_by(*order)


_SUBJECTS = _of(ProfileSubject, "code", order=[ProfileSubject.__table__.c.code])
_LEVELS = _of(ProfileLevel, "code", order=[ProfileLevel.__table__.c.code])
_LANGUAGES = _of(
    ProfileLanguage,
    *("tag", "level", "teaches", "accepts"),
    order=[ProfileLanguage.__table__.c.level.desc(), ProfileLanguage.__table__.c.tag],
)
_ACTIVITIES = _of(ProfileActivity, "direction", "code", "subject", "language", order=[ProfileActivity.__table__.c.id])
_TAGS = _of(ProfileTag, "tag", order=[ProfileTag.__table__.c.tag])
_TEXTS = _of(ProfileText, "field", "lang", "text", order=[ProfileText.__table__.c.id])
_NAMES = _of(
    InstitutionName, "name", "lang", "kind", "main", order=[InstitutionName.__table__.c.id], owner="institution_id"
)


def load_many(session: Session, ids: Sequence[int]) -> dict[int, Loaded]:
    """Profiles with everything that is shown of them, by id, in a fixed number of queries."""
    # What this request changed is to be seen, as it is by queries for mapped objects.
    session.flush()
    own = session.execute(_OWN, {"ids": ids}).all()
    facets = [
        _grouped(session, statement, ids) for statement in (_SUBJECTS, _LEVELS, _LANGUAGES, _ACTIVITIES, _TAGS, _TEXTS)
    ]
    institutions = [row.id for row in own if row.kind == INSTITUTION]
    facets.append(_grouped(session, _NAMES, institutions) if institutions else {})
    return {row.id: Loaded(row, *(facet.get(row.id, ()) for facet in facets)) for row in own}


def _grouped(session: Session, statement: Select[Any], ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """The rows of a statement by their profile, which comes first."""
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(statement, {"ids": ids}):
        found[row[0]].append(row)
    return found
