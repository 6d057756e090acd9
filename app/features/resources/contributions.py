"""What resources contribute: parts of communities, what can be translated and reported, downloads and going."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.messages import N_, Text
from app.core.notices import NoticeKind, add_notice_kind
from app.core.registries import (
    Original,
    Panel,
    Reportable,
    Tab,
    Translatable,
    add_community_exporter,
    add_eraser,
    add_exporter,
    add_panel,
    add_reportable,
    add_tab,
    add_translatable,
)
from app.features.communities.models import ACTIVE, Community, Member
from app.features.communities.policies import Standing, can_read
from app.features.communities.queries import find_obstacle, standing_in
from app.features.profiles.queries.profiles import find_person_of_account
from app.features.resources.lrmi import write_record
from app.features.resources.models import CRITERIA, PracticeNote, Resource, Review
from app.features.resources.policies import can_see_note
from app.features.resources.queries.listing import list_newest
from app.features.resources.queries.own import (
    list_all_notes,
    list_all_shared,
    list_brought,
    list_notes_of,
    list_reviews_of,
)
from app.features.resources.queries.reading import note_values_of, values_of
from app.features.resources.queries.seeing import find_resource, stands, visible_in
from app.features.resources.queries.translations import list_translations
from app.features.resources.services.leaving import leave_resources
from app.features.resources.services.practice import hide_note
from app.features.resources.services.resources import hide_resource
from app.features.resources.services.reviews import hide_review
from app.features.resources.views.rows import rows_of


def _original(resource: Resource) -> Original:
    return Original(
        kind="resource",
        thing_id=resource.id,
        title=resource.title,
        lang=resource.lang,
        version=resource.version,
        fields={"title": resource.title, "description": resource.description},
        labels={"title": N_("Title"), "description": N_("What is it, and how can it be used?")},
        markdown=frozenset({"description"}),
        endpoint="resources.show_resource",
        values={"resource_id": resource.id},
        author_id=resource.added_by,
    )


def load_resource(session: Session, actor: Actor, resource_id: int) -> Original | None:
    """A resource as translators get it."""
    seen = find_resource(session, actor, resource_id)
    return _original(seen.resource) if seen is not None else None


def load_many_resources(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, Original]:
    """Several, as far as the actor may see them."""
    mine = select(Member.community_id).where(Member.person_id == actor.person_id, Member.state == ACTIVE)
    rows = select(Resource).where(Resource.id.in_(ids), visible_in(None) | (stands() & Resource.community_id.in_(mine)))
    return {row.id: _original(row) for row in session.scalars(rows)}


def resource_readers(session: Session, resource_id: int) -> Select[tuple[int]] | None:
    """Who is asked to translate a resource: the members of its community; everyone where it belongs to none."""
    resource = session.get(Resource, resource_id)
    if resource is None or resource.community_id is None:
        return None
    return _members_of(resource.community_id)


def _members_of(community_id: int) -> Select[tuple[int]]:
    return select(Member.person_id).where(  # type: ignore[return-value]
        Member.community_id == community_id, Member.state == ACTIVE
    )


def _note_original(note: PracticeNote, community: Community) -> Original:
    return Original(
        kind="practice",
        thing_id=note.id,
        title=note.title,
        lang=note.lang,
        version=note.version,
        fields={name: getattr(note, name) for name in ("title", "tried", "adapted", "happened")},
        labels={
            "title": N_("Title"),
            "tried": N_("What they did"),
            "adapted": N_("What they changed"),
            "happened": N_("What happened"),
        },
        endpoint="resources.show_practice",
        values={"slug": community.slug, "note_id": note.id},
        author_id=note.author_id,
    )


def _note_with_standing(session: Session, actor: Actor, note_id: int) -> tuple[PracticeNote, Standing] | None:
    note = session.get(PracticeNote, note_id)
    community = session.get(Community, note.community_id) if note is not None else None
    if note is None or community is None:
        return None
    standing = standing_in(session, actor, community)
    return (note, standing) if can_see_note(standing, note) else None


def load_note(session: Session, actor: Actor, note_id: int) -> Original | None:
    """A practice note as translators get it."""
    found = _note_with_standing(session, actor, note_id)
    return _note_original(found[0], found[1].community) if found is not None else None


def note_readers(session: Session, note_id: int) -> Select[tuple[int]] | None:
    """Who is asked to translate a note: the members of its community."""
    note = session.get(PracticeNote, note_id)
    return _members_of(note.community_id) if note is not None else None


def resource_obstacle(session: Session, actor: Actor, resource_id: int) -> Text | None:
    """Why somebody does not translate a resource: muted in its community, or taken out of it."""
    resource = session.get(Resource, resource_id)
    return find_obstacle(session, actor, resource.community_id if resource is not None else None)


def note_obstacle(session: Session, actor: Actor, note_id: int) -> Text | None:
    """The same of a note."""
    note = session.get(PracticeNote, note_id)
    return find_obstacle(session, actor, note.community_id if note is not None else None)


def describe_resource(session: Session, actor: Actor, resource_id: int) -> dict[str, Any] | None:
    """A resource as it is reported."""
    seen = find_resource(session, actor, resource_id)
    if seen is None:
        return None
    row = seen.resource
    return {
        "text": f"{row.title}\n\n{row.description}\n\n{row.url}",
        "lang": row.lang,
        "at": row.created_at,
        "author_id": row.added_by,
        "person_id": row.added_by,
        "hidden": row.hidden_at is not None,
    }


def describe_review(session: Session, actor: Actor, review_id: int) -> dict[str, Any] | None:
    """A review as it is reported."""
    review = session.get(Review, review_id)
    if review is None or find_resource(session, actor, review.resource_id) is None:
        return None
    if review.hidden_at is not None and not actor.roles:
        return None
    return {
        "text": review.text,
        "lang": review.lang,
        "at": review.created_at,
        "author_id": review.person_id,
        "person_id": review.person_id,
        "hidden": review.hidden_at is not None,
    }


def describe_note(session: Session, actor: Actor, note_id: int) -> dict[str, Any] | None:
    """A practice note as it is reported."""
    found = _note_with_standing(session, actor, note_id)
    if found is None:
        return None
    note = found[0]
    return {
        "text": "\n\n".join(filter(None, (note.title, note.tried, note.adapted, note.happened))),
        "lang": note.lang,
        "at": note.created_at,
        "author_id": note.author_id,
        "person_id": note.author_id,
        "hidden": note.hidden_at is not None,
    }


def export_brought(session: Session, account_id: int) -> Any:
    """What a person brought, said and wrote."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return {}
    return {
        "resources": [
            {
                "address": row.url,
                "title": row.title,
                "description": row.description,
                "language": row.lang,
                "licence": row.licence,
                "added_at": row.created_at.isoformat(),
            }
            for row in list_brought(session, person.id)
        ],
        "reviews": [
            {
                "resource": row.resource_id,
                **{name: getattr(row, name) for name in CRITERIA},
                "country": row.country,
                "language_of_teaching": row.language,
                "text": row.text,
                "language": row.lang,
                "written_at": row.created_at.isoformat(),
            }
            for row in list_reviews_of(session, person.id)
        ],
        "practice_notes": [
            {
                "title": row.title,
                "tried": row.tried,
                "adapted": row.adapted,
                "happened": row.happened,
                "again": row.again,
                "language": row.lang,
                "country": row.country,
                "written_at": row.created_at.isoformat(),
            }
            for row in list_notes_of(session, person.id)
        ],
    }


def erase_brought(session: Session, account_id: int) -> None:
    """What a person brought and wrote for all stays, without their name."""
    person = find_person_of_account(session, account_id)
    if person is not None:
        leave_resources(session, person.id)


def export_shared(session: Session, community_id: int) -> Any:
    """What a community shares, as LRMI."""
    rows = list(list_all_shared(session, community_id))
    also = list_translations(session, [row.id for row in rows])
    return [write_record(values_of(row), translations=also[row.id]) for row in rows]


def export_practice(session: Session, community_id: int) -> Any:
    """The practice notes of a community, without the names of who wrote them."""
    return [
        {**asdict(note_values_of(note)), "written_at": note.created_at.isoformat()}
        for note in list_all_notes(session, community_id)
    ]


def load_newest(session: Session, _actor: Actor, standing: Any) -> dict[str, Any] | None:
    """The newest resources, on the page of their community."""
    if not isinstance(standing, Standing) or not can_read(standing):
        return None
    rows = rows_of(list_newest(session, standing.community.id))
    return {"rows": rows, "slug": standing.community.slug} if rows else None


add_tab(Tab("community", "resources", N_("Resources"), "resources.list_in_community", order=40, open_to="readers"))
add_tab(Tab("community", "practice", N_("Practice"), "resources.list_practice", order=45, open_to="readers"))
add_translatable(Translatable("resource", load_resource, load_many_resources, resource_readers, resource_obstacle))
add_translatable(Translatable("practice", load_note, readers=note_readers, obstacle=note_obstacle))
add_reportable(
    Reportable("resource", describe_resource, lambda s, _a, number, hidden: hide_resource(s, number, hidden))
)
add_reportable(Reportable("review", describe_review, lambda s, _a, number, hidden: hide_review(s, number, hidden)))
add_reportable(Reportable("practice", describe_note, lambda s, _a, number, hidden: hide_note(s, number, hidden)))
add_exporter("resources", export_brought)
add_eraser("resources", erase_brought)
add_community_exporter("resources", export_shared)
add_community_exporter("practice", export_practice)
add_panel(Panel("community", "resources.newest", "resources/panel.html", load_newest, order=40))
add_notice_kind(
    NoticeKind(
        "resource_link_dead",
        N_("The link of “%(title)s” didn't answer on three days. Please look whether it moved."),
        "resources.show_resource",
        ("resource_id",),
    )
)
