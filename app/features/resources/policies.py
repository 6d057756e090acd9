"""Who may see, add, change and review resources, and write practice notes. Facts come loaded."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.actor import MODERATOR, OPERATOR, Actor
from app.features.communities.models import CLOSED, EVERYONE, Community
from app.features.communities.policies import Standing, can_facilitate, can_read, can_write, is_kept_out
from app.features.resources.models import PracticeNote, Resource


@dataclass(frozen=True, slots=True)
class Seen:
    """A resource together with where the actor stands in its community (None: it belongs to none)."""

    actor: Actor
    resource: Resource
    standing: Standing | None

    @property
    def community(self) -> Community | None:
        """The community it was shared in."""
        return self.standing.community if self.standing else None

    @property
    def own(self) -> bool:
        """Whether the actor brought it."""
        return self.actor.person_id is not None and self.resource.added_by == self.actor.person_id


def moderates(actor: Actor) -> bool:
    """Whether they keep order on the whole platform."""
    return bool(actor.roles & {OPERATOR, MODERATOR})


def is_open_to_all(resource: Resource, community: Community | None) -> bool:
    """Whether everyone may read it, also programs that harvest: nothing withdrawn, hidden or kept to members."""
    if resource.withdrawn_at is not None or resource.hidden_at is not None:
        return False
    if community is None:
        return resource.community_id is None
    return community.reading == EVERYONE and community.hidden_at is None


def can_see(seen: Seen) -> bool:
    """Its page: whoever may read its community; a hidden one only who brought it and who keeps order."""
    if seen.resource.withdrawn_at is not None:
        return False
    if seen.standing is not None and not can_read(seen.standing):
        return moderates(seen.actor)
    keeps_order = moderates(seen.actor) or (seen.standing is not None and can_facilitate(seen.standing))
    return seen.resource.hidden_at is None or seen.own or keeps_order


def can_share(actor: Actor) -> bool:
    """Add resources for everyone: people with a profile and a confirmed address."""
    return actor.person_id is not None and actor.verified


def can_add(actor: Actor, standing: Standing | None) -> bool:
    """Add a resource: in a community those who may write there."""
    return can_write(standing) if standing is not None else can_share(actor)


def can_edit(seen: Seen) -> bool:
    """Change it: who brought it, while they may write where it stands, and who facilitates its community."""
    if seen.resource.withdrawn_at is not None or not can_see(seen):
        return False
    if seen.standing is not None and can_facilitate(seen.standing):
        return True
    return seen.own and (seen.standing is None or can_write(seen.standing))


def can_withdraw(seen: Seen) -> bool:
    """Take it back: whoever may change it, and who brought it, also when they are quiet for now or left."""
    return can_edit(seen) or (seen.own and can_see(seen))


def can_review(seen: Seen) -> bool:
    """Say how good it is: peers, so everyone with a profile but whoever brought it."""
    if not can_see(seen) or seen.own or not can_share(seen.actor):
        return False
    standing = seen.standing
    if standing is None:
        return True
    return not (standing.muted or is_kept_out(standing) or standing.community.state == CLOSED)


def can_see_note(standing: Standing, note: PracticeNote) -> bool:
    """A practice note: whoever may read the community; a hidden one only who wrote it and who keeps order."""
    if note.withdrawn_at is not None:
        return False
    if not can_read(standing):
        return moderates(standing.actor)
    own = note.author_id is not None and note.author_id == standing.actor.person_id
    return note.hidden_at is None or own or can_facilitate(standing) or moderates(standing.actor)


def can_edit_note(standing: Standing, note: PracticeNote) -> bool:
    """Change or withdraw a note: who wrote it, while they may write; facilitators may withdraw it."""
    own = note.author_id is not None and note.author_id == standing.actor.person_id
    return can_see_note(standing, note) and own and can_write(standing)


def can_withdraw_note(standing: Standing, note: PracticeNote) -> bool:
    """Take a note back: who wrote it, and who facilitates."""
    return can_edit_note(standing, note) or (can_see_note(standing, note) and can_facilitate(standing))
