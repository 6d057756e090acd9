"""Rendering mails with the same templates and languages as the pages."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, render_template, url_for
from flask_babel import force_locale, gettext

from app.core.locales import BY_CODE, OFFERED
from app.core.mail import Mail, set_sender
from app.core.settings import Settings
from app.core.web.i18n import use_locale


def render_mail(app: Flask, mail: Mail) -> tuple[str, str]:
    """Subject and text of a mail, in its receiver's language; the template's first line is the subject."""
    settings: Settings = app.extensions["settings"]
    locale = BY_CODE.get(mail.locale, OFFERED[0])
    # A context of its own, so that a page that shows a mail keeps its own language.
    with app.app_context(), app.test_request_context(base_url=settings.base_url):
        use_locale(locale.code)
        g.mail = True
        with force_locale(locale.babel):
            text = render_template(f"mail/{mail.template}.txt", link=_link, **mail.values)
            subject, _separator, body = text.strip().partition("\n")
            signature = gettext("Commonweave, where people who work with open educational resources find each other")
    return subject.strip(), f"{body.strip()}\n\n-- \n{signature}\n{settings.base_url}\n"


def _link(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, _external=True, **values)


def init_mailing(app: Flask, settings: Settings) -> None:
    """Tell the mail job how to render."""
    set_sender(lambda mail: render_mail(app, mail), settings)
