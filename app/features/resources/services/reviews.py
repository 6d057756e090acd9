"""Writing reviews: one of each peer for each resource."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.core.cleaning import clean_text
from app.core.clock import now
from app.core.database import insert_if_new
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.messages import N_, Text
from app.features.communities.services.activity import touch
from app.features.resources.models import CRITERIA, LONGEST_REVIEW, Review
from app.features.resources.policies import Seen, can_review
from app.features.resources.queries.reviews import find_review
from app.features.resources.services.checking import Wrong, check_length
from app.features.vocabularies.queries import is_valid, normalise_language


@dataclass(frozen=True, slots=True)
class ReviewValues:
    """What a peer says: a number from 1 to 4 for each criterion, where they teach, and a few words."""

    quality: str = ""
    inclusion: str = ""
    suitability: str = ""
    country: str = ""
    language: str = ""
    text: str = ""
    lang: str = ""


def _checked(values: ReviewValues) -> dict[str, object]:
    wrong: Wrong = {}
    row: dict[str, object] = {}
    for name in CRITERIA:
        answer = getattr(values, name)
        if answer not in ("1", "2", "3", "4"):
            wrong[name] = Text(N_("Please choose one of the four answers."))
        else:
            row[name] = int(answer)
    text = clean_text(values.text)
    check_length(wrong, "text", text, LONGEST_REVIEW)
    row["text"] = text
    row["lang"] = normalise_language(values.lang) if values.lang and text else None
    if text and row["lang"] is None:
        wrong["lang"] = Text(N_("Please choose the language you wrote in."))
    row["country"] = values.country if values.country and is_valid("country", values.country) else None
    row["language"] = normalise_language(values.language) if values.language else None
    if wrong:
        raise Invalid(wrong)
    return row


def write_review(session: Session, seen: Seen, values: ReviewValues, version: int = 0) -> Review:
    """Say what one thinks of a resource, or say it anew; ``version`` of what was opened, 0 for nothing said yet."""
    if not can_review(seen):
        raise Forbidden
    row = _checked(values)
    person_id = seen.actor.person_id
    review = find_review(session, seen.resource.id, person_id)
    if review is None:
        number = insert_if_new(session, Review, resource_id=seen.resource.id, person_id=person_id, **row)
        review = find_review(session, seen.resource.id, person_id)
        if review is None:
            raise Conflict
        if number is None and any(getattr(review, name) != value for name, value in row.items()):
            raise Conflict
    elif version != review.version:
        # The same form sent twice changes nothing and is no conflict.
        if any(getattr(review, name) != value for name, value in row.items()):
            raise Conflict
    else:
        for name, value in row.items():
            setattr(review, name, value)
        review.edited_at = now()
    session.flush()
    if seen.standing is not None and seen.standing.is_member:
        touch(session, seen.standing)
    return review


def take_back_review(session: Session, seen: Seen) -> None:
    """Take back what one said of a resource."""
    if seen.actor.person_id is None:
        raise Forbidden
    session.execute(
        delete(Review).where(Review.resource_id == seen.resource.id, Review.person_id == seen.actor.person_id)
    )


def hide_review(session: Session, review_id: int, hidden: bool) -> None:
    """Take a review out of sight, or show it again; what moderators decide."""
    review = session.get(Review, review_id)
    if review is None:
        raise NotFound
    review.hidden_at = now() if hidden else None
    session.flush()
