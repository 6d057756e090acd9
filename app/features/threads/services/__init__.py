"""Writes of threads: those of pairs, and those of communities with their posts."""

from app.features.threads.services.pairs import (
    CannotWrite,
    add_message,
    hide_message,
    leave_threads,
    open_thread,
    post_message,
)
from app.features.threads.services.reading import mark_read
from app.features.threads.services.texts import check_text

__all__ = [
    "CannotWrite",
    "add_message",
    "check_text",
    "hide_message",
    "leave_threads",
    "mark_read",
    "open_thread",
    "post_message",
]
