"""Who may read the thread of a pair and write in it. Facts come loaded."""

from __future__ import annotations

from collections.abc import Collection

from app.core.messages import N_, Text
from app.features.threads.models import Message, Thread

BLOCKED = N_("You can read what was written here, but not write any more.")
NOT_CONNECTED = N_("You are no longer connected. You can read what was written; to write again, say hello once more.")
AWAY = N_("They can't be reached here at the moment. You can read what was written.")
LEFT = N_("The other side has left Commonweave. You can still read what was written.")


def side_of(thread: Thread, acting: Collection[int]) -> int | None:
    """The side of the thread that somebody who acts for the profiles ``acting`` speaks for; None if neither."""
    return next((side for side in (thread.low_id, thread.high_id) if side is not None and side in acting), None)


def can_read(thread: Thread, acting: Collection[int]) -> bool:
    """The people of the two sides read a thread, nobody else."""
    return side_of(thread, acting) is not None


def obstacle_to_post(left: bool, away: bool, connected: bool, blocked: bool) -> Text | None:
    """Why nothing can be written in a thread one may read, or None. ``away``: the other side is hidden."""
    if left:
        return Text(LEFT)
    if away:
        return Text(AWAY)
    if blocked:
        return Text(BLOCKED)
    return None if connected else Text(NOT_CONNECTED)


def is_shown(message: Message, moderates: bool = False) -> bool:
    """Whether the words of a message are shown: not those that a moderator took out of sight."""
    return message.hidden_at is None or moderates
