"""Reads of communities, by topic."""

from app.features.communities.queries.standing import (
    find_obstacle,
    find_standing,
    get_standing,
    list_communities_of,
    list_member_ids,
    standing_in,
)

__all__ = ["find_obstacle", "find_standing", "get_standing", "list_communities_of", "list_member_ids", "standing_in"]
