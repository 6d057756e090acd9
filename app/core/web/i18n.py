"""Languages on the web: choosing one for the reader, and compiling the catalogues when they changed."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from babel.numbers import format_decimal
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, Domain, format_date, format_datetime, get_locale, gettext

from app.core.locales import BY_CODE, OFFERED, Locale, negotiate
from app.core.messages import Text
from app.core.settings import ROOT
from app.core.web.identity import current_actor

log = logging.getLogger(__name__)
TRANSLATIONS = ROOT / "translations"
_COMMAS = {"ar": "\u060c ", "zh": "\u3001"}


def compile_catalogues(folder: Path = TRANSLATIONS) -> None:
    """Compile each catalogue that is newer than its compiled form, so that nobody has to remember to."""
    for source in folder.glob("*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        _compile(source, target)


def _compile(source: Path, target: Path) -> None:
    # Seldom needed, and slow to import: only here.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    # Several processes may start at once: each writes its own file, and the last rename wins.
    temporary = target.with_suffix(f".{os.getpid()}.tmp")
    try:
        with source.open("rb") as po:
            catalogue = read_po(po, locale=source.parts[-3])
        with temporary.open("wb") as mo:
            write_mo(mo, catalogue)
        temporary.replace(target)
    except OSError:
        log.warning("the catalogue %s could not be compiled here", source)


def current_locale() -> Locale:
    """The reader's language: chosen on the page, else of the account, else of the browser, else English."""
    if "locale" not in g:
        g.locale = _choose()
    return g.locale  # type: ignore[no-any-return]


def _choose() -> Locale:
    if not has_request_context():
        return OFFERED[0]
    for code in (request.args.get("lang"), session.get("lang")):
        chosen = BY_CODE.get(code or "")
        if chosen in OFFERED:
            return chosen  # type: ignore[return-value]
    actor = current_actor()
    if actor.signed_in and BY_CODE.get(actor.locale) in OFFERED:
        return BY_CODE[actor.locale]
    return negotiate([tag for tag, _quality in request.accept_languages])


def use_locale(code: str) -> None:
    """Show this request, or this job, in the language ``code``."""
    g.locale = BY_CODE.get(code, OFFERED[0])


def translate(text: Text | str) -> str:
    """A marked text in the reader's language, with its values filled in (texts among them translated too)."""
    if isinstance(text, str):
        return gettext(text)
    values = {name: _as_read(value) for name, value in text.values.items()}
    return gettext(text.key, **values) if values else gettext(text.key)


def _as_read(value: object) -> object:
    """A value of a text as its reader writes it: texts translated, moments as days where they are."""
    if isinstance(value, Text):
        return translate(value)
    return format_date(value, "long") if isinstance(value, datetime) else value


def side_by_side(words: Iterable[str]) -> str:
    """Words beside each other, with the comma of the reader's language and no "and".

    Babel's lists of units are not for this: in Arabic they repeat the second of two, in Chinese and Russian they
    have no comma, in Spanish and Hindi they fail.
    """
    return _COMMAS.get(current_locale().code, ", ").join(words)


class _Texts(Domain):  # type: ignore[misc]
    """The catalogues, with the one in use held for the request: looked up anew it costs more than the text."""

    def get_translations(self) -> Any:
        """The catalogue of the present language."""
        state = getattr(g, "_flask_babel", None) if g else None
        locale = getattr(state, "babel_locale", None)
        if state is None or locale is None:
            return super().get_translations()
        held = getattr(state, "catalogue", None)
        if held is None or held[0] is not locale:
            held = state.catalogue = (locale, super().get_translations())
        return held[1]


class _Babel(Babel):  # type: ignore[misc]
    @cached_property
    def domain_instance(self) -> Domain:
        """Where texts are looked up."""
        return _Texts(domain=self.domain)


@lru_cache(maxsize=4096)
def _decimal(number: float, form: str | None, locale: str) -> str:
    """A number as the reader writes it; a page of suggestions shows a hundred and more, most of them alike."""
    return format_decimal(number, format=form, locale=locale)


def language_link(code: str) -> str:
    """The address of this same page in another language."""
    arguments = [(k, v) for k, v in request.args.items(multi=True) if k != "lang"]
    # Two slashes in front would be another host's address.
    return quote("/" + request.path.lstrip("/")) + "?" + urlencode([*arguments, ("lang", code)])


def _remember_choice() -> None:
    code = request.args.get("lang")
    if code and BY_CODE.get(code) in OFFERED and session.get("lang") != code:
        session["lang"] = code


def init_i18n(app: Flask) -> None:
    """Set up Flask-Babel with our own choice of language."""
    compile_catalogues()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    babel = _Babel(
        app,
        locale_selector=lambda: current_locale().babel,
        timezone_selector=lambda: (current_actor().timezone if has_request_context() else None) or "UTC",
    )
    with app.app_context():
        texts = babel.domain_instance
    app.before_request(_remember_choice)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: texts.get_translations().ugettext(text),
        ngettext=lambda one, many, count: texts.get_translations().ungettext(one, many, count),
        pgettext=lambda context, text: texts.get_translations().upgettext(context, text),
        npgettext=lambda context, one, many, count: texts.get_translations().unpgettext(context, one, many, count),
        newstyle=True,
    )
    # As the extraction does: what is written over several lines is one text.
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.filters["translate"] = translate
    app.jinja_env.filters["decimalformat"] = lambda number, form=None: _decimal(number, form, str(get_locale()))
    app.jinja_env.filters["day"] = format_date
    app.jinja_env.filters["moment"] = format_datetime
    app.jinja_env.globals.update(language_link=language_link)
    app.context_processor(lambda: {"current_locale": current_locale(), "locales": OFFERED})
