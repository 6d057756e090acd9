"""Why one is suggested to others: how often, for what, by which parts of the profile; and the switch to stop it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_percent, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.errors import NotFound
from app.core.web.identity import current_actor
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.communities.queries.between import find_stands
from app.features.communities.queries.missing import list_own_missing
from app.features.profiles.forms.sections import SECTIONS
from app.features.profiles.models import SUGGESTED_AS, Person, Profile
from app.features.profiles.policies import ALL_PARTS, parts_open
from app.features.profiles.services.facets import Facets, facets_of
from app.features.profiles.services.saving import update_facets
from app.features.profiles.views.editing import section_address
from app.features.profiles.views.summaries import summary_of
from app.features.suggestions.forms import KindsForm
from app.features.suggestions.queries.appearances import Appearances, count_appearances_of
from app.features.suggestions.queries.rows import MEMBERS, list_matchable_ids
from app.features.suggestions.services.dismissing import check_asking
from app.features.suggestions.views import blueprint
from app.features.suggestions.views.asking import Asking, who_asks
from app.features.suggestions.views.lists import may_change, not_yet
from app.features.vocabularies.queries import autonym

# What a criterion is called by the one who is suggested, and in which section of the profile it is said.
_CRITERIA = {
    "subject": (_l("Your subjects"), "teaching"),
    "level": (_l("Your levels"), "teaching"),
    "interests": (_l("What you write about your interests"), "texts"),
    "tags": (_l("Your tags"), "texts"),
    "teaching_language": (_l("The languages you teach in"), "languages"),
    "language": (_l("The languages you can work in"), "languages"),
    "place": (_l("Where you are"), "place"),
    "border": (_l("Being across a border"), "place"),
    "hours": (_l("Your working hours"), "hours"),
    "they_offer": (_l("What you offer"), "exchange"),
    "you_offer": (_l("What you need"), "exchange"),
    "capacity": (_l("Your room for new contacts"), "contacts"),
    "freshness": (_l("That you confirmed your profile lately"), None),
    "history": (_l("Your partnerships so far"), None),
    "reach": (_l("The people you could bring together"), "languages"),
    "far_subject": (_l("Your subjects"), "teaching"),
    "far_level": (_l("Your levels"), "teaching"),
    "far_interests": (_l("What you write about your interests"), "texts"),
    "far_tags": (_l("Your tags"), "texts"),
    "far_language": (_l("The languages you can work in"), "languages"),
}
# The sections others are matched by, with the part of the profile whose audience decides.
_SECTIONS = {
    "teaching": ("teaching", _l("Subjects and levels")),
    "languages": ("languages", _l("Languages")),
    "exchange": ("exchange", _l("Offers and needs")),
    "texts": ("texts", _l("Interests and tags")),
    "hours": ("place", _l("Working hours")),
}
_KINDS = {
    "peers": _l("Lists of peers"),
    "collaborators": _l("Lists of collaborators"),
    "institutions": _l("Lists of institutions"),
    "bridges": _l("Lists of bridges"),
    "home": _l("On somebody's first page"),
    "guests": _l("Lists of guests"),
}
# The lists on which one stands as what one is suggested; the others are found by jobs.
_LISTS = {
    "peers": ("peers", "home"),
    "institutions": ("institutions", "peers", "home"),
    "collaborators": ("collaborators",),
    "bridges": ("bridges",),
    "guests": ("guests",),
}
_MOST, _FEW, MOST_GROUPS = 6, 3, 20


def _get_asking() -> Asking:
    asking = who_asks()
    if asking is None:
        raise NotFound
    return asking


def _counted(profile: Profile, found: Appearances, sections: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What counted most, as shares of all that did, each with the section where it is said."""
    names: dict[str, tuple[int, str | None]] = {}
    for criterion, number in found.criteria.items():
        label, section = _CRITERIA.get(criterion, (None, None))
        if label is not None:
            names[str(label)] = (names.get(str(label), (0, None))[0] + number, section)
    whole = max(sum(number for number, _section in names.values()), 1)
    ordered = sorted(names.items(), key=lambda item: -item[1][0])[:_MOST]
    return [
        {
            "label": label,
            "share": number / whole,
            "text": format_percent(round(number / whole, 2)),
            "href": section_address(profile, section) if section and section in sections else None,
        }
        for label, (number, section) in ordered
    ]


def _at_present(profile: Profile, found: Appearances) -> dict[str, str]:
    """For each thing one may be suggested as: on how many lists one stood lately, or where one was found to belong."""
    said = {}
    for kind, lists in _LISTS.items():
        number = sum(found.kinds.get(one, (0, 0))[0] for one in lists)
        if number:
            said[kind] = ngettext(
                "On %(num)s list in the last 30 days.", "On %(num)s lists in the last 30 days.", number
            )
    groups = len([one for one in list_own_missing(db(), profile.id, MOST_GROUPS) if one.own])
    if groups:
        said["groups"] = ngettext("At present in %(num)s group.", "At present in %(num)s groups.", groups)
    # What a job found before that was refused is named nowhere any more.
    if isinstance(profile, Person) and all(one.kind != "introducers" for one in profile.refusals):
        stands = find_stands(db(), profile.id, _FEW)
        pairs = [tuple(autonym(tag) for tag in pair) for pair in stands.languages]
        pairs += [tuple(one.name for one in pair) for pair in stands.communities]
        if pairs:
            said["introducers"] = _("At present: %(pairs)s.", pairs=" · ".join(_pair(*pair) for pair in pairs[:_FEW]))
    return said


def _pair(one: str, other: str) -> str:
    # Isolated, so that a name written from right to left does not turn the order of the two.
    return f"\u2068{one}\u2069 – \u2068{other}\u2069"


def _parts(profile: Profile) -> list[dict[str, Any]]:
    """The sections by which others find this profile: what they hold, and whether that counts for others."""
    facets = replace(facets_of(profile), about={})  # of the texts only the interests are compared
    open_parts = parts_open(profile.audiences, MEMBERS) if isinstance(profile, Person) else ALL_PARTS
    return [
        {
            "title": title,
            "lines": summary_of(section, facets),
            "counts": part in open_parts,
            "href": section_address(profile, section),
        }
        for section, (part, title) in _SECTIONS.items()
        if section in SECTIONS[profile.kind]
    ]


@blueprint.get("/suggestions/me")
def about_me() -> ResponseReturnValue:
    """How often one was suggested to others and for what; never to whom."""
    first = not_yet()
    if first is not None:
        return first
    asking = _get_asking()
    refused = {refusal.kind for refusal in asking.profile.refusals}
    form = KindsForm(asking.profile.kind, formdata=None)
    form.kinds.data = [kind for kind in SUGGESTED_AS[asking.profile.kind] if kind not in refused]
    return _page(asking, form)


def _page(asking: Asking, form: KindsForm) -> str:
    profile = asking.profile
    check_asking(db(), current_actor(), profile)
    found = count_appearances_of(db(), profile.id)
    return render_template(
        "suggestions/me.html",
        asking=asking,
        form=form,
        now=_at_present(profile, found),
        found=found,
        kinds=[(str(_KINDS[kind]), *numbers) for kind, numbers in found.kinds.items() if kind in _KINDS],
        counted=_counted(profile, found, SECTIONS[profile.kind]),
        parts=_parts(profile),
        suggestible=profile.suggestible,
        there=profile.id in list_matchable_ids(db(), [profile.id]),
        may_change=may_change(asking),
        visibility=section_address(profile, "visibility") if not asking.institution else None,
        back=url_for("suggestions.index", **asking.link),
    )


@blueprint.post("/suggestions/me")
def set_suggestible() -> ResponseReturnValue:
    """Stop being suggested to others, or begin again."""
    asking = _get_asking()
    wanted = request.form.get("suggestible") == "yes"
    update_facets(db(), current_actor(), asking.profile, Facets(suggestible=wanted))
    if wanted:
        flash(_("Saved. You may be suggested to others again."), "ok")
    else:
        flash(_("Saved. You are not suggested to anybody from now on."), "ok")
    return go(url_for("suggestions.about_me", **asking.link))


@blueprint.post("/suggestions/me/kinds")
def set_kinds() -> ResponseReturnValue:
    """Choose as what one may be suggested; whatever isn't ticked is refused."""
    asking = _get_asking()
    form = KindsForm(asking.profile.kind)
    if not form.validate():
        return _page(asking, form), 422
    update_facets(db(), current_actor(), asking.profile, Facets(not_suggested_as=form.refused))
    flash(_("Saved. It holds from now on, on every list."), "ok")
    return go(url_for("suggestions.about_me", **asking.link))
