"""What founding and keeping contribute: tabs, notices, the home page, translations, downloads."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.actor import MODERATOR, OPERATOR, Actor
from app.core.messages import N_
from app.core.notices import NoticeKind, add_notice_kind
from app.core.registries import (
    Original,
    Panel,
    Reportable,
    Tab,
    Translatable,
    add_community_exporter,
    add_eraser,
    add_exporter,
    add_panel,
    add_reportable,
    add_tab,
    add_translatable,
)
from app.features.communities.models import ACTIVE, Community, CommunityDraft, Member
from app.features.communities.queries.exporting import (
    export_charter,
    export_community,
    export_members,
    export_threads,
)
from app.features.communities.queries.own import find_own_page
from app.features.communities.queries.standing import find_obstacle
from app.features.communities.services.keeping import put_out_of_sight
from app.features.communities.starting import PART_TITLES
from app.features.communities.views.summaries import state_word
from app.features.profiles.models import Person
from app.features.profiles.queries.profiles import find_person_of_account

SHOWN_AT_HOME = 5


def load_originals(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, Original]:
    """Communities as those who translate get them."""
    query = select(Community).where(Community.id.in_(ids))
    if not actor.roles & {OPERATOR, MODERATOR}:
        query = query.where(Community.hidden_at.is_(None))
    return {community.id: _original(community) for community in session.scalars(query)}


def _original(community: Community) -> Original:
    canvas = {part: str(text) for part in PART_TITLES if (text := community.canvas.get(part))}
    return Original(
        kind="community",
        thing_id=community.id,
        title=community.name,
        lang=community.lang,
        version=community.text_version,
        fields={"name": community.name, "summary": community.summary, **canvas},
        labels={"name": N_("Name"), "summary": N_("In short"), **PART_TITLES},
        endpoint="communities.show_community",
        values={"slug": community.slug},
        markdown=frozenset(PART_TITLES),
        author_id=community.created_by,
    )


def load_original(session: Session, actor: Actor, community_id: int) -> Original | None:
    """The same of one."""
    return load_originals(session, actor, [community_id]).get(community_id)


def describe_community(session: Session, actor: Actor, community_id: int) -> dict[str, Any] | None:
    """A community as it is reported: all that it says of itself."""
    community = session.get(Community, community_id)
    moderates = bool(actor.roles & {OPERATOR, MODERATOR})
    if community is None or (community.hidden_at is not None and not moderates):
        return None
    canvas = [str(community.canvas[part]) for part in PART_TITLES if community.canvas.get(part)]
    return {
        "text": "\n\n".join([community.name, community.summary, *canvas]),
        "lang": community.lang,
        "at": community.created_at,
        "author_id": community.created_by,
        "person_id": None,
        "hidden": community.hidden_at is not None,
    }


def hide_community(session: Session, _actor: Actor, community_id: int, hidden: bool) -> None:
    """Take a community out of sight, or show it again."""
    put_out_of_sight(session, community_id, hidden)


def list_readers(_session: Session, community_id: int) -> Any:
    """Its members are asked to translate it."""
    return select(Member.person_id).where(Member.community_id == community_id, Member.state == ACTIVE)


def load_home(session: Session, actor: Actor, _person: Person | None) -> dict[str, Any] | None:
    """The communities of somebody on their first page; without any, the way to find one."""
    if actor.person_id is None or not actor.verified:
        return None
    page = find_own_page(session, actor.person_id, limit=SHOWN_AT_HOME)
    return {
        "communities": [{"community": one, "state": state_word(one)} for one, _member in page.rows],
        "more": page.next is not None,
    }


def export_drafts(session: Session, account_id: int) -> Any:
    """The communities a person began to found."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return []
    rows = select(CommunityDraft).where(CommunityDraft.person_id == person.id).order_by(CommunityDraft.id)
    return [{"updated_at": row.updated_at.isoformat(), "answers": row.data} for row in session.scalars(rows)]


def erase_drafts(session: Session, account_id: int) -> None:
    """Drafts go with the person; what was founded stays for its members."""
    person = find_person_of_account(session, account_id)
    if person is not None:
        session.execute(delete(CommunityDraft).where(CommunityDraft.person_id == person.id))


_SHOW = "communities.show_community"
_NOTICES = {
    "community_quiet": N_(
        "It has been quiet in %(name)s. In two weeks it will be marked as quiet and no longer be suggested; "
        "a post is enough to prevent that."
    ),
    "community_dormant": N_("%(name)s is marked as quiet now. It wakes up as soon as somebody writes."),
    "community_closed": N_("%(name)s was closed. What was written stays readable."),
    "community_reopened": N_("%(name)s is open again."),
}
for _kind, _text in _NOTICES.items():
    add_notice_kind(NoticeKind(_kind, _text, _SHOW, ("slug",), mail=_kind == "community_quiet"))

add_tab(Tab("community", "overview", N_("Overview"), _SHOW, order=10))
add_tab(Tab("community", "settings", N_("Settings"), "communities.show_settings", order=95, open_to="coordinators"))
add_panel(Panel("home", "communities.mine", "communities/home_panel.html", load_home, order=60))
add_reportable(Reportable("community", describe_community, hide_community))
add_translatable(Translatable("community", load_original, load_originals, list_readers, find_obstacle))
add_exporter("community_drafts", export_drafts)
add_eraser("community_drafts", erase_drafts)
add_community_exporter("community", export_community)
add_community_exporter("charter", export_charter)
add_community_exporter("members", export_members)
add_community_exporter("threads", export_threads)
