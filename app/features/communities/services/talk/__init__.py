"""What members write to each other in threads, and the order that facilitators keep there."""

from app.features.communities.services.talk.order import (
    hide_post,
    hide_thread,
    join_thread,
    lock_thread,
    move_thread,
    pin_thread,
    rename_thread,
    return_post,
    split_thread,
)
from app.features.communities.services.talk.posting import (
    answer,
    edit,
    follow,
    obstacle_to_answer,
    open_thread,
    react,
    withdraw,
)

__all__ = [
    "answer",
    "edit",
    "follow",
    "hide_post",
    "hide_thread",
    "join_thread",
    "lock_thread",
    "move_thread",
    "obstacle_to_answer",
    "open_thread",
    "pin_thread",
    "react",
    "rename_thread",
    "return_post",
    "split_thread",
    "withdraw",
]
