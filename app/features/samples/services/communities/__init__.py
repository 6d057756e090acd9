"""Writing the sample communities: the places, the talk, the meetings, what is shared, and the translations."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.features.communities.models import HouseLog
from app.features.samples.services.communities.founding import note_beginnings, write_places
from app.features.samples.services.communities.gathering import write_events
from app.features.samples.services.communities.known import Known, write_rows
from app.features.samples.services.communities.sharing import write_practice, write_resources
from app.features.samples.services.communities.talk import write_talk
from app.features.samples.services.communities.translating import Translations
from app.features.samples.world.community_shapes import SampleCommunity

__all__ = ["Known", "write_communities"]


def write_communities(session: Session, communities: Sequence[SampleCommunity], known: Known) -> None:
    """Write communities with everything in them; people and institutions are there already."""
    write_places(session, communities, known)
    done = Translations(known)
    for community in communities:
        done.add_community(community)
    for place, beginnings in write_talk(session, communities, known, done).items():
        note_beginnings(session, place, beginnings)
    write_events(session, communities, known, done)
    resources = write_resources(session, communities, known, done)
    write_practice(session, communities, known, resources)
    done.write(session)
    write_rows(session, HouseLog, sorted(known.log, key=lambda row: row["at"]))
