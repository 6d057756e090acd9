"""Loading a sample world: many rows at a time, in one transaction, so that it is there whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import Base
from app.core.errors import Conflict
from app.core.jobs import enqueue
from app.core.messages import N_
from app.features.accounts.models import Account
from app.features.communities.services.networks import ensure_networks
from app.features.introductions.models import Introduction
from app.features.profiles import models as tables
from app.features.profiles.services.search_rows import write_search_rows
from app.features.relations.models import Connection
from app.features.samples.services import profile_rows
from app.features.samples.services.communities import Known, write_communities
from app.features.samples.services.contact_rows import Contacts
from app.features.samples.services.operators import HANDLE as OPERATOR_HANDLE
from app.features.samples.services.operators import add_operator
from app.features.samples.services.projects import write_projects
from app.features.samples.world import SampleInstitution, SamplePerson, World
from app.features.threads.models import Message, Thread, ThreadRead

AT_ONCE = 2000
SEARCH_AT_ONCE = 250
Advance = Callable[[int], None]


class HandleTaken(Conflict):
    """Somebody else has the handle or the address of a sample person."""

    message = N_("%(name)s is taken already, so the sample world can't be loaded here.")


# What is worked out from the world, in this order, so that nobody has to wait a day to see it.
_JOBS = (
    "suggestions.rebuild", "suggestions.refit_history", "suggestions.find_clusters", "suggestions.find_introducers",
)  # fmt: skip


def load_world(session: Session, world: World, advance: Advance = lambda done: None) -> int:
    """Write a sample world and note that it must be found and matched; returns how many profiles it has.

    ``advance`` is told of each profile twice: once when it is written and once when it can be found. An institution
    whose handle is there already (an earlier import, say) is left as it is.
    """
    moment = now()
    world = _without_known(session, world)
    everyone: list[SamplePerson | SampleInstitution] = [*world.people, *world.institutions]
    shown = {_handle(one): _shown_handle(one, number) for number, one in enumerate(everyone, 1)}
    # First, so that whoever signs in as a sample person finds the operator at the head of the list.
    operator = add_operator(session, moment)
    ids = _write_profiles(session, everyone, shown, moment)
    _write_people(session, world, ids, shown, moment)
    _write_institutions(session, world, ids, moment)
    _write_facets(session, everyone, ids)
    advance(len(everyone))
    _write_contacts(session, world, ids, moment)
    write_projects(session, world, ids, moment.date())
    write_communities(session, world.communities, Known(ids, shown, moment))
    loaded = [operator, *(ids[_handle(one)] for one in everyone)]
    _write(session, tables.ProfileChange, ({"profile_id": profile_id} for profile_id in loaded))
    for start in range(0, len(loaded), SEARCH_AT_ONCE):
        chunk = loaded[start : start + SEARCH_AT_ONCE]
        write_search_rows(session, chunk)
        advance(len(chunk))
    ensure_networks(session)
    for job in _JOBS:
        enqueue(session, job, unique=job)
    return len(loaded)


def _handle(one: SamplePerson | SampleInstitution) -> str:
    return one.handle if isinstance(one, SamplePerson) else one.slug


def _shown_handle(one: SamplePerson | SampleInstitution, number: int) -> str:
    """The handle of a profile; like everybody's it says the name only where the name is open to everyone."""
    if isinstance(one, SamplePerson) and profile_rows.audiences_of(one.visibility)["name"] != "everyone":
        return f"sample-person-{number:04d}"
    return _handle(one)


def _write_profiles(
    session: Session, everyone: Iterable[SamplePerson | SampleInstitution], shown: Mapping[str, str], moment: datetime
) -> dict[str, int]:
    """Write what profiles have in common; returns their numbers by the handles of the world."""
    _write(session, tables.Profile, (profile_rows.profile_row(one, shown[_handle(one)], moment) for one in everyone))
    rows = session.execute(select(tables.Profile.handle, tables.Profile.id))
    ids = {row.handle: row.id for row in rows}
    return {handle: ids[shown_handle] for handle, shown_handle in shown.items()}


def _write(session: Session, table: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    remaining = iter(rows)
    while chunk := list(islice(remaining, AT_ONCE)):
        session.execute(insert(table.__table__), chunk)  # type: ignore[arg-type]


def _without_known(session: Session, world: World) -> World:
    """The world without the institutions that are there; raises `HandleTaken` for a person."""
    handles = set(session.scalars(select(tables.Profile.handle)))
    addresses = set(session.scalars(select(Account.email_key)))
    for handle in [OPERATOR_HANDLE, *(_shown_handle(person, number) for number, person in enumerate(world.people, 1))]:
        if handle in handles or profile_rows.address_of(handle) in addresses:
            raise HandleTaken(name=handle)
    new = tuple(i for i in world.institutions if i.slug not in handles)
    return replace(world, institutions=new)


def _write_people(
    session: Session, world: World, ids: Mapping[str, int], shown: Mapping[str, str], moment: datetime
) -> None:
    _write(session, Account, (profile_rows.account_row(p, shown[p.handle], moment) for p in world.people))
    rows = session.execute(select(Account.email, Account.id).where(Account.sample))
    accounts = {row.email: row.id for row in rows}
    people = (
        profile_rows.person_row(p, ids[p.handle], accounts[profile_rows.address_of(shown[p.handle])])
        for p in world.people
    )
    _write(session, tables.Person, people)
    hours = (row for person in world.people for row in profile_rows.hours_rows(person, ids[person.handle]))
    _write(session, tables.ProfileHours, hours)


def _write_institutions(session: Session, world: World, ids: Mapping[str, int], moment: datetime) -> None:
    found = [(institution, ids[institution.slug]) for institution in world.institutions]
    _write(session, tables.Institution, (profile_rows.institution_row(i, number, moment) for i, number in found))
    _write(session, tables.InstitutionName, (row for i, n in found for row in profile_rows.name_rows(i, n)))
    _write(session, tables.InstitutionDomain, _domain_rows(found))
    _write(session, tables.Delegation, _delegation_rows(found, ids, moment))
    _write(session, tables.Vouch, _vouch_rows(world, ids, moment))


def _domain_rows(found: Iterable[tuple[SampleInstitution, int]]) -> Iterator[dict[str, Any]]:
    for institution, number in found:
        if institution.website and (institution.verification == "domain" or not institution.made_up):
            yield {"institution_id": number, "domain": institution.website.removeprefix("www.").partition("/")[0]}


def _delegation_rows(
    found: Iterable[tuple[SampleInstitution, int]], ids: Mapping[str, int], moment: datetime
) -> Iterator[dict[str, Any]]:
    since = moment - profile_rows.AGE
    for institution, number in found:
        for delegate in institution.delegates:
            yield {
                "institution_id": number,
                "person_id": ids[delegate.handle],
                "role": delegate.role,
                "created_at": since,
                "accepted_at": since + timedelta(hours=3),
            }


def _vouch_rows(world: World, ids: Mapping[str, int], moment: datetime) -> Iterator[dict[str, Any]]:
    owners = {i.slug: next((d.handle for d in i.delegates if d.role == "owner"), None) for i in world.institutions}
    for institution in world.institutions:
        for slug in dict.fromkeys(institution.vouched_by):
            owner = owners.get(slug)
            if owner is not None:
                yield {
                    "institution_id": ids[institution.slug],
                    "by_institution_id": ids[slug],
                    "by_person_id": ids[owner],
                    "created_at": moment - profile_rows.AGE,
                }


def _write_facets(
    session: Session, everyone: Iterable[SamplePerson | SampleInstitution], ids: Mapping[str, int]
) -> None:
    found = [(one, ids[_handle(one)]) for one in everyone]
    for table, rows_of in (
        (tables.ProfileSubject, profile_rows.subject_rows),
        (tables.ProfileLevel, profile_rows.level_rows),
        (tables.ProfileLanguage, profile_rows.language_rows),
        (tables.ProfileActivity, profile_rows.activity_rows),
        (tables.ProfileTag, profile_rows.tag_rows),
        (tables.ProfileText, profile_rows.text_rows),
    ):
        _write(session, table, (row for one, number in found for row in rows_of(one, number)))


def _write_contacts(session: Session, world: World, ids: Mapping[str, int], moment: datetime) -> None:
    contacts = Contacts(world, ids, moment)
    _write(session, Introduction, contacts.introduction_rows())
    _write(session, Connection, contacts.connection_rows())
    _write(session, Thread, contacts.thread_rows())
    threads = {
        (low, high): number for number, low, high in session.execute(select(Thread.id, Thread.low_id, Thread.high_id))
    }
    talks = [(threads[both], said) for both, said in contacts.messages()]
    _write(session, Message, _message_rows(talks))
    _write(session, ThreadRead, _read_rows(session, [number for number, _said in talks]))


def _message_rows(talks: Iterable[tuple[int, list[Any]]]) -> Iterator[dict[str, Any]]:
    for thread_id, talk in talks:
        for said in talk:
            yield {
                "thread_id": thread_id,
                "author_profile_id": said.author_id,
                "by_person_id": said.author_id,
                "text": said.text,
                "lang": said.lang,
                "token": said.token,
                "created_at": said.at,
            }


def _read_rows(session: Session, threads: list[int]) -> Iterator[dict[str, Any]]:
    """Each one has read the thread up to what they wrote last themselves."""
    last: dict[tuple[int, int], int] = {}
    wanted = set(threads)
    for number, thread_id, author in session.execute(
        select(Message.id, Message.thread_id, Message.by_person_id).order_by(Message.id)
    ):
        if thread_id in wanted and author is not None:
            last[thread_id, author] = number
    for (thread_id, person_id), number in last.items():
        yield {"thread_id": thread_id, "person_id": person_id, "last_read_id": number}
