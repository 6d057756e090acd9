"""Notices in words, on pages and in mails: their sentence, and the address they lead to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.core.messages import Text
from app.core.notices import NoticeKind, notice_kind
from app.core.web.i18n import translate
from app.core.web.pages import link_for
from app.features.events.views.words import when, zone_label
from app.features.notifications.policies import zone_of


def _told(known: NoticeKind, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of a notice with its moment in words, by the clocks it names."""
    try:
        moment = datetime.fromisoformat(values[known.moment]) if known.moment else None
    except (KeyError, ValueError, TypeError):
        return values
    if moment is None:
        return values
    local = moment.astimezone(zone_of(values.get("zone")))
    clocks = "UTC" if local.tzname() == "UTC" else zone_label(str(values["zone"]), local)
    return {**values, known.moment: _("%(time)s (%(place)s)", time=when(moment, str(local.tzinfo)), place=clocks)}


def _filled(sentence: Any, values: Mapping[str, Any]) -> Any:
    try:
        return sentence % values
    except (KeyError, ValueError, TypeError):
        return None


def sentence_of(kind: str, values: Mapping[str, Any]) -> str:
    """What a notice says, in plain text."""
    known = notice_kind(kind)
    found = _filled(_(known.text), _told(known, values)) if known is not None else None
    return str(found) if found is not None else _("Something is new")


def marked_sentence_of(kind: str, values: Mapping[str, Any]) -> Markup:
    """The same for a page: what people wrote keeps its own direction and language."""
    known = notice_kind(kind)
    told = _told(known, values) if known is not None else values
    parts = {name: _isolated(name, value, told) for name, value in told.items()}
    found = _filled(escape(_(known.text)), parts) if known is not None else None
    return found if isinstance(found, Markup) else escape(_("Something is new"))


def _isolated(name: str, value: Any, values: Mapping[str, Any]) -> Markup:
    lang = values.get(f"{name}_lang")
    if lang:
        return Markup('<bdi lang="{}">{}</bdi>').format(lang, value)
    return Markup("<bdi>{}</bdi>").format(value)


def address_of(kind: str, values: Mapping[str, Any], external: bool = False) -> str | None:
    """Where a notice leads, or None if that page is no more."""
    known = notice_kind(kind)
    if known is None:
        return None
    parts = {name: values[name] for name in known.parts if values.get(name) is not None}
    anchor = f"p-{parts['post']}" if "post" in parts else None
    return link_for(known.endpoint, **parts, _anchor=anchor, _external=external)


def reason_of(key: str, values: Mapping[str, Any]) -> str:
    """A sentence from below the web, as a mail keeps it."""
    return translate(Text(key, values))
