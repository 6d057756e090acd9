"""Tables of threads: those of pairs with their messages, those of communities with their posts."""

from app.features.threads import search_table  # noqa: F401 - made together with the tables below
from app.features.threads.models.posts import (
    LONGEST_POST,
    LONGEST_TITLE,
    REACTIONS,
    CommunityThread,
    Draft,
    Mention,
    Post,
    PostVersion,
    Reaction,
    ThreadFollow,
)
from app.features.threads.models.threads import (
    COMMUNITY,
    CONNECTION,
    LONGEST_MESSAGE,
    Message,
    Thread,
    ThreadRead,
)

__all__ = [
    "COMMUNITY",
    "CONNECTION",
    "LONGEST_MESSAGE",
    "LONGEST_POST",
    "LONGEST_TITLE",
    "REACTIONS",
    "CommunityThread",
    "Draft",
    "Mention",
    "Message",
    "Post",
    "PostVersion",
    "Reaction",
    "Thread",
    "ThreadFollow",
    "ThreadRead",
]
