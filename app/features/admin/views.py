"""What those who run the platform see and set: the weights of suggestions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_decimal, format_number, gettext
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.core.clock import now
from app.core.errors import Conflict, NotFound
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.admin.forms import HAND, PINNED, UNTIL_BETTER, ChooseForm
from app.features.suggestions.models import MatchChoice, MatchChoiceLog, MatchModel
from app.features.suggestions.queries.models import (
    LEARNT_KINDS,
    find_learnt,
    list_choices,
    list_learnt,
    load_choices,
)
from app.features.suggestions.queries.outcomes import glance_at_outcomes
from app.features.suggestions.services.choosing import choose as choose_model
from app.features.suggestions.services.showing import kept_for
from app.features.suggestions.wording import CRITERIA
from app.matching.model import HAND_SET, REASONS, WEIGHTS, Worth
from app.matching.outcomes import OUTCOMES

blueprint = Blueprint("admin", __name__)

PAGE = 20
LOGGED = 20
_NAMES = {"offers": "they_offer", "needs": "you_offer"}


def _kinds() -> dict[str, str]:
    return {
        "peers": _("Peers"),
        "collaborators": _("Collaborators"),
        "institutions": _("Institutions"),
        "bridges": _("Bridges"),
    }


def _asked_kind() -> str:
    kind = request.args.get("kind", LEARNT_KINDS[0])
    return kind if kind in LEARNT_KINDS else LEARNT_KINDS[0]


def _points(worth: Worth, name: str) -> str:
    """The points of somebody with whom all of a criterion is shared, in the size of those set by hand: all compare."""
    least, most = worth.points_of(name)
    said = str(format_number(round(most / worth.scale)))
    if not least:
        return said
    # Without a minus sign, which stands on the wrong side in a line that runs from right to left.
    return _("%(most)s more to %(least)s less", most=said, least=format_number(round(-least / worth.scale)))


def _weights_table(kind: str, worth: Worth | None) -> list[list[str]]:
    """Each criterion: the weight in question, the one set by hand, and the reason for that one."""
    hand, rows = HAND_SET.of(kind), []
    for name in WEIGHTS:
        reason = REASONS[kind].get(name)
        # Without a reason it is either not counted by hand, or not measured for this kind at all.
        if reason is None and (getattr(hand, name) or worth is None or not getattr(worth, name)):
            continue
        label = _("Room, and last confirmed") if name == "standing" else gettext(CRITERIA[_NAMES.get(name, name)])
        learnt = [_points(worth, name)] if worth is not None else []
        rows.append(
            [label, *learnt, _points(hand, name), gettext(reason) if reason else _("By hand it counts nothing.")]
        )
    return rows


def _model_name(row: MatchModel | None, learnt: bool = True) -> str:
    if row is None or not learnt:
        return _("Set by hand")
    return _("Learnt on %(date)s", date=format_date(row.created_at))


def _state(row: MatchModel, choice: MatchChoice | None) -> str:
    if choice is not None and choice.model_id == row.id:
        return _("In use, pinned") if choice.pinned else _("In use")
    return _("Better, but not in use") if row.better else _("Kept out: not proven better")


def _line(row: MatchModel, choice: MatchChoice | None) -> dict[str, Any]:
    return {
        "href": url_for("admin.learnt", model_id=row.id),
        "name": _model_name(row),
        "state": _state(row, choice),
        "in_use": choice is not None and choice.model_id == row.id,
        "figures": _("From %(outcomes)s outcomes. NDCG %(new)s, before %(old)s.", **_figures(row)),
    }


def _figures(row: MatchModel) -> dict[str, str]:
    names = ("old", "new", "lower", "upper", "apart")
    said = {name: str(format_decimal(row.figures[name], "0.000")) for name in names if name in row.figures}
    return {**said, "outcomes": str(format_number(row.outcomes))}


def _came_table(came: Mapping[str, int]) -> list[list[str]]:
    """Each outcome: how often it came, what one is worth, and why; nothing where nothing came at all."""
    if not came:
        return []
    return [
        [gettext(one.label), str(format_number(came.get(name, 0))), str(format_number(one.gain)), gettext(one.reason)]
        for name, one in OUTCOMES.items()
    ]


def _came(kind: str) -> dict[str, Any]:
    """What came of the lists: as it was counted when weights were last learnt, or before that at a glance."""
    session, moment = db(), now()
    latest = next(iter(list_learnt(session, kind, 1)), None)
    if latest is not None and "came" in latest.figures:
        window, came = (latest.window_from, latest.window_to), latest.figures["came"]
        return {"rows": _came_table(came), "window": window, "counted": latest.created_at}
    window = (moment - kept_for(kind), moment)
    return {"rows": _came_table(glance_at_outcomes(session, kind, *window)), "window": window, "counted": None}


def _log_line(row: MatchChoiceLog, name: str | None, used: str) -> dict[str, Any]:
    return {
        "at": row.at,
        "what": _("%(model)s, pinned", model=used) if row.pinned else used,
        "by": None if row.by_job else name,
        "by_job": row.by_job,
    }


def _log(kind: str) -> list[dict[str, Any]]:
    session = db()
    entries = list_choices(session, kind, LOGGED)
    return [
        _log_line(row, name, _model_name(find_learnt(session, kind, row.model_id) if row.model_id else None))
        for row, name in entries
    ]


@blueprint.get("/admin/matching")
def matching() -> ResponseReturnValue:
    """What each criterion is worth for a kind, what was learnt so far, and who changed what."""
    session, kind = db(), _asked_kind()
    choice = load_choices(session).get(kind)
    row = find_learnt(session, kind, choice.model_id) if choice is not None and choice.model_id else None
    before = request.args.get("before", type=int)
    models = list_learnt(session, kind, PAGE + 1, before)
    last = models[PAGE - 1].id if len(models) > PAGE else None
    log = _log(kind)
    return render_template(
        "admin/matching.html",
        kind=kind,
        came=_came(kind),
        tabs=[
            {"label": label, "href": url_for("admin.matching", kind=code), "here": code == kind}
            for code, label in _kinds().items()
        ],
        used=_model_name(row),
        learnt=row is not None,
        pinned=choice is not None and choice.pinned,
        used_href=url_for("admin.learnt", model_id=row.id) if row is not None else None,
        since=log[0] if log else None,
        weights=_weights_table(kind, Worth(**row.weights) if row is not None else None),
        change_href=url_for("admin.ask_choice", kind=kind, use=row.id if row is not None else HAND),
        hand_href=url_for("admin.ask_choice", kind=kind, use=HAND) if row is not None else None,
        models=[_line(one, choice) for one in models[:PAGE]],
        next=url_for("admin.matching", kind=kind, before=last) if last else None,
        log=log,
    )


def _get_model(model_id: int) -> tuple[str, MatchModel]:
    for kind in LEARNT_KINDS:
        row = find_learnt(db(), kind, model_id)
        if row is not None:
            return kind, row
    raise NotFound


@blueprint.get("/admin/matching/<int:model_id>")
def learnt(model_id: int) -> ResponseReturnValue:
    """One learnt model: from what, how it did, and its weights beside those set by hand."""
    kind, row = _get_model(model_id)
    choice = load_choices(db()).get(kind)
    against = find_learnt(db(), kind, row.against_id) if row.against_id else None
    figures = _figures(row)
    return render_template(
        "admin/learnt.html",
        kind_name=_kinds()[kind],
        row=row,
        name=_model_name(row),
        state=_state(row, choice),
        in_use=choice is not None and choice.model_id == row.id,
        figures=figures,
        came=_came_table(row.figures.get("came", {})),
        against=_model_name(against),
        weights=_weights_table(kind, Worth(**row.weights)),
        back_href=url_for("admin.matching", kind=kind),
        use_href=url_for("admin.ask_choice", kind=kind, use=row.id),
    )


def _ask(form: ChooseForm, status: int = 200) -> ResponseReturnValue:
    """The question before weights are switched: what will be used, and for how long."""
    kind, model_id = form.kind.data or "", form.model_id()
    row = find_learnt(db(), kind, model_id) if model_id is not None and kind in LEARNT_KINDS else None
    if kind not in LEARNT_KINDS or (model_id is not None and row is None):
        raise NotFound
    html = render_template(
        "admin/choose.html",
        form=form,
        kind_name=_kinds()[kind],
        name=_model_name(row),
        better=row is None or row.better,
        back_href=url_for("admin.matching", kind=kind),
    )
    return html, status


@blueprint.get("/admin/matching/choose")
def ask_choice() -> ResponseReturnValue:
    """Ask before weights are switched, pinned or let go."""
    kind = _asked_kind()
    choice = load_choices(db()).get(kind)
    use = request.args.get("use", HAND)
    in_use = str(choice.model_id or HAND) if choice is not None else HAND
    # What somebody chooses here is meant to stay; only what is pinned already can be let go.
    letting_go = choice is not None and choice.pinned and use == in_use
    said = {
        "kind": kind,
        "use": use,
        "version": str(choice.version if choice is not None else 0),
        "lasting": UNTIL_BETTER if letting_go else PINNED,
    }
    return _ask(ChooseForm(formdata=MultiDict(said)))


@blueprint.post("/admin/matching/choose")
def choose() -> ResponseReturnValue:
    """Use these weights from now on, in every process."""
    form = ChooseForm()
    if not form.validate():
        return _ask(form, 422)
    kind = form.kind.data or ""
    try:
        choose_model(db(), current_actor(), kind, form.model_id(), form.lasting.data == PINNED, form.version.data or 0)
    except Conflict as problem:
        flash(translate(problem.text), "warning")
        form.version.process(MultiDict({"version": str(_version(kind))}))
        return _ask(form, 409)
    flash(_("Done, and noted in the log. The next lists are made with these weights."), "ok")
    return go(url_for("admin.matching", kind=kind))


def _version(kind: str) -> int:
    db().expire_all()
    choice = load_choices(db()).get(kind)
    return choice.version if choice is not None else 0
