"""What the sample communities share: resources with their reviews and where they come from, and practice notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.core.text import analyse
from app.features.resources.addresses import same_as
from app.features.resources.models import (
    DEAD,
    FINE,
    LANGUAGE,
    LEVEL,
    SUBJECT,
    Origin,
    PracticeNote,
    Resource,
    ResourceFacet,
    ResourceToken,
    Review,
)
from app.features.samples.services.communities.known import Known, Row, mark, write_numbered, write_rows
from app.features.samples.services.communities.translating import Translations
from app.features.samples.world.community_shapes import SampleCommunity, SampleResource

CHECKED_AGO = 0.6
DEAD_DAYS = 5


def write_resources(
    session: Session, communities: Sequence[SampleCommunity], known: Known, done: Translations
) -> dict[str, int]:
    """Write all resources; gives their numbers by their addresses."""
    found = [(community, resource) for community in communities for resource in community.resources]
    found.sort(key=lambda pair: -pair[1].days_ago)
    rows = [_resource_row(community, resource, known) for community, resource in found]
    numbers = write_numbered(session, Resource, rows)
    by_address = {resource.url: number for (_, resource), number in zip(found, numbers, strict=True)}
    for (_community, resource), number in zip(found, numbers, strict=True):
        write_rows(session, ResourceFacet, _facet_rows(resource, number))
        write_rows(session, Origin, _origin_rows(resource, number, by_address))
        write_rows(session, Review, _review_rows(resource, number, known))
        write_rows(session, ResourceToken, _token_rows(resource, number))
        words = {"title": resource.title, "description": resource.description}
        done.add("resource", number, resource.lang, 1, words, resource.renditions)
    return by_address


def _resource_row(community: SampleCommunity, resource: SampleResource, known: Known) -> Row:
    place, at, facts = known.places[community.slug], known.at(resource.days_ago), resource.facts
    url_hash, dead = same_as(resource.url), resource.dead
    opened = community.facts.get("reading", "everyone") == "everyone"
    return {
        "url": resource.url, "url_hash": url_hash, "live_key": f"{place}:{url_hash}", "community_id": place,
        "added_by": known.ids[resource.by], "lang": resource.lang, "title": resource.title,
        "description": resource.description, "licence": facts["licence"], "type": facts["type"],
        "formats": list(facts.get("formats", ())), "authors": list(facts.get("authors", ())),
        "audiences": list(facts.get("audiences", ())), "token": mark("resource", resource.url), "created_at": at,
        "changed_at": at.replace(microsecond=0), "listed": True if opened else None,
        "link_state": DEAD if dead else FINE, "link_checked_at": known.at(CHECKED_AGO),
        "link_failed_since": known.moment - timedelta(days=DEAD_DAYS) if dead else None,
        "link_failed_days": DEAD_DAYS if dead else 0, "sample": True,
    }  # fmt: skip


def _facet_rows(resource: SampleResource, number: int) -> Iterator[Row]:
    for kind, name in ((SUBJECT, "subjects"), (LEVEL, "levels"), (LANGUAGE, "languages")):
        for code in dict.fromkeys(resource.facts.get(name, ())):
            yield {"resource_id": number, "kind": kind, "code": code}


def _origin_rows(resource: SampleResource, number: int, by_address: Mapping[str, int]) -> Iterator[Row]:
    for url, relation in resource.origins:
        yield {
            "resource_id": number, "parent_id": by_address.get(url), "url": url, "url_hash": same_as(url),
            "relation": relation,
        }  # fmt: skip


def _review_rows(resource: SampleResource, number: int, known: Known) -> Iterator[Row]:
    for review in resource.reviews:
        quality, inclusion, suitability = review.points
        yield {
            "resource_id": number, "person_id": known.ids[review.by], "quality": quality, "inclusion": inclusion,
            "suitability": suitability, "text": review.text, "lang": review.lang, "language": review.lang,
            "created_at": known.at(review.days_ago),
        }  # fmt: skip


def _token_rows(resource: SampleResource, number: int) -> Iterator[Row]:
    words = set(analyse(f"{resource.title}\n{resource.description}", resource.lang))
    words.update(analyse("\n".join(resource.facts.get("authors", ()))))
    return ({"resource_id": number, "token": word} for word in sorted(words))


def write_practice(
    session: Session, communities: Sequence[SampleCommunity], known: Known, resources: Mapping[str, int]
) -> None:
    """Write all notes on what was tried."""
    rows: list[Row] = []
    columns: dict[str, Any] = {"adapted": "", "subject": None, "level": None, "language": None, "class_size": None}
    columns |= {"connectivity": None}
    for community in communities:
        for place, note in enumerate(community.practice):
            rows.append({
                **columns, **note.facts, "community_id": known.places[community.slug],
                "author_id": known.ids[note.by], "resource_id": resources.get(note.resource or ""),
                "lang": note.lang, "country": note.country, "token": mark("practice", community.slug, place),
                "created_at": known.at(note.days_ago), "sample": True,
            })  # fmt: skip
    rows.sort(key=lambda row: row["created_at"])
    write_numbered(session, PracticeNote, rows)
