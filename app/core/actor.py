"""Who is acting: the one thing services and policies know about the person behind a request."""

from __future__ import annotations

from dataclasses import dataclass, field

OPERATOR = "operator"
MODERATOR = "moderator"
ROLES = (OPERATOR, MODERATOR)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person signed in, a guest, or the system itself.

    ``person_id`` is the id of the person's profile; ``languages`` are the BCP 47 tags they read,
    the interface language first.
    """

    account_id: int | None = None
    person_id: int | None = None
    handle: str = ""
    name: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    locale: str = "en"
    languages: tuple[str, ...] = ()
    verified: bool = False
    timezone: str | None = None

    @property
    def signed_in(self) -> bool:
        """Whether there is an account behind this actor."""
        return self.account_id is not None

    @property
    def is_operator(self) -> bool:
        """Whether this person runs the platform."""
        return OPERATOR in self.roles


GUEST = Actor()
