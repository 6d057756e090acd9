"""Institutions with the people who act for them, for the tests of this folder."""

from __future__ import annotations

import re
from typing import Any

from app.core.clock import now
from app.core.database import Database
from app.core.mail import Mail
from app.features.profiles.models import Delegation, Institution, InstitutionDomain, InstitutionName
from tests.support.people import make_institution, make_person

ROR = "027pr6c67"


def make_record(session, handle="muhas", domains=("muhas.ac.tz",), **values: Any) -> Institution:
    """An imported record that nobody acts for."""
    values = {"ror_id": ROR, "ror_status": "active", "claimed": False, "country": "TZ", **values}
    record = make_institution(session, handle, **values)
    record.domains = [InstitutionDomain(domain=domain) for domain in domains]
    record.names.append(InstitutionName(name="Chuo Kikuu cha Muhimbili", lang="sw", kind="label"))
    session.flush()
    return record


def add_delegate(session, institution, person, role="editor", accepted=True) -> None:
    session.add(
        Delegation(
            institution_id=institution.id, person_id=person.id, role=role, accepted_at=now() if accepted else None
        )
    )
    session.flush()


def make_owner(session, owner: str, institution: str, **values: Any) -> None:
    """A person ``owner`` and an institution of theirs."""
    make_institution(session, institution, make_person(session, owner, languages=[("en", 7)]), **values)


def load(database: Database, handle: str) -> Institution:
    with database.reading() as session:
        institution = session.query(Institution).filter_by(handle=handle).one()
        for part in ("names", "domains", "subjects", "levels", "languages", "activities", "texts", "tags"):
            getattr(institution, part)
        session.expunge_all()
        return institution


def roles(database: Database, handle: str) -> dict[str, str]:
    """Who acts for an institution: handle to role, those still asked with a question mark."""
    with database.reading() as session:
        institution = session.query(Institution).filter_by(handle=handle).one()
        from app.features.profiles.queries.delegates import list_delegations

        rows = list_delegations(session, institution.id)
        return {p.handle: d.role + ("" if d.accepted_at else "?") for d, p in rows}


def mails(database: Database, template: str) -> list[dict[str, Any]]:
    with database.reading() as session:
        rows = session.query(Mail).filter_by(template=template).order_by(Mail.id).all()
        return [{"to": row.to_address, **row.values} for row in rows]


def last_token(database: Database, template: str) -> str:
    token = mails(database, template)[-1]["token"]
    assert re.fullmatch(r"[\w-]{40,}", token)
    return token
