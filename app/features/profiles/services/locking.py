"""Taking turns: what must not happen twice at once waits for the other to end."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.features.profiles.models import Profile


def lock_profile(session: Session, profile_id: int) -> None:
    """Have whoever else locks the same profile wait until this transaction has ended; on both databases."""
    session.execute(
        update(Profile)
        .where(Profile.id == profile_id)
        .values(suggestible=Profile.suggestible)
        .execution_options(synchronize_session=False)
    )
