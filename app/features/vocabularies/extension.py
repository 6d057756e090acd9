"""Gives the templates the names of codes in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from app.core.web.i18n import current_locale
from app.features.vocabularies import queries

_SCHEMES = ("subject", "level", "country", "region", "place", "language", "activity", "cefr", "institution_type")


def _labeller(scheme: str) -> Callable[[int | str | None], str]:
    return lambda code: queries.label(scheme, code, current_locale().code)


def init_app(app: Flask, _csrf: CSRFProtect) -> None:
    """Register each label as a filter and as a global of the same name."""
    labels: dict[str, Callable[..., str]] = {f"{scheme}_label": _labeller(scheme) for scheme in _SCHEMES}
    labels["language_autonym"] = queries.autonym
    labels["language_direction"] = queries.direction
    labels["activity_sentence"] = lambda code, direction: queries.activity_sentence(
        code, direction, current_locale().code
    )
    app.jinja_env.filters.update(labels)
    app.jinja_env.globals.update(labels)
