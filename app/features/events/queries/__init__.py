"""Reads of events, by topic."""

from app.features.events.queries.events import (
    EventPage,
    find_event,
    get_event,
    list_answers,
    list_answers_of,
    list_coming,
    list_events,
    list_for_calendar,
    list_series,
)

__all__ = [
    "EventPage",
    "find_event",
    "get_event",
    "list_answers",
    "list_answers_of",
    "list_coming",
    "list_events",
    "list_for_calendar",
    "list_series",
]
