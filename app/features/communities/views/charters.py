"""The charter of a community: read it, compare its versions, change it, accept it."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Conflict, Forbidden, Invalid
from app.core.markdown import render_markdown
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.limits import HOUR, limit
from app.core.web.pages import go, safe_next
from app.core.web.sessions import db
from app.core.wording import compare_wordings
from app.features.communities.forms.charters import CharterForm, label_of, licence_choices
from app.features.communities.licences import licence_of
from app.features.communities.models import CHARTER_PARTS, Charter, Community
from app.features.communities.policies import Standing, can_coordinate
from app.features.communities.queries import get_standing
from app.features.communities.queries.chapters import count_chapters, diverge, find_origin, find_parent
from app.features.communities.queries.charters import (
    find_charter,
    find_unaccepted,
    get_charter,
    get_version,
    list_versions,
)
from app.features.communities.services import charters as services
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.frame import render_in_community
from app.features.profiles.queries.reading import primary
from app.features.profiles.queries.visible import present_many
from app.features.profiles.views.cards import address_of, reading_languages, title_of, word
from app.features.renditions.queries import Shown, list_best, list_languages
from app.features.threads.forms import language_choices


def number_of(name: str) -> int | None:
    """A version's number from the address; None for anything else."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def people_of(ids: set[int | None]) -> dict[int, dict[str, Any]]:
    """Names and addresses of persons as the reader may see them, by id."""
    wanted = sorted(i for i in ids if i is not None)
    views = present_many(db(), current_actor(), wanted, reading_languages())
    return {v.id: {"name": title_of(v), "lang": v.name_lang if v.name else None, "href": address_of(v)} for v in views}


def _version_lines(versions: list[Charter]) -> list[dict[str, Any]]:
    people = people_of({version.created_by for version in versions})
    return [
        {
            "version": version.version,
            "note": version.note,
            "small": version.small,
            "at": version.created_at,
            "by": people.get(version.created_by or 0),
            "offered": version.offer_id is not None,
        }
        for version in versions
    ]


def _parts(charter: Charter, shown: Shown | None) -> list[dict[str, Any]]:
    """The parts that say something, in a translation where there is one."""
    lines = []
    for part in CHARTER_PARTS:
        text = charter.parts.get(part)
        translated = shown.text(part) if shown is not None and text else None
        if text:
            lang = shown.lang if shown is not None and translated else charter.lang
            lines.append(
                {"name": part, "label": label_of(part), "html": render_markdown(translated or text), "lang": lang}
            )
    return lines


def _translation(standing: Standing, charter: Charter) -> Shown | None:
    """The best translation for a reader who does not read the charter's language, unless they want the original."""
    if request.args.get("original"):
        return None
    number = standing.community.id
    found = list_best(
        db(), current_actor(), "charter", {number: charter.lang}, {number: charter.version}, reading_languages()
    )
    return found.get(number)


@blueprint.get("/communities/<slug>/charter")
def show_charter(slug: str) -> ResponseReturnValue:
    """The charter in force, or with ``version`` an earlier one."""
    session = db()
    standing = get_standing(session, current_actor(), slug)
    newest = find_charter(session, standing.community.id)
    asked = number_of("version")
    charter = newest
    if newest is not None and asked is not None and asked != newest.version:
        charter = get_version(session, standing.community.id, asked)
    versions = list_versions(session, standing.community.id, before=number_of("before"))
    parent = find_parent(session, standing.community)
    in_force = charter is not None and newest is not None and charter.version == newest.version
    shown = _translation(standing, charter) if charter is not None and in_force else None
    return render_in_community(
        standing,
        "communities/charter/show.html",
        section="charter",
        charter=charter,
        newest=newest,
        parts=_parts(charter, shown) if charter else [],
        shown=shown,
        kept=list_languages(session, "charter", [standing.community.id]).get(standing.community.id, ()),
        licence=licence_of(charter.licence) if charter else None,
        language=word("language", charter.lang) if charter else "",
        versions=_version_lines(versions),
        older=versions[-1].version if versions and versions[-1].version > 1 else None,
        unaccepted=find_unaccepted(session, standing),
        editable=can_coordinate(standing),
        parent=parent,
        origin=find_origin(session, charter) if charter and standing.community.parent_id is None else None,
        chapter_count=count_chapters(session, standing.community.id) if standing.community.parent_id is None else 0,
        differing=sum(1 for part in diverge(session, newest, parent) if part.differs) if parent and newest else 0,
    )


def _changed_parts(before: Charter, after: Charter) -> list[dict[str, Any]]:
    return [
        {"label": label_of(part), "pieces": compare_wordings(before.parts.get(part, ""), after.parts.get(part, ""))}
        for part in CHARTER_PARTS
        if before.parts.get(part, "") != after.parts.get(part, "")
    ]


@blueprint.get("/communities/<slug>/charter/changes")
def compare_charters(slug: str) -> ResponseReturnValue:
    """What changed from one version to another, word by word."""
    session = db()
    standing = get_standing(session, current_actor(), slug)
    newest = get_charter(session, standing.community.id)
    accepted = standing.member.charter_version if standing.member is not None and standing.is_member else None
    later = number_of("to") or newest.version
    default = accepted if accepted and accepted < later else max(later - 1, 1)
    before = get_version(session, standing.community.id, number_of("from") or default)
    after = newest if later == newest.version else get_version(session, standing.community.id, later)
    changed = _changed_parts(before, after)
    return render_in_community(
        standing,
        "communities/charter/changes.html",
        section="charter",
        before=before,
        after=after,
        newest=newest,
        changed=changed,
        unchanged=[label_of(p) for p in CHARTER_PARTS if before.parts.get(p, "") == after.parts.get(p, "")],
        licences=(licence_of(before.licence), licence_of(after.licence)),
        languages=(word("language", before.lang), word("language", after.lang)),
        versions=_version_lines(list_versions(session, standing.community.id)),
        unaccepted=find_unaccepted(session, standing),
    )


def _for_coordinators(slug: str) -> Standing:
    standing = get_standing(db(), current_actor(), slug)
    if not can_coordinate(standing):
        raise Forbidden
    return standing


def _is_translating(standing: Standing, form: CharterForm, parent: Community | None) -> bool:
    """Whether a chapter's charter is, or is to be, in another language than its parent's."""
    there = find_charter(db(), parent.id) if parent is not None else None
    here = {primary(tag) for tag in (standing.community.lang, form.lang.data) if tag}
    return there is not None and here != {primary(there.lang)}


def _edit_page(
    standing: Standing, form: CharterForm, status: int = 200, theirs: Charter | None = None
) -> ResponseReturnValue:
    session = db()
    form.lang.choices = language_choices(current_actor(), filter(None, [form.lang.data, standing.community.lang]))
    form.licence.choices = licence_choices()
    parent = find_parent(session, standing.community)
    current = get_charter(session, standing.community.id)
    drifted = {part.part: part for part in diverge(session, current, parent)} if parent else {}
    if drifted and not form.anchor.data:
        form.anchor.data = str(next(iter(drifted.values())).there_id)
    html = render_in_community(
        standing,
        "communities/charter/edit.html",
        section="charter",
        form=form,
        names=CHARTER_PARTS,
        theirs=theirs,
        theirs_by=people_of({theirs.created_by}).get(theirs.created_by or 0) if theirs else None,
        parent=parent,
        drifted=drifted,
        translated=request.form.getlist("translated"),
        translating=bool(drifted) and _is_translating(standing, form, parent),
        licence=licence_of(form.licence.data or ""),
    )
    return html, status


@blueprint.get("/communities/<slug>/charter/edit")
def edit_charter(slug: str) -> ResponseReturnValue:
    """The page to change the charter on."""
    standing = _for_coordinators(slug)
    form = CharterForm(formdata=None)
    form.fill(get_charter(db(), standing.community.id))
    return _edit_page(standing, form)


@blueprint.post("/communities/<slug>/charter/edit")
def save_charter(slug: str) -> ResponseReturnValue:
    """Put a new version in force; if another coordinator was quicker, show both."""
    session, standing = db(), _for_coordinators(slug)
    limit("communities.charter", 60, HOUR, key=f"account:{current_actor().account_id}")
    form = CharterForm()
    try:
        if not form.validate():
            return _edit_page(standing, form, 422)
        wording = form.wording(request.form.getlist("translated"))
        charter = services.save_charter(session, standing, form.seen_version(), wording)
    except services.CharterChanged:
        session.rollback()
        standing = _for_coordinators(slug)
        theirs = get_charter(session, standing.community.id)
        form.seen.data = str(theirs.version)
        return _edit_page(standing, form, 409, theirs)
    except Invalid as problem:
        form.show(problem)
        return _edit_page(standing, form, 422)
    if charter is None:
        flash(_("Nothing was changed, so no new version was made."), "info")
    elif charter.small:
        flash(_("Saved. Members are not asked again."), "ok")
    else:
        flash(
            _("Version %(version)s is in force. Members are told and asked to accept it.", version=charter.version),
            "ok",
        )
    return go(url_for("communities.show_charter", slug=slug))


@blueprint.post("/communities/<slug>/charter/accept")
def accept_charter(slug: str) -> ResponseReturnValue:
    """Accept the version that was read."""
    session = db()
    standing = get_standing(session, current_actor(), slug)
    version = request.form.get("version", "")
    try:
        services.accept_charter(
            session, standing, int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
        )
    except Conflict as problem:
        flash(translate(problem.text), "info")
        return go(url_for("communities.compare_charters", slug=slug))
    flash(_("Thank you. You accepted version %(version)s of the charter.", version=version), "ok")
    return go(safe_next(request.form.get("next"), url_for("communities.show_charter", slug=slug)))
