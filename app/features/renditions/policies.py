"""Who may translate, review, and let a machine translate. Facts come loaded; nothing here asks the database."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.actor import Actor
from app.features.renditions.models import Rendition

# CEFR B2: whoever has it understands the finer points and writes so that others do.
ENOUGH = 4


def has_both(levels: Mapping[str, int], source: str, target: str) -> bool:
    """Whether somebody with these languages (without region and script, to CEFR number) has both well enough."""
    return levels.get(source, 0) >= ENOUGH and levels.get(target, 0) >= ENOUGH


def can_ask(actor: Actor) -> bool:
    """Wish for a translation: whoever has a profile and a verified address."""
    return actor.person_id is not None and actor.verified


def can_translate(actor: Actor, levels: Mapping[str, int], source: str, target: str) -> bool:
    """Write a translation or correct one: whoever has a profile, a verified address and both languages."""
    return can_ask(actor) and source != target and has_both(levels, source, target)


def can_review(actor: Actor, rendition: Rendition, levels: Mapping[str, int], source: str, target: str) -> bool:
    """Say that a wording is right: somebody else than who wrote it, with both languages; once is enough."""
    return (
        can_translate(actor, levels, source, target)
        and rendition.by_person_id != actor.person_id
        and rendition.reviewed_at is None
        and rendition.hidden_at is None
    )


def can_use_machine(actor: Actor, rendition: Rendition | None) -> bool:
    """Let a machine translate: only where nobody has, or where only a machine has."""
    if rendition is None:
        return can_ask(actor)
    return can_ask(actor) and rendition.machine and rendition.reviewed_at is None and rendition.hidden_at is None
