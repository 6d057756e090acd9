"""Why a community suits somebody, in words and in the reader's language."""

from __future__ import annotations

from typing import Any

from babel.lists import format_list
from flask_babel import get_locale, gettext, ngettext

from app.core.messages import N_, NN_
from app.core.web.i18n import current_locale
from app.features.vocabularies.queries import label
from app.matching.communities import Fit
from app.matching.query import Contribution, Message

CRITERIA = {
    "subject": N_("Subject"),
    "language": N_("Common language"),
    "level": N_("Level of education"),
    "place": N_("Place"),
    "alive": N_("How lively it is"),
}
SENTENCES = {
    "fit.subject.same": N_("It is about %(code)s, which you teach"),
    "fit.subject.narrower": N_("It is about %(code)s, a part of your %(mine)s"),
    "fit.subject.broader": N_("It is about %(code)s, which your %(mine)s belongs to"),
    "fit.language": N_("It works in %(tag)s, which you know (%(level)s)"),
    "fit.level.same": N_("It is for %(level)s, your level"),
    "fit.level.near": N_("It is for %(theirs)s, next to your %(mine)s"),
    "fit.place.country": N_("It is for %(country)s, where you are"),
    "fit.place.region": N_("It is for %(region)s, where you are"),
}
GAPS = {
    "gap.fit.slow": N_("you know its language, %(tag)s, at %(level)s: plan for more time"),
    "gap.fit.languages": N_("it also works in %(tags)s, which you don't read"),
    "gap.fit.say.subject": N_("Say what you teach or work on"),
    "gap.fit.say.language": N_("Say which languages you speak, and how well"),
    "gap.fit.say.level": N_("Say at which level you work"),
    "gap.fit.say.country": N_("Say which country you are in"),
}


COUNTED = {
    "fit.alive": NN_("Something happened there %(num)s day ago", "Something happened there %(num)s days ago"),
    "fit.checked": NN_("A member looked at it %(num)s day ago", "A member looked at it %(num)s days ago"),
    "gap.fit.quiet": NN_("nothing happened there for %(num)s day", "nothing happened there for %(num)s days"),
    "gap.fit.add.level": NN_("Add the level %(code)s: %(num)s more", "Add the level %(code)s: %(num)s more"),
    "gap.fit.add.subject": NN_("Add the subject %(code)s: %(num)s more", "Add the subject %(code)s: %(num)s more"),
}
TODAY = {
    "fit.alive": N_("Something happened there today"),
    "fit.checked": N_("A member looked at it today"),
}
_SCHEMES = {"code": "subject", "tag": "language", "tags": "language", "country": "country", "region": "region"}


def _named(key: str, name: str, value: object) -> str:
    if isinstance(value, tuple):
        return format_list([_named(key, name, one) for one in value], locale=get_locale() or "en")
    scheme = "level" if key == "gap.fit.add.level" else _SCHEMES.get(name)
    if name == "mine":
        scheme = "subject" if key.startswith("fit.subject") else "level"
    if name == "theirs" or (name == "level" and key == "fit.level.same"):
        scheme = "level"
    if name == "level" and key in ("fit.language", "gap.fit.slow"):
        return gettext("native") if value == "native" else str(value)
    return label(scheme, str(value), current_locale().code) if scheme else str(value)


def say(message: Message) -> str:
    """A message as a sentence."""
    key, number = message.key, int(str(message.values.get("days", message.values.get("count", 0))))
    if key in TODAY and number == 0:
        return gettext(TODAY[key])
    values = {name: _named(key, name, value) for name, value in message.values.items() if name not in ("days", "count")}
    if key in COUNTED:
        return ngettext(*COUNTED[key], number, **values)
    return gettext((SENTENCES.get(key) or GAPS[key]), **values)


def evidence_of(one: Contribution) -> str:
    """On what a contribution rests."""
    return " · ".join(say(message) for message in one.evidence)


def _reason(one: Contribution) -> dict[str, Any]:
    return {"label": gettext(CRITERIA[one.criterion]), "text": evidence_of(one), "points": one.points, "crosses": False}


def reasons_of(fit: Fit) -> list[dict[str, Any]]:
    """The reasons as `components/reasons.html` takes them."""
    return [_reason(one) for one in fit.reasons]
