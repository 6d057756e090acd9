"""Adding, changing and withdrawing resources."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Conflict, Forbidden, Invalid
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, limit
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.communities.policies import Standing
from app.features.communities.queries import get_standing
from app.features.resources import formats
from app.features.resources.forms.resources import ResourceForm, WithdrawForm, number_of
from app.features.resources.licences import problems_of
from app.features.resources.models import Resource
from app.features.resources.policies import Seen, can_add, can_edit, can_withdraw
from app.features.resources.queries.lineage import get_lineage
from app.features.resources.queries.reading import values_of
from app.features.resources.queries.seeing import find_resource, get_resource
from app.features.resources.services.resources import AlreadyHere, add_resource, change_resource, withdraw_resource
from app.features.resources.values import OriginValues, ResourceValues
from app.features.resources.views.blueprint import blueprint
from app.features.resources.views.pages import Trail, named, trail_of
from app.features.resources.views.showing import base_url

_OWN_PAGE = re.compile(r"/resources/(\d{1,18})/?")


def _form_page(
    form: ResourceForm, title: str, trail: Trail, back: str, status: int = 200, already: int | None = None
) -> ResponseReturnValue:
    there = find_resource(db(), current_actor(), already) if already is not None else None
    html = render_template(
        "resources/edit.html",
        form=form,
        page_title=title,
        trail=trail,
        back_href=back,
        already=url_for("resources.show_resource", resource_id=there.resource.id) if there else None,
    )
    return html, status


def _from_here(origin: OriginValues) -> OriginValues:
    """An origin named by its page here stands for the resource itself."""
    parts = urlsplit(origin.url.strip()) if len(origin.url) < 2100 else None
    own = {urlsplit(base_url()).netloc, request.host}
    page = _OWN_PAGE.fullmatch(parts.path) if parts and parts.netloc in own else None
    seen = find_resource(db(), current_actor(), int(page[1])) if page else None
    return replace(origin, url=seen.resource.url) if seen else origin


def _read(form: ResourceForm) -> ResourceValues:
    values = form.values()
    try:
        origins = tuple(_from_here(origin) for origin in values.origins)
    except ValueError:
        origins = values.origins
    guessed = formats.recognise(values.url) if not values.formats else None
    return replace(values, origins=origins, formats=(guessed,) if guessed else values.formats)


def _warn(session_seen: Seen) -> None:
    lineage = get_lineage(db(), session_seen)
    for problem in problems_of(lineage.licences, session_seen.resource.licence):
        flash(_("Saved. Please look at the licences: %(problem)s", problem=translate(problem)), "warning")


def _new(standing: Standing | None) -> ResponseReturnValue:
    actor = current_actor()
    if not can_add(actor, standing):
        raise Forbidden
    community = standing.community if standing else None
    trail = trail_of(community)
    title, back = _("Share a resource"), trail[-1][1]
    form = ResourceForm.of(ResourceValues(url=request.args.get("url", "")[:2000]))
    if request.method == "GET":
        return _form_page(form, title, trail, back)
    if form.acted():
        return _form_page(form, title, trail, back)
    limit("resources.add", 100, DAY, key=f"account:{actor.account_id}")
    session = db()
    try:
        if not form.validate():
            return _form_page(form, title, trail, back, 422)
        resource, new = add_resource(session, actor, _read(form), form.token.data or "", standing)
    except AlreadyHere as problem:
        form.show(problem)
        return _form_page(form, title, trail, back, 422, problem.resource_id)
    except Invalid as problem:
        form.show(problem)
        return _form_page(form, title, trail, back, 422)
    flash(_("Shared. Thank you.") if new else _("This was sent already; it stands here once."), "ok")
    _warn(Seen(actor, resource, standing))
    return go(url_for("resources.show_resource", resource_id=resource.id))


@blueprint.route("/resources/new", methods=["GET", "POST"])
def new_resource() -> ResponseReturnValue:
    """Share a resource with everyone."""
    return _new(None)


@blueprint.route("/communities/<slug>/resources/new", methods=["GET", "POST"])
def new_in_community(slug: str) -> ResponseReturnValue:
    """Share a resource in a community."""
    return _new(get_standing(db(), current_actor(), slug))


def _editable(resource_id: int) -> Seen:
    seen = get_resource(db(), current_actor(), resource_id)
    if not can_edit(seen):
        raise Forbidden
    return seen


@blueprint.route("/resources/<int:resource_id>/edit", methods=["GET", "POST"])
def edit_resource(resource_id: int) -> ResponseReturnValue:
    """Change what is said of a resource."""
    seen = _editable(resource_id)
    resource = seen.resource
    trail = [
        *trail_of(seen.community),
        (named(resource.title, resource.lang), url_for("resources.show_resource", resource_id=resource.id)),
    ]
    title, back = _("Change this resource"), trail[-1][1]
    form = ResourceForm.of(values_of(resource), resource.version)
    if request.method == "GET" or form.acted():
        return _form_page(form, title, trail, back)
    try:
        if not form.validate():
            return _form_page(form, title, trail, back, 422)
        change_resource(db(), seen, _read(form), form.opened_at())
    except AlreadyHere as problem:
        form.show(problem)
        return _form_page(form, title, trail, back, 422, problem.resource_id)
    except Invalid as problem:
        form.show(problem)
        return _form_page(form, title, trail, back, 422)
    except Conflict:
        return _changed_meanwhile(form, resource, title, trail)
    flash(_("Saved."), "ok")
    _warn(seen)
    return go(back)


def _changed_meanwhile(form: ResourceForm, resource: Resource, title: str, trail: Trail) -> ResponseReturnValue:
    """Somebody else was faster: what was typed stays, and can be sent again knowing that."""
    form.form_errors.append(
        _("Somebody changed this in the meantime. Nothing was overwritten. Send it again to put yours in its place.")
    )
    form.version.raw_data, form.version.data = None, str(resource.version)
    return _form_page(form, title, trail, trail[-1][1], 409)


@blueprint.route("/resources/<int:resource_id>/withdraw", methods=["GET", "POST"])
def withdraw(resource_id: int) -> ResponseReturnValue:
    """Take a resource back, once that was asked."""
    seen = get_resource(db(), current_actor(), resource_id)
    if not can_withdraw(seen):
        raise Forbidden
    form = WithdrawForm(data={"version": str(seen.resource.version)})
    if request.method == "GET" or not form.validate():
        status = 200 if request.method == "GET" else 422
        trail = trail_of(seen.community)
        html = render_template("resources/withdraw.html", seen=seen, resource=seen.resource, form=form, trail=trail)
        return html, status
    withdraw_resource(db(), seen, number_of(form.version.data), form.reason.data or "")
    flash(_("It was taken out of the list."), "ok")
    return go(trail_of(seen.community)[-1][1])
