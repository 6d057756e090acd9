"""Coming and going: joining, asking to join, what coordinators answer, leaving."""

from __future__ import annotations

from typing import Any

from flask import flash, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Conflict, Forbidden, Invalid, SignInNeeded
from app.core.markdown import render_markdown
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, HOUR, limit
from app.core.web.pages import go
from app.core.web.sessions import READING, db
from app.features.accounts.views import ON_THE_WAY
from app.features.communities.forms.charters import label_of
from app.features.communities.forms.membership import (
    ROLE_WORDS,
    DeclineRequestForm,
    JoinForm,
    WillingForm,
    ask_form,
)
from app.features.communities.models import ASKED, CHARTER_PARTS, CLOSED, COORDINATOR, INVITATION, MEMBER
from app.features.communities.policies import Standing, can_ask_to_join, can_facilitate, can_join, is_kept_out
from app.features.communities.queries import get_standing
from app.features.communities.queries.charters import find_charter
from app.features.communities.queries.members import count_by_role, list_asking
from app.features.communities.queries.newcomers import list_looked_after
from app.features.communities.queries.own import find_waiting
from app.features.communities.services import membership as services
from app.features.communities.services.roles import step_back as lay_down_role
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.frame import render_in_community
from app.features.communities.views.people import home_of, line_of, views_of
from app.features.communities.views.reporting import page_mark
from app.features.profiles.queries.reading import primary
from app.features.profiles.views.cards import reading_languages, word
from app.features.renditions.queries import list_best
from app.features.threads.forms import language_choices


def charter_of(community_id: int) -> dict[str, Any] | None:
    """The charter in force as the reader reads it best; None if there is none."""
    charter = find_charter(db(), community_id)
    if charter is None:
        return None
    # Translations are of the community's charter, whatever version they were made from.
    best = list_best(
        db(), current_actor(), "charter", {community_id: charter.lang}, {community_id: charter.version},
        reading_languages(),
    ).get(community_id)  # fmt: skip
    parts = []
    for name in CHARTER_PARTS:
        other = best.text(name) if best is not None else None
        text = other or charter.parts.get(name)
        if text:
            lang = best.lang if best is not None and other else charter.lang
            parts.append({"name": name, "label": label_of(name), "html": render_markdown(text), "lang": lang})
    return {
        "version": charter.version,
        "licence": charter.licence,
        "language": word("language", charter.lang),
        "lang": charter.lang,
        "community_id": community_id,
        "foreign": primary(charter.lang) not in {primary(tag) for tag in reading_languages()},
        "translation": best,
        "parts": parts,
    }


def state_of(standing: Standing) -> str:
    """In one word how the reader stands to joining: what the page says and offers."""
    actor, community, member = standing.actor, standing.community, standing.member
    if standing.is_member:
        return "member"
    if community.state == CLOSED or community.hidden_at is not None:
        return "closed"
    if not actor.signed_in:
        return "guest"
    if is_kept_out(standing):
        return "kept_out"
    if actor.person_id is None or not actor.verified:
        return "unready"
    if member is not None and member.state == ASKED:
        return "asked"
    if can_join(standing):
        return "open"
    return "ask" if can_ask_to_join(standing) else "invitation"


def remember_way(state: str) -> None:
    """Whoever has to do something else first is led back here afterwards."""
    if state in ("guest", "unready"):
        session[ON_THE_WAY] = request.path


def _join_page(standing: Standing, form: JoinForm, status: int = 200) -> ResponseReturnValue:
    state = state_of(standing)
    remember_way(state)
    community, person_id = standing.community, standing.actor.person_id
    invited = None
    if person_id is not None and state != "member":
        invited = find_waiting(db(), person_id, community.id, standing.moment)
    charter = charter_of(community.id)
    if charter is not None:
        form.charter.data = str(charter["version"])
    if "lang" in form:
        form.lang.choices = language_choices(standing.actor, [community.lang])
    html = render_in_community(
        standing,
        "communities/members/join.html",
        section="join",
        form=form,
        state=state,
        charter=charter,
        invited=invited,
        invitation_only=community.joining == INVITATION,
        home=home_of(community.slug),
    )
    return html, status


def _form_for(standing: Standing) -> JoinForm:
    asks = standing.community.joining == "request" and not standing.is_member
    return ask_form(standing.community.questions) if asks else JoinForm()


@blueprint.route("/communities/<slug>/join", methods=["GET", "POST"])
def join_community(slug: str) -> ResponseReturnValue:
    """Read the charter, and come in or ask to be let in."""
    standing = get_standing(db(), current_actor(), slug)
    form = _form_for(standing)
    if request.method in READING:
        return _join_page(standing, form)
    if not standing.actor.signed_in:
        raise SignInNeeded
    if standing.is_member:
        return go(home_of(slug))
    limit("communities.join", 30, DAY, key=str(standing.actor.account_id))
    try:
        asked = _take(standing, form)
    except Invalid as problem:
        form.show(problem)
        return _join_page(standing, form, 422)
    if asked:
        flash(_("You asked to join. You hear from us when somebody answers."), "ok")
        return go(url_for("communities.join_community", slug=slug))
    flash(_("Welcome. You belong to this community now."), "ok")
    return go(url_for("communities.show_membership", slug=slug))


def _take(standing: Standing, form: JoinForm) -> bool:
    """Join, or ask to; whether it was asking."""
    if not can_ask_to_join(standing):
        services.join(db(), standing, form.agreed)
        return False
    asking = form
    valid = asking.validate()
    answers = asking.answers(len(standing.community.questions))  # type: ignore[attr-defined]
    try:
        services.ask_to_join(db(), standing, answers, asking.lang.data, asking.agreed)  # type: ignore[attr-defined]
    except Invalid as problem:
        raise Invalid({name: text for name, text in problem.fields.items() if not form.errors.get(name)}) from None
    if not valid:
        raise Invalid
    return True


@blueprint.post("/communities/<slug>/join/withdraw")
def withdraw_request(slug: str) -> ResponseReturnValue:
    """Take back that one asked."""
    standing = get_standing(db(), current_actor(), slug)
    services.withdraw_request(db(), standing)
    flash(_("You took it back. You can ask again whenever you like."), "ok")
    return go(url_for("communities.join_community", slug=slug))


def _facilitating(slug: str) -> Standing:
    standing = get_standing(db(), current_actor(), slug)
    if not can_facilitate(standing):
        raise Forbidden
    return standing


@blueprint.get("/communities/<slug>/requests")
def list_requests(slug: str) -> ResponseReturnValue:
    """Who waits to be let in, and what they answered."""
    standing = _facilitating(slug)
    rows, following = list_asking(db(), standing.community.id, page_mark("after"))
    views = views_of(row.person_id for row in rows)
    asking = [
        line_of(
            views[row.person_id],
            id=row.person_id,
            asked_at=row.asked_at,
            answers=list(zip(standing.community.questions, row.answers, strict=False)),
            answers_lang=row.answers_lang,
        )
        for row in rows
        if row.person_id in views
    ]
    more = url_for("communities.list_requests", slug=slug, after=following) if following else None
    return render_in_community(
        standing, "communities/members/requests.html", section="members", asking=asking, more=more
    )


@blueprint.post("/communities/<slug>/requests/<int:person_id>/accept")
def accept_request(slug: str, person_id: int) -> ResponseReturnValue:
    """Let somebody in."""
    standing = _facilitating(slug)
    try:
        services.accept_request(db(), standing, person_id)
    except Conflict as problem:
        flash(translate(problem.text), "info")
    else:
        flash(_("They belong to the community now, and are told."), "ok")
    return go(url_for("communities.list_requests", slug=slug))


@blueprint.route("/communities/<slug>/requests/<int:person_id>/decline", methods=["GET", "POST"])
def decline_request(slug: str, person_id: int) -> ResponseReturnValue:
    """Say no, kindly and with a reason."""
    standing = _facilitating(slug)
    form = DeclineRequestForm()
    status = 200
    if request.method not in READING:
        valid = form.validate()
        try:
            if valid:
                services.decline_request(db(), standing, person_id, form.reason.data or "")
                flash(_("They are told, with your words."), "ok")
                return go(url_for("communities.list_requests", slug=slug))
        except Invalid as problem:
            form.show(problem)
        except Conflict as problem:
            flash(translate(problem.text), "info")
            return go(url_for("communities.list_requests", slug=slug))
        status = 422
    view = views_of([person_id]).get(person_id)
    html = render_in_community(
        standing,
        "communities/members/decline.html",
        section="members",
        form=form,
        person=line_of(view) if view else None,
    )
    return html, status


def _belonging(slug: str) -> Standing:
    standing = get_standing(db(), current_actor(), slug)
    if not standing.is_member:
        raise Forbidden(services.NotAMember.message)
    return standing


@blueprint.route("/communities/<slug>/me", methods=["GET", "POST"])
def show_membership(slug: str) -> ResponseReturnValue:
    """One's own place in the community: role, buddy, first steps, leaving."""
    standing = _belonging(slug)
    member = standing.member
    assert member is not None
    if request.method not in READING:
        services.set_willing(db(), standing, bool(WillingForm().willing.data))
        flash(_("Saved."), "ok")
        return go(url_for("communities.show_membership", slug=slug))
    newcomers = list_looked_after(db(), standing)
    views = views_of([member.buddy_id, *newcomers])
    buddy = views.get(member.buddy_id or 0)
    return render_in_community(
        standing,
        "communities/members/own.html",
        section="me",
        form=WillingForm(formdata=None, willing=member.buddy_willing),
        member=member,
        role_word=ROLE_WORDS[member.role],
        plain=member.role == MEMBER,
        buddy=line_of(buddy) if buddy else None,
        newcomers=[line_of(views[i]) for i in newcomers if i in views],
    )


@blueprint.route("/communities/<slug>/leave", methods=["GET", "POST"])
def leave_community(slug: str) -> ResponseReturnValue:
    """Leave; the last coordinator is shown what becomes of the community, and chooses."""
    standing = _belonging(slug)
    member = standing.member
    assert member is not None
    status = 200
    if request.method not in READING:
        try:
            services.leave(db(), standing, even_so=request.form.get("even_so") == "y")
        except services.LastCoordinator:
            status = 409
        except services.NotAMember as problem:
            flash(translate(problem.text), "info")
            return go(home_of(slug))
        else:
            flash(_("You left the community. What you wrote stays; you can come back."), "ok")
            return go(home_of(slug))
    html = render_in_community(
        standing,
        "communities/members/leave.html",
        section="me",
        needed=services.is_needed(db(), standing.community, member),
        counts=count_by_role(db(), standing.community.id),
        coordinates=member.role == COORDINATOR,
    )
    return html, status


@blueprint.post("/communities/<slug>/step-back")
def step_back(slug: str) -> ResponseReturnValue:
    """Lay down one's role and stay a member."""
    standing = _belonging(slug)
    limit("communities.role", 30, HOUR, key=str(standing.actor.account_id))
    try:
        lay_down_role(db(), standing)
    except services.LastCoordinator as problem:
        flash(translate(problem.text), "warning")
        return go(url_for("communities.leave_community", slug=slug))
    flash(_("You are a member without other tasks now. Thank you for what you did."), "ok")
    return go(url_for("communities.show_membership", slug=slug))
