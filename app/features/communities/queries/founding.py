"""Reads for founding: drafts, seeds, and the people around somebody for whom a community is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Table, false, or_, select
from sqlalchemy.orm import Session, selectinload

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import NotFound
from app.features.accounts.models import Account
from app.features.communities.models import (
    CLOSED,
    Community,
    CommunityDraft,
    CommunityFacet,
    CommunitySeed,
)
from app.features.profiles.models import Person, Profile, ProfileLanguage, ProfileLevel, ProfileSubject
from app.features.profiles.policies import parts_open
from app.features.profiles.queries.refusing import is_willing
from app.features.relations.queries import list_blocked_ids
from app.features.vocabularies.queries import regions_of, subject_ancestors
from app.matching import communities as matching
from app.matching import facets

_OPEN = frozenset({"everyone", "members"})
_NEEDED = frozenset({"teaching", "languages"})
# Of more people around somebody those who confirmed their profile last are looked at.
MOST_PEOPLE, MOST_COMMUNITIES = 400, 300


def list_drafts(session: Session, actor: Actor) -> Sequence[CommunityDraft]:
    """The communities the actor began to found, the latest first."""
    own = select(CommunityDraft).where(CommunityDraft.person_id == actor.person_id, CommunityDraft.founded_at.is_(None))
    return session.scalars(own.order_by(CommunityDraft.updated_at.desc(), CommunityDraft.id.desc())).all()


def get_draft(session: Session, actor: Actor, draft_id: int) -> CommunityDraft:
    """One of the actor's drafts, founded or not; raises `NotFound` for everybody else."""
    draft = session.get(CommunityDraft, draft_id)
    if draft is None or actor.person_id is None or draft.person_id != actor.person_id:
        raise NotFound
    return draft


def find_seed(session: Session, actor: Actor, seed_id: int | None) -> CommunitySeed | None:
    """A seed that was planted for the actor."""
    seed = session.get(CommunitySeed, seed_id) if seed_id is not None else None
    return seed if seed is not None and seed.for_person_id == actor.person_id else None


def subject_family(codes: Iterable[str]) -> list[object]:
    """Conditions on a column of subjects: the codes, what they lie in, what lies in them."""
    return [code for one in codes for code in (one, *subject_ancestors(one))]


def load_seeker(session: Session, person: Person) -> facets.Profile:
    """A person as the matching of communities sees them."""
    return facets.Profile(
        key=person.id,
        kind="person",
        country=person.country,
        regions=regions_of(person.country) if person.country else (),
        subjects=tuple(subject.code for subject in person.subjects),
        levels=tuple(level.code for level in person.levels),
        languages=tuple(facets.Language(x.tag, x.level, x.teaches, x.accepts) for x in person.languages),
    )


def _alike_ids(session: Session, seeker: facets.Profile) -> list[tuple[int, str | None]]:
    """Who shares a subject, a level and a language, may be suggested, and shows that to every member."""
    persons: Table = Person.__table__  # type: ignore[assignment]
    profiles: Table = Profile.__table__  # type: ignore[assignment]
    subject, level, tongue = ProfileSubject, ProfileLevel, ProfileLanguage
    family = subject_family(code for code in seeker.subjects if len(code) >= matching.NARROW)
    below = [subject.code.like(f"{code}%") for code in seeker.subjects if len(code) >= matching.NARROW]
    tags = {facets.speech_key(one.tag) for one in seeker.languages}
    spoken = [condition for tag in sorted(tags) for condition in (tongue.tag == tag, tongue.tag.like(f"{tag}-%"))]
    if not below or not spoken or not seeker.levels:
        return []
    query = (
        select(persons.c.id, profiles.c.country, persons.c.audiences)
        .join(profiles, profiles.c.id == persons.c.id)
        .join(Account, Account.id == persons.c.account_id)
        .where(
            profiles.c.hidden_at.is_(None), profiles.c.suggestible, is_willing(profiles.c.id, ["groups"]),
            Account.verified_at.is_not(None), Account.suspended_at.is_(None),
            persons.c.id != seeker.key,
            persons.c.id.in_(select(subject.profile_id).where(or_(subject.code.in_(family), *below))),
            persons.c.id.in_(select(level.profile_id).where(level.code.in_(seeker.levels))),
            persons.c.id.in_(select(tongue.profile_id).where(tongue.level >= matching.WORKING_LEVEL, or_(*spoken))),
        )
        .order_by(profiles.c.confirmed_at.desc(), persons.c.id)
        .limit(MOST_PEOPLE)
    )  # fmt: skip
    rows = session.execute(query).all()
    return [(row.id, row.country) for row in rows if parts_open(row.audiences or {}, _OPEN) >= _NEEDED]


def load_alike(session: Session, seeker: facets.Profile) -> list[facets.Profile]:
    """The people around somebody, as the matching sees them; blocked ones are not among them."""
    blocked = list_blocked_ids(session, seeker.key)
    found = [(number, country) for number, country in _alike_ids(session, seeker) if number not in blocked]
    ids = [number for number, _country in found]
    if not ids:
        return []
    subjects: dict[int, list[str]] = defaultdict(list)
    levels: dict[int, list[str]] = defaultdict(list)
    languages: dict[int, list[facets.Language]] = defaultdict(list)
    for number, code in session.execute(
        select(ProfileSubject.profile_id, ProfileSubject.code).where(ProfileSubject.profile_id.in_(ids))
    ):
        subjects[number].append(code)
    for number, code in session.execute(
        select(ProfileLevel.profile_id, ProfileLevel.code).where(ProfileLevel.profile_id.in_(ids))
    ):
        levels[number].append(code)
    tongue = ProfileLanguage
    for row in session.execute(
        select(tongue.profile_id, tongue.tag, tongue.level, tongue.accepts).where(tongue.profile_id.in_(ids))
    ):
        languages[row.profile_id].append(facets.Language(row.tag, row.level, False, row.accepts))
    return [
        facets.Profile(
            number, "person", country, (), tuple(subjects[number]), tuple(levels[number]), tuple(languages[number])
        )
        for number, country in found
    ]


def domains_of(communities: Sequence[Community]) -> list[matching.Domain]:
    """Communities, loaded with their facets, as the matching sees them; one without languages has that of its texts."""
    moment = now()
    return [
        matching.Domain(
            one.id, one.codes("subject"), one.codes("level"), one.codes("language") or (one.lang,), one.codes("place"),
            max(0, (moment - one.active_at).days),
        )
        for one in communities
    ]  # fmt: skip


def list_around(session: Session, seeker: facets.Profile) -> Sequence[Community]:
    """Communities that share anything with somebody and are not closed, the liveliest first."""
    facet = CommunityFacet
    spoken = sorted({facets.speech_key(one.tag) for one in seeker.languages})
    ties = [
        (facet.kind == "subject") & or_(
            facet.code.in_(subject_family(seeker.subjects)), *(facet.code.like(f"{c}%") for c in seeker.subjects)
        ),
        (facet.kind == "level") & facet.code.in_(seeker.levels),
        (facet.kind == "language") & or_(
            false(), *(facet.code.like(f"{tag}%") for tag in spoken)
        ),
        (facet.kind == "place") & facet.code.in_([*seeker.regions, *([seeker.country] if seeker.country else [])]),
    ]  # fmt: skip
    near = select(facet.community_id).where(or_(*ties))
    query = select(Community).where(Community.state != CLOSED, Community.hidden_at.is_(None), Community.id.in_(near))
    query = query.options(selectinload(Community.facets))
    return session.scalars(query.order_by(Community.active_at.desc(), Community.id).limit(MOST_COMMUNITIES)).all()
