"""Reading a translation beside its original, and the languages a thing is kept in."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date

from app.core.registries import Original
from app.core.web.i18n import current_locale, translate
from app.core.web.identity import current_actor
from app.core.web.sessions import db
from app.core.wording import compare_wordings
from app.features.profiles.queries.reading import primary
from app.features.renditions.forms import AskForm, target_choices
from app.features.renditions.models import FAILED, WAITING, Rendition, RenditionRequest
from app.features.renditions.policies import can_ask, can_review, can_translate, can_use_machine
from app.features.renditions.queries import get_original, title_of_original
from app.features.renditions.queries.renditions import (
    Wording,
    count_askers,
    find_open_request,
    find_seen_rendition,
    is_stale,
    list_levels,
    list_open_requests,
    list_renditions,
    list_wordings,
)
from app.features.renditions.views.blueprint import blueprint
from app.features.renditions.views.texts import (
    back_to,
    credit,
    credits_of,
    original_and_tag,
    parts_of,
    people_by_id,
    settings,
)


def choosing_page(original: Original, form: AskForm, status: int = 200) -> ResponseReturnValue:
    """The languages of a thing, the wishes for more, and the form for another."""
    session, actor = db(), current_actor()
    renditions = list_renditions(session, original.kind, original.thing_id)
    wishes = list_open_requests(session, original.kind, original.thing_id)
    askers = count_askers(session, [wish.id for wish in wishes])
    people = people_by_id(rendition.by_person_id for rendition in renditions)
    levels = list_levels(session, actor.person_id)
    form.lang.choices = target_choices(actor, original, current_locale().code)
    there = {rendition.lang for rendition in renditions}
    wished = {wish.lang for wish in wishes}
    page = render_template(
        "renditions/choose.html",
        original=original,
        title=title_of_original(original),
        back=back_to(original),
        rows=[
            {
                "lang": rendition.lang,
                "href": url_for("renditions.show", kind=original.kind, thing_id=original.thing_id, lang=rendition.lang),
                "credit": credit(rendition.by_person_id, rendition.machine, people),
                "machine": rendition.machine,
                "reviewed": rendition.reviewed_at is not None,
                "stale": is_stale(rendition, original),
            }
            for rendition in renditions
        ],
        wishes=[{"lang": wish.lang, "askers": askers.get(wish.id, 0), **machine_state(wish)} for wish in wishes],
        mine=[
            tag
            for tag, _name in sorted(form.lang.choices, key=lambda choice: choice[0] not in wished)
            if tag not in there and can_translate(actor, levels, primary(original.lang), primary(tag))
        ],
        may_ask=can_ask(actor),
        form=form,
    )
    return page, status


def machine_state(wish: RenditionRequest | None) -> dict[str, Any]:
    """Whether a machine is at work, or why it did not manage."""
    return {
        "machine_waits": wish is not None and wish.machine == WAITING,
        "machine_failed": translate(wish.machine_note) if wish is not None and wish.machine == FAILED else None,
    }


@blueprint.get("/translations/<kind>/<int:thing_id>")
def choose(kind: str, thing_id: int) -> ResponseReturnValue:
    """The languages something can be read in, and the way to ask for another."""
    original = get_original(db(), current_actor(), kind, thing_id)
    wanted = current_actor().locale if current_actor().signed_in else current_locale().code
    return choosing_page(original, AskForm(formdata=None, data={"lang": wanted}))


def _history(wordings: list[Wording], original: Original, rendition: Rendition, people: Any) -> list[dict[str, Any]]:
    place: dict[str, Any] = {"kind": original.kind, "thing_id": original.thing_id, "lang": rendition.lang}
    return [
        {
            "credit": credit(wording.by_person_id, wording.machine, people),
            "at": format_date(wording.at, "medium"),
            "href": None if at == 0 else url_for("renditions.show", **place, before=wording.version) + "#history",
        }
        for at, wording in enumerate(wordings)
    ]


def _compared(wordings: list[Wording], rendition: Rendition) -> list[Any]:
    """What became of the earlier wording that the address names, field by field."""
    text = request.args.get("before", "")
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    earlier = next((wording for wording in wordings[1:] if wording.version == wanted), None)
    if earlier is None:
        return []
    names = dict.fromkeys([*rendition.fields, *earlier.fields])
    pairs = [(earlier.fields.get(name, ""), rendition.fields.get(name, "")) for name in names]
    return [compare_wordings(before, after) for before, after in pairs if before != after]


@blueprint.get("/translations/<kind>/<int:thing_id>/<lang>")
def show(kind: str, thing_id: int, lang: str) -> ResponseReturnValue:
    """A translation beside its original, with everybody to be thanked; or the way to it where there is none yet."""
    session, actor = db(), current_actor()
    original, tag = original_and_tag(kind, thing_id, lang)
    rendition = find_seen_rendition(session, actor, kind, thing_id, tag)
    wordings = list_wordings(session, rendition) if rendition is not None else []
    reviewer = rendition.reviewed_by if rendition is not None else None
    people = people_by_id([*(wording.by_person_id for wording in wordings), reviewer])
    levels = list_levels(session, actor.person_id)
    pair = (primary(original.lang), primary(tag))
    return render_template(
        "renditions/show.html",
        original=original,
        title=title_of_original(original),
        back=back_to(original),
        tag=tag,
        rendition=rendition,
        parts=parts_of(original, rendition),
        stale=rendition is not None and is_stale(rendition, original),
        credits=credits_of(wordings, people),
        reviewer=credit(reviewer, False, people) if rendition is not None and rendition.reviewed_at else None,
        history=_history(wordings, original, rendition, people) if rendition is not None else [],
        compared=_compared(wordings, rendition) if rendition is not None else [],
        may_translate=can_translate(actor, levels, *pair),
        may_review=rendition is not None and can_review(actor, rendition, levels, *pair),
        may_ask=can_ask(actor),
        may_machine=bool(settings().translate_url) and can_use_machine(actor, rendition),
        **machine_state(find_open_request(session, kind, thing_id, tag)),
    )
