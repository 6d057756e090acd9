"""Changing a profile, section by section; the same for persons and institutions."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Invalid, NotFound
from app.core.web.identity import current_actor
from app.core.web.pages import go
from app.core.web.sessions import READING, db
from app.features.profiles.forms.base import SectionForm
from app.features.profiles.forms.sections import SECTIONS
from app.features.profiles.models import Institution, Profile
from app.features.profiles.services.facets import facets_of
from app.features.profiles.services.saving import ChangedElsewhere, check_may_edit, update_facets
from app.features.profiles.views.summaries import Line, summary_of

Answer = tuple[SectionForm, int, list[Line] | None]


def overview_of(profile: Profile) -> list[dict[str, Any]]:
    """Each section with its title, its address and what it holds."""
    facets = facets_of(profile)
    return [
        {
            "key": name,
            "title": form.title,
            "href": section_address(profile, name),
            "lines": summary_of(name, facets),
        }
        for name, form in SECTIONS[profile.kind].items()
    ]


def section_address(profile: Profile, section: str) -> str:
    """The address of a section's page."""
    if isinstance(profile, Institution):
        return url_for("profiles.edit_institution_section", handle=profile.handle, section=section)
    return url_for("profiles.edit_section", section=section)


def overview_address(profile: Profile) -> str:
    """The address of the page all sections stand on."""
    if isinstance(profile, Institution):
        return url_for("profiles.edit_institution", handle=profile.handle)
    return url_for("profiles.edit_person")


def edit(profile: Profile, section: str) -> ResponseReturnValue:
    """Show a section's form, or take what was sent."""
    check_may_edit(db(), current_actor(), profile)
    form_class = SECTIONS[profile.kind].get(section)
    if form_class is None:
        raise NotFound
    form = form_class.of(profile)
    if request.method in READING or form.acted():
        return _page(profile, (form, 200, None))
    answer = _save(profile, form)
    if answer is not None:
        return _page(profile, answer)
    flash(_("Saved."), "ok")
    return go(overview_address(profile))


def _save(profile: Profile, form: SectionForm) -> Answer | None:
    """Save the section; None if that went well, else what to show."""
    session, handle_id = db(), profile.id
    valid = form.validate()
    facets = form.facets()
    if not valid:
        return form, 422, None
    try:
        update_facets(session, current_actor(), profile, facets, form.opened_at())
    except Invalid as problem:
        form.show(problem)
        return form, 422, None
    except ChangedElsewhere:
        # A flush may have failed half way: what is shown must be what is stored.
        session.rollback()
        stored = session.get_one(Profile, handle_id)
        form.version.data = form.version.raw_data = None
        form.version.process(None, stored.version)
        return form, 409, summary_of(form.section, facets_of(stored), whole=True)
    return None


def _page(profile: Profile, answer: Answer) -> ResponseReturnValue:
    form, status, stored = answer
    page = render_template(
        "profiles/section.html",
        form=form,
        profile=profile,
        stored=stored,
        back=overview_address(profile),
        is_institution=isinstance(profile, Institution),
    )
    return page, status
