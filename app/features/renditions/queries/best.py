"""What readers get instead of an original in a language they do not read: the best rendition there is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.features.profiles.queries.reading import best_of, primary, reading_order
from app.features.profiles.queries.visible import ProfileView, present_many
from app.features.renditions.models import Rendition

# Asked for each list and page, so put together once.
_LANGUAGES = (
    select(Rendition.thing_id, Rendition.lang)
    .where(
        Rendition.kind == bindparam("kind"),
        Rendition.thing_id.in_(bindparam("things", expanding=True)),
        Rendition.hidden_at.is_(None),
    )
    .order_by(Rendition.thing_id, Rendition.machine, Rendition.lang)
)


@dataclass(frozen=True, slots=True)
class Shown:
    """The rendition to show of one thing, with what must be said beside it (see `components/rendition.html`).

    ``fields`` holds the texts that are translated; where one is missing the original is shown. ``by`` is who wrote
    the wording: None for a machine, and for somebody who left or is not there for this reader. ``stale``: the
    original changed since. ``others``: the further languages it is kept in, the original's left out.
    """

    kind: str
    thing_id: int
    lang: str
    from_lang: str
    fields: Mapping[str, str]
    machine: bool
    reviewed: bool
    stale: bool
    by: ProfileView | None
    others: tuple[str, ...]

    def text(self, field: str) -> str | None:
        """The translated text of a field, or None: show the original's."""
        return self.fields.get(field) or None


def list_best(
    session: Session,
    actor: Actor,
    kind: str,
    originals: Mapping[int, str],
    versions: Mapping[int, int] | None = None,
    reading: Sequence[str] | None = None,
) -> dict[int, Shown]:
    """For originals (number to language) in a language the reader does not read, the best rendition they do read.

    ``versions``: the originals' present versions, by which stale ones are known. ``reading``: languages wanted, best
    first, before the actor's own (`views.cards.reading_languages`). A fixed number of queries, none for none.
    """
    order = reading_order(actor, reading)
    reads = {primary(tag) for tag in order}
    wanted = {number: lang for number, lang in originals.items() if primary(lang) not in reads}
    if not wanted:
        return {}
    kept = _languages(session, kind, wanted)
    chosen = {number: lang for number, tags in kept.items() if (lang := best_of(tags, order, strict=True))}
    if not chosen:
        return {}
    rows = session.scalars(
        select(Rendition).where(
            Rendition.kind == kind,
            Rendition.thing_id.in_(chosen),
            Rendition.lang.in_(set(chosen.values())),
            Rendition.hidden_at.is_(None),
        )
    )
    found = {row.thing_id: row for row in rows if chosen[row.thing_id] == row.lang}
    authors = {row.by_person_id for row in found.values() if row.by_person_id is not None}
    views = {view.id: view for view in present_many(session, actor, sorted(authors), reading)}
    return {
        number: Shown(
            kind=kind,
            thing_id=number,
            lang=row.lang,
            from_lang=wanted[number],
            fields=row.fields,
            machine=row.machine,
            reviewed=row.reviewed_at is not None,
            stale=bool(versions) and row.of_version != (versions or {}).get(number, row.of_version),
            by=views.get(row.by_person_id or 0),
            others=tuple(tag for tag in kept[number] if tag != row.lang),
        )
        for number, row in found.items()
    }


def _languages(session: Session, kind: str, things: Collection[int]) -> dict[int, list[str]]:
    """The languages of the renditions in sight; those that people wrote come before a machine's."""
    rows = session.execute(_LANGUAGES, {"kind": kind, "things": list(things)})
    kept: dict[int, list[str]] = {}
    for number, lang in rows:
        kept.setdefault(number, []).append(lang)
    return kept


def list_languages(session: Session, kind: str, things: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The languages each thing has been translated into, those of people first; one query."""
    if not things:
        return {}
    return {number: tuple(tags) for number, tags in _languages(session, kind, things).items()}
