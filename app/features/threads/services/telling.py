"""Whom a message of a pair is told to: the other side, or all who act for it."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.notices import tell
from app.features.profiles.models import PARTS, Delegation, InstitutionName, Person
from app.features.relations.queries import list_blocked_ids
from app.features.threads.queries.pairs import ThreadView

MOST_TOLD = 20


def _name_of(session: Session, profile_id: int) -> str | None:
    """How the other side, which is connected, may call a profile; None if the name is for nobody else."""
    person = session.execute(select(Person.name, Person.audiences).where(Person.id == profile_id)).one_or_none()
    if person is not None:
        audience = (person.audiences or {}).get("name", PARTS["name"])
        return None if audience == "me" else str(person.name)
    names = select(InstitutionName.name).where(InstitutionName.institution_id == profile_id)
    return session.scalar(names.order_by(InstitutionName.main.desc(), InstitutionName.id).limit(1))


def tell_of_message(session: Session, actor: Actor, view: ThreadView) -> None:
    """Tell the other side that something was written; once, until they have read it."""
    if view.other is None:
        return
    acts = select(Delegation.person_id).where(
        Delegation.institution_id == view.other, Delegation.accepted_at.is_not(None)
    )
    query = select(Person.id).where(or_(Person.id == view.other, Person.id.in_(acts)), Person.hidden_at.is_(None))
    people = set(session.scalars(query.order_by(Person.id).limit(MOST_TOLD))) - {actor.person_id}
    people -= list_blocked_ids(session, view.side)
    name = _name_of(session, view.side)
    if name is None:
        tell(session, people, "message_unnamed", thread_id=view.thread.id)
    else:
        tell(session, people, "message", thread_id=view.thread.id, name=name)
