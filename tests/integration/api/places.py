"""A community with what belongs to it, for the tests of the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.features.communities.models import Community, ExternalNetwork, NetworkFacet
from app.features.events.models import Event
from app.features.profiles.models import Person
from app.features.renditions.models import Rendition
from tests.support.communities import add_member, make_community, make_post, make_thread
from tests.support.resources import make_resource

LINK = "https://meet.example.org/maths"


def person(session: Session, handle: str) -> Person:
    """Somebody of the world."""
    found = session.scalar(select(Person).where(Person.handle == handle))
    assert found is not None
    return found


def make_event(
    session: Session, community: Community, title: str = "Our hour", hours: int = 24, **values: Any
) -> Event:
    """A meeting some hours from now."""
    said = {"lang": "en", "zone": "Africa/Nairobi", "link": LINK, "languages": ["en", "sw"], **values}
    begin = now() + timedelta(hours=hours)
    uid = f"{title}-{hours}".lower().replace(" ", "-")
    event = Event(community_id=community.id, uid=uid, token=uid, title=title, starts_at=begin, **said)
    session.add(event)
    session.flush()
    return event


def make_network(session: Session, slug: str = "oer-network", **values: Any) -> ExternalNetwork:
    """A network that lives elsewhere."""
    said = {"name": "OER network", "url": f"https://{slug}.example.org", "lang": "en", "summary": "Teachers.", **values}
    network = ExternalNetwork(slug=slug, **said)
    network.facets = [NetworkFacet(kind="subject", code="0541"), NetworkFacet(kind="place", code="002")]
    session.add(network)
    session.flush()
    return network


def make_places(session: Session) -> Community:
    """Maths in the East: open and public, coordinated by Amina, in Swahili and English, with a thread, a meeting, a
    resource, and a network beside it."""
    amina, baraka, dalia = (person(session, handle) for handle in ("amina", "baraka", "dalia"))
    facets = {"subject": ["0541"], "language": ["sw", "en"], "place": ["014"], "level": ["2"]}
    community = make_community(session, "maths-east", amina, facets, canvas={"domain": "*Numbers*"}, lang="sw")
    add_member(session, community, baraka)
    thread = make_thread(session, community, amina, "Kuhusu sehemu", "Mnaanzaje?", "sw")
    make_post(session, thread, dalia, "With **beans**.", "en")
    rendition = {"source_lang": "sw", "of_version": 1, "fields": {"title": "关于分数"}, "by_person_id": dalia.id}
    session.add(Rendition(kind="thread", thing_id=thread.id, lang="zh", **rendition))
    make_event(session, community)
    make_resource(session, amina, "Algebra for all", community)
    make_network(session)
    return community
