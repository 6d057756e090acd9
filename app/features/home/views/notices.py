"""What this is, and what happens with what people say about themselves."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.features.accounts.policies import PRIVACY_VERSION
from app.features.home.views import blueprint


@blueprint.get("/about")
def about() -> ResponseReturnValue:
    """What this is for, and how suggestions come about."""
    return render_template("home/about.html")


@blueprint.get("/privacy")
def privacy() -> ResponseReturnValue:
    """The privacy notice, in plain words; its version is kept with each acceptance."""
    return render_template("home/privacy.html", version=PRIVACY_VERSION)
