"""Asking for translations, writing them, saying that they are right, and letting a machine try."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Conflict, Forbidden, Invalid
from app.core.registries import Original
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, HOUR, limit
from app.core.web.pages import go
from app.core.web.sessions import READING, db
from app.features.profiles.queries.reading import primary
from app.features.renditions.forms import AskForm, ReviewForm, TranslateForm, translate_form
from app.features.renditions.models import Rendition
from app.features.renditions.policies import can_translate
from app.features.renditions.queries import get_original, title_of_original
from app.features.renditions.queries.renditions import find_rendition, get_rendition, list_levels
from app.features.renditions.services import asking, machine, writing
from app.features.renditions.services.writing import BothLanguagesNeeded
from app.features.renditions.views.blueprint import blueprint
from app.features.renditions.views.reading import choosing_page
from app.features.renditions.views.texts import back_to, original_and_tag, parts_of, settings


def _place(original: Original, lang: str) -> str:
    return url_for("renditions.show", kind=original.kind, thing_id=original.thing_id, lang=lang)


@blueprint.post("/translations/<kind>/<int:thing_id>/ask")
def ask(kind: str, thing_id: int) -> ResponseReturnValue:
    """Wish for a translation."""
    session, actor = db(), current_actor()
    original = get_original(session, actor, kind, thing_id)
    form = AskForm()
    form.lang.choices = []
    limit("renditions.ask", 30, DAY, key=f"account:{actor.account_id}")
    try:
        wish = asking.ask_translation(session, actor, original, form.lang.data)
    except Invalid as problem:
        form.show(problem)
        return choosing_page(original, form, 422)
    if wish is None:
        flash(_("This translation is there already."), "info")
        return go(_place(original, asking.check_language(original, form.lang.data)))
    flash(_("Noted. Members who have both languages are asked, and you hear of it when it is there."), "ok")
    return go(back_to(original))


def _edit_page(
    original: Original, tag: str, rendition: Rendition | None, form: TranslateForm, status: int = 200
) -> ResponseReturnValue:
    theirs = status == Conflict.status and rendition is not None
    page = render_template(
        "renditions/edit.html",
        original=original,
        title=title_of_original(original),
        back=_place(original, tag),
        tag=tag,
        parts=parts_of(original, rendition),
        machine=rendition is not None and rendition.machine,
        form=form,
        theirs=dict(rendition.fields) if theirs and rendition is not None else {},
    )
    return page, status


@blueprint.route("/translations/<kind>/<int:thing_id>/<lang>/edit", methods=["GET", "POST"])
def edit(kind: str, thing_id: int, lang: str) -> ResponseReturnValue:
    """Write a translation, or correct one, beside the original."""
    session, actor = db(), current_actor()
    original, tag = original_and_tag(kind, thing_id, lang)
    if not can_translate(actor, list_levels(session, actor.person_id), primary(original.lang), primary(tag)):
        raise BothLanguagesNeeded
    asking.check_free(session, actor, original)
    rendition = find_rendition(session, kind, thing_id, tag)
    if rendition is not None and rendition.hidden_at is not None:
        raise Forbidden(_("A moderator took this translation out of sight."))
    form = translate_form(original, rendition, fresh=request.method in READING)
    if request.method in READING:
        return _edit_page(original, tag, rendition, form)
    limit("renditions.write", 60, HOUR, key=f"account:{actor.account_id}")
    if not form.validate():
        return _edit_page(original, tag, rendition, form, 422)
    try:
        writing.save_rendition(
            session, actor, original, tag, form.texts(), form.number("version"), form.number("of_version")
        )
    except Invalid as problem:
        form.show(Invalid({form.under(name): text for name, text in problem.fields.items()}))
        return _edit_page(original, tag, rendition, form, 422)
    except Conflict as problem:
        return _conflict(original, tag, form, problem)
    flash(_("Thank you. Others can read it now, and see that it is from you."), "ok")
    return go(_place(original, tag))


def _conflict(original: Original, tag: str, form: TranslateForm, problem: Conflict) -> ResponseReturnValue:
    """The form again with what was typed; saved once more it takes the place of what came in between."""
    rendition = find_rendition(db(), original.kind, original.thing_id, tag)
    form.version.data = rendition.version if rendition is not None else 0
    form.of_version.data = original.version
    flash(translate(problem.text), "warning")
    return _edit_page(original, tag, rendition, form, Conflict.status)


@blueprint.post("/translations/<kind>/<int:thing_id>/<lang>/review")
def review(kind: str, thing_id: int, lang: str) -> ResponseReturnValue:
    """Say that a translation is right."""
    session, actor = db(), current_actor()
    original, tag = original_and_tag(kind, thing_id, lang)
    rendition = get_rendition(session, actor, kind, thing_id, tag)
    version = str(ReviewForm().version.data or "")
    known = version.isascii() and version.isdigit() and len(version) < 12
    try:
        writing.review_rendition(session, actor, original, rendition, int(version) if known else -1)
    except Conflict as problem:
        flash(translate(problem.text), "warning")
        return go(_place(original, tag))
    flash(_("Thank you. Others see that somebody read it and found it right."), "ok")
    return go(_place(original, tag))


@blueprint.post("/translations/<kind>/<int:thing_id>/<lang>/machine")
def ask_machine(kind: str, thing_id: int, lang: str) -> ResponseReturnValue:
    """Let a machine translate until somebody does."""
    session, actor = db(), current_actor()
    original, tag = original_and_tag(kind, thing_id, lang)
    limit("renditions.machine", 20, DAY, key=f"account:{actor.account_id}")
    if machine.ask_machine(session, actor, original, tag, settings()) is None:
        flash(_("This translation is there already."), "info")
    else:
        flash(_("The machine is at work. Please look again in a minute."), "ok")
    return go(_place(original, tag))
