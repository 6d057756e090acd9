"""What chapters offer upward: making an offer, and the parent's answer."""

from __future__ import annotations

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, limit
from app.core.web.pages import go
from app.core.web.sessions import db
from app.core.wording import compare_wordings
from app.features.communities.forms.charters import AnswerForm, OfferForm, label_of
from app.features.communities.models import CHARTER_PARTS, OFFERED, CharterOffer, Community
from app.features.communities.policies import Standing, can_coordinate
from app.features.communities.queries import get_standing
from app.features.communities.queries.chapters import find_parent, get_offer, list_offers
from app.features.communities.queries.charters import get_charter
from app.features.communities.services import adapting
from app.features.communities.services.charters import CharterChanged
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.chapters import chapter_for
from app.features.communities.views.charters import number_of, people_of
from app.features.communities.views.frame import render_in_community
from app.features.profiles.queries.reading import primary
from app.features.profiles.views.cards import word


def _coordinating(slug: str) -> Standing:
    standing = get_standing(db(), current_actor(), slug)
    if not can_coordinate(standing):
        raise Forbidden
    return standing


def _offer_page(standing: Standing, part: str, form: OfferForm, status: int = 200) -> ResponseReturnValue:
    session = db()
    parent = find_parent(session, standing.community)
    if parent is None or part not in CHARTER_PARTS:
        raise NotFound
    here, there = get_charter(session, standing.community.id), get_charter(session, parent.id)
    same_language = primary(here.lang) == primary(there.lang)
    before, text = there.parts.get(part, ""), here.parts.get(part, "")
    html = render_in_community(
        standing, "communities/chapters/offer.html", section="charter", form=form, parent=parent, part=part,
        label=label_of(part), text=text, lang=here.lang,
        pieces=compare_wordings(before, text) if same_language else None,
    )  # fmt: skip
    return html, status


@blueprint.get("/communities/<slug>/charter/parent/<part>/offer")
def ask_offer(slug: str, part: str) -> ResponseReturnValue:
    """The page to offer a part of a chapter's charter upward on."""
    return _offer_page(_coordinating(slug), part, OfferForm(formdata=None))


@blueprint.post("/communities/<slug>/charter/parent/<part>/offer")
def offer_part(slug: str, part: str) -> ResponseReturnValue:
    """Offer it."""
    session, standing = db(), _coordinating(slug)
    limit("communities.offer", 30, DAY, key=f"account:{current_actor().account_id}")
    form = OfferForm()
    try:
        if not form.validate():
            return _offer_page(standing, part, form, 422)
        adapting.offer_part(session, standing, part, form.note.data or "")
    except Invalid as problem:
        form.show(problem)
        return _offer_page(standing, part, form, 422)
    except Conflict as problem:
        flash(translate(problem.text), "info")
        return go(url_for("communities.show_divergence", slug=slug))
    flash(_("Your words are offered. You will be told what the coordinators there decide."), "ok")
    return go(url_for("communities.show_divergence", slug=slug))


@blueprint.post("/communities/<slug>/charter/offers/<int:offer_id>/withdraw")
def withdraw_offer(slug: str, offer_id: int) -> ResponseReturnValue:
    """Take an offer back."""
    session, standing = db(), _coordinating(slug)
    offer = get_offer(session, offer_id, chapter_id=standing.community.id)
    try:
        adapting.withdraw_offer(session, standing, offer)
        flash(_("The offer is withdrawn."), "ok")
    except Conflict as problem:
        flash(translate(problem.text), "info")
    return go(url_for("communities.show_divergence", slug=slug))


@blueprint.get("/communities/<slug>/charter/offers", endpoint="list_offers")
def show_offers(slug: str) -> ResponseReturnValue:
    """What chapters offer to this community."""
    session, standing = db(), _coordinating(slug)
    offers, more = list_offers(session, parent_id=standing.community.id, before=number_of("before"))
    return render_in_community(
        standing, "communities/chapters/offers.html", section="charter",
        offers=[{"offer": offer, "chapter": chapter, "label": label_of(offer.part)} for offer, chapter in offers],
        next=url_for("communities.list_offers", slug=slug, before=more) if more else None,
    )  # fmt: skip


def _answer_page(standing: Standing, offer: CharterOffer, form: AnswerForm, status: int = 200) -> ResponseReturnValue:
    session = db()
    chapter = session.get(Community, offer.chapter_id)
    current = get_charter(session, standing.community.id)
    same_language = primary(current.lang) == primary(offer.lang)
    before = current.parts.get(offer.part, "")
    if form.text.data is None:
        form.text.data = offer.text if same_language else before
    if not form.seen.data:
        form.seen.data = str(current.version)
    html = render_in_community(
        standing, "communities/chapters/answer.html", section="charter", form=form, offer=offer, chapter=chapter,
        purpose=chapter_for(chapter) if chapter else "", label=label_of(offer.part), current=before,
        current_lang=current.lang, pieces=compare_wordings(before, offer.text) if same_language else None,
        language=word("language", offer.lang), waiting=offer.state == OFFERED,
        people=people_of({offer.offered_by, offer.answered_by}),
    )  # fmt: skip
    return html, status


@blueprint.get("/communities/<slug>/charter/offers/<int:offer_id>")
def show_offer(slug: str, offer_id: int) -> ResponseReturnValue:
    """An offer of a chapter, beside what the charter says now."""
    standing = _coordinating(slug)
    offer = get_offer(db(), offer_id, parent_id=standing.community.id)
    return _answer_page(standing, offer, AnswerForm(formdata=None))


@blueprint.post("/communities/<slug>/charter/offers/<int:offer_id>/take")
def take_offer(slug: str, offer_id: int) -> ResponseReturnValue:
    """Make the offered words part of the charter."""
    session, standing = db(), _coordinating(slug)
    offer = get_offer(session, offer_id, parent_id=standing.community.id)
    form = AnswerForm()
    seen = form.seen.data or ""
    try:
        if not form.validate():
            return _answer_page(standing, offer, form, 422)
        number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
        adapting.take_offer(session, standing, offer, number, form.text.data or "", form.answer.data or "")
    except Invalid as problem:
        session.rollback()
        form.show(problem)
        return _answer_page(_coordinating(slug), get_offer(session, offer_id), form, 422)
    except CharterChanged:
        session.rollback()
        form.seen.data = None
        flash(
            _("The charter was changed in the meantime. Please look at it once more; your words are kept."), "warning"
        )
        return _answer_page(_coordinating(slug), get_offer(session, offer_id), form, 409)
    except Conflict as problem:
        flash(translate(problem.text), "info")
        return go(url_for("communities.show_offer", slug=slug, offer_id=offer_id))
    flash(_("The words are in your charter now. The chapter and your members are told."), "ok")
    return go(url_for("communities.show_charter", slug=slug))


@blueprint.post("/communities/<slug>/charter/offers/<int:offer_id>/decline")
def decline_offer(slug: str, offer_id: int) -> ResponseReturnValue:
    """Leave the charter as it is, with a reason."""
    session, standing = db(), _coordinating(slug)
    offer = get_offer(session, offer_id, parent_id=standing.community.id)
    form = AnswerForm()
    try:
        if not form.validate():
            return _answer_page(standing, offer, form, 422)
        adapting.decline_offer(session, standing, offer, form.answer.data or "")
    except Invalid as problem:
        form.show(problem)
        return _answer_page(standing, offer, form, 422)
    except Conflict as problem:
        flash(translate(problem.text), "info")
        return go(url_for("communities.show_offer", slug=slug, offer_id=offer_id))
    flash(_("The chapter is told, with your reason."), "ok")
    return go(url_for("communities.list_offers", slug=slug))
