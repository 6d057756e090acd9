"""Making a person's profile, and taking it away with the account."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.errors import Conflict, Invalid, SignInNeeded
from app.core.messages import N_, Text
from app.features.accounts.models import Account
from app.features.profiles.models import PARTS, PERSON, Person
from app.features.profiles.services.changes import note_change
from app.features.profiles.services.checking import check_facets
from app.features.profiles.services.facets import KEEP, Facets
from app.features.profiles.services.handles import neutral_handle, new_handle
from app.features.profiles.services.saving import apply_facets


class HasProfile(Conflict):
    """An account has one profile."""

    message = N_("You already have a profile.")


def create_person(session: Session, actor: Actor, facets: Facets) -> Person:
    """The profile of the person behind ``actor``'s account; ``facets`` must have a name.

    The handle stands in the address that everybody sees, so it is made of the name only where the person opened the
    name to everyone; else it says nothing.
    """
    if actor.account_id is None:
        raise SignInNeeded
    if session.scalar(select(Person.id).where(Person.account_id == actor.account_id)) is not None:
        raise HasProfile
    if facets.name is KEEP:
        raise Invalid({"name": Text(N_("Please write the name."))})
    checked = check_facets(facets)
    name = str(checked.name)
    audiences = {**PARTS, **({} if checked.audiences is KEEP else checked.audiences)}
    public = audiences["name"] == "everyone"
    account = session.get_one(Account, actor.account_id)
    person = Person(
        account_id=account.id,
        handle=new_handle(session, name, PERSON) if public else neutral_handle(session, PERSON),
        name=name,
        audiences=audiences,
        sample=account.sample,
    )
    session.add(person)
    apply_facets(person, replace(checked, audiences=KEEP))
    note_change(session, person)
    return person
