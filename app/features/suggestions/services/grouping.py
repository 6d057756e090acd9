"""Finding what the network lacks, in a job: communities that should exist, and who could introduce groups."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from heapq import nsmallest
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, selectinload

from app.core.clock import now
from app.core.database import Database
from app.features.communities.models import (
    ACTIVE,
    BETWEEN_COMMUNITIES,
    BETWEEN_LANGUAGES,
    CLOSED,
    Community,
    Introducer,
    Member,
)
from app.features.communities.queries.founding import domains_of
from app.features.communities.services.missing import Found, keep_missing
from app.features.relations.models import Connection
from app.features.suggestions.queries.rows import stream_matchable
from app.matching.communities import NARROW, WORKING_LEVEL, Domain, covers
from app.matching.facets import PERSON, Profile, speech_key
from app.matching.naming import Named, name_group

if TYPE_CHECKING:
    from app.matching.clusters import Cluster

SEED = 1
# Among more profiles a part is looked at, drawn the same each time: the time this takes is bounded.
MOST_PROFILES = 20_000
# A group of whom so many are in one community has it already.
MOSTLY = 0.5
STEP = 200
# So many are kept for two groups, and so many pairs of groups; the best reached first.
INTRODUCERS_EACH = 5
MOST_PAIRS = 20_000
# Whoever is named for whom they know, and not for where they belong, knows so many on that side: one alone would be
# pointed at.
KNOWN_LEAST = 2
# A language group of fewer people is not told of.
GROUP_LEAST = 5
Step = Callable[[int, int], None]


def _drawn(profiles: Iterable[Profile]) -> list[Profile]:
    """Those who are looked at: all who are willing, or as many as there is time for, by a draw of their numbers."""
    # Who doesn't want to stand on lists of peers may still be one of a group.
    willing = (replace(profile, not_as=()) for profile in profiles if "groups" not in profile.not_as)
    mixed = ((profile.key * 0x9E3779B97F4A7C15 % (1 << 64), profile.key, profile) for profile in willing)
    return sorted((one[2] for one in nsmallest(MOST_PROFILES, mixed)), key=lambda profile: profile.key)


def find_missing(database: Database, step: Step = lambda done, all_: None) -> int:
    """Look for communities that should exist, and keep them; returns how many there are.

    Nothing is locked while this thinks: the rows are read first, and what was found is written at the end.
    """
    from app.matching.clusters import find_clusters, near_enough
    from app.matching.nearest import neighbours

    with database.reading() as session:
        profiles = _drawn(stream_matchable(session))
    near: dict[int, list[tuple[int, int]]] = {}
    with tempfile.TemporaryDirectory(prefix="commonweave-") as folder:
        for key, listed in neighbours(profiles, Path(folder)):
            near[key] = near_enough(listed)
            if len(near) % STEP == 0:
                step(len(near), len(profiles))
    step(len(profiles), len(profiles))
    by_key = {profile.key: profile for profile in profiles}
    groups = _named(find_clusters(near, SEED), by_key)
    with database.transaction() as session:
        existing, belonging = _domains(session), _belonging(session)
        found = [
            one
            for one in groups
            if not _share_one(one.named, belonging) and not _is_covered(one.named, by_key, existing)
        ]
        return keep_missing(session, found)


def _named(clusters: Sequence[Cluster], by_key: Mapping[int, Profile]) -> list[Found]:
    """Groups by what their members share; those that would bear the same name are one, as firm as the least of them."""
    alike: dict[tuple[object, ...], list[Cluster]] = {}
    for cluster in clusters:
        named = name_group([by_key[key] for key in cluster.keys])
        if named is not None:
            alike.setdefault((named.subject, named.levels, named.languages), []).append(cluster)
    found = []
    for same in alike.values():
        together = name_group([by_key[key] for cluster in same for key in cluster.keys])
        if together is not None:
            found.append(Found(together, min(cluster.stability for cluster in same)))
    return sorted(found, key=lambda one: (-one.named.people, one.named.keys))


def _domains(session: Session) -> list[Domain]:
    """The communities there are, those that sleep among them: one that could be woken need not be founded."""
    query = select(Community).where(Community.state != CLOSED, Community.hidden_at.is_(None))
    return domains_of(session.scalars(query.options(selectinload(Community.facets))).all())


def _belonging(session: Session) -> dict[int, list[int]]:
    """The communities of each person."""
    query = (
        select(Member.person_id, Member.community_id)
        .join(Community, Community.id == Member.community_id)
        .where(Member.state == ACTIVE, Community.state != CLOSED, Community.hidden_at.is_(None))
    )
    found: dict[int, list[int]] = defaultdict(list)
    for person_id, community_id in session.execute(query):
        found[person_id].append(community_id)
    return found


def _share_one(named: Named, belonging: Mapping[int, Sequence[int]]) -> bool:
    """Whether most people of a group belong to one community together."""
    counts = Counter(number for key in named.keys for number in belonging.get(key, ()))
    return any(count >= MOSTLY * named.people for count in counts.values())


def _is_covered(named: Named, by_key: Mapping[int, Profile], existing: Sequence[Domain]) -> bool:
    """Whether there is a community for most of a group: for its field, not for all of learning, in a language of it."""
    near = [one for one in existing if any(len(code) >= NARROW for code in one.subjects)]
    for level in named.levels or ("",):
        covered = sum(
            any(covers(one, by_key[key], named.subject, level, tag) for one in near for tag in named.languages)
            for key in named.keys
        )
        if covered >= MOSTLY * len(named.keys):
            return True
    return False


def find_introducers(database: Database, step: Step = lambda done, all_: None) -> int:
    """Look for those who could introduce two communities, or those who work in two languages; returns how many.

    The network is the real one: who is connected with whom. Only who may be suggested is ever named.
    """
    from app.matching.brokerage import betweenness
    from app.matching.graph import around

    with database.reading() as session:
        links = around(
            (row.low_id, row.high_id) for row in session.execute(select(Connection.low_id, Connection.high_id))
        )
        persons = (one for one in stream_matchable(session) if one.kind == PERSON)
        people = {one.key: one for one in persons if "introducers" not in one.not_as}
        belonging = _belonging(session)
    # It decides among equals only; in very large networks their keys do.
    between = betweenness(links) if len(links) <= MOST_PROFILES else {}
    step(1, 3)
    rows = _between_communities(links, people, belonging, between)
    step(2, 3)
    rows += _between_languages(links, people, between)
    moment = now()
    with database.transaction() as session:
        session.execute(delete(Introducer))
        for start in range(0, len(rows), 1000):
            session.execute(insert(Introducer), [{**row, "found_at": moment} for row in rows[start : start + 1000]])
    return len(rows)


Row = dict[str, object]


def _between_communities(
    links: Mapping[int, set[int]],
    people: Mapping[int, Profile],
    belonging: Mapping[int, Sequence[int]],
    between: Mapping[int, float],
) -> list[Row]:
    groups: dict[str, set[int]] = defaultdict(set)
    for person_id, numbers in belonging.items():
        for number in numbers:
            groups[str(number)].add(person_id)
    return _rows(BETWEEN_COMMUNITIES, links, groups, people, between)


def _between_languages(
    links: Mapping[int, set[int]], people: Mapping[int, Profile], between: Mapping[int, float]
) -> list[Row]:
    """Only who works in both languages stands between two; who knows a language only a little is of no group."""
    spoken = {
        key: sorted({speech_key(one.tag) for one in person.languages if one.level >= WORKING_LEVEL})
        for key, person in people.items()
    }
    groups: dict[str, set[int]] = defaultdict(set)
    for key, tags in spoken.items():
        for tag in tags:
            groups[tag].add(key)
    groups = {tag: keys for tag, keys in groups.items() if len(keys) >= GROUP_LEAST}
    # Who works in both belongs to both by speaking, which introduces nobody: they know people on either side.
    known = {key: tags for key, tags in spoken.items() if key in links}
    return _rows(BETWEEN_LANGUAGES, links, groups, known, between, known)


def _rows(
    kind: str,
    links: Mapping[int, set[int]],
    groups: Mapping[str, set[int]],
    candidates: Mapping[int, object],
    between: Mapping[int, float],
    within: Mapping[int, Sequence[str]] | None = None,
) -> list[Row]:
    from app.matching.brokerage import introducers

    found = introducers(links, groups, list(candidates), between, INTRODUCERS_EACH, within)
    ranked = sorted(found.items(), key=lambda one: (-min(one[1][0].one, one[1][0].other), one[0]))[:MOST_PAIRS]
    return [
        {
            "kind": kind, "one": one, "other": other, "person_id": broker.key, "role": broker.role,
            "known_one": broker.one, "known_other": broker.other, "place": place,
        }
        for (one, other), brokers in ranked
        for place, broker in enumerate(brokers)
        if _is_told(broker.key, broker.one, groups[one], within)
        and _is_told(broker.key, broker.other, groups[other], within)
    ]  # fmt: skip


def _is_told(key: int, known: int, group: Set[int], within: Mapping[int, Sequence[str]] | None) -> bool:
    """Whether somebody may be named on one side: a member of it, or somebody who knows enough there."""
    return known >= KNOWN_LEAST or (within is None and key in group)
