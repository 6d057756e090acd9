"""Writes of external networks: members list them, correct them, and say that they still hold."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.core.actor import Actor
from app.core.cleaning import clean_line, clean_text
from app.core.clock import now
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.fetching import FetchRefused, check_address
from app.core.messages import N_, Text
from app.core.settings import Settings
from app.features.communities.listed_networks import LISTED, WRITTEN, ListedNetwork
from app.features.communities.models import REACHES, WHO, ExternalNetwork, NetworkFacet
from app.features.communities.models.communities import search_text_of
from app.features.communities.models.networks import key_of_address
from app.features.communities.policies import can_keep_networks
from app.features.profiles.services.handles import latin_handle
from app.features.vocabularies.queries import is_valid, normalise_language

LONGEST_NAME, LONGEST_SUMMARY, LONGEST_URL, MOST_CODES = 160, 600, 500, 12
# Field of the form to kind of facet.
FACETS = {"subjects": "subject", "languages": "language", "levels": "level", "places": "place"}
RESERVED = frozenset(("new",))


class ChangedElsewhere(Conflict):
    """Somebody else saved it since the form was opened."""

    message = N_("Somebody changed this while you were writing. Nothing was overwritten; what you typed is still here.")


def save_network(
    session: Session,
    actor: Actor,
    network: ExternalNetwork | None,
    values: Mapping[str, Any],
    settings: Settings,
    opened_at: int = 0,
) -> ExternalNetwork:
    """List a network, or change what is said of one; raises `Invalid` or `ChangedElsewhere`."""
    if not can_keep_networks(actor):
        raise Forbidden
    checked = _checked(session, network, values, settings)
    if network is not None and network.version != opened_at:
        raise ChangedElsewhere
    facets = checked.pop("facets")
    if network is None:
        network = ExternalNetwork(slug=_new_slug(session, checked["name"]), added_by=actor.person_id)
        session.add(network)
    for name, value in checked.items():
        setattr(network, name, value)
    # Whoever writes it has looked at it, and so it is another version even if only its facets are others.
    network.checked_at, network.checked_by = now(), actor.person_id
    network.url_key = key_of_address(network.url)
    network.search_text = search_text_of(network.name, network.summary, network.lang)
    _set_facets(network, facets)
    try:
        session.flush()
    except StaleDataError:
        raise ChangedElsewhere from None
    return network


def _checked(
    session: Session, network: ExternalNetwork | None, values: Mapping[str, Any], settings: Settings
) -> dict[str, Any]:
    wrong: dict[str, Text] = {}
    name, summary = clean_line(values.get("name")), clean_text(values.get("summary"))
    if not any(sign.isalpha() for sign in name):
        wrong["name"] = Text(N_("Please give its name."))
    if not summary:
        wrong["summary"] = Text(N_("Please say in a sentence or two what it is."))
    for field, text, limit in (("name", name, LONGEST_NAME), ("summary", summary, LONGEST_SUMMARY)):
        if len(text) > limit:
            said = {"length": len(text), "limit": limit}
            wrong[field] = Text(N_("This has %(length)s characters; please keep it to %(limit)s."), said)
    lang = normalise_language(str(values.get("lang") or ""))
    if lang is None:
        wrong["lang"] = Text(N_("Please choose the language you wrote in."))
    for field, offered in (("reach", REACHES), ("who_can_join", WHO)):
        if values.get(field) not in offered:
            wrong[field] = Text(N_("Please choose one."))
    url = _checked_url(session, network, clean_line(values.get("url")), settings, wrong)
    facets = [pair for field in FACETS for pair in _checked_codes(field, values.get(field) or (), wrong)]
    if wrong:
        raise Invalid(wrong)
    kept = {"reach": values["reach"], "who_can_join": values["who_can_join"]}
    return {"name": name, "summary": summary, "lang": lang, "url": url, "facets": facets, **kept}


def _checked_url(
    session: Session, network: ExternalNetwork | None, url: str, settings: Settings, wrong: dict[str, Text]
) -> str:
    if url and "://" not in url:
        url = f"https://{url}"
    try:
        url = check_address(url, settings)
    except FetchRefused as problem:
        wrong["url"] = problem.text
        return url
    if len(url) > LONGEST_URL:
        wrong["url"] = Text(N_("Please give a shorter address, for example that of its first page."))
    same = select(ExternalNetwork.name).where(ExternalNetwork.url_key == key_of_address(url))
    if network is not None:
        same = same.where(ExternalNetwork.id != network.id)
    there = session.scalar(same.limit(1))
    if there is not None:
        wrong["url"] = Text(N_("This address is listed already: %(name)s."), {"name": there})
    return url


def _checked_codes(field: str, codes: Iterable[str], wrong: dict[str, Text]) -> list[tuple[str, str]]:
    kind = FACETS[field]
    pairs = dict.fromkeys(
        (kind, normalise_language(code) or code if kind == "language" else code) for code in map(str, codes)
    )
    if len(pairs) > MOST_CODES:
        wrong[field] = Text(N_("Please keep it to %(limit)s."), {"limit": MOST_CODES})
    elif not all(is_valid(scheme, code) for scheme, code in pairs):
        wrong[field] = Text(N_("Please choose one from the list."))
    return list(pairs)


def _set_facets(network: ExternalNetwork, wanted: Iterable[tuple[str, str]]) -> None:
    """Make it name what is wanted; rows that stay are not written anew."""
    pairs = set(wanted)
    network.facets[:] = [facet for facet in network.facets if (facet.kind, facet.code) in pairs]
    there = {(facet.kind, facet.code) for facet in network.facets}
    network.facets.extend(NetworkFacet(kind=kind, code=code) for kind, code in sorted(pairs - there))


def _new_slug(session: Session, name: str) -> str:
    wanted = latin_handle(name) or "network"
    for slug in [wanted, *(f"{wanted}-{number}" for number in range(2, 20))]:
        taken = session.scalar(select(ExternalNetwork.id).where(ExternalNetwork.slug == slug))
        if taken is None and slug not in RESERVED:
            return slug
    return f"{wanted}-{secrets.token_hex(3)}"


def confirm_network(session: Session, actor: Actor, network: ExternalNetwork) -> None:
    """Say that one looked and that all of it still holds; somebody who changes it meanwhile is not disturbed."""
    if not can_keep_networks(actor):
        raise Forbidden
    session.execute(
        update(ExternalNetwork)
        .where(ExternalNetwork.id == network.id)
        .values(checked_at=now(), checked_by=actor.person_id)
        .execution_options(synchronize_session=False)
    )
    session.expire(network)


def hide_network(session: Session, network_id: int, hidden: bool) -> None:
    """Take a network out of sight, or show it again."""
    session.execute(
        update(ExternalNetwork)
        .where(ExternalNetwork.id == network_id)
        .values(hidden_at=now() if hidden else None)
        .execution_options(synchronize_session=False)
    )


def ensure_networks(session: Session) -> int:
    """List those that come with the software and are not there yet; how many came. Others stay as members left them."""
    there = set(session.scalars(select(ExternalNetwork.slug)))
    addresses = set(session.scalars(select(ExternalNetwork.url_key)))
    new = [one for one in LISTED if one.slug not in there and key_of_address(one.url) not in addresses]
    session.add_all(_row(one) for one in new)
    session.flush()
    return len(new)


def _row(one: ListedNetwork) -> ExternalNetwork:
    codes = {"subject": one.subjects, "language": one.languages, "level": one.levels, "place": one.places}
    return ExternalNetwork(
        slug=one.slug, name=one.name, url=one.url, summary=one.summary, lang="en", reach=one.reach,
        who_can_join=one.who_can_join, checked_at=WRITTEN, created_at=WRITTEN,
        facets=[NetworkFacet(kind=kind, code=code) for kind, several in codes.items() for code in several],
    )  # fmt: skip
