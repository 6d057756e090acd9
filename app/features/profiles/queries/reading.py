"""Choosing among the languages a text or a name is kept in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.core.actor import Actor


def primary(tag: str) -> str:
    """The language itself, without script or region: for speech and reading its variants count as one.

    >>> primary("zh-Hant-TW"), primary("PT_br")
    ('zh', 'pt')
    """
    return tag.replace("_", "-").split("-")[0].lower()


def reading_order(actor: Actor, reading: Sequence[str] | None = None) -> tuple[str, ...]:
    """The languages the reader would like, best first: those asked for, else the interface's, then their own."""
    wanted = [*(reading or (actor.locale,)), *actor.languages]
    return tuple(dict.fromkeys(wanted))


def best_of(kept: Iterable[str], reading: Sequence[str], strict: bool = False) -> str | None:
    """The tag among ``kept`` that the reader reads best: the same tag, then the same language; then English, then
    the first (``strict``: none).

    >>> best_of(["sw", "fr-CA", "en"], ["fr", "sw"])
    'fr-CA'
    >>> best_of(["ru"], ["fr"]), best_of(["ru"], ["fr"], strict=True), best_of([], ["fr"])
    ('ru', None, None)
    """
    tags = list(kept)
    for wanted in reading:
        if wanted in tags:
            return wanted
        same = [tag for tag in tags if primary(tag) == primary(wanted)]
        if same:
            return same[0]
    if strict or not tags:
        return None
    return next((tag for tag in tags if primary(tag) == "en"), tags[0])
