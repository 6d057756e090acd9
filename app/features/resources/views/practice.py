"""Practice notes: found by the context they come from, read, written and changed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.errors import Conflict, Forbidden, Invalid
from app.core.markdown import plain_of
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, limit
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.communities.policies import Standing, can_write
from app.features.communities.queries import get_standing
from app.features.communities.views.frame import render_in_community
from app.features.profiles.queries.profiles import find_own_person
from app.features.profiles.views.cards import reading_languages, word
from app.features.renditions.queries import Shown, list_best, list_languages
from app.features.resources import wording
from app.features.resources.forms.practice import PracticeForm
from app.features.resources.forms.resources import WithdrawForm
from app.features.resources.models import PracticeNote
from app.features.resources.policies import can_edit_note, can_withdraw_note
from app.features.resources.queries.filters import Filters
from app.features.resources.queries.listing import find_page
from app.features.resources.queries.practice import (
    CONTEXT,
    Context,
    count_contexts,
    find_notes,
    get_note,
    read_context,
)
from app.features.resources.queries.reading import note_values_of
from app.features.resources.queries.seeing import find_resource
from app.features.resources.services.practice import change_note, withdraw_note, write_note
from app.features.resources.values import NoteValues
from app.features.resources.views.blueprint import blueprint
from app.features.resources.views.listing import readable
from app.features.resources.views.pages import Trail, named, people, trail_of
from app.features.resources.views.rows import shown_of, titled
from app.features.threads.rendering import plain_with_links

_FIXED = {"class_size": wording.CLASS_SIZES, "connectivity": wording.CONNECTIVITY, "again": wording.AGAIN}
PARTS = ("tried", "adapted", "happened")


def word_for(name: str, code: str) -> str:
    """A choice of the context in the reader's language."""
    return _(_FIXED[name][code]) if name in _FIXED else word(name, code)


def _address(slug: str, context: Context, **more: str | None) -> str:
    pairs = [*context.written(), *((key, value) for key, value in more.items() if value)]
    return url_for("resources.list_practice", slug=slug) + (f"?{urlencode(pairs)}" if pairs else "")


def _shown(notes: list[PracticeNote]) -> dict[int, Shown]:
    langs, versions = {note.id: note.lang for note in notes}, {note.id: note.version for note in notes}
    return list_best(db(), current_actor(), "practice", langs, versions, reading_languages())


def _said(note: PracticeNote, shown: Shown | None, field: str) -> dict[str, str]:
    text = shown.text(field) if shown else None
    return {"text": text or getattr(note, field), "lang": shown.lang if shown and text else note.lang}


def _context_words(note: PracticeNote) -> list[str]:
    names = [name for name in CONTEXT if name != "again" and getattr(note, name)]
    return [word_for(name, getattr(note, name)) for name in names]


def _row(note: PracticeNote, shown: Shown | None, names: dict[int, dict[str, str | None]]) -> dict[str, Any]:
    happened = _said(note, shown, "happened")
    return {
        "title": _said(note, shown, "title"),
        "id": note.id,
        "again": _(wording.AGAIN_LONG[note.again]),
        "context": _context_words(note),
        "excerpt": {"text": plain_of(happened["text"], 200), "lang": happened["lang"]},
        "by": names.get(note.author_id or 0),
        "at": note.created_at,
        "shown": shown,
    }


@blueprint.get("/communities/<slug>/practice")
def list_practice(slug: str) -> ResponseReturnValue:
    """What members tried, found by the context."""
    standing = readable(slug)
    session, community = db(), standing.community
    context = read_context(lambda name, default: request.args.get(name, default))
    page = find_notes(session, community.id, context, request.args.get("at"))
    counts = count_contexts(session, community.id, context)
    shown, names = _shown(page.notes), people([note.author_id for note in page.notes])
    facets = [
        {
            "name": name,
            "label": _(wording.CONTEXT[name]),
            "choices": [
                {
                    "label": word_for(name, code),
                    "count": number,
                    "on": getattr(context, name) == code,
                    "href": _address(slug, context.toggled(name, code)),
                }
                for code, number in counts[name][:12]
            ],
        }
        for name in CONTEXT
        if counts[name]
    ]
    active = [
        {
            "label": _(wording.CONTEXT[name]),
            "value": word_for(name, code),
            "remove_href": _address(slug, context.toggled(name, code)),
        }
        for name, code in context.written()
    ]
    total = sum(number for _code, number in counts["again"])
    return render_in_community(
        standing,
        "resources/practice_list.html",
        "practice",
        rows=[_row(note, shown.get(note.id), names) for note in page.notes],
        found=ngettext("%(num)s note", "%(num)s notes", total),
        facets=facets,
        active=active,
        list_href=_address(slug, Context()),
        new_href=url_for("resources.new_practice", slug=slug) if can_write(standing) else None,
        previous=_address(slug, context, at=page.previous) if page.previous else None,
        next=_address(slug, context, at=page.next) if page.next else None,
    )


def _resource_link(note: PracticeNote) -> dict[str, str] | None:
    seen = find_resource(db(), current_actor(), note.resource_id) if note.resource_id is not None else None
    if seen is None:
        return None
    href = url_for("resources.show_resource", resource_id=seen.resource.id)
    return {**titled(seen.resource, shown_of([seen.resource]).get(seen.resource.id)), "href": href}


@blueprint.get("/communities/<slug>/practice/<int:note_id>")
def show_practice(slug: str, note_id: int) -> ResponseReturnValue:
    """One note."""
    session, actor = db(), current_actor()
    standing = get_standing(session, actor, slug)
    note = get_note(session, standing, note_id)
    shown = _shown([note]).get(note.id)
    parts = []
    labels = {"tried": _("What they did"), "adapted": _("What they changed"), "happened": _("What happened")}
    for name in PARTS:
        said = _said(note, shown, name)
        if said["text"]:
            parts.append({"label": labels[name], "html": plain_with_links(said["text"]), "lang": said["lang"]})
    return render_template(
        "resources/practice.html",
        note=note,
        community=standing.community,
        trail=trail_of(standing.community, practice=True),
        head=_said(note, shown, "title"),
        shown=shown,
        kept_in=list_languages(session, "practice", [note.id]).get(note.id, ()),
        parts=parts,
        again=_(wording.AGAIN_LONG[note.again]),
        facts=[
            (_(wording.CONTEXT[name]), word_for(name, getattr(note, name)))
            for name in CONTEXT
            if name != "again" and getattr(note, name)
        ],
        resource=_resource_link(note),
        by=people([note.author_id]).get(note.author_id or 0),
        can_edit=can_edit_note(standing, note),
        can_withdraw=can_withdraw_note(standing, note),
        own=note.author_id is not None and note.author_id == actor.person_id,
    )


def _form_page(
    standing: Standing, form: PracticeForm, title: str, trail: Trail, status: int = 200
) -> ResponseReturnValue:
    session = db()
    newest = find_page(session, standing, Filters(), current_actor().locale, limit=60).resources
    offered = [(row.id, row.title) for row in newest]
    named = form.resource.data or ""
    if named.isascii() and named.isdigit() and len(named) < 19 and int(named) not in dict(offered):
        seen = find_resource(session, current_actor(), int(named))
        offered = [(seen.resource.id, seen.resource.title), *offered] if seen else offered
    form.offer_resources(offered)
    html = render_template(
        "resources/practice_edit.html",
        form=form,
        page_title=title,
        trail=trail,
        back_href=trail[-1][1],
        community=standing.community,
    )
    return html, status


@blueprint.route("/communities/<slug>/practice/new", methods=["GET", "POST"])
def new_practice(slug: str) -> ResponseReturnValue:
    """Write down what was tried."""
    session, actor = db(), current_actor()
    standing = get_standing(session, actor, slug)
    if not can_write(standing):
        raise Forbidden
    person = find_own_person(session, actor)
    known = NoteValues(country=(person.country or "") if person else "", resource=request.args.get("resource", "")[:18])
    form = PracticeForm.of(known)
    title, trail = _("Write down what you tried"), trail_of(standing.community, practice=True)
    if request.method == "GET" or form.acted():
        return _form_page(standing, form, title, trail)
    limit("resources.practice", 60, DAY, key=f"account:{actor.account_id}")
    try:
        if not form.validate():
            return _form_page(standing, form, title, trail, 422)
        note = write_note(session, standing, form.values(), form.token.data or "")
    except Invalid as problem:
        form.show(problem)
        return _form_page(standing, form, title, trail, 422)
    flash(_("Kept. Thank you for letting others learn from it."), "ok")
    return go(url_for("resources.show_practice", slug=slug, note_id=note.id))


@blueprint.route("/communities/<slug>/practice/<int:note_id>/edit", methods=["GET", "POST"])
def edit_practice(slug: str, note_id: int) -> ResponseReturnValue:
    """Change a note."""
    session = db()
    standing = get_standing(session, current_actor(), slug)
    note = get_note(session, standing, note_id)
    if not can_edit_note(standing, note):
        raise Forbidden
    here = url_for("resources.show_practice", slug=slug, note_id=note.id)
    title, trail = (
        _("Change this note"),
        [*trail_of(standing.community, practice=True), (named(note.title, note.lang), here)],
    )
    form = PracticeForm.of(note_values_of(note), note.version)
    if request.method == "GET" or form.acted():
        return _form_page(standing, form, title, trail)
    try:
        if not form.validate():
            return _form_page(standing, form, title, trail, 422)
        change_note(session, standing, note, form.values(), form.opened_at())
    except Invalid as problem:
        form.show(problem)
        return _form_page(standing, form, title, trail, 422)
    except Conflict:
        form.form_errors.append(
            _("You changed this elsewhere meanwhile. Nothing was overwritten. Send it again to put this in its place.")
        )
        form.version.raw_data, form.version.data = None, str(note.version)
        return _form_page(standing, form, title, trail, 409)
    flash(_("Saved."), "ok")
    return go(here)


@blueprint.route("/communities/<slug>/practice/<int:note_id>/withdraw", methods=["GET", "POST"])
def withdraw_practice(slug: str, note_id: int) -> ResponseReturnValue:
    """Take a note back, once that was asked."""
    session = db()
    standing = get_standing(session, current_actor(), slug)
    note = get_note(session, standing, note_id)
    if not can_withdraw_note(standing, note):
        raise Forbidden
    form = WithdrawForm()
    if request.method == "GET" or not form.validate():
        html = render_template(
            "resources/practice_withdraw.html",
            note=note,
            form=form,
            community=standing.community,
            trail=trail_of(standing.community, practice=True),
            own=note.author_id == standing.actor.person_id,
        )
        return html, 200 if request.method == "GET" else 422
    withdraw_note(session, standing, note, form.reason.data or "")
    flash(_("The note was taken away."), "ok")
    return go(url_for("resources.list_practice", slug=slug))
