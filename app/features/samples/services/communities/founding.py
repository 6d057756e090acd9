"""The communities themselves: their domains, charters, members, and what was decided about them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.features.communities.models import (
    ACTIVE,
    ASKED,
    COORDINATOR,
    Charter,
    CharterOffer,
    Community,
    CommunityFacet,
    GuidanceChoice,
    Invitation,
    Member,
)
from app.features.samples.services.communities.known import Known, Row, write_numbered, write_rows
from app.features.samples.world.community_shapes import SampleCommunity, SampleMember

CODE_LETTERS, CODE_LENGTH = "abcdefghjkmnpqrstuvwxyz23456789", 12
_QUIET = {"synchronize_session": False}


def write_places(session: Session, communities: Sequence[SampleCommunity], known: Known) -> None:
    """Write the communities with their facets, charters and members; notes their numbers."""
    for community in communities:
        row = _community_row(session, community, known)
        known.places[community.slug] = write_numbered(session, Community, [row])[0]
        _write_charters(session, community, known)
        place = known.places[community.slug]
        write_rows(
            session, CommunityFacet,
            ({"community_id": place, "kind": kind, "code": code} for kind, code in community.facets),
        )  # fmt: skip
        rows = [_member_row(community, member, known) for member in community.members]
        write_rows(session, Member, rows)
        known.log.extend(_log_rows(community, known))
        write_rows(session, GuidanceChoice, _guidance_rows(community, known))
        write_rows(session, Invitation, _invitation_rows(community, known))


def _community_row(session: Session, community: SampleCommunity, known: Known) -> Row:
    slug = _free_slug(session, community.slug)
    defaults: Row = {"summary": "", "state": "live", "joining": "open", "reading": "everyone", "inviting": "members"}
    active = [member for member in community.members if not member.asked]
    orphaned = community.orphaned_days_ago
    return {
        **defaults, "questions": [], "first_task": "", **community.facts, "slug": slug,
        "parent_id": known.places.get(community.parent) if community.parent else None,
        "host_id": known.ids.get(community.host) if community.host else None,
        "created_by": known.ids[community.founder], "created_at": known.at(community.days_ago),
        "active_at": known.at(_quiet_days(community)), "member_count": len(active),
        "orphaned_at": known.at(orphaned) if orphaned is not None else None, "sample": True,
    }  # fmt: skip


def _free_slug(session: Session, wanted: str) -> str:
    """The name in addresses; another one where somebody has it already."""
    taken = set(session.scalars(select(Community.slug).where(Community.slug.startswith(wanted))))
    names = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _quiet_days(community: SampleCommunity) -> float:
    """For how many days nobody wrote or shared anything."""
    said = [post.days_ago for thread in community.threads for post in thread.posts]
    return min([*said, *(one.days_ago for one in community.resources), community.days_ago])


def _write_charters(session: Session, community: SampleCommunity, known: Known) -> None:
    place = known.places[community.slug]
    base = None
    if community.parent:
        wanted = (Charter.community_id == known.places[community.parent], Charter.version == (community.base or 1))
        base = session.scalar(select(Charter.id).where(*wanted))
    first = community.charters[0].parts
    anchors: Row = {part: {"version_id": base, "text": text} for part, text in first.items()} if base else {}
    rows = [
        {
            "community_id": place, "version": number, "lang": community.facts["lang"], "parts": dict(charter.parts),
            "licence": community.licence, "note": charter.note, "base_id": base, "anchors": anchors,
            "small": charter.small, "created_by": known.ids[charter.by], "created_at": known.at(charter.days_ago),
        }
        for number, charter in enumerate(community.charters, 1)
    ]  # fmt: skip
    write_numbered(session, Charter, rows)
    offer = community.offer
    if offer is not None and community.parent:
        words = {"part": offer.part, "text": community.charters[-1].parts[offer.part], "note": offer.note}
        who = {"offered_by": known.ids[offer.by], "offered_at": known.at(offer.days_ago)}
        sides = {"chapter_id": place, "parent_id": known.places[community.parent]}
        write_rows(session, CharterOffer, [{**sides, **words, "lang": community.facts["lang"], **who}])


def _member_row(community: SampleCommunity, member: SampleMember, known: Known) -> Row:
    since, active = known.at(member.days_ago), member.active_days_ago
    offered = community.orphaned_days_ago is not None and member.role == "facilitator"
    return {
        "community_id": known.places[community.slug], "person_id": known.ids[member.handle], "role": member.role,
        "state": ASKED if member.asked else ACTIVE, "answers": list(member.answers),
        "answers_lang": member.answers_lang, "asked_at": since if member.asked else None,
        "joined_at": None if member.asked else since, "active_at": known.at(active) if active is not None else None,
        "charter_version": None if member.asked else member.accepted or len(community.charters),
        "buddy_id": known.person(member.buddy), "buddy_willing": member.willing,
        "task_done_at": known.at(active) if member.task_done and active is not None else None,
        "offered_role": COORDINATOR if offered else None,
        "offered_at": known.at(community.orphaned_days_ago or 0) if offered else None,
    }  # fmt: skip


def _log_rows(community: SampleCommunity, known: Known) -> Iterator[Row]:
    place, by = known.places[community.slug], known.ids[community.founder]
    yield _deed(place, known.at(community.days_ago), by, "founded", "community", place)
    for number, charter in enumerate(community.charters[1:], 2):
        details = {"version": number, "small": charter.small}
        yield _deed(place, known.at(charter.days_ago), by, "changed", "charter", None, charter.note, details)
    if community.facts.get("state") == "closed":
        yield _deed(place, known.at(max(0.0, _quiet_days(community) - 3)), by, "closed", "community", place)


def _deed(
    place: int, at: Any, by: int, action: str, kind: str, thing: int | None, reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> Row:  # fmt: skip
    return {
        "community_id": place, "at": at, "by_person_id": by, "action": action, "kind": kind, "thing_id": thing,
        "person_id": None, "reason": reason, "details": dict(details or {}),
    }  # fmt: skip


def _guidance_rows(community: SampleCommunity, known: Known) -> Iterator[Row]:
    for choice in community.guidance:
        yield {
            "community_id": known.places[community.slug], "piece": choice.piece, "off": not choice.text,
            "text": choice.text, "lang": choice.lang, "by_person_id": known.ids[choice.by], "at": known.at(20),
        }  # fmt: skip


def _invitation_rows(community: SampleCommunity, known: Known) -> Iterator[Row]:
    if community.facts.get("joining") != "invitation":
        return
    common = {"community_id": known.places[community.slug], "by_person_id": known.ids[community.founder]}
    for kind, handle in (("link", None), *(("person", handle) for handle in community.invited)):
        code = "".join(secrets.choice(CODE_LETTERS) for _letter in range(CODE_LENGTH))
        yield {
            **common, "kind": kind, "code": code, "person_id": known.person(handle),
            "created_at": known.at(2), "expires_at": known.at(-28),
        }  # fmt: skip


def note_beginnings(session: Session, place: int, beginnings: Mapping[int, tuple[Any, Any]]) -> None:
    """Note of members when they first wrote and when they were first answered."""
    for person, (first, answered) in beginnings.items():
        session.execute(
            update(Member)
            .where(Member.community_id == place, Member.person_id == person)
            .values(first_post_at=first, first_answer_at=answered)
            .execution_options(**_QUIET)
        )
