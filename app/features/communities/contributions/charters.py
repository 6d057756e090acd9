"""What charters, chapters and guidance contribute: tab, reminder, notices, translations, the download."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.core.actor import MODERATOR, OPERATOR, Actor
from app.core.messages import N_
from app.core.notices import NoticeKind, add_notice_kind
from app.core.registries import (
    Original,
    Panel,
    Tab,
    Translatable,
    add_exporter,
    add_panel,
    add_tab,
    add_translatable,
)
from app.features.communities.charter_texts import PART_LABELS
from app.features.communities.models import (
    ACTIVE,
    Charter,
    CharterOffer,
    Community,
    GuidanceRead,
    Member,
)
from app.features.communities.policies import Standing
from app.features.communities.queries import find_obstacle
from app.features.communities.queries.chapters import find_parent, list_names
from app.features.communities.queries.charters import find_unaccepted
from app.features.communities.services.chapters import can_begin_chapter
from app.features.profiles.queries.profiles import find_person_of_account

SHOWN_CHAPTERS = 6


def load_reminder(session: Session, _actor: Actor, standing: Standing) -> dict[str, Any] | None:
    """The version of the charter that a member has still to accept."""
    unaccepted = find_unaccepted(session, standing)
    if unaccepted is None:
        return None
    return {
        "slug": standing.community.slug,
        "version": unaccepted.version,
        "before": unaccepted.before,
        "since": unaccepted.since,
        "overdue": unaccepted.overdue,
    }


def load_chapters(session: Session, _actor: Actor, standing: Standing) -> dict[str, Any] | None:
    """The chapters of a community, or the community that a chapter belongs to."""
    community = standing.community
    if community.parent_id is not None:
        parent = find_parent(session, community)
        return {"parent": parent, "community": community} if parent is not None else None
    chapters = list_names(session, community.id, SHOWN_CHAPTERS + 1)
    if not chapters and not can_begin_chapter(standing):
        return None
    return {"chapters": chapters[:SHOWN_CHAPTERS], "more": len(chapters) > SHOWN_CHAPTERS, "community": community}


def load_writing(_session: Session, actor: Actor, standing: Standing) -> dict[str, Any] | None:
    """What is good to know, or to do, before somebody writes in a community."""
    return {"standing": standing} if actor.signed_in else None


def load_declining(_session: Session, actor: Actor, _introduction: Any) -> dict[str, Any] | None:
    """Guidance for whoever is about to decline an introduction."""
    return {"piece": "declining"} if actor.signed_in else None


def load_originals(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, Original]:
    """The charters in force of some communities, as those who translate get them; numbered as their communities."""
    newest = (
        select(Charter.community_id, func.max(Charter.version).label("version"))
        .where(Charter.community_id.in_(ids))
        .group_by(Charter.community_id)
        .subquery()
    )
    query = (
        select(Charter, Community)
        .join(newest, (Charter.community_id == newest.c.community_id) & (Charter.version == newest.c.version))
        .join(Community, Community.id == Charter.community_id)
    )
    if not actor.roles & {OPERATOR, MODERATOR}:
        query = query.where(Community.hidden_at.is_(None))
    return {row[1].id: _original(row[0], row[1]) for row in session.execute(query)}


def _original(charter: Charter, community: Community) -> Original:
    parts = {part: str(text) for part in PART_LABELS if (text := charter.parts.get(part))}
    return Original(
        kind="charter",
        thing_id=community.id,
        title=community.name,
        lang=charter.lang,
        version=charter.version,
        fields=parts,
        labels={part: PART_LABELS[part] for part in parts},
        endpoint="communities.show_charter",
        values={"slug": community.slug},
        markdown=frozenset(parts),
        author_id=charter.created_by,
    )


def load_original(session: Session, actor: Actor, community_id: int) -> Original | None:
    """The charter in force of one community."""
    return load_originals(session, actor, [community_id]).get(community_id)


def list_readers(_session: Session, community_id: int) -> Select[Any] | None:
    """Members are asked to translate their charter."""
    return select(Member.person_id).where(Member.community_id == community_id, Member.state == ACTIVE)


def export_charters(session: Session, account_id: int) -> Any:
    """The versions of charters a person wrote, what they offered, and the guidance they have read."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return {"versions": [], "offers": [], "guidance_read": []}
    versions = session.execute(
        select(Community.slug, Charter.version, Charter.lang, Charter.parts, Charter.note, Charter.created_at)
        .join(Community, Community.id == Charter.community_id)
        .where(Charter.created_by == person.id)
        .order_by(Charter.id)
    )
    offers = session.execute(
        select(Community.slug, CharterOffer.part, CharterOffer.text, CharterOffer.note, CharterOffer.offered_at)
        .join(Community, Community.id == CharterOffer.chapter_id)
        .where(CharterOffer.offered_by == person.id)
        .order_by(CharterOffer.id)
    )
    read = session.scalars(select(GuidanceRead).where(GuidanceRead.person_id == person.id).order_by(GuidanceRead.piece))
    return {
        "versions": [
            {"community": slug, "version": version, "language": lang, "parts": parts, "note": note,
             "written_at": at.isoformat()}
            for slug, version, lang, parts, note, at in versions
        ],
        "offers": [
            {"community": slug, "part": part, "text": text, "note": note, "offered_at": at.isoformat()}
            for slug, part, text, note, at in offers
        ],
        "guidance_read": [{"piece": row.piece, "at": row.at.isoformat()} for row in read],
    }  # fmt: skip


add_tab(Tab("community", "charter", N_("Charter"), "communities.show_charter", order=70))
add_panel(Panel("community-notice", "communities.charter", "communities/charter/banner.html", load_reminder, order=20))
add_panel(Panel("community", "communities.chapters", "communities/chapters/panel.html", load_chapters, order=60))
add_panel(Panel("community-write", "communities.writing", "communities/guidance/writing.html", load_writing))
add_panel(Panel("introduction-decline", "communities.declining", "communities/guidance/panel.html", load_declining))
add_translatable(Translatable("charter", load_original, load_originals, list_readers, find_obstacle))
add_exporter("charters", export_charters)
for _kind in (
    NoticeKind(
        "charter_changed", N_("The charter of %(name)s was changed. Please read what changed."),
        "communities.compare_charters", ("slug",),
    ),
    NoticeKind(
        "chapter_founded", N_("%(name)s has begun, a chapter of %(parent)s that may concern you"),
        "communities.show_community", ("slug",),
    ),
    NoticeKind(
        "chapter_left", N_("%(name)s stands alone now and is not a chapter of %(parent)s any more"),
        "communities.list_chapters", ("slug",),
    ),
    NoticeKind(
        "charter_offered", N_("%(name)s offers its words for the charter of %(parent)s"),
        "communities.show_offer", ("slug", "offer_id"),
    ),
    NoticeKind(
        "offer_taken", N_("%(name)s took over what %(chapter)s offered for the charter"),
        "communities.show_divergence", ("slug",),
    ),
    NoticeKind(
        "offer_declined", N_("%(name)s answered what %(chapter)s offered for the charter"),
        "communities.show_divergence", ("slug",),
    ),
):  # fmt: skip
    add_notice_kind(_kind)
