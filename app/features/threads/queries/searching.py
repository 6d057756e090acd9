"""Finding posts by their words, in every script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.core.text import Term, query_terms
from app.features.threads.models import CommunityThread, Post
from app.features.threads.search_table import post_ids_with

FOUND_PAGE = 20
MOST_STEMMED = 5


@dataclass(frozen=True, slots=True)
class FoundPost:
    """A post that was found, with its thread."""

    id: int
    thread_id: int
    community_id: int
    title: str
    title_lang: str
    author_id: int | None
    text: str
    lang: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page of posts, newest first; ``later``: the number to go on from, or None."""

    posts: list[FoundPost]
    later: int | None


def terms_of(question: str, languages: Sequence[str]) -> list[list[Term]]:
    """What is asked for: each word as typed and as its stem in each of the reader's languages; all must be found.

    >>> [[term.stem for term in forms] for forms in terms_of("enseignants", ["en", "fr"])]
    [['enseign', 'enseign']]
    """
    wanted: list[str | None] = [*languages[:MOST_STEMMED]] or [None]
    forms = [query_terms(question, lang) for lang in wanted]
    return [list(dict.fromkeys(alternatives)) for alternatives in zip(*forms, strict=True)]


def search_posts(
    session: Session,
    terms: list[list[Term]],
    communities: int | Select[Any],
    before: int | None = None,
    limit: int = FOUND_PAGE,
) -> FoundPage:
    """The newest posts that have all terms, in one community or in those of a selection of ids."""
    if not terms:
        return FoundPage([], None)
    within = communities if isinstance(communities, int) else None
    dialect = session.get_bind().dialect.name
    thread = CommunityThread.__table__
    query = (
        select(
            Post.id, Post.thread_id, Post.community_id, thread.c.title, thread.c.lang, Post.author_id, Post.text,
            Post.lang, Post.created_at,
        )
        .join(thread, thread.c.id == Post.thread_id)
        .where(
            Post.id.in_(post_ids_with(dialect, terms, within)),
            Post.hidden_at.is_(None), Post.withdrawn_at.is_(None), thread.c.hidden_at.is_(None),
        )
    )  # fmt: skip
    query = query.where(
        Post.community_id == within if within is not None else Post.community_id.in_(communities)  # type: ignore[arg-type]
    )
    if before is not None:
        query = query.where(Post.id < before)
    found = [FoundPost(*row) for row in session.execute(query.order_by(Post.id.desc()).limit(limit + 1))]
    return FoundPage(found[:limit], found[limit - 1].id if len(found) > limit else None)
