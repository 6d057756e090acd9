"""Putting someone aside, looking at who was put aside, and doing what a gap proposes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.errors import Invalid, NotFound
from app.core.web.identity import current_actor
from app.core.web.limits import HOUR, limit
from app.core.web.pages import go, safe_next
from app.core.web.sessions import READING, db
from app.features.profiles.queries.profiles import get_profile
from app.features.profiles.queries.visible import present, present_many
from app.features.profiles.views.cards import does_of, place_of, reading_languages, title_of
from app.features.suggestions.forms import DismissForm
from app.features.suggestions.models import DISMISS_REASONS
from app.features.suggestions.queries.marks import PutAside, list_dismissed, read_place, write_place
from app.features.suggestions.services import dismiss as put_aside
from app.features.suggestions.services import restore as take_back
from app.features.suggestions.services import widen as widen_profile
from app.features.suggestions.views import blueprint
from app.features.suggestions.views.asking import Asking, who_asks
from app.matching.query import KINDS

PAGE = 30
MOST_AN_HOUR = 120


def asking_one() -> Asking:
    """Whose suggestions this is about; nobody without a profile has any."""
    asking = who_asks()
    if asking is None:
        raise NotFound
    return asking


def _list_address(asking: Asking) -> str:
    kind = request.values.get("kind", "")
    return url_for("suggestions.index", kind=kind if kind in KINDS else "peers", **asking.link)


def ask_why(
    form: DismissForm, put: Callable[[str], None], *, done: str, back: str, **page: object
) -> ResponseReturnValue:
    """Ask for the reason, put aside for it, and go ``back`` to the list saying that it is ``done``."""
    if request.method not in READING and form.validate():
        # What is put aside is learnt from, so nobody is to say more of it than they can have looked at.
        limit("aside", MOST_AN_HOUR, HOUR, key=str(current_actor().account_id))
        try:
            put(form.reason.data)
        except Invalid as problem:
            form.show(problem)
        else:
            flash(done, "ok")
            return go(back)
    shown = render_template("suggestions/dismiss.html", form=form, back=back, **page)
    return shown, 200 if request.method in READING else 422


@blueprint.route("/suggestions/dismiss", methods=["GET", "POST"])
def dismiss() -> ResponseReturnValue:
    """Not for me, because …: the question as a page, and the answer."""
    asking, other = asking_one(), get_profile(db(), request.values.get("handle", ""))
    view = present(db(), current_actor(), other, reading_languages())
    if view is None or view.id == asking.profile.id:
        raise NotFound
    return ask_why(
        DismissForm(),
        lambda reason: put_aside(db(), current_actor(), asking.profile, other, reason),
        done=_("Put aside. They are not suggested to you any more."),
        name=title_of(view),
        name_lang=view.name_lang,
        fields={"handle": other.handle, "kind": request.values.get("kind", ""), **asking.link},
        action=url_for("suggestions.dismiss"),
        promise=_("They will not be suggested to you again, and they are not told. You can change your mind later."),
        back=_list_address(asking),
    )


def _line(row: PutAside, profile: Mapping[int, Mapping[str, object]]) -> dict[str, object]:
    return {**profile[row.profile_id], "state": _(DISMISS_REASONS.get(row.reason, DISMISS_REASONS["other"]))}


@blueprint.get("/suggestions/aside")
def aside() -> ResponseReturnValue:
    """Who was put aside, the latest first, with the way back."""
    asking = asking_one()
    rows, after = list_dismissed(db(), asking.profile.id, read_place(request.args.get("after", "")), PAGE)
    views = present_many(db(), current_actor(), [row.profile_id for row in rows], reading_languages())
    shown = {
        view.id: {
            "fields": {"handle": view.handle},
            "name": title_of(view),
            "name_lang": view.name_lang,
            "key": view.handle,
            "kind": view.kind,
            "about": " · ".join(part for part in (does_of(view), place_of(view)) if part),
        }
        for view in views
    }
    return render_template(
        "suggestions/aside.html",
        groups=False,
        action=url_for("suggestions.restore"),
        lines=[_line(row, shown) for row in rows if row.profile_id in shown],
        asking=asking,
        back=url_for("suggestions.index", **asking.link),
        next=url_for("suggestions.aside", after=write_place(after), **asking.link) if after else None,
    )


@blueprint.post("/suggestions/restore")
def restore() -> ResponseReturnValue:
    """Let someone be suggested again."""
    asking = asking_one()
    take_back(db(), current_actor(), asking.profile, get_profile(db(), request.form.get("handle", "")))
    flash(_("They may be suggested again."), "ok")
    return go(url_for("suggestions.aside", **asking.link))


_DONE = {
    "language": _l("Saved. Your profile now takes others in this language at a lower level."),
    "level": _l("Saved. The level is in your profile now."),
    "subject": _l("Saved. The subject is in your profile now."),
    "need": _l("Saved. What you need is in your profile now."),
    "offer": _l("Saved. What you offer is in your profile now."),
}


@blueprint.post("/suggestions/widen")
def widen() -> ResponseReturnValue:
    """Do what a gap proposes: change that facet of the profile, and show the longer list."""
    asking = asking_one()
    limit("widen", 60, HOUR, key=str(current_actor().account_id))
    change = {name: request.form.get(name, "") for name in ("facet", "code", "tag", "accepts")}
    widen_profile(db(), current_actor(), asking.profile, change)
    flash(str(_DONE[change["facet"]]), "ok")
    return go(safe_next(request.form.get("back"), url_for("suggestions.index", **asking.link)))
