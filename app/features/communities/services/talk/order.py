"""The tools of those who keep order in a community's threads. Each deed is logged, and told to whom it concerns."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.cleaning import clean_text
from app.core.errors import Forbidden, Invalid, NotFound
from app.core.messages import N_, Text
from app.core.notices import tell
from app.features.communities.models import EVERYONE, HouseLog
from app.features.communities.policies import Standing, can_facilitate, can_keep_order
from app.features.communities.queries.order import roles_of
from app.features.communities.services.logging import log_deed
from app.features.communities.services.talk.posting import obstacle_to_answer, refuse
from app.features.threads.models import CommunityThread, Post
from app.features.threads.queries.posts import get_post
from app.features.threads.queries.talk import get_community_thread
from app.features.threads.services import order
from app.features.threads.services.posts import check_token, find_thread_by_token

LONGEST_REASON = 500


def _may(standing: Standing) -> None:
    if not can_facilitate(standing):
        raise Forbidden


def _may_about(session: Session, standing: Standing, author_id: int | None) -> None:
    """As for measures: what a facilitator or a coordinator wrote is for the coordinators. One's own is one's own."""
    _may(standing)
    if author_id is None or author_id == standing.actor.person_id:
        return
    role = roles_of(session, standing.community.id, [author_id]).get(author_id)
    if not can_keep_order(standing, author_id, role):
        raise Forbidden(N_("A facilitator or a coordinator wrote this; the coordinators decide about it."))


def check_reason(reason: str, required: bool = True) -> str:
    """The reason that the person concerned will read; raises `Invalid`."""
    reason = clean_text(reason)
    if required and not reason:
        raise Invalid({"reason": Text(N_("Please say why. The people concerned read it."))})
    if len(reason) > LONGEST_REASON:
        values = {"length": len(reason), "limit": LONGEST_REASON}
        raise Invalid({"reason": Text(N_("This has %(length)s characters; please keep it to %(limit)s."), values)})
    return reason


def _note(
    session: Session, standing: Standing, deed: str, thread: CommunityThread, reason: str, post: Post | None = None
) -> None:
    """Log what was done to a thread or one of its posts, and tell who wrote it."""
    person = post.author_id if post is not None else thread.opened_by
    kind, number = ("post", post.id) if post is not None else ("thread", thread.id)
    log_deed(
        session, standing, deed.partition("_")[0], kind, number, person, reason,
        title=thread.title, title_lang=thread.lang, thread_id=thread.id,
    )  # fmt: skip
    if person is not None and person != standing.actor.person_id:
        values = {
            "title": thread.title, "title_lang": thread.lang, "slug": standing.community.slug,
            "community_id": standing.community.id, "thread_id": thread.id,
        }  # fmt: skip
        if post is not None:
            values["post"] = post.id
        tell(session, [person], deed if reason else f"{deed}_plainly", reason=reason, **values)


def hide_post(session: Session, standing: Standing, post_id: int, reason: str) -> Post:
    """Take a post out of sight, with a reason that its author reads."""
    _may(standing)
    reason = check_reason(reason)
    post = get_post(session, standing.community.id, post_id)
    _may_about(session, standing, post.author_id)
    if order.set_post_hidden(session, post, True):
        thread = get_community_thread(session, standing.community.id, post.thread_id)
        _note(session, standing, "hide_post", thread, reason, post)
    return post


def return_post(session: Session, standing: Standing, post_id: int, reason: str = "") -> Post:
    """Show a post again that the coordinators had hidden; what a moderator of the platform hid is not theirs."""
    _may(standing)
    reason = check_reason(reason, required=False)
    post = get_post(session, standing.community.id, post_id)
    if post.hidden_at is None:
        return post
    if post.author_id is not None and post.author_id == standing.actor.person_id:
        raise Forbidden(N_("This is your own post; somebody else who keeps order decides whether it is shown again."))
    _may_about(session, standing, post.author_id)
    if not _hidden_by_house(session, "post", post.id):
        raise Forbidden(N_("A moderator of Commonweave took this out of sight; only they can return it."))
    order.set_post_hidden(session, post, False)
    thread = get_community_thread(session, standing.community.id, post.thread_id)
    _note(session, standing, "return_post", thread, reason, post)
    return post


def _hidden_by_house(session: Session, kind: str, number: int) -> bool:
    query = (
        select(HouseLog.action)
        .where(HouseLog.kind == kind, HouseLog.thing_id == number)
        .where(HouseLog.action.in_(("hide", "return")))
        .order_by(HouseLog.id.desc())
        .limit(1)
    )
    return session.scalar(query) == "hide"


def hide_thread(
    session: Session, standing: Standing, thread_id: int, hidden: bool, reason: str = ""
) -> CommunityThread:
    """Take a whole thread out of sight, or show it again."""
    _may(standing)
    reason = check_reason(reason, required=hidden)
    thread = get_community_thread(session, standing.community.id, thread_id)
    _may_about(session, standing, thread.opened_by)
    own = thread.opened_by is not None and thread.opened_by == standing.actor.person_id
    if not hidden and thread.hidden_at is not None and own:
        raise Forbidden(N_("This is your own thread; somebody else who keeps order decides whether it is shown again."))
    if not hidden and thread.hidden_at is not None and not _hidden_by_house(session, "thread", thread.id):
        raise Forbidden(N_("A moderator of Commonweave took this out of sight; only they can return it."))
    if order.set_thread_hidden(session, thread, hidden):
        _note(session, standing, "hide_thread" if hidden else "return_thread", thread, reason)
    return thread


def pin_thread(session: Session, standing: Standing, thread_id: int, pinned: bool, reason: str = "") -> CommunityThread:
    """Keep a thread on top of the list, or not any more."""
    _may(standing)
    reason = check_reason(reason, required=False)
    thread = get_community_thread(session, standing.community.id, thread_id)
    if order.set_pinned(session, thread, pinned):
        deed = "pin" if pinned else "unpin"
        log_deed(
            session, standing, deed, "thread", thread.id, thread.opened_by, reason,
            title=thread.title, title_lang=thread.lang, thread_id=thread.id,
        )  # fmt: skip
    return thread


def lock_thread(
    session: Session, standing: Standing, thread_id: int, locked: bool, reason: str = ""
) -> CommunityThread:
    """Let nobody write in a thread any more, or again."""
    _may(standing)
    reason = check_reason(reason, required=locked)
    thread = get_community_thread(session, standing.community.id, thread_id)
    if order.set_locked(session, thread, locked):
        _note(session, standing, "lock_thread" if locked else "unlock_thread", thread, reason)
    return thread


def rename_thread(session: Session, standing: Standing, thread_id: int, title: str) -> CommunityThread:
    """Give a thread another title: who opened it, and those who keep order."""
    thread = get_community_thread(session, standing.community.id, thread_id)
    own = thread.opened_by is not None and thread.opened_by == standing.actor.person_id and standing.is_member
    if not can_facilitate(standing):
        if not own:
            raise Forbidden
        # A title is writing, too: nobody who is quiet for now, nor in a thread that is closed or out of sight.
        refuse(obstacle_to_answer(standing, thread))
    former = thread.title
    if order.retitle(session, thread, title) and not own:
        log_deed(
            session, standing, "rename", "thread", thread.id, thread.opened_by, "",
            title=thread.title, title_lang=thread.lang, former=former, thread_id=thread.id,
        )  # fmt: skip
    return thread


def split_thread(
    session: Session,
    standing: Standing,
    thread_id: int,
    post_ids: Collection[int],
    title: str,
    reason: str,
    token: str,
) -> CommunityThread:
    """Let some posts become a thread of their own; their authors are told where they stand now."""
    _may(standing)
    reason = check_reason(reason)
    thread = get_community_thread(session, standing.community.id, thread_id)
    made = order.split_thread(session, thread, post_ids, title, check_token(token))
    if made is None:
        found = find_thread_by_token(session, standing.community.id, token)
        if found is None:
            raise NotFound
        return found
    log_deed(
        session, standing, "split", "thread", thread.id, thread.opened_by, reason,
        title=thread.title, title_lang=thread.lang, thread_id=made.id, posts=made.post_count,
    )  # fmt: skip
    _tell_authors(session, standing, made, "split_thread", reason)
    return made


def _tell_authors(
    session: Session, standing: Standing, thread: CommunityThread, kind: str, reason: str, slug: str = ""
) -> None:
    """Tell everyone who wrote in a thread that it stands elsewhere now."""
    authors = session.scalars(select(Post.author_id).where(Post.thread_id == thread.id).distinct())
    people = {person for person in authors if person is not None} - {standing.actor.person_id}
    tell(
        session, people, kind, reason=reason, title=thread.title, title_lang=thread.lang, thread_id=thread.id,
        slug=slug or standing.community.slug, community_id=thread.community_id,
    )  # fmt: skip


def move_thread(session: Session, standing: Standing, thread_id: int, target: Standing, reason: str) -> CommunityThread:
    """Let a thread stand in another community that the actor keeps order in, too.

    What only members read does not move to where everyone does.
    """
    _may(standing)
    _may(target)
    reason = check_reason(reason)
    thread = get_community_thread(session, standing.community.id, thread_id)
    if target.community.id == standing.community.id:
        raise Invalid({"community": Text(N_("The thread is in this community already."))})
    if target.community.reading == EVERYONE and standing.community.reading != EVERYONE:
        raise Invalid({"community": Text(N_("Only members read this thread; everyone would read it there."))})
    order.move_thread(session, thread, target.community.id)
    for place in (standing, target):
        log_deed(
            session, place, "move", "thread", thread.id, thread.opened_by, reason, title=thread.title,
            title_lang=thread.lang, thread_id=thread.id, source=standing.community.slug, target=target.community.slug,
        )  # fmt: skip
    _tell_authors(session, standing, thread, "move_thread", reason, target.community.slug)
    return thread


def join_thread(session: Session, standing: Standing, thread_id: int, target_id: int, reason: str) -> CommunityThread:
    """Let the posts of a thread stand in another one; its address leads there."""
    _may(standing)
    reason = check_reason(reason)
    thread = get_community_thread(session, standing.community.id, thread_id)
    try:
        target = get_community_thread(session, standing.community.id, target_id)
    except NotFound:
        raise Invalid({"target": Text(N_("There is no such thread in this community."))}) from None
    if target.id == thread.id:
        raise Invalid({"target": Text(N_("Choose another thread than this one."))})
    title, title_lang = thread.title, thread.lang
    authors = session.scalars(select(Post.author_id).where(Post.thread_id == thread.id).distinct())
    people = {person for person in authors if person is not None} - {standing.actor.person_id}
    order.join_threads(session, thread, target)
    log_deed(
        session, standing, "join", "thread", thread_id, thread.opened_by, reason,
        title=title, title_lang=title_lang, thread_id=target.id, target=target.title,
    )  # fmt: skip
    tell(
        session, people, "join_thread", reason=reason, title=title, title_lang=title_lang, target=target.title,
        thread_id=target.id, slug=standing.community.slug, community_id=standing.community.id,
    )  # fmt: skip
    return target
