"""Keeping a community: its settings section by section, closing and reopening, taking everything along."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Forbidden, Invalid, NotFound
from app.core.registries import community_exporters
from app.core.web.identity import current_actor
from app.core.web.limits import HOUR, limit
from app.core.web.pages import go
from app.core.web.sessions import READING, database, db
from app.features.communities.forms.founding import FORMS, CloseForm, StepForm
from app.features.communities.models import CLOSED, Community
from app.features.communities.policies import Standing, can_coordinate
from app.features.communities.queries.standing import get_standing
from app.features.communities.services.keeping import (
    ChangedElsewhere,
    change_community,
    close_community,
    reopen_community,
)
from app.features.communities.services.plans import SECTIONS, plan_of
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.frame import render_in_community
from app.features.communities.views.plan_words import Line, summary_of


def _coordinating(slug: str) -> Standing:
    standing = get_standing(db(), current_actor(), slug)
    if not can_coordinate(standing):
        raise Forbidden
    return standing


@blueprint.get("/communities/<slug>/settings")
def show_settings(slug: str) -> ResponseReturnValue:
    """Everything a coordinator decides, with the way to change each."""
    standing = _coordinating(slug)
    plan = plan_of(standing.community)
    sections = [
        {
            "title": FORMS[section].title,
            "href": url_for("communities.edit_settings", slug=slug, section=section),
            "lines": summary_of(section, plan),
        }
        for section in SECTIONS
    ]
    return render_in_community(standing, "communities/settings/overview.html", "settings", sections=sections)


@blueprint.route("/communities/<slug>/settings/<section>", methods=["GET", "POST"])
def edit_settings(slug: str, section: str) -> ResponseReturnValue:
    """One section of the settings: show it, or take what was sent."""
    standing = _coordinating(slug)
    if section not in SECTIONS:
        raise NotFound
    form = FORMS[section].of(plan_of(standing.community), standing.community.version)
    if request.method in READING or form.acted():
        return _section_page(standing, form, 200)
    if not form.validate():
        return _section_page(standing, form, 422)
    try:
        changed = change_community(db(), standing, form.opened_at(), section, form.answers())
    except Invalid as problem:
        form.show(problem)
        return _section_page(standing, form, 422)
    except ChangedElsewhere:
        return _section_page(standing, form, 409, _as_stored(standing, form))
    flash(_("Saved.") if changed else _("Nothing was different, so nothing was saved."), "ok")
    return go(url_for("communities.show_settings", slug=slug))


def _as_stored(standing: Standing, form: StepForm) -> list[Line]:
    """What another coordinator saved; the form goes on from there with what was typed in it."""
    session = db()
    session.rollback()
    stored = session.get_one(Community, standing.community.id, populate_existing=True)
    form.version.data = form.version.raw_data = None
    form.version.process(None, stored.version)
    return summary_of(form.step, plan_of(stored), whole=True)


def _section_page(
    standing: Standing, form: StepForm, status: int, stored: list[Line] | None = None
) -> ResponseReturnValue:
    page = render_in_community(
        standing, "communities/settings/section.html", "settings", form=form, stored=stored,
        back=url_for("communities.show_settings", slug=standing.community.slug),
    )  # fmt: skip
    return page, status


@blueprint.route("/communities/<slug>/close", methods=["GET", "POST"])
def close(slug: str) -> ResponseReturnValue:
    """Close a community: the question as a page, and the answer."""
    standing = _coordinating(slug)
    if standing.community.state == CLOSED:
        return go(url_for("communities.show_settings", slug=slug))
    form = CloseForm()
    if request.method not in READING and form.validate():
        close_community(db(), standing, (form.reason.data or "")[:1000])
        flash(_("Closed. Everything stays readable, and you can open it again."), "ok")
        return go(url_for("communities.show_community", slug=slug))
    page = render_in_community(
        standing, "communities/settings/close.html", "settings", form=form,
        back=url_for("communities.show_settings", slug=slug),
    )  # fmt: skip
    return page, 200 if request.method in READING else 422


@blueprint.post("/communities/<slug>/reopen")
def reopen(slug: str) -> ResponseReturnValue:
    """Open it again."""
    reopen_community(db(), _coordinating(slug))
    flash(_("Open again."), "ok")
    return go(url_for("communities.show_community", slug=slug))


@blueprint.get("/communities/<slug>/export")
def export(slug: str) -> ResponseReturnValue:
    """Everything its members may read as a file, written out piece by piece."""
    standing = _coordinating(slug)
    limit("community_export", 10, HOUR, key=str(current_actor().account_id))
    response = Response(_written(standing.community.id), mimetype="application/json")
    response.headers["Content-Disposition"] = f"attachment; filename={slug}.json"
    response.headers["Cache-Control"] = "no-store"
    return response


def _written(community_id: int) -> Iterator[str]:
    """The file, piece by piece; its session is its own, since that of the request ends with the request."""
    store = database()

    def pieces() -> Iterator[str]:
        separator = "{"
        with store.reading() as session:
            for name, exporter in community_exporters():
                yield f"{separator}\n{json.dumps(name)}: "
                yield from _value(exporter(session, community_id))
                separator = ","
        yield "\n}\n" if separator == "," else "{}\n"

    return pieces()


def _value(value: Any) -> Iterator[str]:
    if not isinstance(value, Iterator):
        yield json.dumps(value, ensure_ascii=False)
        return
    separator = "["
    for one in value:
        yield f"{separator}\n{json.dumps(one, ensure_ascii=False)}"
        separator = ","
    yield "[]" if separator == "[" else "]"
