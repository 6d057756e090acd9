"""Feeds in Atom (RFC 4287): what is public, for programs that look again and again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Response, current_app, render_template, request
from markupsafe import Markup

from app.core.settings import Settings
from app.core.web.i18n import current_locale
from app.core.web.pages import site_address

MOST_ENTRIES = 30
# What XML cannot hold, however it is written.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a feed. ``tag`` names it for ever, ``html`` is cleaned HTML in the language ``lang``."""

    tag: str
    title: str
    lang: str
    href: str
    published: datetime
    updated: datetime
    html: Markup
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A list of entries; ``href`` is the page that shows the same to people."""

    tag: str
    title: str
    lang: str
    href: str
    entries: Sequence[Entry]
    since: datetime = _BEGINNING

    @property
    def updated(self) -> datetime:
        """When anything in it changed last."""
        return max((entry.updated for entry in self.entries), default=self.since)


def xml_text(text: str) -> str:
    """A text without what no XML document may hold.

    >>> xml_text("a\\x0bb\\ufffe")
    'ab'
    """
    return _NOT_XML.sub("", text)


def tag_uri(tag: str) -> str:
    """The name of a thing that never changes, whatever becomes of its address (RFC 4151)."""
    settings: Settings = current_app.extensions["settings"]
    return f"tag:{urlsplit(settings.base_url).hostname},2025:{tag}"


def answer_feed(feed: Feed) -> Response:
    """The feed as a response; whoever has it already is told so in a few bytes."""
    own = site_address() + request.script_root + request.path
    text = render_template("feeds/atom.xml", feed=feed, tag_uri=tag_uri, self_href=own, page_lang=current_locale().code)
    response = Response(xml_text(text), mimetype="application/atom+xml")
    response.last_modified = feed.updated
    response.headers["Cache-Control"] = "public, max-age=300"
    response.vary.update(("Cookie", "Accept-Language"))
    response.add_etag()
    response.make_conditional(request)
    return response
