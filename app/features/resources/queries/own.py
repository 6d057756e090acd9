"""Everything one person brought and wrote, for their download."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.resources.models import PracticeNote, Resource, Review


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
