"""Threads and posts as pages show them, in the reader's language, folded where they don't read it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import request, url_for
from flask_babel import format_date, format_time, ngettext
from flask_babel import gettext as _

from app.core.markdown import render_markdown
from app.core.web.i18n import current_locale
from app.core.web.identity import current_actor
from app.core.web.pages import link_for
from app.core.web.sessions import db
from app.features.communities.policies import Standing, can_facilitate, can_write
from app.features.communities.queries.talk import list_hiding_reasons
from app.features.profiles.queries.names import PersonName, list_names
from app.features.profiles.queries.reading import primary
from app.features.profiles.views.cards import reading_languages, word
from app.features.renditions.queries.best import Shown, list_best
from app.features.threads.models import REACTIONS, CommunityThread
from app.features.threads.queries.posts import PostRow, Reactions, list_reactions
from app.features.threads.queries.talk import OwnMarks, ThreadRow, list_newest_threads
from app.features.vocabularies.queries import autonym


def tags_read() -> tuple[str, ...]:
    """The languages this reader reads, best first; of a guest also those their browser asks for."""
    tags = reading_languages()
    if not current_actor().signed_in:
        tags = tuple(dict.fromkeys((*tags, *(tag for tag, _quality in request.accept_languages if tag != "*"))))
    return tags


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader reads, worked out once for a page."""

    tags: tuple[str, ...]
    known: frozenset[str]

    def reads(self, lang: str) -> bool:
        """Whether they read a language; its variants count as one."""
        return primary(lang) in self.known

    def count_unread(self, by_language: Mapping[str, int]) -> int:
        """How many things are in languages they don't read."""
        return sum(count for lang, count in by_language.items() if not self.reads(lang))


def present_reading() -> Reading:
    """What this reader reads."""
    tags = tags_read()
    return Reading(tags, frozenset(primary(tag) for tag in tags))


def number_in_address(name: str) -> int | None:
    """A post's number from the address; anything but a number is none."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def language_word(lang: str) -> str:
    """A language's name in the reader's language: "French"."""
    return word("language", lang)


def when(moment: datetime) -> str:
    """A moment as the reader writes it, on their clock; worked out once for each minute and kind of reader."""
    return _when(moment.replace(second=0, microsecond=0), current_locale().code, current_actor().timezone)


@lru_cache(maxsize=4096)
def _when(moment: datetime, _locale: str, _zone: str | None) -> str:
    return _("%(day)s, %(time)s", day=format_date(moment, "medium"), time=format_time(moment, "short"))


def person_values(names: Mapping[int, PersonName], person_id: int | None) -> dict[str, Any]:
    """The name of who wrote, and the way to them; also of those who left or are not there for this reader."""
    if person_id is None:
        return {"who": _("A person who left"), "who_lang": None, "who_href": None}
    person = names.get(person_id)
    if person is None:
        return {"who": _("Someone you do not see here"), "who_lang": None, "who_href": None}
    href = link_for("profiles.show_person", handle=person.handle)
    if person.name:
        return {"who": person.name, "who_lang": person.name_lang, "who_href": href}
    if person.country:
        title = _("A teacher in %(country)s", country=word("country", person.country))
    else:
        title = _("A teacher")
    return {"who": title, "who_lang": None, "who_href": href}


def thread_values(
    rows: Iterable[ThreadRow], names: Mapping[int, PersonName], titles: Mapping[int, Shown], reading: Reading, slug: str
) -> list[dict[str, Any]]:
    """Threads as the list shows them; a title that was translated stands in both languages."""
    mine, base = current_actor().person_id, url_for("communities.list_threads", slug=slug)
    shown = []
    for row in rows:
        other = titles.get(row.id)
        translated = other.text("title") if other is not None else None
        unread = mine is not None and row.last_post_id is not None and row.last_post_id > row.last_read_id
        shown.append(
            {
                "id": row.id,
                "href": f"{base}/{row.id}",
                "title": translated or row.title,
                "title_lang": other.lang if translated and other is not None else row.lang,
                "original": row.title if translated else None,
                "lang": row.lang,
                "language": None if reading.reads(row.lang) else autonym(row.lang),
                "posts": ngettext("%(num)d post", "%(num)d posts", row.post_count),
                "new": unread and row.last_author_id != mine,
                "at": row.last_post_at,
                "when": when(row.last_post_at),
                "pinned": row.pinned,
                "locked": row.locked_at is not None,
                "hidden": row.hidden_at is not None,
                **person_values(names, row.last_author_id),
            }
        )
    return shown


def reaction_words() -> dict[str, str]:
    """The four signs in words."""
    return {"thanks": _("Thank you"), "agree": _("I agree"), "useful": _("Useful"), "question": _("A question")}


def _reactions(found: Reactions | None, words: Mapping[str, str]) -> list[dict[str, Any]]:
    counts, mine = (found.counts, found.mine) if found is not None else ({}, frozenset[str]())
    return [
        {"kind": kind, "label": words[kind], "count": counts.get(kind, 0), "mine": kind in mine} for kind in REACTIONS
    ]


def _why_hidden(row: PostRow, reasons: Mapping[int, str]) -> str | None:
    """The line that stands in the place of a post that is out of sight."""
    if row.hidden_at is not None:
        if row.id not in reasons:
            return _("A moderator took this post out of sight.")
        if not reasons[row.id]:
            return _("Hidden by the coordinators.")
        return _("Hidden by the coordinators: %(reason)s", reason=reasons[row.id])
    return _("Taken back by who wrote it.") if row.withdrawn_at is not None else None


# A number that stands for any post's in a pattern of an address; making twenty alike one by one takes its time.
_ANY = 9_007_199_254_740_991


class _Addresses:
    """The addresses of the posts of a page, each kind worked out once."""

    def __init__(self, standing: Standing, thread_id: int) -> None:
        slug = standing.community.slug
        self.thread = url_for("communities.show_thread", slug=slug, thread_id=thread_id)
        self.keeps_order = can_facilitate(standing)
        if standing.is_member:
            report = link_for("communities.report_thing", slug=slug, kind="post", thing_id=_ANY)
        else:
            report = link_for("moderation.report", kind="post", thing_id=_ANY)
        self._patterns = {
            "edit": url_for("communities.edit_post", slug=slug, post_id=_ANY),
            "history": url_for("communities.post_history", slug=slug, post_id=_ANY),
            "order": url_for("communities.order_post", slug=slug, post_id=_ANY),
            "react": url_for("communities.react", slug=slug, post_id=_ANY),
            "report": report,
            "ask": link_for("renditions.choose", kind="post", thing_id=_ANY),
        }

    def of(self, kind: str, post_id: int) -> str | None:
        """The address of a post's page of that kind."""
        pattern = self._patterns[kind]
        return pattern.replace(str(_ANY), str(post_id)) if pattern else None


@dataclass(frozen=True, slots=True)
class _Page:
    """Everything that the posts of a page have in common."""

    addresses: _Addresses
    names: Mapping[int, PersonName]
    translated: Mapping[int, Shown]
    reactions: Mapping[int, Reactions]
    reasons: Mapping[int, str]
    reading: Reading
    marks: OwnMarks
    show_all: bool
    writes: bool

    def links(self, row: PostRow, mine: bool) -> dict[str, str | None]:
        """Where one can go from a post; None where this reader has no business."""
        here, quoting = self.addresses.thread, self.writes and row.is_shown
        edits, orders = mine and row.hidden_at is None, self.addresses.keeps_order and row.withdrawn_at is None
        reports = current_actor().signed_in and not mine and row.is_shown
        return {
            "link": f"{here}?post={row.id}#p-{row.id}",
            "quote": f"{here}?post={row.id}&quote={row.id}#answer" if quoting else None,
            "answered": f"{here}?post={row.answers_id}#p-{row.answers_id}" if row.answers_id else None,
            "edit": self.addresses.of("edit", row.id) if edits else None,
            "history": self.addresses.of("history", row.id) if row.edited_at is not None and row.is_shown else None,
            "report": self.addresses.of("report", row.id) if reports else None,
            "order": self.addresses.of("order", row.id) if orders else None,
            "react": self.addresses.of("react", row.id) if self.writes else None,
        }


def _post(row: PostRow, page: _Page, words: Mapping[str, str]) -> dict[str, Any]:
    me = current_actor().person_id
    mine = row.author_id is not None and row.author_id == me
    unknown = row.is_shown and not mine and not page.reading.reads(row.lang)
    other = page.translated.get(row.id) if unknown and not page.show_all else None
    text = other.text("text") if other is not None else None
    values = {
        "id": row.id,
        "mine": mine,
        "lang": row.lang,
        "language": language_word(row.lang) if unknown else None,
        "html": render_markdown(row.text) if row.is_shown else None,
        "folded": unknown and not page.show_all,
        "shown": other if text else None,
        "translation": render_markdown(text) if text else None,
        "gone": _why_hidden(row, page.reasons),
        "new": me is not None and not mine and row.id > page.marks.last_read_id,
        "at": row.created_at,
        "when": when(row.created_at),
        "by_mail": row.via == "mail",
        "reactions": _reactions(page.reactions.get(row.id), words) if row.is_shown else [],
        "ask": page.addresses.of("ask", row.id) if unknown and not text and me is not None else None,
        "answered_who": person_values(page.names, row.answered_by)["who"] if row.answers_id else None,
    }
    return {**values, **person_values(page.names, row.author_id), **page.links(row, mine)}


def post_values(
    standing: Standing,
    thread: CommunityThread,
    rows: Collection[PostRow],
    marks: OwnMarks,
    show_all: bool,
    writes: bool,
) -> list[dict[str, Any]]:
    """The posts of a page; a fixed number of queries for all that belongs to them."""
    session, actor, reading = db(), current_actor(), present_reading()
    people = {i for row in rows for i in (row.author_id, row.answered_by) if i is not None}
    shown = {row.id: row for row in rows if row.is_shown}
    page = _Page(
        addresses=_Addresses(standing, thread.id),
        names=list_names(session, actor, people),
        translated=list_best(
            session,
            actor,
            "post",
            {number: row.lang for number, row in shown.items()},
            {number: row.version for number, row in shown.items()},
            reading.tags,
        ),
        reactions=list_reactions(session, list(shown), actor.person_id),
        reasons=list_hiding_reasons(session, "post", [row.id for row in rows if row.hidden_at is not None]),
        reading=reading,
        marks=marks,
        show_all=show_all,
        writes=writes and can_write(standing),
    )
    words = reaction_words()
    return [_post(row, page, words) for row in rows]


def newest_threads(standing: Standing) -> list[dict[str, Any]]:
    """The threads in which somebody wrote last, for the community's own page."""
    session, actor, reading = db(), current_actor(), present_reading()
    rows = list_newest_threads(session, standing.community.id)
    titles = list_best(session, actor, "thread", {row.id: row.lang for row in rows}, reading=reading.tags)
    names = list_names(session, actor, {row.last_author_id for row in rows if row.last_author_id is not None})
    return thread_values(rows, names, titles, reading, standing.community.slug)
