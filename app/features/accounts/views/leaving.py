"""Taking one's data along, and leaving."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flask import Response, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.clock import now
from app.core.errors import Invalid
from app.core.web.identity import current_actor
from app.core.web.limits import HOUR, limit
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.accounts.forms import DeleteForm
from app.features.accounts.services import leaving, renewal
from app.features.accounts.views import blueprint, end_session, first_page, own_account, passwords
from app.features.accounts.views.settings_pages import limit_guesses


def _in_pieces(value: Any) -> Iterator[str]:
    encoder = json.JSONEncoder(ensure_ascii=False, indent=2, default=str)
    yield from encoder.iterencode(value)
    yield "\n"


@blueprint.get("/account/download")
def download() -> ResponseReturnValue:
    """Everything held of this person, as a JSON file.

    It is gathered before the first byte leaves, so that a failure is an error page and never half a file.
    """
    limit("download", 30, HOUR, key=str(current_actor().account_id))
    moment = now()
    data = {"site": "Commonweave", "written_at": moment.isoformat(), **leaving.gather_download(db(), current_actor())}
    name = f"commonweave-{moment:%Y-%m-%d}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(_in_pieces(data), mimetype="application/json", headers=headers)


@blueprint.get("/account/delete")
def delete() -> ResponseReturnValue:
    """Say what leaving means, and ask for the password."""
    return render_template("accounts/delete.html", form=DeleteForm(), account=own_account())


@blueprint.post("/account/delete", endpoint="close")
def close() -> ResponseReturnValue:
    """Delete the account and everything of it."""
    form = DeleteForm()
    if form.validate_on_submit():
        limit_guesses()
        try:
            renewal.confirm_password(db(), passwords(), current_actor(), form.current.data)
        except Invalid as problem:
            form.show(problem)
        else:
            leaving.close_account(db(), current_actor())
            end_session()
            flash(_("Your account and everything in it are deleted. Thank you for having been here."), "ok")
            return go(first_page())
    return render_template("accounts/delete.html", form=form, account=own_account()), 422
