"""Founding a chapter of a community for a country or a language, and parting from the parent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.cleaning import clean_line, clean_text
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.messages import N_, Text
from app.core.notices import tell
from app.features.communities.models import (
    ACTIVE,
    CHARTER_PARTS,
    COORDINATOR,
    LIVE,
    Charter,
    Community,
    CommunityFacet,
    Member,
)
from app.features.communities.policies import Standing, can_coordinate, can_facilitate
from app.features.communities.queries import list_member_ids
from app.features.communities.queries.chapters import COUNTRY, LANGUAGE, find_chapter, find_parent
from app.features.communities.queries.charters import get_charter
from app.features.communities.queries.standing import standing_in
from app.features.communities.services.charters import first_charter
from app.features.communities.services.logging import log_deed
from app.features.communities.services.membership import let_in
from app.features.communities.services.slugs import new_slug
from app.features.profiles.models import Profile, ProfileLanguage
from app.features.profiles.queries.reading import primary
from app.features.renditions.models import Rendition
from app.features.vocabularies.queries import is_valid, normalise_language

LONGEST_NAME, LONGEST_SUMMARY = 120, 400


@dataclass(frozen=True, slots=True)
class ChapterPlan:
    """What a chapter is to be: for a country or a language, with its name and summary in ``lang``."""

    kind: str
    code: str
    name: str
    summary: str
    lang: str


class NoChaptersHere(Conflict):
    """A chapter has no chapters of its own, and a community that sleeps or is closed begins none."""

    message = N_("Only a living community that is not a chapter itself can begin a chapter.")


def can_begin_chapter(standing: Standing) -> bool:
    """Coordinators and facilitators of a living community that is no chapter; members propose it to them."""
    return can_facilitate(standing) and takes_chapters(standing.community)


def takes_chapters(community: Community) -> bool:
    """Whether a community can have chapters: there is one level of them."""
    return community.parent_id is None and community.state == LIVE


def _check(session: Session, parent: Community, plan: ChapterPlan) -> ChapterPlan:
    """The plan, cleaned; raises `Invalid` beside kind, code, name, summary or lang."""
    wrong: dict[str, Text] = {}
    code: str | None = plan.code
    if plan.kind == LANGUAGE:
        code = normalise_language(plan.code) if plan.code else None
    elif plan.kind != COUNTRY or not is_valid("country", plan.code):
        code = None
    if code is None:
        wrong["code"] = Text(N_("Please choose the country or the language the chapter is for."))
    elif find_chapter(session, parent.id, plan.kind, code) is not None:
        wrong["code"] = Text(N_("There is a chapter for this already."))
    name, summary, lang = clean_line(plan.name), clean_text(plan.summary), normalise_language(plan.lang)
    too_long = N_("This has %(length)s characters; please keep it to %(limit)s.")
    if not name:
        wrong["name"] = Text(N_("Please give the chapter a name."))
    for field, text, limit in (("name", name, LONGEST_NAME), ("summary", summary, LONGEST_SUMMARY)):
        if len(text) > limit:
            wrong[field] = Text(too_long, {"length": len(text), "limit": limit})
    if lang is None:
        wrong["lang"] = Text(N_("Please choose the language you wrote in."))
    if wrong or lang is None or code is None:
        raise Invalid(wrong)
    return ChapterPlan(plan.kind, code, name, summary, lang)


def found_chapter(session: Session, standing: Standing, plan: ChapterPlan) -> Community:
    """Begin a chapter: the parent's domain with the place or language added, and the parent's charter to begin with.

    The actor coordinates it. Members from that country, or with that language, are told.
    """
    parent = standing.community
    if not can_facilitate(standing):
        raise Forbidden
    if not takes_chapters(parent):
        raise NoChaptersHere
    plan = _check(session, parent, plan)
    chapter = _add(session, standing, plan)
    charter = _fork(session, standing, chapter)
    assert standing.actor.person_id is not None
    member = let_in(session, chapter, standing.actor.person_id, COORDINATOR)
    member.charter_version = charter.version
    session.flush()
    log_deed(session, standing_in(session, standing.actor, chapter), "founded", "community", chapter.id)
    log_deed(session, standing, "chapter", "community", chapter.id, name=chapter.name)
    concerned = _concerned(session, parent, plan) - {standing.actor.person_id}
    tell(session, concerned, "chapter_founded", name=chapter.name, parent=parent.name, slug=chapter.slug)
    return chapter


def _add(session: Session, standing: Standing, plan: ChapterPlan) -> Community:
    parent = standing.community
    same_language = primary(plan.lang) == primary(parent.lang)
    chapter = Community(
        slug=new_slug(session, plan.name), name=plan.name, summary=plan.summary, lang=plan.lang,
        template=parent.template, canvas=dict(parent.canvas) if same_language else {}, joining=parent.joining,
        reading=parent.reading, inviting=parent.inviting, questions=list(parent.questions) if same_language else [],
        first_task=parent.first_task if same_language else "", parent_id=parent.id, chapter_kind=plan.kind,
        chapter_code=plan.code, created_by=standing.actor.person_id,
    )  # fmt: skip
    added = ("place" if plan.kind == COUNTRY else "language", plan.code)
    pairs = {(facet.kind, facet.code) for facet in parent.facets} | {added}
    chapter.facets = [CommunityFacet(kind=kind, code=code) for kind, code in sorted(pairs)]
    try:
        with session.begin_nested():
            session.add(chapter)
            session.flush()
    except IntegrityError:
        # Somebody founded it, or took the address, at the same moment.
        raise Invalid({"code": Text(N_("There is a chapter for this already."))}) from None
    return chapter


def _fork(session: Session, standing: Standing, chapter: Community) -> Charter:
    """The charter to begin with: the parent's, as members translated it where it is wanted in another language."""
    base = get_charter(session, standing.community.id)
    parts = {part: str(base.parts.get(part, "")) for part in CHARTER_PARTS}
    translated = _translated(session, base, chapter.lang, parts)
    lang, parts = translated or (base.lang, parts)
    anchors = {part: {"version_id": base.id, "text": text} for part, text in parts.items()}
    return first_charter(
        session, chapter, standing.actor, lang, parts, base.licence, base_id=base.id, anchors=anchors
    )  # fmt: skip


def _translated(
    session: Session, base: Charter, lang: str, parts: Mapping[str, str]
) -> tuple[str, dict[str, str]] | None:
    """A person's translation of a whole charter as it is now, with its language; None if there is none."""
    if primary(lang) == primary(base.lang):
        return None
    rows = session.scalars(
        select(Rendition).where(
            Rendition.kind == "charter", Rendition.thing_id == base.community_id, Rendition.machine.is_(False),
            Rendition.of_version == base.version, Rendition.hidden_at.is_(None),
        )
    )  # fmt: skip
    for row in rows:
        texts = {part: str(row.fields.get(part) or "") for part in CHARTER_PARTS}
        whole = all(texts[part] or not text for part, text in parts.items())
        if primary(row.lang) == primary(lang) and whole:
            return row.lang, texts
    return None


def _concerned(session: Session, parent: Community, plan: ChapterPlan) -> set[int]:
    """Members of the parent whom the chapter is for."""
    query = select(Member.person_id).where(Member.community_id == parent.id, Member.state == ACTIVE)
    if plan.kind == COUNTRY:
        query = query.join(Profile, Profile.id == Member.person_id).where(Profile.country == plan.code)
    else:
        query = query.join(ProfileLanguage, ProfileLanguage.profile_id == Member.person_id).where(
            (ProfileLanguage.tag == primary(plan.code)) | ProfileLanguage.tag.startswith(f"{primary(plan.code)}-")
        )
    return set(session.scalars(query))


def leave_parent(session: Session, standing: Standing) -> None:
    """Let a chapter stand alone from now on; where its charter began stays known."""
    if not can_coordinate(standing):
        raise Forbidden
    chapter = standing.community
    parent = session.get(Community, chapter.parent_id) if chapter.parent_id is not None else None
    if parent is None:
        raise Conflict(N_("This community is not a chapter any more."))
    told = find_parent(session, chapter)
    chapter.parent_id = None
    session.flush()
    log_deed(session, standing, "left_parent", "community", chapter.id, parent=parent.name)
    if told is not None:
        people = list_member_ids(session, parent.id, (COORDINATOR,))
        tell(session, people, "chapter_left", name=chapter.name, parent=parent.name, slug=parent.slug)
