"""The table of search tokens of posts, filled by `services.search_rows`.

A word carries the letter ``w`` before it; the community a post stands in is a token too (``k`` and its number), so
that a question within one community reads nothing of the others.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Select

from app.core.search import SearchTable, group_of, stored_form
from app.core.text import Term

WORD, PLACE = "w", "k"

post_search = SearchTable("search_fts_posts", "posts", "post_id")


def create_post_search(connection: Connection) -> None:
    """Make the table; the migration that makes the posts calls this after them."""
    post_search.create(connection)


def drop_post_search(connection: Connection) -> None:
    """Take the table away; the migration that drops the posts calls this before."""
    post_search.drop(connection)


def tokens_of(words: Iterable[str], community_id: int) -> list[str]:
    """What a post is found by: its words and where it stands."""
    return sorted({WORD + stored_form(word) for word in words} | {f"{PLACE}{community_id}"})


def post_ids_with(dialect: str, terms: list[list[Term]], community_id: int | None = None) -> Select[int]:
    """The ids of the posts that have every term in one of its forms, in one community or anywhere."""
    groups = [list(dict.fromkeys(pair for form in forms for pair in group_of(form, [WORD]))) for forms in terms]
    if community_id is not None:
        groups.append([(f"{PLACE}{community_id}", False)])
    return post_search.ids_with(dialect, groups)
