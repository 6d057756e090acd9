"""What is translated: loaded through the feature it belongs to, for the actor who looks."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.registries import Original, translatable


def find_original(session: Session, actor: Actor, kind: str, thing_id: int) -> Original | None:
    """The original as this actor may read it; None if there is none for them."""
    thing = translatable(kind)
    return thing.load(session, actor, thing_id) if thing is not None else None


def get_original(session: Session, actor: Actor, kind: str, thing_id: int) -> Original:
    """The same; raises `NotFound`."""
    original = find_original(session, actor, kind, thing_id)
    if original is None or not any(original.fields.values()):
        raise NotFound
    return original


def list_originals(
    session: Session, actor: Actor, things: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], Original]:
    """The originals of several kinds, by kind and number; those not there for this actor are left out."""
    by_kind: dict[str, list[int]] = {}
    for kind, thing_id in dict.fromkeys(things):
        by_kind.setdefault(kind, []).append(thing_id)
    found: dict[tuple[str, int], Original] = {}
    for kind, ids in by_kind.items():
        found.update({(kind, number): one for number, one in _load(session, actor, kind, ids).items()})
    return found


def _load(session: Session, actor: Actor, kind: str, ids: Collection[int]) -> dict[int, Original]:
    thing = translatable(kind)
    if thing is None:
        return {}
    if thing.load_many is not None:
        return thing.load_many(session, actor, ids)
    loaded = ((number, thing.load(session, actor, number)) for number in ids)
    return {number: one for number, one in loaded if one is not None}


def title_of_original(original: Original, most: int = 120) -> str:
    """What a list calls it: its title, or the beginning of its first text."""
    words = " ".join((original.title or next((t for t in original.fields.values() if t), "")).split())
    return words if len(words) <= most else words[:most].rstrip() + "…"
