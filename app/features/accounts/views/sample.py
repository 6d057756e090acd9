"""The sample world of the embedded mode: its mails, and signing in as one of its people."""

from __future__ import annotations

import re
from typing import cast
from urllib.parse import SplitResult, urlsplit

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from app.core.cleaning import clean_line
from app.core.errors import Invalid, NotFound
from app.core.mail import Mail
from app.core.registries import load_people
from app.core.web.mailing import render_mail
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.accounts.forms import SampleForm
from app.features.accounts.queries import HIGHEST_ID, get_mail, list_mails, list_samples
from app.features.accounts.services import sampling
from app.features.accounts.views import after_sign_in, begin_session, blueprint, settings

PAGE = 20
_LINK = re.compile(r"https?://[^\s<>\"']+")


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _only_embedded() -> None:
    """The access list keeps these pages to the embedded mode; what signs in without a password asks again."""
    if not settings().embedded:
        raise NotFound


def _shown(mail: Mail) -> tuple[str, str]:
    return render_mail(cast(Flask, current_app._get_current_object()), mail)  # type: ignore[attr-defined]


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        # Such as http://[, which somebody may well write in a note.
        return urlsplit("")


def link_up(text: str, hosts: set[str]) -> Markup:
    """``text`` with the addresses of this site as links on it; everything else stays text."""
    pieces, last = [], 0
    for match in _LINK.finditer(text):
        parts = _split(match.group())
        pieces.append(escape(text[last : match.start()]))
        if parts.netloc in hosts and parts.path.startswith("/") and not parts.path.startswith("//"):
            here = parts.path + (f"?{parts.query}" if parts.query else "")
            pieces.append(Markup('<a href="{}">{}</a>').format(here, match.group()))
        else:
            pieces.append(escape(match.group()))
        last = match.end()
    pieces.append(escape(text[last:]))
    return Markup("").join(pieces)


@blueprint.get("/sample/outbox")
def outbox() -> ResponseReturnValue:
    """The mails written, sent or not, newest first."""
    to = clean_line(request.args.get("to"))
    rows = list_mails(db(), _number("before"), PAGE + 1, to or None)
    mails = [{"mail": mail, "subject": _shown(mail)[0]} for mail in rows[:PAGE]]
    return render_template("accounts/outbox.html", mails=mails, more=rows[PAGE - 1].id if len(rows) > PAGE else None)


@blueprint.get("/sample/outbox/<int:mail_id>")
def outbox_mail(mail_id: int) -> ResponseReturnValue:
    """One mail, rendered from its row, so that it can be read before the worker sent it."""
    mail = get_mail(db(), mail_id)
    subject, text = _shown(mail)
    hosts = {request.host, urlsplit(settings().base_url).netloc}
    return render_template("accounts/outbox_mail.html", mail=mail, subject=subject, text=link_up(text, hosts))


def _sample_page(form: SampleForm) -> str:
    rows = list_samples(db(), min(_number("after") or 0, HIGHEST_ID), PAGE + 1)
    persons = load_people(db(), [account.id for account in rows[:PAGE]])
    people = [{"handle": sampling.handle_of(account), **persons.get(account.id, {})} for account in rows[:PAGE]]
    more = rows[PAGE - 1].id if len(rows) > PAGE else None
    return render_template("accounts/sample_sign_in.html", form=form, people=people, more=more)


@blueprint.get("/sample/sign-in")
def sample_sign_in() -> ResponseReturnValue:
    """The people of the sample world, to sign in as one of them."""
    _only_embedded()
    return _sample_page(SampleForm())


@blueprint.post("/sample/sign-in", endpoint="sample_enter")
def sample_enter() -> ResponseReturnValue:
    """Sign in as a person of the sample world, without a password."""
    _only_embedded()
    form = SampleForm()
    if form.validate_on_submit():
        try:
            account = sampling.enter_sample(db(), form.handle.data)
        except Invalid as problem:
            form.show(problem)
        else:
            return go(after_sign_in(begin_session(account)))
    return _sample_page(form), 422
