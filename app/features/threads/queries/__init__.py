"""Reads of threads: those of pairs, and those of communities with their posts."""

from app.features.threads.queries.pairs import (
    MessagePage,
    ThreadView,
    count_unread,
    find_message,
    find_message_by_token,
    find_thread,
    find_thread_ids,
    get_thread,
    list_acting_ids,
    list_institution_ids,
    list_messages,
    list_thread_ids,
    list_written_by,
)

__all__ = [
    "MessagePage",
    "ThreadView",
    "count_unread",
    "find_message",
    "find_message_by_token",
    "find_thread",
    "find_thread_ids",
    "get_thread",
    "list_acting_ids",
    "list_institution_ids",
    "list_messages",
    "list_thread_ids",
    "list_written_by",
]
