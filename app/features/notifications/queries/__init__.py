"""Reads of notices: what somebody was told, how they want it, and what is new for their digest."""

from app.features.notifications.queries.notices import (
    count_unread,
    find_settings,
    get_notice,
    list_all,
    list_levels,
    list_notices,
    list_unread_of_kind,
    settings_of,
)

__all__ = [
    "count_unread",
    "find_settings",
    "get_notice",
    "list_all",
    "list_levels",
    "list_notices",
    "list_unread_of_kind",
    "settings_of",
]
