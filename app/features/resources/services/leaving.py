"""What becomes of a person's resources, reviews and notes when they leave: they stay for all, without a name."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.features.resources.models import PracticeNote, Resource, Review


def leave_resources(session: Session, person_id: int) -> None:
    """Take the person's name from everything they brought and wrote."""
    quiet = {"synchronize_session": False}
    for table, column in ((Resource, "added_by"), (Review, "person_id"), (PracticeNote, "author_id")):
        statement = update(table).where(getattr(table, column) == person_id).values({column: None})
        session.execute(statement.execution_options(**quiet))
