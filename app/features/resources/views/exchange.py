"""Taking resources in from descriptions made elsewhere, and giving them out as LRMI."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.errors import Forbidden, Invalid
from app.core.messages import N_, Text
from app.core.web.i18n import current_locale, translate
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, limit
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.communities.policies import Standing
from app.features.communities.queries import get_standing
from app.features.profiles.views.cards import word
from app.features.resources import wording
from app.features.resources.forms.resources import ImportForm
from app.features.resources.licences import UNKNOWN, name_of
from app.features.resources.lrmi import Understood, Unreadable, read_document, read_records, write_collection
from app.features.resources.policies import can_add
from app.features.resources.queries.filters import read_filters
from app.features.resources.queries.listing import find_page, load_origins
from app.features.resources.queries.translations import list_translations
from app.features.resources.services.checking import check_values
from app.features.resources.services.importing import Imported, import_resources
from app.features.resources.values import ResourceValues
from app.features.resources.views.blueprint import blueprint
from app.features.resources.views.listing import address, readable
from app.features.resources.views.pages import trail_of
from app.features.resources.views.showing import base_url, json_ld, record_of
from app.features.vocabularies.queries import autonym

EXPORTED = 50
TOLD, LONGEST_TOLD = 5, 60


def cut(text: str, most: int) -> str:
    """A text of at most so many characters, with dots where it goes on.

    >>> cut("Fractions", 9), cut("Fractions", 5)
    ('Fractions', 'Frac…')
    """
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _export(standing: Standing | None) -> ResponseReturnValue:
    filters, _unknown = read_filters(request.args.getlist)
    session = db()
    page = find_page(session, standing, filters, current_locale().code, request.args.get("at"), EXPORTED)
    load_origins(session, page.resources)
    also = list_translations(session, [row.id for row in page.resources])
    records = [record_of(row, also[row.id]) for row in page.resources]
    endpoint = "resources.export_community" if standing else "resources.export_resources"
    slug: dict[str, Any] = {"slug": standing.community.slug} if standing else {}
    pairs = [(name, filters.codes(name)) for name in ("subject", "level", "language", "use", "type")]
    values: dict[str, Any] = {**slug, "q": filters.text or None, **{name: list(codes) for name, codes in pairs}}
    here = base_url() + url_for(endpoint, **values, at=request.args.get("at"))
    following = base_url() + url_for(endpoint, **values, at=page.next) if page.next else None
    name = standing.community.name if standing else "Commonweave"
    return json_ld(write_collection(records, name, here, following))


@blueprint.get("/resources.jsonld")
def export_resources() -> ResponseReturnValue:
    """Everything that is open to all, as LRMI, part by part."""
    return _export(None)


@blueprint.get("/communities/<slug>/resources.jsonld")
def export_community(slug: str) -> ResponseReturnValue:
    """What a community shares, as LRMI, part by part."""
    return _export(readable(slug))


def _given(form: ImportForm) -> str:
    upload = form.file.data
    if upload and getattr(upload, "filename", ""):
        try:
            return str(upload.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise Invalid({"file": Text(N_("This file is not written in UTF-8, so it could not be read."))}) from None
    # Not from the cleaned field: what was pasted is read as it is.
    return request.form.get("text", "")


def _preview(record: Understood, number: int, lang: str) -> dict[str, Any]:
    values = record.values
    facts = [
        (_("Address"), values.url),
        (_("Licence"), translate(name_of(values.licence)) if values.licence else ""),
        (_("What it is"), _(wording.TYPES[values.type]) if values.type else ""),
        (_("Languages"), " · ".join(autonym(tag) for tag in values.languages)),
        (_("Subjects"), " · ".join(word("subject", code) for code in values.subjects)),
        (_("Levels"), " · ".join(word("level", code) for code in values.levels)),
        (_("Who made it"), " · ".join(values.authors)),
        (_("Made from"), " · ".join(origin.url for origin in values.origins)),
    ]
    problems: list[str] = []
    try:
        check_values(_completed(values, lang))
    except Invalid as problem:
        problems = [translate(text) for text in problem.fields.values()]
    return {
        "number": str(number),
        "title": values.title or values.url,
        "lang": values.lang or None,
        "facts": [row for row in facts if row[1]],
        "missing": [_(wording.MISSING[name]) for name in record.missing],
        "unknown": [f"{_(wording.MISSING.get(name, name))}: {text}" for name, text in record.unknown[:8]],
        "problems": problems,
    }


def _completed(values: ResourceValues, fallback: str) -> ResourceValues:
    """What a record leaves open, said for it: its language is what the reader says, its licence is not known, it is
    something."""
    lang = values.lang or (values.languages[0] if values.languages else fallback)
    languages = values.languages or (lang,)
    licence, type_ = values.licence or UNKNOWN, values.type or "other"
    return replace(values, lang=lang, languages=languages, licence=licence, type=type_)


def _page(
    standing: Standing | None, form: ImportForm, records: list[Understood] | None = None, status: int = 200, **more: Any
) -> ResponseReturnValue:
    community = standing.community if standing else None
    trail = trail_of(community)
    html = render_template(
        "resources/import.html",
        form=form,
        trail=trail,
        back_href=trail[-1][1],
        records=[_preview(record, number, form.lang.data or "") for number, record in enumerate(records)]
        if records
        else None,
        **more,
    )
    return html, status


def _import(standing: Standing | None) -> ResponseReturnValue:
    actor = current_actor()
    if not can_add(actor, standing):
        raise Forbidden
    form = ImportForm()
    if request.method == "GET":
        return _page(standing, form)
    limit("resources.import", 60, DAY, key=f"account:{actor.account_id}")
    try:
        if not form.validate():
            return _page(standing, form, status=422)
        text = _given(form)
        records = read_records(read_document(text))
    except Unreadable as problem:
        form.show(Invalid({"text": problem.text}))
        return _page(standing, form, status=422)
    except Invalid as problem:
        form.show(problem)
        return _page(standing, form, status=422)
    if "confirm" not in request.form:
        return _page(standing, form, records, given=text, token=secrets.token_hex(16))
    chosen = set(request.form.getlist("take"))
    lang = form.lang.data or ""
    wanted = [_completed(record.values, lang) for number, record in enumerate(records) if str(number) in chosen]
    if not wanted:
        form.form_errors.append(_("Please choose at least one."))
        return _page(standing, form, records, 422, given=text, token=request.form.get("token", ""))
    done = import_resources(db(), actor, wanted, request.form.get("token", ""), standing)
    if not done.added and not done.here:
        form.form_errors += [translate(message) for _values, fields in done.refused[:5] for message in fields.values()]
        return _page(standing, form, records, 422, given=text, token=request.form.get("token", ""))
    _tell(done)
    filters, _unknown = read_filters(lambda _name: [])
    return go(address(filters, standing.community.slug if standing else None))


def _tell(done: Imported) -> None:
    if done.added:
        flash(ngettext("%(num)s resource was added.", "%(num)s resources were added.", len(done.added)), "ok")
    if done.here:
        flash(ngettext("%(num)s was here already.", "%(num)s were here already.", len(done.here)), "info")
    # Said by the cookie, which holds little: a longer one would be dropped with all that was done.
    for values, fields in done.refused[:TOLD]:
        why = " ".join(translate(text) for text in list(fields.values())[:2])
        title = cut(values.title or values.url, LONGEST_TOLD)
        flash(_("Not added: “%(title)s”. %(why)s", title=title, why=why), "warning")
    more = len(done.refused) - TOLD
    if more > 0:
        flash(ngettext("%(num)s more could not be added.", "%(num)s more could not be added.", more), "warning")


@blueprint.route("/resources/import", methods=["GET", "POST"])
def import_resources_page() -> ResponseReturnValue:
    """Take in resources for everyone."""
    return _import(None)


@blueprint.route("/communities/<slug>/resources/import", methods=["GET", "POST"])
def import_in_community(slug: str) -> ResponseReturnValue:
    """Take in resources for a community."""
    return _import(get_standing(db(), current_actor(), slug))
