"""Saying what one thinks of a resource."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Conflict, Forbidden, Invalid
from app.core.messages import N_
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, limit
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.profiles.queries.profiles import find_own_person
from app.features.resources.forms.reviews import ReviewForm
from app.features.resources.policies import Seen, can_review
from app.features.resources.queries.reviews import find_review
from app.features.resources.queries.seeing import get_resource
from app.features.resources.services.reviews import take_back_review, write_review
from app.features.resources.views.blueprint import blueprint
from app.features.resources.views.pages import trail_of
from app.features.resources.views.rows import shown_of, titled


def _page(seen: Seen, form: ReviewForm, exists: bool, status: int = 200) -> ResponseReturnValue:
    resource = seen.resource
    back = url_for("resources.show_resource", resource_id=resource.id)
    html = render_template(
        "resources/review.html",
        form=form,
        resource=resource,
        head=titled(resource, shown_of([resource]).get(resource.id)),
        trail=trail_of(seen.community),
        back_href=back,
        exists=exists,
    )
    return html, status


@blueprint.route("/resources/<int:resource_id>/review", methods=["GET", "POST"])
def review_resource(resource_id: int) -> ResponseReturnValue:
    """Write a review, or change one's own."""
    session, actor = db(), current_actor()
    seen = get_resource(session, actor, resource_id)
    if not can_review(seen):
        raise Forbidden(N_("Only colleagues with a profile review a resource, and nobody their own."))
    review = find_review(session, resource_id, actor.person_id)
    person = find_own_person(session, actor)
    form = ReviewForm.of(review, person.country if person else None)
    if request.method == "GET":
        return _page(seen, form, review is not None)
    limit("resources.review", 60, DAY, key=f"account:{actor.account_id}")
    try:
        if not form.validate():
            return _page(seen, form, review is not None, 422)
        write_review(session, seen, form.values(), form.opened_at())
    except Invalid as problem:
        form.show(problem)
        return _page(seen, form, review is not None, 422)
    except Conflict:
        session.rollback()
        return _changed_meanwhile(resource_id, form)
    flash(_("Thank you. Your colleagues can read it now."), "ok")
    return go(url_for("resources.show_resource", resource_id=resource_id) + "#reviews")


def _changed_meanwhile(resource_id: int, form: ReviewForm) -> ResponseReturnValue:
    session, actor = db(), current_actor()
    seen = get_resource(session, actor, resource_id)
    review = find_review(session, resource_id, actor.person_id)
    form.form_errors.append(_("You changed your review elsewhere meanwhile. Send this again to put it in its place."))
    form.version.raw_data, form.version.data = None, str(review.version if review else 0)
    return _page(seen, form, review is not None, 409)


@blueprint.post("/resources/<int:resource_id>/review/take-back")
def take_back(resource_id: int) -> ResponseReturnValue:
    """Take one's review back."""
    session = db()
    take_back_review(session, get_resource(session, current_actor(), resource_id))
    flash(_("Your review was taken away."), "ok")
    return go(url_for("resources.show_resource", resource_id=resource_id))
