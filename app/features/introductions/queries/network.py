"""The network around a profile, as far as one viewer may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.database import Base
from app.features.introductions.queries.connecting import list_edges
from app.features.profiles.models import Profile
from app.features.profiles.policies import audience_of, parts_open
from app.features.profiles.queries.visible import visible_parts
from app.features.relations.queries import are_connected, list_blocked_ids, list_connected_ids
from app.features.threads.queries import list_acting_ids
from app.matching.graph import Edge, Neighbourhood, neighbourhood

SHOWN = 40
MOST_FIRST, MOST_SECOND = 400, 3000
CHUNK = 500
PART = "connections"


@dataclass(frozen=True, slots=True)
class Network:
    """What a viewer sees around a centre. ``closed``: the centre keeps its connections to itself. ``kept``: how many
    others do. ``area`` is None where nothing may be shown."""

    area: Neighbourhood | None
    kept: int = 0
    closed: bool = False


def load_network(session: Session, actor: Actor, centre: Profile, limit: int = SHOWN) -> Network:
    """The neighbourhood of ``centre``: profiles whose connections the viewer may see, and how many keep theirs.

    A connection is shown when both its sides let this viewer see their connections, or when it is the viewer's own.
    The number of queries does not depend on the number of connections.
    """
    own = set(list_acting_ids(session, actor))
    connected = are_connected(session, actor.person_id, centre.id) if actor.person_id is not None else False
    if centre.id not in own and PART not in visible_parts(centre, actor, connected):
        return Network(None, closed=True)
    first = list_edges(session, [centre.id], MOST_FIRST)
    near = {i for edge in first for i in edge}
    visible, open_ = _judge(session, actor, near)
    firm = _shown(first, visible, open_, own)
    around = {i for edge in firm for i in edge} - {centre.id}
    second = list_edges(session, sorted(around), MOST_SECOND)
    more_visible, more_open = _judge(session, actor, {i for edge in second for i in edge} - near)
    visible, open_ = visible | more_visible, open_ | more_open
    edges = _shown([*first, *second], visible, open_, own)
    shown = {i for edge in edges for i in edge} | {centre.id}
    reached = {i for edge in (*first, *second) for i in edge}
    kept = len((reached & visible) - open_ - shown - own)
    return Network(neighbourhood(edges, centre.id, limit), kept)


def _shown(edges: Iterable[Edge], visible: set[int], open_: set[int], own: set[int]) -> list[Edge]:
    return [
        (a, b)
        for a, b in edges
        if a in visible and b in visible and ((a in open_ and b in open_) or a in own or b in own)
    ]


def _judge(session: Session, actor: Actor, ids: set[int]) -> tuple[set[int], set[int]]:
    """Which of these profiles are there for the viewer, and which let them see their connections."""
    # The tables themselves: of profiles as objects only persons would come, with all their columns.
    profiles, persons = Base.metadata.tables["profiles"], Base.metadata.tables["persons"]
    blocked = list_blocked_ids(session, actor.person_id) if actor.person_id is not None else set()
    connected = list_connected_ids(session, actor.person_id) if actor.person_id is not None else set()
    visible: set[int] = set()
    open_: set[int] = set()
    ordered = sorted(ids - (set() if actor.is_operator else blocked))
    for at in range(0, len(ordered), CHUNK):
        rows = session.execute(
            select(profiles.c.id, profiles.c.hidden_at, persons.c.audiences)
            .select_from(profiles.outerjoin(persons, persons.c.id == profiles.c.id))
            .where(profiles.c.id.in_(ordered[at : at + CHUNK]))
        )
        for number, hidden_at, audiences in rows:
            if hidden_at is not None and number != actor.person_id and not actor.is_operator:
                continue
            visible.add(number)
            audience = audience_of(actor, number in connected)
            if audiences is None or number == actor.person_id or PART in parts_open(audiences, audience):
                open_.add(number)
    return visible, open_
