"""Why a community suits somebody, in words and in the reader's language."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, ngettext

from app.core.messages import N_
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
_SCHEMES = {"code": "subject", "tag": "language", "country": "country", "region": "region"}


def _named(key: str, name: str, value: object) -> str:
    scheme = _SCHEMES.get(name)
    if name == "mine":
        scheme = "subject" if key.startswith("fit.subject") else "level"
    if name == "theirs" or (name == "level" and key == "fit.level.same"):
        scheme = "level"
    if name == "level" and key == "fit.language":
        return gettext("native") if value == "native" else str(value)
    return label(scheme, str(value), current_locale().code) if scheme else str(value)


def say(message: Message) -> str:
    """A message as a sentence."""
    if message.key == "fit.alive":
        days = int(str(message.values["days"]))
        if days == 0:
            return gettext("Something happened there today")
        return ngettext("Something happened there %(num)s day ago", "Something happened there %(num)s days ago", days)
    values = {name: _named(message.key, name, value) for name, value in message.values.items()}
    return gettext(SENTENCES[message.key], **values)


def _reason(one: Contribution) -> dict[str, Any]:
    text = " · ".join(say(message) for message in one.evidence)
    return {"label": gettext(CRITERIA[one.criterion]), "text": text, "points": one.points, "crosses": False}


def reasons_of(fit: Fit) -> list[dict[str, Any]]:
    """The reasons as `components/reasons.html` takes them."""
    return [_reason(one) for one in fit.reasons]
