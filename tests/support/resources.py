"""Making resources, reviews and practice notes for the tests, as the services do or as rows."""

from __future__ import annotations

import itertools
from typing import Any

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.features.communities.models import Community
from app.features.communities.queries import standing_in
from app.features.profiles.models import Person
from app.features.resources.models import PracticeNote, Resource, Review
from app.features.resources.services.resources import add_resource
from app.features.resources.values import OriginValues, ResourceValues

_numbers = itertools.count(1)


def actor_of(person: Person) -> Actor:
    """Somebody signed in with a confirmed address."""
    return Actor(account_id=person.account_id, person_id=person.id, handle=person.handle, verified=True)


def make_resource(
    session: Session, person: Person, title: str = "Algebra for all", community: Community | None = None, **values: Any
) -> Resource:
    """A resource that a person shares, in a community or with everyone; what is not said is sensible."""
    number = next(_numbers)
    at = values.pop("at", None)
    sources = values.pop("made_from", ())
    said = {
        "url": f"https://example.org/oer/{number}",
        "title": title,
        "description": "What it is about.",
        "lang": "en",
        "licence": "CC-BY-4.0",
        "type": "textbook",
        "languages": ("en",),
        "subjects": ("0541",),
        "origins": tuple(OriginValues(url) for url in sources),
        **values,
    }
    actor = actor_of(person)
    standing = standing_in(session, actor, community) if community is not None else None
    resource, _new = add_resource(session, actor, ResourceValues(**said), f"{number:032x}", standing)
    if at is not None:
        resource.created_at = at
        session.flush()
    return resource


def make_review(session: Session, resource: Resource, person: Person, answer: int = 3, **values: Any) -> Review:
    """A review that answers all alike."""
    answers = {"quality": answer, "inclusion": answer, "suitability": answer}
    review = Review(resource_id=resource.id, person_id=person.id, **{**answers, **values})
    session.add(review)
    session.flush()
    return review


def make_note(
    session: Session, community: Community, person: Person, title: str = "Beans", **values: Any
) -> PracticeNote:
    """A practice note."""
    said = {"tried": "We counted beans.", "happened": "They understood.", "again": "yes", "lang": "en", **values}
    note = PracticeNote(
        community_id=community.id,
        author_id=person.id,
        title=title,
        token=f"{next(_numbers):032x}",
        created_at=now(),
        **said,
    )
    session.add(note)
    session.flush()
    return note
