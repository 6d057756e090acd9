"""Keeping the communities that should exist, as a job finds them, and taking one up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Forbidden
from app.features.communities.models import CommunitySeed, MissingCommunity, MissingMember
from app.features.communities.policies import can_found
from app.features.communities.queries.missing import get_missing, list_askable_ids
from app.features.communities.services.founding import plant_seed
from app.matching.naming import Named

# A group that holds so much of one found before is the same one: its address stays.
SAME = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """A group as a job found it: what its members share, and how firm it is (0 to 1)."""

    named: Named
    stability: float


def keep_missing(session: Session, found: Sequence[Found]) -> int:
    """Replace what was found before; a group that is still there keeps its number. Returns how many there are."""
    before: dict[int, set[int]] = defaultdict(set)
    for number, profile_id in session.execute(select(MissingMember.missing_id, MissingMember.profile_id)):
        before[number].add(profile_id)
    rows = {row.id: row for row in session.scalars(select(MissingCommunity))}
    session.execute(delete(MissingMember))
    for one in found:
        same = _same(one, before, rows)
        row = rows.pop(same) if same is not None else MissingCommunity()
        _describe(row, one)
        session.add(row)
        session.flush()
        session.execute(
            insert(MissingMember),
            [{"missing_id": row.id, "profile_id": key, "place": at} for at, key in enumerate(one.named.keys)],
        )
    if rows:
        session.execute(delete(MissingCommunity).where(MissingCommunity.id.in_(list(rows))))
    session.flush()
    return len(found)


def _same(one: Found, before: dict[int, set[int]], rows: dict[int, MissingCommunity]) -> int | None:
    """The number of a group found before that is this one, if it is not taken."""
    keys = set(one.named.keys)
    likeness = Counter({number: len(keys & before[number]) / len(keys | before[number]) for number in rows})
    best = max(likeness, key=lambda number: (likeness[number], -number), default=None)
    return best if best is not None and likeness[best] >= SAME else None


def _describe(row: MissingCommunity, one: Found) -> None:
    named = one.named
    row.facets = {
        "subject": [named.subject],
        "level": list(named.levels),
        "language": list(named.languages),
        "place": [named.place] if named.place else [],
    }
    row.countries, row.people, row.institutions = list(named.countries), named.people, named.institutions
    row.stability, row.found_at = round(100 * one.stability), now()


def take_up(session: Session, actor: Actor, missing_id: int) -> CommunitySeed:
    """Begin to found one: a seed that fills in the founding pages and invites those who would be in it.

    Nobody is asked anything before the actor founds it, and whoever is asked then decides for themselves.
    """
    if actor.person_id is None or not can_found(actor):
        raise Forbidden
    missing = get_missing(session, actor.person_id, missing_id)
    return plant_seed(
        session, actor.person_id, missing.row.facets, list_askable_ids(session, missing_id, actor.person_id)
    )
