"""Suggesting communities and external networks: to a person, or to an institution through those who act for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.errors import NotFound
from app.features.communities.models import Community, ExternalNetwork
from app.features.communities.queries.suiting import list_domains, list_known_ids, load_groups
from app.features.profiles.models import Profile
from app.features.suggestions.queries.rows import load_asking
from app.features.suggestions.services.dismissing import check_asking
from app.features.suggestions.services.suggesting import MOST
from app.matching import facets
from app.matching.communities import Domain, Fit, suit
from app.matching.query import Gap

Group = Community | ExternalNetwork
COMMUNITIES = "communities"


@dataclass(frozen=True, slots=True)
class SuggestedGroup:
    """A community or a network, with why it suits and what is missing."""

    group: Group
    fit: Fit


@dataclass(frozen=True, slots=True)
class SuggestedGroups:
    """Communities and networks, best first, and what would change the list.

    ``total`` is how many suit; ``hidden_by_language`` how many would, but for their languages.
    """

    asking: facets.Profile
    items: tuple[SuggestedGroup, ...]
    total: int
    hidden_by_language: int
    gaps: tuple[Gap, ...]
    named: Mapping[int, Group]

    def whom(self, gap: Gap) -> list[Group]:
        """Some of those a change would bring."""
        return [self.named[at] for at in gap.who if at in self.named]


def suggest_groups(session: Session, actor: Actor, profile: Profile, limit: int = 20) -> SuggestedGroups:
    """Which communities and networks suit ``profile``; page, API and command line all come here.

    One direction, since a community has no wishes. Whoever belongs to one, asked to join it, left it or was taken out
    is not suggested it again; for an institution the same goes for whoever asks. Nor is what was put aside. Always as
    many queries.
    """
    check_asking(session, actor, profile)
    asking = load_asking(session, profile.id)
    if asking is None:
        raise NotFound
    person_id = actor.person_id
    known = list_known_ids(session, person_id) if person_id is not None else set()
    domains = list_domains(session, asking, known)
    found = suit(asking, domains, max(1, min(limit, MOST)))
    by_fit = {(one.external, one.key): one for one in domains}
    named = {at: domains[at] for gap in found.gaps for at in gap.who}
    groups = load_groups(session, [*(by_fit[one.external, one.key] for one in found.fits), *named.values()])

    def group_of(one: Domain | Fit) -> Group | None:
        return groups.networks.get(one.key) if one.external else groups.communities.get(one.key)

    items = ((group_of(one), one) for one in found.fits)
    return SuggestedGroups(
        asking=asking,
        items=tuple(SuggestedGroup(group, fit) for group, fit in items if group is not None),
        total=found.total,
        hidden_by_language=found.hidden_by_language,
        gaps=found.gaps,
        named={at: group for at, one in named.items() if (group := group_of(one)) is not None},
    )
