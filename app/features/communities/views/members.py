"""The members: the list of them, their roles, and who takes over when nobody coordinates."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.errors import Forbidden, Invalid, NotFound
from app.core.messages import N_
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.limits import HOUR, limit
from app.core.web.pages import go
from app.core.web.sessions import READING, db
from app.features.communities.forms.membership import ROLE_HINTS, ROLE_WORDS, RoleForm
from app.features.communities.models import COORDINATOR, FACILITATOR, MEMBER, ROLES
from app.features.communities.policies import (
    Standing,
    can_coordinate,
    can_facilitate,
    can_invite,
    can_list_members,
    can_read,
    can_take_over,
)
from app.features.communities.queries import get_standing
from app.features.communities.queries import members as queries
from app.features.communities.queries.members import (
    MemberFilter,
    count_asking,
    count_by_role,
    find_member,
)
from app.features.communities.services import roles
from app.features.communities.services.membership import LastCoordinator, NotAMember
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.frame import render_in_community
from app.features.communities.views.people import home_of, line_of, views_of
from app.features.communities.views.reporting import page_mark
from app.features.profiles.queries.reading import primary
from app.features.vocabularies.queries import autonym, normalise_language


def _wanted(standing: Standing) -> MemberFilter:
    role, tag = request.args.get("role"), normalise_language(request.args.get("lang_of") or "")
    return MemberFilter(
        role=role if role in ROLES else None,
        language=primary(tag) if tag else None,
        unanswered=request.args.get("unanswered") == "1" and can_facilitate(standing),
    )


def _address(slug: str, wanted: MemberFilter, **changes: Any) -> str:
    values: dict[str, Any] = {
        "role": wanted.role,
        "lang_of": wanted.language,
        "unanswered": 1 if wanted.unanswered else None,
    }
    return url_for("communities.list_members", slug=slug, **{**values, **changes})


def _role_tabs(slug: str, wanted: MemberFilter, counts: dict[str, int], whole: bool) -> list[dict[str, Any]]:
    words = {
        COORDINATOR: ngettext("Coordinator", "Coordinators", counts[COORDINATOR]),
        FACILITATOR: ngettext("Facilitator", "Facilitators", counts[FACILITATOR]),
    }
    shown: list[tuple[str | None, str, int]] = [(None, _("All"), sum(counts.values()))] if whole else []
    shown += [(role, words[role], counts[role]) for role in words if counts[role]]
    return [
        {"label": label, "count": count, "href": _address(slug, wanted, role=role), "here": wanted.role == role}
        for role, label, count in shown
    ]


def _languages(standing: Standing, wanted: MemberFilter) -> list[dict[str, Any]]:
    slug = standing.community.slug
    tags = [*standing.community.codes("language"), standing.community.lang, *standing.actor.languages]
    known = dict.fromkeys(primary(tag) for tag in [*tags, *([wanted.language] if wanted.language else [])])
    return [
        {
            "label": autonym(tag),
            "lang": tag,
            "href": _address(slug, wanted, lang_of=None if tag == wanted.language else tag),
            "on": tag == wanted.language,
        }
        for tag in known
    ]


def _active(slug: str, wanted: MemberFilter) -> list[dict[str, Any]]:
    found = []
    if wanted.language:
        away = _address(slug, wanted, lang_of=None)
        value = autonym(wanted.language)
        found.append({"label": _("Language"), "value": value, "lang": wanted.language, "remove_href": away})
    if wanted.unanswered:
        away = _address(slug, wanted, unanswered=None)
        found.append({"label": _("Newcomers"), "value": _("never answered"), "remove_href": away})
    return found


@blueprint.get("/communities/<slug>/members")
def list_members(slug: str) -> ResponseReturnValue:
    """Who belongs to the community; guests see who looks after it."""
    standing = get_standing(db(), current_actor(), slug)
    if not can_read(standing):
        raise Forbidden(N_("Only its members can read what is inside this community."))
    wanted, after = _wanted(standing), page_mark("after")
    page = queries.list_members(db(), standing, wanted, after)
    counts = count_by_role(db(), standing.community.id)
    views = views_of(member.person_id for member in page.members)
    lines = [
        line_of(
            views[member.person_id],
            state=str(ROLE_WORDS[member.role]) if member.role != MEMBER else None,
            role=member.role,
            asked=member.offered_role is not None and can_coordinate(standing),
        )
        for member in page.members
        if member.person_id in views
    ]
    whole = can_list_members(standing)
    return render_in_community(
        standing,
        "communities/members/list.html",
        section="members",
        lines=lines,
        counts=counts,
        total=sum(counts.values()),
        whole=whole,
        role_tabs=_role_tabs(slug, wanted, counts, whole),
        languages=_languages(standing, wanted),
        active_filters=_active(slug, wanted),
        clear=url_for("communities.list_members", slug=slug),
        next=_address(slug, wanted, after=page.next) if page.next else None,
        first=_address(slug, wanted) if after else None,
        waiting=count_asking(db(), standing.community.id) if can_facilitate(standing) else 0,
        facilitates=can_facilitate(standing),
        coordinates=can_coordinate(standing),
        may_invite=can_invite(standing),
        unanswered_href=_address(slug, wanted, unanswered=1) if not wanted.unanswered else None,
    )


@blueprint.route("/communities/<slug>/members/<handle>/role", methods=["GET", "POST"])
def change_role(slug: str, handle: str) -> ResponseReturnValue:
    """Give a member another role, or ask them to coordinate."""
    standing = get_standing(db(), current_actor(), slug)
    if not can_coordinate(standing):
        raise Forbidden
    found = find_member(db(), standing, handle)
    if found is None:
        raise NotFound
    member, _person = found
    form = RoleForm(role=member.role) if request.method in READING else RoleForm()
    status = 200
    if request.method not in READING:
        limit("communities.role", 60, HOUR, key=str(standing.actor.account_id))
        try:
            roles.set_role(db(), standing, member.person_id, str(form.role.data or ""))
        except Invalid as problem:
            form.show(problem)
            status = 422
        except LastCoordinator as problem:
            flash(translate(problem.text), "warning")
            return go(url_for("communities.leave_community", slug=slug))
        else:
            asked = form.role.data == COORDINATOR and member.role != COORDINATOR
            flash(_("They are asked. You see here when they say yes.") if asked else _("Saved."), "ok")
            return go(url_for("communities.list_members", slug=slug))
    view = views_of([member.person_id]).get(member.person_id)
    html = render_in_community(
        standing,
        "communities/members/role.html",
        section="members",
        form=form,
        member=member,
        person=line_of(view) if view else None,
        hints=ROLE_HINTS,
        words=ROLE_WORDS,
    )
    return html, status


@blueprint.route("/communities/<slug>/offer", methods=["GET", "POST"])
def answer_offer(slug: str) -> ResponseReturnValue:
    """Say yes or no to coordinating: asked by a coordinator, or because nobody coordinates any more."""
    standing = get_standing(db(), current_actor(), slug)
    member = standing.member
    if not standing.is_member or member is None:
        raise Forbidden(NotAMember.message)
    if request.method not in READING:
        return _answer(standing, request.form.get("answer") == "yes")
    asked_by = views_of([member.offered_by]).get(member.offered_by or 0)
    return render_in_community(
        standing,
        "communities/members/offer.html",
        section="members",
        open=can_take_over(standing) or (member.offered_role is not None and member.offered_by is not None),
        alone=standing.community.orphaned_at,
        asked_by=line_of(asked_by) if asked_by else None,
        coordinates=member.role == COORDINATOR,
    )


def _answer(standing: Standing, yes: bool) -> ResponseReturnValue:
    slug = standing.community.slug
    if not yes:
        roles.decline_role(db(), standing)
        flash(_("Thank you for your answer. Nothing changes for you."), "ok")
        return go(home_of(slug))
    try:
        roles.accept_role(db(), standing)
    except roles.Settled as problem:
        flash(translate(problem.text), "info")
        return go(home_of(slug))
    flash(_("Thank you. You coordinate this community now."), "ok")
    return go(home_of(slug))
