"""Tables of what communities talk about: threads, posts with their versions, drafts, reactions, mentions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId
from app.features.threads.models.threads import COMMUNITY, Thread

LONGEST_TITLE, LONGEST_POST = 200, 20_000

# Few, and read the same everywhere: words, with a small drawing beside each; no gestures, no faces.
REACTIONS = ("thanks", "agree", "useful", "question")


class CommunityThread(Thread):
    """A thread in a community. Counts and the last post are kept by the services, so that a list reads no posts."""

    __tablename__ = "community_threads"
    __table_args__ = (  # type: ignore[assignment]
        Index("ix_community_threads_list", "community_id", "pinned", "last_post_at", "id"),
        # The form carries a token, so that sending it twice opens one thread.
        UniqueConstraint("community_id", "token"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("threads.id", ondelete="CASCADE"), primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    lang: Mapped[str] = mapped_column(String(35))
    token: Mapped[str] = mapped_column(String(64))
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"), index=True)
    # Visible posts; the first one counts.
    post_count: Mapped[int] = mapped_column(default=0)
    last_post_at: Mapped[datetime] = mapped_column(default=now)
    last_post_id: Mapped[int | None] = mapped_column(BigId)
    last_author_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"), index=True)
    pinned: Mapped[bool] = mapped_column(default=False)
    locked_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    # Where its posts went when it was joined to another thread.
    moved_to_id: Mapped[int | None] = mapped_column(ForeignKey("threads.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {
        "polymorphic_identity": COMMUNITY,
        "version_id_col": version,
        "inherit_condition": id == Thread.id,
    }


class Post(Base):
    """A post: Markdown in one language. Its translations are renditions of kind ``post``."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("thread_id", "token"),
        Index("ix_posts_thread_id_id", "thread_id", "id"),
        Index("ix_posts_community_id_created_at_id", "community_id", "created_at", "id"),
        Index("ix_posts_author_id_id", "author_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("community_threads.id", ondelete="CASCADE"))
    # That of the thread, for counting by community and time without a join.
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"))
    # None: the account was closed, or the person asked to be forgotten.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(35))
    # The post it answers, of the same thread.
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="SET NULL"), index=True)
    token: Mapped[str] = mapped_column(String(64))
    # "page" or "mail"
    via: Mapped[str] = mapped_column(String(8), default="page")
    created_at: Mapped[datetime] = mapped_column(default=now)
    edited_at: Mapped[datetime | None]
    # Raised at every edit; two tabs and stale translations are told by it.
    version: Mapped[int] = mapped_column(default=1)
    # Taken out of sight by the coordinators or a moderator; or taken back by who wrote it.
    hidden_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}


class PostVersion(Base):
    """What a post said before it was edited."""

    __tablename__ = "post_versions"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(35))
    # When this wording was written.
    at: Mapped[datetime] = mapped_column(default=now)


class Draft(Base):
    """What somebody began to write in a thread (or, with no thread, a new thread of the community)."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("person_id", "community_id", "thread_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"), index=True)
    # 0 for a new thread, so that the unique rule holds there, too (an empty value is never equal to another).
    thread_id: Mapped[int] = mapped_column(BigId, default=0)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    lang: Mapped[str | None] = mapped_column(String(35))
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="SET NULL"), index=True)
    updated_at: Mapped[datetime] = mapped_column(default=now)


class Reaction(Base):
    """One of `REACTIONS` of a person to a post."""

    __tablename__ = "reactions"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)


class Mention(Base):
    """A member named in a post."""

    __tablename__ = "mentions"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True, index=True)


class ThreadFollow(Base):
    """Whether a person wants to hear of a thread. Who writes in it gets a row that says yes, unless one is there."""

    __tablename__ = "thread_follows"

    thread_id: Mapped[int] = mapped_column(ForeignKey("community_threads.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True, index=True)
    following: Mapped[bool] = mapped_column(default=True)
