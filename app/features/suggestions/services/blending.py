"""Answers for those whose partnerships elsewhere are known: the history decides, the profiles carry everybody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.features.suggestions.queries.partnerships import list_countries, name_institutions
from app.features.suggestions.services.histories import PARTNERS, history_of
from app.features.suggestions.services.keeping import keeper_of
from app.features.vocabularies.queries import groups_of, regions_of
from app.matching import facets
from app.matching.exposure import REGIONS, Listing, Placed
from app.matching.partnerships import blending
from app.matching.query import Answer, Contribution, Message, Query, Suggestion
from app.matching.ranking import exposure


def answer(session: Session, actor: Actor, query: Query) -> Answer:
    """Answer a question from the index and, where it is known, from the history of the one who asks."""
    known = _known(session, query)
    if not known:
        return keeper_of(session).suggest(query)
    found = blending.blend(keeper_of(session).current(), query, known)
    gave = _measured(session, found)
    return replace(found, suggestions=_named(session, actor, found.suggestions), exposure=gave)


def explain(session: Session, actor: Actor, query: Query, key: int) -> Suggestion | None:
    """Why one profile suits the one who asks, as it stands in their list; None if it does not pass."""
    known = _known(session, query)
    if not known:
        return keeper_of(session).explain(query, key)
    found = blending.explain(keeper_of(session).current(), query, key, known)
    return _named(session, actor, (found,))[0] if found else None


def _known(session: Session, query: Query) -> tuple[blending.Known, ...]:
    if query.guest or query.profile.kind != facets.INSTITUTION:
        return ()
    return history_of(session).known(session, query.profile.key, query.kind)


def _measured(session: Session, found: Answer) -> Listing | None:
    """What the list as it is shown gives each region and language of the attention."""
    if found.exposure is None:
        return None
    countries = list_countries(session, [one.key for one in found.suggestions])
    placed = [
        Placed(exposure(place), one.score, _region(countries.get(one.key)), _languages(one), _groups(countries, one))
        for place, one in enumerate(found.suggestions)
    ]
    return blending.regiven(found.exposure, placed)


def _groups(countries: Mapping[int, str | None], one: Suggestion) -> frozenset[str]:
    country = countries.get(one.key)
    return frozenset(groups_of(country) if country else ())


def _region(country: str | None) -> str:
    return next((one for one in (regions_of(country) if country else ()) if one in REGIONS), "")


def _languages(one: Suggestion) -> frozenset[str]:
    said = (message for part in one.contributions if part.criterion == "language" for message in part.evidence)
    return frozenset(str(message.values["tag"]) for message in said if "tag" in message.values)


def _named(session: Session, actor: Actor, found: tuple[Suggestion, ...]) -> tuple[Suggestion, ...]:
    """The suggestions with the names of the partners in common; of those who are not here only the number is told."""
    told = {
        number for one in found for part in one.contributions for said in part.evidence for number in _partners(said)
    }
    names = name_institutions(session, told, (actor.locale, *actor.languages))

    def tell(said: Message) -> Message:
        if PARTNERS not in said.values:
            return said
        known = [names[number] for number in _partners(said) if number in names]
        rest = {name: value for name, value in said.values.items() if name != PARTNERS}
        if not known:
            return Message(f"{said.key}_unnamed", rest)
        return Message(said.key, {**rest, PARTNERS: tuple(known)})

    def retold(parts: tuple[Contribution, ...]) -> tuple[Contribution, ...]:
        return tuple(
            replace(one, evidence=tuple(map(tell, one.evidence))) if one.criterion == blending.CRITERION else one
            for one in parts
        )

    return tuple(replace(one, contributions=retold(one.contributions), other=retold(one.other)) for one in found)


def _partners(said: Message) -> tuple[int, ...]:
    """The institutions that a message names."""
    listed = said.values.get(PARTNERS)
    return tuple(one for one in listed if isinstance(one, int)) if isinstance(listed, tuple) else ()
