"""Chapters: the list, founding one, the charters side by side, words taken over, parting."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, HOUR, limit
from app.core.web.pages import go
from app.core.web.sessions import db
from app.core.wording import compare_wordings
from app.features.communities.forms.charters import (
    ChapterForm,
    CountryChapterForm,
    LanguageChapterForm,
    label_of,
)
from app.features.communities.models import CLOSED, Community
from app.features.communities.policies import Standing, can_coordinate, can_facilitate
from app.features.communities.queries import get_standing
from app.features.communities.queries.chapters import (
    LANGUAGE,
    PartDivergence,
    count_open_offers,
    diverge,
    find_parent,
    list_chapters,
    list_offers,
)
from app.features.communities.queries.charters import get_charter
from app.features.communities.services import adapting, chapters
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.charters import number_of
from app.features.communities.views.frame import render_in_community
from app.features.profiles.queries.reading import primary
from app.features.profiles.views.cards import word
from app.features.threads.forms import language_choices


def chapter_for(community: Community) -> str:
    """What a chapter is for, in words: a country or a language."""
    if not community.chapter_code:
        return ""
    if community.chapter_kind == LANGUAGE:
        return word("language", community.chapter_code)
    return word("country", community.chapter_code)


@blueprint.get("/communities/<slug>/chapters", endpoint="list_chapters")
def show_chapters(slug: str) -> ResponseReturnValue:
    """The chapters of a community, with how far each has drifted from its charter."""
    session = db()
    standing = get_standing(session, current_actor(), slug)
    lines, more = list_chapters(session, standing.community.id, number_of("after"))
    coordinates = can_coordinate(standing)
    return render_in_community(
        standing,
        "communities/chapters/list.html",
        section="charter",
        chapters=[{"line": line, "community": line.community, "for": chapter_for(line.community)} for line in lines],
        next=url_for("communities.list_chapters", slug=slug, after=more) if more else None,
        parent=find_parent(session, standing.community),
        is_chapter=standing.community.parent_id is not None,
        can_begin=chapters.can_begin_chapter(standing),
        takes=chapters.takes_chapters(standing.community),
        waiting=count_open_offers(session, standing.community.id) if coordinates else 0,
        coordinates=coordinates,
    )


def _chapter_form(**options: Any) -> tuple[ChapterForm, str]:
    kind = request.values.get("kind")
    form = LanguageChapterForm if kind == "language" else CountryChapterForm
    return form(**options), "language" if kind == "language" else "country"


def _new_page(standing: Standing, form: ChapterForm, kind: str, status: int = 200) -> ResponseReturnValue:
    form.lang.choices = language_choices(current_actor(), [standing.community.lang])
    html = render_in_community(
        standing, "communities/chapters/new.html", section="charter", form=form, kind=kind,
        kinds=[
            {
                "label": label,
                "href": url_for("communities.new_chapter", slug=standing.community.slug, kind=name),
                "here": kind == name,
            }
            for name, label in (("country", _("For a country")), ("language", _("For a language")))
        ],
    )  # fmt: skip
    return html, status


def _may_begin(slug: str) -> Standing:
    standing = get_standing(db(), current_actor(), slug)
    if not chapters.can_begin_chapter(standing):
        if can_facilitate(standing):
            raise chapters.NoChaptersHere
        raise Forbidden
    return standing


@blueprint.get("/communities/<slug>/chapters/new")
def new_chapter(slug: str) -> ResponseReturnValue:
    """The page to begin a chapter on."""
    standing = _may_begin(slug)
    form, kind = _chapter_form(formdata=None)
    form.name.data, form.summary.data = standing.community.name, standing.community.summary
    form.lang.data = standing.community.lang
    return _new_page(standing, form, kind)


@blueprint.post("/communities/<slug>/chapters/new")
def found_chapter(slug: str) -> ResponseReturnValue:
    """Begin a chapter."""
    session, standing = db(), _may_begin(slug)
    limit("communities.chapter", 10, DAY, key=f"account:{current_actor().account_id}")
    form, kind = _chapter_form()
    try:
        if not form.validate():
            return _new_page(standing, form, kind, 422)
        plan = chapters.ChapterPlan(
            kind, form["code"].data or "", form.name.data or "", form.summary.data or "", form.lang.data or ""
        )
        chapter = chapters.found_chapter(session, standing, plan)
    except Invalid as problem:
        form.show(problem)
        return _new_page(standing, form, kind, 422)
    flash(_("The chapter has begun, with the charter of its community. Now make it fit your place."), "ok")
    return go(url_for("communities.show_divergence", slug=chapter.slug))


def _part_line(part: PartDivergence, comparable: bool) -> dict[str, Any]:
    """A part side by side; words are compared where both are in one language."""
    line: dict[str, Any] = {"part": part, "label": label_of(part.part)}
    if comparable and part.differs:
        line["between"] = compare_wordings(part.there, part.here)
    if part.changed_there:
        line["there"] = compare_wordings(part.there_began, part.there)
    if part.changed_here:
        line["here"] = compare_wordings(part.here_began, part.here)
    return line


def _with_parent(slug: str) -> tuple[Standing, Community]:
    standing = get_standing(db(), current_actor(), slug)
    parent = find_parent(db(), standing.community)
    if parent is None:
        raise NotFound
    return standing, parent


@blueprint.get("/communities/<slug>/charter/parent")
def show_divergence(slug: str) -> ResponseReturnValue:
    """A chapter's charter beside that of its community, part by part."""
    session = db()
    standing, parent = _with_parent(slug)
    here, there = get_charter(session, standing.community.id), get_charter(session, parent.id)
    comparable = primary(here.lang) == primary(there.lang)
    parts = [_part_line(part, comparable) for part in diverge(session, here, parent)]
    coordinates = can_coordinate(standing)
    offers, _more = list_offers(session, chapter_id=standing.community.id, most=50) if coordinates else ([], None)
    return render_in_community(
        standing,
        "communities/chapters/divergence.html",
        section="charter",
        parent=parent,
        purpose=chapter_for(standing.community),
        here=here,
        there=there,
        parts=[line for line in parts if line["part"].differs],
        same=[line["label"] for line in parts if not line["part"].differs],
        comparable=comparable,
        languages=(word("language", here.lang), word("language", there.lang)),
        coordinates=coordinates,
        offered={offer.part for offer, _parent in offers if offer.state == "offered"},
        offers=[{"offer": offer, "label": label_of(offer.part)} for offer, _parent in offers],
    )


def _sent(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _back(slug: str, problem: Conflict | None = None) -> ResponseReturnValue:
    if problem is not None:
        db().rollback()
        flash(translate(problem.text), "warning")
    return go(url_for("communities.show_divergence", slug=slug))


@blueprint.post("/communities/<slug>/charter/parent/<part>/take")
def take_part(slug: str, part: str) -> ResponseReturnValue:
    """Take the parent's newer words for a part."""
    standing, parent = _with_parent(slug)
    limit("communities.charter", 60, HOUR, key=f"account:{current_actor().account_id}")
    note = _("%(part)s: words of %(name)s taken over", part=label_of(part), name=parent.name)
    try:
        adapting.take_part(db(), standing, part, _sent("seen"), _sent("there"), note)
    except Conflict as problem:
        return _back(slug, problem)
    flash(_("The words are in your charter now, as a new version. Members are told."), "ok")
    return _back(slug)


@blueprint.post("/communities/<slug>/charter/parent/<part>/keep")
def keep_part(slug: str, part: str) -> ResponseReturnValue:
    """Keep the chapter's own words, having seen the parent's newer ones."""
    standing, _parent = _with_parent(slug)
    try:
        adapting.keep_part(db(), standing, part, _sent("there"))
    except Conflict as problem:
        return _back(slug, problem)
    flash(_("Noted: you keep your own words for this part."), "ok")
    return _back(slug)


def _for_leaving(slug: str) -> tuple[Standing, Community]:
    standing = get_standing(db(), current_actor(), slug)
    if not can_coordinate(standing):
        raise Forbidden
    parent = db().get(Community, standing.community.parent_id) if standing.community.parent_id else None
    if parent is None:
        raise NotFound
    return standing, parent


@blueprint.get("/communities/<slug>/chapters/leave")
def ask_leave_parent(slug: str) -> ResponseReturnValue:
    """The question before a chapter stands alone."""
    standing, parent = _for_leaving(slug)
    return render_in_community(
        standing, "communities/chapters/leave.html", section="charter", parent=parent, closed=parent.state == CLOSED
    )


@blueprint.post("/communities/<slug>/chapters/leave")
def leave_parent(slug: str) -> ResponseReturnValue:
    """Let a chapter stand alone."""
    standing, parent = _for_leaving(slug)
    chapters.leave_parent(db(), standing)
    flash(_("This community stands alone now. It no longer belongs to %(name)s.", name=parent.name), "ok")
    return go(url_for("communities.show_charter", slug=slug))
