"""Reads of introductions, connections, blocks and the network, split by topic."""

from __future__ import annotations

from app.features.introductions.queries.connecting import (
    BlockRow,
    ConnectionRow,
    handles_of,
    list_blocked_handles,
    list_blocks,
    list_connections,
    list_edges,
)
from app.features.introductions.queries.introducing import (
    Page,
    count_received_since,
    count_waiting,
    find_last,
    find_pending,
    find_thread_of,
    get_introduction,
    list_introductions,
    list_of_person,
    list_pending_ids,
    list_unseen_threads,
    load_ask_facts,
    open_key,
)

__all__ = [
    "BlockRow",
    "ConnectionRow",
    "Page",
    "count_received_since",
    "count_waiting",
    "find_last",
    "find_pending",
    "find_thread_of",
    "get_introduction",
    "handles_of",
    "list_blocked_handles",
    "list_blocks",
    "list_connections",
    "list_edges",
    "list_introductions",
    "list_of_person",
    "list_pending_ids",
    "list_unseen_threads",
    "load_ask_facts",
    "open_key",
]
