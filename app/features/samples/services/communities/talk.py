"""What is said in the sample communities: threads, posts, and what others did with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from app.features.communities.models import HouseReport
from app.features.samples.services.communities.known import Known, Row, mark, write_numbered, write_rows
from app.features.samples.services.communities.translating import Translations
from app.features.samples.world.community_shapes import SampleCommunity, SamplePost, SampleThread
from app.features.threads.models import (
    COMMUNITY,
    CommunityThread,
    Mention,
    Post,
    PostVersion,
    Reaction,
    Thread,
    ThreadFollow,
    ThreadRead,
)
from app.features.threads.services.search_rows import write_search_rows

Beginning = tuple[datetime, datetime | None]
EDITED_AFTER = timedelta(hours=5)


@dataclass(slots=True)
class _Told:
    """A thread with where it stands and who coordinates there; ``numbers``: those of its posts, in their order."""

    place: int
    keeper: int
    thread: SampleThread
    id: int
    numbers: list[int]


def write_talk(
    session: Session, communities: Sequence[SampleCommunity], known: Known, done: Translations
) -> dict[int, dict[int, Beginning]]:
    """Write all threads; gives for each community when its members first wrote and were first answered."""
    threads = [(one, thread) for one in communities for thread in one.threads]
    # Numbers grow with time, as if everything had been written when it says.
    threads.sort(key=lambda pair: -pair[1].posts[0].days_ago)
    openings = [{"kind": COMMUNITY, "created_at": known.at(thread.posts[0].days_ago)} for _community, thread in threads]
    numbers = write_numbered(session, Thread, openings)
    told = [
        _Told(known.places[one.slug], known.ids[one.founder], thread, number, [])
        for (one, thread), number in zip(threads, numbers, strict=True)
    ]
    write_rows(session, CommunityThread, (_thread_row(one, known) for one in told))
    _write_posts(session, told, known)
    _finish(session, told, known)
    for one in told:
        _add_translations(one, known, done)
        known.log.extend(_log_rows(one, known))
    write_rows(session, HouseReport, (row for one in told for row in _report_rows(one, known)))
    write_search_rows(session, [number for one in told for number in one.numbers])
    return _beginnings(told, known)


def _thread_row(one: _Told, known: Known) -> Row:
    thread, last = one.thread, one.thread.posts[-1]
    locked = known.at(max(0.05, last.days_ago - 1)) if thread.locked is not None else None
    return {
        "id": one.id, "community_id": one.place, "title": thread.title, "lang": thread.lang,
        "token": mark("thread", one.id, thread.title), "opened_by": known.ids[thread.posts[0].author],
        "pinned": thread.pinned, "locked_at": locked, "last_post_at": known.at(last.days_ago), "version": 1,
    }  # fmt: skip


def _write_posts(session: Session, told: Sequence[_Told], known: Known) -> None:
    posts = [(one, post) for one in told for post in one.thread.posts]
    posts.sort(key=lambda pair: -pair[1].days_ago)
    rows = [_post_row(one, post, place, known) for place, (one, post) in enumerate(posts)]
    for (one, _post), number in zip(posts, write_numbered(session, Post, rows), strict=True):
        one.numbers.append(number)


def _post_row(one: _Told, post: SamplePost, place: int, known: Known) -> Row:
    at = known.at(post.days_ago)
    later = min(at + EDITED_AFTER, known.moment)
    return {
        "thread_id": one.id, "community_id": one.place, "author_id": known.ids[post.author],
        "text": known.words(post.text), "lang": post.lang, "token": mark("post", one.id, place), "via": "page",
        "created_at": at, "edited_at": later if post.former else None, "version": 2 if post.former else 1,
        "hidden_at": later if post.hidden else None, "withdrawn_at": later if post.withdrawn else None,
    }  # fmt: skip


def _pairs(told: Sequence[_Told]) -> Iterator[tuple[_Told, SamplePost, int]]:
    for one in told:
        for post, number in zip(one.thread.posts, one.numbers, strict=True):
            yield one, post, number


def _finish(session: Session, told: Sequence[_Told], known: Known) -> None:
    """What refers to posts: quotes, counts, earlier wordings, mentions, signs, who follows and has read."""
    quotes = [(number, one.numbers[post.answers]) for one, post, number in _pairs(told) if post.answers is not None]
    _set(session, Post, [{"row": number, "answers_id": other} for number, other in quotes])
    _set(session, CommunityThread, [_counts(one, known) for one in told])
    at = known.at
    write_rows(session, PostVersion, (
        {"post_id": n, "version": 1, "text": known.words(p.former), "lang": p.lang, "at": at(p.days_ago)}
        for _one, p, n in _pairs(told) if p.former
    ))  # fmt: skip
    write_rows(session, Mention, (
        {"post_id": n, "person_id": known.ids[handle]} for _one, p, n in _pairs(told) for handle in p.mentions
    ))  # fmt: skip
    write_rows(session, Reaction, (
        {"post_id": n, "person_id": known.ids[handle], "kind": kind, "at": at(p.days_ago * 0.9)}
        for _one, p, n in _pairs(told) for handle, kind in p.reactions
    ))  # fmt: skip
    last = {(one.id, known.ids[post.author]): number for one, post, number in _pairs(told)}
    write_rows(session, ThreadFollow, ({"thread_id": t, "person_id": p, "following": True} for t, p in last))
    write_rows(session, ThreadRead, (
        {"thread_id": t, "person_id": p, "last_read_id": number} for (t, p), number in last.items()
    ))  # fmt: skip


def _set(session: Session, table: Any, rows: Sequence[Row]) -> None:
    """Set columns of the rows with these numbers, past the versions that editors meet by."""
    if rows:
        columns = table.__table__
        values: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "row"}
        session.connection().execute(update(columns).where(columns.c.id == bindparam("row")).values(values), rows)


def _counts(one: _Told, known: Known) -> Row:
    shown = [
        (post, number)
        for post, number in zip(one.thread.posts, one.numbers, strict=True)
        if not post.hidden and not post.withdrawn
    ]
    last, number = shown[-1]
    return {
        "row": one.id, "post_count": len(shown), "last_post_id": number, "last_post_at": known.at(last.days_ago),
        "last_author_id": known.ids[last.author],
    }  # fmt: skip


def _add_translations(one: _Told, known: Known, done: Translations) -> None:
    thread = one.thread
    done.add("thread", one.id, thread.lang, 1, {"title": thread.title}, thread.renditions)
    for post, number in zip(thread.posts, one.numbers, strict=True):
        former = {"text": known.words(post.former)} if post.former else None
        words = {"text": known.words(post.text)}
        done.add("post", number, post.lang, 2 if post.former else 1, words, post.renditions, former)
        if post.wish is not None:
            done.wish("post", number, post.lang, post.wish, post.days_ago * 0.8)


def _log_rows(one: _Told, known: Known) -> Iterator[Row]:
    """What was done to keep order, as those concerned read it."""
    thread = one.thread
    named = {"title": thread.title, "title_lang": thread.lang, "thread_id": one.id}
    opened_by, last = known.ids[thread.posts[0].author], thread.posts[-1]
    common: Row = {"community_id": one.place, "by_person_id": one.keeper}
    about = {"kind": "thread", "thing_id": one.id, "person_id": opened_by}
    if thread.pinned:
        at = known.at(thread.posts[0].days_ago * 0.98)
        yield {**common, **about, "at": at, "action": "pin", "reason": "", "details": named}
    if thread.locked is not None:
        at, details = known.at(max(0.05, last.days_ago - 1)), {**named, "lang": thread.lang}
        yield {**common, **about, "at": at, "action": "lock", "reason": thread.locked, "details": details}
    for post, number in zip(thread.posts, one.numbers, strict=True):
        if post.hidden is not None:
            by, cause, reason = post.hidden
            at = min(known.at(post.days_ago) + EDITED_AFTER, known.moment)
            details = {**named, "cause": cause, "lang": post.lang}
            who = {"by_person_id": known.ids[by], "person_id": known.ids[post.author]}
            about_post = {"kind": "post", "thing_id": number, "reason": reason}
            yield {**common, **who, **about_post, "at": at, "action": "hide", "details": details}


def _report_rows(one: _Told, known: Known) -> Iterator[Row]:
    """What members told the coordinators of a post; it waits for an answer."""
    for post, number in zip(one.thread.posts, one.numbers, strict=True):
        if post.report is not None:
            by, reason, note = post.report
            yield {
                "community_id": one.place, "by_person_id": known.ids[by], "about_id": known.ids[post.author],
                "kind": "post", "thing_id": number, "reason": reason, "note": note, "lang": one.thread.lang,
                "open_key": f"{known.ids[by]}:post:{number}", "created_at": known.at(post.days_ago * 0.5),
            }  # fmt: skip


def _beginnings(told: Sequence[_Told], known: Known) -> dict[int, dict[int, Beginning]]:
    """As if each post had been sent when it says: whoever opened the thread or wrote last is answered by the next."""
    found: dict[int, dict[int, Beginning]] = {}
    sent = [(one, at) for one in told for at in range(len(one.thread.posts))]
    sent.sort(key=lambda pair: -pair[0].thread.posts[pair[1]].days_ago)
    for one, at in sent:
        posts, here = one.thread.posts, found.setdefault(one.place, {})
        post = posts[at]
        author, moment = known.ids[post.author], known.at(post.days_ago)
        here.setdefault(author, (moment, None))
        heard = {posts[0].author, posts[at - 1].author if at else post.author}
        heard |= {posts[post.answers].author} if post.answers is not None else set()
        for person in {known.ids[handle] for handle in heard} - {author}:
            first, answered = here.get(person, (None, None))
            if first is not None and answered is None:
                here[person] = (first, moment)
    return found
