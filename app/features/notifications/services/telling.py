"""Keeping what somebody was told, and mailing at once what is meant for them alone."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import insert_unless_there
from app.core.mail import queue_mail, sending_settings
from app.core.markdown import plain_of
from app.core.notices import NoticeKind, notice_kind
from app.features.accounts.models import Account
from app.features.communities.models import Community
from app.features.notifications.models import CommunityFollow, Notice
from app.features.notifications.policies import can_be_mailed, is_mailed_at_once
from app.features.notifications.queries import list_unread_of_kind, settings_of
from app.features.notifications.words import DIRECT, REMINDING, write_reply_word, write_stop_word
from app.features.profiles.models import Person
from app.features.threads.models import Post

LONGEST_EXCERPT = 1500


def stop_path(secret: str, person_id: int, what: int) -> str:
    """The path of the page that ends somebody's mails."""
    return f"/notices/stop/{write_stop_word(secret, person_id, what)}"


def _community_of(session: Session, values: dict[str, Any]) -> int | None:
    if values.get("community_id"):
        return session.scalar(select(Community.id).where(Community.id == values["community_id"]))
    if not values.get("slug"):
        return None
    return session.scalar(select(Community.id).where(Community.slug == str(values["slug"])))


def _levels(session: Session, people: Collection[int], community_id: int | None) -> dict[int, str]:
    if community_id is None:
        return {}
    rows = select(CommunityFollow.person_id, CommunityFollow.level).where(
        CommunityFollow.community_id == community_id, CommunityFollow.person_id.in_(people)
    )
    return {row.person_id: row.level for row in session.execute(rows)}


def _already(session: Session, kind: NoticeKind, values: dict[str, Any], people: Collection[int]) -> set[int]:
    """Who has the same notice before them and did not read it, where one is enough."""
    if not kind.once:
        return set()
    return {
        notice.person_id
        for notice in list_unread_of_kind(session, kind.kind, people)
        if all(notice.values.get(name) == values.get(name) for name in kind.once)
    }


def _end_others(session: Session, kind: NoticeKind, values: dict[str, Any], people: Collection[int]) -> None:
    """What this makes void is not new to anybody any more."""
    for other in filter(None, map(notice_kind, kind.ends)):
        for notice in list_unread_of_kind(session, other.kind, people):
            if all(notice.values.get(name) == values.get(name) for name in other.parts):
                notice.read_at = now()


def _post_of(session: Session, values: dict[str, Any]) -> Post | None:
    """The post a notice is about, if it can be read."""
    number = values.get("post")
    post = session.get(Post, number) if isinstance(number, int) and number == values.get("post_id") else None
    return post if post is not None and post.hidden_at is None and post.withdrawn_at is None else None


def keep_notice(session: Session, key: str, kind_name: str, people: Collection[int], values: dict[str, Any]) -> int:
    """Tell some persons, once for each ``key``; returns how many are new to it."""
    kind = notice_kind(kind_name)
    if kind is None:
        return 0
    community_id, post = _community_of(session, values), _post_of(session, values)
    rows = session.execute(
        select(Person.id, Account).join(Account, Account.id == Person.account_id).where(Person.id.in_(people))
    )
    accounts: dict[int, Account] = {row[0]: row[1] for row in rows}
    wanted, levels = settings_of(session, list(accounts)), _levels(session, list(accounts), community_id)
    known, told = _already(session, kind, values, list(accounts)), 0
    _end_others(session, kind, values, list(accounts))
    for person_id in sorted(accounts.keys() - known):
        row = {"kind": kind.kind, "values": values, "community_id": community_id, "created_at": now()}
        insert = insert_unless_there(session, Notice, key=key, person_id=person_id, **row)
        number = session.scalar(insert.returning(Notice.id))
        if number is None:
            continue
        told += 1
        account = accounts[person_id]
        if can_be_mailed(account) and is_mailed_at_once(kind, wanted[person_id], levels.get(person_id)):
            _mail(session, person_id, account, kind, values, post)
            session.execute(update(Notice).where(Notice.id == number).values(mailed_at=now()))
    return told


def _mail(
    session: Session, person_id: int, account: Account, kind: NoticeKind, values: dict[str, Any], post: Post | None
) -> None:
    settings = sending_settings()
    extra = {"stop": stop_path(settings.secret_key, person_id, REMINDING if kind.reminder else DIRECT)}
    if kind.moment:
        extra["until"] = values[kind.moment]
    if post is not None:
        extra["thread"] = f"thread.{post.thread_id}"
        word = write_reply_word(settings.secret_key, person_id, post.thread_id, post.id, now())
        if settings.mail_reply_domain and word:
            extra["reply_to"] = f"reply+{word}@{settings.mail_reply_domain}"
    queue_mail(
        session, account.email, "notice", account.locale, extra=extra, kind=kind.kind, told=values,
        words=plain_of(post.text, LONGEST_EXCERPT) if post is not None else "",
        can_answer="reply_to" in extra, stop=extra["stop"], reminder=kind.reminder,
    )  # fmt: skip
