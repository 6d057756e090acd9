"""Everything one person, or one community, brought and wrote, for downloads."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.features.resources.models import PracticeNote, Resource, Review
from app.features.resources.queries import practice, seeing


def list_brought(session: Session, person_id: int) -> list[Resource]:
    """The resources a person brought, oldest first."""
    return list(session.scalars(select(Resource).where(Resource.added_by == person_id).order_by(Resource.id)))


def list_reviews_of(session: Session, person_id: int) -> list[Review]:
    """The reviews a person wrote, oldest first."""
    return list(session.scalars(select(Review).where(Review.person_id == person_id).order_by(Review.id)))


def list_notes_of(session: Session, person_id: int) -> list[PracticeNote]:
    """The practice notes a person wrote, oldest first."""
    return list(
        session.scalars(select(PracticeNote).where(PracticeNote.author_id == person_id).order_by(PracticeNote.id))
    )


def list_all_shared(session: Session, community_id: int) -> list[Resource]:
    """What a community shares, oldest first."""
    query = select(Resource).where(Resource.community_id == community_id, seeing.stands()).order_by(Resource.id)
    return list(session.scalars(query.options(selectinload(Resource.facets), selectinload(Resource.origins))))


def list_all_notes(session: Session, community_id: int) -> list[PracticeNote]:
    """The notes of a community, oldest first."""
    query = select(PracticeNote).where(PracticeNote.community_id == community_id, practice.stands())
    return list(session.scalars(query.order_by(PracticeNote.id)))
