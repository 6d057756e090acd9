"""Founding a community: a template, then step by step, then one look at everything; it can be left at any time."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.locales import BY_CODE, OFFERED
from app.core.web.i18n import side_by_side
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, limit
from app.core.web.pages import go
from app.core.web.sessions import READING, db
from app.features.communities.forms.founding import FORMS, CheckForm, StepForm
from app.features.communities.models import CommunityDraft, CommunitySeed
from app.features.communities.policies import can_found
from app.features.communities.queries.founding import find_seed, get_draft, list_drafts
from app.features.communities.services import founding as services
from app.features.communities.services.plans import STEPS, Plan, check_plan, is_answered
from app.features.communities.starting import BY_CODE as TEMPLATES
from app.features.communities.views.beginnings import first_plan, name_from, starting_texts
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.plan_words import summary_of
from app.features.profiles.queries.reading import primary
from app.features.profiles.queries.visible import present_many
from app.features.profiles.views.cards import place_of, reading_languages, title_of, word

ORDER = (*FORMS, "check")


def _check_may_found() -> None:
    if not can_found(current_actor()):
        raise Forbidden


def _seed_asked() -> CommunitySeed | None:
    typed = request.values.get("seed", "")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 18 else None
    return find_seed(db(), current_actor(), number)


@blueprint.get("/communities/new")
def new_community() -> ResponseReturnValue:
    """Choose what kind of community it will be, or go on with one begun before."""
    actor, session = current_actor(), db()
    seed = _seed_asked()
    return render_template(
        "communities/founding/new.html",
        ready=can_found(actor),
        templates=TEMPLATES.values(),
        seed=seed,
        seed_name=name_from(seed) if seed is not None else "",
        drafts=list_drafts(session, actor) if can_found(actor) else [],
    )


@blueprint.post("/communities/new")
def begin_draft() -> ResponseReturnValue:
    """Begin to found one."""
    _check_may_found()
    limit("community_draft", 30, DAY, key=str(current_actor().account_id))
    template = request.form.get("template", "")
    if template not in TEMPLATES:
        raise NotFound
    seed = _seed_asked()
    draft = services.begin_draft(db(), current_actor(), first_plan(template, seed), seed.id if seed else None)
    return go(url_for("communities.edit_draft", draft_id=draft.id, step="domain"))


def _steps(draft: CommunityDraft, here: str) -> dict[str, Any]:
    number = ORDER.index(here)
    titles = [str(form.title) for form in FORMS.values()]
    return {
        "draft": draft,
        "step_titles": [*titles, _("Look it over")],
        "step_number": number + 1,
        "back_href": url_for("communities.edit_draft", draft_id=draft.id, step=ORDER[number - 1])
        if number
        else url_for("communities.new_community"),
    }


def _step_address(draft: CommunityDraft, step: str) -> str:
    if step == "check":
        return url_for("communities.check_draft", draft_id=draft.id)
    return url_for("communities.edit_draft", draft_id=draft.id, step=step)


@blueprint.route("/communities/new/<int:draft_id>/<step>", methods=["GET", "POST"])
def edit_draft(draft_id: int, step: str) -> ResponseReturnValue:
    """One step of founding: show it, or keep what was answered and go on, or back."""
    draft = get_draft(db(), current_actor(), draft_id)
    if step not in FORMS:
        raise NotFound
    if draft.founded_at is not None:
        return go(url_for("communities.check_draft", draft_id=draft.id))
    form = FORMS[step].of(draft.data)
    if request.method in READING or form.acted():
        return _step_page(draft, form, 200)
    valid, answers = form.validate(), form.answers()
    if request.form.get("go") == "back":
        services.save_answers(db(), draft, answers)
        return go(_step_address(draft, ORDER[max(0, ORDER.index(step) - 1)]))
    try:
        cleaned = check_plan(answers, (step,))
    except Invalid as problem:
        form.show(problem)
        return _step_page(draft, form, 422)
    if not valid:
        return _step_page(draft, form, 422)
    services.save_answers(db(), draft, {**cleaned, **_in_language(draft, cleaned)})
    if request.form.get("go") == "later":
        flash(_("Kept. You find it here whenever you want to go on."), "ok")
        return go(url_for("communities.new_community"))
    return go(_step_address(draft, "check" if "check" in request.args else ORDER[ORDER.index(step) + 1]))


def _in_language(draft: CommunityDraft, answers: Plan) -> dict[str, str]:
    """The starting texts that nobody changed yet, in the language now chosen for the community's texts."""
    code, before = answers.get("lang"), str(draft.data.get("lang"))
    if code is None or code == before or BY_CODE.get(code) not in OFFERED:
        return {}
    template, seed = str(draft.data.get("template")), find_seed(db(), current_actor(), draft.seed_id)
    old, new = starting_texts(template, before, seed), starting_texts(template, code, seed)
    current = {**draft.data, **answers}
    return {name: text for name, text in new.items() if current.get(name) == old[name]}


def _step_page(draft: CommunityDraft, form: StepForm, status: int) -> ResponseReturnValue:
    return render_template("communities/founding/step.html", form=form, **_steps(draft, form.step)), status


def _people_of(draft: CommunityDraft, last: dict[str, Any]) -> list[dict[str, Any]]:
    """Whom the suggestion behind this draft would invite, as far as the reader may see them."""
    seed = find_seed(db(), current_actor(), draft.seed_id)
    views = present_many(db(), current_actor(), seed.person_ids, reading_languages()) if seed is not None else []
    chosen = set({**draft.data, **last}.get("invited", ()))
    return [
        {
            "id": view.id,
            "title": title_of(view),
            "lang": view.name_lang,
            "place": place_of(view),
            "on": view.id in chosen,
        }
        for view in views
    ]


@blueprint.route("/communities/new/<int:draft_id>/check", methods=["GET", "POST"])
def check_draft(draft_id: int) -> ResponseReturnValue:
    """Look everything over, and found it."""
    session, actor = db(), current_actor()
    draft = get_draft(session, actor, draft_id)
    form = CheckForm()
    if request.method not in READING:
        limit("community_found", 10, DAY, key=str(actor.account_id))
        last = _invitations(draft, form)
        try:
            community = services.found(session, actor, draft, last)
        except Invalid as problem:
            form.show(problem)
            return _check_page(draft, form, 422, last)
        flash(_founded(len(last.get("invited", ()))), "ok")
        return go(url_for("communities.show_community", slug=community.slug))
    if draft.founded_at is not None:
        community_of = services.community_of_draft(session, draft)
        if community_of is None:
            raise Conflict
        return go(url_for("communities.show_community", slug=community_of.slug))
    return _check_page(draft, form, 200)


def _founded(invited: int) -> str:
    """What is said once it is founded."""
    if not invited:
        return _("Founded. This is the page of your community; invite the first people to it.")
    return ngettext(
        "Founded. %(num)s person is invited now and decides for themselves.",
        "Founded. %(num)s people are invited now and decide for themselves.",
        invited,
    )


def _unread(draft: CommunityDraft) -> dict[str, str] | None:
    """The language of the texts and those of the community, where the one is not among the others."""
    lang, tags = str(draft.data.get("lang") or ""), [str(tag) for tag in draft.data.get("languages") or ()]
    if not lang or not tags or primary(lang) in {primary(tag) for tag in tags}:
        return None
    return {"texts": word("language", lang), "languages": side_by_side(word("language", tag) for tag in tags)}


def _invitations(draft: CommunityDraft, form: CheckForm) -> dict[str, Any]:
    if draft.seed_id is None:
        return {}
    chosen = [int(one) for one in form.invited.data or () if one.isascii() and one.isdigit() and len(one) < 18]
    return {"invited": chosen, "invitation_note": form.invitation_note.data or ""}


def _check_page(
    draft: CommunityDraft, form: CheckForm, status: int, last: dict[str, Any] | None = None
) -> ResponseReturnValue:
    sections = [
        {
            "title": FORMS[step].title,
            "href": url_for("communities.edit_draft", draft_id=draft.id, step=step, check=1),
            "lines": summary_of(step, draft.data),
            "answered": is_answered(draft.data, step),
        }
        for step in STEPS
    ]
    page = render_template(
        "communities/founding/check.html", form=form, sections=sections, people=_people_of(draft, last or {}),
        complete=all(section["answered"] for section in sections), unread=_unread(draft), **_steps(draft, "check"),
    )  # fmt: skip
    return page, status


@blueprint.post("/communities/new/<int:draft_id>/discard")
def discard_draft(draft_id: int) -> ResponseReturnValue:
    """Give up a draft."""
    draft = get_draft(db(), current_actor(), draft_id)
    services.discard_draft(db(), draft)
    flash(_("Put away."), "ok")
    return go(url_for("communities.new_community"))
