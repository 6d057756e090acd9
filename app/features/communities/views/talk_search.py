"""Finding what was written, in one community or in all that the reader may read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from app.core.markdown import plain_of
from app.core.text import Term, analyse
from app.core.web.identity import current_actor
from app.core.web.sessions import db
from app.features.communities.queries.talk import list_communities_named, readable_ids
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.frame import render_in_community
from app.features.communities.views.talk import readable
from app.features.communities.views.talk_words import (
    number_in_address,
    person_values,
    present_reading,
    tags_read,
    when,
)
from app.features.profiles.queries.names import list_names
from app.features.threads.queries import searching
from app.features.threads.queries.searching import FoundPage, FoundPost, terms_of
from app.features.vocabularies.queries import autonym

LONGEST_QUESTION = 200
_WORD = re.compile(r"\w+")
# How much of a post is looked through for the place to show, and how much around it is shown.
_LOOKED, _BEFORE, _AROUND = 8000, 60, 220


@lru_cache(maxsize=20_000)
def _tokens(found: str, lang: str) -> frozenset[str]:
    return frozenset(analyse(found, lang))


def _matches(found: str, lang: str, terms: Sequence[Term]) -> bool:
    tokens = _tokens(found, lang)
    return any(term.matches(tokens) for term in terms)  # type: ignore[arg-type]


def snippet_of(text: str, lang: str, terms: Sequence[Term]) -> Markup:
    """The place of a text where a term stands, with what was asked for marked; else its beginning.

    >>> snippet_of("We **tried** fractions.", "en", [Term("fraction", True)])
    Markup('We tried <mark>fractions</mark>.')
    """
    plain = plain_of(text, _LOOKED)
    first = next((m.start() for m in _WORD.finditer(plain) if _matches(m.group(), lang, terms)), 0)
    start = max(0, first - _BEFORE)
    if start:
        start = plain.find(" ", start, first) + 1 or start
    end = min(len(plain), start + _AROUND)
    piece = plain[start:end]
    parts, at = [Markup("… ") if start else Markup("")], 0
    for found in _WORD.finditer(piece):
        if _matches(found.group(), lang, terms):
            parts += [escape(piece[at : found.start()]), Markup("<mark>%s</mark>") % found.group()]
            at = found.end()
    parts += [escape(piece[at:]), Markup(" …") if end < len(plain) else Markup("")]
    return Markup("").join(parts)


def _rows(page: FoundPage, terms: list[list[Term]], slugs: dict[int, dict[str, str]]) -> list[dict[str, Any]]:
    reading, flat = present_reading(), [term for forms in terms for term in forms]
    names = list_names(db(), current_actor(), {post.author_id for post in page.posts if post.author_id is not None})

    def row(post: FoundPost) -> dict[str, Any]:
        place = slugs[post.community_id]
        base = url_for("communities.show_thread", slug=place["slug"], thread_id=post.thread_id)
        return {
            "href": f"{base}?post={post.id}#p-{post.id}", "title": post.title, "title_lang": post.title_lang,
            "snippet": snippet_of(post.text, post.lang, flat), "lang": post.lang, "when": when(post.created_at),
            "at": post.created_at, "language": None if reading.reads(post.lang) else autonym(post.lang),
            "place": place, **person_values(names, post.author_id),
        }  # fmt: skip

    return [row(post) for post in page.posts if post.community_id in slugs]


def _question() -> str:
    return " ".join(request.args.get("q", "").split())[:LONGEST_QUESTION]


def _later(url: str, question: str, page: FoundPage) -> str | None:
    return f"{url}?{urlencode({'q': question, 'before': page.later})}" if page.later else None


@blueprint.get("/communities/<slug>/search")
def search_posts(slug: str) -> ResponseReturnValue:
    """Find posts of a community by their words."""
    standing, question = readable(slug), _question()
    community, terms = standing.community, terms_of(question, tags_read())
    page = searching.search_posts(db(), terms, community.id, number_in_address("before"))
    url = url_for("communities.search_posts", slug=slug)
    place = {"slug": slug, "name": community.name, "lang": community.lang}
    return render_in_community(
        standing, "communities/talk/search.html", "threads", question=question, url=url,
        found=_rows(page, terms, {community.id: place}), later=_later(url, question, page),
        everywhere=url_for("communities.search_everywhere", q=question),
    )  # fmt: skip


@blueprint.get("/communities/search")
def search_everywhere() -> ResponseReturnValue:
    """Find posts in all communities that the reader may read."""
    session, actor, question = db(), current_actor(), _question()
    terms = terms_of(question, tags_read())
    page = searching.search_posts(session, terms, readable_ids(actor), number_in_address("before"))
    places = list_communities_named(session, {post.community_id for post in page.posts})
    slugs = {i: {"slug": c.slug, "name": c.name, "lang": c.lang} for i, c in places.items()}
    url = url_for("communities.search_everywhere")
    return render_template(
        "communities/talk/search_everywhere.html", question=question, url=url, found=_rows(page, terms, slugs),
        later=_later(url, question, page),
    )  # fmt: skip
