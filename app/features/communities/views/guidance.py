"""Guidance: putting a piece away once it is read, and what coordinators decide about each."""

from __future__ import annotations

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Forbidden, Invalid, NotFound
from app.core.markdown import render_markdown
from app.core.messages import N_, Text
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.pages import go, safe_next
from app.core.web.sessions import db
from app.features.communities.forms.guidance import OFF, OURS, OWN, GuidanceForm
from app.features.communities.guidance import BY_NAME, GUIDES
from app.features.communities.policies import Standing, can_coordinate
from app.features.communities.queries import get_standing
from app.features.communities.queries.guidance import list_choices
from app.features.communities.services import guidance as services
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.frame import render_in_community
from app.features.threads.forms import language_choices


@blueprint.post("/guidance/<piece>/read")
def read_guidance(piece: str) -> ResponseReturnValue:
    """Put a piece away: this person has read it."""
    scope = request.form.get("community", "0")
    number = int(scope) if scope.isascii() and scope.isdigit() and len(scope) < 19 else 0
    services.mark_read(db(), current_actor(), piece, number)
    return go(safe_next(request.form.get("next"), url_for("home.index")))


def _coordinating(slug: str) -> Standing:
    standing = get_standing(db(), current_actor(), slug)
    if not can_coordinate(standing):
        raise Forbidden
    return standing


@blueprint.get("/communities/<slug>/guidance", endpoint="list_guidance")
def show_pieces(slug: str) -> ResponseReturnValue:
    """Every piece of guidance, and what the community made of it."""
    standing = _coordinating(slug)
    choices = list_choices(db(), standing.community.id)
    return render_in_community(
        standing, "communities/guidance/list.html", section="settings",
        pieces=[{"guide": guide, "choice": choices.get(guide.name)} for guide in GUIDES],
    )  # fmt: skip


def _piece_page(standing: Standing, piece: str, form: GuidanceForm, status: int = 200) -> ResponseReturnValue:
    form.lang.choices = language_choices(current_actor(), [standing.community.lang])
    html = render_in_community(
        standing, "communities/guidance/piece.html", section="settings", form=form, guide=BY_NAME[piece],
        own=render_markdown(form.text.data) if form.text.data else None,
    )  # fmt: skip
    return html, status


@blueprint.get("/communities/<slug>/guidance/<piece>")
def edit_guidance(slug: str, piece: str) -> ResponseReturnValue:
    """One piece, to switch off or to put in own words."""
    standing = _coordinating(slug)
    if piece not in BY_NAME:
        raise NotFound
    choice = list_choices(db(), standing.community.id).get(piece)
    form = GuidanceForm(formdata=None)
    form.choice.data = OFF if choice and choice.off else OWN if choice and choice.text else OURS
    form.text.data = choice.text if choice else ""
    form.lang.data = (choice.lang if choice else None) or standing.community.lang
    return _piece_page(standing, piece, form)


@blueprint.post("/communities/<slug>/guidance/<piece>")
def save_guidance(slug: str, piece: str) -> ResponseReturnValue:
    """Decide what members see."""
    standing = _coordinating(slug)
    if piece not in BY_NAME:
        raise NotFound
    form = GuidanceForm()
    try:
        if form.choice.data not in (OURS, OWN, OFF):
            raise Invalid({"choice": Text(N_("Please choose one of these."))})
        if form.choice.data == OWN and not form.text.data:
            raise Invalid({"text": Text(N_("Please write something."))})
        if not form.validate():
            return _piece_page(standing, piece, form, 422)
        # Own words are kept while they are switched off; choosing ours again lets them go.
        text = "" if form.choice.data == OURS else form.text.data or ""
        services.choose_guidance(db(), standing, piece, form.choice.data == OFF, text, form.lang.data)
    except Invalid as problem:
        form.show(problem)
        return _piece_page(standing, piece, form, 422)
    flash(_("Saved: %(title)s", title=translate(BY_NAME[piece].title)), "ok")
    return go(url_for("communities.list_guidance", slug=slug))
