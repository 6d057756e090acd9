"""Making accounts, persons and institutions for the tests, as rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from app.core.clock import now
from app.features.accounts.models import Account, AccountRole
from app.features.profiles.models import (
    NEED,
    OFFER,
    Delegation,
    Institution,
    InstitutionName,
    Person,
    ProfileActivity,
    ProfileLanguage,
    ProfileLevel,
    ProfileSubject,
    ProfileText,
)
from app.features.profiles.services.changes import note_change

PASSWORD = "seven-calm-rivers-9"
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def make_account(session: Session, name: str, roles: Iterable[str] = (), **values: Any) -> Account:
    """A verified account ``name@example.org`` with `PASSWORD`."""
    email = f"{name}@example.org"
    account = Account(email=email, email_key=email, password_hash=_HASH)
    account.verified_at = account.adult_confirmed_at = account.privacy_accepted_at = now()
    for key, value in values.items():
        setattr(account, key, value)
    account.roles = [AccountRole(role=role) for role in roles]
    session.add(account)
    session.flush()
    return account


def add_facets(
    profile: Person | Institution,
    subjects: Iterable[str] = (),
    levels: Iterable[str] = (),
    languages: Iterable[tuple[Any, ...]] = (),
    offers: Iterable[tuple[Any, ...]] = (),
    needs: Iterable[tuple[Any, ...]] = (),
    about: dict[str, str] | None = None,
) -> None:
    """Describe a profile: languages (tag, level[, teaches[, accepts]]), activities (code[, subject[, language]])."""
    profile.subjects = [ProfileSubject(code=code) for code in subjects]
    profile.levels = [ProfileLevel(code=code) for code in levels]
    profile.languages = [
        ProfileLanguage(**dict(zip(("tag", "level", "teaches", "accepts"), row, strict=False))) for row in languages
    ]
    profile.activities = [
        ProfileActivity(direction=direction, **dict(zip(("code", "subject", "language"), row, strict=False)))
        for direction, rows in ((OFFER, offers), (NEED, needs))
        for row in rows
    ]
    profile.texts = [ProfileText(field="about", lang=lang, text=text) for lang, text in (about or {}).items()]


def make_person(session: Session, handle: str, roles: Iterable[str] = (), **values: Any) -> Person:
    """A person with an account; facets as for `add_facets`, everything else as columns."""
    facets = {k: values.pop(k) for k in list(values) if k in add_facets.__annotations__ and k != "profile"}
    account = make_account(session, handle, roles, **values.pop("account", {}))
    person = Person(handle=handle, account_id=account.id, name=values.pop("name", handle.title()), **values)
    add_facets(person, **facets)
    session.add(person)
    session.flush()
    note_change(session, person)
    return person


def make_institution(session: Session, handle: str, owner: Person | None = None, **values: Any) -> Institution:
    """An institution, with ``owner`` delegated if given."""
    facets = {k: values.pop(k) for k in list(values) if k in add_facets.__annotations__ and k != "profile"}
    name = values.pop("name", handle.title())
    institution = Institution(handle=handle, **values)
    institution.names = [InstitutionName(name=name, lang="en", main=True)]
    add_facets(institution, **facets)
    session.add(institution)
    session.flush()
    if owner is not None:
        session.add(Delegation(institution_id=institution.id, person_id=owner.id, role="owner", accepted_at=now()))
    note_change(session, institution)
    return institution
