"""Taking one mail as an answer in a thread, or answering politely why not, or leaving it alone.

What a machine sent is never answered, so that no two of them talk to each other for ever. What a person wrote is
never lost: what cannot stand in the thread goes back to the person's own address with the reason.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import limits
from app.core.actor import Actor
from app.core.database import Database
from app.core.errors import Invalid, NotFound, Problem, TooMany
from app.core.mail import queue_mail
from app.core.messages import N_, Text
from app.core.settings import Settings
from app.features.accounts.models import Account
from app.features.accounts.policies import can_enter
from app.features.accounts.queries import build_actor, find_account
from app.features.accounts.services.addresses import fold_address
from app.features.communities.models import Community
from app.features.communities.policies import Standing, can_read
from app.features.communities.queries import standing_in
from app.features.communities.services import talk
from app.features.notifications.incoming import Incoming, read_message
from app.features.notifications.words import ReplyTo, read_reply_word
from app.features.profiles.models import Person
from app.features.profiles.queries.reading import primary
from app.features.threads.models import CommunityThread, Post
from app.features.threads.queries.talk import find_community_thread
from app.features.threads.services.posts import find_post_by_token

MOST_BYTES = 1024 * 1024
MOST_ANSWERS, PER = 5, timedelta(days=1)
MOST_POSTS, PER_HOUR = 60, timedelta(hours=1)
LONGEST_RETURNED = 20_000

POSTED, ANSWERED, IGNORED = "posted", "answered", "ignored"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail: `POSTED`, `ANSWERED` politely, or `IGNORED`; and why."""

    state: str
    why: str
    post_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Note:
    """A polite answer: to whose address, with which reason, and the words that come back."""

    account: Account
    reason: Text
    words: str = ""
    path: dict[str, Any] = field(default_factory=dict)
    posted: bool = False


class _Refused(Exception):
    """The mail is not taken; ``note`` says so to the person."""

    def __init__(self, why: str, note: _Note) -> None:
        super().__init__(why)
        self.why, self.note = why, note


def find_word(incoming: Incoming, domain: str, receiver: str | None) -> str | None:
    """The word of a reply address of ours that a mail was sent to."""
    shape = re.compile(rf"reply\+([a-z2-7]{{20,60}})@{re.escape(domain)}", re.IGNORECASE)
    for address in ([receiver] if receiver else []) + list(incoming.receivers):
        found = shape.fullmatch(address.strip().strip("<>"))
        if found:
            return found.group(1).lower()
    return None


def receive(
    database: Database, settings: Settings, raw: bytes, moment: datetime, receiver: str | None = None
) -> Outcome:
    """Take a mail. Raises what the database raises, so that the mail server keeps it and tries again."""
    too_large = len(raw) > MOST_BYTES
    incoming = read_message(raw[:MOST_BYTES])
    if not settings.mail_reply_domain:
        return Outcome(IGNORED, "answers by mail are switched off")
    own = parseaddr(settings.mail_from)[1]
    if incoming.automatic or (incoming.sender and fold_address(incoming.sender) == fold_address(own)):
        return Outcome(IGNORED, "automatic mail")
    word = find_word(incoming, settings.mail_reply_domain, receiver)
    if word is None:
        return Outcome(IGNORED, "no reply address")
    try:
        outcome, note = _take(database, settings, incoming, word, moment, too_large)
    except _Refused as refused:
        outcome, note = Outcome(ANSWERED, refused.why), refused.note
    if note is not None and not _answer(database, note, incoming):
        # It was posted or not; only the letter about it would be one too many.
        return outcome if outcome.state == POSTED else Outcome(IGNORED, f"{outcome.why}; answered often enough")
    return outcome


def _answer(database: Database, note: _Note, incoming: Incoming) -> bool:
    """Write a polite answer, unless this address got enough of them today."""
    try:
        limits.hit(database, "mail.polite", note.account.email_key, MOST_ANSWERS, PER)
    except TooMany:
        return False
    with database.transaction() as session:
        values = {key: str(value) for key, value in note.reason.values.items()}
        queue_mail(
            session, note.account.email, "reply_answered", note.account.locale,
            extra={"answers": incoming.message_id} if re.fullmatch(r"<[^<>\s]{1,400}>", incoming.message_id) else
            {"answers": ""},
            reason=note.reason.key, reason_values=values, words=note.words[:LONGEST_RETURNED], path=note.path,
            posted=note.posted,
        )  # fmt: skip
    return True


def _take(
    database: Database, settings: Settings, incoming: Incoming, word: str, moment: datetime, too_large: bool
) -> tuple[Outcome, _Note | None]:
    reply = read_reply_word(settings.secret_key, word)
    with database.reading() as session:
        if reply is None or reply.until < moment:
            return _worn_out(session, incoming, reply)
        account = session.scalar(
            select(Account).join(Person, Person.account_id == Account.id).where(Person.id == reply.person_id)
        )
        session.expunge_all()
    if account is None or not can_enter(account) or account.verified_at is None:
        return Outcome(IGNORED, "no such account"), None
    if fold_address(incoming.sender) != account.email_key:
        # To the account's own address: whoever sent this may be anybody.
        raise _Refused("another address", _Note(account, Text(N_(
            "A mail from another address than yours came in as your answer. It was not posted. "
            "If it was you, please send it again from the address of your account."
        ))))  # fmt: skip
    if too_large:
        raise _Refused("too large", _Note(account, Text(N_(
            "Your answer was too large and was not posted. "
            "Please send only text; large files can be shared by a link."
        )), incoming.text))  # fmt: skip
    if not incoming.text:
        raise _Refused("empty", _Note(account, Text(N_(
            "We found no words of your own in your answer, so it was not posted. "
            "Please write them above the quoted mail."
        ))))  # fmt: skip
    try:
        limits.hit(database, "mail.post", account.email_key, MOST_POSTS, PER_HOUR)
        return _post(database, account, incoming, reply)
    except Problem as problem:
        reason = (
            next(iter(problem.fields.values())) if isinstance(problem, Invalid) and problem.fields else problem.text
        )
        raise _Refused("refused", _Note(account, reason, incoming.text)) from problem


def _worn_out(session: Session, incoming: Incoming, reply: ReplyTo | None) -> tuple[Outcome, _Note | None]:
    """A reply address that is too old, or none of ours: only who has an account hears of it.

    The words come back only to whom the address was once given: anybody can write a sender's name on a mail, and we
    would carry their words to whomever they like.
    """
    account = find_account(session, fold_address(incoming.sender)) if incoming.sender else None
    if account is None or not can_enter(account) or account.verified_at is None:
        return Outcome(IGNORED, "a reply address that is not valid"), None
    person = session.get(Person, reply.person_id) if reply is not None else None
    words = incoming.text if person is not None and person.account_id == account.id else ""
    session.expunge_all()
    raise _Refused("a reply address that is not valid", _Note(account, Text(N_(
        "The address you answered to is not valid any more, so your answer was not posted. Please answer on the page."
    )), words))  # fmt: skip


def _post(database: Database, account: Account, incoming: Incoming, reply: ReplyTo) -> tuple[Outcome, _Note | None]:
    with database.transaction() as session:
        actor = build_actor(session, session.get_one(Account, account.id))
        thread = find_community_thread(session, reply.thread_id)
        answered = session.get(Post, reply.post_id)
        # Threads are moved and joined; the post that is answered knows where it stands now.
        if answered is not None and (thread is None or answered.thread_id != thread.id):
            thread = find_community_thread(session, answered.thread_id)
        standing = _standing(session, actor, thread)
        assert thread is not None
        token = hashlib.sha256(f"{reply.person_id} {incoming.message_id or incoming.text}".encode()).hexdigest()[:32]
        before = find_post_by_token(session, thread.id, token)
        lang = _language(session, actor, thread, answered)
        answers_id = answered.id if answered is not None and answered.thread_id == thread.id else None
        post = talk.answer(session, standing, thread.id, incoming.text, lang, token, answers_id=answers_id, via="mail")
        path = {"slug": standing.community.slug, "thread_id": thread.id, "post": post.id}
        number = post.id
    if before is not None:
        return Outcome(POSTED, "taken before", number), None
    if incoming.attachments:
        reason = Text(N_("Your answer was posted, without the files you attached: only text can be taken by mail."))
        return Outcome(POSTED, "without attachments", number), _Note(account, reason, path=path, posted=True)
    return Outcome(POSTED, "posted", number), None


def _standing(session: Session, actor: Actor, thread: CommunityThread | None) -> Standing:
    community = session.get(Community, thread.community_id) if thread is not None else None
    standing = standing_in(session, actor, community) if community is not None else None
    if standing is None or not can_read(standing):
        raise NotFound(N_("The thread you answered in is not there for you any more, so your answer was not posted."))
    return standing


def _language(session: Session, actor: Actor, thread: CommunityThread, answered: Post | None) -> str:
    """The language of an answer: as they wrote here before, else as they were written to, if they read it."""
    last = (
        select(Post.lang)
        .where(Post.thread_id == thread.id, Post.author_id == actor.person_id)
        .order_by(Post.id.desc())
        .limit(1)
    )
    before = session.scalar(last)
    if before is not None:
        return before
    read = {primary(tag) for tag in actor.languages}
    for lang in (answered.lang if answered is not None else thread.lang, thread.lang):
        if primary(lang) in read:
            return lang
    return actor.languages[1] if len(actor.languages) > 1 else actor.locale
