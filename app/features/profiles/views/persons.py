"""A person's own profile, and the page others see."""

from __future__ import annotations

from flask import flash, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.actor import GUEST
from app.core.errors import Invalid, NotFound
from app.core.web.identity import current_actor
from app.core.web.limits import HOUR, limit
from app.core.web.pages import go, link_for, load_panels
from app.core.web.sessions import READING, db
from app.features.accounts.views import ON_THE_WAY
from app.features.profiles.forms.teaching import FirstForm
from app.features.profiles.models import Person
from app.features.profiles.queries.delegates import list_delegations_of
from app.features.profiles.queries.profiles import find_own_person, find_person
from app.features.profiles.queries.visible import present, present_many
from app.features.profiles.services.persons import create_person
from app.features.profiles.services.saving import confirm_profile
from app.features.profiles.views import blueprint, editing
from app.features.profiles.views.cards import reading_languages
from app.features.profiles.views.texts import chosen_texts

FIRST_ANSWERS = "first_answers"


@blueprint.route("/profile", methods=["GET", "POST"])
def edit_person() -> ResponseReturnValue:
    """One's own profile with its sections; for whoever has none yet, the form that makes it."""
    person = find_own_person(db(), current_actor())
    if person is None:
        return _first()
    if request.method not in READING:
        return go(url_for("profiles.edit_person"))
    rows = list_delegations_of(db(), person.id)
    views = {
        view.id: view for view in present_many(db(), current_actor(), [i.id for _d, i in rows], reading_languages())
    }
    institutions = [(d, i, views.get(i.id)) for d, i in rows]
    return render_template(
        "profiles/own.html", person=person, sections=editing.overview_of(person), institutions=institutions
    )


def _first() -> ResponseReturnValue:
    form = FirstForm.begin(session.get(FIRST_ANSWERS) or {})
    if request.method in READING or form.acted():
        return render_template("profiles/first.html", form=form)
    valid = form.validate()
    facets = form.facets()
    if valid:
        limit("profile", 10, HOUR, key=str(current_actor().account_id))
        try:
            create_person(db(), current_actor(), facets)
        except Invalid as problem:
            form.show(problem)
        else:
            session.pop(FIRST_ANSWERS, None)
            flash(_("Your profile is there. The more it says, the better the people we can suggest."), "ok")
            on_the_way = session.pop(ON_THE_WAY, None)
            return go(on_the_way or link_for("suggestions.index") or url_for("profiles.edit_person"))
    return render_template("profiles/first.html", form=form), 422


@blueprint.route("/profile/<section>", methods=["GET", "POST"])
def edit_section(section: str) -> ResponseReturnValue:
    """One section of one's own profile."""
    person = find_own_person(db(), current_actor())
    if person is None:
        return go(url_for("profiles.edit_person"))
    return editing.edit(person, section)


@blueprint.post("/profile/confirm")
def confirm_person() -> ResponseReturnValue:
    """Say that one's profile is still true."""
    person = find_own_person(db(), current_actor())
    if person is None:
        return go(url_for("profiles.edit_person"))
    confirm_profile(db(), current_actor(), person)
    flash(_("Thank you. Others see that your profile is up to date."), "ok")
    return go(url_for("profiles.edit_person"))


@blueprint.get("/people/<handle>")
def show_person(handle: str) -> ResponseReturnValue:
    """A person, as far as this viewer may see them; oneself may look through a guest's eyes."""
    actor = current_actor()
    person = find_person(db(), handle)
    if person is None:
        raise NotFound
    as_guest = person.id == actor.person_id and request.args.get("as") == "guest"
    viewer = GUEST if as_guest else actor
    view = present(db(), viewer, person, reading_languages())
    if view is None:
        raise NotFound
    return render_template(
        "profiles/person.html",
        view=view,
        as_guest=as_guest,
        texts=chosen_texts(person, view, request.args.get("text")),
        institutions=_institutions(person) if "institutions" in view.open_parts else [],
        panels=[] if as_guest else load_panels("person", person),
    )


def _institutions(person: Person) -> list[dict[str, object]]:
    roles = {i.id: d.role for d, i in list_delegations_of(db(), person.id) if d.accepted_at}
    views = present_many(db(), current_actor(), list(roles), reading_languages())
    return [{"view": view, "role": roles[view.id]} for view in views]
