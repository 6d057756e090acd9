"""What a viewer may see of profiles: the one place where audiences, blocks and hiding are applied to what is shown.

Pages, the directory, suggestions, the command line and the API all show a `ProfileView`; none of them reads
the columns of a `Person` for somebody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.features.profiles.models import NATIVE, NEED, OFFER, PERSON, Person, Profile, ProfileLanguage
from app.features.profiles.policies import ALL_PARTS, audience_of, can_see_at_all, parts_open
from app.features.profiles.queries.loading import Loaded, Rows, load_many
from app.features.profiles.queries.reading import best_of, primary, reading_order
from app.features.relations.queries import list_blocked_ids, list_connected_ids
from app.features.vocabularies.queries import autonym

CEFR_NAMES = ("A1", "A2", "B1", "B2", "C1", "C2", "native")


@dataclass(frozen=True, slots=True)
class ViewLanguage:
    """A language of a profile; ``shared`` if the viewer and the profile can work in it."""

    tag: str
    name: str
    level: str
    number: int
    teaches: bool
    accepts: int
    shared: bool


@dataclass(frozen=True, slots=True)
class ViewActivity:
    """Something offered or needed."""

    code: str
    subject: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class ViewText:
    """A text with its language; ``others`` are the languages it is also kept in."""

    lang: str
    text: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ViewName:
    """A name of an institution: label, alias or acronym."""

    name: str
    lang: str | None
    kind: str


@dataclass(frozen=True, slots=True)
class ProfileView:
    """What one viewer may see of one profile. A part that is not open to them is None or empty.

    ``name`` is None for a person whose name is not open to the viewer: say "A teacher in …" (`views.cards.title_of`).
    ``open_parts`` are the parts of `PARTS` the viewer may see. ``verified_by`` is None for a person and for an
    institution that is not verified yet.
    """

    id: int
    kind: str
    handle: str
    name: str | None
    name_lang: str | None
    country: str | None
    city: str | None
    timezone: str | None
    subjects: tuple[str, ...]
    levels: tuple[str, ...]
    languages: tuple[ViewLanguage, ...]
    offers: tuple[ViewActivity, ...]
    needs: tuple[ViewActivity, ...]
    tags: tuple[str, ...]
    about: ViewText | None
    interests: ViewText | None
    monthly_contacts: int | None
    confirmed_at: datetime
    sample: bool
    hidden: bool
    connected: bool
    own: bool
    open_parts: frozenset[str]
    # Of institutions only:
    names: tuple[ViewName, ...] = ()
    type: str | None = None
    website: str | None = None
    ror_id: str | None = None
    ror_status: str | None = None
    claimed: bool = True
    verified_by: str | None = None
    verified_at: datetime | None = None

    @property
    def is_institution(self) -> bool:
        """Whether this is an institution."""
        return self.kind == "institution"


@dataclass(frozen=True, slots=True)
class _Viewer:
    """What must be known of the viewer to present any number of profiles."""

    actor: Actor
    reading: tuple[str, ...]
    languages: Mapping[str, tuple[int, int]]  # primary tag: level, accepts
    connected: frozenset[int]
    blocked: frozenset[int]


def visible_parts(profile: Profile, actor: Actor, connected: bool) -> frozenset[str]:
    """The parts of ``profile`` that ``actor`` may see; ``connected``: whether the two are."""
    return _parts_open(profile.id, profile.audiences if isinstance(profile, Person) else None, actor, connected)


def _parts_open(profile_id: int, audiences: Mapping[str, str] | None, actor: Actor, connected: bool) -> frozenset[str]:
    """The same by what a person said of audiences; None for an institution."""
    if audiences is None or profile_id == actor.person_id:
        return ALL_PARTS
    return parts_open(audiences, audience_of(actor, connected))


def _view_languages(rows: Rows, viewer: _Viewer, own: bool) -> tuple[ViewLanguage, ...]:
    shown = []
    for row in rows:
        mine = viewer.languages.get(primary(row.tag))
        shared = not own and mine is not None and mine[0] >= row.accepts and row.level >= mine[1]
        level = CEFR_NAMES[min(max(row.level, 1), NATIVE) - 1]
        shown.append(ViewLanguage(row.tag, autonym(row.tag), level, row.level, row.teaches, row.accepts, shared))
    return tuple(shown)


def _activities(rows: Rows, direction: str) -> tuple[ViewActivity, ...]:
    return tuple(ViewActivity(a.code, a.subject, a.language) for a in rows if a.direction == direction)


def _text(rows: Rows, field: str, reading: Sequence[str]) -> ViewText | None:
    texts = {text.lang: text.text for text in rows if text.field == field}
    lang = best_of(texts, reading)
    if lang is None:
        return None
    return ViewText(lang, texts[lang], tuple(other for other in texts if other != lang))


def _institution_name(institution: Loaded, reading: Sequence[str]) -> tuple[str, str | None]:
    names = institution.names
    labels = {n.lang: n.name for n in reversed(names) if n.kind == "label" and n.lang}
    wanted = [tag for tag in reading[:1] if best_of(labels, [tag], strict=True)]
    lang = best_of(labels, wanted, strict=True)
    if lang is not None:
        return labels[lang], lang
    main = next((n for n in names if n.main), None)
    first = main or next(iter(names), None)
    return first.name if first else institution.own.handle, main.lang if main else None


def _of_institution(institution: Loaded, reading: Sequence[str]) -> dict[str, object]:
    name, lang = _institution_name(institution, reading)
    own = institution.own
    return {
        "name": name,
        "name_lang": lang,
        "names": tuple(ViewName(n.name, n.lang, n.kind) for n in institution.names),
        "type": own.type,
        "website": own.website,
        "ror_id": f"https://ror.org/{own.ror_id}" if own.ror_id else None,
        "ror_status": own.ror_status,
        "claimed": own.claimed,
        "verified_by": own.verified_by,
        "verified_at": own.verified_at,
    }


def _of_person(person: Loaded, parts: frozenset[str]) -> dict[str, object]:
    open_name = "name" in parts
    return {"name": person.own.name if open_name else None, "name_lang": person.own.name_lang if open_name else None}


def _present(profile: Loaded, viewer: _Viewer) -> ProfileView:
    row, reading = profile.own, viewer.reading
    connected, own = row.id in viewer.connected, row.id == viewer.actor.person_id
    audiences = row.audiences or {} if row.kind == PERSON else None
    parts = _parts_open(row.id, audiences, viewer.actor, connected)
    named = _of_person(profile, parts) if row.kind == PERSON else _of_institution(profile, reading)
    teaching, exchange, texts = "teaching" in parts, "exchange" in parts, "texts" in parts
    return ProfileView(
        id=row.id,
        kind=row.kind,
        handle=row.handle,
        country=row.country,
        city=row.city if "place" in parts else None,
        timezone=row.timezone if "place" in parts else None,
        subjects=tuple(s.code for s in profile.subjects) if teaching else (),
        levels=tuple(level.code for level in profile.levels) if teaching else (),
        languages=_view_languages(profile.languages, viewer, own) if "languages" in parts else (),
        offers=_activities(profile.activities, OFFER) if exchange else (),
        needs=_activities(profile.activities, NEED) if exchange else (),
        tags=tuple(t.tag for t in profile.tags) if texts else (),
        about=_text(profile.texts, "about", reading) if texts else None,
        interests=_text(profile.texts, "interests", reading) if texts else None,
        monthly_contacts=row.monthly_contacts,
        confirmed_at=row.confirmed_at,
        sample=row.sample,
        hidden=row.hidden_at is not None,
        connected=connected,
        own=own,
        open_parts=parts,
        **named,  # type: ignore[arg-type]
    )


def _viewer(session: Session, actor: Actor, reading: Sequence[str] | None) -> _Viewer:
    order = reading_order(actor, reading)
    if actor.person_id is None:
        return _Viewer(actor, order, {}, frozenset(), frozenset())
    languages: dict[str, tuple[int, int]] = {}
    rows = session.execute(
        select(ProfileLanguage.tag, ProfileLanguage.level, ProfileLanguage.accepts)
        .where(ProfileLanguage.profile_id == actor.person_id)
        .order_by(ProfileLanguage.level, ProfileLanguage.tag)
    )
    for tag, level, accepts in rows:
        languages[primary(tag)] = (level, accepts)
    connected = frozenset(list_connected_ids(session, actor.person_id))
    return _Viewer(actor, order, languages, connected, frozenset(list_blocked_ids(session, actor.person_id)))


def present(
    session: Session, actor: Actor, profile: Profile, reading: Sequence[str] | None = None
) -> ProfileView | None:
    """What ``actor`` may see of ``profile``; None if there is no such profile for them (hidden, or a block between).

    ``reading``: language tags the texts and names are wanted in, best first; the actor's own unless given.
    """
    return next(iter(present_many(session, actor, [profile.id], reading)), None)


def present_many(
    session: Session, actor: Actor, ids: Sequence[int], reading: Sequence[str] | None = None
) -> list[ProfileView]:
    """What ``actor`` may see of the profiles ``ids``, in that order; those not there for them are left out.

    The number of queries does not depend on the number of profiles.
    """
    if not ids:
        return []
    profiles = load_many(session, ids)
    viewer = _viewer(session, actor, reading)
    found = (profiles[i] for i in ids if i in profiles)
    return [_present(p, viewer) for p in found if can_see_at_all(actor, p.own, p.own.id in viewer.blocked)]
