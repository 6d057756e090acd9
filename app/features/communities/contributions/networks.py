"""What external networks contribute: their translations, reports, the download and the going of who listed them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.messages import N_
from app.core.registries import (
    Original,
    Reportable,
    Translatable,
    add_eraser,
    add_exporter,
    add_reportable,
    add_translatable,
)
from app.features.communities.models import ExternalNetwork
from app.features.communities.queries.networks import load_networks, text_version
from app.features.communities.services.networks import hide_network
from app.features.profiles.queries.profiles import find_person_of_account


def load_originals(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, Original]:
    """Networks as those who translate get them; a name is a name in every language."""
    return {number: _original(network) for number, network in load_networks(session, actor, ids).items()}


def _original(network: ExternalNetwork) -> Original:
    return Original(
        kind="network",
        thing_id=network.id,
        title=network.name,
        lang=network.lang,
        version=text_version(network),
        fields={"summary": network.summary},
        labels={"summary": N_("What it is")},
        endpoint="communities.show_network",
        values={"slug": network.slug},
        author_id=network.added_by,
    )


def load_original(session: Session, actor: Actor, network_id: int) -> Original | None:
    """The same of one."""
    return load_originals(session, actor, [network_id]).get(network_id)


def describe_network(session: Session, actor: Actor, network_id: int) -> dict[str, Any] | None:
    """A network as it is reported."""
    network = load_networks(session, actor, [network_id]).get(network_id)
    if network is None:
        return None
    return {
        "text": f"{network.name}\n{network.url}\n\n{network.summary}",
        "lang": network.lang,
        "at": network.created_at,
        "author_id": network.added_by,
        "person_id": network.added_by,
        "hidden": network.hidden_at is not None,
    }


def hide(session: Session, _actor: Actor, network_id: int, hidden: bool) -> None:
    """Take a network out of sight, or show it again."""
    hide_network(session, network_id, hidden)


def export_networks(session: Session, account_id: int) -> Any:
    """The networks a person listed."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return []
    rows = select(ExternalNetwork).where(ExternalNetwork.added_by == person.id).order_by(ExternalNetwork.id)
    return [
        {
            "name": row.name,
            "address": row.url,
            "summary": row.summary,
            "language": row.lang,
            "listed_at": row.created_at.isoformat(),
        }
        for row in session.scalars(rows)
    ]


def erase_networks(session: Session, account_id: int) -> None:
    """What a person listed stays for all, without who listed it or looked at it."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return
    for column in (ExternalNetwork.added_by, ExternalNetwork.checked_by):
        statement = update(ExternalNetwork).where(column == person.id).values({column: None})
        session.execute(statement.execution_options(synchronize_session=False))


add_translatable(Translatable("network", load_original, load_originals))
add_reportable(Reportable("network", describe_network, hide))
add_exporter("networks", export_networks)
add_eraser("networks", erase_networks)
