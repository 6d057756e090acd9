"""Tables of membership: members with their roles, and invitations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId

MEMBER, FACILITATOR, COORDINATOR = "member", "facilitator", "coordinator"
ROLES = (MEMBER, FACILITATOR, COORDINATOR)

# ``asked``: waits to be let in; ``removed``: taken out by the coordinators (``removed_until`` None: for good).
ACTIVE, ASKED, LEFT, REMOVED = "active", "asked", "left", "removed"

LINK, MAIL, PERSON = "link", "mail", "person"


class Member(Base):
    """A person in a community: one row for each, whatever became of it."""

    __tablename__ = "community_members"
    __table_args__ = (
        Index("ix_community_members_person_id_state", "person_id", "state"),
        # In the order in which members are listed: who coordinates, who facilitates, then by how long they are here.
        Index("ix_community_members_list", "community_id", "state", "role", "joined_at", "person_id"),
    )

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(12), default=MEMBER)
    state: Mapped[str] = mapped_column(String(12), default=ACTIVE)
    # What they answered to the community's questions, in order, and in which language.
    answers: Mapped[list[str]] = mapped_column(default=list)
    answers_lang: Mapped[str | None] = mapped_column(String(35))
    asked_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    # The last time they wrote or decided something here; a coordinator without it for long has fallen silent.
    active_at: Mapped[datetime | None]
    # The version of the charter they accepted last.
    charter_version: Mapped[int | None]
    # Muted: they read and are not heard until then; the reason is what they read.
    muted_until: Mapped[datetime | None]
    removed_until: Mapped[datetime | None]
    measure_reason: Mapped[str] = mapped_column(Text, default="")
    measure_lang: Mapped[str | None] = mapped_column(String(35))
    # Who welcomes them, and how their beginning goes.
    buddy_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    buddy_willing: Mapped[bool] = mapped_column(default=False)
    first_post_at: Mapped[datetime | None]
    first_answer_at: Mapped[datetime | None]
    task_done_at: Mapped[datetime | None]
    # A role they were asked to take: by a coordinator, or (nobody) because nobody coordinates any more.
    # The moment stays when they answered, so that they are not asked again at once.
    offered_role: Mapped[str | None] = mapped_column(String(12))
    offered_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    offered_at: Mapped[datetime | None]


class Invitation(Base):
    """A way in: a link that may be printed, a mail, or a question to a person who is here already."""

    __tablename__ = "community_invitations"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    # What stands in the address. It opens one community only, may be seen by every member, and can be withdrawn.
    code: Mapped[str] = mapped_column(String(40), unique=True)
    email: Mapped[str | None] = mapped_column(String(320))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), index=True)
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    # When the one person it was for said yes or no; of links how often they were used.
    answered_at: Mapped[datetime | None]
    accepted: Mapped[bool | None]
    uses: Mapped[int] = mapped_column(default=0)
